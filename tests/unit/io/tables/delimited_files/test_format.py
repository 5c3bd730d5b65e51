"""Reading delimited files, and refusing what is no table."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.delimited_files.format import DELIMITED
from labelclean.io.tables.delimited_files.table import open_table


def layout_of(delimiter: str = ",") -> FileLayout:
    """Return a UTF-8 layout of which only the delimiter matters."""
    return FileLayout(
        file_format="csv", encoding="utf-8", byte_order_mark=False, delimiter=delimiter, columns=(), n_rows=0
    )


def test_blank_lines_before_the_header_belong_to_the_lead(tmp_path: Path) -> None:
    """They are kept, and the header is the first line that is not blank."""
    path = tmp_path / "a"
    path.write_bytes(b"\n\r\na,b\n1,2\n")

    table = open_table(path, layout_of())

    assert (table.lead, table.header, table.columns) == ("\n\r\n", "a,b\n", ("a", "b"))


def test_blank_lines_are_rows_of_a_single_column(tmp_path: Path) -> None:
    """With one column an empty line is an empty cell; with more it is nothing."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"a\n1\n\n2\n")
    two.write_bytes(b"a,b\n1,2\n\n3,4\n")

    assert DELIMITED.read(one, layout_of(), ["a"]) == [["1", "", "2"]]
    assert DELIMITED.read(two, layout_of(), ["a"]) == [["1", "3"]]


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    """A wrong delimiter in a long text could give any number of them."""
    path = tmp_path / "a"
    path.write_text(",".join(map(str, range(10_001))))

    with pytest.raises(FileContentError, match="10,001"):
        open_table(path, layout_of())


def test_long_column_names_are_cut_in_messages(tmp_path: Path) -> None:
    """A header that is a whole text does not fill the screen."""
    path = tmp_path / "a"
    path.write_text("x" * 500 + "," + "x" * 500)

    with pytest.raises(FileContentError, match=r"“x{60}…”") as caught:
        open_table(path, layout_of())

    assert len(caught.value.message) < 200


def test_repeated_cells_are_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal labels are the same object; what is remembered for that is bounded."""
    monkeypatch.setattr("labelclean.io.tables.delimited_files.reader._MOST_SEEN", 1)
    path = tmp_path / "a"
    path.write_bytes(b"a,b\nx,label\ny,label\nz,label\n")

    names, labels = DELIMITED.read(path, layout_of(), ["a", "b"])

    assert names == ["x", "y", "z"]
    assert labels == ["label", "label", "label"]
    assert labels[0] is labels[1]


def test_an_empty_file_has_no_table(tmp_path: Path) -> None:
    """Blank lines are no header."""
    path = tmp_path / "a"
    path.write_bytes(b"\n\n")

    with pytest.raises(FileContentError, match="it is empty"):
        open_table(path, layout_of())


def saved(folder: Path, data: bytes | str) -> Path:
    """Write a file."""
    path = folder / "a.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_all_ragged_rows_are_counted(tmp_path: Path) -> None:
    """The first is named; only the last may be short, if it has no line end."""
    data = "a,b\n1,2\n" + "3\n" * 5 + "4,5,6\n7"

    with pytest.raises(FileContentError, match=r"line 3 has 1\. 5 more rows"):
        DELIMITED.scan(saved(tmp_path, data), layout_of())
    assert DELIMITED.scan(saved(tmp_path, "a,b\n7"), layout_of()).sample == (("7", ""),)
    with pytest.raises(FileContentError, match="line 2 has 1"):
        DELIMITED.scan(saved(tmp_path, "a,b\n7\n"), layout_of())


def test_a_last_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    """It cannot be filled up."""
    with pytest.raises(FileContentError, match="line 2 has 3"):
        DELIMITED.scan(saved(tmp_path, "a,b\n1,2,3"), layout_of())
    with pytest.raises(FileContentError, match="line 2 has 3"):
        DELIMITED.read(saved(tmp_path, "a,b\n1,2,3"), layout_of(), ["a"])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a,b\n1,2\n" + "x" * 50 + ",2\n", "begins in line 3 has more"),
        ('a,b\n1,2\n3,"' + "x\n" * 50, "quoted cell that begins in line 3 is not closed"),
    ],
)
def test_an_endless_record_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: str, message: str) -> None:
    """Before all of it is in memory, and with the likely cause."""
    monkeypatch.setattr("labelclean.io.tables.delimited_files.blocks.MAX_RECORD_CHARACTERS", 40)
    monkeypatch.setattr("labelclean.io.text.text_file.BLOCK_BYTES", 16)

    with pytest.raises(FileContentError, match=message):
        DELIMITED.scan(saved(tmp_path, data), layout_of())


@pytest.mark.parametrize("block_bytes", [4, 1 << 20])
def test_some_rows_are_read_in_rising_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_bytes: int) -> None:
    """Whatever the order they are asked in, and whatever columns; those that are not there are left out."""
    monkeypatch.setattr("labelclean.io.text.text_file.BLOCK_BYTES", block_bytes)
    path = saved(tmp_path, 'a,b\n0,x\n\n1,"y"\n2,"z""z"\n3,\n4,last')

    assert DELIMITED.read(path, layout_of(), ["b", "a"], rows=[4, 2, 1, 9]) == [["y", 'z"z', "last"], ["1", "2", "4"]]
    assert DELIMITED.read(path, layout_of(), ["a"], rows=[]) == [[]]


def test_a_column_that_is_not_in_the_file_is_refused(tmp_path: Path) -> None:
    """The file is not the one that was looked into."""
    with pytest.raises(FileContentError, match="others now"):
        DELIMITED.read(saved(tmp_path, "a,b\n1,2\n"), layout_of(), ["c"])


def test_the_line_that_names_the_delimiter_is_no_header(tmp_path: Path) -> None:
    """Only as the first one; later it is data."""
    table = open_table(saved(tmp_path, "\nsep=,\r\na,b\n"), layout_of())
    later = open_table(saved(tmp_path, "sep=;\nsep=,\n1\n"), layout_of(";"))

    assert (table.lead, table.columns) == ("\nsep=,\r\n", ("a", "b"))
    assert (later.lead, later.columns) == ("sep=;\n", ("sep=,",))


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read would be neither the old file nor the new one."""
    monkeypatch.setattr("labelclean.io.text.text_file.BLOCK_BYTES", 8)
    path = saved(tmp_path, "a,b\n1,2\n3,4\n")
    table = open_table(path, layout_of())
    with path.open("a") as file:
        file.write("5,6\n")

    with pytest.raises(FileContentError, match="changed meanwhile"):
        list(table.blocks)
