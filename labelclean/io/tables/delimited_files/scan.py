"""Read a whole delimited file once, so that whatever is wrong with it is found."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import TableScan
from labelclean.io.tables.delimited_files.blocks import Positions, RecordBlock
from labelclean.io.tables.delimited_files.cells import cut_cells
from labelclean.io.tables.delimited_files.oddities import ByteOrderMarks, LineEnds
from labelclean.io.tables.delimited_files.table import Table, may_be_short, open_table, ragged, shown_name
from labelclean.io.text.records import Sample

__all__ = ["scan_table"]


def scan_table(path: Path, layout: FileLayout) -> TableScan:
    """
    Read a whole delimited file once.

    Parameters
    ----------
    path : Path
        The file.
    layout : FileLayout
        How it is read; its columns and rows need not be known.

    Returns
    -------
    TableScan
        Columns, number of rows, the first rows, and warnings about a short last row, byte order marks inside of the
        file, mixed line ends, and a first line that may be data.

    Raises
    ------
    FileContentError
        If a row has too many or too few cells, a quoted cell is never closed, there are no rows, or the content is not
        in the encoding.
    """
    table = open_table(path, layout)
    scan = _Scan(table, layout)
    for block in table.blocks:
        scan.add(block)
    return scan.finish()


class _Scan:
    """What is known of a file so far."""

    def __init__(self, table: Table, layout: FileLayout) -> None:
        self._table, self._layout = table, layout
        self._n_columns = len(table.columns)
        self._n_rows = self._n_ragged = 0
        self._first_ragged = (0, 0)
        self._sample = Sample()
        self._warnings: list[str] = []
        self._marks = ByteOrderMarks(table.lead + table.header)
        self._line_ends = LineEnds(table.lead, table.header)

    def add(self, block: RecordBlock) -> None:
        """Look at the next block."""
        if block.is_last:
            rows = block.filled(n_columns=self._n_columns)
            counts = np.array([self._table.tokenizer.n_cells(block.record(0))])[: len(rows)]
        else:
            found = cut_cells(block, self._table.tokenizer, self._n_columns)
            rows, counts = found.rows, found.counts
        self._n_rows += len(rows)
        for at in np.flatnonzero(counts != self._n_columns):
            self._add_odd(block, int(rows[at]), int(counts[at]))
        self._add_sample(block, rows, counts)
        self._marks.look(block)
        self._line_ends.count(block)

    def finish(self) -> TableScan:
        """Return everything, or raise what is wrong."""
        if self._n_ragged:
            raise ragged(*self._first_ragged, self._n_columns, self._n_ragged, cause=self._marks.hint())
        if not self._n_rows:
            raise _no_rows()
        rows = tuple(map(tuple, self._sample.rows))
        self._warnings += self._marks.warnings() + self._line_ends.warnings()
        self._warnings += _header_warnings(self._table.columns, rows)
        return TableScan(columns=self._table.columns, n_rows=self._n_rows, sample=rows, warnings=tuple(self._warnings))

    def _add_odd(self, block: RecordBlock, position: int, n_cells: int) -> None:
        if n_cells < self._n_columns and may_be_short(block, position):
            self._warnings.append(_short_row_warning(block.line_of(position), n_cells, self._n_columns))
            return
        if not self._n_ragged:
            self._first_ragged = (block.line_of(position), n_cells)
        self._n_ragged += 1

    def _add_sample(self, block: RecordBlock, rows: Positions, counts: Positions) -> None:
        for position, n_cells in zip(rows, counts, strict=True):
            if self._sample.is_full:
                return
            cells = self._table.tokenizer.cells(block.record(int(position)))
            if n_cells <= self._n_columns:
                self._sample.add(cells + [""] * (self._n_columns - len(cells)))


def _short_row_warning(line: int, n_cells: int, n_columns: int) -> str:
    return (
        f"The last line ({line:,}) has {n_cells:,} of {n_columns:,} cells and no line end; "
        "the missing cells are read as empty."
    )


def _header_warnings(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[str]:
    places = (place for place, column in enumerate(columns) if any(row[place] == column for row in rows))
    return [
        f"The first line may hold data instead of column names: {shown_name(columns[place])} is also a value in its "
        "column."
        for place in islice(places, 1)
    ]


def _no_rows() -> FileContentError:
    return FileContentError(
        "The file must hold at least one row of data; it has a header only.", fix="Upload a file that has rows."
    )
