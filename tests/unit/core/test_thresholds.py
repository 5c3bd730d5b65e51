"""The confident thresholds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from labelclean.core.thresholds import UNREACHED, ThresholdSums, confident_thresholds


def test_a_threshold_is_the_mean_self_confidence_of_its_class() -> None:
    """Worked out by hand: (0.5 + 1) / 2 and 0.75."""
    probs = np.array([[0.5, 0.5], [1.0, 0.0], [0.25, 0.75]])

    found = confident_thresholds(np.array([0, 0, 1]), probs)

    assert found.tolist() == [0.75, 0.75]


def test_a_class_never_given_is_never_reached() -> None:
    """Its threshold lies above every probability."""
    found = confident_thresholds(np.array([0, 0]), np.array([[0.5, 0.5], [0.7, 0.3]]))

    assert found[1] == UNREACHED > 1


def test_a_class_the_model_never_believes_in_keeps_a_positive_threshold() -> None:
    """Otherwise every row would reach it."""
    found = confident_thresholds(np.array([0, 1]), np.array([[1.0, 0.0], [1.0, 0.0]]))

    assert found.tolist() == [1.0, 2e-6]


def test_the_mean_is_correctly_rounded() -> None:
    """The exact mean, taken with fractions, rounds to the same double (up to the 60 bits kept of each value)."""
    values = np.random.default_rng(1).random(5000)
    probs = np.stack([values, 1 - values], axis=1)

    found = confident_thresholds(np.zeros(5000, dtype=np.int64), probs)

    exact = sum((Fraction(float(value)) for value in values), Fraction(0)) / 5000
    assert found[0] == pytest.approx(float(exact), rel=1e-16, abs=1e-17)


def test_chunks_add_up_in_any_order() -> None:
    """What one machine has seen can be joined with what another has."""
    generator = np.random.default_rng(3)
    labels, probs = generator.integers(0, 3, 90), generator.dirichlet(np.ones(3), 90)
    parts = [ThresholdSums.partial(labels[i : i + 30], probs[i : i + 30]) for i in (0, 30, 60)]

    forward = (parts[0] + parts[1] + parts[2]).finish()
    backward = (parts[2] + (parts[1] + parts[0])).finish()

    assert forward.tobytes() == backward.tobytes() == confident_thresholds(labels, probs).tobytes()
