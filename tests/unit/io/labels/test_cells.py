"""How a cell spells a label."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.arrays import Label
from labelclean.io.labels.cells import is_same_label, label_to_cell, label_to_json


@pytest.mark.parametrize(
    ("label", "cell"),
    [("a b", "a b"), ("", ""), (None, ""), (float("nan"), ""), (7, "7"), (True, "True"), (1.5, "1.5")],
)
def test_a_table_holds_labels_as_text(label: Label | None, cell: str) -> None:
    """A missing label is an empty cell."""
    assert label_to_cell(label) == cell


@pytest.mark.parametrize(
    ("label", "spelled"),
    [("é", '"é"'), (np.int64(3), "3"), (np.bool_(True), "true"), (float("nan"), "null"), (2.0, "2.0")],  # noqa: FBT003  (a label)
)
def test_json_keeps_the_type(label: Label, spelled: str) -> None:
    """Also of numpy's numbers."""
    assert label_to_json(label, ascii_only=False) == spelled


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (1, 1, True),
        (1, True, False),
        (1, 1.0, False),
        (1, "1", False),
        (None, float("nan"), True),
        (None, "", False),
        ("a", "a", True),
    ],
)
def test_types_tell_labels_apart(first: Label, second: Label, *, same: bool) -> None:
    """One, true and the text "1" are three classes."""
    assert is_same_label(first, second) is same
