"""Cutting delimited text, and refusing what is no table."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.delimited import Tokenizer, check_delimiter, open_table, read_cells


def layout_of(delimiter: str = ",") -> FileLayout:
    """Return a UTF-8 layout of which only the delimiter matters."""
    return FileLayout(
        file_format="csv", encoding="utf-8", byte_order_mark=False, delimiter=delimiter, columns=(), n_rows=0
    )


@pytest.mark.parametrize(
    ("record", "cells"),
    [
        ("a,b\n", ["a", "b"]),
        ("a,", ["a", ""]),
        (",\r\n", ["", ""]),
        ("\n", [""]),
        ('"a,b",c\n', ["a,b", "c"]),
        ('"a\r\nb","c""d"\r', ["a\r\nb", 'c"d']),
        ('a"b,c""d\n', ['a"b', 'c""d']),
        ('"a"b,""c\n', ["ab", "c"]),
        ('"a" "b",c\n', ['a "b"', "c"]),
        ('"",""""\n', ["", '"']),
        (' "a",b\n', [' "a"', "b"]),
    ],
)
def test_cells_are_cut_leniently(record: str, cells: list[str]) -> None:
    """Worked out by hand from the rules in the module's first lines."""
    tokenizer = Tokenizer(",")

    assert tokenizer.split_records(record) == [record]
    assert tokenizer.cells(record) == cells
    assert tokenizer.n_cells(record) == len(cells)


def test_a_cell_s_span_includes_its_quotes() -> None:
    """The span is what a correction replaces; one past the end is a mistake of the caller."""
    tokenizer = Tokenizer(";")
    record = 'a;"b;""c"d;e\r\n'

    spans = [record[slice(*tokenizer.cell_span(record, position))] for position in range(3)]

    assert spans == ["a", '"b;""c"d', "e"]
    with pytest.raises(IndexError):
        tokenizer.cell_span(record, 3)


def test_text_after_an_open_quote_is_one_incomplete_record() -> None:
    """So that the next block can complete it; where the quoted cell begins is known."""
    tokenizer = Tokenizer(",")

    records = tokenizer.split_records('a,b\nc,"d\ne,f\n')

    assert records == ["a,b\n", 'c,"d\ne,f\n']
    assert tokenizer.open_quote(records[1]) == 2
    assert tokenizer.open_quote(records[0]) is None


@pytest.mark.parametrize("delimiter", [",,", "", '"', "\n", "\r", "\0"])
def test_a_delimiter_is_one_ordinary_character(delimiter: str) -> None:
    """Quotes and line ends have a meaning of their own."""
    with pytest.raises(InvalidInputError, match="delimiter"):
        check_delimiter(delimiter)


def test_blank_lines_before_the_header_belong_to_the_lead(tmp_path: Path) -> None:
    """They are kept, and the header is the first line that is not blank."""
    path = tmp_path / "a"
    path.write_bytes(b"\n\r\na,b\n1,2\n")

    table = open_table(path, layout_of())

    assert (table.lead, table.columns) == ("\n\r\na,b\n", ("a", "b"))


def test_blank_lines_are_rows_of_a_single_column(tmp_path: Path) -> None:
    """With one column an empty line is an empty cell; with more it is nothing."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"a\n1\n\n2\n")
    two.write_bytes(b"a,b\n1,2\n\n3,4\n")

    assert read_cells(one, layout_of(), ["a"]) == [["1", "", "2"]]
    assert read_cells(two, layout_of(), ["a"]) == [["1", "3"]]


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
    monkeypatch.setattr("labelclean.io.tables.delimited._MOST_SEEN", 1)
    path = tmp_path / "a"
    path.write_bytes(b"a,b\nx,label\ny,label\nz,label\n")

    names, labels = read_cells(path, layout_of(), ["a", "b"])

    assert names == ["x", "y", "z"]
    assert labels == ["label", "label", "label"]
    assert labels[0] is labels[1]


def test_an_empty_file_has_no_table(tmp_path: Path) -> None:
    """Blank lines are no header."""
    path = tmp_path / "a"
    path.write_bytes(b"\n\n")

    with pytest.raises(FileContentError, match="it is empty"):
        open_table(path, layout_of())
