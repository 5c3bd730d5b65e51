"""Write several labels into the cells of a table at once, as files are written back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labelclean.arrays import Label
from labelclean.io.labels.spelling import encode_label, spelling_style
from labelclean.io.layout import LabelSpelling
from labelclean.io.tables.contract import CellValue

__all__ = ["encode_labels"]


def encode_labels(
    spelling: LabelSpelling,
    columns: Sequence[Sequence[CellValue]],
    new: Mapping[int, Label | None],
    *,
    is_typed: bool,
) -> dict[int, tuple[CellValue, ...]]:
    """Return the new cells of the rows that mean another label now, with the habits of all rows."""
    style = spelling_style(spelling, columns)
    encoded: dict[int, tuple[CellValue, ...]] = {}
    for row, label in new.items():
        old = tuple(column[row] for column in columns)
        cells = encode_label(spelling, old, label, is_typed=is_typed, style=style)
        if cells is not old:
            encoded[row] = cells
    return encoded
