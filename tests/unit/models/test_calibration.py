"""The temperature."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from labelclean.models.calibration import apply_temperature, fit_temperature


@pytest.mark.parametrize("true_temperature", [0.3, 1.0, 3.0])
def test_the_temperature_that_spoilt_probabilities_is_found(true_temperature: float) -> None:
    """Labels are drawn from probabilities; the same ones raised to a power need just that temperature."""
    generator = np.random.default_rng(9)
    honest = softmax(generator.normal(size=(20_000, 4)) * 1.5, axis=1)
    labels = (honest.cumsum(axis=1) > generator.random((20_000, 1))).argmax(axis=1)
    spoilt = softmax(np.log(honest) * true_temperature, axis=1)

    found = fit_temperature(labels, spoilt)

    assert found == pytest.approx(true_temperature, rel=0.06)
    assert np.abs(apply_temperature(spoilt, found) - honest).mean() < 0.01


def test_a_temperature_changes_no_order_and_keeps_sums() -> None:
    """Only how sure the numbers are."""
    probs = np.random.default_rng(10).dirichlet(np.ones(6), 50)

    soft = apply_temperature(probs, 2.5)

    assert np.array_equal(np.argsort(probs, axis=1), np.argsort(soft, axis=1))
    assert np.allclose(soft.sum(axis=1), 1)


def test_no_rows_zeros_and_certainty_are_survived() -> None:
    """Nothing to learn from gives 1; a probability of 0 stays almost 0."""
    assert fit_temperature(np.empty(0, dtype=np.int64), np.empty((0, 3))) == 1.0
    assert np.isfinite(fit_temperature(np.array([0, 1]), np.eye(2)))
    assert apply_temperature(np.array([[0.0, 1.0]]), 1.0)[0, 0] < 1e-9
