"""Read the Arrow files of a dataset's folder: all of them once, or some columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import types

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.tables.arrow_data.errors import own_errors
from labelclean.io.tables.arrow_data.huggingface import class_names_in
from labelclean.io.tables.arrow_data.scan import ColumnScan, sample_rows
from labelclean.io.tables.arrow_data.values import picked_values, plain_type, with_names
from labelclean.io.tables.contract import CellValue, TableScan
from labelclean.io.tables.dataset_folders.files import DatasetFiles, Split, open_files, split_of
from labelclean.io.text.records import MAX_COLUMNS

__all__ = ["cell_parts", "check_schema", "open_split", "open_stream", "read_cells", "readable", "scan_folder"]

_FILE_MAGIC = b"ARROW1"


def scan_folder(path: Path, part: str) -> TableScan:
    """Decode all cells of one split once, and say what it holds."""
    with readable(), open_split(path, part) as (files, split):
        scans, n_rows = _scan(files, split)
    if not n_rows:
        raise FileContentError("A dataset must hold at least one row; this one has none.", fix="Choose another one.")
    names = {name: each for name, each in class_names_in(split.features).items() if name in scans}
    categories = {scan.name: scan.class_names for scan in scans.values() if scan.class_names}
    return TableScan(
        columns=tuple(scans),
        n_rows=n_rows,
        sample=sample_rows(scans.values()),
        kinds=tuple(scan.kind for scan in scans.values()),
        class_names=MappingProxyType(categories | names),
    )


def read_cells(path: Path, part: str, names: Sequence[str], rows: Collection[int] | None) -> list[list[CellValue]]:
    """Return the values of some columns of a split; of all rows, or of some in rising order."""
    picked = None if rows is None else sorted(set(rows))
    cells: dict[str, list[CellValue]] = {name: [] for name in names}
    first_row = 0
    with readable(), open_split(path, part) as (files, split):
        known = class_names_in(split.features)
        for name in split.data_files:
            with open_stream(files, name) as reader:
                _check_columns(reader.schema, names)
                for batch in reader:
                    stop = first_row + len(batch)
                    here = None if picked is None else [row - first_row for row in picked if first_row <= row < stop]
                    for column in cells:
                        # Nothing else stops damaged lengths from leading outside the file.
                        batch.column(column).validate(full=True)
                        values = picked_values(batch.column(column), here, column, first_row)
                        cells[column] += with_names(values, known.get(column, ()), column=column, first_row=first_row)
                    first_row = stop
    outside = [row for row in picked or () if not 0 <= row < first_row]
    if outside:
        raise InvalidInputError(
            f"Every row must be in the dataset, which has {first_row:,} rows counted from 0; got row {outside[0]:,}.",
            fix="Use rows of this dataset.",
        )
    return [cells[name] for name in names]


def cell_parts(path: Path, part: str, names: Sequence[str]) -> Iterator[list[list[CellValue]]]:
    """Yield what `read_cells` returns for all rows, part by part."""
    first_row = 0
    with readable(), open_split(path, part) as (files, split):
        known = class_names_in(split.features)
        for name in split.data_files:
            with open_stream(files, name) as reader:
                _check_columns(reader.schema, names)
                for batch in reader:
                    if len(batch):
                        yield [_checked(batch, column, known.get(column, ()), first_row) for column in names]
                    first_row += len(batch)


def _checked(batch: pa.RecordBatch, column: str, names: Sequence[str], first_row: int) -> list[CellValue]:
    # Nothing else stops damaged lengths from leading outside the file.
    batch.column(column).validate(full=True)
    values = picked_values(batch.column(column), None, column, first_row)
    return with_names(values, names, column=column, first_row=first_row)


@contextmanager
def open_split(path: Path, part: str) -> Iterator[tuple[DatasetFiles, Split]]:
    """Open the files of a dataset, and look up one of its splits."""
    with open_files(path) as files:
        yield files, split_of(files, part)


@contextmanager
def open_stream(files: DatasetFiles, name: str) -> Iterator[pa.RecordBatchStreamReader]:
    """Open one file with rows."""
    with files.open(name) as file:
        if file.read(len(_FILE_MAGIC)) == _FILE_MAGIC:
            raise FileContentError(
                "The rows of a dataset must be stored as Arrow streams, as datasets writes them; there is an Arrow "
                "file of the other kind.",
                fix="Load the dataset and save it again with save_to_disk.",
            )
    with files.open(name) as file, pa.PythonFile(file, mode="r") as wrapped, pa.ipc.open_stream(wrapped) as reader:
        yield reader


def check_schema(schema: pa.Schema, first: pa.Schema | None) -> None:
    """Refuse schemas that cannot be shown, or that are not the first file's."""
    if first is not None and not schema.equals(first):
        raise FileContentError(
            "All files of a dataset must have the same columns; they differ.", fix="Save it again with save_to_disk."
        )
    if not schema.names:
        raise FileContentError(
            "A dataset must have a column of texts and one of labels; it has none.", fix="Choose another."
        )
    if len(schema.names) > MAX_COLUMNS:
        raise FileContentError(
            f"A dataset must have at most {MAX_COLUMNS:,} columns; got {len(schema.names):,}.",
            fix="Keep the columns that matter, and save it again.",
        )
    if len(set(schema.names)) < len(schema.names):
        raise FileContentError("Column names must differ; two columns have the same name.", fix="Rename the columns.")
    for field in schema:
        if not _is_known(field.type):
            raise FileContentError(
                f"A dataset must have columns of types that datasets writes; column “{field.name}” has the type "
                f"{field.type}.",
                fix="Leave the column out, or write the table as a Parquet file.",
            )


def readable() -> AbstractContextManager[None]:
    """Translate errors of reading."""
    return own_errors(
        "A dataset must be whole and in a form that is known; one of its files is damaged.",
        fix="Save the dataset again with save_to_disk, or copy the whole folder.",
    )


def _scan(files: DatasetFiles, split: Split) -> tuple[dict[str, ColumnScan], int]:
    scans: dict[str, ColumnScan] = {}
    known = class_names_in(split.features)
    first: pa.Schema | None = None
    n_rows = 0
    for name in split.data_files:
        with open_stream(files, name) as reader:
            check_schema(reader.schema, first)
            first = reader.schema
            scans = scans or {column: ColumnScan(column, known.get(column, ())) for column in first.names}
            for batch in reader:
                n_rows += len(batch)
                for column, array in zip(first.names, batch.columns, strict=True):
                    scans[column].add(array)
    return scans, n_rows


def _check_columns(schema: pa.Schema, names: Sequence[str]) -> None:
    check_schema(schema, None)
    for name in names:
        if name not in schema.names:
            raise FileContentError(
                f"The dataset must have the chosen columns; there is no “{name}”.", fix="Choose one of its columns."
            )


def _is_known(kind: pa.DataType) -> bool:
    """Tell whether datasets writes a type; damaged arrays of other ones can end the whole program."""
    kind = plain_type(kind)
    inner = [kind.field(place).type for place in range(kind.num_fields)]
    is_other = types.is_map(kind) or types.is_union(kind) or types.is_run_end_encoded(kind)
    return not is_other and not _is_view_of_lists(kind) and all(map(_is_known, inner))


def _is_view_of_lists(kind: pa.DataType) -> bool:
    """Tell whether a type holds lists whose values stand in any order."""
    return bool(types.is_list_view(kind) or types.is_large_list_view(kind))
