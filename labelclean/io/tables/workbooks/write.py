"""Write a workbook again with some cells of one sheet changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.workbooks.archive import copy_with_part
from labelclean.io.tables.workbooks.cells import cell_xml, column_letters
from labelclean.io.tables.workbooks.dropping import check_rows_can_go
from labelclean.io.tables.workbooks.patch import SheetSplicer, moved_up, patched_row, resized
from labelclean.io.tables.workbooks.rows import SheetCell, SheetRow
from labelclean.io.tables.workbooks.table import Header, SheetTable, open_table

__all__ = ["write_table"]

_MOST_COLUMNS = 1 << 14


def write_table(path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
    """
    Write a workbook with changed cells.

    Returns
    -------
    int
        In how many rows a cell changed.

    Raises
    ------
    InvalidInputError
        If a row is not in the sheet, or a cell cannot hold its new value.
    FileContentError
        If a cell to change holds a formula or is covered by a merged area, or something in the workbook points at rows
        that are to go.
    """
    with open_table(path, layout) as table:
        values = [value for cells in edits.cells.values() for value in cells.values()]
        values += [value for column in edits.added.values() for value in column]
        texts = {value for value in (*values, *edits.added) if isinstance(value, str)}
        writing = _Writing(table=table, edits=edits, shared=table.strings.positions(texts))
        copy_with_part(path, target, table.sheet.part, writing.run)
    return writing.n_changed


@dataclass(slots=True)
class _Writing:
    """One pass over the sheet: what is to change, and what was met so far."""

    table: SheetTable
    edits: TableEdits
    shared: Mapping[str, int]
    n_changed: int = 0
    n_records: int = 0
    n_dropped: int = 0
    header: Header | None = None
    added: dict[str, int] = field(default_factory=dict)
    places: list[tuple[int, int]] = field(default_factory=list)

    def run(self, put: Callable[[bytes], None]) -> None:
        """Put the whole new sheet."""
        splicer = SheetSplicer(put)
        for block in self.table.book.blocks(self.table.sheet.part):
            splicer.hold(block)
            for row in self.table.rows.feed(block):
                self._write_row(splicer, row)
            if self.header is not None:
                splicer.pass_on(self.table.rows.settled)
        self.table.rows.feed(b"", is_last=True)
        self._check_all()
        splicer.finish()

    def _write_row(self, splicer: SheetSplicer, row: SheetRow) -> None:
        cells: Mapping[int, CellValue] = {}
        if self.table.is_filled(row):
            if self.header is None:
                cells = self._start(splicer, row)
            else:
                record = self.n_records
                self.n_records += 1
                if record in self.edits.dropped_rows:
                    self.n_dropped += 1
                    splicer.pass_on(row.start)
                    splicer.leave_out(splicer.end_of_tag(row.end))
                    return
                cells = self._changes(row, record, self.header)
        if cells or self.n_dropped:
            splicer.pass_on(row.start)
            raw = splicer.bytes_between(row.start, row.end)
            new = {column: self._cell(row, column, value) for column, value in cells.items()}
            splicer.replace_until(row.end, moved_up(patched_row(raw, row, new) if new else raw, self.n_dropped))

    def _start(self, splicer: SheetSplicer, row: SheetRow) -> Mapping[int, CellValue]:
        """Take the header row; return the names to add to it."""
        header = self.table.header_of(row)
        self.header = header
        last = max(header.positions.values())
        for place, name in enumerate(self.edits.added, start=last + 1):
            if name in header.positions or place > _MOST_COLUMNS:
                raise InvalidInputError(
                    f"A new column must have a name and a place of its own; “{name}” has none.",
                    fix="Choose another name for it.",
                )
            self.added[name] = place
        if self.added or self.edits.dropped_rows:
            prolog = splicer.bytes_between(0, row.start)
            n_dropped = len(self.edits.dropped_rows)
            splicer.replace_until(row.start, resized(prolog, last_column=last + len(self.added), n_dropped=n_dropped))
        return {place: name for name, place in self.added.items()}

    def _changes(self, row: SheetRow, record: int, header: Header) -> dict[int, CellValue]:
        present = {cell.column: cell for cell in row.cells}
        changes: dict[int, CellValue] = {}
        for name, value in self.edits.cells.get(record, {}).items():
            column = header.position(name)
            cell = present.get(column)
            old = None if cell is None else self.table.value(cell, row.number)
            if type(old) is type(value) and old == value:
                continue
            _check_no_formula(cell, record, row.number)
            changes[column] = value
        self.n_changed += bool(changes)
        for name, column in self.added.items():
            _check_no_formula(present.get(column), record, row.number)
            changes[column] = self.edits.added[name][record]
        self.places += [(column, row.number) for column in changes]
        return changes

    def _cell(self, row: SheetRow, column: int, value: CellValue) -> bytes:
        style = next((cell.style for cell in row.cells if cell.column == column), None)
        if style is None:
            of_column = (
                style for first, last, style in self.table.rows.column_styles if first <= column <= last and style
            )
            style = row.style or next(of_column, "")
        shared = self.shared.get(value) if isinstance(value, str) else None
        reference = f"{column_letters(column)}{row.number}"
        return cell_xml(reference, style, self.table.rows.prefix, value, shared=shared)

    def _check_all(self) -> None:
        rows = self.edits.cells.keys() | self.edits.dropped_rows
        outside = [row for row in sorted(rows) if not 0 <= row < self.n_records]
        if outside:
            raise InvalidInputError(
                f"Every corrected row must be in the sheet, which has {self.n_records:,} rows counted from 0; got row "
                f"{outside[0]:,}.",
                fix="Use the decisions that were made on this file.",
            )
        for area in self.table.rows.merged:
            covered = [place for place in self.places if area.hides(*place)]
            if covered:
                cell = f"{column_letters(covered[0][0])}{covered[0][1]}"
                raise FileContentError(
                    f"A cell to correct must be one of its own; cell {cell} is part of a merged area.",
                    fix="Unmerge it in a spreadsheet program and upload that file, or take this correction back.",
                )
        if self.edits.dropped_rows:
            check_rows_can_go(self.table.book, self.table.rows.elements)


def _check_no_formula(cell: SheetCell | None, record: int, row: int) -> None:
    if cell is not None and cell.is_formula:
        raise FileContentError(
            f"A cell to correct must hold a value; that of row {record:,}, cell {column_letters(cell.column)}{row}, "
            "holds a formula.",
            fix="Correct what the formula reads, or replace it by its value in a spreadsheet program, and upload that "
            "file.",
        )
