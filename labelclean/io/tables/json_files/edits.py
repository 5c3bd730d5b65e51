"""Apply edits to rows that are JSON objects, however the file strings them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.json_files.patch import patch_object
from labelclean.io.tables.text_edits import check_rows, rows_within, touched_rows

__all__ = ["RowPatcher"]


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
        self._touched = touched_rows(layout.n_rows, edits)
        self._added = frozenset(edits.added)
        check_rows(layout.n_rows, edits)

    def touched(self, first_row: int, n_rows: int) -> Sequence[int]:
        """Return the rows among some that are to change or to go."""
        return rows_within(self._touched, first_row, n_rows)

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
