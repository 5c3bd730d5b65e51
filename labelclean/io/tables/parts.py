"""Columns cut into parts, for kinds of files that are read as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from labelclean.io.tables.contract import CellValue

__all__ = ["cut_columns"]

_ROWS_AT_ONCE = 16_384


def cut_columns(columns: Sequence[list[CellValue]]) -> Iterator[list[list[CellValue]]]:
    """Yield columns of one length part by part, each part with at least one row."""
    n_rows = len(columns[0]) if columns else 0
    for first in range(0, n_rows, _ROWS_AT_ONCE):
        yield [column[first : first + _ROWS_AT_ONCE] for column in columns]
