"""Apply edits to rows that are JSON objects, however the file strings them together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.json_patch import patch_object

__all__ = ["RowPatcher", "check_rows", "encoded"]


class RowPatcher:
    """
    Patches the texts of rows, counts those that change, and tells rows that are not in the file.

    Parameters
    ----------
    layout : FileLayout
        Of the file.
    edits : TableEdits
        What is to change.
    """

    def __init__(self, layout: FileLayout, edits: TableEdits) -> None:
        self.encoding = edits.encoding or layout.encoding
        self.n_changed = 0
        self._edits = edits
        self._columns = frozenset(layout.columns)
        self._touched = range(layout.n_rows) if edits.added else sorted(edits.dropped_rows.union(edits.cells))
        self._added = frozenset(edits.added)
        check_rows(layout.n_rows, edits)

    def touched(self, first_row: int, n_rows: int) -> Sequence[int]:
        """Return the rows among some that are to change or to go."""
        start = bisect_left(self._touched, first_row)
        return self._touched[start : bisect_left(self._touched, first_row + n_rows, start)]

    def is_dropped(self, row: int) -> bool:
        """Tell whether a row is to be left out."""
        return row in self._edits.dropped_rows

    def patched(self, row: int, text: str, where: Callable[[], str]) -> str:
        """
        Return a row's text with its new values.

        Raises
        ------
        FileContentError
            If JSON has no such value; the row and its place are named.
        """
        cells = self._edits.cells.get(row, {})
        try:
            edited = patch_object(text, cells, columns=self._columns, encoding=self.encoding)
            self.n_changed += edited != text
            if not self._added:
                return edited
            more: Mapping[str, CellValue] = {column: values[row] for column, values in self._edits.added.items()}
            return patch_object(edited, more, columns=self._columns, encoding=self.encoding, added=self._added)
        except InvalidInputError as error:
            raise FileContentError(f"{error.message} This is about row {row:,} ({where()}).", fix=error.fix) from error

    def finish(self, n_rows: int) -> int:
        """Return how many rows changed; the file must still have as many as when it was scanned."""
        check_rows(n_rows, self._edits)
        return self.n_changed


def check_rows(n_rows: int, edits: TableEdits) -> None:
    """Refuse edits of rows that are not in the file, and added columns that do not fit it."""
    outside = [row for row in (*edits.cells, *edits.dropped_rows) if not 0 <= row < n_rows]
    if outside:
        raise InvalidInputError(
            f"Every corrected row must be in the file, which has {n_rows:,} rows counted from 0; got row "
            f"{min(outside):,}.",
            fix="Use the decisions that were made on this file.",
        )
    for values in edits.added.values():
        if len(values) != n_rows:
            raise InvalidInputError(
                f"An added column must have a value for each of the {n_rows:,} rows; got {len(values):,}.",
                fix="Give one value per row, None where there is none.",
            )


def encoded(texts: Sequence[str], encoding: str, where: Callable[[int], str]) -> bytes:
    """
    Return the bytes of texts that follow each other.

    Raises
    ------
    FileContentError
        If the encoding cannot hold one of them; ``where`` gives the words for its place.
    """
    try:
        return "".join(texts).encode(encoding)
    except UnicodeEncodeError as error:
        at = next(at for at, text in enumerate(texts) if not _fits(text, encoding))
        raise FileContentError(
            f"Everything that is written must fit the encoding {encoding}; {where(at)} has characters that it lacks.",
            fix="Export as UTF-8, or choose another label.",
        ) from error


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
