"""Files of cells between one-character delimiters, such as CSV and TSV."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableScan
from labelclean.io.tables.delimited_files.reader import cell_parts, read_cells
from labelclean.io.tables.delimited_files.scan import scan_table
from labelclean.io.tables.delimited_files.tokenizer import Tokenizer, check_delimiter
from labelclean.io.tables.delimited_files.writer import write_table

__all__ = ["DELIMITED", "DelimitedFormat", "Tokenizer", "check_delimiter"]


@dataclass(frozen=True, slots=True)
class DelimitedFormat:
    """Reads and writes delimited files; all cells are text, and an empty cell is the empty text."""

    def scan(self, path: Path, layout: FileLayout) -> TableScan:
        """Read all of a file once; see `scan_table`."""
        return scan_table(path, layout)

    def read(
        self, path: Path, layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
    ) -> list[list[CellValue]]:
        """Return some columns; see `read_cells`."""
        return read_cells(path, layout, columns, rows=rows)

    def parts(self, path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[list[list[CellValue]]]:
        """Yield some columns part by part; see `cell_parts`."""
        return cell_parts(path, layout, columns)

    def write(self, path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
        """Write a file again with changes; see `write_table`."""
        return write_table(path, target, layout, edits)


DELIMITED = DelimitedFormat()
"""The one object for all delimited files."""
