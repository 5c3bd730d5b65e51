"""Take the values of some columns out of rows that are JSON objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from labelclean.io.tables.contract import CellValue
from labelclean.io.tables.json_files.paths import getter

__all__ = ["CellCollector"]

_SHORT_TEXT = 64
_MOST_SEEN = 50_000


class CellCollector:
    """
    Collects the values of some columns, row by row; short texts that repeat, such as labels, are kept once.

    Parameters
    ----------
    columns : sequence of str
        The columns.
    rows : collection of int, optional
        The only rows to keep; by default all.
    """

    def __init__(self, columns: Sequence[str], rows: Collection[int] | None) -> None:
        self.values: list[list[CellValue]] = [[] for _ in columns]
        self._targets = [(getter(column), cells.append) for column, cells in zip(columns, self.values, strict=True)]
        self._rows = None if rows is None else frozenset(rows)
        self._seen: dict[str, str] = {}

    def wanted(self, first_row: int, n_rows: int) -> Sequence[int]:
        """Return which of the next rows are to be kept, counted from the first of them."""
        if self._rows is None:
            return range(n_rows)
        return [at for at in range(n_rows) if first_row + at in self._rows]

    def add(self, row: Mapping[str, CellValue]) -> None:
        """Keep the values of one more row."""
        for get, append in self._targets:
            value = get(row)
            if type(value) is str and len(value) < _SHORT_TEXT:
                value = self._seen.setdefault(value, value)
            append(value)
        if len(self._seen) > _MOST_SEEN:
            self._seen.clear()
