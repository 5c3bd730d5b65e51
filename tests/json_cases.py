"""Helpers of the tests of JSON formats: a file of some text, scanned, read and written by one format."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from labelclean.io.layout import FileFormat, FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableFormat, TableScan
from labelclean.io.tables.fasttext import FASTTEXT
from labelclean.io.tables.json_files.document import JSON_ARRAY, JSON_COLUMNS
from labelclean.io.tables.json_files.lines import JSON_LINES

FORMATS: dict[FileFormat, TableFormat] = {
    "jsonl": JSON_LINES,
    "json": JSON_ARRAY,
    "json_columns": JSON_COLUMNS,
    "fasttext": FASTTEXT,
}


class FileOf:
    """
    A file of some text in one format.

    Parameters
    ----------
    folder : Path
        Where to write it.
    file_format : str
        Its format.
    text : str
        Its text.
    """

    def __init__(
        self, folder: Path, file_format: FileFormat, text: str, *, encoding: str = "utf-8", part: str = ""
    ) -> None:
        self.path = folder / "file"
        self.path.write_bytes(text.encode(encoding))
        self.format = FORMATS[file_format]
        self._layout = FileLayout(
            file_format=file_format,
            encoding=encoding,
            byte_order_mark=False,
            delimiter="",
            columns=(),
            n_rows=0,
            part=part,
        )

    def scan(self) -> TableScan:
        """Scan the file."""
        return self.format.scan(self.path, self._layout)

    @property
    def layout(self) -> FileLayout:
        """The layout with columns and rows."""
        scan = self.scan()
        return replace(self._layout, columns=scan.columns, n_rows=scan.n_rows)

    def read(self, *columns: str, rows: list[int] | None = None) -> list[list[CellValue]]:
        """Read columns."""
        return self.format.read(self.path, self.layout, columns, rows=rows)

    def write(self, edits: TableEdits) -> tuple[int, str]:
        """Write with edits; return how many rows changed, and the text."""
        target = io.BytesIO()
        layout = self.layout
        n_changed = self.format.write(self.path, target, layout, edits)
        return n_changed, target.getvalue().decode(edits.encoding or layout.encoding)

    def with_cells(self, cells: dict[int, dict[str, CellValue]], *dropped: int) -> str:
        """Return the text with some cells changed and some rows dropped."""
        return self.write(TableEdits(cells=cells, dropped_rows=frozenset(dropped)))[1]
