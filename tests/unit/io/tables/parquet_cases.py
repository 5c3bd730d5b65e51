"""Small Parquet files for the tests, and how they are read and written."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet as pq

from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableScan
from labelclean.io.tables.parquet_files.format import PARQUET

LAYOUT = FileLayout(file_format="parquet", encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0)


def saved(folder: Path, table: pa.Table, **options: Any) -> Path:
    """Write a table to a file."""
    path = folder / "table.parquet"
    pq.write_table(table, path, **options)
    return path


def scan(path: Path) -> TableScan:
    """Look through a file."""
    return PARQUET.scan(path, LAYOUT)


def read(path: Path, *columns: str, rows: Sequence[int] | None = None) -> list[list[CellValue]]:
    """Read some columns."""
    return PARQUET.read(path, LAYOUT, columns, rows=rows)


def write(
    path: Path,
    cells: Mapping[int, Mapping[str, CellValue]] | None = None,
    *,
    dropped: Sequence[int] = (),
    added: Mapping[str, Sequence[CellValue]] | None = None,
) -> tuple[int, bytes]:
    """Write a file with changes; returns in how many rows cells changed, and the new file."""
    target = io.BytesIO()
    edits = TableEdits(cells=cells or {}, dropped_rows=frozenset(dropped), added=added or {})
    return PARQUET.write(path, target, LAYOUT, edits), target.getvalue()


def table_of(content: bytes) -> pa.Table:
    """Read a file as pyarrow does, and check all of it."""
    table = pq.read_table(io.BytesIO(content))
    table.validate(full=True)
    return table
