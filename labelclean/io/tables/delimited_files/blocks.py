"""Blocks of whole records of a delimited file, found in the bytes themselves wherever the encoding allows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.delimited_files.tokenizer import Tokenizer
from labelclean.io.text.records import MAX_RECORD_CHARACTERS
from labelclean.io.text.text_file import count_line_ends, is_bytewise, read_blocks, read_byte_blocks

__all__ = ["Positions", "RecordBlock", "record_blocks"]

Positions: TypeAlias = npt.NDArray[np.int64]
"""Places in the content of a block."""

_Units: TypeAlias = npt.NDArray[np.uint8] | npt.NDArray[np.uint32]
_LF, _CR, _QUOTE = 10, 13, 34
_FIX_OPEN_QUOTE = (
    "Close it, or double the quote if it is part of the text, and check the chosen delimiter; if quotes enclose "
    "nothing in this file, choose to read it without quoting."
)


@dataclass(kw_only=True, slots=True, eq=False)
class RecordBlock:
    """
    Some records of a file, one after the other.

    Attributes
    ----------
    content : bytes or str
        The records as they stand in the file: its bytes where every byte that parts cells stands for itself, else text.
    units : ndarray of uint8 or uint32
        The same as numbers, one for each place.
    starts, ends : ndarray of int64, shape (n_records,)
        Where each record begins and ends; its line end belongs to it.
    quotes : ndarray of int64, shape (n_quotes,)
        Where quotes stand that open or close a cell, in turn. Doubled ones inside of cells may be among them: in pairs
        they make no difference to whether a place is inside.
    is_regular : bool
        Whether all quotes of the block enclose whole cells, or are doubled inside of these.
    encoding : str
        Of the bytes.
    first_line : int
        1-based physical line on which the first record begins.
    is_last : bool
        Whether this is the end of the file: one record then, which may have no line end.
    """

    content: bytes | str
    units: _Units
    starts: Positions
    ends: Positions
    quotes: Positions
    is_regular: bool
    encoding: str
    first_line: int
    is_last: bool = False

    def text(self, start: int, end: int) -> str:
        """Return a part as text."""
        part = self.content[start:end]
        return part if isinstance(part, str) else part.decode(self.encoding)

    def record(self, position: int) -> str:
        """Return one record with its line end."""
        return self.text(int(self.starts[position]), int(self.ends[position]))

    def line_of(self, position: int) -> int:
        """Return the 1-based physical line on which a record begins."""
        return self.first_line + _count_line_ends(self.content[: self.starts[position]])

    def filled(self, *, n_columns: int) -> Positions:
        """Return which records are data; blank lines are none, unless there is a single column."""
        if n_columns == 1:
            return np.arange(len(self.starts))
        first = self.units[self.starts]
        return np.flatnonzero((first != _LF) & (first != _CR))

    def behind(self, position: int) -> RecordBlock:
        """Return the block of the records after one."""
        cut = int(self.ends[position])
        return RecordBlock(
            content=self.content[cut:],
            units=self.units[cut:],
            starts=self.starts[position + 1 :] - cut,
            ends=self.ends[position + 1 :] - cut,
            quotes=self.quotes[np.searchsorted(self.quotes, cut) :] - cut,
            is_regular=self.is_regular,
            encoding=self.encoding,
            first_line=self.first_line + _count_line_ends(self.content[:cut]),
            is_last=self.is_last,
        )


def record_blocks(path: Path, layout: FileLayout) -> Iterator[RecordBlock]:
    """
    Read a delimited file as blocks of whole records.

    Parameters
    ----------
    path : Path
        The file.
    layout : FileLayout
        Its encoding, delimiter and quoting.

    Yields
    ------
    RecordBlock
        In file order. Joined, their contents are the file's, without a byte order mark.

    Raises
    ------
    FileContentError
        If the content is not in the encoding, a quoted cell is never closed, or a record is too long.
    """
    cutter = _Cutter(layout)
    chunks: Iterator[bytes | str]
    chunks, carry = (read_byte_blocks(path, layout), b"") if cutter.is_bytewise else (read_blocks(path, layout), "")
    line = 1
    for chunk in chunks:
        content: bytes | str = carry + chunk  # type: ignore[operator]  # both are bytes, or both are text
        block, n_lines = cutter.cut(content, line)
        cut = int(block.ends[-1]) if len(block.ends) else 0
        carry = content[cut:]
        line += n_lines
        if cut:
            yield cutter.checked(block)
        if len(carry) > MAX_RECORD_CHARACTERS:
            raise cutter.too_long(carry, line)
    if carry:
        yield cutter.last(carry, line)


class _Cutter:
    """Finds the ends of records."""

    def __init__(self, layout: FileLayout) -> None:
        self.is_bytewise = is_bytewise(layout.encoding, layout.delimiter)
        mark: bytes | str = layout.delimiter.encode(layout.encoding) if self.is_bytewise else layout.delimiter
        self._delimiter = ord(mark)
        self._encoding = layout.encoding
        self._tokenizer = Tokenizer(layout.delimiter, quoting=layout.quoting)

    def cut(self, content: bytes | str, line: int) -> tuple[RecordBlock, int]:
        """Return the records that are surely complete, and how many lines they have."""
        units = _units(content)
        line_ends = _line_ends(units)
        quotes = np.flatnonzero(units == _QUOTE) if self._tokenizer.quoting else np.empty(0, np.int64)
        is_regular = _are_regular(quotes, units, self._delimiter)
        if not is_regular:
            quotes = _enclosing_quotes(quotes, units, self._delimiter)
        # The next chunk may continue what stands behind the last line end outside of quotes.
        ends = line_ends[np.searchsorted(quotes, line_ends) % 2 == 0] if len(quotes) else line_ends
        cut = int(ends[-1]) if len(ends) else 0
        block = RecordBlock(
            content=content[:cut],
            units=units[:cut],
            starts=np.concatenate([np.zeros(1, np.int64), ends[:-1]]) if cut else ends,
            ends=ends,
            quotes=quotes[: np.searchsorted(quotes, cut)],
            is_regular=is_regular,
            encoding=self._encoding,
            first_line=line,
        )
        return block, int(np.searchsorted(line_ends, cut, side="right"))

    def checked(self, block: RecordBlock) -> RecordBlock:
        """Return a block, if none of its records is too long."""
        too_long = np.flatnonzero(block.ends - block.starts > MAX_RECORD_CHARACTERS)
        if len(too_long):
            position = int(too_long[0])
            raise self.too_long(block.content[block.starts[position] : block.ends[position]], block.line_of(position))
        return block

    def last(self, content: bytes | str, line: int) -> RecordBlock:
        """Return the block of the last record of the file."""
        block = RecordBlock(
            content=content,
            units=_units(content),
            starts=np.zeros(1, np.int64),
            ends=np.array([len(content)]),
            quotes=np.empty(0, np.int64),
            is_regular=False,
            encoding=self._encoding,
            first_line=line,
            is_last=True,
        )
        record = block.record(0)
        at = self._tokenizer.open_quote(record)
        if at is not None:
            raise FileContentError(
                "Every quoted cell must be closed by a quote; the one that begins in line "
                f"{line + count_line_ends(record[:at]):,} never is.",
                fix=_FIX_OPEN_QUOTE,
            )
        return block

    def too_long(self, record: bytes | str, line: int) -> FileContentError:
        """Return the error for a record that has no end within the limit."""
        text = record if isinstance(record, str) else record.decode(self._encoding, "replace")
        limit = f"{MAX_RECORD_CHARACTERS:,} {'characters' if isinstance(record, str) else 'bytes'}"
        at = self._tokenizer.open_quote(text)
        if at is not None:
            return FileContentError(
                f"A record must have at most {limit}; the quoted cell that begins in line "
                f"{line + count_line_ends(text[:at]):,} is not closed within that.",
                fix=f"{_FIX_OPEN_QUOTE} A cell that really is longer must be shortened or left out.",
            )
        return FileContentError(
            f"A record must have at most {limit}; the one that begins in line {line:,} has more.",
            fix="Shorten it or leave it out, and check the chosen format.",
        )


def _units(content: bytes | str) -> _Units:
    if isinstance(content, bytes):
        return np.frombuffer(content, np.uint8)
    return np.frombuffer(content.encode("utf-32-le", "surrogatepass"), np.uint32)


def _line_ends(units: _Units) -> Positions:
    """Return the places behind all line ends; a return at the very end is none yet, for a line feed may follow."""
    feeds = np.flatnonzero(units == _LF)
    returns = np.flatnonzero(units[:-1] == _CR)
    if not len(returns):
        return feeds + 1
    lone = returns[units[returns + 1] != _LF]
    if not len(lone):
        return feeds + 1
    ends = np.concatenate([feeds, lone]) + 1
    ends.sort()
    return ends


def _are_regular(quotes: Positions, units: _Units, delimiter: int) -> bool:
    """
    Tell whether quotes only enclose whole cells or are doubled inside of them, so that counting them is enough.

    Each first quote of a pair must stand at the beginning of a cell, or directly behind the quote that seems to close
    one; each second quote at the end of a cell, or directly before the next.
    """
    if not len(quotes):
        return True
    opening, closing = quotes[::2], quotes[1::2]
    if closing.size and closing[-1] == len(units) - 1:
        closing = closing[:-1]  # what follows is not known yet; it belongs to the next block
    before, after = units[np.maximum(opening - 1, 0)], units[closing + 1]
    may_open = _parts_cells(before, delimiter) | (before == _QUOTE)
    may_close = _parts_cells(after, delimiter) | (after == _QUOTE)
    may_open[0] |= opening[0] == 0
    return bool(may_open.all() and may_close.all())


def _enclosing_quotes(quotes: Positions, units: _Units, delimiter: int) -> Positions:
    """Return the quotes that open and close cells, in turn, without those that are part of what a cell reads."""
    may_open = _parts_cells(units[np.maximum(quotes - 1, 0)], delimiter)
    may_open[0] |= quotes[0] == 0
    is_doubled = np.append(np.diff(quotes) == 1, [False])
    found: list[int] = []
    is_inside = is_second = False
    for at, (opens, doubled) in enumerate(zip(may_open.tolist(), is_doubled.tolist(), strict=True)):
        if is_second:
            is_second = False
        elif is_inside and doubled:
            is_second = True
        elif is_inside or opens:
            found.append(at)
            is_inside = not is_inside
    return quotes[found]


def _parts_cells(units: _Units, delimiter: int) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (units == delimiter) | (units == _LF) | (units == _CR)
    return found


def _count_line_ends(content: bytes | str) -> int:
    return count_line_ends(content if isinstance(content, str) else content.decode("latin-1"))
