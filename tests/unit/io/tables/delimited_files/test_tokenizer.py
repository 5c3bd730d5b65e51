"""Cutting text into records and cells."""

from __future__ import annotations

import pytest

from labelclean.errors import InvalidInputError
from labelclean.io.tables.delimited_files.tokenizer import Tokenizer, check_delimiter


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


def test_spelled_cells_keep_their_quotes() -> None:
    """Joined again with the delimiter and the line end they are the record."""
    record = 'a;"b;""c"d;e\r\n'

    assert Tokenizer(";").spelled_cells(record) == (["a", '"b;""c"d', "e"], "\r\n")
    assert Tokenizer(";").spelled_cells("a;;") == (["a", "", ""], "")


def test_without_quoting_a_quote_is_a_character() -> None:
    """Records end with lines, and cells at every delimiter."""
    tokenizer = Tokenizer("\t", quoting=False)

    assert tokenizer.split_records('"a\tb\n"\t"c\n') == ['"a\tb\n', '"\t"c\n']
    assert tokenizer.cells('"a\t""b"\n') == ['"a', '""b"']
    assert tokenizer.n_cells('"a\tb"\n') == 2
    assert tokenizer.spelled_cells('"a\tb"\r') == (['"a', 'b"'], "\r")
    assert tokenizer.open_quote('"a\tb\n') is None
    assert tokenizer.spell('"a', was_quoted=True, is_only_column=False) == '"a'


@pytest.mark.parametrize(
    ("cell", "was_quoted", "is_only_column", "spelled"),
    [
        ("a", False, False, "a"),
        ("a", True, False, '"a"'),
        ("a,b", False, False, '"a,b"'),
        ('a"b', False, False, '"a""b"'),
        ("a\rb", False, False, '"a\rb"'),
        (" a", False, False, '" a"'),
        ("", False, False, ""),
        ("", True, False, '""'),
        ("", False, True, '""'),
    ],
)
def test_a_cell_is_quoted_where_it_must_be(cell: str, *, was_quoted: bool, is_only_column: bool, spelled: str) -> None:
    """Or where it was before; an empty one that is alone would be a blank line."""
    assert Tokenizer(",").spell(cell, was_quoted=was_quoted, is_only_column=is_only_column) == spelled


@pytest.mark.parametrize(
    ("cell", "spelled"), [('["a"]', '["a"]'), ('"a', '"""a"'), ('a",b', '"a"",b"'), ("a ", '"a "')]
)
def test_a_cell_with_quotes_inside_may_have_them_again(cell: str, spelled: str) -> None:
    """As lists of text in a table of tabs; at the beginning a quote would open the cell."""
    written = Tokenizer(",").spell(cell, was_quoted=False, is_only_column=False, had_bare_quotes=True)

    assert written == spelled
    assert Tokenizer(",").cells(written) == [cell]


def test_without_quoting_some_cells_cannot_be_written() -> None:
    """Those that would be read as two, or as two records."""
    bare = Tokenizer(",", quoting=False)

    assert [bare.can_spell(cell) for cell in ('a"b', "a,b", "a\nb", "a\rb")] == [True, False, False, False]
    assert Tokenizer(",").can_spell("a,b\n")


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
