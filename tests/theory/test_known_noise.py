"""Known noise in, known noise out: the theorems of confident learning, and closed forms, on generated noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.config import FilterMethod
from labelclean.core.label_issues import find_label_issues
from labelclean.core.noise_generation import (
    class_dependent_noise,
    empirical_noise_matrix,
    instance_dependent_noise,
    random_noise_matrix,
)

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

N_CASES = 60


@dataclass(frozen=True, kw_only=True)
class NoisyWorld:
    """True and given labels with all that is known about them."""

    true: Codes
    given: Codes
    noise: Floats

    @property
    def counts(self) -> Codes:
        """Rows of each given (row) and true (column) class."""
        n_classes = len(self.noise)
        pairs = np.bincount(self.given * n_classes + self.true, minlength=n_classes**2)
        return pairs.reshape(n_classes, n_classes)

    @property
    def ideal_probs(self) -> Floats:
        """P(given | x) of a perfect model of the noisy labels: in class k, the noise rates of class k."""
        return self.noise.T[self.true]

    @property
    def thresholds(self) -> Floats:
        """Mean ideal self-confidence of the rows given each class."""
        own = self.ideal_probs[np.arange(len(self.given)), self.given]
        return np.bincount(self.given, weights=own) / np.bincount(self.given)


def make_world(seed: int) -> NoisyWorld:
    """
    Draw a noisy world in which the diagonal of the noise matrix is the largest of its row and column.

    The noise matrix is the realised one, so that P(given | x) is ideal for the very rows at hand.
    """
    generator = np.random.default_rng(seed)
    while True:
        n_classes = int(generator.integers(2, 8))
        trace = n_classes * generator.uniform(0.55, 0.95)
        wanted = random_noise_matrix(n_classes, trace=max(trace, 1.1), learnable=False, random_state=generator)
        true = np.repeat(np.arange(n_classes), generator.integers(40, 400, n_classes))
        given = class_dependent_noise(true, wanted, random_state=generator)
        noise = empirical_noise_matrix(given, true, n_classes)
        diagonal = noise.diagonal()
        rates = noise - np.diag(diagonal)
        if (diagonal > rates.max(axis=0)).all() and (diagonal > rates.max(axis=1)).all():
            return NoisyWorld(true=true, given=given, noise=noise.astype(np.float64))


@pytest.mark.parametrize("seed", range(N_CASES))
def test_a_perfect_model_of_the_noisy_labels_shows_every_error(seed: int) -> None:
    """Northcutt, Jiang & Chuang 2021, theorem 1: the joint is exact, and so is the set of errors."""
    world = make_world(seed)

    found = find_label_issues(world.given, world.ideal_probs, filter_by="confident_learning")

    assert np.array_equal(found.noise.confident_joint, world.counts)
    assert np.array_equal(found.is_issue, world.given != world.true)
    assert np.allclose(found.noise.noise_matrix, world.noise)


@pytest.mark.parametrize("seed", range(N_CASES))
@pytest.mark.parametrize("method", get_args(FilterMethod))
def test_a_model_that_knows_the_truth_shows_every_error_with_every_filter(seed: int, method: FilterMethod) -> None:
    """With P(true | x) of 0 and 1: as long as each class keeps a right row, nothing else can be flagged."""
    world = make_world(seed)
    truth = np.eye(len(world.noise))[world.true]

    found = find_label_issues(world.given, truth, filter_by=method)

    assert np.array_equal(found.noise.confident_joint, world.counts)
    assert np.array_equal(found.is_issue, world.given != world.true)


@pytest.mark.parametrize("seed", range(N_CASES))
def test_errors_of_the_model_per_class_and_row_change_nothing_within_bounds(seed: int) -> None:
    """
    Theorem 2: probabilities may be off by any amount per class, and per row by less than their distance to the limit.

    The deviations come in pairs of opposite sign within each given and true class, so that the limits, which are means,
    move with the offset of the class alone.
    """
    world = make_world(seed)
    limits, ideal = world.thresholds, world.ideal_probs
    generator = np.random.default_rng(seed)
    room = np.minimum(np.abs(ideal - limits), np.minimum(ideal, 1 - ideal))
    deviations = 0.9 * room * paired(generator, world) * generator.choice([0.3, 1.0], len(limits))
    offsets = generator.uniform(0.01, 0.04, len(limits))
    probs = 0.9 * (ideal + deviations) + offsets  # shrunk to leave room for the offsets; limits shrink alike
    reaches = ideal >= limits - 1e-12
    is_one_class = reaches.sum(axis=1) == 1  # the theorem is about rows that are confidently of one class

    found = find_label_issues(world.given, probs, filter_by="confident_learning")

    # Flags leave out rows whose given label is the likeliest class, a rule the theorem does not know.
    expected = (world.given != world.true) & (probs.argmax(axis=1) != world.given)
    assert np.array_equal(found.is_issue[is_one_class], expected[is_one_class])
    if is_one_class.all():
        assert np.array_equal(found.noise.confident_joint, world.counts)
        assert np.allclose(found.noise.noise_matrix, world.noise)


def test_the_bounds_are_met_by_enough_worlds() -> None:
    """The test above compares whole joints in at least a third of its cases."""
    whole = sum(
        bool(((world.ideal_probs >= world.thresholds - 1e-12).sum(axis=1) == 1).all())
        for world in map(make_world, range(N_CASES))
    )

    assert whole >= N_CASES / 3


def paired(generator: np.random.Generator, world: NoisyWorld) -> Floats:
    """Numbers from -1 to 1, one per row and class, that cancel within each given and true class; 0 for odd ones."""
    n_classes = len(world.noise)
    group = world.given * n_classes + world.true
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    size = np.bincount(group)[group[order]]
    drawn = generator.uniform(-1, 1, (len(order), n_classes))
    drawn[1:][place[1:] % 2 == 1] = -drawn[:-1][place[1:] % 2 == 1]
    drawn[(place == size - 1) & (size % 2 == 1)] = 0.0
    values = np.empty_like(drawn)
    values[order] = drawn
    return values


@pytest.mark.parametrize("seed", range(20))
def test_softened_truth_finds_the_noise_rates_of_large_data(seed: int) -> None:
    """Overlapping classes: a calibrated model, P(given | x) by Bayes' rule; rates within 0.05 on average."""
    generator = np.random.default_rng(seed)
    n_classes = int(generator.integers(2, 6))
    noise = random_noise_matrix(n_classes, trace=0.8 * n_classes, random_state=generator)
    truth_probs = generator.dirichlet(np.full(n_classes, 0.02), 20_000)  # nearly always sure, sometimes not
    true = (truth_probs.cumsum(axis=1) < generator.random((20_000, 1))).sum(axis=1).clip(max=n_classes - 1)
    given = class_dependent_noise(true, noise, random_state=generator)
    given_probs = truth_probs @ noise.T

    found = find_label_issues(given, given_probs).noise

    assert np.abs(found.noise_matrix - noise).mean() < 0.05
    assert np.abs(found.class_priors - np.bincount(true, minlength=n_classes) / 20_000).max() < 0.08


@pytest.mark.parametrize("seed", range(20))
def test_binary_symmetric_noise_has_the_closed_form_limits(seed: int) -> None:
    """By hand: with rate r both ways and equal classes, the limit of each is (1 - r)**2 + r**2."""
    rate = 0.05 + 0.02 * seed
    true = np.repeat([0, 1], 10_000)
    noise = np.array([[1 - rate, rate], [rate, 1 - rate]])
    given = class_dependent_noise(true, noise, random_state=seed)
    world = NoisyWorld(true=true, given=given, noise=noise)

    found = find_label_issues(given, world.ideal_probs).noise

    assert np.allclose(world.thresholds, (1 - rate) ** 2 + rate**2, atol=2e-4)
    assert np.allclose(found.noise_matrix, noise, atol=1e-4)
    assert found.n_label_errors == round(20_000 * rate)


@pytest.mark.parametrize("seed", range(10))
def test_errors_at_the_borders_are_harder_to_find_than_errors_anywhere(seed: int) -> None:
    """The same number of errors: those where classes meet are ranked worse, yet far better than by chance."""
    generator = np.random.default_rng(seed)
    truth_probs = generator.dirichlet(np.full(4, 0.15), 6000)
    true = truth_probs.argmax(axis=1)
    anywhere = class_dependent_noise(true, 0.8 * np.eye(4) + 0.05, random_state=generator)
    n_wrong = int((anywhere != true).sum())

    at_borders = instance_dependent_noise(true, truth_probs, noise_rate=n_wrong / 6000, random_state=generator)

    areas = [
        area_under_curve(given != true, find_label_issues(given, truth_probs).label_quality_scores)
        for given in (anywhere, at_borders)
    ]
    assert int((at_borders != true).sum()) == n_wrong
    assert 0.7 < areas[1] < areas[0]


def test_instance_dependent_noise_is_no_noise_matrix() -> None:
    """Within one true class the share of errors falls as the margin grows, in each fifth of the rows."""
    generator = np.random.default_rng(0)
    first = generator.uniform(0.5, 1.0, 20_000)
    probs = np.column_stack([first, 1 - first])

    given = instance_dependent_noise(np.zeros(20_000, dtype=int), probs, noise_rate=0.2, random_state=generator)

    fifths = np.array_split(given[np.argsort(first)], 5)
    shares = [float(fifth.mean()) for fifth in fifths]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 4 * shares[-1]


def area_under_curve(is_wrong: NDArray[np.bool_], scores: Floats) -> float:
    """Probability that a wrong label scores below a right one, ties counted half (Mann & Whitney 1947)."""
    wrong, right = scores[is_wrong], np.sort(scores[~is_wrong])
    below = len(right) - np.searchsorted(right, wrong, side="right")
    equal = np.searchsorted(right, wrong, side="right") - np.searchsorted(right, wrong, side="left")
    return float((below + equal / 2).sum() / (len(wrong) * len(right)))
