"""What a bulk decision comes to before it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from labelclean.review.bulk.decide import BulkAction, BulkKind
from labelclean.review.bulk.plan import BulkPlan, PairCount, pair_counts, plan_bulk
from labelclean.review.bulk.sample import draw_sample
from labelclean.review.decisions import DecisionSource, ReviewEvent, Verdict
from tests.unit.review.test_bulk import Run, decided

ACCEPT, KEEP = BulkAction(kind=BulkKind.ACCEPT), BulkAction(kind=BulkKind.KEEP)
N_ROWS = 100


def large_run() -> Run:
    """Return a run of 100 rows given a, of which b is suggested; the last ten have no label."""
    labels = np.zeros(N_ROWS, dtype=np.int64)
    labels[90:] = -1
    probabilities = np.full(N_ROWS, 0.9)
    return Run(labels=labels, suggested_labels=np.ones(N_ROWS, dtype=np.int64), error_probabilities=probabilities)


def plan(
    *before: ReviewEvent, action: BulkAction = ACCEPT, size: int = 10, drawn: Sequence[int] = (), n_rows: int = N_ROWS
) -> BulkPlan:
    """Return the plan over the first rows."""
    return plan_bulk(
        large_run(),
        np.arange(n_rows),
        action,
        decisions={event.row: event for event in before},
        name="sample",
        size=size,
        drawn_before=drawn,
    )


def accepted(row: int, source: DecisionSource = DecisionSource.QUEUE) -> ReviewEvent:
    """Return the decision to take the suggestion."""
    return replace(decided(row, Verdict.ACCEPT, "b"), source=source)


def test_sample_and_rest_are_all_rows_once() -> None:
    """Nobody decided anything: ten rows to look at, ninety at once."""
    found = plan()

    assert found.sample == tuple(draw_sample(np.arange(N_ROWS), "sample", size=10).tolist())
    assert sorted([*found.sample, *found.rest.tolist()]) == list(range(N_ROWS))
    assert (found.n_open, found.precision.right.n, found.is_ready) == (100, 0, False)


def test_the_rest_may_be_decided_once_the_whole_sample_is() -> None:
    """Nine of ten are not enough, however they came out."""
    first = plan()
    nine = [accepted(row) for row in first.sample[:9]]

    almost = plan(*nine, drawn=first.drawn)
    ready = plan(*nine, decided(first.sample[9]), drawn=first.drawn)

    assert (almost.sample, almost.is_ready, almost.n_open) == (first.sample, False, 91)
    assert (ready.sample, ready.is_ready, ready.n_open) == (first.sample, True, 90)
    assert ready.precision.note.startswith("bulk: sample 9 of 10 right")


def test_rows_decided_by_others_are_not_among_the_rest() -> None:
    """The reviewer of another tab took three of them."""
    first = plan()
    others = [decided(row) for row in first.rest[:3].tolist()]

    found = plan(*others, drawn=first.drawn)

    assert found.sample == first.sample
    assert len(found.rest) == 87


def test_a_larger_sample_keeps_what_was_decided() -> None:
    """The first ten of twenty are the ten."""
    first = plan()

    larger = plan(*[accepted(row) for row in first.sample], size=20, drawn=first.drawn)

    assert larger.sample[:10] == first.sample
    assert (larger.precision.n_undecided, larger.is_ready) == (10, False)


def test_what_was_decided_in_bulk_says_nothing_about_bulk() -> None:
    """After a bulk decision a larger sample draws no row from it."""
    first = plan()
    at_once = [accepted(row, DecisionSource.BULK) for row in first.rest[:60].tolist()]

    larger = plan(*[accepted(row) for row in first.sample], *at_once, size=50, drawn=first.drawn)

    assert not set(larger.sample) & set(first.rest[:60].tolist())
    assert len(larger.sample) == 40


def test_rows_that_no_longer_match_leave_the_sample() -> None:
    """After learning the threshold takes other rows: those that left are replaced."""
    first = plan()

    found = plan(drawn=first.drawn, n_rows=50)

    assert found.sample[: sum(row < 50 for row in first.sample)] == tuple(row for row in first.sample if row < 50)
    assert len(found.sample) == 10
    assert max(found.sample) < 50


def test_keeping_draws_no_row_without_a_label() -> None:
    """Rows 90 and above have none to keep."""
    found = plan(action=KEEP, size=50, drawn=[95, 3])

    assert found.sample[0] == 3
    assert max(found.sample) < 90
    assert len(found.rest) == 40


def test_a_small_queue_is_its_own_sample() -> None:
    """Four rows are decided by hand, and nothing is left."""
    found = plan(n_rows=4)

    assert sorted(found.sample) == [0, 1, 2, 3]
    assert len(found.rest) == 0
    assert not plan(*map(accepted, range(4)), n_rows=4, drawn=found.drawn).is_ready


def test_pairs_are_counted_most_frequent_first() -> None:
    """By hand, among the rows 0, 1, 3 and 4 and a second row 3."""
    found = pair_counts(Run(), np.array([0, 1, 3, 4, 3]))

    assert found == (
        PairCount(given=2, suggested=0, n_rows=2),
        PairCount(given=-1, suggested=1, n_rows=1),
        PairCount(given=0, suggested=1, n_rows=1),
        PairCount(given=0, suggested=2, n_rows=1),
    )
