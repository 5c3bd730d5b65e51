"""Parquet files of any schema: what is written back is the edited table, and nothing else is new."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet as pq

from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.parquet import PARQUET

LAYOUT = FileLayout(file_format="parquet", encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0)
EARLY, LATE = dt.datetime.fromisoformat("1900-01-01"), dt.datetime.fromisoformat("2200-01-01")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)


@dataclass(frozen=True)
class Kind:
    """A type, values of it as Arrow takes them, and how such a value reads in a cell."""

    arrow: pa.DataType
    values: st.SearchStrategy[Any]
    cell: Callable[[Any], CellValue] = lambda value: value


LEAVES = [
    Kind(pa.string(), TEXTS),
    Kind(pa.large_string(), TEXTS),
    Kind(pa.string_view(), TEXTS),
    Kind(pa.binary(), TEXTS.map(str.encode), lambda value: value.decode()),
    Kind(pa.int8(), st.integers(-128, 127)),
    Kind(pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    Kind(pa.uint64(), st.integers(0, 2**64 - 1)),
    Kind(pa.float64(), st.floats(allow_nan=False)),
    Kind(pa.float32(), st.floats(allow_nan=False, width=32)),
    Kind(pa.bool_(), st.booleans()),
    Kind(pa.date32(), st.dates(), lambda value: value.isoformat()),
    Kind(pa.decimal128(9, 2), st.integers(-(10**8), 10**8).map(lambda n: Decimal(n).scaleb(-2)), "{:.2f}".format),
    Kind(
        pa.timestamp("ms"),
        st.datetimes(EARLY, LATE).map(lambda time: time.replace(microsecond=5_000)),
        lambda value: value.isoformat(sep=" ", timespec="milliseconds"),
    ),
]


def optional(kind: Kind) -> Kind:
    """Allow nulls."""
    return Kind(kind.arrow, st.none() | kind.values, lambda value: None if value is None else kind.cell(value))


def list_of(inner: Kind) -> Kind:
    """Return lists of a type with nulls."""
    each = optional(inner)
    return Kind(
        pa.list_(each.arrow), st.lists(each.values, max_size=3), lambda value: [each.cell(one) for one in value]
    )


def struct_of(inner: Kind) -> Kind:
    """Return structures with a number and another value."""
    each = optional(inner)
    kind = pa.struct([("n", pa.int32()), ("x", each.arrow)])
    values = st.fixed_dictionaries({"n": st.integers(0, 9), "x": each.values})
    return Kind(kind, values, lambda value: {"n": value["n"], "x": each.cell(value["x"])})


def map_to(inner: Kind) -> Kind:
    """Return mappings of text to a type with nulls."""
    each = optional(inner)
    values = st.dictionaries(TEXTS, each.values, max_size=2).map(lambda value: list(value.items()))
    return Kind(pa.map_(pa.string(), each.arrow), values, lambda value: {name: each.cell(one) for name, one in value})


# pyarrow cannot write part of an array with views inside.
INNER = [leaf for leaf in LEAVES if leaf.arrow != pa.string_view()]
KINDS = st.sampled_from(LEAVES) | st.sampled_from(INNER).flatmap(
    lambda leaf: st.sampled_from([list_of(leaf), struct_of(leaf), map_to(leaf), list_of(list_of(leaf))])
)


@dataclass(frozen=True)
class Example:
    """A table, how it is written, and what is to change in it."""

    table: pa.Table
    options: Mapping[str, Any]
    cells: Mapping[int, Mapping[str, CellValue]]
    dropped: frozenset[int]
    edited: pa.Table


def column_array(kind: Kind, values: list[Any], *, is_category: bool) -> pa.Array:
    """Return a column, as a dictionary if it is to be a categorical one."""
    array = pa.array(values, kind.arrow)
    return array.dictionary_encode() if is_category else array


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """Draw tables with edits."""
    n_rows = draw(st.integers(1, 12))
    kinds = [optional(kind) for kind in draw(st.lists(KINDS, min_size=1, max_size=4))]
    columns = [draw(st.lists(kind.values, min_size=n_rows, max_size=n_rows)) for kind in kinds]
    categories = [kind.arrow == pa.string() and draw(st.booleans()) for kind in kinds]
    names = [f"c.{number}" for number in range(len(kinds))]
    rows = draw(st.sets(st.integers(0, n_rows - 1)))
    dropped = draw(st.frozensets(st.integers(0, n_rows - 1), max_size=3)) if draw(st.booleans()) else frozenset()
    cells: dict[int, dict[str, CellValue]] = {}
    edited = [list(values) for values in columns]
    for row in rows:
        number = draw(st.integers(0, len(kinds) - 1))
        value = draw(kinds[number].values)
        cells[row] = {names[number]: kinds[number].cell(value)}
        edited[number][row] = value
    kept = [row for row in range(n_rows) if row not in dropped]
    arrays = [column_array(*each[:2], is_category=each[2]) for each in zip(kinds, columns, categories, strict=True)]
    after = [pa.array([values[row] for row in kept], kind.arrow) for kind, values in zip(kinds, edited, strict=True)]
    return Example(
        table=pa.table(arrays, names=names, metadata={"who": "we"}),
        options=draw(options()),
        cells=cells,
        dropped=dropped,
        edited=pa.table(after, names=names),
    )


def options() -> st.SearchStrategy[dict[str, Any]]:
    """Draw how a file is written."""
    return st.fixed_dictionaries(
        {
            "row_group_size": st.integers(1, 6),
            "compression": st.sampled_from(["none", "snappy", "gzip", "zstd", "brotli", "lz4"]),
            "use_dictionary": st.booleans(),
            "data_page_version": st.sampled_from(["1.0", "2.0"]),
            "write_page_index": st.booleans(),
            "write_statistics": st.booleans(),
            "store_schema": st.booleans(),
        }
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one file to all examples of a property."""
    return tmp_path_factory.mktemp("parquet") / "table.parquet"


def written(path: Path, example: Example) -> bytes:
    """Write an example to a file, and return what comes back with the changes."""
    pq.write_table(example.table, path, **example.options)
    target = io.BytesIO()
    PARQUET.write(path, target, LAYOUT, TableEdits(cells=example.cells, dropped_rows=example.dropped))
    return target.getvalue()


@settings(deadline=None, max_examples=50)
@given(example=examples())
def test_what_comes_back_is_the_edited_table(path: Path, example: Example) -> None:
    """Every value but the edited ones is the same, and so are schema and metadata."""
    content = written(path, example)

    old, new = pq.read_table(path), pq.read_table(io.BytesIO(content))
    new.validate(full=True)
    assert new.schema.equals(old.schema, check_metadata=True)
    assert new.to_pylist() == example.edited.to_pylist()


@settings(deadline=None, max_examples=30)
@given(example=examples())
def test_only_edited_columns_of_edited_row_groups_have_new_pages(path: Path, example: Example) -> None:
    """The others are the same bytes, and how columns are stored is the same everywhere."""
    if example.dropped:
        return
    content = written(path, example)

    old, new = pq.ParquetFile(path).metadata, pq.ParquetFile(io.BytesIO(content)).metadata
    first = 0
    for group in range(old.num_row_groups):
        rows = range(first, first + old.row_group(group).num_rows)
        touched = {name for row in rows for name in example.cells.get(row, {})}
        first = rows.stop
        for leaf in range(old.num_columns):
            before, after = old.row_group(group).column(leaf), new.row_group(group).column(leaf)
            assert after.compression == before.compression
            assert after.has_dictionary_page == before.has_dictionary_page
            assert after.has_offset_index == before.has_offset_index
            if example.table.column_names[top_column(old.schema, leaf)] not in touched:
                assert pages(content, after) == pages(path.read_bytes(), before)


def top_column(schema: pq.ParquetSchema, leaf: int) -> int:
    """Return the number of the column that a leaf belongs to; the names here are c.0, c.1, ..."""
    return int(schema.column(leaf).path.split(".")[1])


def pages(content: bytes, chunk: pq.ColumnChunkMetaData) -> bytes:
    """Return the pages of a column in a row group."""
    start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
    return content[start : start + chunk.total_compressed_size]


@settings(deadline=None, max_examples=30)
@given(example=examples())
def test_what_is_read_is_what_was_written(path: Path, example: Example) -> None:
    """Every cell reads as itself, and some rows read as all rows do."""
    pq.write_table(example.table, path, **example.options)
    names = example.table.column_names

    every = PARQUET.read(path, LAYOUT, names)
    some = PARQUET.read(path, LAYOUT, names, rows=sorted(example.cells))

    assert [len(cells) for cells in every] == [example.table.num_rows] * len(names)
    assert some == [[cells[row] for row in sorted(example.cells)] for cells in every]
    PARQUET.scan(path, LAYOUT)
