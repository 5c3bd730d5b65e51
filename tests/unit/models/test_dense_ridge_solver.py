"""Ridge models without each fold, from sums over the folds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from labelclean.models import dense_ridge_solver
from labelclean.models.dense_ridge_features import PlainFeatures
from labelclean.models.dense_ridge_solver import dense_moments, held_out_scores, models_without_each_fold

N_CLASSES = 3


def _data(n_rows: int, n_features: int, *, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    generator = np.random.default_rng(seed)
    table = generator.standard_normal((n_rows, n_features)).astype(np.float32)
    return table, generator.integers(0, N_CLASSES, n_rows)


def _refitted(
    table: NDArray[np.float32],
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    *,
    strength: float,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Fit scikit-learn's ridge to the rows outside each fold, and judge the fold; rows without one get the mean."""
    scores = np.zeros((len(labels), N_CLASSES))
    n_folds = int(folds.max()) + 1
    for fold in range(n_folds):
        train, test, others = (folds != fold) & (folds >= 0), folds == fold, folds < 0
        targets = np.eye(N_CLASSES)[labels[train]]
        model = Ridge(alpha=strength, solver="cholesky")
        model.fit(table[train].astype(np.float64), targets, sample_weight=None if weights is None else weights[train])
        scores[test] = model.predict(table[test].astype(np.float64))
        if others.any():
            scores[others] += model.predict(table[others].astype(np.float64)) / n_folds
    return scores


@given(st.integers(0, 99), st.sampled_from([0.1, 1.0, 10.0]), st.integers(2, 6), st.booleans())
@settings(deadline=None, max_examples=30)
def test_held_out_scores_are_those_of_refits(seed: int, strength: float, n_folds: int, is_weighted: bool) -> None:
    """Also for rows without a label, with weights, and with more features than rows."""
    table, labels = _data(24, 30 if seed % 2 else 4, seed=seed)
    folds = np.arange(24) % (n_folds + 1) - 1
    labels[folds < 0] = -1
    weights = np.random.default_rng(seed).choice([0.5, 1.0, 2.0], 24) if is_weighted else None

    features = PlainFeatures(table)
    moments = dense_moments(features, labels, folds, n_classes=N_CLASSES, weights=weights)
    found = held_out_scores(features, folds, models_without_each_fold(moments, strength))

    expected = _refitted(table, labels, folds, strength=strength, weights=weights)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_a_weight_of_two_is_the_row_twice() -> None:
    """And a weight of none is no row."""
    table, labels = _data(20, 3)
    folds = np.arange(20) % 4
    weights = np.where(np.arange(20) < 10, 2.0, np.where(np.arange(20) < 15, 1.0, 0.0))
    twice = np.concatenate([np.arange(15), np.arange(10)])

    weighted = dense_moments(PlainFeatures(table), labels, folds, n_classes=N_CLASSES, weights=weights)
    repeated = dense_moments(PlainFeatures(table[twice]), labels[twice], folds[twice], n_classes=N_CLASSES)

    np.testing.assert_allclose(weighted.grams, repeated.grams, atol=1e-5)
    np.testing.assert_allclose(weighted.targets, repeated.targets, atol=1e-5)


def test_the_size_of_blocks_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are made a few at a time."""
    table, labels = _data(50, 5)
    folds = np.arange(50) % 3
    features = PlainFeatures(table)
    expected = dense_moments(features, labels, folds, n_classes=N_CLASSES)
    models = models_without_each_fold(expected, 1.0)
    scores = held_out_scores(features, folds, models)
    monkeypatch.setattr(dense_ridge_solver, "ROWS_AT_ONCE", 4)

    found = dense_moments(features, labels, folds, n_classes=N_CLASSES)

    np.testing.assert_allclose(found.grams, expected.grams, atol=1e-5)
    np.testing.assert_allclose(held_out_scores(features, folds, models), scores, atol=1e-6)


def test_a_model_without_any_row_to_learn_from_is_zero() -> None:
    """One fold only: nothing is left outside it."""
    table, labels = _data(6, 2)

    moments = dense_moments(PlainFeatures(table), labels, np.zeros(6, dtype=np.int64), n_classes=N_CLASSES)

    assert not models_without_each_fold(moments, 1.0).any()


def test_a_class_that_is_missing_elsewhere_is_scored_zero() -> None:
    """All rows of class 2 are in fold 0: the model without it has never seen the class."""
    table, _ = _data(12, 2)
    labels = np.array([2, 2, 2, 0, 1, 0, 1, 0, 1, 0, 1, 0])
    folds = np.repeat([0, 1, 2, 3], 3)
    features = PlainFeatures(table)
    moments = dense_moments(features, labels, folds, n_classes=N_CLASSES)

    scores = held_out_scores(features, folds, models_without_each_fold(moments, 1.0))

    np.testing.assert_allclose(scores[:3, 2], 0.0, atol=1e-6)


def test_without_labels_there_is_no_model() -> None:
    """Every score is 0."""
    table, labels = _data(4, 2)
    folds = np.full(4, -1)
    features = PlainFeatures(table)

    moments = dense_moments(features, labels, folds, n_classes=N_CLASSES)

    assert moments.grams.shape == (0, 3, 3)
    assert not held_out_scores(features, folds, models_without_each_fold(moments, 1.0)).any()


def test_each_block_is_told() -> None:
    """A tick for each block of each fold, so that work can be stopped in between."""
    table, labels = _data(10, 2)
    ticks: list[int] = []

    dense_moments(
        PlainFeatures(table), labels, np.arange(10) % 5, n_classes=N_CLASSES, tick=lambda: ticks.append(len(ticks))
    )

    assert len(ticks) == 5
