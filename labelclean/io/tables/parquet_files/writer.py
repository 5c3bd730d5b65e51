"""
Write a Parquet file again with changes.

Only the pages of changed columns in changed row groups are written anew; all others are copied as they are, and so is
what the footer says of them. A row group whose sort key changed no longer says that it is sorted by it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet as pq

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.tables.added_columns import added_array, added_type
from labelclean.io.tables.arrow_data.cells import edited, with_positions, without
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.parquet_files.chunks import EncodedColumn, Output, PageForm, chunk_form, encode_column
from labelclean.io.tables.parquet_files.footer import MAGIC, ColumnChunk, Footer, RowGroup, TopColumn, read_footer
from labelclean.io.tables.parquet_files.metadata import (
    PANDAS_KEY,
    MetadataChange,
    columns_with_categories,
    updated_metadata,
)
from labelclean.io.tables.parquet_files.reader import class_names, column_named, open_parquet, readable
from labelclean.io.tables.parquet_files.thrift import I32, I64, ThriftStruct, serialise
from labelclean.io.text.text_file import open_bytes

__all__ = ["write_file"]


def write_file(path: Path, target: BinaryIO, edits: TableEdits) -> int:
    """
    Write a file again with changes; returns in how many rows a cell changed.

    Raises
    ------
    FileContentError
        If a column cannot hold a new value, or the file is damaged.
    InvalidInputError
        If a row is not in the file, or an added column cannot be.
    StoreError
        If the disk fails.
    """
    footer = read_footer(path)
    _check(footer, edits)
    with readable(), open_bytes(path) as source:
        rewriting = _Rewriting(path=path, source=source, file=open_parquet(path), footer=footer, edits=edits)
        return rewriting.run(Output(target))


@dataclass(frozen=True, kw_only=True)
class _Rewriting:
    """One run of writing a file again."""

    path: Path
    source: BinaryIO
    file: pq.ParquetFile
    footer: Footer
    edits: TableEdits
    changed_rows: set[int] = field(default_factory=set)

    def run(self, output: Output) -> int:
        """Write everything."""
        output.write(MAGIC)
        groups: list[ThriftStruct] = []
        first_row = 0
        touched, dropped = sorted(self.edits.cells), sorted(self.edits.dropped_rows)
        for number, group in enumerate(self.footer.row_groups):
            stop = first_row + group.n_rows
            part = _GroupPart(
                first_row=first_row,
                n_rows=group.n_rows,
                cells=_by_column(self.edits, _between(touched, first_row, stop), first_row),
                dropped=tuple(row - first_row for row in _between(dropped, first_row, stop)),
            )
            if part.n_kept or not group.n_rows:
                groups.append(self._write_group(output, number, group, part, len(groups)))
            first_row = stop
        output.write_indexes()
        content = serialise(self._new_footer(groups))
        output.write(content + len(content).to_bytes(4, "little") + MAGIC)
        return len(self.changed_rows)

    def _write_group(
        self, output: Output, number: int, group: RowGroup, part: _GroupPart, ordinal: int
    ) -> ThriftStruct:
        written: list[ThriftStruct] = []
        changed: set[int] = set()
        chunks = group.chunks
        start = output.place
        for place, column in enumerate(self.footer.columns):
            old = [chunks[leaf] for leaf in column.leaves]
            new = self._new_pages(number, place, column, old, part)
            if new is None:
                written += [output.copy(self.source, chunk) for chunk in old]
            else:
                changed.update(column.leaves if column.name in part.cells else ())
                written += _take_over(output, new, old)
        for encoded in self._added_pages(part, chunks):
            written += _take_over(output, encoded, [])
        return _new_group(group, written, start=start, n_rows=part.n_kept, ordinal=ordinal, changed=changed)

    def _new_pages(
        self, group: int, place: int, column: TopColumn, old: Sequence[ColumnChunk], part: _GroupPart
    ) -> EncodedColumn | None:
        """Return the pages of a column that changes in this row group; None if it does not."""
        cells = part.cells.get(column.name)
        if cells is None and not part.dropped:
            return None
        leaves = list(column.leaves)
        arrays = self._arrays(group, leaves)
        kind = self._schema.field(place)
        column_now, is_changed = self._edited(arrays, cells or {}, kind.with_type(arrays.type), part.first_row)
        if not is_changed and not part.dropped:
            return None
        if part.dropped:
            column_now = _without(column_now, part.dropped)
        forms = [chunk_form(self.source, chunk) for chunk in old]
        schemas = [self.file.schema.column(leaf) for leaf in leaves]
        return encode_column(column_now, kind.with_type(arrays.type).remove_metadata(), forms, schemas)

    def _arrays(self, group: int, leaves: list[int]) -> pa.ChunkedArray:
        """Return a column of one row group; old times as exactly as they can be held."""
        arrays = self.file.reader.read_row_group(group, column_indices=leaves, use_threads=False).column(0)
        if any(self.file.schema.column(leaf).physical_type == "INT96" for leaf in leaves):
            exact = self._file_of_nanoseconds.reader.read_row_group(group, column_indices=leaves).column(0)
            with suppress(pa.ArrowInvalid):  # too far from 1970 for nanoseconds
                arrays.cast(exact.type)
                return exact
        return arrays

    def _edited(
        self, arrays: pa.ChunkedArray, cells: Mapping[int, CellValue], kind: pa.Field, first_row: int
    ) -> tuple[pa.ChunkedArray, bool]:
        """Return a column with its new cells, and whether any is new; the rows that changed are noted."""
        if not cells:
            return arrays, False
        values: dict[int, CellValue] = {first_row + place: value for place, value in cells.items()}
        if kind.name in self._class_names:
            values = self._positions(values, kind.name)
        parts: list[pa.Array] = []
        is_changed = False
        for array in arrays.chunks:
            part, rows = edited(array, values, kind, first_row)
            parts.append(part)
            self.changed_rows.update(rows)
            is_changed = is_changed or bool(rows)
            first_row += len(array)
        return (pa.chunked_array(parts), True) if is_changed else (arrays, False)

    def _positions(self, values: Mapping[int, CellValue], column: str) -> dict[int, CellValue]:
        names = self._class_names[column]
        placed, unknown = with_positions(values, column, names)
        if unknown:
            row = next(row for row, value in placed.items() if _largest(value) >= len(names))
            raise FileContentError(
                f"A class of column “{column}” must be one of the {len(names):,} names that the file lists for it; the "
                f"new label of row {row:,} is not among them.",
                fix="Choose one of the names, or add the name to the features and write the file again.",
            )
        return placed

    def _added_pages(self, part: _GroupPart, chunks: Sequence[ColumnChunk]) -> list[EncodedColumn]:
        if not self._added:
            return []
        form = replace(chunk_form(self.source, chunks[0]), has_dictionary=True)
        kept = sorted(set(range(part.n_rows)).difference(part.dropped))
        encoded = []
        for new in self._added:
            values = self.edits.added[new.name]
            array = added_array([values[part.first_row + place] for place in kept], new)
            encoded.append(encode_column(pa.chunked_array([array]), new, [form]))
        return encoded

    def _new_footer(self, groups: list[ThriftStruct]) -> ThriftStruct:
        fields = self.footer.fields.copy()
        n_rows = sum(group.number(3) for group in groups)
        fields.put(3, I64, n_rows)
        fields.put_structs(4, groups)
        if fields.has(5):
            fields.put_structs(5, updated_metadata(fields.structs(5), self._metadata_change(n_rows)))
        if self._added:
            elements = [each.copy() for each in fields.structs(2)]
            elements[0].put(5, I32, elements[0].number(5) + len(self._added))
            orders = fields.structs(7)
            for new in self._added:
                described = encode_column(pa.chunked_array([added_array([], new)]), new, [PageForm()]).footer.fields
                elements += described.structs(2)[1:]
                orders += described.structs(7)
            fields.put_structs(2, elements)
            if fields.has(7):
                fields.put_structs(7, orders)
        return fields

    def _metadata_change(self, n_rows: int) -> MetadataChange:
        """Say what is new, with the number of new categories where the metadata says how many there are."""
        counts = {}
        for name in columns_with_categories(self.footer.key_values().get(PANDAS_KEY)):
            cells = (self.edits.cells[row].get(name) for row in self.edits.cells.keys() - self.edits.dropped_rows)
            wanted = {value for value in cells if isinstance(value, str)}
            if wanted and (n_new := len(wanted.difference(self._names_in(column_named(self.footer, name))))):
                counts[name] = n_new
        return MetadataChange(added=self._added, n_rows=n_rows, n_new_categories=counts)

    def _names_in(self, column: TopColumn) -> set[object]:
        """Return all categories, or all different values, of a column of texts."""
        names: set[object] = set()
        for group in range(len(self.footer.row_groups)):
            for array in self._arrays(group, list(column.leaves)).chunks:
                has_dictionary = pa.types.is_dictionary(array.type)
                names.update((array.dictionary if has_dictionary else array.unique()).to_pylist())
        return names

    @cached_property
    def _file_of_nanoseconds(self) -> pq.ParquetFile:
        return open_parquet(self.path, nanoseconds=True)

    @cached_property
    def _schema(self) -> pa.Schema:
        return self.file.schema_arrow

    @cached_property
    def _class_names(self) -> dict[str, tuple[str, ...]]:
        return class_names(self.file)

    @cached_property
    def _added(self) -> list[pa.Field]:
        return [pa.field(name, added_type(name, values)) for name, values in self.edits.added.items()]


@dataclass(frozen=True, kw_only=True, slots=True)
class _GroupPart:
    """The changes in one row group; rows count from its first."""

    first_row: int
    n_rows: int
    cells: Mapping[str, Mapping[int, CellValue]]
    dropped: tuple[int, ...]

    @property
    def n_kept(self) -> int:
        """How many rows stay."""
        return self.n_rows - len(self.dropped)


def _check(footer: Footer, edits: TableEdits) -> None:
    for row in (*edits.cells, *edits.dropped_rows):
        if not 0 <= row < footer.n_rows:
            raise InvalidInputError(
                f"Every corrected row must be in the file, which has {footer.n_rows:,} rows counted from 0; got row "
                f"{row:,}.",
                fix="Use the decisions that were made on this file.",
            )
    for name in dict.fromkeys(name for cells in edits.cells.values() for name in cells):
        column_named(footer, name)
    for name, values in edits.added.items():
        if any(column.name == name for column in footer.columns):
            raise InvalidInputError(
                f"A new column must have a new name; the file has a column “{name}”.", fix="Choose another name."
            )
        if len(values) != footer.n_rows:
            raise InvalidInputError(
                f"A new column must have a value for each of the {footer.n_rows:,} rows; “{name}” has {len(values):,}.",
                fix="Give one value for each row.",
            )


def _take_over(output: Output, new: EncodedColumn, old: Sequence[ColumnChunk]) -> list[ThriftStruct]:
    """Copy new pages, and describe them as their column was described."""
    written = []
    source = pa.BufferReader(new.data)
    for place, chunk in enumerate(new.chunks):
        fields = output.copy(source, chunk)
        meta = fields.struct(3)
        for kept in (3, 8) if old else ():  # the path in the schema, the column's own metadata
            if old[place].meta.has(kept):
                meta.put(kept, *old[place].meta.fields[kept])
        written.append(fields)
    return written


def _new_group(
    group: RowGroup, chunks: list[ThriftStruct], *, start: int, n_rows: int, ordinal: int, changed: set[int]
) -> ThriftStruct:
    fields = group.fields.copy()
    fields.put_structs(1, chunks)
    fields.put(2, I64, sum(chunk.struct(3).number(6) for chunk in chunks))
    fields.put(3, I64, n_rows)
    if fields.has(5):
        fields.put(5, I64, start)
    if fields.has(6):
        fields.put(6, I64, sum(chunk.struct(3).number(7) for chunk in chunks))
    if fields.has(7):
        fields.put(7, fields.fields[7][0], ordinal)
    if fields.has(4):
        fields.put_structs(4, list(takewhile(lambda key: key.number(1) not in changed, fields.structs(4))))
        if not fields.structs(4):
            fields.drop(4)
    return fields


def _between(rows: Sequence[int], first: int, stop: int) -> Sequence[int]:
    return rows[bisect_left(rows, first) : bisect_left(rows, stop)]


def _by_column(edits: TableEdits, rows: Sequence[int], first_row: int) -> dict[str, dict[int, CellValue]]:
    cells: dict[str, dict[int, CellValue]] = {}
    for row in rows:
        if row not in edits.dropped_rows:
            for column, value in edits.cells[row].items():
                cells.setdefault(column, {})[row - first_row] = value
    return cells


def _without(arrays: pa.ChunkedArray, places: Sequence[int]) -> pa.ChunkedArray:
    parts, first = [], 0
    for array in arrays.chunks:
        parts.append(without(array, [place - first for place in _between(places, first, first + len(array))]))
        first += len(array)
    return pa.chunked_array(parts, arrays.type)


def _largest(value: CellValue) -> int:
    if isinstance(value, list):
        return max(map(_largest, value), default=-1)
    return value if isinstance(value, int) else -1
