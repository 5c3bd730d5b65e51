"""How likely each label is wrong, how many are, and the order to look in."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from labelclean.core import error_probability
from labelclean.core.error_probability import estimate_errors, rank_rows
from labelclean.core.noise_model import fit_noise_model
from tests import reference
from tests.core_cases import any_cases

Case = tuple[NDArray[np.int64], NDArray[np.float64]]


def random_rows(*, n_rows: int = 60, n_classes: int = 3, seed: int = 6) -> Case:
    """Return labels of which most are the likeliest class."""
    generator = np.random.default_rng(seed)
    probs = generator.dirichlet(np.full(n_classes, 0.5), n_rows)
    return (probs.cumsum(axis=1) > generator.random((n_rows, 1))).argmax(axis=1), probs


def noisy_rows(
    n_rows: int, *, noise_matrix: NDArray[np.float64], sureness: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """Draw true classes, labels by a noise matrix, and what a perfect model of the given labels would say."""
    generator = np.random.default_rng(seed)
    n_classes = len(noise_matrix)
    truth = generator.dirichlet(np.full(n_classes, 1 / sureness), n_rows)
    true = (truth.cumsum(axis=1) > generator.random((n_rows, 1))).argmax(axis=1)
    labels = (noise_matrix.cumsum(axis=0).T[true] > generator.random((n_rows, 1))).argmax(axis=1)
    return labels, truth @ noise_matrix.T, labels != true


def test_errors_follow_bayes_rule() -> None:
    """In plain loops: the mean of the log-odds under the noise of each pair and under one rate for all."""
    labels, probs = random_rows()
    model = fit_noise_model(labels, probs)
    expected = []
    for label, row in zip(labels.tolist(), probs.tolist(), strict=True):
        sharpened = [p**model.power for p in row]
        truth = [p / sum(sharpened) for p in sharpened]
        log_odds = 0.0
        for matrix in (model.blunt.tolist(), model.sharp.tolist()):
            right, wrong = reference.error_log_odds(label, truth, matrix)
            log_odds += math.log(wrong / right) / 2
        expected.append(1 / (1 + math.exp(-log_odds)))

    found = estimate_errors(labels, probs)

    assert np.allclose(found.error_probabilities, expected, atol=1e-8)


def test_expected_true_classes_follow_the_noise_of_each_pair() -> None:
    """In plain loops: a row that is wrong goes to the other classes by text and noise; then counts are whole."""
    labels, probs = random_rows(n_rows=3000)
    model = fit_noise_model(labels, probs)
    truth = model.true_class_probs(probs)
    found = estimate_errors(labels, probs)
    expected = np.zeros((3, 3))
    for label, row, error in zip(labels.tolist(), truth.tolist(), found.error_probabilities.tolist(), strict=True):
        shares = [0.0 if j == label else row[j] * float(model.sharp[label, j]) for j in range(3)]
        for j in range(3):
            expected[label, j] += error * shares[j] / sum(shares)

    off_diagonal = found.joint_counts - np.diag(found.joint_counts.diagonal())

    assert np.abs(off_diagonal - expected).max() < 2


@settings(deadline=None)
@given(any_cases())
def test_counts_and_interval_fit_the_probabilities(case: Case) -> None:
    """Whatever the numbers: each given label is counted once, and the total is that of the probabilities."""
    labels, probs = case
    n_classes = probs.shape[1]

    found = estimate_errors(labels, probs)

    total, n_errors = found.error_probabilities.sum(), found.joint_counts.sum() - np.trace(found.joint_counts)
    assert ((found.error_probabilities >= 0) & (found.error_probabilities <= 1)).all()
    assert (found.joint_counts >= 0).all()
    assert np.array_equal(found.joint_counts.sum(axis=1), np.bincount(labels, minlength=n_classes))
    assert abs(n_errors - total) <= 0.5 + 1e-6
    assert 0 <= found.interval[0] <= n_errors <= found.interval[1] <= len(labels)


def test_a_little_doubt_in_each_of_many_classes_is_not_rounded_away() -> None:
    """Seventy classes of about ten rows: rounded class by class, half an error of each would be lost."""
    clean = np.eye(70) * 0.9 + 0.1 / 70
    labels, probs, _ = noisy_rows(700, noise_matrix=clean, sureness=20.0, seed=0)

    found = estimate_errors(labels, probs)

    total = found.error_probabilities.sum()
    assert total > 20
    assert found.joint_counts.sum() - np.trace(found.joint_counts) == round(total)


def test_a_confusion_that_is_common_is_believed_sooner() -> None:
    """True class 1 is often given as 0 and never as 2, so the same probabilities speak louder against 0."""
    labels, probs = np.repeat([0, 1, 2, 0], [100, 70, 100, 30]), np.eye(3)[np.repeat([0, 1, 2, 1], [100, 70, 100, 30])]
    asked = np.array([[0.4, 0.6, 0.0], [0.0, 0.6, 0.4]])

    found = estimate_errors(np.append(labels, [0, 2]), np.vstack([probs * 0.9 + 0.1 / 3, asked]))

    assert found.error_probabilities[-2] > found.error_probabilities[-1] + 0.1


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "noise_matrix",
    [
        np.full((4, 4), 0.1 / 3) + np.eye(4) * (0.9 - 0.1 / 3),
        np.array([[0.8, 0.0, 0.1, 0.0], [0.2, 0.9, 0.0, 0.0], [0.0, 0.1, 0.9, 0.1], [0.0, 0.0, 0.0, 0.9]]),
    ],
    ids=["even", "in pairs"],
)
def test_of_the_rows_at_a_probability_about_that_share_is_wrong(noise_matrix: NDArray[np.float64], seed: int) -> None:
    """
    Known noise on texts that are mostly clear; the truth is asked of 20,000 rows.

    How far probabilities are sharpened is a rule of thumb, so the agreement cannot be perfect.
    """
    labels, probs, is_wrong = noisy_rows(20_000, noise_matrix=noise_matrix, sureness=20.0, seed=seed)

    found = estimate_errors(labels, probs)

    errors = found.error_probabilities
    bins = np.digitize(errors, [0.2, 0.4, 0.6, 0.8])
    gaps = [abs(errors[bins == each].mean() - is_wrong[bins == each].mean()) for each in np.unique(bins)]
    weights = np.bincount(bins)[np.unique(bins)] / len(bins)
    assert weights @ gaps < 0.04
    assert abs(errors.sum() - is_wrong.sum()) < 0.3 * is_wrong.sum()
    assert found.interval[0] <= is_wrong.sum() <= found.interval[1]


def test_clean_and_clear_labels_have_next_to_no_errors() -> None:
    """Every probability agrees with the label."""
    labels = np.arange(300) % 3

    found = estimate_errors(labels, np.eye(3)[labels] * 0.97 + 0.01)

    assert found.error_probabilities.max() < 0.01
    assert found.interval[1] <= 3


def test_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large tables are gone through in parts; the interval looks at some rows only."""
    labels, probs = random_rows()
    whole = estimate_errors(labels, probs)

    monkeypatch.setattr(error_probability, "BLOCK_ROWS", 7)
    parts = estimate_errors(labels, probs)
    monkeypatch.setattr(error_probability, "_ROWS_FOR_INTERVAL", 20)
    some = estimate_errors(labels, probs)

    assert parts.error_probabilities.tobytes() == whole.error_probabilities.tobytes()
    assert np.array_equal(parts.joint_counts, whole.joint_counts)
    assert some.error_probabilities.tobytes() == whole.error_probabilities.tobytes()
    assert some.interval[0] <= whole.error_probabilities.sum() <= some.interval[1]


def test_certain_probabilities_one_class_and_no_rows_are_no_problem() -> None:
    """Zeros have no logarithm; one class has no errors."""
    sure = estimate_errors(np.array([0, 1]), np.eye(3)[[0, 0]])
    single = estimate_errors(np.array([0, 0]), np.array([[1.0], [0.3]]))
    none = estimate_errors(np.empty(0, dtype=np.int64), np.empty((0, 3)))

    assert 0 < sure.error_probabilities[0] < sure.error_probabilities[1] < 1
    assert single.error_probabilities.tolist() == [0.0, 0.0]
    assert single.joint_counts.tolist() == [[2]]
    assert none.error_probabilities.shape == (0,)
    assert none.joint_counts.tolist() == np.zeros((3, 3)).tolist()
    assert single.interval == none.interval == (0, 0)


def test_what_is_given_stays_the_callers_and_what_is_found_is_read_only() -> None:
    """Nothing is written into the table of probabilities."""
    labels, probs = random_rows()
    before = probs.copy()

    found = estimate_errors(labels, probs)

    assert np.array_equal(probs, before)
    assert probs.flags.writeable
    assert not found.error_probabilities.flags.writeable


def test_rows_are_ranked_by_error_then_quality_then_row_and_unlabelled_rows_are_last() -> None:
    """By hand."""
    errors = np.array([0.5, np.nan, 0.9, 0.5, 0.5, np.nan])
    quality = np.array([0.3, np.nan, 0.8, 0.2, 0.2, np.nan])

    assert rank_rows(errors, quality).tolist() == [2, 3, 4, 0, 1, 5]
