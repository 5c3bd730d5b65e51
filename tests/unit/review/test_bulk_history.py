"""The bulk decisions in a log."""

from __future__ import annotations

from labelclean.review.bulk.history import past_bulks
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent
from labelclean.review.shares import share_of
from tests.store_examples import decide, step

NOTE = "bulk: sample 9 of 10 right, 62-99 %; suggestion accepted: All rows."


def bulk(batch: str, rows: range, note: str) -> list[ReviewEvent]:
    """Return the decisions of one bulk."""
    source = DecisionSource.BULK
    return [decide(f"{batch}{row}", row, batch=batch, note=note, source=source, reviewer="ana") for row in rows]


def test_bulk_decisions_are_listed_newest_first_with_their_precision() -> None:
    """A group and single decisions are none; one that a split made had no sample."""
    log = [
        decide("e1", 90),
        *bulk("b1", range(3), NOTE),
        decide("g1", 91, batch="g1", source=DecisionSource.GROUP),
        *bulk("b2", range(3, 8), "split: of “late”"),
    ]

    second, first = past_bulks(log)

    assert (first.n_rows, first.precision, first.what) == (3, share_of(9, 10), "suggestion accepted: All rows.")
    assert (second.n_rows, second.precision, second.what) == (5, None, "split: of “late”")
    assert first.first.reviewer == "ana"
    assert not first.is_undone


def test_an_undone_one_stays_in_the_list() -> None:
    """Undone, redone, undone again."""
    turns = [step(EventKind.UNDO, "u1", "b1"), step(EventKind.REDO, "u2", "b1"), step(EventKind.UNDO, "u3", "b1")]

    states = [past_bulks([*bulk("b1", range(2), NOTE), *turns[:n]])[0].is_undone for n in range(4)]

    assert states == [False, True, False, True]


def test_a_log_without_bulk_has_none() -> None:
    """Most logs."""
    assert past_bulks([decide("e1")]) == ()
