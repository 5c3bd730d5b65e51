"""Excel workbooks: one sheet is the table; a correction changes its cells and not a byte of anything else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableScan
from labelclean.io.tables.parts import cut_columns
from labelclean.io.tables.workbooks.package import open_workbook, refuse_compound_file
from labelclean.io.tables.workbooks.parts import cell_reader, read_strings
from labelclean.io.tables.workbooks.scan import scan_table
from labelclean.io.tables.workbooks.table import blank_covered, default_sheet, open_table
from labelclean.io.tables.workbooks.write import write_table

__all__ = ["EXCEL", "Excel", "first_sheet", "refuse_compound_file", "sheet_names"]


def sheet_names(path: Path) -> tuple[str, ...]:
    """
    Return the names of a workbook's worksheets, in the order of their tabs; hidden ones are among them.

    Parameters
    ----------
    path : Path
        The workbook.

    Returns
    -------
    tuple of str
        At least one.

    Raises
    ------
    FileContentError
        If the file is no workbook that can be read: encrypted, with macros, damaged, of an older kind.
    """
    with open_workbook(path) as book:
        return tuple(sheet.name for sheet in book.sheets)


def first_sheet(path: Path) -> str:
    """
    Return the name of the first visible sheet with a table: a row of several cells, and a row below it.

    Where there is none, it is the first visible sheet that is not empty, else the first one.

    Parameters
    ----------
    path : Path
        The workbook.

    Returns
    -------
    str
        The sheet that is read if the user chooses none.

    Raises
    ------
    FileContentError
        If the file is no workbook that can be read.
    """
    with open_workbook(path) as book:
        strings = read_strings(book)
        return default_sheet(book, strings, cell_reader(book, strings)).name


@dataclass(frozen=True, slots=True)
class Excel:
    """
    Reads and writes ``.xlsx`` workbooks.

    Notes
    -----
    The header is the first row that is not empty; rows without any content do not count. A column of row names without
    a name of its own may stand to the left of the others, as pandas writes it. A number is an int where it is
    whole; a number that is shown as a date is ISO text; a formula is its last result. Hidden rows, columns and sheets
    are read like others. Cells that a merged area covers are empty.

    Writing copies every part of the archive byte for byte but the sheet itself, and in that everything but the cells
    that change. Texts that all sheets share are kept in memory; rows are not.
    """

    def scan(self, path: Path, layout: FileLayout) -> TableScan:
        """Read the whole sheet once, and say what it holds."""
        with open_table(path, layout) as table:
            return scan_table(table)

    def read(
        self, path: Path, layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
    ) -> list[list[CellValue]]:
        """Return some columns in the order asked for; of all rows, or only of some, in rising order."""
        wanted = None if rows is None else frozenset(rows)
        found: list[list[CellValue]] = [[] for _ in columns]
        numbers: list[int] = []
        with open_table(path, layout) as table:
            sheet_rows = table.rows.read(table.book.blocks(table.sheet.part))
            header = table.read_header(sheet_rows)
            positions = [header.position(name) for name in columns]
            record = 0
            for row in sheet_rows:
                if not table.is_filled(row):
                    continue
                if wanted is None or record in wanted:
                    cells = {cell.column: cell for cell in row.cells}
                    for values, position in zip(found, positions, strict=True):
                        cell = cells.get(position)
                        values.append(None if cell is None else table.value(cell, row.number))
                    numbers.append(row.number)
                record += 1
            blank_covered(found, positions, numbers, table.rows.merged)
        return found

    def parts(self, path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[list[list[CellValue]]]:
        """Yield some columns part by part; which cells merged areas cover is known at the end of the sheet."""
        yield from cut_columns(self.read(path, layout, columns))

    def write(self, path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
        """Write the workbook again with changed cells, and return in how many rows a cell changed."""
        return write_table(path, target, layout, edits)


EXCEL = Excel()
