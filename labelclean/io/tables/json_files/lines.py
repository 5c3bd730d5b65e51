"""Files of one JSON object per line: read them, and patch single values."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableScan
from labelclean.io.tables.json_files.cells import CellCollector
from labelclean.io.tables.json_files.edits import RowPatcher
from labelclean.io.tables.json_files.flaws import Flaw, find_flaw
from labelclean.io.tables.json_files.rows import RowScan
from labelclean.io.tables.json_files.values import DECODER, WHITE_SPACE, decode
from labelclean.io.tables.text_edits import encoded, opening_mark
from labelclean.io.text.records import RecordBatch, record_batches, split_lines
from labelclean.io.text.text_file import read_blocks

__all__ = ["JSON_LINES", "JsonLines"]


@dataclass(frozen=True, slots=True)
class JsonLines:
    """One JSON object per line; blank lines are kept and count as nothing."""

    def scan(self, path: Path, layout: FileLayout) -> TableScan:
        """
        Read a whole file once, so that every broken line is found.

        A key that stands twice in one object, and NaN and Infinity, give warnings: the last of equal keys counts, and
        what is no number is missing.

        Raises
        ------
        FileContentError
            If a line is no JSON object, or there is none.
        """
        found = RowScan()
        for batch in _open(path, layout):
            for position in _filled(batch.records):
                row = _row_at(batch, position, found.decoder)
                found.add(row, batch.records[position], partial(_line, batch, position))
        return found.finish()

    def read(
        self, path: Path, layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
    ) -> list[list[CellValue]]:
        """Return the values of some columns; of all lines, or only of some, in rising order."""
        cells = CellCollector(columns, rows)
        first_row = 0
        for batch in _open(path, layout):
            positions = _filled(batch.records)
            for at in cells.wanted(first_row, len(positions)):
                cells.add(_row_at(batch, positions[at], DECODER))
            first_row += len(positions)
        return cells.values

    def parts(self, path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[list[list[CellValue]]]:
        """Yield the values of some columns part by part."""
        for batch in _open(path, layout):
            cells = CellCollector(columns, None)
            for position in _filled(batch.records):
                cells.add(_row_at(batch, position, DECODER))
            if cells.values and cells.values[0]:
                yield cells.values

    def write(self, path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
        """
        Write a file again with changed values; lines without a change are not even parsed.

        Raises
        ------
        FileContentError
            If a line to change is no JSON object, or the encoding cannot hold what is written.
        InvalidInputError
            If a row is not in the file.
        """
        patcher = RowPatcher(layout, edits)
        target.write(opening_mark(layout, patcher.encoding))
        first_row = 0
        for batch in _open(path, layout):
            positions = _filled(batch.records)
            written = batch.records.copy()
            for row in patcher.touched(first_row, len(positions)):
                position = positions[row - first_row]
                written[position] = _patched(batch, position, row, patcher)
            target.write(encoded(written, patcher.encoding, partial(_place, batch, positions, first_row)))
            first_row += len(positions)
        return patcher.finish(first_row)


JSON_LINES = JsonLines()


def _open(path: Path, layout: FileLayout) -> Iterator[RecordBatch]:
    """Open a file for one pass over its lines."""
    with closing(read_blocks(path, layout)) as blocks:
        yield from record_batches(blocks, split_lines)


def _filled(records: Sequence[str]) -> list[int]:
    """Return the positions of the lines that hold more than white space."""
    return [position for position, record in enumerate(records) if record.strip(WHITE_SPACE)]


def _patched(batch: RecordBatch, position: int, row: int, patcher: RowPatcher) -> str:
    if patcher.is_dropped(row):
        return ""
    _row_at(batch, position, DECODER)
    return patcher.patched(row, batch.records[position], partial(_line, batch, position))


def _row_at(batch: RecordBatch, position: int, decoder: json.JSONDecoder) -> dict[str, CellValue]:
    record = batch.records[position]
    try:
        row = decode(record, decoder)
    except (ValueError, RecursionError) as error:
        raise _broken(batch, position, find_flaw(record, error)) from error
    if not isinstance(row, dict):
        raise _no_object(_line(batch, position), row)
    return row


def _broken(batch: RecordBatch, position: int, flaw: Flaw) -> FileContentError:
    record, line = batch.records[position], _line(batch, position)
    if flaw.at is None:
        return FileContentError(
            f"Every line must be one whole JSON object; {line} cannot be read: {flaw.what}.", fix=flaw.fix
        )
    fix = flaw.fix or "Put every object into a line of its own."
    what = flaw.what
    if flaw.is_end and not (batch.is_last and position == len(batch.records) - 1):
        what = "it ends there, before the object does"
        fix = "Put every object into one line, or all of them into one array: [ {...}, {...} ]."
    elif flaw.is_end and what == "it ends too early":
        what, fix = "the file ends there, before the object does", "Get the file again; it seems to be cut off."
    column = len(record[: flaw.at].rstrip("\r\n")) + 1
    return FileContentError(
        f"Every line must be one whole JSON object; {line} is not, from column {column:,} on: {what}.", fix=fix
    )


def _no_object(line: str, row: object) -> FileContentError:
    kind = "an array" if isinstance(row, list) else "a single value"
    return FileContentError(
        f'Every line must be one JSON object, such as {{"text": ..., "label": ...}}; {line} is {kind}.',
        fix="Save the data as JSON Lines: one object per line, with no brackets around them.",
    )


def _line(batch: RecordBatch, position: int) -> str:
    return f"line {batch.line_of(position):,}"


def _place(batch: RecordBatch, positions: Sequence[int], first_row: int, position: int) -> str:
    row = first_row + positions.index(position) if position in positions else first_row
    return f"row {row:,} ({_line(batch, position)})"
