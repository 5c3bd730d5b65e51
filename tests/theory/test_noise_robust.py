"""With the true noise, or with noise that is learnt, noisy labels teach what clean ones do; taken as they are, not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, softmax

from labelclean.models.forward_correction import ForwardCorrectedClassifier
from labelclean.models.noise_adaptation import NoiseAdaptedClassifier

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

N_ROWS = 20_000
WEAK_PENALTY = 1e3
NOISE = np.array([[0.7, 0.1, 0.05], [0.25, 0.8, 0.05], [0.05, 0.1, 0.9]])
LABEL_NOISE = np.array([[[0.95, 0.3], [0.05, 0.7]], [[0.8, 0.1], [0.2, 0.9]]])


@dataclass(frozen=True, kw_only=True)
class World:
    """Rows whose true labels follow a logistic model, and the labels given after the noise."""

    rows: Floats
    probs: Floats
    true: Codes
    given: Codes


def classes(seed: int = 0) -> World:
    """Draw three classes."""
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(N_ROWS, 4)) * 1.5
    probs = softmax(rows @ generator.normal(size=(4, 3)) * 1.5 + [0.5, 0.0, -0.5], axis=1)
    true = draw(probs, generator)
    return World(rows=rows, probs=probs, true=true, given=draw(NOISE.T[true], generator))


def label_sets(seed: int = 0) -> World:
    """Draw two labels, each on its own."""
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(N_ROWS, 4)) * 1.5
    probs = expit(rows @ generator.normal(size=(4, 2)) * 1.5 + [-0.5, 0.5])
    true = (generator.random(probs.shape) < probs).astype(np.int64)
    present = LABEL_NOISE[np.arange(2), 1, true]
    given = (generator.random(probs.shape) < present).astype(np.int64)
    return World(rows=rows, probs=probs, true=true, given=given)


def draw(probs: Floats, generator: np.random.Generator) -> Codes:
    """Draw one class per row."""
    return np.asarray((probs.cumsum(axis=1) < generator.random((len(probs), 1))).sum(axis=1), dtype=np.int64)


def forward(world: World, labels: Codes, noise: Floats) -> ForwardCorrectedClassifier:
    """Train forward correction until hardly anything changes."""
    model = ForwardCorrectedClassifier(WEAK_PENALTY, max_steps=500, tol=1e-7)
    return model.fit(world.rows, labels, noise_matrix=noise)


def no_noise(world: World) -> Floats:
    """Return the noise matrix under which labels are what they are."""
    return np.tile(np.eye(2), (2, 1, 1)) if world.true.ndim > 1 else np.eye(3)


@pytest.mark.parametrize("world", [classes(), label_sets()], ids=["classes", "label sets"])
def test_forward_correction_with_the_true_noise_learns_what_true_labels_teach(world: World) -> None:
    """
    Theorem 2 of Patrini et al. (2017): the minimisers agree; with finite rows they come close.

    Training on the noisy labels as they are is many times farther away.
    """
    noise = LABEL_NOISE if world.true.ndim > 1 else NOISE
    clean = forward(world, world.true, no_noise(world))

    corrected = forward(world, world.given, noise)
    naive = forward(world, world.given, no_noise(world))

    distance = np.abs(corrected.coef_ - clean.coef_).max()
    assert distance < 0.15
    assert np.abs(naive.coef_ - clean.coef_).max() > 4 * distance
    assert np.abs(corrected.predict_proba(world.rows) - world.probs).mean() < 0.01
    assert np.abs(naive.predict_proba(world.rows) - world.probs).mean() > 0.05


@pytest.mark.parametrize("cross_fit", [False, True])
@pytest.mark.parametrize("world", [classes(), label_sets()], ids=["classes", "label sets"])
def test_noise_adaptation_learns_classifier_and_noise_together(world: World, cross_fit: bool) -> None:
    """
    From noise that is wrong at first, without trusting it.

    Few features and many rows: the likelihood of the given labels has its highest place at the truth.
    """
    is_sets = world.true.ndim > 1
    noise = LABEL_NOISE if is_sets else NOISE
    wrong = 0.7 * no_noise(world) + 0.3 / noise.shape[-1]
    model = NoiseAdaptedClassifier(
        WEAK_PENALTY, prior_strength=0.0, cross_fit=cross_fit, n_rounds=150, max_steps=500, tol=1e-7
    )

    model.fit(world.rows, world.given, noise_matrix=wrong)

    assert np.abs(model.noise_matrix_ - noise).max() < 0.05
    assert np.abs(model.predict_proba(world.rows) - world.probs).mean() < 0.015


def test_more_rows_bring_forward_correction_closer() -> None:
    """Its distance from the truth falls like one over the square root of the rows; the naive one's stays."""
    world = classes(3)
    few = World(rows=world.rows[:1000], probs=world.probs[:1000], true=world.true[:1000], given=world.given[:1000])

    distances = [
        [
            np.abs(forward(part, part.given, noise).predict_proba(world.rows) - world.probs).mean()
            for part in (few, world)
        ]
        for noise in (NOISE, np.eye(3))
    ]

    (corrected_few, corrected_many), (naive_few, naive_many) = distances
    assert corrected_many < 0.35 * corrected_few
    assert naive_many > 0.7 * naive_few
