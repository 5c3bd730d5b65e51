"""Probabilities under a temperature."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.temperature import balanced_temperature, log_odds, log_probs, softened, softened_binary


def test_odds_are_taken_to_the_power_of_the_inverse_temperature() -> None:
    """9 to 1 under 2 is 3 to 1; 3 to 1 under a half is 9 to 1."""
    soft = softened(log_probs(np.array([[0.9, 0.1]]), smallest=1e-12), 2.0)
    sharp = softened(log_probs(np.array([[0.75, 0.25]]), smallest=1e-12), 0.5)

    assert soft.ravel().tolist() == pytest.approx([0.75, 0.25])
    assert sharp.ravel().tolist() == pytest.approx([0.9, 0.1])


def test_a_cell_on_its_own_is_a_row_of_present_and_absent() -> None:
    """Each class with the temperature of its own."""
    probs = np.array([[0.9, 0.3], [0.2, 0.0]])

    found = softened_binary(log_odds(probs, smallest=1e-30), np.array([2.0, 0.7]))

    for k, temperature in enumerate((2.0, 0.7)):
        pairs = np.column_stack([probs[:, k], 1 - probs[:, k]])
        expected = softened(log_probs(pairs, smallest=1e-30), temperature)[:, 0]
        assert found[:, k].tolist() == pytest.approx(expected.tolist(), abs=1e-15)


def test_an_even_chance_stays_even_to_the_last_bit() -> None:
    """Ties would otherwise be broken by rounding."""
    assert softened_binary(log_odds(np.array([[0.5]]), smallest=1e-30), 3.7).tolist() == [[0.5]]


def test_probabilities_of_zero_and_single_precision_are_survived() -> None:
    """A zero counts as the smallest number allowed; logarithms are always double."""
    found = log_probs(np.array([0.0, 1.0], dtype=np.float32), smallest=1e-12)

    assert found.dtype == np.float64
    assert found.tolist() == pytest.approx([np.log(1e-12), 0.0])


@pytest.mark.parametrize(
    ("zero", "expected"), [(3.0, 3.0), (0.01, 0.05), (50.0, 20.0)], ids=["between", "below", "above"]
)
def test_the_zero_of_a_falling_slope_is_found_or_the_nearer_limit(zero: float, expected: float) -> None:
    """The slope is positive below its zero."""
    assert balanced_temperature(lambda temperature: zero - temperature) == pytest.approx(expected)


def test_a_loss_that_never_changes_leaves_the_temperature_at_one() -> None:
    """There is nothing to learn."""
    assert balanced_temperature(lambda _: 0.0) == 1.0
