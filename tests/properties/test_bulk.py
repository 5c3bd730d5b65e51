"""Bulk decisions over random projects: they never touch a decided row, and undo takes them back whole."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.review.bulk.decide import BulkAction, BulkKind, agrees, make_bulk, turn_bulk
from labelclean.review.bulk.plan import plan_bulk
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict, current_decisions
from labelclean.review.log import ReviewLog
from tests.unit.review.test_bulk import Run

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
N_ROWS = 30
NAMES: tuple[Label, ...] = ("a", "b", 1, True, "1")

codes = st.lists(st.integers(-1, len(NAMES) - 1), min_size=N_ROWS, max_size=N_ROWS)
runs = st.builds(
    lambda given, suggested: Run(
        class_names=NAMES,
        labels=np.array(given, dtype=np.int64),
        suggested_labels=np.maximum(np.array(suggested, dtype=np.int64), 0),
        error_probabilities=np.linspace(0.0, 1.0, N_ROWS),
    ),
    codes,
    codes,
)
actions = st.sampled_from(
    [
        BulkAction(kind=BulkKind.ACCEPT),
        BulkAction(kind=BulkKind.KEEP),
        BulkAction(kind=BulkKind.EXCLUDE),
        *(BulkAction(kind=BulkKind.GIVE, label=label) for label in (*NAMES, "new")),
    ]
)
some_rows = st.lists(st.integers(0, N_ROWS - 1)).map(lambda rows: np.array(rows, dtype=np.int64))
decided = st.dictionaries(st.integers(0, N_ROWS - 1), st.sampled_from([Verdict.KEEP, Verdict.UNSURE])).map(
    lambda verdicts: [
        ReviewEvent(uuid=f"e{row}", row=row, kind=EventKind.DECIDE, verdict=verdict, decided_at=NOW, reviewer="ben")
        for row, verdict in verdicts.items()
    ]
)


@given(run=runs, rows=some_rows, action=actions, before=decided)
def test_a_bulk_decision_never_touches_a_decided_row(
    run: Run, rows: np.ndarray[tuple[int], np.dtype[np.int64]], action: BulkAction, before: list[ReviewEvent]
) -> None:
    """Each free row is decided once, and everybody who looked would agree that it now has what the action gives."""
    decisions = {event.row: event for event in before}

    events = make_bulk(run, rows, action, decisions=decisions, reviewer="ana", now=NOW)

    after = current_decisions([*before, *events])
    assert all(after[row] == event for row, event in decisions.items())
    assert set(after) - set(decisions) <= set(rows.tolist())
    assert len({event.row for event in events}) == len(events)
    for event in events:
        given = int(run.labels[event.row])
        label = None if given < 0 else NAMES[given]
        assert agrees(event, action, given=label, suggested=NAMES[run.suggested_labels[event.row]])


@given(run=runs, rows=some_rows, action=actions, before=decided)
def test_undo_restores_the_state_and_redo_brings_it_again(
    run: Run, rows: np.ndarray[tuple[int], np.dtype[np.int64]], action: BulkAction, before: list[ReviewEvent]
) -> None:
    """The log followed step by step says the same as the log replayed."""
    log = ReviewLog(before)
    at_first = dict(log.decisions)
    events = make_bulk(run, rows, action, decisions=log.decisions, reviewer="ana", now=NOW)
    log.extend(events)
    with_bulk = dict(log.decisions)

    for kind, expected in ((EventKind.UNDO, at_first), (EventKind.REDO, with_bulk), (EventKind.UNDO, at_first)):
        if events:
            log.extend([turn_bulk(events[0], kind, reviewer="ana", now=NOW)])
            assert dict(log.decisions) == expected == current_decisions(log.events)


@given(run=runs, rows=some_rows, action=actions, before=decided, size=st.integers(1, 50))
def test_sample_and_rest_never_overlap_and_hold_no_decided_row_before_it_begins(
    run: Run,
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    action: BulkAction,
    before: list[ReviewEvent],
    size: int,
) -> None:
    """Together they are the rows that the action would decide."""
    decisions = {event.row: event for event in before}

    found = plan_bulk(run, rows, action, decisions=decisions, name="sample", size=size)

    together = [*found.sample, *found.rest.tolist()]
    events = make_bulk(run, rows, action, decisions=decisions, reviewer="ana", now=NOW)
    assert sorted(together) == sorted(event.row for event in events)
    assert len(found.sample) == min(size, len(together), 50)
