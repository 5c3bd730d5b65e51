"""Naive Bayes that has not seen the group it judges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import CodeArray, FeatureMatrix, FloatArray, IndexArray
from labelclean.errors import ConfigError, InvalidInputError, RunCancelledError
from labelclean.models import naive_bayes, naive_bayes_counts
from labelclean.models.naive_bayes import leave_one_out_naive_bayes

N_CLASSES = 4


def refitted(
    counts: FloatArray, labels: CodeArray, groups: IndexArray, weights: FloatArray, *, smoothing: float
) -> FloatArray:
    """Fit once for each row, without its group, in plain loops; one imagined row for each class."""
    n_examples, n_features = counts.shape
    scores = np.zeros((n_examples, N_CLASSES))
    for row in range(n_examples):
        is_left_out = labels[row] != -1
        used = [i for i in range(n_examples) if labels[i] != -1 and not (is_left_out and groups[i] == groups[row])]
        for code in range(N_CLASSES):
            of_class = [i for i in used if labels[i] == code]
            totals = [sum(weights[i] * counts[i, j] for i in of_class) for j in range(n_features)]
            prior = (sum(weights[i] for i in of_class) + 1) / (sum(weights[i] for i in used) + N_CLASSES)
            scores[row, code] = math.log(prior) + sum(
                counts[row, j] * math.log((totals[j] + smoothing) / (sum(totals) + smoothing * n_features))
                for j in range(n_features)
            )
    return scores


def draw(seed: int, n_examples: int = 40) -> tuple[FloatArray, CodeArray, IndexArray]:
    """Draw counts with empty rows, groups of several rows and labels, rows without a label, and a class of one row."""
    generator = np.random.default_rng(seed)
    counts = generator.poisson(0.6, size=(n_examples, 9)).astype(np.float64)
    counts[::7] = 0
    labels = generator.integers(-1, N_CLASSES - 1, n_examples)
    labels[3] = N_CLASSES - 1
    return counts, labels, generator.integers(0, n_examples // 2, n_examples)


def as_features(counts: NDArray[np.floating]) -> FeatureMatrix:
    """Store as the views do."""
    return sparse.csr_array(counts.astype(np.float32))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["counts", "fractions", "weighted"])
def test_scores_are_those_of_one_fit_for_each_row(seed: int, kind: str) -> None:
    """Whole groups are left out, whatever their labels; rows without a label are judged by all the others."""
    counts, labels, groups = draw(seed)
    weights = np.random.default_rng(seed).choice([0.0, 0.5, 1.0, 3.0], len(labels)) if kind == "weighted" else None
    counts *= 1.0 if kind == "counts" else np.float64(np.float32(0.3))
    counts = counts.astype(np.float32).astype(np.float64)

    found = leave_one_out_naive_bayes(
        as_features(counts), labels, groups, n_classes=N_CLASSES, smoothings=[0.3], weights=weights
    )

    ones = np.ones(len(labels))
    expected = refitted(counts, labels, groups, ones if weights is None else weights, smoothing=0.3)
    assert np.allclose(found.scores, expected, rtol=1e-6, atol=1e-6)


def test_blocks_of_rows_and_classes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven rows and two classes at once, and everything at once: the same bytes."""
    counts, labels, groups = draw(5)
    whole = leave_one_out_naive_bayes(as_features(counts), labels, groups, n_classes=N_CLASSES, smoothings=[0.3])
    monkeypatch.setattr(naive_bayes, "_N_ROWS_AT_ONCE", 7)
    monkeypatch.setattr(naive_bayes_counts, "_LARGEST_DENSE_BLOCK", 18)

    found = leave_one_out_naive_bayes(as_features(counts), labels, groups, n_classes=N_CLASSES, smoothings=[0.3])

    assert found.scores.tobytes() == whole.scores.tobytes()


def test_a_whole_number_as_a_weight_is_that_many_rows() -> None:
    """A row of weight 3 counts as three rows of its group, and one of weight 0 as none."""
    counts, labels, groups = draw(6)
    times = np.random.default_rng(6).integers(0, 4, len(labels))
    repeated = np.repeat(np.arange(len(labels)), times)

    found = leave_one_out_naive_bayes(
        as_features(counts), labels, groups, n_classes=N_CLASSES, weights=times.astype(np.float64)
    )

    expected = leave_one_out_naive_bayes(
        as_features(counts[repeated]), labels[repeated], groups[repeated], n_classes=N_CLASSES
    )
    assert found.smoothing == expected.smoothing
    assert np.allclose(found.scores[repeated], expected.scores, rtol=1e-6, atol=1e-6)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1))
def test_order_of_rows_and_names_of_classes_and_groups_change_only_the_order(seed: int) -> None:
    """For whole counts exactly, but for rounding in the sums of a row."""
    counts, labels, groups = draw(seed, 25)
    generator = np.random.default_rng(seed)
    rows, names = generator.permutation(len(labels)), generator.permutation(N_CLASSES)
    renamed = np.where(labels == -1, -1, names[labels])
    plain = leave_one_out_naive_bayes(as_features(counts), labels, groups, n_classes=N_CLASSES, smoothings=[0.1])

    found = leave_one_out_naive_bayes(
        as_features(counts[rows]), renamed[rows], groups[rows] * 3 + 5, n_classes=N_CLASSES, smoothings=[0.1]
    )

    assert np.allclose(found.scores[:, names], plain.scores[rows], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
def test_contributions_and_bias_sum_to_the_difference(weighted: bool) -> None:
    """For any two classes, and for rows with and without a label."""
    counts, labels, groups = draw(7)
    generator = np.random.default_rng(7)
    weights = generator.random(len(labels)) if weighted else None
    found = leave_one_out_naive_bayes(as_features(counts), labels, groups, n_classes=N_CLASSES, weights=weights)
    rows = generator.integers(0, len(labels), 60)
    left, right = generator.integers(0, N_CLASSES, (2, 60))

    parts = found.contributions(rows, left, right)

    difference = found.scores[rows, left].astype(np.float64) - found.scores[rows, right]
    assert np.allclose(parts.sum(axis=1) + found.bias(rows, left, right), difference, atol=1e-5)
    assert parts.dtype == np.float64
    assert not parts.toarray()[counts[rows] == 0].any()


def test_each_contribution_is_the_words_own_odds_without_the_group() -> None:
    """Without row 0, class 0 has counts (1, 0) and class 1 has (0, 3); smoothing 1 makes 2/3 against 1/5."""
    counts = as_features(np.array([[2.0, 0.0], [1.0, 0.0], [0.0, 3.0]]))
    labels = np.array([0, 0, 1])
    found = leave_one_out_naive_bayes(counts, labels, np.arange(3), n_classes=2, smoothings=[1.0])

    parts = found.contributions(np.array([0]), np.array([0]), np.array([1]))

    assert np.allclose(parts.toarray(), [[2 * math.log((2 / 3) / (1 / 5)), 0.0]])


def test_the_smoothing_with_the_lowest_loss_is_chosen() -> None:
    """Smoothings that were not looked at have no loss."""
    counts, labels, groups = draw(8)

    found = leave_one_out_naive_bayes(as_features(counts), labels, groups, n_classes=N_CLASSES)

    tried = np.array(found.losses)
    assert found.smoothing == naive_bayes.SMOOTHINGS[int(np.nanargmin(tried))]
    assert np.count_nonzero(np.isnan(tried)) <= 2


def test_duplicates_with_random_labels_are_judged_no_better_than_by_chance() -> None:
    """Every row has four copies with its label: 4 classes make 1/4, or less, for a row's class loses what it leaves."""
    generator = np.random.default_rng(12)
    groups = np.repeat(np.arange(300), 5)
    labels = generator.integers(0, N_CLASSES, 300)[groups]
    counts = generator.poisson(0.3, size=(300, 40))[groups]

    found = leave_one_out_naive_bayes(as_features(counts.astype(np.float64)), labels, groups, n_classes=N_CLASSES)

    assert (found.scores.argmax(axis=1) == labels).mean() < 0.3


def test_without_any_label_every_class_is_equally_likely() -> None:
    """There is nothing to learn from."""
    counts = as_features(np.array([[1.0, 2.0], [0.0, 0.0]]))

    found = leave_one_out_naive_bayes(counts, np.array([-1, -1]), np.arange(2), n_classes=3)

    assert np.allclose(found.scores, found.scores[:, :1])
    parts = found.contributions(np.array([0, 1]), np.array([0, 1]), np.array([2, 2]))
    assert np.allclose(parts.toarray(), 0)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_nothing_to_count_is_no_error(shape: tuple[int, int]) -> None:
    """No rows, or no features."""
    labels = np.zeros(shape[0], dtype=np.int64)

    found = leave_one_out_naive_bayes(as_features(np.zeros(shape)), labels, np.arange(shape[0]), n_classes=2)

    assert found.scores.shape == (shape[0], 2)


@pytest.mark.parametrize("smoothings", [[], [0.0, 1.0], [-1.0]])
def test_smoothings_are_above_zero(smoothings: list[float]) -> None:
    """None, or not above zero."""
    with pytest.raises(ConfigError, match="smoothings"):
        leave_one_out_naive_bayes(
            as_features(np.ones((1, 1))), np.array([0]), np.array([0]), n_classes=2, smoothings=smoothings
        )


def test_negative_counts_are_refused() -> None:
    """They have no logarithm."""
    with pytest.raises(InvalidInputError, match="got 1 negative"):
        leave_one_out_naive_bayes(as_features(np.array([[-1.0]])), np.array([0]), np.array([0]), n_classes=2)


def test_progress_never_falls_and_can_cancel() -> None:
    """What it raises comes through."""
    counts, labels, groups = draw(9)
    told: list[float] = []
    leave_one_out_naive_bayes(
        as_features(counts), labels, groups, n_classes=N_CLASSES, progress=lambda _, fraction: told.append(fraction)
    )

    def cancel(step: str, fraction: float) -> None:
        raise RunCancelledError(f"{step} {fraction}")

    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] <= 1
    with pytest.raises(RunCancelledError):
        leave_one_out_naive_bayes(as_features(counts), labels, groups, n_classes=N_CLASSES, progress=cancel)


def test_results_are_read_only_and_the_callers_arrays_untouched() -> None:
    """So that nobody changes them by mistake."""
    counts, labels, groups = draw(10)
    features, before = as_features(counts), as_features(counts)

    found = leave_one_out_naive_bayes(features, labels, groups, n_classes=N_CLASSES)
    found.contributions(np.array([0]), np.array([0]), np.array([1]))

    assert not found.scores.flags.writeable
    assert features.data.tobytes() == before.data.tobytes()
