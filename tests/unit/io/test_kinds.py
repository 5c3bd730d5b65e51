"""Which module reads and writes which kind of file."""

from __future__ import annotations

from typing import get_args

import pytest

from labelclean.io.kinds import table_format
from labelclean.io.layout import FileFormat
from labelclean.io.tables.contract import TableFormat
from labelclean.io.tables.dataset_folders.format import ARROW_FOLDER
from labelclean.io.tables.delimited_files.format import DELIMITED
from labelclean.io.tables.fasttext import FASTTEXT
from labelclean.io.tables.json_files.document import JSON_ARRAY, JSON_COLUMNS
from labelclean.io.tables.json_files.lines import JSON_LINES
from labelclean.io.tables.parquet_files.format import PARQUET
from labelclean.io.tables.workbooks.format import EXCEL

KINDS: dict[FileFormat, TableFormat] = {
    "csv": DELIMITED,
    "tsv": DELIMITED,
    "jsonl": JSON_LINES,
    "json": JSON_ARRAY,
    "json_columns": JSON_COLUMNS,
    "fasttext": FASTTEXT,
    "parquet": PARQUET,
    "xlsx": EXCEL,
    "arrow": ARROW_FOLDER,
}


@pytest.mark.parametrize("file_format", get_args(FileFormat))
def test_every_format_has_its_reader_and_writer(file_format: FileFormat) -> None:
    """A format that is added and forgotten here would read as nothing."""
    assert table_format(file_format) is KINDS[file_format]
