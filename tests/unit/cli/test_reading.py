"""The options about how a file is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelclean.cli.reading import ReadingOptions
from labelclean.errors import InvalidInputError
from labelclean.io.layout import ColumnGuess, FileLayout, FileSummary, LabelSpelling, VoteColumns


def _summary(votes: VoteColumns | None = None) -> FileSummary:
    layout = FileLayout(
        file_format="csv",
        encoding="utf-8",
        byte_order_mark=False,
        delimiter=",",
        columns=("nr", "body", "topic", "late", "broken", "who"),
        n_rows=3,
    )
    guesses = (
        ColumnGuess(role="text", column="body", reason="Its cells are the longest."),
        ColumnGuess(role="label", column="topic", reason="Few values."),
        ColumnGuess(role="row_id", column="nr", reason="All values differ."),
    )
    return FileSummary(
        layout=layout, reasons={}, preview=(), guesses=guesses, votes=votes, votes_reason="Two columns hold votes."
    )


def test_a_separator_alone_says_that_labels_are_joined() -> None:
    """Whoever names the separator need not name the spelling."""
    roles = ReadingOptions(separator="|").roles(_summary(), quiet=True)

    assert roles.label == "topic"
    assert roles.spelling == LabelSpelling(kind="joined", separator="|")


def test_columns_of_labels_are_one_for_each_label_unless_said_otherwise() -> None:
    """The first of them stands for the label."""
    options = ReadingOptions(label_columns="late, broken")

    roles = options.roles(_summary(), quiet=True)

    assert roles.label == "late"
    assert roles.spelling == LabelSpelling(kind="one_hot", columns=("late", "broken"))
    assert roles.label_columns == ("late", "broken")


def test_names_of_numbers_come_from_a_list_or_a_file(tmp_path: Path) -> None:
    """One name a line, or commas between."""
    names = tmp_path / "names.txt"
    names.write_text("refund\nother\n", encoding="utf-8")

    from_file = ReadingOptions(label_names=str(names)).roles(_summary(), quiet=True)
    from_list = ReadingOptions(label_names="refund,other").roles(_summary(), quiet=True)

    assert from_file.spelling == LabelSpelling(kind="names", class_names=("refund", "other"))
    assert from_list.spelling == from_file.spelling


def test_annotators_have_columns_or_one_column() -> None:
    """Each form gives its votes."""
    wide = ReadingOptions(annotators="late,broken", consensus="agreed").roles(_summary(), quiet=True)
    long = ReadingOptions(annotator="who", row_id="nr").roles(_summary(), quiet=True)

    assert wide.votes == VoteColumns(columns=("late", "broken"), consensus="agreed")
    assert (long.votes, long.row_id, long.label) == (VoteColumns(annotator="who"), "nr", "topic")


def test_votes_that_were_recognised_are_used_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A named label goes before the guess."""
    votes = VoteColumns(columns=("late", "broken"))

    guessed = ReadingOptions().roles(_summary(votes), quiet=False)
    named = ReadingOptions(label="topic").roles(_summary(votes), quiet=True)

    assert guessed.votes == votes
    assert "several annotators: Two columns hold votes; --label reads one column alone" in capsys.readouterr().err
    assert named.votes is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (ReadingOptions(spelling="one_hot"), "--label-columns must be given"),
        (ReadingOptions(spelling="joined", label_columns="late"), "--label-columns must be given"),
        (ReadingOptions(spelling="joined"), "--label-separator must be given"),
        (ReadingOptions(spelling="names"), "--label-names must be given"),
        (ReadingOptions(label_columns="late,lost"), "--label-columns must name columns; got 'lost'"),
        (ReadingOptions(annotators="late", annotator="who"), "were both given"),
        (ReadingOptions(label="body"), "must be two columns"),
        (ReadingOptions(spelling="plain", separator="|"), "only for it; the spelling is plain"),
        (ReadingOptions(spelling="joined", separator="|", label_names="a,b"), "only for it; the spelling is joined"),
        (ReadingOptions(annotators="late"), "several annotators; got 'late' alone"),
        (ReadingOptions(annotator="topic", label="topic", row_id="nr"), "annotators and their labels must be two"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: ReadingOptions, words: str) -> None:
    """Nothing is guessed where the user said something impossible."""
    with pytest.raises(InvalidInputError, match=words):
        options.roles(_summary(), quiet=True)
