"""The scoring rules."""

from __future__ import annotations

import numpy as np

from labelclean.core.scores import normalized_margin, self_confidence

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
