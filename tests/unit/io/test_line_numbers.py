"""On which line a record begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labelclean.io.layout import FileLayout
from labelclean.io.line_numbers import line_numbers

CSV = FileLayout(
    file_format="csv", encoding="utf-8", byte_order_mark=False, delimiter=",", columns=("text", "label"), n_rows=3
)
JSONL = replace(CSV, file_format="jsonl", delimiter="")


def lines_of(tmp_path: Path, content: bytes, layout: FileLayout, *rows: int) -> dict[int, int]:
    """Ask for the lines of some records of a file."""
    path = tmp_path / "file"
    path.write_bytes(content)
    return line_numbers(path, layout, set(rows))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_records_of_a_table_begin_where_their_first_line_does(end: bytes, tmp_path: Path) -> None:
    """A cell goes over two lines; a blank line is no record."""
    content = end.join([b"text,label", b'"a', b'b",x', b"", b"c,y", b"d,z"])

    assert lines_of(tmp_path, content, CSV, 0, 1, 2) == {0: 2, 1: 5, 2: 6}


def test_lines_of_json_lines_are_counted(tmp_path: Path) -> None:
    """Blank lines are lines as well."""
    assert lines_of(tmp_path, b"{}\n\n{}\n{}\n", JSONL, 1, 2) == {1: 3, 2: 4}


def test_quotes_do_not_join_lines_where_they_are_plain_characters(tmp_path: Path) -> None:
    """In a table without quoting a quote is a character like any other."""
    layout = replace(CSV, quoting=False)

    assert lines_of(tmp_path, b'text,label\n"a,x\nb",y\nc,z\n', layout, 1) == {1: 3}


def test_a_count_that_is_not_the_files_is_not_trusted(tmp_path: Path) -> None:
    """Something is read in another way than here, so no line is better than a wrong one."""
    assert lines_of(tmp_path, b"text,label\na,x\nb,y\n", CSV, 0) == {}


@pytest.mark.parametrize(
    "layout",
    [
        replace(CSV, file_format="parquet"),
        replace(CSV, file_format="json"),
        replace(CSV, compression="gzip"),
        replace(CSV, encoding="ascii"),
    ],
)
def test_other_files_have_no_lines(layout: FileLayout, tmp_path: Path) -> None:
    """Nor do those that cannot be read as text."""
    assert lines_of(tmp_path, "text,label\né,x\nb,y\nc,z\n".encode(), layout, 0) == {}


def test_nothing_asked_nothing_read(tmp_path: Path) -> None:
    """The file need not even be there."""
    assert line_numbers(tmp_path / "none", CSV, ()) == {}
