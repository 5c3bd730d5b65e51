"""Read Parquet files: all of one once, to find what is wrong with it, or some columns of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet as pq

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.tables.arrow_data.errors import is_unknown_form, own_errors
from labelclean.io.tables.arrow_data.huggingface import METADATA_KEY, class_names_in, features_in
from labelclean.io.tables.arrow_data.scan import ColumnScan, sample_rows
from labelclean.io.tables.arrow_data.values import picked_values, with_names
from labelclean.io.tables.contract import CellValue, TableScan
from labelclean.io.tables.parquet_files.footer import Footer, TopColumn, read_footer

__all__ = [
    "cell_parts",
    "class_names",
    "column_named",
    "data_columns",
    "open_parquet",
    "read_cells",
    "readable",
    "scan_file",
]

_BATCH_BYTES = 4 << 20
_BUFFER_BYTES = 1 << 20
_LEAVES_AT_ONCE = 16  # of each column that is read, a page is unpacked in memory, usually of 1 MiB
_INDEX = re.compile(r"__index_level_\d+__")


def scan_file(path: Path) -> TableScan:
    """Decode all cells of a file once, and say what it holds."""
    footer = read_footer(path)
    columns = data_columns(footer)
    if not footer.n_rows:
        raise FileContentError("A file must hold at least one row; this one has none.", fix="Choose another file.")
    with readable():
        file = open_parquet(path, checks=True)
        names = class_names(file)
        scans = {column.name: ColumnScan(column.name, names.get(column.name, ())) for column in footer.columns}
        for together in _together(footer):
            for group in range(len(footer.row_groups)):
                for batch in _batches(file, footer, together, group):
                    for column, array in zip(together, batch.columns, strict=True):
                        scans[column.name].add(array)
    shown = [scans[column.name] for column in columns]
    categories = {scan.name: scan.class_names for scan in shown if scan.class_names}
    known = {scan.name for scan in shown}
    return TableScan(
        columns=tuple(scan.name for scan in shown),
        n_rows=footer.n_rows,
        sample=sample_rows(shown),
        kinds=tuple(scan.kind for scan in shown),
        class_names=MappingProxyType(categories | {name: each for name, each in names.items() if name in known}),
    )


def read_cells(path: Path, names: Sequence[str], rows: Collection[int] | None) -> list[list[CellValue]]:
    """Return the values of some columns; of all rows, or of some in rising order."""
    footer = read_footer(path)
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    wanted = sorted((column_named(footer, name) for name in places), key=lambda column: column.leaves.start)
    cells: dict[str, list[CellValue]] = {name: [] for name in places}
    with readable():
        file = open_parquet(path)
        known = class_names(file)
        for first_row, group, picked in _groups(footer, rows):
            row = first_row
            for batch in _batches(file, footer, wanted, group):
                here = None if picked is None else [each - row for each in picked if row <= each < row + len(batch)]
                for column, array in zip(wanted, batch.columns, strict=True):
                    values = picked_values(array, here, column.name, row)
                    cells[column.name] += with_names(
                        values, known.get(column.name, ()), column=column.name, first_row=row
                    )
                row += len(batch)
    return [cells[name] for name in names]


def cell_parts(path: Path, names: Sequence[str]) -> Iterator[list[list[CellValue]]]:
    """Yield what `read_cells` returns for all rows, part by part."""
    footer = read_footer(path)
    columns = [column_named(footer, name) for name in names]
    wanted = sorted(set(columns), key=lambda column: column.leaves.start)
    with readable():
        file = open_parquet(path)
        known = class_names(file)
        for row, group, _ in _groups(footer, None):
            first_row = row
            for batch in _batches(file, footer, wanted, group):
                cells = {
                    column.name: with_names(
                        picked_values(array, None, column.name, first_row),
                        known.get(column.name, ()),
                        column=column.name,
                        first_row=first_row,
                    )
                    for column, array in zip(wanted, batch.columns, strict=True)
                }
                first_row += len(batch)
                if len(batch):
                    yield [cells[name] for name in names]


def data_columns(footer: Footer) -> list[TopColumn]:
    """Return the columns that are the user's: all but an unnamed index that pandas wrote."""
    columns = [column for column in footer.columns if not _INDEX.fullmatch(column.name)]
    return columns or list(footer.columns)


def column_named(footer: Footer, name: str) -> TopColumn:
    """Return a column; one that is not there gives an error."""
    for column in footer.columns:
        if column.name == name:
            return column
    raise FileContentError(
        f"The file must have the chosen columns; there is no “{name}”.", fix="Choose one of its columns."
    )


def class_names(file: pq.ParquetFile) -> dict[str, tuple[str, ...]]:
    """Return the names of the classes of columns that hold positions in them."""
    return class_names_in(features_in((file.schema_arrow.metadata or {}).get(METADATA_KEY)))


def open_parquet(path: Path, *, checks: bool = False, nanoseconds: bool = False) -> pq.ParquetFile:
    """
    Open a file so that pages are read one after the other; its bytes stay on the disk.

    Old writers store times in a form (INT96) that holds more than Arrow's nanoseconds can: those are read as
    microseconds, unless asked for otherwise.
    """
    return pq.ParquetFile(
        path,
        pre_buffer=False,
        buffer_size=_BUFFER_BYTES,
        page_checksum_verification=checks,
        coerce_int96_timestamp_unit="ns" if nanoseconds else "us",
    )


def readable() -> AbstractContextManager[None]:
    """Translate errors of reading."""
    return own_errors(
        "A Parquet file must be whole and in a form that is known; this one is damaged, or uses a compression or an "
        "encoding that cannot be read here.",
        fix="Write or fetch the file again, for example with pandas or pyarrow.",
    )


def _together(footer: Footer) -> Iterator[list[TopColumn]]:
    """Part all columns into groups that can be read at once in little memory."""
    together: list[TopColumn] = []
    n_leaves = 0
    for column in footer.columns:
        if together and n_leaves + len(column.leaves) > _LEAVES_AT_ONCE:
            yield together
            together, n_leaves = [], 0
        together.append(column)
        n_leaves += len(column.leaves)
    yield together


def _groups(footer: Footer, rows: Collection[int] | None) -> Iterator[tuple[int, int, list[int] | None]]:
    """Give first row, number and picked rows of every row group that has any."""
    picked = None if rows is None else sorted(set(rows))
    outside = [row for row in picked or () if not 0 <= row < footer.n_rows]
    if outside:
        raise InvalidInputError(
            f"Every row must be in the file, which has {footer.n_rows:,} rows counted from 0; got row {outside[0]:,}.",
            fix="Use rows of this file.",
        )
    first_row = 0
    for number, group in enumerate(footer.row_groups):
        here = None if picked is None else [row for row in picked if first_row <= row < first_row + group.n_rows]
        if here is None or here:
            yield first_row, number, here
        first_row += group.n_rows


def _batches(
    file: pq.ParquetFile, footer: Footer, columns: Sequence[TopColumn], group: int
) -> Iterator[pa.RecordBatch]:
    """Give the rows of one row group: pyarrow cannot read on into the next where categories stand inside of lists."""
    leaves = [leaf for column in columns for leaf in column.leaves]
    n_bytes = sum(_decoded_bytes(footer, group, leaf) for leaf in leaves)
    n_left = footer.row_groups[group].n_rows
    batch_size = min(max(_BATCH_BYTES * n_left // max(1, n_bytes), 1), 1 << 16)
    # By number: names with dots in them would be taken for paths.
    try:
        for batch in file.reader.iter_batches(batch_size, [group], leaves, use_threads=False):
            n_left -= len(batch)
            yield batch
    except (pa.ArrowException, OSError) as error:
        if not is_unknown_form(error):
            raise
        raise _unreadable(file, columns, group) from error
    if n_left:
        raise FileContentError(
            "A Parquet file must hold as many rows as its footer says; it does not.",
            fix="Write or fetch the file again.",
        )


def _unreadable(file: pq.ParquetFile, columns: Sequence[TopColumn], group: int) -> FileContentError:
    """Return the error for a row group that pyarrow cannot read, with the first column that it fails at."""
    which = "one of its columns"
    for column in columns:
        try:
            next(file.reader.iter_batches(1, [group], list(column.leaves), use_threads=False), None)
        except (pa.ArrowException, OSError):
            which = f"column “{column.name}”"
            break
    return FileContentError(
        f"All columns must be in a form that pyarrow can read; it cannot read {which} as it is encoded there.",
        fix="Write the file again with plain texts instead of categories, for example with pandas (astype(str)).",
    )


def _decoded_bytes(footer: Footer, group: int, leaf: int) -> int:
    """Return how large a column becomes in memory: more than its pages, if long texts come again and again."""
    meta = footer.row_groups[group].chunks[leaf].meta
    texts = meta.struct(16).number(1, default=0) if meta.has(16) else 0
    return max(meta.number(6), texts)
