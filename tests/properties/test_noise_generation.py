"""What must hold for any noise matrix and any labels."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.core.noise_generation import (
    class_dependent_noise,
    empirical_noise_matrix,
    instance_dependent_noise,
    is_learnable,
    random_noise_matrix,
)

SEEDS = st.integers(0, 2**32 - 1)


@given(st.integers(2, 9), st.floats(0.001, 1), SEEDS)
@settings(deadline=None)
def test_a_full_matrix_is_learnable_for_any_priors_and_any_trace_above_1(
    n_classes: int, position: float, seed: int
) -> None:
    """Above 0, columns sum to 1, the trace is the one asked for."""
    generator = np.random.default_rng(seed)
    priors = 0.999 * generator.dirichlet(np.full(n_classes, 0.3)) + 0.001 / n_classes
    trace = 1 + position * (n_classes - 1)

    matrix = random_noise_matrix(n_classes, trace=trace, class_priors=priors, random_state=generator)

    assert is_learnable(matrix, priors)
    assert (matrix >= 0).all()
    assert np.allclose(matrix.sum(axis=0), 1, rtol=0, atol=1e-12)
    assert abs(matrix.trace() - trace) < 1e-12


@given(st.integers(2, 9), st.floats(0, 1), st.floats(0, 1), SEEDS)
@settings(deadline=None)
def test_the_number_of_zero_rates_is_exact(n_classes: int, position: float, fraction: float, seed: int) -> None:
    """Wherever such a matrix exists: noise-free classes take part of the trace, the others share the rest."""
    n_zero = round(fraction * n_classes * (n_classes - 1))
    n_clean = max(0, n_zero - n_classes * (n_classes - 2))
    trace = n_clean + position * (n_classes - n_clean) * 0.999

    if n_clean == n_classes:
        trace = n_classes
    matrix = random_noise_matrix(
        n_classes, trace=trace, fraction_zero_rates=fraction, learnable=False, random_state=seed
    )

    rates = matrix[~np.eye(n_classes, dtype=bool)]
    assert np.count_nonzero(rates == 0) == n_zero
    assert np.allclose(matrix.sum(axis=0), 1, rtol=0, atol=1e-12)
    assert abs(matrix.trace() - trace) < 1e-12


@given(st.integers(1, 6), st.integers(0, 200), SEEDS)
@settings(deadline=None)
def test_the_realised_matrix_is_the_wanted_one_up_to_rounding(n_classes: int, n_examples: int, seed: int) -> None:
    """Less than one row of each pair of classes is too many or too few; rates of 0 stay 0."""
    generator = np.random.default_rng(seed)
    true = generator.integers(0, n_classes, n_examples)
    noise = generator.dirichlet(np.full(n_classes, 0.5), n_classes).T
    noise[noise < 0.1] = 0.0
    noise /= noise.sum(axis=0)

    given_labels = class_dependent_noise(true, noise, random_state=generator)

    found = empirical_noise_matrix(given_labels, true, n_classes)
    class_counts = np.bincount(true, minlength=n_classes)
    occurs = class_counts > 0
    assert np.abs((found - noise)[:, occurs] * class_counts[occurs]).max(initial=0) < 1
    assert not found[:, occurs][noise[:, occurs] == 0].any()


@given(st.integers(2, 6), st.integers(0, 100), st.floats(0, 1), SEEDS)
@settings(deadline=None)
def test_the_number_of_wrong_rows_is_exact(n_classes: int, n_examples: int, noise_rate: float, seed: int) -> None:
    """Whatever the probabilities are, also where many are 0; nothing but classes comes out."""
    generator = np.random.default_rng(seed)
    true = generator.integers(0, n_classes, n_examples)
    probs: NDArray[np.float64] = np.round(generator.dirichlet(np.full(n_classes, 0.3), n_examples), 1)

    given_labels = instance_dependent_noise(true, probs, noise_rate=noise_rate, random_state=generator)

    assert np.count_nonzero(given_labels != true) == np.rint(noise_rate * n_examples)
    assert ((given_labels >= 0) & (given_labels < n_classes)).all()
