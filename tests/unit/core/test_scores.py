"""The scoring rules."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from labelclean.core.label_issues import find_label_issues
from labelclean.core.scores import (
    ScoringMethod,
    adjusted_pred_probs,
    confidence_weighted_entropy,
    label_quality_scores,
    normalized_margin,
    self_confidence,
)
from labelclean.errors import ConfigError

PROBS = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])


def test_self_confidence_is_the_probability_of_the_given_label() -> None:
    """By hand."""
    assert self_confidence(np.array([0, 1]), PROBS).tolist() == [0.7, 0.3]


def test_the_margin_compares_with_the_best_other_class() -> None:
    """By hand: (0.7 - 0.2 + 1) / 2 and (0.3 - 0.6 + 1) / 2."""
    assert np.allclose(normalized_margin(np.array([0, 1]), PROBS), [0.75, 0.35])


def test_with_one_class_the_margin_has_no_rival() -> None:
    """(1 - 0 + 1) / 2."""
    assert normalized_margin(np.array([0]), np.array([[1.0]])).tolist() == [1.0]


def test_scores_are_doubles_and_the_probabilities_stay_as_they_were() -> None:
    """The margin works on a copy."""
    probs = PROBS.astype(np.float32)
    before = probs.copy()

    scores = normalized_margin(np.array([0, 1]), probs)

    assert scores.dtype == np.float64
    assert np.array_equal(probs, before)


def test_the_entropy_is_weighed_by_the_self_confidence() -> None:
    """By hand: an even row has the entropy 1, over 0.5 that is 2, and log(3) / 2; a sure row has none and scores 1."""
    found = confidence_weighted_entropy([0, 1], [[0.5, 0.5], [1.0, 0.0]])

    assert np.allclose(found, [np.log(3) / 2, 1.0])


def test_with_one_class_the_entropy_is_none() -> None:
    """Nothing else could have been meant."""
    assert confidence_weighted_entropy([0, 0], [[1.0], [0.3]]).tolist() == [1.0, 1.0]


def test_thresholds_are_taken_off_and_the_largest_added() -> None:
    """By hand: 0.4 - 0.5 + 0.75 and 0.6 - 0.75 + 0.75 are 0.65 and 0.6; a class never given counts as 0.75."""
    two = adjusted_pred_probs([[0.4, 0.6]], [0.5, 0.75])
    three = adjusted_pred_probs([[0.4, 0.4, 0.2]], [0.5, 0.75, 2.0])

    assert np.allclose(two, [[0.65 / 1.25, 0.6 / 1.25]])
    assert np.allclose(three, [[0.65 / 1.25, 0.4 / 1.25, 0.2 / 1.25]])


def test_a_row_that_is_0_everywhere_is_adjusted_to_equal_parts() -> None:
    """There is nothing to divide by."""
    assert adjusted_pred_probs([[0.0, 0.0]], [0.5, 0.5]).tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize("method", get_args(ScoringMethod))
def test_scores_stay_between_0_and_1_where_probabilities_do_not(method: ScoringMethod) -> None:
    """Rounding may carry these a hair beyond, the scores not."""
    labels, probs = [0, 1], [[1.0 + 5e-7, -5e-7], [1.0 + 5e-7, -5e-7]]

    alone = label_quality_scores(labels, probs, method=method)
    along = find_label_issues(labels, probs, score_by=method).label_quality_scores

    assert along.tolist() == alone.tolist()
    assert alone.min() >= 0.0
    assert alone.max() == 1.0


@pytest.mark.parametrize("thresholds", [[0.5], [0.5, 0.2, 0.1], [0.5, np.nan]])
def test_thresholds_to_take_off_must_be_one_for_each_class(thresholds: list[float]) -> None:
    """One alone is not taken off all classes."""
    with pytest.raises(ConfigError, match="thresholds must be 2 numbers"):
        adjusted_pred_probs([[0.5, 0.5]], thresholds)


def test_a_score_that_does_not_exist_is_refused() -> None:
    """The message names those that do."""
    with pytest.raises(ConfigError, match="one of self_confidence, normalized_margin, confidence_weighted_entropy"):
        label_quality_scores([0], [[1.0]], method="entropy")  # type: ignore[arg-type]


def test_adjusted_values_have_no_entropy() -> None:
    """The two options do not go together."""
    with pytest.raises(ConfigError, match="adjust_pred_probs must not be used with confidence_weighted_entropy"):
        label_quality_scores([0], [[1.0]], method="confidence_weighted_entropy", adjust_pred_probs=True)
