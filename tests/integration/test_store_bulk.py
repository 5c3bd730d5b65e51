"""Bulk decisions in the store: one transaction for all of them, and never a row that somebody decided."""

from __future__ import annotations

import pytest

from labelclean.errors import InvalidInputError
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict, current_decisions
from labelclean.store.records import ProjectRecord
from labelclean.store.sql import SqlStore
from tests.store_examples import decide, step

N_ROWS = 50_000


def bulk(rows: range, batch: str = "b", label: object = "late") -> list[ReviewEvent]:
    """Return the decisions of a bulk."""
    return [
        decide(f"{batch}-{row}", row, verdict=Verdict.RELABEL, label=label, batch=batch, source=DecisionSource.BULK)
        for row in rows
    ]


def test_fifty_thousand_decisions_are_one_step(store: SqlStore, project: ProjectRecord) -> None:
    """They are stored once, sent twice, and one undo takes all of them back."""
    events = bulk(range(N_ROWS))

    store.append_events(project.id, events)
    store.append_events(project.id, events)

    assert store.count_decided(project.id) == N_ROWS
    store.append_events(project.id, [step(EventKind.UNDO, "undo", "b")])
    assert store.count_decided(project.id) == 0
    assert len(store.load_events(project.id)) == N_ROWS + 1


def test_rows_decided_meanwhile_keep_their_decision(store: SqlStore, project: ProjectRecord) -> None:
    """Row 1 was decided by hand, row 2 by another bulk, row 3 too but that was undone; row 4 is free."""
    store.append_events(project.id, [decide("hand", 1), decide("gone", 3), step(EventKind.UNDO, "undo", "gone", 3)])
    store.append_events(project.id, bulk(range(2, 3), "other"))

    store.append_events(project.id, bulk(range(1, 5)))

    decisions = current_decisions(store.load_events(project.id))
    assert {row: event.uuid for row, event in decisions.items()} == {1: "hand", 2: "other-2", 3: "b-3", 4: "b-4"}


def test_a_decision_by_hand_replaces_one_in_bulk(store: SqlStore, project: ProjectRecord) -> None:
    """Only bulk decisions give way."""
    store.append_events(project.id, bulk(range(2)))

    store.append_events(project.id, [decide("hand", 1)])

    assert current_decisions(store.load_events(project.id))[1].uuid == "hand"


def test_a_bulk_that_cannot_be_stored_whole_is_not_stored(store: SqlStore, project: ProjectRecord) -> None:
    """The last of its labels is of no kind that a file can hold."""
    with pytest.raises(InvalidInputError):
        store.append_events(project.id, [*bulk(range(3)), *bulk(range(3, 4), label=object())])

    assert store.load_events(project.id) == []
