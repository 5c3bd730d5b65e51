"""Write a delimited file again with other cells, fewer rows, more columns or another encoding."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, TypeAlias

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.delimited_files.blocks import Positions, RecordBlock
from labelclean.io.tables.delimited_files.cells import cut_cells
from labelclean.io.tables.delimited_files.table import Table, open_table, shown_name
from labelclean.io.text.text_file import byte_order_mark, count_line_ends

__all__ = ["write_table"]

_Span: TypeAlias = tuple[int, int, bytes]  # from where to where in a block, and what is written instead

_ALWAYS_MARKED = ("utf-16", "utf-32")


def write_table(path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
    """
    Write a delimited file again with changes.

    Parameters
    ----------
    path : Path
        The original.
    target : binary file
        Where the content goes, without an archive around it.
    layout : FileLayout
        How the original is read.
    edits : TableEdits
        What changes. In another encoding the file has a byte order mark if it had one before, or if the encoding
        needs one (UTF-16, UTF-32).

    Returns
    -------
    int
        In how many rows a cell changed.

    Raises
    ------
    FileContentError
        If the content breaks the layout, or the encoding or the format cannot hold a cell.
    InvalidInputError
        If a row or a column is not in the file, or an added column is in it already.
    """
    table = open_table(path, layout)
    if layout.columns and table.columns != layout.columns:
        raise FileContentError(
            "The file's columns must be those it had when it was uploaded; they are others now.",
            fix="Upload the file again.",
        )
    return _Writer(table, target, layout, edits).write()


class _Writer:
    """One pass over a file that writes it again."""

    def __init__(self, table: Table, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> None:
        self._table, self._target, self._layout, self._edits = table, target, layout, edits
        self._encoding = edits.encoding or layout.encoding
        self._places = {column: place for place, column in enumerate(table.columns)}
        self._added = _added_columns(edits, table.columns)
        self._touched = sorted(edits.dropped_rows.union(edits.cells))
        if self._touched and self._touched[0] < 0:
            raise _no_such_row(self._touched[0], layout.n_rows)
        self._n_changed = 0

    def write(self) -> int:
        """Write everything, and return in how many rows a cell changed."""
        self._write_lead()
        first_row = n_done = 0
        for block in self._table.blocks:
            positions = block.filled(n_columns=len(self._table.columns))
            last_row = first_row + len(positions)
            end = bisect_left(self._touched, last_row, n_done)
            if self._added:
                self._write_block(block, self._additions(block, first_row, positions))
            else:
                touched = self._touched[n_done:end]
                self._write_block(
                    block, self._changes(block, [(row, int(positions[row - first_row])) for row in touched])
                )
            first_row, n_done = last_row, end
        self._check_rows(first_row)
        return self._n_changed

    def _write_lead(self) -> None:
        has_mark = self._layout.byte_order_mark or (
            self._encoding != self._layout.encoding and self._encoding.startswith(_ALWAYS_MARKED)
        )
        header = self._table.header
        if self._added:
            spell = self._table.tokenizer.spell
            names = [spell(name, was_quoted=False, is_only_column=False) for name in self._added]
            body = header.rstrip("\r\n")
            header = self._table.tokenizer.delimiter.join([body, *names]) + header[len(body) :]
        self._target.write(byte_order_mark(self._encoding) if has_mark else b"")
        self._target.write(self._encoded(self._table.lead + header, 1))

    def _write_block(self, block: RecordBlock, spans: Iterable[_Span]) -> None:
        """Write a block, of which some parts are replaced."""
        parts: list[bytes] = []
        written = 0
        for start, end, new in spans:
            parts.append(self._kept(block, written, start))
            parts.append(new)
            written = end
        parts.append(self._kept(block, written, len(block.content)))
        self._target.write(b"".join(parts))

    def _changes(self, block: RecordBlock, touched: Iterable[tuple[int, int]]) -> Iterator[_Span]:
        """Yield what replaces each (row, position) that is patched or left out."""
        for row, position in touched:
            new = b"" if row in self._edits.dropped_rows else self._patched(block, row, position)
            yield int(block.starts[position]), int(block.ends[position]), new

    def _additions(self, block: RecordBlock, first_row: int, positions: Positions) -> Iterator[_Span]:
        """Yield what stands behind the cells of every record, and the records that change otherwise as well."""
        n_columns = len(self._table.columns)
        found = None if block.is_last else cut_cells(block, self._table.tokenizer, n_columns)
        is_whole = found is not None and bool((found.counts == n_columns).all())
        ends = found.body_ends().tolist() if found is not None and is_whole else block.ends[positions].tolist()
        for row, (position, end) in enumerate(zip(positions.tolist(), ends, strict=True), start=first_row):
            if is_whole and row not in self._edits.cells and row not in self._edits.dropped_rows:
                yield end, end, self._encoded_row(self._further_cells(block, row, position), block, row, position)
            else:
                yield from self._changes(block, [(row, position)])

    def _kept(self, block: RecordBlock, start: int, end: int) -> bytes:
        content = block.content[start:end]
        if isinstance(content, bytes):
            if self._encoding == block.encoding:
                return content
            content = content.decode(block.encoding)
        return self._encoded(content, block.first_line, block, start)

    def _encoded(self, text: str, line: int, block: RecordBlock | None = None, start: int = 0) -> bytes:
        try:
            return text.encode(self._encoding)
        except UnicodeEncodeError as error:
            before = count_line_ends(block.text(0, start)) if block else 0
            raise FileContentError(
                f"Every character must fit the chosen encoding, {self._encoding}; one in line "
                f"{line + before + count_line_ends(text[: error.start]):,} does not.",
                fix="Choose UTF-8, which holds all characters.",
            ) from error

    def _patched(self, block: RecordBlock, row: int, position: int) -> bytes:
        record = block.record(position)
        changes = {self._place(column): value for column, value in self._edits.cells.get(row, {}).items()}
        texts = {place: self._text(value, row, block, position) for place, value in changes.items()}
        new = self._patch(record, self._table.cells(block, position), texts)
        self._n_changed += new != record
        if self._added:
            body = new.rstrip("\r\n")
            n_missing = len(self._table.columns) - self._table.tokenizer.n_cells(body)
            further = self._table.tokenizer.delimiter * n_missing + self._further_cells(block, row, position)
            new = body + further + new[len(body) :]
        return self._encoded_row(new, block, row, position)

    def _encoded_row(self, text: str, block: RecordBlock, row: int, position: int) -> bytes:
        try:
            return text.encode(self._encoding)
        except UnicodeEncodeError as error:
            raise FileContentError(
                f"Every label must fit the file's encoding, {self._encoding}; the new label of row {row:,} "
                f"(line {block.line_of(position):,}) has characters that it lacks.",
                fix="Export the file as UTF-8, or choose another label.",
            ) from error

    def _patch(self, record: str, now: Sequence[str], changes: Mapping[int, str]) -> str:
        """Return a record with other cells; the same record if they read like that already."""
        tokenizer, n_columns = self._table.tokenizer, len(self._table.columns)
        wanted = {place: text for place, text in changes.items() if now[place] != text}
        if not wanted:
            return record
        spelled, line_end = tokenizer.spelled_cells(record)
        spelled += [""] * (max(wanted) + 1 - len(spelled))
        for place, text in wanted.items():
            was_quoted = spelled[place].startswith('"')
            spelled[place] = tokenizer.spell(
                text,
                was_quoted=was_quoted,
                is_only_column=n_columns == 1,
                had_bare_quotes='"' in spelled[place] and not was_quoted,
            )
        return tokenizer.delimiter.join(spelled) + line_end

    def _further_cells(self, block: RecordBlock, row: int, position: int) -> str:
        """Return the cells of added columns, with the delimiter before each."""
        tokenizer = self._table.tokenizer
        further = ""
        for values in self._added.values():
            if row >= len(values):
                raise _wrong_length(len(values), row + 1)
            text = self._text(values[row], row, block, position)
            further += tokenizer.delimiter + tokenizer.spell(text, was_quoted=False, is_only_column=False)
        return further

    def _text(self, value: CellValue, row: int, block: RecordBlock, position: int) -> str:
        text = _cell_text(value)
        if "\0" in text or not self._table.tokenizer.can_spell(text):
            what = "a NUL character" if "\0" in text else "the delimiter or a line end"
            raise FileContentError(
                f"A new cell must be one that the file can hold; that of row {row:,} (line "
                f"{block.line_of(position):,}) has {what}.",
                fix="Choose another label."
                if "\0" in text
                else "The file is read without quotes, so no cell can hold these. Choose another label.",
            )
        return text

    def _place(self, column: str) -> int:
        try:
            return self._places[column]
        except KeyError:
            raise InvalidInputError(
                f"Every changed column must be in the file; there is no {shown_name(column)}.",
                fix="Add it as a new column.",
            ) from None

    def _check_rows(self, n_rows: int) -> None:
        if self._touched and self._touched[-1] >= n_rows:
            raise _no_such_row(self._touched[bisect_left(self._touched, n_rows)], n_rows)
        for values in self._added.values():
            if len(values) != n_rows:
                raise _wrong_length(len(values), n_rows)


def _cell_text(value: CellValue) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)


def _added_columns(edits: TableEdits, columns: tuple[str, ...]) -> Mapping[str, Sequence[CellValue]]:
    for name in edits.added:
        if name in columns or not name.strip():
            raise InvalidInputError(
                f"An added column must have a name of its own; {shown_name(name)} is empty or in the file already.",
                fix="Choose another name.",
            )
    return edits.added


def _no_such_row(row: int, n_rows: int) -> InvalidInputError:
    return InvalidInputError(
        f"Every corrected row must be in the file, which has {n_rows:,} rows counted from 0; got row {row:,}.",
        fix="Use the decisions that were made on this file.",
    )


def _wrong_length(n_values: int, n_rows: int) -> InvalidInputError:
    return InvalidInputError(
        f"An added column must have one value for each row of the file ({n_rows:,} or more); got {n_values:,}.",
        fix="Use the decisions that were made on this file.",
    )
