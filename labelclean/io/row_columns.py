"""The other columns of a file, kept beside it so that any row and any value is found at once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from labelclean.arrays import IndexArray, MaskArray
from labelclean.errors import FileContentError
from labelclean.io.kinds import table_format
from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.io.tables.contract import CellValue
from labelclean.io.tables.json_files.values import text_of

__all__ = ["MAX_OTHER_COLUMNS", "RowColumns", "build_row_columns", "open_row_columns", "other_columns"]

MAX_OTHER_COLUMNS = 200
"""The most columns that are kept; files with more, such as JSON with deep objects, keep the first ones."""

_NESTED_FORMATS = frozenset({"jsonl", "json", "json_columns"})
_NO_RECORDS: IndexArray = np.empty(0, dtype=np.int64)
_ROW_FIELD = ""  # no column of a table has an empty name


def _no_progress(fraction: float) -> None:
    """Tell nobody."""


def other_columns(layout: FileLayout, roles: ColumnRoles) -> tuple[str, ...]:
    """
    Return the columns of a file that are neither text nor id nor label, in file order.

    What several annotators said counts among them. In JSON, a value that the text or the label lies inside of, and
    the parts of a label, do not.

    Parameters
    ----------
    layout : FileLayout
        Names the columns.
    roles : ColumnRoles
        Which of them are known already.

    Returns
    -------
    tuple of str
        At most ``MAX_OTHER_COLUMNS``.
    """
    votes = roles.votes
    labels = roles.label_columns if votes is None else (votes.consensus,)
    taken = {roles.text, *labels} | ({roles.row_id} if roles.row_id else set())
    is_nested = layout.file_format in _NESTED_FORMATS
    others = (
        name
        for name in layout.columns
        if name not in taken and not (is_nested and any(_is_inside(name, other) for other in taken))
    )
    return tuple(others)[:MAX_OTHER_COLUMNS]


@dataclass(frozen=True, eq=False, kw_only=True)
class RowColumns:
    """
    The other columns of a file by row; the cells stay on the disk.

    Attributes
    ----------
    names : tuple of str
        The columns in file order; empty where the file has no others.
    n_rows : int
        Rows of the dataset.
    """

    names: tuple[str, ...]
    n_rows: int
    _table: pa.Table
    _records: IndexArray

    def row(self, row: int) -> list[tuple[str, str]]:
        """
        Return the other columns of one row.

        Parameters
        ----------
        row : int
            0-based row of the dataset.

        Returns
        -------
        list of tuple of str
            Name and value, as text as it stands in the file; a missing value is the empty text. Where several records
            of the file belong to the row (one for each vote), what they all say comes once and first, then what each
            says, in file order.
        """
        records = self._records_of(row)
        cells = {name: [str(self._table.column(name)[record]) for record in records] for name in self.names}
        shared = [name for name, values in cells.items() if len(set(values)) <= 1]
        found = [(name, cells[name][0]) for name in shared if cells[name]]
        own = [name for name in self.names if name not in set(shared)]
        return found + [(name, cells[name][place]) for place in range(len(records)) for name in own]

    def rows_with(self, column: str, value: str) -> IndexArray:
        """
        Return the rows that have a value in a column.

        Parameters
        ----------
        column : str
            One of ``names``; any other is found in no row.
        value : str
            The whole value, as it stands in the file; case and white space count.

        Returns
        -------
        ndarray of int64
            0-based rows, rising. A row with several records has the value if one of them has.
        """
        if column not in self.names:
            return np.empty(0, dtype=np.int64)
        found = np.flatnonzero(pc.equal(self._table.column(column), value).to_numpy())
        return np.unique(self._records[found]) if len(self._records) else found.astype(np.int64)

    def values(self, column: str, *, limit: int = 100) -> list[tuple[str, int]]:
        """
        Return the most frequent values of a column.

        Parameters
        ----------
        column : str
            One of ``names``; any other has no values.
        limit : int, default=100
            The most that are returned.

        Returns
        -------
        list of tuple of str and int
            Value and number of records, most frequent first, equally frequent ones in order of their code points.
        """
        if column not in self.names or not len(self._table):
            return []
        counted = pc.value_counts(self._table.column(column))
        table = pa.table({"value": counted.field("values"), "count": counted.field("counts")})
        order = [("count", "descending"), ("value", "ascending")]
        best = table.take(pc.select_k_unstable(table, min(limit, len(table)), order))
        return list(zip(best.column("value").to_pylist(), best.column("count").to_pylist(), strict=True))

    def column(self, name: str, rows: Sequence[int] | IndexArray | None = None) -> list[str]:
        """
        Return the values of a column, of all rows or of some.

        Parameters
        ----------
        name : str
            One of ``names``.
        rows : sequence of int, optional
            0-based rows in the order wanted; by default all.

        Returns
        -------
        list of str
            Of a row with several records, what the first one says.
        """
        cells = self._table.column(name)
        if rows is None and not len(self._records):
            return list(cells.to_pylist())
        wanted = np.arange(self.n_rows) if rows is None else np.asarray(rows, dtype=np.int64)
        places = self._first_records[wanted] if len(self._records) else wanted
        return list(pc.take(cells, pa.array(places)).to_pylist())

    def ranks(self, name: str) -> IndexArray:
        """
        Return by which number each row is sorted by a column.

        Parameters
        ----------
        name : str
            One of ``names``.

        Returns
        -------
        ndarray of int64, shape (n_rows,)
            Equal values have equal numbers. Numbers rise by value where all cells that are not empty hold numbers;
            otherwise texts rise whatever their case. Empty cells come last.
        """
        coded = pc.dictionary_encode(self._table.column(name)).combine_chunks()
        codes = coded.indices.to_numpy()
        by_code = _ranked(coded.dictionary)
        ranks: IndexArray = by_code[codes]
        return ranks[self._first_records] if len(self._records) else ranks

    def is_empty(self, name: str) -> MaskArray:
        """Return for each row whether its cell in a column, one of ``names``, is empty."""
        empty: MaskArray = pc.equal(self._table.column(name), "").to_numpy()
        return empty[self._first_records] if len(self._records) else empty

    def _records_of(self, row: int) -> list[int]:
        if not 0 <= row < self.n_rows:
            return []
        if not len(self._records):
            return [row]
        begin, end = np.searchsorted(self._records[self._by_row], [row, row + 1])
        return [int(record) for record in self._by_row[begin:end]]

    @cached_property
    def _by_row(self) -> IndexArray:
        return np.argsort(self._records, kind="stable").astype(np.int64)

    @cached_property
    def _first_records(self) -> IndexArray:
        return np.unique(self._records, return_index=True)[1].astype(np.int64)


def build_row_columns(
    source: Path,
    layout: FileLayout,
    roles: ColumnRoles,
    target: Path,
    *,
    records: IndexArray | None = None,
    progress: Callable[[float], None] = _no_progress,
) -> None:
    """
    Read the other columns of a file once, and keep them where ``open_row_columns`` finds them.

    Parameters
    ----------
    source : Path
        The file.
    layout, roles : FileLayout, ColumnRoles
        How it is read.
    target : Path
        Where they are kept; whole or not at all, also if two do it at once. Nothing is kept where there are none.
    records : ndarray of int64, shape (n_records,), optional
        The row that each record belongs to, as ``Dataset.records`` says it, if it is not simply its own.
    progress : callable, optional
        Told the fraction done.

    Raises
    ------
    FileContentError
        If the content breaks the layout.
    OSError
        If the target cannot be written, for instance because the disk is full.

    Notes
    -----
    An Arrow file without compression: it is mapped into memory, and a row is read without unpacking its neighbours.
    """
    names = other_columns(layout, roles)
    if not names:
        return
    schema = _schema(names, has_records=records is not None)
    part = target.with_name(f"{target.name}.{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            with pa.ipc.new_file(file, schema) as writer:
                done = 0
                for cells in table_format(layout.file_format).parts(source, layout, names):
                    first, done = done, done + len(cells[0])
                    writer.write_batch(_batch(cells, None if records is None else records[first:done], schema))
                    progress(done / layout.n_rows)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink()


def open_row_columns(path: Path, layout: FileLayout, roles: ColumnRoles) -> RowColumns:
    """
    Open what ``build_row_columns`` kept.

    Parameters
    ----------
    path : Path
        Where.
    layout, roles : FileLayout, ColumnRoles
        What it was built with.

    Returns
    -------
    RowColumns
        Cells are read when they are asked for.

    Raises
    ------
    FileContentError
        If there is no such file, it is damaged, or it was built for another way of reading.
    """
    names = other_columns(layout, roles)
    if not names:
        return RowColumns(names=(), n_rows=layout.n_rows, _table=pa.table({}), _records=_NO_RECORDS)
    try:
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        table.validate(full=True)  # nothing else stops damaged offsets from leading outside the file
    except (OSError, pa.ArrowException) as error:
        raise _damaged() from error
    has_records = _ROW_FIELD in table.schema.names
    if not table.schema.equals(_schema(names, has_records=has_records)) or len(table) != layout.n_rows:
        raise _damaged()
    records = table.column(_ROW_FIELD).to_numpy().astype(np.int64) if has_records else _NO_RECORDS
    n_rows = int(records.max()) + 1 if has_records else layout.n_rows
    return RowColumns(names=names, n_rows=n_rows, _table=table, _records=records)


def _is_inside(name: str, other: str) -> bool:
    return name.startswith(f"{other}.") or other.startswith(f"{name}.")


def _schema(names: Iterable[str], *, has_records: bool) -> pa.Schema:
    fields = [pa.field(name, pa.large_string()) for name in names]
    return pa.schema([pa.field(_ROW_FIELD, pa.int64()), *fields] if has_records else fields)


def _batch(cells: list[list[CellValue]], records: IndexArray | None, schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array(list(map(text_of, column)), pa.large_string()) for column in cells]
    if records is not None:
        arrays.insert(0, pa.array(records, pa.int64()))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _ranked(values: pa.Array) -> IndexArray:
    """Return the place of each of some distinct texts in their order; the empty text comes last."""
    texts = values.to_pylist()
    try:
        numbers = pc.cast(pc.if_else(pc.equal(values, ""), None, values), pa.float64()).to_numpy(zero_copy_only=False)
        order = np.argsort(numbers, kind="stable")  # NaN, which stands for empty cells, comes last
    except pa.ArrowException:
        order = np.array(sorted(range(len(texts)), key=lambda place: (not texts[place], texts[place].casefold())))
    ranks = np.empty(len(texts), dtype=np.int64)
    ranks[order.astype(np.int64)] = np.arange(len(texts))
    return ranks


def _damaged() -> FileContentError:
    return FileContentError(
        "What is kept of the other columns must be whole and of this file; it is missing, damaged or of another one.",
        fix="It is made anew from the file.",
    )
