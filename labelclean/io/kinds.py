"""Which module reads and writes which kind of file; each is loaded when it is needed."""

from __future__ import annotations

from labelclean.io.layout import FileFormat
from labelclean.io.tables.contract import TableFormat

__all__ = ["table_format"]


def table_format(file_format: FileFormat) -> TableFormat:  # noqa: PLR0911  (one line for each kind)
    """Return what reads and writes one kind of file."""
    # Imported where used: a table in Parquet need not wait for the reader of workbooks.
    match file_format:
        case "csv" | "tsv":
            from labelclean.io.tables.delimited_files.format import DELIMITED  # noqa: PLC0415

            return DELIMITED
        case "jsonl":
            from labelclean.io.tables.json_files.lines import JSON_LINES  # noqa: PLC0415

            return JSON_LINES
        case "json":
            from labelclean.io.tables.json_files.document import JSON_ARRAY  # noqa: PLC0415

            return JSON_ARRAY
        case "json_columns":
            from labelclean.io.tables.json_files.document import JSON_COLUMNS  # noqa: PLC0415

            return JSON_COLUMNS
        case "fasttext":
            from labelclean.io.tables.fasttext import FASTTEXT  # noqa: PLC0415

            return FASTTEXT
        case "parquet":
            from labelclean.io.tables.parquet_files.format import PARQUET  # noqa: PLC0415

            return PARQUET
        case "arrow":
            from labelclean.io.tables.dataset_folders.format import ARROW_FOLDER  # noqa: PLC0415

            return ARROW_FOLDER
        case "xlsx":
            from labelclean.io.tables.workbooks.format import EXCEL  # noqa: PLC0415

            return EXCEL
