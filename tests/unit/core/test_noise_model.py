"""How given labels come about."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import softmax

from labelclean.core import noise_model
from labelclean.core.noise_model import NoiseModel, fit_noise_model, fit_temperature, sharpness
from tests.core_cases import any_cases
from tests.reference import Matrix

NOISE = np.array([[0.9, 0.0, 0.3], [0.1, 1.0, 0.0], [0.0, 0.0, 0.7]])  # given in rows, true in columns


def sure_rows(n_each: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return labels that stand in the counts of NOISE, and probabilities that know the true class."""
    counts = np.rint(NOISE * n_each).astype(np.int64)
    labels = np.concatenate([np.repeat(np.arange(3), counts[:, true]) for true in range(3)])
    return labels, np.eye(3)[np.repeat(np.arange(3), counts.sum(axis=0))]


def drawn_rows(n_rows: int, *, seed: int = 3) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw true classes from probabilities, and labels from NOISE."""
    generator = np.random.default_rng(seed)
    truth = generator.dirichlet(np.full(3, 0.4), n_rows)
    true = (truth.cumsum(axis=1) > generator.random((n_rows, 1))).argmax(axis=1)
    labels = (NOISE.cumsum(axis=0).T[true] > generator.random((n_rows, 1))).argmax(axis=1)
    return labels, truth


def one_rate(rate: float, shares: Sequence[float]) -> Matrix:
    """Return one noise rate for all pairs; wrong labels fall on classes by their shares."""
    n = len(shares)
    matrix = [[0.0] * n for _ in range(n)]
    for true in range(n):
        others = sum(shares[k] for k in range(n) if k != true)
        for k in range(n):
            matrix[k][true] = 1 - rate if k == true else rate * shares[k] / others
    return matrix


def smoothed_shares(labels: Sequence[int], n: int) -> list[float]:
    """Return how often each class is given, with one more row of each."""
    return [(sum(label == k for label in labels) + 1) / (len(labels) + n) for k in range(n)]


def plain_em(labels: Sequence[int], truth: Matrix, *, n: int) -> tuple[Matrix, Matrix]:
    """Do the rounds of Dawid & Skene (1979), equations 2.3 to 2.5, in plain loops: first one rate, then all pairs."""
    shares = smoothed_shares(labels, n)
    rate = 0.1
    for _ in range(15):
        noise, wrong = one_rate(rate, shares), 0.0
        for label, row in zip(labels, truth, strict=True):
            both = [row[true] * noise[label][true] for true in range(n)]
            wrong += 1 - both[label] / sum(both)
        rate = min(max(wrong / len(labels), 0.001), 0.9)
    blunt = one_rate(rate, shares)
    sharp = blunt
    for _ in range(10):
        counts = [[20 * cell for cell in row] for row in blunt]
        for label, row in zip(labels, truth, strict=True):
            both = [row[true] * sharp[label][true] for true in range(n)]
            for true in range(n):
                counts[label][true] += both[true] / sum(both)
        totals = [sum(counts[k][true] for k in range(n)) for true in range(n)]
        sharp = [[counts[k][true] / totals[true] for true in range(n)] for k in range(n)]
    return blunt, sharp


def test_the_rounds_are_those_of_plain_loops() -> None:
    """Forty rows, three classes, a power of 2."""
    labels, probs = drawn_rows(40)
    squares = [[p**2 / sum(q**2 for q in row) for p in row] for row in probs.tolist()]
    blunt, sharp = plain_em(labels.tolist(), squares, n=3)

    found = fit_noise_model(labels, probs, power=2.0)

    assert found.power == 2.0
    assert np.allclose(found.blunt, blunt, atol=1e-6)
    assert np.allclose(found.sharp, sharp, atol=1e-6)


def test_known_noise_that_is_seen_through_is_counted() -> None:
    """1,000 rows of each class whose truth is certain: the counts, and 20 rows of what the one rate expects."""
    labels, truth = sure_rows(1000)
    blunt = one_rate(400 / 3000, smoothed_shares(labels.tolist(), 3))  # 100 + 300 wrong labels among 3,000
    sharp = [[(1000 * NOISE[k, true] + 20 * blunt[k][true]) / 1020 for true in range(3)] for k in range(3)]

    found = fit_noise_model(labels, truth, power=1.0)

    assert np.allclose(found.blunt, blunt, atol=1e-6)
    assert np.allclose(found.sharp, sharp, atol=1e-6)


def test_known_noise_is_found_behind_doubtful_texts() -> None:
    """Where the probabilities of the true classes are right, the noise comes out, certain or not."""
    labels, truth = drawn_rows(30_000)

    found = fit_noise_model(labels, truth, power=1.0)

    assert np.abs(found.sharp - NOISE).max() < 0.03


def test_a_class_that_is_never_true_has_the_noise_of_everybody() -> None:
    """Nothing is known of its own; a class with few rows lies between."""
    labels, truth = sure_rows(100)
    labels, truth = (
        np.append(labels, [1, 1]),
        np.vstack([np.column_stack([truth, np.zeros((300, 2))]), np.eye(5)[[3, 3]]]),
    )

    found = fit_noise_model(labels, truth, power=1.0)

    assert np.allclose(found.sharp[:, 4], found.blunt[:, 4], atol=1e-6)
    assert found.sharp[1, 3] == pytest.approx((2 + 20 * found.blunt[1, 3]) / 22, abs=1e-6)


@settings(deadline=None)
@given(any_cases())
def test_columns_sum_to_1_and_one_rate_holds_for_every_class(
    case: tuple[NDArray[np.int64], NDArray[np.float64]],
) -> None:
    """Whatever the numbers: zeros, certainty, classes that nobody was given, no rows, one class."""
    labels, probs = case

    found = fit_noise_model(labels, probs)

    for matrix in (found.blunt, found.sharp):
        assert np.allclose(matrix.sum(axis=0), 1)
        assert ((matrix >= 0) & (matrix <= 1)).all()
    assert found.blunt.diagonal() == pytest.approx(found.blunt[0, 0])


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.permutations(range(3)))
def test_the_order_of_rows_and_the_names_of_classes_say_nothing(seed: int, names: list[int]) -> None:
    """Rows in another order give the same matrices; classes in another order the same numbers elsewhere."""
    labels, probs = drawn_rows(60, seed=seed)
    order = np.random.default_rng(seed).permutation(60)
    place = np.argsort(names)  # class k becomes class place[k]

    plain = fit_noise_model(labels, probs, power=1.5)
    shuffled = fit_noise_model(labels[order], probs[order], power=1.5)
    renamed = fit_noise_model(place[labels], probs[:, names], power=1.5)

    for name in ("blunt", "sharp"):
        assert np.allclose(getattr(shuffled, name), getattr(plain, name), atol=1e-6)
        assert np.allclose(getattr(renamed, name), getattr(plain, name)[np.ix_(names, names)], atol=1e-6)


def test_blocks_of_rows_add_up_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large tables are gone through in parts."""
    labels, probs = drawn_rows(50)
    whole = fit_noise_model(labels, probs)

    monkeypatch.setattr(noise_model, "BLOCK_ROWS", 7)

    assert np.allclose(fit_noise_model(labels, probs).sharp, whole.sharp, atol=1e-9)


def test_a_large_table_is_fitted_by_evenly_spaced_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here by every third: what stands in the others is not looked at."""
    labels, probs = drawn_rows(90)
    monkeypatch.setattr(noise_model, "_BYTES_TO_FIT_BY", 90 * 3 * 4 // 3)
    third = fit_noise_model(labels[::3], probs[::3])
    labels[1::3], probs[2::3] = 0, 1 / 3

    found = fit_noise_model(labels, probs)

    assert found.power == third.power
    assert found.blunt.tobytes() == third.blunt.tobytes()
    assert found.sharp.tobytes() == third.sharp.tobytes()


def test_what_is_given_is_neither_changed_nor_locked() -> None:
    """The model's own arrays are read-only."""
    labels, probs = drawn_rows(30)
    before = probs.copy()

    found = fit_noise_model(labels, probs)

    assert np.array_equal(probs, before)
    assert probs.flags.writeable
    assert not found.sharp.flags.writeable


def test_the_power_sharpens_probabilities() -> None:
    """By hand: 0.8 and 0.2 squared are 0.64 and 0.04; even chances stay even; 0 has no logarithm and stays 0."""
    model = NoiseModel(power=2.0, blunt=np.eye(2), sharp=np.eye(2))

    found = model.true_class_probs(np.array([[0.8, 0.2], [0.5, 0.5], [1.0, 0.0]]))

    assert np.allclose(found, [[0.64 / 0.68, 0.04 / 0.68], [0.5, 0.5], [1.0, 0.0]])


@pytest.mark.parametrize(
    ("n_missed", "expected"),
    [(0, 4.0), (1, 4.0), (9, 0.85 / 0.3), (25, 1.7), (49, 0.85 / 0.7), (64, 1.2), (100, 1.2)],
)
def test_sharpness_falls_with_the_root_of_the_rows_that_are_missed(n_missed: int, expected: float) -> None:
    """Of a hundred; between 1.2 and 4."""
    labels = np.zeros(100, dtype=np.int64)
    labels[:n_missed] = 1

    assert sharpness(labels, np.tile([0.7, 0.3], (100, 1))) == pytest.approx(expected)


def test_the_power_is_the_sharpness_of_calibrated_probabilities() -> None:
    """Right nine times in ten, and as sure as that: nothing to calibrate, and 0.85 / sqrt(0.1)."""
    labels = np.tile([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 20)

    found = fit_noise_model(labels, np.tile([0.9, 0.1], (200, 1)))

    assert found.power == pytest.approx(0.85 / math.sqrt(0.1), rel=0.01)


@pytest.mark.parametrize("true_temperature", [0.3, 1.0, 3.0])
def test_the_temperature_that_spoilt_probabilities_is_found(true_temperature: float) -> None:
    """Labels are drawn from probabilities; the same ones raised to a power need just that temperature."""
    generator = np.random.default_rng(9)
    honest = softmax(generator.normal(size=(20_000, 4)) * 1.5, axis=1)
    labels = (honest.cumsum(axis=1) > generator.random((20_000, 1))).argmax(axis=1)
    spoilt = softmax(np.log(honest) * true_temperature, axis=1)

    assert fit_temperature(labels, spoilt) == pytest.approx(true_temperature, rel=0.06)


def test_of_many_rows_evenly_spaced_ones_decide_the_temperature() -> None:
    """Every second of 40,000; the labels of the others are not looked at."""
    labels, probs = drawn_rows(40_000)
    expected = fit_temperature(labels[::2], probs[::2])
    labels[1::2] = 0

    assert fit_temperature(labels, probs) == expected


def test_no_rows_and_certainty_have_a_temperature() -> None:
    """Nothing to learn from gives 1; a probability of 0 for what was given costs much, but not everything."""
    assert fit_temperature(np.empty(0, dtype=np.int64), np.empty((0, 3))) == 1.0
    assert fit_temperature(np.array([0, 1]), np.eye(2)[[0, 0]]) > 10
    assert fit_temperature(np.array([0, 1]), np.eye(2)) < 1
