"""Look at every cell of a sheet once: what it holds, what is wrong with it, and what is odd."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from labelclean.errors import FileContentError
from labelclean.io.tables.contract import CellKind, CellValue, TableScan
from labelclean.io.tables.workbooks.cells import column_letters
from labelclean.io.tables.workbooks.dropping import has_formulas
from labelclean.io.tables.workbooks.rows import SheetCell, SheetRow
from labelclean.io.tables.workbooks.table import Header, SheetTable, blank_covered, sheet_text
from labelclean.io.text.records import Sample

__all__ = ["scan_table"]


@dataclass(slots=True)
class _Findings:
    """What was seen in one column, or in the sheet."""

    n_cells: int = 0
    first: str = ""

    def add(self, place: str) -> None:
        self.n_cells += 1
        self.first = self.first or place

    @property
    def places(self) -> str:
        """Say where, for people."""
        return f"cell {self.first}" if self.n_cells == 1 else f"{self.n_cells:,} cells, the first is {self.first}"


@dataclass(slots=True)
class _Column:
    """What the cells of one column hold."""

    kinds: set[CellKind] = field(default_factory=set)
    is_filled: bool = False
    formulas: _Findings = field(default_factory=_Findings)
    without_result: _Findings = field(default_factory=_Findings)
    errors: _Findings = field(default_factory=_Findings)

    def add(self, cell: SheetCell, value: CellValue, place: str) -> None:
        if value is not None:
            self.kinds.add(_kind_of(value))
            self.is_filled = self.is_filled or value != ""
        if cell.is_formula:
            self.formulas.add(place)
            if value is None:
                self.without_result.add(place)
        if cell.kind == "e" and value is not None:
            self.errors.add(place)

    @property
    def kind(self) -> CellKind:
        if not self.kinds:
            return "missing"
        return next(iter(self.kinds)) if len(self.kinds) == 1 else "mixed"


def scan_table(table: SheetTable) -> TableScan:
    """
    Read a whole sheet once.

    Raises
    ------
    FileContentError
        If it is empty, cells stand outside of named columns, or a value is none of its kind.
    """
    rows = table.rows.read(table.book.blocks(table.sheet.part))
    header = table.read_header(rows)
    columns = {position: _Column() for position in header.positions.values()}
    sample, sample_numbers = Sample(), list[int]()
    n_rows = n_hidden = 0
    for row, values in _records(table, header, rows, columns):
        if not sample.is_full:
            sample.add([sheet_text(values.get(position)) for position in columns])
            sample_numbers.append(row.number)
        n_hidden += row.is_hidden
        n_rows += 1
    if not n_rows:
        raise FileContentError(
            f"The sheet must hold at least one row of data; row {header.row:,} of “{table.sheet.name}” is its header, "
            "and there is nothing below it.",
            fix="Choose another sheet of the workbook, or fill this one.",
        )
    shown = _without_covered(table, sample, list(columns), sample_numbers)
    if header.unnamed and not columns[header.positions[header.unnamed]].is_filled:
        del columns[header.positions[header.unnamed]]
        header, shown = header.without_unnamed(), tuple(row[1:] for row in shown)
    return TableScan(
        columns=tuple(header.positions),
        n_rows=n_rows,
        sample=shown,
        warnings=tuple(_warnings(table, header, columns, n_hidden)),
        kinds=tuple(column.kind for column in columns.values()),
    )


def _records(
    table: SheetTable, header: Header, rows: Iterator[SheetRow], columns: dict[int, _Column]
) -> Iterator[tuple[SheetRow, dict[int, CellValue]]]:
    for row in rows:
        if not table.is_filled(row):
            continue
        values: dict[int, CellValue] = {}
        for cell in row.cells:
            value = table.value(cell, row.number)
            column = columns.get(cell.column)
            if column is not None:
                values[cell.column] = value
                column.add(cell, value, f"{column_letters(cell.column)}{row.number}")
            elif value is not None and value != "":
                raise _no_name(header, cell.column, row.number)
        yield row, values


def _without_covered(
    table: SheetTable, sample: Sample, positions: list[int], numbers: list[int]
) -> tuple[tuple[str, ...], ...]:
    if not table.rows.merged:
        return tuple(map(tuple, sample.rows))
    columns: list[list[CellValue]] = [[row[place] for row in sample.rows] for place in range(len(positions))]
    blank_covered(columns, positions, numbers, table.rows.merged)
    return tuple(tuple(map(sheet_text, row)) for row in zip(*columns, strict=True))


def _column_warnings(name: str, column: _Column) -> Iterator[str]:
    if column.formulas.n_cells:
        yield (
            f"Column “{name}” holds formulas ({column.formulas.places}); their last results are read, and they cannot "
            "be corrected here."
        )
    if column.without_result.n_cells:
        yield (
            f"Column “{name}” holds formulas without a result ({column.without_result.places}); they are read as "
            "empty. A spreadsheet program stores the results when it saves the workbook."
        )
    if column.errors.n_cells:
        yield f"Column “{name}” holds errors such as #N/A ({column.errors.places}); they are read as text."


def _warnings(table: SheetTable, header: Header, columns: dict[int, _Column], n_hidden: int) -> Iterator[str]:
    for name, position in header.positions.items():
        yield from _column_warnings(name, columns[position])
    if n_hidden:
        what = "1 row is hidden; it is read" if n_hidden == 1 else f"{n_hidden:,} rows are hidden; they are read"
        yield f"In the workbook, {what} like the others."
    inside = [area for area in table.rows.merged if area.last_row > header.row]
    if inside:
        first = f"{column_letters(inside[0].first_column)}{inside[0].first_row}"
        what = "a merged area" if len(inside) == 1 else f"{len(inside):,} merged areas"
        yield f"The sheet has {what} (first cell {first}); of merged cells only the first counts, the others are empty."
    if has_formulas(table.book):
        yield (
            "The workbook holds formulas. If they read cells that are corrected, they show their last results until a "
            "spreadsheet program computes them again (Excel: Ctrl+Alt+F9)."
        )


def _kind_of(value: CellValue) -> CellKind:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, (int, float)) else "text"


def _no_name(header: Header, column: int, row: int) -> FileContentError:
    letters = column_letters(column)
    return FileContentError(
        f"Every column with cells must have a name in row {header.row:,}, the first row that is not empty; cell "
        f"{letters}{row} is filled, and {letters}{header.row} is not.",
        fix=f"Write a name into cell {letters}{header.row}; or delete what stands above or beside the table.",
    )
