"""Mixed line ends and byte order marks inside of delimited files: said, but no reason to refuse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.delimited_files.format import DELIMITED

LAYOUT = FileLayout(file_format="csv", encoding="utf-8", byte_order_mark=False, delimiter=",", columns=(), n_rows=0)
MARK = "\ufeff"


@pytest.fixture(params=[9, 1 << 20], ids=["small blocks", "one block"], autouse=True)
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in blocks that cut records, and in one that does not."""
    monkeypatch.setattr("labelclean.io.text.text_file.BLOCK_BYTES", request.param)


def warnings_of(tmp_path: Path, data: str, layout: FileLayout = LAYOUT) -> list[str]:
    """Return what a scan says about a file."""
    path = tmp_path / "in"
    path.write_bytes(data.encode(layout.encoding))
    return list(DELIMITED.scan(path, layout).warnings)


@pytest.mark.parametrize(
    ("data", "counts", "line"),
    [
        ("a,b\r\n1,2\r\n3,4\n5,6\r\n", r"3 of \r\n and 1 of \n", 3),
        ("a,b\n1,2\r\n3,4\r\n", r"2 of \r\n and 1 of \n", 1),
        ('a,b\n"x\r\ny\r\nz",2\r3,4\n', r"2 of \n and 1 of \r", 4),
        ("a,b\n1,2\n3,4\r", r"2 of \n and 1 of \r", 3),
        ("\n\r\na,b\n1,2\n", r"3 of \n and 1 of \r\n", 2),
        ("a,b\r1,2\n3,4\r\n\n5,6", r"2 of \n, 1 of \r\n and 1 of \r", 1),
        ('"a\r\nc",b\n1,2\r\n3,4\r\n', r"2 of \r\n and 1 of \n", 2),
        ("sep=,\r\na,b\n1,2\n", r"2 of \n and 1 of \r\n", 1),
    ],
)
def test_mixed_line_ends_are_counted(tmp_path: Path, data: str, counts: str, line: int) -> None:
    """The most frequent first; the line is that of the first one of another kind."""
    expected = [f"Line ends are mixed: {counts}, the first other one in line {line}; they are kept."]

    assert warnings_of(tmp_path, data) == expected
    assert warnings_of(tmp_path, data, replace(LAYOUT, encoding="utf-16-le")) == expected


@pytest.mark.parametrize(
    "data",
    [
        "a,b\n1,2\n",
        "a,b\r\n1,2\r\n3,4",
        "a,b\r1,2\r",
        'a,b\n"1\r\n1\r1",2\n',
        '"a\r\na",b\n1,"2\r\n"\n',
        'a,b\r\n1,"x ""\n"" y"\r\n',
    ],
)
def test_line_ends_in_cells_do_not_count(tmp_path: Path, data: str) -> None:
    """They are part of the text, whatever ends the records."""
    assert warnings_of(tmp_path, data) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-be"])
def test_a_mark_at_the_beginning_of_a_line_is_named_with_its_line(tmp_path: Path, encoding: str) -> None:
    """The first of them, also behind cells of several lines."""
    layout = replace(LAYOUT, encoding=encoding)

    found = warnings_of(tmp_path, f'a,b\n"x\ny",2\n{MARK}c,d\n{MARK}3,4\n', layout)

    assert len(found) == 1
    assert found[0].startswith("Line 4 begins with a byte order mark")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (f"a,b\n1{MARK}2,3\n4{MARK},5\n", 2),
        (f"a,b\n1,2\n3,{MARK}4", 3),
        (f'a,b\n1,2\n"x\n{MARK}y",4\n', 4),
        (f"a,b\n1,2\n3,4\n5{MARK}\t{MARK},6\n", 4),
        (f"a{MARK},b\n1,2\n", 1),
    ],
)
def test_a_mark_in_the_middle_of_a_line_is_named_with_its_line(tmp_path: Path, data: str, line: int) -> None:
    """In a cell, at its beginning or its end, in the last line or in the header."""
    (found,) = warnings_of(tmp_path, data)

    assert found.startswith(f"Line {line} has a byte order mark inside")


def test_marks_of_both_kinds_are_named(tmp_path: Path) -> None:
    """One in a text does not hide that files were joined."""
    found = warnings_of(tmp_path, f"a,b\n1{MARK},2\n{MARK}c,d\n")

    assert [text.partition(" byte")[0] for text in found] == ["Line 3 begins with a", "Line 2 has a"]


def test_a_second_mark_at_the_top_is_named(tmp_path: Path) -> None:
    """Only the first one is the file's own."""
    layout = replace(LAYOUT, byte_order_mark=True)

    assert warnings_of(tmp_path, f"{MARK}a,b\n1,2\n", layout) == []
    assert warnings_of(tmp_path, f"{MARK}{MARK}a,b\n1,2\n", layout)[0].startswith("Line 1 begins with a")


def test_letters_that_are_spelled_alike_in_other_encodings_are_no_marks(tmp_path: Path) -> None:
    """Windows-1252 has no mark."""
    assert warnings_of(tmp_path, "a,b\nï»¿1,2\n", replace(LAYOUT, encoding="cp1252")) == []


def test_a_mark_may_explain_a_row_that_is_too_long(tmp_path: Path) -> None:
    """Where the first of two joined files had no last line end."""
    with pytest.raises(FileContentError, match=r"line 3 has 3\. There is a byte order mark in line 3, as when"):
        warnings_of(tmp_path, f"a,b\n1,2\n3,4{MARK}a,b\n5,6\n")
    with pytest.raises(FileContentError, match=r"line 3 has 3\. Put cells"):
        warnings_of(tmp_path, "a,b\n1,2\n3,4,5\n")
