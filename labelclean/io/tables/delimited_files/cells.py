"""Cells of a whole block of delimited records at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelclean.io.tables.delimited_files.blocks import Positions, RecordBlock
from labelclean.io.tables.delimited_files.tokenizer import Tokenizer

__all__ = ["BlockCells", "cut_cells"]

_LF, _CR, _QUOTE = 10, 13, 34


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BlockCells:
    """
    Where the cells of a block are.

    Attributes
    ----------
    block : RecordBlock
        Its records have line ends.
    tokenizer : Tokenizer
        Reads single cells whose quotes are odd.
    rows : ndarray of int64, shape (n_rows,)
        The data records among its records.
    delimiters : ndarray of int64
        Where delimiters part cells.
    counts : ndarray of int64, shape (n_rows,)
        How many cells each data record has.
    """

    block: RecordBlock
    tokenizer: Tokenizer
    rows: Positions
    delimiters: Positions
    counts: Positions

    def column(self, place: int, n_columns: int, chosen: Positions | None = None) -> list[str]:
        """
        Return what the cells of a column read, if all records have as many cells as there are columns.

        Parameters
        ----------
        place : int
            Which column.
        n_columns : int
            How many there are.
        chosen : ndarray of int64, optional
            Which of the rows; by default all.
        """
        inner = self.delimiters.reshape(len(self.rows), n_columns - 1)
        starts = self.block.starts[self.rows] if place == 0 else inner[:, place - 1] + 1
        ends = self.body_ends() if place == n_columns - 1 else inner[:, place]
        if chosen is not None:
            starts, ends = starts[chosen], ends[chosen]
        if not len(self.block.quotes):
            return _slices(self.block, starts, ends)
        # An empty cell has the next delimiter or line end at its beginning, which is no quote.
        quoted = self.block.units[starts] == _QUOTE
        if self.block.is_regular:
            cells = _slices(self.block, starts + quoted, ends - quoted)
            for at in np.flatnonzero(quoted):
                cells[at] = cells[at].replace('""', '"')
            return cells
        cells = _slices(self.block, starts, ends)
        for at in np.flatnonzero(quoted):
            cells[at] = self.tokenizer.cells(cells[at])[0]
        return cells

    def body_ends(self) -> Positions:
        """Return where records end without their line ends."""
        units, ends = self.block.units, self.block.ends[self.rows]
        is_feed = units[ends - 1] == _LF
        has_both = is_feed & (units[ends - 2] == _CR) & (ends - 2 >= self.block.starts[self.rows])
        body: Positions = ends - 1 - has_both
        return body


def cut_cells(block: RecordBlock, tokenizer: Tokenizer, n_columns: int) -> BlockCells:
    """Find the cells of a block that is not the last."""
    mark = tokenizer.delimiter if isinstance(block.content, str) else tokenizer.delimiter.encode(block.encoding)
    delimiters = np.flatnonzero(block.units == ord(mark))
    if len(block.quotes):
        delimiters = delimiters[np.searchsorted(block.quotes, delimiters) % 2 == 0]
    n_before = np.searchsorted(delimiters, block.ends)
    counts = np.diff(n_before, prepend=0) + 1
    rows = block.filled(n_columns=n_columns)
    return BlockCells(block=block, tokenizer=tokenizer, rows=rows, delimiters=delimiters, counts=counts[rows])


def _slices(block: RecordBlock, starts: Positions, ends: Positions) -> list[str]:
    content = block.content
    places = zip(starts.tolist(), ends.tolist(), strict=True)
    if isinstance(content, bytes):
        if block.encoding == "utf-8" and not content.isascii():
            return [content[start:end].decode() for start, end in places]
        content = content.decode(block.encoding)
    return [content[start:end] for start, end in places]
