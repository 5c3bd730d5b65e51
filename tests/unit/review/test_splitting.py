"""Splitting a class by a queue."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.arrays import Label
from labelclean.label_set import LabelSet
from labelclean.review.bulk.decide import turn_bulk
from labelclean.review.decisions import EventKind, Verdict
from labelclean.review.queue import ReviewedRun
from labelclean.review.splitting import make_split, splits_of
from tests.store_examples import MOMENT, decide


class FakeRun:
    """What splitting asks of a run."""

    def __init__(self, class_names: tuple[Label, ...], labels: list[int], suggested: list[int]) -> None:
        self.class_names = class_names
        self.labels = np.array(labels)
        self.suggested_labels = np.array(suggested)
        self.error_probabilities = np.full(len(labels), 0.5)
        self.label_quality_scores = np.full(len(labels), 0.5)
        self.is_issue = np.ones(len(labels), dtype=np.bool_)
        self.ranked_rows = np.arange(len(labels))
        self.likely_labels = self.suggested_labels[:, np.newaxis]
        self.likely_probs = np.full((len(labels), 1), 0.5, dtype=np.float32)


PLAIN: ReviewedRun = FakeRun(("late", "refund"), [0, 0, 1, 0], [1, 1, 1, 0])
SETS: ReviewedRun = FakeRun((LabelSet(["late", "refund"]), LabelSet(["late"]), LabelSet()), [0, 1, 2, -1], [1, 1, 1, 1])


def test_the_undecided_rows_of_a_queue_get_the_new_label_at_once() -> None:
    """One batch; a row that a person decided keeps what they said."""
    made = make_split(
        PLAIN, np.array([3, 0, 1]), "lost", decisions={1: decide("e", 1)}, reviewer="kim", now=MOMENT, why="late, lost"
    )

    assert [(event.row, event.verdict, event.label) for event in made] == [
        (3, Verdict.RELABEL, "lost"),
        (0, Verdict.RELABEL, "lost"),
    ]
    assert len({event.batch for event in made}) == 1
    assert made[0].note == "split off “lost”: late, lost"


def test_in_sets_one_label_goes_and_the_others_stay() -> None:
    """A row without the label gets the new one beside what it has; one without a set gets a set."""
    made = make_split(SETS, np.array([0, 1, 2, 3]), "lost", instead_of="late", decisions={}, reviewer="kim", now=MOMENT)

    assert {event.row: event.label for event in made} == {
        0: LabelSet(["refund", "lost"]),
        1: LabelSet(["lost"]),
        2: LabelSet(["lost"]),
        3: LabelSet(["lost"]),
    }
    assert len({event.batch for event in made}) == 1
    assert len({event.uuid for event in made}) == 4


def test_splits_are_listed_with_their_rows_and_whether_they_stand() -> None:
    """An undone one is still in the log."""
    first = make_split(PLAIN, np.array([0, 1]), "lost", decisions={}, reviewer="kim", now=MOMENT)
    second = make_split(PLAIN, np.array([2]), "odd", decisions={}, reviewer="kim", now=MOMENT)
    undo = turn_bulk(first[0], EventKind.UNDO, reviewer="lee", now=MOMENT)

    found = splits_of([*first, decide("e", 3), *second, undo])

    assert [(split.first.label, split.n_rows, split.is_undone) for split in found] == [
        ("lost", 2, True),
        ("odd", 1, False),
    ]


@pytest.mark.parametrize("run", [PLAIN, SETS])
def test_where_all_rows_are_decided_nothing_is_split(run: ReviewedRun) -> None:
    """No event is made."""
    assert make_split(run, np.array([0]), "x", decisions={0: decide("e")}, reviewer="kim", now=MOMENT) == ()
