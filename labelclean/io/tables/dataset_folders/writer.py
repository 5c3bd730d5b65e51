"""Write the folder of a dataset again, as a zip archive, with changes in one of its splits."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa  # type: ignore[import-untyped]

from labelclean.errors import InvalidInputError
from labelclean.io.tables.added_columns import added_array, added_type
from labelclean.io.tables.arrow_data.cells import edited, with_positions, without
from labelclean.io.tables.arrow_data.huggingface import (
    METADATA_KEY,
    append_class,
    class_names_in,
    feature_of,
    features_in,
)
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.dataset_folders.archive import ArchiveWriter
from labelclean.io.tables.dataset_folders.files import INFO_FILE, STATE_FILE, DatasetFiles, Split, text_of
from labelclean.io.tables.dataset_folders.reader import check_schema, open_split, open_stream, readable

__all__ = ["write_folder"]

_FINGERPRINT = re.compile(r'("_fingerprint"\s*:\s*)(?:"[^"\\]*"|null)')


def write_folder(path: Path, target: BinaryIO, part: str, edits: TableEdits) -> int:
    """
    Write a dataset again with changes; returns in how many rows a cell changed.

    Raises
    ------
    FileContentError
        If a column cannot hold a new value, or the dataset is damaged.
    InvalidInputError
        If a row is not in the dataset, or an added column cannot be.
    StoreError
        If the disk fails.
    """
    with readable(), open_split(path, part) as (files, split):
        rewriting = _Rewriting(files=files, split=split, edits=edits)
        rewriting.check()
        with ArchiveWriter(target) as archive:
            return rewriting.run(archive)


@dataclass(frozen=True, kw_only=True)
class _Rewriting:
    """One run of writing a dataset again."""

    files: DatasetFiles
    split: Split
    edits: TableEdits
    changed_rows: set[int] = field(default_factory=set)

    def check(self) -> None:
        """Refuse changes of rows and columns that there are not."""
        n_rows = sum(self._n_rows.values())
        outside = sorted(row for row in (*self.edits.cells, *self.edits.dropped_rows) if not 0 <= row < n_rows)
        if outside:
            raise InvalidInputError(
                f"Every corrected row must be in the dataset, which has {n_rows:,} rows counted from 0; got row "
                f"{outside[0]:,}.",
                fix="Use the decisions that were made on this dataset.",
            )
        columns = {name for cells in self.edits.cells.values() for name in cells}
        missing = sorted(columns.difference(self._schema.names))
        if missing:
            raise InvalidInputError(
                f"The dataset must have the corrected columns; there is no “{missing[0]}”.",
                fix="Choose one of its columns.",
            )
        for name, values in self.edits.added.items():
            if name in self._schema.names:
                raise InvalidInputError(
                    f"A new column must have a new name; the dataset has a column “{name}”.", fix="Choose another name."
                )
            if len(values) != n_rows:
                raise InvalidInputError(
                    f"A new column must have a value for each of the {n_rows:,} rows; “{name}” has {len(values):,}.",
                    fix="Give one value for each row.",
                )

    def run(self, archive: ArchiveWriter) -> int:
        """Write everything."""
        first_rows, row = {}, 0
        for name, n_rows in self._n_rows.items():
            first_rows[name] = row
            row += n_rows
        for name in self.files.sizes:
            if name == self.split.folder + STATE_FILE and self._has_changes:
                with archive.file(name) as target:
                    target.write(self._new_state(name))
            elif name == self.split.folder + INFO_FILE and (self._new_names or self.edits.added):
                with archive.file(name) as target:
                    target.write(json.dumps(self._new_info, indent=2).encode())
            elif name in first_rows and self._touches(first_rows[name], self._n_rows[name]):
                with archive.file(name) as target:
                    self._write_rows(name, first_rows[name], target)
            else:
                archive.copy(self.files, name)
        return len(self.changed_rows)

    @property
    def _has_changes(self) -> bool:
        return bool(self.edits.cells or self.edits.dropped_rows or self.edits.added)

    def _touches(self, first_row: int, n_rows: int) -> bool:
        if self._new_names or self.edits.added:
            return True
        touched = (*self.edits.cells, *self.edits.dropped_rows)
        return any(first_row <= row < first_row + n_rows for row in touched)

    def _write_rows(self, name: str, first_row: int, target: BinaryIO) -> None:
        schema = self._new_schema
        with (
            open_stream(self.files, name) as reader,
            pa.PythonFile(target, mode="w") as sink,
            pa.ipc.new_stream(sink, schema) as writer,
        ):
            for batch in reader:
                batch.validate(full=True)
                arrays = [self._new_column(batch, number, first_row) for number in range(batch.num_columns)]
                rows = range(first_row, first_row + len(batch))
                arrays += [added_array([self.edits.added[new.name][row] for row in rows], new) for new in self._added]
                dropped = [row - first_row for row in self._dropped_between(rows.start, rows.stop)]
                if dropped:
                    arrays = [without(array, dropped) for array in arrays]
                if len(dropped) < len(batch):
                    writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
                first_row += len(batch)

    def _new_column(self, batch: pa.RecordBatch, number: int, first_row: int) -> pa.Array:
        kind = self._schema.field(number)
        cells = self._cells.get(kind.name, {})
        if not cells:
            return batch.column(number)
        here = {row: cells[row] for row in range(first_row, first_row + len(batch)) if row in cells}
        array, changed = edited(batch.column(number), here, kind, first_row)
        self.changed_rows.update(changed)
        return array

    def _dropped_between(self, first: int, stop: int) -> list[int]:
        return self._dropped[bisect_left(self._dropped, first) : bisect_left(self._dropped, stop)]

    @cached_property
    def _dropped(self) -> list[int]:
        return sorted(self.edits.dropped_rows)

    def _new_state(self, name: str) -> bytes:
        """Return the state with another fingerprint, by which caches tell datasets apart, and nothing else new."""
        old = text_of(self.files, name)
        changes = [
            (row, sorted(cells.items(), key=lambda cell: cell[0])) for row, cells in sorted(self.edits.cells.items())
        ]
        described = repr((changes, sorted(self.edits.dropped_rows), sorted(self.edits.added.items())))
        fingerprint = hashlib.sha256((old + described).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        new = _FINGERPRINT.sub(rf'\g<1>"{fingerprint}"', old, count=1)
        if json.loads(new) != {**self.split.state, "_fingerprint": fingerprint}:
            new = json.dumps({**self.split.state, "_fingerprint": fingerprint}, indent=2, sort_keys=True)
        return new.encode()

    @cached_property
    def _n_rows(self) -> dict[str, int]:
        """Number of rows by file, in their order."""
        counts = {}
        for name in self.split.data_files:
            with open_stream(self.files, name) as reader:
                check_schema(reader.schema, self._schema)
                counts[name] = sum(len(batch) for batch in reader)
        return counts

    @cached_property
    def _schema(self) -> pa.Schema:
        with open_stream(self.files, self.split.data_files[0]) as reader:
            return reader.schema

    @cached_property
    def _placed(self) -> tuple[dict[str, dict[int, CellValue]], dict[str, list[str]]]:
        """New cells by column, with positions in place of names, and the names that the dataset lacks yet."""
        by_column: dict[str, dict[int, CellValue]] = {}
        for row in sorted(self.edits.cells.keys() - self.edits.dropped_rows):
            for column, value in self.edits.cells[row].items():
                by_column.setdefault(column, {})[row] = value
        new_names: dict[str, list[str]] = {}
        for column, names in class_names_in(self.split.features).items():
            if column in by_column:
                by_column[column], unknown = with_positions(by_column[column], column, names)
                new_names |= {column: unknown} if unknown else {}
        return by_column, new_names

    @property
    def _cells(self) -> Mapping[str, Mapping[int, CellValue]]:
        return self._placed[0]

    @property
    def _new_names(self) -> Mapping[str, list[str]]:
        return self._placed[1]

    @cached_property
    def _added(self) -> list[pa.Field]:
        return [pa.field(name, added_type(name, values)) for name, values in self.edits.added.items()]

    @cached_property
    def _new_info(self) -> dict[str, object]:
        info: dict[str, object] = json.loads(json.dumps(self.split.info))
        features = info.get("features")
        if isinstance(features, dict):
            self._extend(features)
        return info

    @cached_property
    def _new_schema(self) -> pa.Schema:
        schema = self._schema
        for new in self._added:
            schema = schema.append(new)
        metadata = dict(schema.metadata or {})
        if features_in(metadata.get(METADATA_KEY)) and (self._new_names or self._added):
            values = json.loads(metadata[METADATA_KEY])
            self._extend(values["info"]["features"])
            metadata[METADATA_KEY] = json.dumps(values).encode()
        return schema.with_metadata(metadata or None)

    def _extend(self, features: dict[str, object]) -> None:
        """Add new names of classes and new columns to features, in place."""
        for column, names in self._new_names.items():
            for name in names if column in features else ():
                append_class(features, column, name)
        for new in self._added:
            features[new.name] = feature_of(new.type)
