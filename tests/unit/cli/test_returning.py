"""From answers of annotators to the entries of a change log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from labelclean.arrays import Label
from labelclean.cli.returning import changes_from
from labelclean.cli.task_labels import TaskLabels
from labelclean.dataset import Dataset, text_hash
from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import Annotation, ConflictRule
from labelclean.label_set import LabelSet
from labelclean.review.decisions import Verdict

TEXTS = ("zero", "one", "two")


def dataset(*labels: Label | None) -> Dataset:
    """Return three texts with labels."""
    return Dataset.from_labels(TEXTS, labels)


def answer(
    *labels: str,
    row: int = 0,
    sent: tuple[str | None, str | None] = ("a", "b"),
    minute: int | None = None,
    annotator: str = "anna",
    **fields: object,
) -> Annotation:
    """Return an answer; what was sent is the file's label of the row, a, and a suggestion, b."""
    values = {
        "place": "task 1",
        "row": row,
        "row_id": None,
        "text_hash": text_hash(TEXTS[row]),
        "text": TEXTS[row],
        "given_label": sent[0],
        "suggested_label": sent[1],
        "error_probability": 0.9,
        "labels": labels,
        "annotator": annotator,
        "decided_at": None if minute is None else datetime(2026, 1, 1, 0, minute, tzinfo=UTC),
        **fields,
    }
    return Annotation(**values)  # type: ignore[arg-type]  # fields by name


def decided(
    answers: Sequence[Annotation], *labels: Label | None, conflicts: ConflictRule = "unsure"
) -> list[tuple[Verdict, Label | None, str]]:
    """Return verdict, new label and note of each row."""
    data = dataset(*labels)
    outcome = changes_from(answers, data, TaskLabels.of(data), conflicts=conflicts)
    assert outcome.refusals == ()
    return [(change.verdict, change.new, change.note) for change in outcome.changes]


def test_the_answer_gives_the_verdict() -> None:
    """The same label keeps, the suggested one accepts, another one relabels, an existing one or a new one."""
    answers = [answer("a", row=0), answer("b", row=1), answer("c", row=2)]

    assert decided(answers, "a", "a", "a") == [
        (Verdict.KEEP, "a", ""),
        (Verdict.ACCEPT, "b", ""),
        (Verdict.RELABEL, "c", ""),
    ]


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (answer(), "no label was chosen"),
        (answer("b", "a"), "several labels were chosen where a text has one"),
        (answer("b", is_skipped=True), "skipped"),
    ],
)
def test_what_is_no_answer_is_unsure(given: Annotation, note: str) -> None:
    """The label stays, and the note says why."""
    assert decided([given], "a", "b", "b") == [(Verdict.UNSURE, "a", note)]


def test_the_remark_of_the_annotator_is_kept() -> None:
    """It stands behind ours."""
    assert decided([answer(note="hm"), answer("b", row=1, note="sure")], "a", "a", "b") == [
        (Verdict.UNSURE, "a", "no label was chosen; hm"),
        (Verdict.ACCEPT, "b", "sure"),
    ]


def test_an_annotators_last_answer_counts() -> None:
    """By time where there is one, else by the order of the file; an earlier answer is no second opinion."""
    timed = [answer("b", minute=5), answer("c", minute=1)]
    untimed = [answer("c"), answer("b")]

    assert decided(timed, "a", "b", "c") == decided(untimed, "a", "b", "c") == [(Verdict.ACCEPT, "b", "")]


def test_a_skipped_task_is_no_opinion_beside_an_answer() -> None:
    """Who passed over does not differ from who answered."""
    answers = [answer("b"), answer(annotator="ben", is_skipped=True)]

    assert decided(answers, "a", "b", "b") == [(Verdict.ACCEPT, "b", "")]


def test_annotators_without_a_name_are_several() -> None:
    """Nobody knows whether it was the same person, so neither answer replaces the other."""
    answers = [answer("b", annotator=""), answer("c", annotator="")]

    assert decided(answers, "a", "b", "c") == [(Verdict.UNSURE, "a", "annotators differ")]


def test_the_last_answer_can_decide_a_conflict() -> None:
    """Of those who differ the one who submitted last."""
    answers = [answer("c", minute=9), answer("b", minute=3, annotator="ben")]

    assert decided(answers, "a", "b", "c", conflicts="last") == [(Verdict.RELABEL, "c", "")]


def test_labels_that_are_no_text_keep_their_kind() -> None:
    """A tool knows the number 2 as text; it comes back as the number, while a new name is text."""
    answers = [answer("2", sent=("1", "2")), answer("3", row=1, sent=("1", "2"))]

    assert decided(answers, 1, 1, 2) == [(Verdict.ACCEPT, 2, ""), (Verdict.RELABEL, "3", "")]


def test_label_sets_are_compared_as_sets() -> None:
    """The order of the answer does not matter, and no label is an answer too."""
    sent, full = ('["a", "b"]', '["b"]'), LabelSet(["a", "b"])

    answers = [answer("b", "a", sent=sent), answer(row=1, sent=sent), answer("b", row=2, sent=sent)]

    assert decided(answers, full, full, full) == [
        (Verdict.KEEP, full, ""),
        (Verdict.RELABEL, LabelSet(), ""),
        (Verdict.ACCEPT, LabelSet(["b"]), ""),
    ]


def test_a_row_without_a_label_gets_one() -> None:
    """There is nothing to keep."""
    answers = [answer("b", sent=(None, "b")), answer("c", row=1, sent=(None, "b"))]

    assert decided(answers, None, None, "c") == [(Verdict.ACCEPT, "b", ""), (Verdict.RELABEL, "c", "")]


def test_white_space_that_a_tool_changes_is_no_edit() -> None:
    """Line ends and blanks at the ends do not count; other characters do."""
    data = dataset("a", "a", "b")

    outcome = changes_from(
        [answer("b", text=" zero\r\n"), answer("b", row=1, text="One"), answer("b", row=2)], data, TaskLabels.of(data)
    )

    assert [change.row for change in outcome.changes] == [0]
    assert [(refusal.row, refusal.reason) for refusal in outcome.refusals] == [
        (1, "its text was edited in the tool"),
        (2, "its label in the file is another one now"),
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (answer("x" * 501), "at most 500 characters; got 501. It stands in task 1."),
        (answer("two\nlines"), "one line of printable text"),
    ],
)
def test_a_new_label_must_be_a_name(given: Annotation, words: str) -> None:
    """The message says which task has it."""
    data = dataset("a", "b", "b")

    with pytest.raises(FileContentError, match=words):
        changes_from([given], data, TaskLabels.of(data))


def test_tasks_of_single_labels_do_not_fit_label_sets() -> None:
    """The fix says to read the data as it was read before."""
    data = dataset(LabelSet(["a"]), LabelSet(["b"]), None)

    with pytest.raises(FileContentError, match="Tasks must have labels as the data has them; task 1 has others"):
        changes_from([answer("a")], data, TaskLabels.of(data))
