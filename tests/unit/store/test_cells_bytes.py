"""The labels that matter in each row, as bytes."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.errors import StoreError
from labelclean.review.label_cells import LabelCells
from labelclean.store.cells_bytes import cells_from_bytes, cells_to_bytes


def test_cells_come_back_to_four_decimals() -> None:
    """Labels of every kind, codes and empty places are the same; probabilities are rounded."""
    cells = LabelCells(
        members=("late", 2, True),
        codes=np.array([[2, 0], [1, -1]], dtype=np.int32),
        probs=np.array([[0.123449, 1.0], [0.0, 0.0]], dtype=np.float32),
    )

    found = cells_from_bytes(cells_to_bytes(cells))

    assert found is not None
    assert repr(found.members) == "('late', 2, True)"
    assert (str(found.codes.dtype), str(found.probs.dtype)) == ("int32", "float32")
    assert found.codes.tolist() == [[2, 0], [1, -1]]
    assert found.probs[0].tolist() == pytest.approx([0.1234, 1.0])


def test_no_cells_are_no_bytes() -> None:
    """Runs over single labels have none."""
    assert cells_to_bytes(None) is None
    assert cells_from_bytes(None) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_damaged_bytes_are_a_store_error(content: bytes) -> None:
    """The message says what to do."""
    with pytest.raises(StoreError, match="damaged"):
        cells_from_bytes(content)
