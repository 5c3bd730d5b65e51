"""Read some columns of a delimited file, of all rows or of a few."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue
from labelclean.io.tables.delimited_files.blocks import Positions, RecordBlock
from labelclean.io.tables.delimited_files.cells import cut_cells
from labelclean.io.tables.delimited_files.table import Table, open_table

__all__ = ["cell_parts", "read_cells"]

_SHORT_CELL = 64
_MOST_SEEN = 50_000


def read_cells(
    path: Path, layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
) -> list[list[CellValue]]:
    """
    Return some columns of a delimited file, each as the text of its cells in file order.

    Parameters
    ----------
    path : Path
        The file.
    layout : FileLayout
        How it is read.
    columns : sequence of str
        Which, in the order they are wanted.
    rows : collection of int, optional
        Only these data records; by default all.

    Returns
    -------
    list of list of str
        One list for each column. Cells that repeat, such as labels, are the same object.

    Raises
    ------
    FileContentError
        If a column is not in the file, a row has too many or too few cells, or the content breaks the layout.
    """
    table = open_table(path, layout)
    places = [_place(table, column) for column in columns]
    wanted = None if rows is None else np.array(sorted(rows), np.int64)
    lists: list[list[CellValue]] = [[] for _ in columns]
    seen: dict[str, str] = {}
    first_row = 0
    for block in table.blocks:
        positions = block.filled(n_columns=len(table.columns))
        chosen = None if wanted is None else _within(wanted, first_row, len(positions))
        first_row += len(positions)
        if chosen is None or len(chosen):
            for cells, target in zip(_block_cells(table, block, positions, places, chosen), lists, strict=True):
                target += [seen.setdefault(cell, cell) if len(cell) < _SHORT_CELL else cell for cell in cells]
        if len(seen) > _MOST_SEEN:
            seen.clear()
    return lists


def cell_parts(path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[list[list[CellValue]]]:
    """Yield what `read_cells` returns, part by part; raises what it raises."""
    table = open_table(path, layout)
    places = [_place(table, column) for column in columns]
    for block in table.blocks:
        positions = block.filled(n_columns=len(table.columns))
        if len(positions):
            yield [list(cells) for cells in _block_cells(table, block, positions, places, None)]


def _place(table: Table, column: str) -> int:
    try:
        return table.columns.index(column)
    except ValueError:
        raise FileContentError(
            "The file's columns must be those it had when it was uploaded; they are others now.",
            fix="Upload the file again.",
        ) from None


def _within(rows: Positions, first_row: int, n_rows: int) -> Positions:
    """Return which of the next rows are among the wanted ones, counted from the first."""
    begin, end = np.searchsorted(rows, [first_row, first_row + n_rows])
    return rows[begin:end] - first_row


def _block_cells(
    table: Table, block: RecordBlock, positions: Positions, places: Sequence[int], chosen: Positions | None
) -> list[list[str]]:
    n_columns = len(table.columns)
    if not block.is_last:
        found = cut_cells(block, table.tokenizer, n_columns)
        if (found.counts == n_columns).all():
            return [found.column(place, n_columns, chosen) for place in places]
    # Of the rows that are too long or short the first is refused, even if it is not among the chosen ones.
    records = [table.cells(block, int(position)) for position in positions]
    if chosen is not None:
        records = [records[at] for at in chosen]
    return [[cells[place] for cells in records] for place in places]
