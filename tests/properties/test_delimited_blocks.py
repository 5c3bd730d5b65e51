"""Blocks of bytes read and are written as single records are, for any text, however it is cut into blocks."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from labelclean.errors import InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import TableEdits
from labelclean.io.tables.delimited_files.format import DELIMITED, Tokenizer
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
    """All that can be done with a file, or why it is refused."""

    rows: list[list[str]] = field(default_factory=list)
    some_labels: list[object] = field(default_factory=list)
    written: bytes = b""
    n_changed: int = 0
    refused: str = ""


def by_blocks(path: Path, layout: FileLayout, edits: TableEdits) -> Outcome:
    """Scan, read and write a file."""
    try:
        scan = DELIMITED.scan(path, layout)
        columns = DELIMITED.read(path, layout, scan.columns)
        (some,) = DELIMITED.read(path, layout, ["l"], rows=[1, 2, 5])
        target = io.BytesIO()
        n_changed = DELIMITED.write(path, target, layout, edits)
    except InvalidInputError as error:
        found = re.search("closed by a quote|as many cells|one row|can hold|must be in the file", error.message)
        return Outcome(refused=found[0] if found else error.message)
    rows = [list(map(str, row)) for row in zip(*columns, strict=True)]
    assert scan.n_rows == len(rows)
    assert [list(row) for row in scan.sample] == rows
    return Outcome(rows, some, target.getvalue(), n_changed)


def by_records(text: str, layout: FileLayout, row: int, label: str) -> Outcome:
    """Do the same with one record after the other."""
    tokenizer = Tokenizer(layout.delimiter, quoting=layout.quoting)
    header, *records = tokenizer.split_records(text)
    if tokenizer.open_quote([header, *records][-1]) is not None:
        return Outcome(refused="closed by a quote")
    names = tokenizer.cells(header)
    data = [at for at, record in enumerate(records) if record.strip("\r\n") or len(names) == 1]
    rows = [tokenizer.cells(records[at]) for at in data]
    if rows and data[-1] == len(records) - 1 and not records[-1].endswith(("\r", "\n")):
        rows[-1] += [""] * (len(names) - len(rows[-1]))
    if any(len(cells) != len(names) for cells in rows):
        return Outcome(refused="as many cells")
    if not rows:
        return Outcome(refused="one row")
    if row < len(rows) and not tokenizer.can_spell(label):
        return Outcome(refused="can hold")
    if row + 1 >= len(rows):
        return Outcome(refused="must be in the file")
    n_changed = int(rows[row][-1] != label)
    if n_changed:
        spelled, line_end = tokenizer.spelled_cells(records[data[row]])
        is_only = len(names) == 1
        spelled[-1] = tokenizer.spell(label, was_quoted=spelled[-1].startswith('"'), is_only_column=is_only)
        records[data[row]] = layout.delimiter.join(spelled) + line_end
    records[data[row + 1]] = ""
    some = [cells[-1] for at, cells in enumerate(rows) if at in {1, 2, 5}]
    return Outcome(rows, list(some), (header + "".join(records)).encode(layout.encoding), n_changed)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A file, and a correction of it."""

    text: str
    header: str = "t,l\n"
    encoding: str = "utf-8"
    delimiter: str = ","
    quoting: bool = True
    row: int = 0
    label: str = "x"


CASES = st.builds(
    Case,
    text=TEXTS | st.lists(st.sampled_from(RECORDS), min_size=3, max_size=9).map("".join),
    header=st.sampled_from(["t,l\n", "l\n"]),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16-le", "gb18030"]),
    delimiter=st.sampled_from([",", ";", "é"]),
    quoting=st.booleans(),
    row=st.integers(0, 3),
    label=st.sampled_from(["x", "é", "", '"', "a,"]),
)


@settings(deadline=None, max_examples=300)
@given(case=CASES, block_bytes=st.integers(1, 12))
@example(case=Case(text='""\n"a"",b"\n"""",', header="l\n"), block_bytes=1)
@example(case=Case(text='a"b,"c\n"d"e,"f"\n"g\n",h\r'), block_bytes=3)
def test_blocks_of_bytes_read_as_single_records_do(case: Case, block_bytes: int, folder: Path) -> None:
    """Whether quotes are counted in small blocks of bytes, or the tokenizer cuts the whole text."""
    path = folder / "table"
    whole = (case.header + case.text).replace(",", case.delimiter)
    path.write_bytes(whole.encode(case.encoding))
    layout = FileLayout(
        file_format="csv",
        encoding=case.encoding,
        byte_order_mark=False,
        delimiter=case.delimiter,
        columns=(),
        n_rows=0,
        quoting=case.quoting,
    )
    edits = TableEdits(cells={case.row: {"l": case.label}}, dropped_rows=frozenset([case.row + 1]))
    expected = by_records(whole, layout, case.row, case.label)
    event(expected.refused)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        found = by_blocks(path, layout, edits)

    assert found == expected
