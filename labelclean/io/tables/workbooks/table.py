"""A sheet as a table: the header in its first row that is not empty, and a record in each further one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue
from labelclean.io.tables.row_names import row_names_column
from labelclean.io.tables.workbooks.cells import CellReader, column_letters
from labelclean.io.tables.workbooks.package import Sheet, Workbook, open_workbook
from labelclean.io.tables.workbooks.parts import SharedStrings, cell_reader, read_strings
from labelclean.io.tables.workbooks.rows import Area, SheetCell, SheetRow, SheetRows
from labelclean.io.text.records import MAX_COLUMNS

__all__ = ["Header", "SheetTable", "blank_covered", "default_sheet", "open_table", "sheet_text"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """
    The row of the column names, and the sheet's column of each.

    Attributes
    ----------
    row : int
        The row.
    positions : mapping of str to int
        From left to right.
    unnamed : str
        The made-up name of the column to the left of the first name, which may hold row names as pandas writes them,
        or nothing; empty if there is no such column.
    """

    row: int
    positions: Mapping[str, int]
    unnamed: str = ""

    def position(self, name: str) -> int:
        """
        Return the sheet's column of a name.

        Raises
        ------
        FileContentError
            If there is none.
        """
        if name not in self.positions:
            raise FileContentError(
                f"The sheet must have the columns it had when it was uploaded; there is no “{name}”.",
                fix="Upload the workbook again.",
            )
        return self.positions[name]

    def without_unnamed(self) -> Header:
        """Return the header of a sheet in which the column without a name is empty."""
        named = {name: position for name, position in self.positions.items() if name != self.unnamed}
        return Header(row=self.row, positions=named)


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetTable:
    """One sheet of an open workbook, ready to be read once from its first row to its last."""

    book: Workbook
    sheet: Sheet
    strings: SharedStrings
    reader: CellReader
    rows: SheetRows

    def value(self, cell: SheetCell, row: int) -> CellValue:
        """Return the value of a cell."""
        style = int(cell.style) if cell.style.isascii() and cell.style.isdigit() and len(cell.style) < 9 else 0  # noqa: PLR2004
        return self.reader.value(cell.kind, cell.raw, style, (cell.column, row))

    def is_filled(self, row: SheetRow) -> bool:
        """Tell whether a row holds anything; formats alone, and empty texts, are nothing."""
        return any(
            cell.is_formula or (cell.raw and (cell.kind != "s" or self.value(cell, row.number) != ""))
            for cell in row.cells
        )

    def read_header(self, rows: Iterator[SheetRow]) -> Header:
        """
        Return the header, and leave the iterator at the row below it.

        Raises
        ------
        FileContentError
            If the sheet is empty, it has no names of columns, or two columns have the same.
        """
        for row in rows:
            if self.is_filled(row):
                return self.header_of(row)
        raise FileContentError(
            f"The sheet must hold a header and at least one row; the sheet “{self.sheet.name}” is empty.",
            fix="Choose another sheet of the workbook, or fill this one.",
        )

    def header_of(self, row: SheetRow) -> Header:
        """Return the header that stands in a row."""
        positions: dict[str, int] = {}
        for cell in row.cells:
            name = sheet_text(self.value(cell, row.number))
            if not name.strip():
                continue
            if name in positions:
                both = f"{column_letters(positions[name])}{row.number} and {column_letters(cell.column)}{row.number}"
                raise FileContentError(
                    f"Columns must have different names; the cells {both} hold the same one.",
                    fix="Rename one of them in the workbook, and upload it again.",
                )
            positions[name] = cell.column
        if not positions:
            raise FileContentError(
                f"The first row that is not empty must hold the names of the columns; row {row.number:,} holds blanks.",
                fix="Write the names into it, or delete it, and upload the workbook again.",
            )
        if len(positions) > MAX_COLUMNS:
            raise FileContentError(
                f"A sheet must have at most {MAX_COLUMNS:,} columns; got {len(positions):,}.",
                fix="Keep the columns that matter, and upload that file.",
            )
        left = min(positions.values()) - 1
        if not left or len(positions) == 1:  # a lone name may be a title above the table
            return Header(row=row.number, positions=positions)
        unnamed = row_names_column(positions)
        return Header(row=row.number, positions={unnamed: left, **positions}, unnamed=unnamed)


@contextmanager
def open_table(path: Path, layout: FileLayout) -> Iterator[SheetTable]:
    """Open the sheet that a layout names; without a name, the first visible one with a table."""
    with open_workbook(path) as book:
        strings = read_strings(book)
        reader = cell_reader(book, strings)
        sheet = book.sheet(layout.part) if layout.part else default_sheet(book, strings, reader)
        yield SheetTable(book=book, sheet=sheet, strings=strings, reader=reader, rows=SheetRows(sheet.part))


def default_sheet(book: Workbook, strings: SharedStrings, reader: CellReader) -> Sheet:
    """Return the first visible sheet with a table; where there is none, the first that is not empty, else the first."""
    visible = [sheet for sheet in book.sheets if sheet.is_visible] or [book.sheets[0]]
    filled: list[Sheet] = []
    for sheet in visible:
        table = SheetTable(book=book, sheet=sheet, strings=strings, reader=reader, rows=SheetRows(sheet.part))
        rows = (row for row in table.rows.read(book.blocks(sheet.part)) if table.is_filled(row))
        first = next(rows, None)
        if first is None:
            continue
        filled.append(sheet)
        if sum(cell.is_formula or bool(cell.raw) for cell in first.cells) > 1 and next(rows, None) is not None:
            return sheet
    return (filled or visible)[0]


def sheet_text(value: CellValue) -> str:
    """Return a value as text, true and false as a spreadsheet shows them."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "" if value is None else str(value)


def blank_covered(
    columns: Sequence[list[CellValue]], positions: Sequence[int], row_numbers: Sequence[int], merged: Sequence[Area]
) -> None:
    """Empty those cells in lists of values that merged areas cover, whatever a program left in them."""
    for area in merged:
        first, last = bisect_left(row_numbers, area.first_row), bisect_left(row_numbers, area.last_row + 1)
        for values, position in zip(columns, positions, strict=True):
            if not area.first_column <= position <= area.last_column:
                continue
            for record in range(first, last):
                if area.hides(position, row_numbers[record]):
                    values[record] = None
