"""Parquet files as tables: the door to the modules that read and write them, which are loaded when they are needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableScan

__all__ = ["PARQUET", "ParquetFormat"]


@dataclass(frozen=True)
class ParquetFormat:
    """Parquet: `labelclean.io.tables.contract.TableFormat` says what the methods do."""

    def scan(self, path: Path, layout: FileLayout) -> TableScan:  # noqa: ARG002  (a Parquet file says all itself)
        """Decode all of a file once, and say what it holds."""
        from labelclean.io.tables.parquet_files.reader import scan_file  # noqa: PLC0415  (pyarrow loads slowly)

        return scan_file(path)

    def read(
        self,
        path: Path,
        layout: FileLayout,  # noqa: ARG002
        columns: Sequence[str],
        *,
        rows: Collection[int] | None = None,
    ) -> list[list[CellValue]]:
        """Return some columns; dates, times and decimals as text, bytes as the text they spell."""
        from labelclean.io.tables.parquet_files.reader import read_cells  # noqa: PLC0415  (pyarrow loads slowly)

        return read_cells(path, columns, rows)

    def parts(
        self,
        path: Path,
        layout: FileLayout,  # noqa: ARG002
        columns: Sequence[str],
    ) -> Iterator[list[list[CellValue]]]:
        """Yield some columns part by part."""
        from labelclean.io.tables.parquet_files.reader import cell_parts  # noqa: PLC0415  (pyarrow loads slowly)

        return cell_parts(path, columns)

    def write(self, path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:  # noqa: ARG002
        """Write a file again, its pages as they are but for those of changed columns in changed row groups."""
        from labelclean.io.tables.parquet_files.writer import write_file  # noqa: PLC0415  (pyarrow loads slowly)

        return write_file(path, target, edits)


PARQUET = ParquetFormat()
