"""Parquet files of any schema: what is written back is the edited table, and nothing else is new."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet as pq  # type: ignore[import-untyped]

from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import TableEdits
from labelclean.io.tables.parquet_files.format import PARQUET
from tests.arrow_tables import Example, examples

LAYOUT = FileLayout(file_format="parquet", encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0)


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


def written(path: Path, example: Example, options: dict[str, Any]) -> bytes:
    """Write an example to a file, and return what comes back with the changes."""
    pq.write_table(example.table, path, **options)
    target = io.BytesIO()
    PARQUET.write(path, target, LAYOUT, TableEdits(cells=example.cells, dropped_rows=example.dropped))
    return target.getvalue()


@settings(deadline=None, max_examples=50)
@given(example=examples(), options=options())
def test_what_comes_back_is_the_edited_table(path: Path, example: Example, options: dict[str, Any]) -> None:
    """Every value but the edited ones is the same, and so are schema and metadata."""
    content = written(path, example, options)

    old, new = pq.read_table(path), pq.read_table(io.BytesIO(content))
    new.validate(full=True)
    assert new.schema.equals(old.schema, check_metadata=True)
    assert new.to_pylist() == example.edited.to_pylist()


@settings(deadline=None, max_examples=30)
@given(example=examples(), options=options())
def test_only_edited_columns_of_edited_row_groups_have_new_pages(
    path: Path, example: Example, options: dict[str, Any]
) -> None:
    """The others are the same bytes, and how columns are stored is the same everywhere."""
    if example.dropped:
        return
    content = written(path, example, options)

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
@given(example=examples(), options=options())
def test_what_is_read_is_what_was_written(path: Path, example: Example, options: dict[str, Any]) -> None:
    """Every cell reads as itself, and some rows read as all rows do."""
    pq.write_table(example.table, path, **options)
    names = example.table.column_names

    every = PARQUET.read(path, LAYOUT, names)
    some = PARQUET.read(path, LAYOUT, names, rows=sorted(example.cells))

    assert [len(cells) for cells in every] == [example.table.num_rows] * len(names)
    assert some == [[cells[row] for row in sorted(example.cells)] for cells in every]
    PARQUET.scan(path, LAYOUT)
