"""Reading delimited files, and refusing what is no table."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.delimited import DELIMITED
from labelclean.io.tables.delimited_table import open_table


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
    monkeypatch.setattr("labelclean.io.tables.delimited_reader._MOST_SEEN", 1)
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
