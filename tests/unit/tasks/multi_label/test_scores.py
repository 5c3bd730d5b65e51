"""Scores of cells and of whole label sets, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.errors import ConfigError, InvalidInputError
from labelclean.tasks.multi_label import multi_label_class_scores, multi_label_quality_scores
from labelclean.tasks.multi_label.aggregation import exponential_moving_average, softmin

SETS = [[0], []]
PROBS = np.array([[0.75, 0.5], [0.25, 0.0]])


def test_self_confidence_is_the_probability_of_the_given_state() -> None:
    """That is p where the class is given, and 1 - p where not."""
    assert multi_label_class_scores(SETS, PROBS).tolist() == [[0.75, 0.5], [0.75, 1.0]]


def test_the_margin_of_two_states_is_the_self_confidence() -> None:
    """(s - (1 - s) + 1) / 2 = s."""
    assert multi_label_class_scores(SETS, PROBS, method="normalized_margin").tolist() == [[0.75, 0.5], [0.75, 1.0]]


def test_entropy_is_weighted_by_confidence() -> None:
    """Even: q = 1 / 0.5 and log(3) / 2. Sure: no entropy, and the score is 0 / 1e-6, so 0, as in the reference."""
    scores = multi_label_class_scores(SETS, PROBS, method="confidence_weighted_entropy")

    quarter = (0.25 * 2 + 0.75 * math.log2(4 / 3)) / 0.75
    assert np.allclose(
        scores, [[math.log(quarter + 1) / quarter, math.log(3) / 2], [math.log(quarter + 1) / quarter, 0]]
    )


def test_an_almost_sure_cell_scores_almost_one() -> None:
    """The quotient log(q + 1) / q goes to 1 as q goes to 0."""
    assert multi_label_class_scores([[0]], [[0.99999]], method="confidence_weighted_entropy")[0, 0] > 0.999


def test_adjusted_scores_take_the_thresholds_off() -> None:
    """Class 0: thresholds 0.75 and 0.75 cancel out. Class 1 has only one state and stays as it is."""
    unequal = multi_label_class_scores([[0], []], [[0.5], [0.25]], adjust_pred_probs=True)

    assert multi_label_class_scores(SETS, PROBS, adjust_pred_probs=True).tolist() == [[0.75, 0.5], [0.75, 1.0]]
    # Thresholds 0.75 (absent), 0.5 (present): (0.5 - 0.5 + 0.75) / 1.25 and (0.75 - 0.75 + 0.75) / 1.25.
    assert np.allclose(unequal, [[0.6], [0.6]])


def test_the_moving_average_goes_from_best_to_worst() -> None:
    """0.9, then 0.8 * 0.5 + 0.2 * 0.9 = 0.58, then 0.8 * 0.1 + 0.2 * 0.58."""
    assert np.isclose(exponential_moving_average(np.array([[0.5, 0.1, 0.9]]))[0], 0.196)


@pytest.mark.parametrize(("alpha", "expected"), [(0.0, 0.9), (1.0, 0.1), (None, 0.4)])
def test_the_weight_of_the_moving_average_may_be_anything_from_zero_to_one(
    alpha: float | None, expected: float
) -> None:
    """0 leaves the best, 1 the worst; None is 2 / (3 + 1): 0.9, 0.7, 0.4."""
    assert np.isclose(exponential_moving_average(np.array([[0.5, 0.1, 0.9]]), alpha=alpha)[0], expected)


def test_softmin_lies_between_minimum_and_mean() -> None:
    """Cold it is the one, hot the other."""
    scores = np.array([[0.2, 0.4, 0.9]])

    assert np.isclose(softmin(scores, temperature=1e-3)[0], 0.2)
    assert np.isclose(softmin(scores, temperature=1e6)[0], 0.5)
    assert softmin(scores, temperature=1e-300)[0] == 0.2


@pytest.mark.parametrize("n_classes", [1, 2, 9])
def test_equal_scores_are_joined_to_the_same_score(n_classes: int) -> None:
    """Whichever way."""
    scores = np.full((2, n_classes), 0.5)

    assert np.allclose(exponential_moving_average(scores), 0.5)
    assert np.allclose(softmin(scores), 0.5)


def test_a_function_may_join_the_scores() -> None:
    """It gets a table and axis=1, some rows at a time."""
    seen: list[tuple[int, ...]] = []

    def worst(scores: NDArray[np.float64], *, axis: int) -> NDArray[np.float64]:
        seen.append(scores.shape)
        return np.asarray(scores.min(axis=axis))

    found = multi_label_quality_scores(SETS, PROBS, aggregate_by=worst, chunk_bytes=16)

    assert found.tolist() == [0.5, 0.75]
    assert seen == [(1, 2), (1, 2)]


def test_the_callers_scores_stay_as_they_were() -> None:
    """Joining sorts a copy."""
    scores = np.array([[0.9, 0.1, 0.5]])

    exponential_moving_average(scores)
    softmin(scores)

    assert scores.tolist() == [[0.9, 0.1, 0.5]]


def test_no_examples_have_no_scores() -> None:
    """Cell by cell and joined."""
    assert multi_label_class_scores([], np.empty((0, 3))).shape == (0, 3)
    assert multi_label_quality_scores([], np.empty((0, 3))).shape == (0,)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "best"}, "method must be one of self_confidence"),
        ({"alpha": 1.5}, "alpha must be from 0 to 1, or None; got 1.5"),
        ({"alpha": float("nan")}, "alpha must be from 0 to 1, or None; got nan"),
        ({"temperature": 0.0}, "temperature must be above 0; got 0.0"),
        ({"aggregate_by": "mean"}, "softmin or a function; got 'mean'"),
        ({"method": "confidence_weighted_entropy", "adjust_pred_probs": True}, "adjust_pred_probs must be False"),
    ],
)
def test_options_outside_their_range_are_refused(options: dict[str, Any], message: str) -> None:
    """With what is allowed and what was given."""
    with pytest.raises(ConfigError, match=message):
        multi_label_quality_scores(SETS, PROBS, **options)


def test_a_function_that_does_not_join_is_refused() -> None:
    """One number per row is wanted."""

    def nothing(scores: NDArray[np.float64], *, axis: int) -> NDArray[np.float64]:
        return np.sort(scores, axis=axis)

    with pytest.raises(InvalidInputError, match=r"one number per row; got shape \(2, 2\) for 2 rows"):
        multi_label_quality_scores(SETS, PROBS, aggregate_by=nothing)


def test_bad_probabilities_are_refused() -> None:
    """Here as in the search for issues."""
    with pytest.raises(InvalidInputError, match="in 1 rows, first in row 1"):
        multi_label_quality_scores(SETS, [[0.5, 0.5], [np.nan, 0.5]])
