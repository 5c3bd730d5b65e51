"""Tests of counting decision by decision: the same as counting all of them, and what counts as what."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict
from labelclean.review.log import ReviewLog
from labelclean.review.queue import ReviewedRun, ReviewQueue
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.yield_tracker import YieldTracker
from tests.store_examples import decide, step

N_ROWS = 30


def _run() -> ReviewedRun:
    """Return a run whose first row is the most suspect; the last one has no label."""
    probs = np.linspace(0.95, 0.05, N_ROWS)
    probs[-1] = np.nan
    labels = np.zeros(N_ROWS, dtype=np.int64)
    labels[-1] = -1
    run = SimpleNamespace(
        class_names=("a", "b"), labels=labels, error_probabilities=probs, ranked_rows=np.arange(N_ROWS)
    )
    return cast("ReviewedRun", run)


def _queue() -> ReviewQueue:
    rows = np.arange(20)
    return ReviewQueue(queue_filter=QueueFilter(), rows=rows, matching_rows=rows)


def _tracker(log: ReviewLog) -> YieldTracker:
    tracker = YieldTracker(_run())
    tracker.follow_queue(_queue())
    tracker.follow(log)
    return tracker


def test_wrong_right_and_neither() -> None:
    """Relabelling to the given label is keeping; unsure, ambiguous and excluded rows are no verdicts."""
    log = ReviewLog(
        [
            decide("a", 0, verdict=Verdict.ACCEPT, label="b"),
            decide("b", 1, verdict=Verdict.RELABEL, label="a"),
            decide("c", 2),
            decide("d", 3, verdict=Verdict.UNSURE),
            decide("e", 4, verdict=Verdict.AMBIGUOUS),
            decide("f", 5, verdict=Verdict.EXCLUDE),
            decide("g", 29, verdict=Verdict.ACCEPT, label="b"),
        ]
    )

    found = _tracker(log).estimate(0)

    assert (found.n_decided, found.n_wrong) == (3, 1)
    assert found.n_next == 14
    assert sum(band.n_left for band in found.bands) == 29 - 6


def test_rows_decided_in_bulk_are_found_errors_and_no_evidence() -> None:
    """Nobody looked at them one by one."""
    log = ReviewLog([decide("a", 0, verdict=Verdict.ACCEPT, label="b", source=DecisionSource.BULK, batch="x")])

    tracker = _tracker(log)

    found = tracker.estimate(0)
    assert (found.n_decided, found.n_wrong) == (0, 0)
    assert tracker.n_judged == 1
    assert found.share_left.value < 1.0


def test_drawn_rows_measure_what_the_review_would_not_have_reached() -> None:
    """Row 25, among undecided ones, counts in full; row 5, among decided ones of its kind, does not count."""
    reached = [decide(f"q{row}", row) for row in range(10) if row != 5]
    control = {"source": DecisionSource.CONTROL}
    log = ReviewLog([*reached, decide("c5", 5, **control), decide("c25", 25, **control)])

    accuracy = _tracker(log).accuracy()

    assert accuracy.n_drawn == 2
    assert "Of 2 rows drawn by chance, 1 would not have come up by themselves, 0 of them wrong" in accuracy.how


def test_another_ranking_is_counted_by_its_own_probabilities() -> None:
    """The decisions stay."""
    tracker = _tracker(ReviewLog([decide("a", 0), decide("b", 1)]))
    before = tracker.estimate(0)
    other = _run()
    assert isinstance(other, SimpleNamespace)
    other.error_probabilities = np.full(N_ROWS, 0.01)

    tracker.follow_run(cast("ReviewedRun", other), is_learned=True)

    after = tracker.estimate(0)
    assert after.n_decided == before.n_decided == 2
    assert after.left_in_data.value < before.left_in_data.value


VERDICTS = [(Verdict.KEEP, None), (Verdict.ACCEPT, "b"), (Verdict.UNSURE, None), (Verdict.RELABEL, "c")]
STEPS = st.lists(
    st.tuples(st.integers(0, N_ROWS - 1), st.sampled_from(VERDICTS), st.sampled_from(DecisionSource), st.booleans()),
    max_size=40,
)


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_step_by_step_is_the_same_as_all_at_once(
    steps: list[tuple[int, tuple[Verdict, str | None], DecisionSource, bool]],
) -> None:
    """Whatever is decided, decided anew and undone, in whatever order it is followed."""
    events: list[ReviewEvent] = []
    for number, (row, (verdict, label), source, is_undone) in enumerate(steps):
        event = decide(f"e{number}", row, verdict=verdict, label=label, source=source, error_probability=0.5)
        events.append(replace(event, position=2 * number))
        if is_undone:
            events.append(replace(step(EventKind.UNDO, f"u{number}", f"e{number}", row), position=2 * number + 1))
    log, steady = ReviewLog(), YieldTracker(_run())
    steady.follow_queue(_queue())
    for event in events:
        log.extend([event])
        steady.follow(log)
        steady.estimate(0)

    one, other = steady.estimate(0), _tracker(log).estimate(0)

    assert (one.n_decided, one.n_wrong, one.n_next) == (other.n_decided, other.n_wrong, other.n_next)
    for name in ("so_far", "next_rows", "left_in_queue", "left_in_data"):
        np.testing.assert_allclose(getattr(one, name).value, getattr(other, name).value, atol=1e-6)
    assert steady.accuracy() == _tracker(log).accuracy()
