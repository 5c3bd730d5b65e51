"""Guessing whether several columns together spell label sets, or hold several annotators' votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from labelclean.io.columns import guess_columns
from labelclean.io.labels.guess import LabelGuess, guess_labels, spelling_of
from labelclean.io.labels.guess_groups import guess_one_hot
from labelclean.io.layout import FileLayout, FileSummary, LabelSpelling, VoteColumns
from labelclean.io.tables.contract import CellKind, TableScan

TEXTS = ["how do I pay by card", "where is my parcel now", "please cancel the order", "it broke after two days"]
LATE = ["late", "lost", "late", "lost"]


def guess(columns: Mapping[str, Sequence[str]], *, kinds: tuple[CellKind, ...] = ()) -> LabelGuess:
    """Guess from columns of cells."""
    scan = scanned(columns, kinds=kinds)
    return guess_labels(scan, guess_columns(scan.columns, scan.sample, scan.n_rows))


def scanned(columns: Mapping[str, Sequence[str]], *, kinds: tuple[CellKind, ...] = ()) -> TableScan:
    """Return what a pass over such a table says."""
    rows = tuple(zip(*columns.values(), strict=True))
    return TableScan(columns=tuple(columns), n_rows=len(rows), sample=rows, kinds=kinds)


def roles(found: LabelGuess) -> list[str | None]:
    """Return the columns of text, label and id."""
    return [one.column for one in found.guesses]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"id": list("1234"), "text": TEXTS, "late": list("0110"), "lost": list("1010")}, ("late", "lost")),
        ({"text": TEXTS, "late": ["x", "", "", "x"], "lost": ["", "", "x", ""]}, ("late", "lost")),
        ({"text": TEXTS, "late": ["True", "False"] * 2, "lost": ["False"] * 4}, ("late", "lost")),
        (
            {"text": TEXTS, "a": ["True", "False"] * 2, "b": ["False", "True"] * 2, "c": ["True", "False"] * 2},
            tuple("abc"),
        ),
        ({"text": TEXTS, "a": ["yes", "no"] * 2, "b": ["no", "yes"] * 2, "c": ["yes", "no"] * 2}, tuple("abc")),
        ({"text": TEXTS, "by": list("uuvv"), "a": list("0110"), "b": list("0110"), "c": list("0010")}, ("a", "b", "c")),
        (
            {"text": TEXTS, "sure": ["yes", "no"] * 2, "a": list("0110"), "b": ["1.0", "0.0"] * 2, "c": list("0010")},
            ("a", "b", "c"),
        ),
        (
            {"text": TEXTS, "topic_0": list("0110"), "topic_1": list("0011"), "topic_2": list("0110")},
            ("topic_0", "topic_1", "topic_2"),
        ),
        (
            {"文": TEXTS, "投诉": list("是否是否"), "紧急": list("否否是否"), "垃圾": list("否是是否")},
            ("投诉", "紧急", "垃圾"),
        ),
        ({"text": TEXTS, "label_late": list("0110"), "label_lost": list("0110")}, ("label_late", "label_lost")),
    ],
)
def test_columns_of_yes_and_no_are_a_label_each(columns: dict[str, list[str]], expected: tuple[str, ...]) -> None:
    """At least two of one kind, beside a text, where no other column is the label."""
    found = guess(columns)

    assert found.spelling == LabelSpelling(kind="one_hot", columns=expected)
    assert roles(found)[1] == expected[0]
    assert found.votes is None


@pytest.mark.parametrize(
    "columns",
    [
        {"text": TEXTS, "label": list("0110"), "checked": list("0110")},
        {"text": TEXTS, "category": LATE, "a": list("0110"), "b": list("0110"), "c": list("0110")},
        {"text": TEXTS, "my_label": LATE, "a": list("0110"), "b": list("0110"), "c": list("0110")},
        {"text": TEXTS, "late": list("0110")},
        {"text": TEXTS, "late": list("0120"), "lost": list("0110")},
        {"text": TEXTS, "late": list("0110"), "lost": ["yes", "no"] * 2},
        {"text": TEXTS, "kind": LATE, "a": list("0110"), "b": list("0110")},
    ],
)
def test_a_column_of_labels_keeps_its_role(columns: dict[str, list[str]]) -> None:
    """Flags beside it are no labels."""
    assert guess(columns).spelling == LabelSpelling()


def test_without_any_label_two_columns_are_enough() -> None:
    """Nothing else could be it."""
    found = guess_one_hot({"a": ["1", ""], "b": ["0", ""]}, None, taken=())

    assert found is not None
    assert found[0].columns == ("a", "b")


@pytest.mark.parametrize("names", [("label1", "label2"), ("tag_1", "tag_2"), ("Label 1", "Label 2")])
def test_numbered_columns_that_share_labels_are_a_set(names: tuple[str, str]) -> None:
    """No row has a label twice."""
    found = guess({"text": TEXTS, names[0]: LATE, names[1]: ["lost", "", "", "late"]})

    assert found.spelling == LabelSpelling(kind="repeated", columns=names)
    assert found.reason == (
        f"The 2 columns “{names[0]}” to “{names[1]}” share their labels, no row has one twice, and 2 of 4 rows have "
        "several."
    )
    assert roles(found)[1] == names[0]


@pytest.mark.parametrize(
    "columns",
    [
        {"text": TEXTS, "label": LATE, "label1": ["lost", "", "", "late"], "label2": LATE},
        {"text": TEXTS, "level_1": LATE, "level_2": ["a", "b", "c", "d"]},
        {"text": TEXTS, "label1": LATE, "label2": ["", "", "", ""]},
    ],
)
def test_other_numbered_columns_are_no_set(columns: dict[str, list[str]]) -> None:
    """A label beside them, levels of a tree, or nothing in one of them."""
    assert guess(columns).spelling == LabelSpelling()


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"text": TEXTS, "annotator_1": LATE, "annotator_2": ["late", "", "lost", ""]}, ("annotator_1", "annotator_2")),
        ({"text": TEXTS, "raterA": list("0110"), "raterB": list("0100")}, ("raterA", "raterB")),
        ({"text": TEXTS, "label": LATE, "worker1": LATE, "worker2": LATE}, ("worker1", "worker2")),
        ({"text": TEXTS, "label1": LATE, "label2": ["late", "late", "late", "lost"]}, ("label1", "label2")),
        ({"text": TEXTS, "anna": LATE, "ben": ["late", "lost", "", "lost"], "eva": LATE}, ("anna", "ben", "eva")),
    ],
)
def test_columns_that_agree_are_votes(columns: dict[str, list[str]], expected: tuple[str, ...]) -> None:
    """Named after annotators, numbered, or of the same words where nothing else is the label."""
    found = guess(columns)

    assert found.votes == VoteColumns(columns=expected)
    assert found.votes_reason.startswith(f"The {len(expected)} columns “{expected[0]}” to “{expected[-1]}”")
    assert roles(found)[1] == expected[0]
    assert found.spelling == LabelSpelling()


@pytest.mark.parametrize(
    "columns",
    [
        {"text": TEXTS, "label": LATE, "predicted_label": LATE},
        {"text": TEXTS, "given": LATE, "gold": LATE},
        {"text": TEXTS, "label": LATE, "other": LATE, "third": LATE},
        {"text": TEXTS, "annotator_id": list("1212"), "annotator_name": ["ann", "bob"] * 2, "label": LATE},
        {"text": TEXTS, "rater_1": ["5", "4", "3", "2"], "rater_2": ["a", "b", "c", "d"], "label": LATE},
        {
            "text": TEXTS * 3,
            "a": LATE * 3,
            "b": [*LATE[:2], *LATE[:2], *LATE[1:3]] * 2,
            "c": ["lost", "late", "late"] * 4,
        },
        {"text": TEXTS, "m1": list("1234"), "m2": list("1234"), "m3": list("1234"), "label": LATE},
    ],
)
def test_other_columns_are_no_votes(columns: dict[str, list[str]]) -> None:
    """Predictions, true labels, facts about one annotator, and numbers."""
    assert guess(columns).votes is None


def test_records_that_share_texts_are_votes() -> None:
    """The id is the column that comes back with the text."""
    columns = {
        "vote_id": [str(row) for row in range(8)],
        "text_id": [f"t{row // 2}" for row in range(8)],
        "text": [text for text in TEXTS for _ in range(2)],
        "worker_id": ["w1", "w2"] * 4,
        "answer": ["late", "late", "lost", "late", "late", "lost", "lost", "lost"],
    }

    found = guess(columns)

    assert found.votes == VoteColumns(annotator="worker_id")
    assert found.votes_reason == (
        "“worker_id” names 2 annotators, and 8 rows hold 4 different texts, so each row is the vote of one of them."
    )
    assert roles(found) == ["text", "answer", "text_id"]


def test_without_an_id_the_text_tells_the_votes_apart() -> None:
    """Its column then has both roles."""
    columns = {
        "text": [text for text in TEXTS for _ in range(2)],
        "annotator": ["ann", "bob"] * 4,
        "label": LATE * 2,
    }

    assert roles(guess(columns)) == ["text", "label", "text"]


def test_the_annotators_are_not_their_own_votes() -> None:
    """Where nothing else looks like a label, none is guessed."""
    found = guess({"text": [text for text in TEXTS for _ in range(2)], "rater": ["ann", "bob"] * 4})

    assert found.votes == VoteColumns(annotator="rater")
    assert roles(found) == ["text", None, "text"]


def test_without_texts_or_labels_there_is_nothing_to_guess() -> None:
    """Neither spelling nor votes."""
    found = guess({"worker": list("1122"), "n": list("3456")})

    assert (found.spelling, found.votes) == (LabelSpelling(), None)


def summary(columns: Mapping[str, Sequence[str]]) -> FileSummary:
    """Return what was understood of a file of these columns."""
    scan, found = scanned(columns), guess(columns)
    return FileSummary(
        layout=FileLayout(
            file_format="csv", encoding="utf-8", byte_order_mark=False, delimiter=",", columns=scan.columns, n_rows=4
        ),
        reasons={},
        preview=scan.sample,
        guesses=found.guesses,
        spelling=found.spelling,
        spelling_reason=found.reason,
    )


def test_another_column_has_its_own_spelling() -> None:
    """The first of several is the guess itself; any other stands alone."""
    found = summary({"text": TEXTS, "late": list("0110"), "lost": list("0010"), "words": ["a|b", "a", "b", "b|a"]})

    assert spelling_of(found, "late")[0].columns == ("late", "lost")
    assert spelling_of(found, "lost") == (LabelSpelling(), "Each of the 2 different cells is one label.")
    assert spelling_of(found, "words")[0] == LabelSpelling(kind="joined", separator="|")
    assert spelling_of(found, "no such column")[0] == LabelSpelling()
