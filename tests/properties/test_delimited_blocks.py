"""Counting quotes in bytes gives what the tokenizer gives, for any text, however it is cut into blocks."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labelclean.errors import LabelCleanError
from labelclean.io.layout import FileLayout
from labelclean.io.tables import delimited_blocks
from labelclean.io.tables.contract import TableEdits
from labelclean.io.tables.delimited import DELIMITED
from labelclean.io.text import text_file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder to all examples of a property."""
    return tmp_path_factory.mktemp("blocks")


RECORDS = [
    "a,b\n", '"a","b"\r\n', '"a""",\n', ",\r", '"x\ny",é\n', 'a"b,c\n', '"a"b,c\n', "\n",
    '"é, ""q"" ",z\n', '"","\r\n"\n', '"""",""""""\r', '"a",b', "a", '"a,b\n',
]  # fmt: skip
TEXTS = st.text(alphabet='aé",;\r\n ', max_size=20)


@dataclass(frozen=True)
class Outcome:
    """All that can be done with a file, or the message that refuses it."""

    scan: object = None
    cells: object = None
    some_cells: object = None
    written: bytes = b""
    n_changed: int = 0
    error: str = ""


def everything(path: Path, layout: FileLayout, edits: TableEdits) -> Outcome:
    """Scan, read and write a file."""
    try:
        scan = DELIMITED.scan(path, layout)
        cells = DELIMITED.read(path, layout, scan.columns)
        some = DELIMITED.read(path, layout, scan.columns[-1:], rows=[1, 2, 5])
        target = io.BytesIO()
        n_changed = DELIMITED.write(path, target, layout, edits)
    except LabelCleanError as error:
        return Outcome(error=error.message)
    return Outcome(scan, cells, some, target.getvalue(), n_changed)


@settings(deadline=None, max_examples=300)
@given(
    text=TEXTS | st.lists(st.sampled_from(RECORDS), max_size=7).map("".join),
    header=st.sampled_from(["t,l\n", "l\n"]),
    block_bytes=st.integers(1, 12),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16-le", "gb18030"]),
    delimiter=st.sampled_from([",", ";", "é"]),
    row=st.integers(0, 3),
    label=st.sampled_from(["x", "é,", "", '"']),
)
@example(text='""\n"a"",b"\n"""",', block_bytes=1, header="t,l\n", encoding="utf-8", delimiter=",", row=1, label="x")
@example(text='a"b\n"c\r', block_bytes=3, header="t,l\n", encoding="utf-8", delimiter=",", row=0, label="x")
def test_blocks_of_bytes_read_as_single_records_do(
    text: str, *, header: str, block_bytes: int, encoding: str, delimiter: str, row: int, label: str, folder: Path
) -> None:
    """Whether quotes are counted in small blocks, or every record is cut by the tokenizer in one block."""
    path = folder / "table"
    path.write_bytes((header + text).replace(",", delimiter).encode(encoding))
    layout = FileLayout(
        file_format="csv", encoding=encoding, byte_order_mark=False, delimiter=delimiter, columns=(), n_rows=0
    )
    edits = TableEdits(cells={row: {"l": label}}, dropped_rows=frozenset([row + 1]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        found = everything(path, layout, edits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited_blocks, "_are_regular", lambda *_: False)
        expected = everything(path, layout, edits)

    assert found == expected
