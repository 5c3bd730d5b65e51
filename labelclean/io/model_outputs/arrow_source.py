"""Parquet and CSV files as streams of record batches; the only module that knows pyarrow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.formats import recognise
from labelclean.io.layout import ReadingChoices
from labelclean.io.model_outputs.pred_probs_columns import TableColumn

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]

__all__ = [
    "TableSource",
    "column_values",
    "csv_source",
    "ids_in",
    "list_values",
    "parquet_source",
    "rows_at_once",
]

_BATCH_BYTES = 2**20
_CSV_BLOCK_BYTES = 2**20
_PAGES_AT_ONCE = 12  # of each column that is read, a page is unpacked in memory, usually of 1 MiB
_NAMES_KEY = b"class_names"
_COLUMN = re.compile(r"CSV column #(\d+)")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TableSource:
    """
    A table that can be read again and again.

    Attributes
    ----------
    columns : tuple of TableColumn
        The columns in file order.
    dtypes : dict of str to dtype
        The type of the fractions in columns and lists of them; double precision for all other numbers.
    n_rows : int or None
        None where only reading tells.
    batches : callable
        Takes the wanted columns and the number of rows at once; gives record batches with these columns.
    columns_at_once : int
        How many columns may be read together in little memory; 0 is all of them.
    list_names : dict of str to tuple of str
        The classes of list columns that name them in their metadata.
    """

    columns: tuple[TableColumn, ...]
    dtypes: dict[str, np.dtype[np.generic]]
    n_rows: int | None
    batches: Callable[[Sequence[str], int], Iterator[pa.RecordBatch]]
    columns_at_once: int = 0
    list_names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def list_length(self, column: str) -> int:
        """Return the length of the first list of a column; 0 if there is none."""
        first = next(iter(self.batches([column], 1)), None)
        value = first.column(0)[0].as_py() if first is not None and first.num_rows else None
        return 0 if value is None else len(value)


def rows_at_once(n_columns: int) -> int:
    """Return how many rows of a table keep the memory small and the work fast."""
    return max(64, _BATCH_BYTES // max(1, 8 * n_columns))


def parquet_source(path: Path) -> TableSource:
    """
    Open a Parquet file; its bytes stay on the disk.

    Raises
    ------
    FileContentError
        If it is damaged.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415  (loads in a third of a second)

    with _readable("Parquet"):
        # Mapped and not read ahead: a row group may be as large as the file.
        file = pq.ParquetFile(path, memory_map=True, pre_buffer=False)
        schema = file.schema_arrow
    return TableSource(
        columns=tuple(TableColumn(name=each.name, kind=_kind(each.type)) for each in schema),
        dtypes={each.name: _dtype(each.type) for each in schema},
        n_rows=file.metadata.num_rows,
        batches=partial(_parquet_batches, file),
        columns_at_once=_PAGES_AT_ONCE,
        list_names={each.name: names for each in schema if (names := _names_in(each.metadata))},
    )


def csv_source(path: Path, *, row_id: str | None) -> TableSource:
    """
    Open a CSV file; encoding and delimiter are guessed as for datasets.

    Raises
    ------
    FileContentError
        If it is no table.
    """
    layout = recognise(path, name=path.name, choices=ReadingChoices(file_format="csv")).layout
    has_wide_mark = layout.byte_order_mark and layout.encoding.startswith("utf-16")
    encoding = "utf-16" if has_wide_mark else layout.encoding
    batches = partial(_csv_batches, path, encoding, layout.delimiter, row_id)
    with _readable("CSV"):
        schema = next(_csv_reader(path, encoding, layout.delimiter, {})).schema
    return TableSource(
        columns=tuple(TableColumn(name=each.name, kind=_kind(each.type)) for each in schema),
        dtypes={each.name: np.dtype(np.float64) for each in schema},
        n_rows=None,
        batches=batches,
    )


def column_values(batch: pa.RecordBatch) -> NDArray[np.generic]:
    """Return columns of numbers as a table; missing cells are NaN."""
    columns = [_numbers(batch.column(place)) for place in range(batch.num_columns)]
    return np.stack(columns, axis=1) if columns else np.empty((batch.num_rows, 0))


def list_values(lists: pa.Array, n_columns: int, *, first_row: int, what: str = "probabilities") -> NDArray[np.generic]:
    """
    Return a list column as a table; errors say what is in the lists.

    Raises
    ------
    FileContentError
        If a list is missing or has another length than the first one.
    """
    import pyarrow.compute as pc  # type: ignore[import-untyped]  # noqa: PLC0415  (see above)

    lengths = pc.list_value_length(lists).fill_null(-1).to_numpy(zero_copy_only=False)
    bad = np.flatnonzero(lengths != n_columns)
    if bad.size:
        raise FileContentError(
            f"Every list must hold {n_columns:,} {what}, as the first one does; that of row "
            f"{first_row + bad[0]:,} holds {max(0, lengths[bad[0]]):,}.",
            fix=f"Write the same number of {what} in every row.",
        )
    return _numbers(lists.flatten()).reshape(len(lists), n_columns)


def ids_in(column: pa.Array) -> list[str]:
    """
    Return row ids as text.

    Raises
    ------
    InvalidInputError
        If one is missing.
    """
    import pyarrow as pa  # noqa: PLC0415  (see above)

    ids: list[str] = column.cast(pa.string()).to_pylist()
    if None in ids:
        raise InvalidInputError("Every row must have an id to put rows in order; one is empty.", fix="Fill it in.")
    return ids


def _parquet_batches(file: ParquetFile, columns: Sequence[str], n_rows: int) -> Iterator[pa.RecordBatch]:
    with _readable("Parquet"):
        for batch in file.iter_batches(batch_size=n_rows, columns=list(columns), use_threads=False):
            yield batch.select(list(columns))


def _csv_batches(
    path: Path, encoding: str, delimiter: str, row_id: str | None, columns: Sequence[str], _n_rows: int
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa  # noqa: PLC0415  (see above)

    # Types are said: a column that begins with 0 and 1 is not one of whole numbers.
    types = {name: pa.string() if name == row_id else pa.float64() for name in columns}
    with _readable("CSV"):
        yield from _csv_reader(path, encoding, delimiter, types)


def _csv_reader(path: Path, encoding: str, delimiter: str, types: dict[str, pa.DataType]) -> Iterator[pa.RecordBatch]:
    from pyarrow import csv  # noqa: PLC0415  (see above)

    with csv.open_csv(
        path,
        read_options=csv.ReadOptions(use_threads=False, block_size=_CSV_BLOCK_BYTES, encoding=encoding),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=csv.ConvertOptions(include_columns=list(types), column_types=types),
    ) as reader:
        yield from reader


@contextmanager
def _readable(kind: Literal["Parquet", "CSV"]) -> Iterator[None]:
    """Translate pyarrow's errors; their messages may hold cells of the file."""
    import pyarrow as pa  # noqa: PLC0415  (see above)

    try:
        yield
    except (pa.ArrowException, OSError, StopIteration) as error:
        column = _COLUMN.search(str(error))
        place = f" at column {int(column[1]) + 1:,} of those read" if column else ""
        raise FileContentError(
            f"The file must be a {kind} table of numbers; it is damaged or holds something else{place}.",
            fix="Write it again with one numeric column per class.",
        ) from error


def _numbers(array: pa.Array) -> NDArray[np.generic]:
    import pyarrow as pa  # noqa: PLC0415  (see above)

    if pa.types.is_decimal(array.type):
        array = array.cast(pa.float64())
    values: NDArray[np.generic] = array.to_numpy(zero_copy_only=False)
    return values


def _kind(kind: pa.DataType) -> Literal["float", "whole", "list", "other"]:
    import pyarrow as pa  # noqa: PLC0415  (see above)

    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "float"
    if pa.types.is_integer(kind):
        return "whole"
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return "list" if is_list and _kind(kind.value_type) in {"float", "whole"} else "other"


def _dtype(kind: pa.DataType) -> np.dtype[np.generic]:
    import pyarrow as pa  # noqa: PLC0415  (see above)

    inner = kind.value_type if _kind(kind) == "list" else kind
    is_float = pa.types.is_floating(inner)
    return np.dtype(inner.to_pandas_dtype()) if is_float else np.dtype(np.float64)


def _names_in(metadata: dict[bytes, bytes] | None) -> tuple[str, ...] | None:
    """Return the classes that the metadata of a list column names as a JSON array."""
    with suppress(ValueError):
        names = json.loads((metadata or {}).get(_NAMES_KEY, b"null"))
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return tuple(names)
    return None
