"""A row of weight w counts like w rows in confident learning."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.config import FilterMethod
from labelclean.core.label_issues import find_label_issues
from labelclean.errors import ConfigError, InvalidInputError, LabelCleanWarning
from labelclean.models.weighted_issues import weighted_joint, weighted_label_issues, weighted_thresholds

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

FILTERS = get_args(FilterMethod)
SEEDS = st.integers(0, 2**32 - 1)
OPTIONS = st.fixed_dictionaries(
    {
        "filter_by": st.sampled_from(FILTERS),
        "frac_noise": st.sampled_from([1.0, 0.6]),
        "min_examples_per_class": st.sampled_from([0, 1, 4]),
    }
)


def noisy(seed: int, *, n_rows: int = 40, decimals: int | None = None) -> tuple[Codes, Floats]:
    """Draw labels and probabilities; rounded ones have ties."""
    generator = np.random.default_rng(seed)
    n_classes = int(generator.integers(2, 5))
    labels = generator.integers(0, n_classes, n_rows)
    probs = generator.dirichlet(np.ones(n_classes), n_rows)
    probs[np.arange(n_rows), labels] += generator.random(n_rows)
    probs /= probs.sum(axis=1, keepdims=True)
    return labels, probs if decimals is None else probs.round(decimals)


@given(seed=SEEDS, options=OPTIONS, decimals=st.sampled_from([None, 1, 2]))
@settings(deadline=None, max_examples=300)
def test_whole_weights_are_repeated_rows(seed: int, options: Any, decimals: int | None) -> None:
    """Every filter keeps as many copies as weight, and the noise is the same to the last bit."""
    labels, probs = noisy(seed, decimals=decimals)
    weights = np.random.default_rng(seed).integers(0, 4, len(labels))
    weights[0] += 5
    copies = np.repeat(np.arange(len(labels)), weights)

    weighted = weighted_label_issues(labels, probs, weights.astype(float), **options)
    repeated = find_label_issues(labels[copies], probs[copies], **options)

    kept = np.bincount(copies, weights=~repeated.is_issue, minlength=len(labels))
    assert np.array_equal(weighted.kept_weights, kept)
    assert np.array_equal(weighted.noise.confident_joint, repeated.noise.confident_joint)
    assert np.array_equal(weighted.noise.noise_matrix, repeated.noise.noise_matrix)


@given(seed=SEEDS, options=OPTIONS)
@settings(deadline=None, max_examples=100)
def test_a_row_cut_in_two_keeps_as_much_as_the_whole(seed: int, options: Any) -> None:
    """Weights with fractions too: 2.5 is 0.7 and 1.8, wherever the cut falls."""
    labels, probs = noisy(seed)
    generator = np.random.default_rng(seed)
    weights, shares = generator.random(40) * 3, generator.random(40)
    parts = np.stack([weights * shares, weights * (1 - shares)], axis=1).ravel()

    whole = weighted_label_issues(labels, probs, weights, **options)
    cut = weighted_label_issues(np.repeat(labels, 2), np.repeat(probs, 2, axis=0), parts, **options)

    assert np.array_equal(cut.noise.confident_joint, whole.noise.confident_joint)
    assert np.allclose(cut.kept_weights.reshape(-1, 2).sum(axis=1), whole.kept_weights, atol=1e-8)


@given(seed=SEEDS, options=OPTIONS)
@settings(deadline=None, max_examples=100)
def test_a_row_of_weight_0_is_not_there(seed: int, options: Any) -> None:
    """The others keep what they keep without it, up to the last bit of a sum."""
    labels, probs = noisy(seed)
    weights = np.maximum(np.random.default_rng(seed).random(40) * 4 - 1, 0.0)
    there = weights > 0

    some = weighted_label_issues(labels, probs, weights, **options)
    without = weighted_label_issues(labels[there], probs[there], weights[there], **options)

    assert np.allclose(some.kept_weights[there], without.kept_weights, rtol=0, atol=1e-9)
    assert not some.kept_weights[~there].any()
    assert np.array_equal(some.noise.confident_joint, without.noise.confident_joint)


@pytest.mark.parametrize("filter_by", FILTERS)
def test_twice_the_weights_keep_twice_as_much_up_to_the_rounded_counts(filter_by: FilterMethod) -> None:
    """A count of whole rows is at most one off, and so is the weight taken for each pair of classes."""
    labels, probs = noisy(5, n_rows=400)
    n_classes = probs.shape[1]
    weights = np.random.default_rng(5).random(400) + 0.5

    once = weighted_label_issues(labels, probs, weights, filter_by=filter_by)
    twice = weighted_label_issues(labels, probs, 2 * weights, filter_by=filter_by)

    assert np.abs(twice.noise.confident_joint - 2 * once.noise.confident_joint).max() <= 3
    assert np.abs(twice.noise.noise_matrix - once.noise.noise_matrix).max() < 0.03
    assert once.kept_weights.sum() < weights.sum()
    assert np.abs(twice.kept_weights / 2 - once.kept_weights).sum() <= 1.5 * n_classes**2


def test_the_last_row_is_taken_in_part() -> None:
    """
    By hand.

    Class 1 weighs 2.5 + 4 + 4 = 10.5, of which 2.5 is confidently of class 0 and 4 of class 1, as the third row is
    below the threshold (2.5 * 0.1 + 4 * 0.9 + 4 * 0.3) / 10.5 = 0.48. Calibrated these are 4.04 and 6.46, rounded 4
    and 6; so 4 are taken from the row with the margin 0.8 and the one with 0.4: 2.5 and 1.5.
    """
    labels = np.array([0, 0, 1, 1, 1])
    probs = np.array([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.7, 0.3]])
    weights = np.array([4.0, 4.0, 2.5, 4.0, 4.0])

    found = weighted_label_issues(labels, probs, weights)

    assert found.noise.confident_joint.tolist() == [[8, 0], [4, 6]]
    assert np.allclose(found.kept_weights, [4, 4, 0, 4, 2.5])


@pytest.mark.parametrize(("weight", "kept"), [(1.0, 1.0), (1.5, 0.5)])
def test_a_class_that_weighs_no_more_than_one_row_is_left_alone(weight: float, kept: float) -> None:
    """
    By hand.

    The only row of class 0 is confidently of class 1, and the diagonal counts 1. Of 1 these are 0.5 and 0.5, rounded
    0 and 1; but a class's only row stays. Of 1.5 they are 0.6 and 0.9, rounded 1 and 1, and 1 is taken.
    """
    probs = np.array([[0.1, 0.9], [0.1, 0.9], [0.1, 0.9]])

    found = weighted_label_issues(np.array([0, 1, 1]), probs, np.array([weight, 3.0, 3.0]), min_examples_per_class=0)

    assert found.noise.confident_joint[0, 1] == 1
    assert found.kept_weights.tolist() == [kept, 3.0, 3.0]


def test_nothing_is_left_of_rows_by_rounding() -> None:
    """Twenty times 0.1 is 2, though the last 0.1 in double precision is a little less than what is left to take."""
    labels = np.repeat([0, 0, 1], [30, 20, 10])
    probs = np.repeat([[0.9, 0.1], [0.1, 0.9], [0.1, 0.9]], [30, 20, 10], axis=0)
    weights = np.repeat([1.0, 0.1, 1.0], [30, 20, 10])

    found = weighted_label_issues(labels, probs, weights)

    assert found.noise.confident_joint.tolist() == [[30, 2], [0, 10]]
    assert np.array_equal(found.kept_weights, np.where(weights < 1, 0.0, 1.0))


def test_thresholds_are_weighted_means() -> None:
    """A class without weight is never reached; one never believed in keeps a floor."""
    labels = np.array([0, 0, 1, 2])

    thresholds = weighted_thresholds(labels, np.array([0.2, 0.8, 0.5, 0.0]), np.array([1.0, 3.0, 0.0, 2.0]), 3)

    assert np.allclose(thresholds, [0.65, 2.0, 2e-6], rtol=1e-12)


def test_the_joint_has_the_weight_of_each_class_rounded() -> None:
    """Two to one in 10.4 is 6.93 and 3.47, together 10; where nothing is confident all is thought right."""
    labels, guesses = np.array([0, 0, 0, 1]), np.array([0, 1, -1, -1])

    counts = weighted_joint(labels, guesses, np.array([3.0, 1.5, 5.9, 2.0]), 2)

    assert counts.tolist() == [[7, 3], [0, 2]]


def test_weights_that_are_no_numbers_of_rows_are_warned_of() -> None:
    """Weights that sum to 1 say that there is one row."""
    labels, probs = noisy(3)

    with pytest.warns(LabelCleanWarning, match="sums to 1, as if there were less than one row") as caught:
        found = weighted_label_issues(labels, probs, np.full(40, 1 / 40))

    assert np.array_equal(found.kept_weights, np.full(40, 1 / 40))
    assert caught[0].filename == __file__


def test_what_does_not_fit_is_refused() -> None:
    """As without weights."""
    labels, probs = noisy(3)

    with pytest.raises(ConfigError, match="frac_noise"):
        weighted_label_issues(labels, probs, np.ones(40), frac_noise=0.0)
    with pytest.raises(InvalidInputError, match="probabilit"):
        weighted_label_issues(labels, probs - 2, np.ones(40))
