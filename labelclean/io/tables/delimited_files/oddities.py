r"""
Oddities that do not stop the work on a delimited file: mixed line ends, and byte order marks inside.

``\r\n``, ``\n`` and lone ``\r`` are line ends; those in quoted cells are part of the text and do not count.
"""

from __future__ import annotations

import numpy as np

from labelclean.io.tables.delimited_files.blocks import Positions, RecordBlock
from labelclean.io.text.records import split_lines
from labelclean.io.text.text_file import byte_order_mark, count_line_ends

__all__ = ["ByteOrderMarks", "LineEnds"]

_MARK = "\ufeff"
_LF, _CR = 10, 13
_LINE_ENDS = ("\r\n", "\n", "\r")
_SHOWN = {"\r\n": r"\r\n", "\n": r"\n", "\r": r"\r"}


class LineEnds:
    """
    How many records end in which way.

    Parameters
    ----------
    lead : str
        Lines before the header.
    header : str
        The header with its line end.
    """

    def __init__(self, lead: str, header: str) -> None:
        self._counts = dict.fromkeys(_LINE_ENDS, 0)
        self._first_lines: dict[str, int] = {}
        for number, line in enumerate(split_lines(lead), start=1):
            self._add(line, number)
        self._add(header, count_line_ends(lead) + max(count_line_ends(header), 1))

    def count(self, block: RecordBlock) -> None:
        """Look at the next block."""
        if not len(block.starts):
            return
        last = block.units[block.ends - 1]
        before = block.units[np.maximum(block.ends - 2, 0)]
        feeds, after_return = last == _LF, (before == _CR) & (block.ends > 1)
        for line_end, found in (
            ("\r\n", feeds & after_return),
            ("\n", feeds & ~after_return),
            ("\r", last == _CR),
        ):
            n_found = int(np.count_nonzero(found))
            if n_found and line_end not in self._first_lines:
                self._first_lines[line_end] = _last_line(block, int(found.argmax()))
            self._counts[line_end] += n_found

    def warnings(self) -> list[str]:
        """Return a sentence about line ends that differ; none if all are the same."""
        found = sorted((each for each in _LINE_ENDS if self._counts[each]), key=lambda each: -self._counts[each])
        if len(found) < 2:  # noqa: PLR2004  (one kind is no mixture)
            return []
        counts = [f"{self._counts[each]:,} of {_SHOWN[each]}" for each in found]
        first_other = min(self._first_lines[each] for each in found[1:])
        listed = f"{', '.join(counts[:-1])} and {counts[-1]}"
        return [f"Line ends are mixed: {listed}, the first other one in line {first_other:,}; they are kept."]

    def _add(self, record: str, line: int) -> None:
        line_end = next((each for each in _LINE_ENDS if record.endswith(each)), None)
        if line_end is not None:
            self._counts[line_end] += 1
            self._first_lines.setdefault(line_end, line)


class ByteOrderMarks:
    """
    Where byte order marks stand that do not begin the file, as after joining files.

    Parameters
    ----------
    top : str
        The text up to the end of the header, without the mark of the file itself.
    """

    def __init__(self, top: str) -> None:
        lines = split_lines(top)
        self._leading_line = next((number for number, line in enumerate(lines, start=1) if line.startswith(_MARK)), 0)
        self._inner_line = next((number for number, line in enumerate(lines, start=1) if _MARK in line[1:]), 0)

    def look(self, block: RecordBlock) -> None:
        """Look at the next block."""
        if self._leading_line and self._inner_line:
            return
        mark = _MARK if isinstance(block.content, str) else byte_order_mark(block.encoding)
        if not mark or (at := _find(block.content, mark, 0)) < 0:
            return
        leading = _beginning_with(block, mark)
        if not self._leading_line and len(leading):
            self._leading_line = block.line_of(int(leading[0]))
        if not self._inner_line:
            starts = set(block.starts[leading].tolist())
            while at in starts:
                at = _find(block.content, mark, at + 1)
            if at >= 0:
                self._inner_line = block.first_line + count_line_ends(block.text(0, at))

    def warnings(self) -> list[str]:
        """Return a sentence each about a mark at the beginning of a line and one elsewhere."""
        found: list[str] = []
        if self._leading_line:
            found.append(
                f"Line {self._leading_line:,} begins with a byte order mark, as when files were joined; it is read as "
                "part of the first cell, and the line may be a second header."
            )
        if self._inner_line:
            found.append(
                f"Line {self._inner_line:,} has a byte order mark inside, as when files were joined or text was "
                "pasted; it is read as part of its cell."
            )
        return found

    def hint(self) -> str:
        """Return a sentence for errors; empty if there is no mark."""
        lines = [line for line in (self._leading_line, self._inner_line) if line]
        if not lines:
            return ""
        return f"There is a byte order mark in line {min(lines):,}, as when files were joined."


def _last_line(block: RecordBlock, position: int) -> int:
    """Return the line in which a record ends."""
    return block.first_line + count_line_ends(block.text(0, int(block.ends[position]))) - 1


def _beginning_with(block: RecordBlock, mark: bytes | str) -> Positions:
    """Return which records begin with a mark."""
    is_marked = np.ones(len(block.starts), np.bool_)
    for offset, unit in enumerate(map(ord, mark) if isinstance(mark, str) else mark):
        is_marked &= block.units[np.minimum(block.starts + offset, len(block.units) - 1)] == unit
    return np.flatnonzero(is_marked)


def _find(content: bytes | str, mark: bytes | str, start: int) -> int:
    return content.find(mark, start)  # type: ignore[arg-type]  # both are bytes, or both are text
