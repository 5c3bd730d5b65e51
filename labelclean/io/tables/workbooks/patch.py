"""Change single cells in the XML of a sheet, and leave every other byte as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from labelclean.errors import FileContentError
from labelclean.io.tables.workbooks.cells import column_letters, column_number
from labelclean.io.tables.workbooks.rows import SheetCell, SheetRow

__all__ = ["SheetSplicer", "moved_up", "patched_row", "resized"]

_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_SPANS = re.compile(rb"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")
_ROW_NUMBER = re.compile(
    rb"""(<(?:[\w.-]+:)?(?:row|c)\s(?:[^>"']|"[^"]*"|'[^']*')*?(?<=\s)r\s*=\s*["'][A-Z]*)([0-9]+)"""
)
_DIMENSION = re.compile(
    rb"""(<(?:[\w.-]+:)?dimension\s[^>]*?(?<=\s)ref\s*=\s*["'])([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?(?=["'])"""
)


class SheetSplicer:
    """
    Holds the bytes of a sheet until they are passed on, as they are or replaced.

    Parameters
    ----------
    put : callable
        Takes the bytes that are passed on.
    """

    def __init__(self, put: Callable[[bytes], None]) -> None:
        self._put = put
        self._held = bytearray()
        self._offset = 0

    def hold(self, block: bytes) -> None:
        """Take the next bytes of the sheet."""
        self._held += block

    def bytes_between(self, start: int, end: int) -> bytes:
        """Return held bytes, counted from the start of the sheet."""
        return bytes(self._held[start - self._offset : end - self._offset])

    def end_of_tag(self, start: int) -> int:
        """Return the byte after the closing tag that begins at a byte."""
        return self._offset + self._held.index(b">", start - self._offset) + 1

    def pass_on(self, end: int) -> None:
        """Pass on all bytes before one; nothing if they are gone already."""
        if end > self._offset:
            self.replace_until(end, self.bytes_between(self._offset, end))

    def replace_until(self, end: int, replacement: bytes) -> None:
        """Pass on other bytes in the place of all before one."""
        self._put(replacement)
        self.leave_out(end)

    def leave_out(self, end: int) -> None:
        """Forget all bytes before one."""
        del self._held[: end - self._offset]
        self._offset = end

    def finish(self) -> None:
        """Pass on what is left."""
        self._put(bytes(self._held))
        self._held.clear()


def patched_row(raw: bytes, row: SheetRow, cells: Mapping[int, bytes]) -> bytes:
    """
    Return a row with some cells replaced or put between the others.

    Parameters
    ----------
    raw : bytes
        The row without its closing tag.
    row : SheetRow
        What was read of it.
    cells : mapping of int to bytes
        New XML of cells by column.
    """
    present = {cell.column: cell for cell in row.cells}
    pieces: list[bytes] = []
    done = 0
    for column in sorted(cells):
        start, end = _place_of(raw, row, column, present.get(column))
        pieces += [raw[done:start], cells[column]]
        done = end
    patched = b"".join([*pieces, raw[done:]])
    return patched if cells.keys() <= present.keys() else _without_spans(patched)


def _place_of(raw: bytes, row: SheetRow, column: int, cell: SheetCell | None) -> tuple[int, int]:
    """Return the bytes that a cell takes in its row; none where it is not there yet."""
    if cell is None:
        later = (other.start for other in row.cells if other.column > column)
        place = next(later, row.end) - row.start
        return place, place
    start = cell.start - row.start
    tag = _TAG.match(raw, start)
    if tag is not None and tag[0].endswith(b"/>"):
        return start, tag.end()
    return start, raw.index(b">", cell.end - row.start) + 1


def _without_spans(raw: bytes) -> bytes:
    """Leave out which columns a row spans, a hint that would no longer hold."""
    tag = _TAG.match(raw)
    return raw if tag is None else _SPANS.sub(b"", tag[0], count=1) + raw[tag.end() :]


def moved_up(raw: bytes, n_rows: int) -> bytes:
    """Return a row, without formulas, that stands some rows further up."""
    if not n_rows:
        return raw
    if b"<![CDATA[" in raw or b"<!--" in raw:
        raise FileContentError(
            "A row that moves up must be plain XML; one holds a comment or a raw section.",
            fix="Open the workbook in a spreadsheet program, save it again, and upload that file.",
        )
    return _ROW_NUMBER.sub(lambda match: match[1] + str(int(match[2]) - n_rows).encode(), raw)


def resized(prolog: bytes, *, last_column: int, n_dropped: int) -> bytes:
    """Return what stands before the rows, with the range of used cells as it will be."""

    def new_range(match: re.Match[bytes]) -> bytes:
        start, first_column, first_row = match[1], match[2], match[3]
        old_column, old_row = match[4] or first_column, int(match[5] or first_row)
        letters = column_letters(max(last_column, column_number(old_column.decode()))).encode()
        row = max(int(first_row), old_row - n_dropped)
        return start + first_column + first_row + b":" + letters + str(row).encode()

    return _DIMENSION.sub(new_range, prolog, count=1)
