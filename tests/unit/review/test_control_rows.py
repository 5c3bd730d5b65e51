"""Tests of rows drawn by chance: a sample without favour, and what it says of all labels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from labelclean.errors import InvalidInputError
from labelclean.review.control_rows import (
    ControlCounts,
    control_order,
    control_places,
    label_accuracy,
)


def test_the_order_holds_each_labelled_row_once_and_no_other() -> None:
    """Rows without a label have nothing to be measured."""
    labels = np.array([0, -1, 1, 0, -1, 2])

    order = control_order(labels, "project:run")

    assert sorted(order.tolist()) == [0, 2, 3, 5]


def test_the_order_is_another_one_for_another_run() -> None:
    """The seed names both, and the same seed always gives the same order."""
    labels = np.zeros(50, dtype=np.int64)

    first, again, other = (control_order(labels, seed).tolist() for seed in ("p:1", "p:1", "p:2"))

    assert first == again
    assert first != other


def test_every_twentieth_card_is_drawn_for_five_per_cent() -> None:
    """In the middle of each stretch; the places do not depend on where one begins to ask."""
    assert control_places(60, 0.05).tolist() == [9, 29, 49]
    assert control_places(60, 0.05, start=10).tolist() == [29, 49]
    assert control_places(60, 0.0).tolist() == []


@pytest.mark.parametrize("share", [-0.1, 0.6])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    """At most every second card."""
    with pytest.raises(InvalidInputError, match="share must be between 0 and"):
        control_places(60, share)


def test_known_rows_are_counted_and_the_rest_is_estimated() -> None:
    """By hand: 60 of 1,000 known wrong, 900 unknown of which 1 in 20 is; corrected, only these are left."""
    counts = ControlCounts(n_rows=1_000, n_judged=100, n_judged_wrong=60, n_drawn=20, n_beyond=20, n_beyond_wrong=1)
    low, high = stats.beta(1.5, 19.5).ppf([0.05, 0.95])

    accuracy = label_accuracy(counts)

    assert accuracy.before == pytest.approx(1 - 0.06 - 0.9 * 0.05)
    assert accuracy.after == pytest.approx(1 - 0.9 * 0.05)
    assert accuracy.after_interval == pytest.approx((1 - 0.9 * high, 1 - 0.9 * low))
    assert accuracy.before_interval == pytest.approx((1 - 0.06 - 0.9 * high, 1 - 0.06 - 0.9 * low))
    assert "60 of the 100 rows you judged were wrong" in accuracy.how


def test_without_a_drawn_row_anything_is_possible() -> None:
    """The interval says so."""
    counts = ControlCounts(n_rows=10, n_judged=4, n_judged_wrong=1, n_drawn=0, n_beyond=0, n_beyond_wrong=0)

    assert label_accuracy(counts).after_interval == pytest.approx((0.4, 1.0))


def test_when_all_is_judged_nothing_is_left_to_chance() -> None:
    """Both shares are known."""
    counts = ControlCounts(n_rows=10, n_judged=10, n_judged_wrong=3, n_drawn=2, n_beyond=0, n_beyond_wrong=0)

    accuracy = label_accuracy(counts)

    assert (accuracy.before, accuracy.after) == (0.7, 1.0)
    assert accuracy.before_interval == (0.7, 0.7)


def test_counts_that_cannot_be_are_refused() -> None:
    """More wrong than drawn, more drawn than judged."""
    with pytest.raises(InvalidInputError, match="Parts must not be more than the whole"):
        ControlCounts(n_rows=10, n_judged=4, n_judged_wrong=1, n_drawn=5, n_beyond=5, n_beyond_wrong=0)
    with pytest.raises(InvalidInputError, match="Parts must not be more than the whole"):
        ControlCounts(n_rows=10, n_judged=4, n_judged_wrong=1, n_drawn=2, n_beyond=1, n_beyond_wrong=2)


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Two thousand simulated samples of 40 rows, of which one in ten is wrong."""
    rng = np.random.default_rng(0)
    wrong = rng.binomial(40, 0.1, size=2_000)

    held = 0
    for n_wrong in wrong.tolist():
        counts = ControlCounts(
            n_rows=10_000, n_judged=40, n_judged_wrong=n_wrong, n_drawn=40, n_beyond=40, n_beyond_wrong=n_wrong
        )
        low, high = label_accuracy(counts).after_interval
        held += low <= 1.0 - 0.996 * 0.1 <= high

    assert 0.86 <= held / 2_000 <= 0.96
