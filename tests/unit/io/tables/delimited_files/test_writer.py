"""Writing delimited files again: other cells, fewer rows, more columns, other encodings."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from pathlib import Path

import pytest

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import TableEdits
from labelclean.io.tables.delimited_files.format import DELIMITED

LAYOUT = FileLayout(file_format="csv", encoding="utf-8", byte_order_mark=False, delimiter=",", columns=(), n_rows=0)


def written(folder: Path, data: bytes | str, edits: TableEdits, layout: FileLayout = LAYOUT) -> tuple[bytes, int]:
    """Write a file again, and return the bytes and in how many rows a cell changed."""
    path = folder / "a.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    target = io.BytesIO()
    n_changed = DELIMITED.write(path, target, layout, edits)
    return target.getvalue(), n_changed


def test_several_cells_of_a_row_change_together(tmp_path: Path) -> None:
    """Each keeps its quotes; a row counts once, and not at all if it reads like that already."""
    edits = TableEdits(cells={0: {"a": "x", "c": "y,z"}, 1: {"b": "5"}, 2: {"a": "7", "b": None}})

    data, n_changed = written(tmp_path, '"a",b,c\r\n"1",2,3\r\n4,"5",6\r\n7,8,9', edits)

    assert data == b'"a",b,c\r\n"x",2,"y,z"\r\n4,"5",6\r\n7,,9'
    assert n_changed == 2


def test_values_are_spelled_as_python_prints_them(tmp_path: Path) -> None:
    """Text as it is, missing ones as the empty cell."""
    edits = TableEdits(cells={0: {"a": 1}, 1: {"a": 2.5}, 2: {"a": True}, 3: {"a": float("nan")}, 4: {"a": "007"}})

    data, _n = written(tmp_path, "a,b\n" + "-,-\n" * 5, edits)

    assert data == b"a,b\n1,-\n2.5,-\nTrue,-\n,-\n007,-\n"


def test_dropped_rows_leave_blank_lines_where_they_are(tmp_path: Path) -> None:
    """And changes of their cells do not count."""
    edits = TableEdits(cells={0: {"a": "x"}, 1: {"a": "y"}}, dropped_rows=frozenset([0]))

    assert written(tmp_path, "a,b\n\n1,2\n\n3,4\n", edits) == (b"a,b\n\n\ny,4\n", 1)


def test_added_columns_stand_behind_the_others(tmp_path: Path) -> None:
    """In the header as well; blank lines stay, and a short last record is filled up first."""
    edits = TableEdits(
        cells={1: {"b": "new"}}, dropped_rows=frozenset([2]), added={"c": ["1", None, "3", "x,y"], "d,e": [4, 5, 6, 7]}
    )

    data, n_changed = written(tmp_path, 'sep=,\na,b\r\n\n1,2\r"3",4\n5,6\n7', edits)

    assert data == b'sep=,\na,b,c,"d,e"\r\n\n1,2,1,4\r"3",new,,5\n7,,"x,y",7'
    assert n_changed == 1


def test_added_columns_stand_before_each_line_end(tmp_path: Path) -> None:
    """Behind quoted cells with line ends in them, and behind records that change otherwise as well."""
    edits = TableEdits(cells={1: {"a": "x"}}, dropped_rows=frozenset([2]), added={"c": ["1", "2", "3", "4"]})

    data, n_changed = written(tmp_path, 'a,b\n1,"2\n2"\r\n3,4\r5,6\n"7",8\n', edits)

    assert data == b'a,b,c\n1,"2\n2",1\r\nx,4,2\r"7",8,4\n'
    assert n_changed == 1


def test_a_label_that_an_added_column_cannot_hold_is_refused(tmp_path: Path) -> None:
    """With its row and line."""
    layout = replace(LAYOUT, encoding="cp1252")

    with pytest.raises(FileContentError, match=r"row 1 \(line 3\) has characters that it lacks"):
        written(tmp_path, "a,b\n1,2\n3,4\n", TableEdits(added={"c": ["x", "ł"]}), layout)


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ({"b": ["1"]}, "“b” is empty or in the file already"),
        ({" ": ["1"]}, "is empty or in the file already"),
        ({"c": []}, "1 or more"),
        ({"c": ["1", "2"]}, "1 or more"),
    ],
)
def test_added_columns_must_fit(tmp_path: Path, added: dict[str, list[object]], message: str) -> None:
    """With a name of their own, and a value for every row."""
    with pytest.raises(InvalidInputError, match=message):
        written(tmp_path, "a,b\n1,2\n", TableEdits(added=added))


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (TableEdits(cells={2: {"a": "x"}}), "2 rows counted from 0; got row 2"),
        (TableEdits(dropped_rows=frozenset([7])), "got row 7"),
        (TableEdits(dropped_rows=frozenset([-1])), "got row -1"),
        (TableEdits(cells={0: {"z": "x"}}), "no “z”"),
    ],
)
def test_what_is_not_in_the_file_cannot_change(tmp_path: Path, edits: TableEdits, message: str) -> None:
    """Rows and columns that are not there are mistakes of the caller."""
    with pytest.raises(InvalidInputError, match=message):
        written(tmp_path, "a,b\n1,2\n3,4\n", edits)


@pytest.mark.parametrize(
    ("old", "mark", "new", "expected"),
    [
        ("cp1252", False, "utf-8", "a,b\né,ł\n".encode()),
        ("utf-16-le", True, "utf-8", b"\xef\xbb\xbf" + "a,b\né,ł\n".encode()),
        ("utf-8", False, "utf-16-le", "a,b\né,ł\n".encode("utf-16")),
        ("utf-8", True, "cp1250", "a,b\né,ł\n".encode("cp1250")),
        ("gb18030", False, "utf-8", "a,b\né,ł\n".encode()),
    ],
)
def test_the_whole_file_can_be_written_in_another_encoding(
    tmp_path: Path, old: str, new: str, expected: bytes, *, mark: bool
) -> None:
    """With a mark if it had one, or where the encoding needs one, or without one where it has none."""
    data = (("\ufeff" if mark else "") + "a,b\né,x\n").encode(old)
    layout = replace(LAYOUT, encoding=old, byte_order_mark=mark)

    assert written(tmp_path, data, TableEdits(cells={0: {"b": "ł"}}, encoding=new), layout) == (expected, 1)


def test_a_label_that_the_encoding_lacks_is_refused(tmp_path: Path) -> None:
    """With its row and line, and the offer of UTF-8."""
    layout = replace(LAYOUT, encoding="cp1252")

    with pytest.raises(FileContentError, match=r"cp1252; the new label of row 1 \(line 4\)") as caught:
        written(tmp_path, b'a,b\n"1\n1",2\n3,4\n', TableEdits(cells={1: {"b": "ł"}}), layout)

    assert "UTF-8" in caught.value.fix


@pytest.mark.parametrize(("data", "line"), [("a,ł\n1,2\n", 1), ("a,b\n1,2\n\n3,ł\n5,6\n", 4)])
def test_text_that_another_encoding_lacks_is_refused(tmp_path: Path, data: str, line: int) -> None:
    """With its line."""
    with pytest.raises(FileContentError, match=f"chosen encoding, cp1252; one in line {line} does not"):
        written(tmp_path, data, TableEdits(cells={0: {"a": "x"}}, encoding="cp1252"))


@pytest.mark.parametrize(
    ("label", "quoting", "what"), [("a\0b", True, "a NUL character"), ("a\tb", False, "the delimiter or a line end")]
)
def test_a_label_that_no_cell_can_hold_is_refused(tmp_path: Path, label: str, what: str, *, quoting: bool) -> None:
    """With its row and line."""
    layout = replace(LAYOUT, delimiter="\t", quoting=quoting)

    with pytest.raises(FileContentError, match=rf"row 0 \(line 2\) has {what}"):
        written(tmp_path, "a\tb\n1\t2\n", TableEdits(cells={0: {"b": label}}), layout)


def test_without_quoting_quotes_are_written_as_they_are(tmp_path: Path) -> None:
    """No cell is put in quotes, and none is doubled."""
    layout = replace(LAYOUT, delimiter="\t", quoting=False)
    edits = TableEdits(cells={0: {"b": '"x'}, 1: {"b": " y "}})

    assert written(tmp_path, 'a\tb\n"1\t2\n"3"\t"4"\n', edits, layout) == (b'a\tb\n"1\t"x\n"3"\t y \n', 2)


def test_a_ragged_row_cannot_be_corrected(tmp_path: Path) -> None:
    """It is refused with its line, as when reading."""
    with pytest.raises(FileContentError, match="begins in line 3 has 3"):
        written(tmp_path, "a,b\n1,2\n3,4,5\n", TableEdits(cells={1: {"b": "x"}}))


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    """It is not the one that was looked into."""
    with pytest.raises(FileContentError, match="others now"):
        written(tmp_path, "a,b\n1,2\n", TableEdits(), replace(LAYOUT, columns=("b", "a")))


def test_the_content_of_an_archive_is_written(tmp_path: Path) -> None:
    """Without the archive, which others put around it again."""
    data = gzip.compress(b"a,b\n1,2\n")

    assert written(tmp_path, data, TableEdits(cells={0: {"b": "x"}}), replace(LAYOUT, compression="gzip")) == (
        b"a,b\n1,x\n",
        1,
    )
