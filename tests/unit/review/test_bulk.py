"""One decision for many rows: what it says of each, and that it leaves decided rows alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
import pytest

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, MaskArray, ProbMatrix
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet
from labelclean.review.bulk.decide import BulkAction, BulkKind, agrees, bulk_rows, make_bulk, turn_bulk
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict, current_decisions
from labelclean.review.log import ReviewLog

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
BATCH = "00000000-0000-4000-8000-00000000000b"
ALL = np.arange(5)
ACCEPT, KEEP, EXCLUDE = (BulkAction(kind=kind) for kind in (BulkKind.ACCEPT, BulkKind.KEEP, BulkKind.EXCLUDE))
LATE, BROKEN, BOTH = LabelSet(["late"]), LabelSet(["broken"]), LabelSet(["broken", "late"])


@dataclass
class Run:
    """Five rows: row 2 has the label that is suggested, row 4 has none."""

    class_names: tuple[Label, ...] = ("a", "b", "c")
    labels: CodeArray = field(default_factory=lambda: np.array([0, 0, 1, 2, -1]))
    suggested_labels: CodeArray = field(default_factory=lambda: np.array([1, 2, 1, 0, 1]))
    label_quality_scores: FloatArray = field(default_factory=lambda: np.array([0.1, 0.2, 0.3, 0.1, np.nan]))
    error_probabilities: FloatArray = field(default_factory=lambda: np.array([0.9, 0.5, 0.25, 0.7, np.nan]))
    is_issue: MaskArray = field(default_factory=lambda: np.array([True, True, False, True, False]))
    ranked_rows: IndexArray = field(default_factory=lambda: np.array([0, 3, 1, 2, 4]))
    likely_labels: CodeArray = field(default_factory=lambda: np.zeros((5, 1), dtype=np.int64))
    likely_probs: ProbMatrix = field(default_factory=lambda: np.ones((5, 1)))


def decided(row: int, verdict: Verdict = Verdict.KEEP, label: Label | None = None) -> ReviewEvent:
    """Return what a reviewer decided before."""
    return ReviewEvent(
        uuid=f"e{row}", row=row, kind=EventKind.DECIDE, verdict=verdict, label=label, decided_at=NOW, reviewer="ben"
    )


def bulk(action: BulkAction, *before: ReviewEvent, rows: IndexArray = ALL, run: Run | None = None) -> list[ReviewEvent]:
    """Return the events of a bulk decision."""
    decisions = {event.row: event for event in before}
    return list(
        make_bulk(run or Run(), rows, action, decisions=decisions, reviewer="ana", now=NOW, note="why", batch=BATCH)
    )


def said(events: list[ReviewEvent]) -> list[tuple[int, Verdict | None, Label | None]]:
    """Return row, verdict and label of each event."""
    return [(event.row, event.verdict, event.label) for event in events]


def test_accepting_gives_every_row_its_suggestion() -> None:
    """A row that has the suggested label already is kept; one without a label gets it."""
    assert said(bulk(ACCEPT)) == [
        (0, Verdict.ACCEPT, "b"),
        (1, Verdict.ACCEPT, "c"),
        (2, Verdict.KEEP, None),
        (3, Verdict.ACCEPT, "a"),
        (4, Verdict.ACCEPT, "b"),
    ]


def test_keeping_leaves_out_rows_without_a_label() -> None:
    """There is nothing to keep in row 4."""
    assert said(bulk(KEEP)) == [(row, Verdict.KEEP, None) for row in range(4)]


def test_giving_one_label_is_called_what_it_amounts_to() -> None:
    """The given label is kept, the suggested one accepted, any other one is another label."""
    assert said(bulk(BulkAction(kind=BulkKind.GIVE, label="c"))) == [
        (0, Verdict.RELABEL, "c"),
        (1, Verdict.ACCEPT, "c"),
        (2, Verdict.RELABEL, "c"),
        (3, Verdict.KEEP, None),
        (4, Verdict.RELABEL, "c"),
    ]


def test_excluding_names_no_label() -> None:
    """Whatever the rows have."""
    assert said(bulk(EXCLUDE)) == [(row, Verdict.EXCLUDE, None) for row in range(5)]


def test_a_label_is_added_to_each_set_or_taken_from_it() -> None:
    """Sets that have it, or lack it, already are kept; a row without labels gets a set of one, and loses nothing."""
    run = Run(class_names=(LATE, BROKEN, BOTH))

    added = said(bulk(BulkAction(kind=BulkKind.ADD, label="late"), run=run))
    removed = said(bulk(BulkAction(kind=BulkKind.REMOVE, label="late"), run=run))

    assert added == [
        (0, Verdict.KEEP, None),
        (1, Verdict.KEEP, None),
        (2, Verdict.RELABEL, BOTH),
        (3, Verdict.KEEP, None),
        (4, Verdict.RELABEL, LATE),
    ]
    assert removed == [
        (0, Verdict.RELABEL, LabelSet()),
        (1, Verdict.RELABEL, LabelSet()),
        (2, Verdict.KEEP, None),
        (3, Verdict.RELABEL, BROKEN),
    ]


def test_decided_rows_are_left_alone() -> None:
    """Rows 0 and 3 were decided by somebody; a row named twice is decided once, in the order given."""
    events = bulk(ACCEPT, decided(0), decided(3, Verdict.UNSURE), rows=np.array([4, 3, 1, 4, 0]))

    assert [event.row for event in events] == [4, 1]


def test_the_events_say_what_led_to_them() -> None:
    """All in one batch, with what the run said of the row, and who, when and why."""
    first, *_, last = bulk(ACCEPT)

    assert replace(first, uuid="") == ReviewEvent(
        uuid="",
        row=0,
        kind=EventKind.DECIDE,
        verdict=Verdict.ACCEPT,
        label="b",
        reviewer="ana",
        decided_at=NOW,
        error_probability=0.9,
        suggested_label="b",
        note="why",
        batch=BATCH,
        source=DecisionSource.BULK,
    )
    assert last.error_probability is None


def test_the_same_batch_makes_the_same_events() -> None:
    """So that a second click stores nothing new; another batch makes others."""
    again = {event.uuid for event in bulk(ACCEPT)}
    other = make_bulk(Run(), ALL, ACCEPT, decisions={}, reviewer="ana", now=NOW)

    assert {event.uuid for event in bulk(ACCEPT)} == again
    assert len(again) == 5
    assert not again & {event.uuid for event in other}
    assert len({event.batch for event in other}) == 1


def test_one_undo_takes_all_of_it_back_and_one_redo_brings_it_again() -> None:
    """What was decided before stays what it was."""
    before = decided(3, Verdict.UNSURE)
    events = bulk(ACCEPT, before)
    undo = turn_bulk(events[0], EventKind.UNDO, reviewer="ana", now=NOW)
    redo = turn_bulk(events[0], EventKind.REDO, reviewer="ana", now=NOW)

    log = ReviewLog([before, *events])
    assert [step.n_rows for step in log.state("ana").undo] == [4]
    log.extend([undo])
    assert dict(log.decisions) == {3: before} == current_decisions(log.events)
    assert not log.state("ana").undo
    log.extend([redo])
    assert set(log.decisions) == {0, 1, 2, 3, 4} == set(current_decisions(log.events))


@pytest.mark.parametrize(
    ("event", "action", "expected"),
    [
        (decided(0, Verdict.ACCEPT, "b"), ACCEPT, True),
        (decided(0, Verdict.RELABEL, "b"), ACCEPT, True),  # the same label, however it was chosen
        (decided(0, Verdict.RELABEL, "c"), ACCEPT, False),
        (decided(0, Verdict.KEEP), ACCEPT, False),
        (decided(0, Verdict.UNSURE), ACCEPT, False),
        (decided(0, Verdict.AMBIGUOUS), KEEP, False),
        (decided(0, Verdict.KEEP), KEEP, True),
        (decided(0, Verdict.RELABEL, "a"), KEEP, True),
        (decided(0, Verdict.ACCEPT, "b"), KEEP, False),
        (decided(0, Verdict.EXCLUDE), KEEP, False),
        (decided(0, Verdict.EXCLUDE), EXCLUDE, True),
        (decided(0, Verdict.KEEP), EXCLUDE, False),
        (decided(0, Verdict.RELABEL, "new"), BulkAction(kind=BulkKind.GIVE, label="new"), True),
        (decided(0, Verdict.KEEP), BulkAction(kind=BulkKind.GIVE, label="a"), True),
        (decided(0, Verdict.KEEP), BulkAction(kind=BulkKind.GIVE, label="new"), False),
    ],
)
def test_a_decision_agrees_if_the_row_ends_up_the_same(
    event: ReviewEvent, action: BulkAction, *, expected: bool
) -> None:
    """The row was given a, and b is suggested."""
    assert agrees(event, action, given="a", suggested="b") is expected


@pytest.mark.parametrize(
    ("event", "kind", "expected"),
    [
        (decided(0, Verdict.KEEP), BulkKind.ADD, False),
        (decided(0, Verdict.ACCEPT, BOTH), BulkKind.ADD, True),
        (decided(0, Verdict.RELABEL, LabelSet(["late", "rude"])), BulkKind.ADD, True),
        (decided(0, Verdict.KEEP), BulkKind.REMOVE, True),
        (decided(0, Verdict.ACCEPT, BOTH), BulkKind.REMOVE, False),
        (decided(0, Verdict.UNSURE), BulkKind.REMOVE, False),
    ],
)
def test_of_sets_it_is_the_one_label_that_counts(event: ReviewEvent, kind: BulkKind, *, expected: bool) -> None:
    """The row was given broken alone; the label in question is late."""
    action = BulkAction(kind=kind, label="late")

    assert agrees(event, action, given=BROKEN, suggested=BOTH) is expected


def test_a_row_without_a_label_agrees_with_no_keeping() -> None:
    """Nothing kept is no label."""
    assert not agrees(decided(4, Verdict.KEEP), KEEP, given=None, suggested="b")


@pytest.mark.parametrize(("kind", "label"), [(BulkKind.GIVE, None), (BulkKind.ACCEPT, "a"), (BulkKind.ADD, None)])
def test_an_action_names_a_label_only_where_it_needs_one(kind: BulkKind, label: Label | None) -> None:
    """Anything else is a mistake of the caller."""
    with pytest.raises(InvalidInputError, match="The action"):
        BulkAction(kind=kind, label=label)


@pytest.mark.parametrize("row", [-1, 5])
def test_rows_outside_the_run_are_refused(row: int) -> None:
    """Before anything is made."""
    with pytest.raises(InvalidInputError, match="below 5"):
        bulk(ACCEPT, rows=np.array([0, row]))


def test_no_rows_make_no_events() -> None:
    """An empty queue is nothing to decide."""
    assert not bulk(ACCEPT, rows=np.empty(0, dtype=np.int64))
    assert bulk_rows(Run(), np.empty(0, dtype=np.int64), KEEP, {}).tolist() == []
