"""Tests of the lines under the card: each says how it is computed."""

from __future__ import annotations

import numpy as np

from labelclean.review.control_rows import ControlCounts, label_accuracy
from labelclean.review.outlook import accuracy_words, number_words, outlook_of, share_words
from labelclean.review.yield_estimate import estimate_yield
from labelclean.review.yield_figures import Estimate, StepCounts, YieldEstimate


def _estimate(n_decided: int, n_left: int = 200) -> YieldEstimate:
    shown, left = StepCounts.of(np.full(n_decided, 0.5)), StepCounts.of(np.full(n_left, 0.5))
    coming = StepCounts.of(np.full(min(n_left, 100), 0.5))
    return estimate_yield(shown, shown.n_rows / 2, next_rows=coming, queue=left, data=left)


def _accuracy(n_drawn: int) -> ControlCounts:
    return ControlCounts(
        n_rows=1_000, n_judged=100, n_judged_wrong=60, n_drawn=n_drawn, n_beyond=n_drawn, n_beyond_wrong=1
    )


def test_shares_and_numbers_come_with_their_intervals() -> None:
    """As the card writes them."""
    assert share_words(Estimate(value=0.61, low=0.52, high=0.69, how="")) == "61 % (52–69)"
    assert number_words(Estimate(value=1_045.2, low=930.0, high=1_162.0, how="")) == "about 1,045 (930–1,162)"
    assert accuracy_words(label_accuracy(_accuracy(20))).startswith("labels right: 89.5 % before, 95.5 % (")


def test_few_decisions_are_said_to_be_few() -> None:
    """No estimate that would be the model's own guess."""
    outlook = outlook_of(_estimate(6), None, None)

    assert outlook["lines"] == ["3 real errors in 6: too early to say more"]
    assert len(outlook["how"]) == 1
    assert outlook["stop"] is None


def test_each_line_has_its_how() -> None:
    """Found, left, next, label accuracy, and what was learned."""
    outlook = outlook_of(_estimate(40), label_accuracy(_accuracy(20)), ("Given “a” …", "Counted."))

    assert outlook["lines"][0].startswith("50 % (")
    assert outlook["lines"][1].startswith("about 100 (")
    assert outlook["lines"][2].startswith("the next 100 will give about 50 (")
    assert outlook["lines"][3].startswith("labels right: ")
    assert outlook["lines"][4:] == ["Given “a” …"]
    assert len(outlook["how"]) == len(outlook["lines"])
    assert all(outlook["how"])


def test_a_handful_of_drawn_rows_and_an_empty_queue_say_nothing() -> None:
    """Nine drawn rows are too few, and nothing is left to be next."""
    outlook = outlook_of(_estimate(40, n_left=0), label_accuracy(_accuracy(9)), None)

    assert len(outlook["lines"]) == 1
