"""Which decision is in force after decisions, undoing and redoing."""

from __future__ import annotations

import pytest

from labelclean.errors import InvalidInputError
from labelclean.review.decisions import (
    EventKind,
    ReviewEvent,
    Verdict,
    corrected_labels,
    current_decisions,
    excluded_rows,
)
from tests.store_examples import MOMENT, decide, step

UNDO, REDO = EventKind.UNDO, EventKind.REDO


def in_force(*events: ReviewEvent) -> dict[int, str]:
    """Return the uuid of the decision in force for each row."""
    return {row: event.uuid for row, event in current_decisions(events).items()}


def test_an_empty_log_decides_nothing() -> None:
    """Before the first event no row is decided."""
    assert current_decisions([]) == {}


def test_the_last_decision_of_a_row_counts() -> None:
    """Deciding again replaces what was decided before."""
    assert in_force(decide("a", 1), decide("b", 2), decide("c", 1)) == {1: "c", 2: "b"}


def test_rows_come_in_the_order_of_their_decisions() -> None:
    """A row that is decided again moves to the end."""
    assert list(in_force(decide("a", 5), decide("b", 2), decide("c", 9), decide("d", 5))) == [2, 9, 5]


def test_undoing_the_only_decision_leaves_the_row_undecided() -> None:
    """After an undo nothing is said of the row."""
    assert in_force(decide("a", 1), step(UNDO, "u", "a", 1)) == {}


def test_undoing_brings_the_decision_before_back() -> None:
    """A row decided twice falls back to what was decided first."""
    assert in_force(decide("a", 1), decide("b", 1), step(UNDO, "u", "b", 1)) == {1: "a"}


def test_undoing_an_earlier_decision_leaves_the_later_one() -> None:
    """Only the decision that is named is undone."""
    assert in_force(decide("a", 1), decide("b", 1), step(UNDO, "u", "a", 1)) == {1: "b"}


def test_redoing_brings_an_undone_decision_back() -> None:
    """A redo takes the undo away."""
    assert in_force(decide("a", 1), step(UNDO, "u", "a", 1), step(REDO, "r", "a", 1)) == {1: "a"}


def test_the_last_of_several_undos_and_redos_counts() -> None:
    """Undo and redo may alternate as often as one likes."""
    events = [decide("a", 1), *(step(UNDO if n % 2 == 0 else REDO, f"s{n}", "a", 1) for n in range(5))]

    assert in_force(*events) == {}
    assert in_force(*events[:-1]) == {1: "a"}


def test_undoing_twice_is_undoing_once() -> None:
    """A second undo of the same decision changes nothing, and one redo is enough."""
    undone = (decide("a", 1), step(UNDO, "u", "a", 1), step(UNDO, "v", "a", 1))

    assert in_force(*undone) == {}
    assert in_force(*undone, step(REDO, "r", "a", 1)) == {1: "a"}


def test_undoing_what_is_not_in_the_log_changes_nothing() -> None:
    """An undo of an unknown decision is no obstacle."""
    assert in_force(decide("a", 1), step(UNDO, "u", "lost", 1)) == {1: "a"}


def test_only_accepted_and_relabelled_rows_have_a_new_label() -> None:
    """All other verdicts leave the given label."""
    events = [
        decide("a", 0, verdict=Verdict.ACCEPT, label="new"),
        decide("b", 1, verdict=Verdict.RELABEL, label=0),
        decide("c", 2, verdict=Verdict.RELABEL, label=False),
        *(
            decide(verdict.value, 10 + index, verdict=verdict, label="ignored")
            for index, verdict in enumerate([Verdict.KEEP, Verdict.AMBIGUOUS, Verdict.UNSURE, Verdict.EXCLUDE])
        ),
    ]

    labels = corrected_labels(current_decisions(events))

    assert [(row, repr(label)) for row, label in labels.items()] == [(0, "'new'"), (1, "0"), (2, "False")]


def test_excluded_rows_are_those_whose_last_word_is_exclude() -> None:
    """An exclusion that was undone or decided otherwise does not count."""
    events = [
        decide("a", 1, verdict=Verdict.EXCLUDE),
        decide("b", 2, verdict=Verdict.EXCLUDE),
        decide("c", 3, verdict=Verdict.EXCLUDE),
        decide("d", 2),
        step(UNDO, "u", "c", 3),
    ]

    assert excluded_rows(current_decisions(events)) == {1}


def test_a_decision_needs_a_verdict() -> None:
    """An event that decides nothing cannot be made."""
    with pytest.raises(InvalidInputError, match="verdict"):
        ReviewEvent(uuid="a", row=1, kind=EventKind.DECIDE, decided_at=MOMENT)


@pytest.mark.parametrize("kind", [UNDO, REDO])
def test_an_undo_or_redo_needs_a_target(kind: EventKind) -> None:
    """An event that undoes nothing cannot be made."""
    with pytest.raises(InvalidInputError, match="name a decision"):
        ReviewEvent(uuid="a", row=1, kind=kind, decided_at=MOMENT)


@pytest.mark.parametrize("verdict", [Verdict.ACCEPT, Verdict.RELABEL])
def test_a_correction_needs_a_label(verdict: Verdict) -> None:
    """A correction without a new label cannot be made."""
    with pytest.raises(InvalidInputError, match="new label"):
        decide("a", verdict=verdict)
