"""A layout as plain values, and back."""

from __future__ import annotations

import json

import pytest

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout


def test_a_layout_survives_json() -> None:
    """Stored and loaded, it is the same."""
    layout = FileLayout(
        file_format="csv", encoding="cp1252", byte_order_mark=False, delimiter=";", columns=("a", "b"), n_rows=7
    )

    assert FileLayout.from_dict(json.loads(json.dumps(layout.to_dict()))) == layout


@pytest.mark.parametrize("values", [{}, {"columns": ["a"]}, {"columns": ["a"], "colour": 1}])
def test_a_damaged_layout_is_refused(values: dict[str, object]) -> None:
    """Missing and unknown names are no layout."""
    with pytest.raises(FileContentError, match="damaged"):
        FileLayout.from_dict(values)
