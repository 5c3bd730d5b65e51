"""Guessing what parts cells, and whether quotes enclose them."""

from __future__ import annotations

import pytest

from labelclean.io.delimiters import DelimiterChoice, choose_delimiter
from labelclean.io.layout import FileFormat, ReadingChoices
from labelclean.io.reasons import CHOSEN


def chosen_for(
    sample: str,
    *,
    suffix: str = "",
    delimiter: str | None = None,
    file_format: FileFormat | None = None,
    quoting: bool | None = None,
    is_whole: bool = True,
) -> DelimiterChoice:
    """Guess, after some choices of the user."""
    choices = ReadingChoices(delimiter=delimiter, file_format=file_format, quoting=quoting)
    return choose_delimiter(sample, suffix, choices, is_whole=is_whole)


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n'])
def test_the_line_that_excel_writes_names_the_delimiter(line: str) -> None:
    """Even where another character would fit as well."""
    found = chosen_for(line + "a;b,c\nd;e,f\n")

    assert found.delimiter == ";"
    assert "Excel" in found.reasons["delimiter"]


def test_the_user_s_choice_goes_over_the_line_of_excel() -> None:
    """What was chosen is taken as it is."""
    assert chosen_for("sep=;\na;b,c\n", delimiter=",").delimiter == ","
    assert chosen_for("sep=;\na\tb\n", file_format="tsv").delimiter == "\t"


@pytest.mark.parametrize(
    "sample",
    [
        'text\tlabel\n"Well\tbad\nyes\tgood\n',
        'text\tlabel\n"Well" she said\tbad\n5" wide\tgood\n',
        'text\tlabel\n"\tbad\n"yes"\tgood\n',
    ],
)
def test_quotes_that_enclose_nothing_are_ordinary(sample: str) -> None:
    """Between tabs: reading them as enclosing cells would break the table or take them away."""
    found = chosen_for(sample)

    assert not found.quoting
    assert "Quotes are ordinary characters here" in found.reasons["quoting"]


@pytest.mark.parametrize(
    "sample",
    [
        "text,label\na,b\n",
        'text,label\n"a,b",c\n"d",e\n',
        'text,label\n"a","b"\n"c","d\n',
        'text\tlabel\n"a"\tb\n"c"\td\n"e" f\tg\n',
        'text,label\n"a" b,c\nd,e\n',
        'text,label\n"a\nb",c\n"d,e\n',
        'text,label\nthe 5" disk,b\n',
        'text\tlabel\tid\n""\t"\t\r"\t"\t"\n',
    ],
)
def test_quotes_enclose_cells_otherwise(sample: str) -> None:
    """One cell that is never closed among many that are is a mistake in the file, not its rule."""
    found = chosen_for(sample)

    assert found.quoting
    assert "quoting" not in found.reasons


def test_a_quoted_cell_at_the_end_of_the_sample_is_no_sign() -> None:
    """The sample may end inside of it."""
    sample = 'text\tlabel\na\tb\n"c\td'

    assert chosen_for(sample, is_whole=False).quoting
    assert not chosen_for(sample, is_whole=True).quoting


def test_quoting_can_be_chosen() -> None:
    """Either way, and that is its reason."""
    for quoting in (False, True):
        found = chosen_for('text,label\n"a",b\n', quoting=quoting)

        assert found.quoting == quoting
        assert found.reasons["quoting"] == CHOSEN
