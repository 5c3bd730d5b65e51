"""Random noise matrices: what is asked for is what comes, and what cannot be is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labelclean.core.random_noise_matrix import is_learnable, random_noise_matrix
from labelclean.errors import ConfigError


def test_columns_sum_to_1_and_the_diagonal_to_the_trace() -> None:
    """Both to the last digits."""
    matrix = random_noise_matrix(5, trace=3.7, random_state=1)

    assert np.allclose(matrix.sum(axis=0), 1, rtol=0, atol=1e-12)
    assert np.isclose(matrix.trace(), 3.7, rtol=0, atol=1e-12)
    assert (matrix > 0).all()


def test_the_same_seed_gives_the_same_bits_and_a_generator_goes_on() -> None:
    """A whole number starts a generator of its own; a generator given is drawn from."""
    generator = np.random.default_rng(3)

    first = random_noise_matrix(4, trace=2.5, random_state=generator)
    second = random_noise_matrix(4, trace=2.5, random_state=generator)

    assert first.tobytes() == random_noise_matrix(4, trace=2.5, random_state=3).tobytes()
    assert first.tobytes() != second.tobytes()


def test_the_trace_of_n_classes_is_the_identity() -> None:
    """No noise at all."""
    assert np.array_equal(random_noise_matrix(3, trace=3, random_state=0), np.eye(3))


def test_one_class_can_only_be_right() -> None:
    """There is no other label to give."""
    assert random_noise_matrix(1, trace=1, learnable=False, random_state=0).tolist() == [[1.0]]


@pytest.mark.parametrize(("fraction", "n_zero"), [(0.0, 0), (0.25, 3), (0.5, 6), (0.6, 7)])
def test_the_wanted_number_of_rates_is_zero(fraction: float, n_zero: int) -> None:
    """By hand: 4 classes have 12 rates."""
    matrix = random_noise_matrix(4, trace=3, fraction_zero_rates=fraction, random_state=0)

    assert np.count_nonzero(matrix == 0) == n_zero


def test_with_many_zero_rates_some_classes_have_no_noise() -> None:
    """By hand: 10 of 12 rates are 0, and a noisy class keeps one; so two classes have noise and two have none."""
    matrix = random_noise_matrix(4, trace=3, fraction_zero_rates=10 / 12, random_state=0)

    assert np.count_nonzero(matrix.diagonal() == 1) == 2
    assert np.count_nonzero(matrix == 0) == 10


def test_learnable_is_more_often_than_by_chance_in_every_class() -> None:
    """By hand: with priors 0.9 and 0.1 the given class 1 occurs with 0.9 * 0.3 + 0.1 * 0.6 = 0.33, below 0.6."""
    priors = np.array([0.9, 0.1])

    assert is_learnable(np.array([[0.7, 0.4], [0.3, 0.6]]), priors)
    assert not is_learnable(np.array([[0.4, 0.4], [0.6, 0.6]]), priors)
    assert not is_learnable(np.array([[0.3, 0.6], [0.7, 0.4]]), priors)


def test_a_class_that_drowns_in_the_errors_of_others_is_not_learnable() -> None:
    """By hand: given 2 occurs with 0.49 * 0.3 * 2 + 0.02 * 0.29 = 0.2998, true 2 only gives it with 0.29."""
    matrix = np.array([[0.7, 0.0, 0.0], [0.0, 0.7, 0.71], [0.3, 0.3, 0.29]])

    assert not is_learnable(matrix, np.array([0.49, 0.49, 0.02]))


def test_a_hair_above_chance_is_still_learnable() -> None:
    """Whatever the priors are, a trace above 1 is enough for a full matrix."""
    priors = np.array([0.9, 0.05, 0.03, 0.02])

    matrix = random_noise_matrix(4, trace=1.001, class_priors=priors, random_state=5)

    assert is_learnable(matrix, priors)
    assert np.isclose(matrix.trace(), 1.001, rtol=0, atol=1e-12)


def test_not_asked_to_be_learnable_a_matrix_may_be_worse_than_chance() -> None:
    """A trace of 0 is labels that are always wrong."""
    matrix = random_noise_matrix(3, trace=0, learnable=False, random_state=0)

    assert matrix.diagonal().tolist() == [0, 0, 0]
    assert np.allclose(matrix.sum(axis=0), 1)


@pytest.mark.parametrize(
    ("message", "options"),
    [
        ("trace must be above 1", {"trace": 1.0}),
        ("trace must be from 0 to 3", {"trace": 3.1}),
        ("trace must be from 0 to 3", {"trace": float("nan")}),
        ("fraction_zero_rates must be from 0 to 1", {"trace": 2.0, "fraction_zero_rates": 1.5}),
        ("with which 3 classes have no noise", {"trace": 2.5, "fraction_zero_rates": 1.0}),
        ("with which 2 classes have no noise", {"trace": 1.9, "fraction_zero_rates": 5 / 6}),
        ("class_priors must be 3 numbers", {"trace": 2.0, "class_priors": [0.5, 0.5]}),
        ("class_priors must be 3 numbers", {"trace": 2.0, "class_priors": [0.5, 0.7, -0.2]}),
        ("got 0 for class 1", {"trace": 2.0, "class_priors": [0.5, 0.0, 0.5]}),
    ],
)
def test_what_cannot_be_is_refused(message: str, options: dict[str, Any]) -> None:
    """The message names the option and what it was."""
    with pytest.raises(ConfigError, match=message):
        random_noise_matrix(3, random_state=0, **options)


def test_a_sparse_matrix_that_cannot_be_learnable_is_given_up() -> None:
    """By hand: with one noise rate a class and nearly no trace, the rare class drowns in the common one's errors."""
    with pytest.raises(ConfigError, match=r"none was found in 1,000 draws"):
        random_noise_matrix(3, trace=1.0001, class_priors=[0.98, 0.01, 0.01], fraction_zero_rates=0.5, random_state=0)


@pytest.mark.parametrize(("n_classes", "trace"), [(0, 0.0), (1, 0.5)])
def test_no_classes_and_half_a_class_are_refused(n_classes: int, trace: float) -> None:
    """One class has a trace of 1; fewer do not exist."""
    with pytest.raises(ConfigError, match="must be"):
        random_noise_matrix(n_classes, trace=trace, learnable=False, random_state=0)
