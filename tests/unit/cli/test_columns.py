"""Which column is which."""

from __future__ import annotations

import pytest

from labelclean.cli.reading import ReadingOptions
from labelclean.errors import InvalidInputError
from labelclean.io.layout import ColumnGuess, ColumnRoles, FileLayout, FileSummary


def _summary(text: str | None = "body", label: str | None = "topic") -> FileSummary:
    layout = FileLayout(
        file_format="csv",
        encoding="utf-8",
        byte_order_mark=False,
        delimiter=",",
        columns=("nr", "body", "topic"),
        n_rows=3,
    )
    guesses = (
        ColumnGuess(role="text", column=text, reason="Its cells are the longest."),
        ColumnGuess(role="label", column=label, reason="Few values, often repeated."),
        ColumnGuess(role="row_id", column="nr", reason="All values differ."),
    )
    return FileSummary(layout=layout, reasons={}, preview=(), guesses=guesses)


def test_named_columns_are_taken_as_named() -> None:
    """A name on the command line goes before any guess."""
    roles = ReadingOptions(text="topic", label="nr", row_id="body").roles(_summary(), quiet=False)

    assert roles == ColumnRoles(text="topic", label="nr", row_id="body")


def test_guesses_are_used_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever leaves a column out is told which one was taken and why."""
    roles = ReadingOptions(text=None, label=None, row_id=None).roles(_summary(), quiet=False)

    assert roles == ColumnRoles(text="body", label="topic")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "text column: 'body' (Its cells are the longest); --text changes it" in shown.err
    assert "label column: 'topic' (Few values, often repeated); --label changes it" in shown.err


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """--quiet keeps the guesses to itself."""
    ReadingOptions(text=None, label=None, row_id=None).roles(_summary(), quiet=True)

    assert capsys.readouterr().err == ""


def test_a_column_that_does_not_exist_is_refused_with_the_ones_that_do() -> None:
    """The reader sees what to choose from."""
    with pytest.raises(InvalidInputError) as refused:
        ReadingOptions(text="bodi", label=None, row_id=None).roles(_summary(), quiet=True)

    assert refused.value.message == "--text must name a column; got 'bodi'."
    assert refused.value.fix == "The columns are 'nr', 'body', 'topic'."


def test_a_column_that_is_neither_named_nor_recognised_is_asked_for() -> None:
    """Nothing runs on a blind guess."""
    with pytest.raises(InvalidInputError) as refused:
        ReadingOptions(text=None, label=None, row_id=None).roles(_summary(label=None), quiet=True)

    assert refused.value.message == "The label column must be known; none was recognised."
    assert refused.value.fix.startswith("Name it with --label.")


def test_text_and_label_are_two_columns() -> None:
    """One column cannot be both."""
    with pytest.raises(InvalidInputError, match="must be two columns"):
        ReadingOptions(text="body", label="body", row_id=None).roles(_summary(), quiet=True)
