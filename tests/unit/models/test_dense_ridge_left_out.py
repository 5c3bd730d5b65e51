"""Many small folds left out of one ridge model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from labelclean.models import dense_ridge_left_out
from labelclean.models.dense_ridge import held_out_dense_ridge
from labelclean.models.dense_ridge_features import PlainFeatures
from labelclean.models.dense_ridge_left_out import left_out_scores
from labelclean.models.dense_ridge_solver import dense_moments

N_ROWS = 18


def _refitted(
    table: NDArray[np.float32],
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    strength: float,
    weights: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """Fit scikit-learn's ridge to the rows outside each fold, and judge the fold; rows without one get the mean."""
    scores = np.zeros((len(labels), 3))
    n_folds = int(folds.max()) + 1
    for fold in range(n_folds):
        train, test, others = (folds != fold) & (folds >= 0), folds == fold, folds < 0
        model = Ridge(alpha=strength, solver="cholesky")
        model.fit(
            table[train].astype(np.float64),
            np.eye(3)[labels[train]],
            sample_weight=None if weights is None else weights[train],
        )
        scores[test] = model.predict(table[test].astype(np.float64))
        if others.any():
            scores[others] += model.predict(table[others].astype(np.float64)) / n_folds
    return scores


@given(st.integers(0, 99), st.lists(st.integers(-1, 8), min_size=N_ROWS, max_size=N_ROWS), st.booleans())
@settings(deadline=None, max_examples=30)
def test_scores_are_those_of_refits(seed: int, drawn: list[int], is_weighted: bool) -> None:
    """Single rows and groups of any size, with rows that are in none, and with weights."""
    generator = np.random.default_rng(seed)
    table = generator.standard_normal((N_ROWS, 5)).astype(np.float32)
    labels = generator.integers(0, 3, N_ROWS)
    drawn[:2] = [7, 8]
    folds = np.unique([-1, *drawn], return_inverse=True)[1][1:].astype(np.int64) - 1
    weights = generator.choice([0.5, 1.0, 3.0], N_ROWS) if is_weighted else None

    features = PlainFeatures(table)
    whole = dense_moments(features, labels, np.minimum(folds, 0), n_classes=3, weights=weights)
    found = left_out_scores(features, labels, folds, whole, 0.5, weights=weights)

    np.testing.assert_allclose(found, _refitted(table, labels, folds, 0.5, weights), atol=1e-4)


def test_leave_one_out_is_as_many_folds_as_rows() -> None:
    """Asked for by the folds alone; the same as 60 refits."""
    generator = np.random.default_rng(3)
    labels = np.arange(60) % 3
    embeddings = (generator.standard_normal((3, 4))[labels] + generator.standard_normal((60, 4))).astype(np.float32)
    centred = embeddings.astype(np.float64) - embeddings.mean(axis=0, dtype=np.float64)
    centred = (centred / np.linalg.norm(centred, axis=1, keepdims=True)).astype(np.float32)

    found = held_out_dense_ridge(embeddings, labels, np.arange(60), n_classes=3, strengths=[1.0], kernels=["linear"])

    np.testing.assert_allclose(found.scores, _refitted(centred, labels, np.arange(60), 1.0, None), atol=1e-4)


def test_a_fold_that_holds_all_weight_is_scored_zero() -> None:
    """Nothing is left to learn from; the others learn from it alone."""
    table = np.array([[1.0], [2.0], [-1.0]], dtype=np.float32)
    labels, folds, weights = np.array([0, 1, 1]), np.arange(3), np.array([1.0, 0.0, 0.0])
    features = PlainFeatures(table)
    whole = dense_moments(features, labels, np.zeros(3, dtype=np.int64), n_classes=2, weights=weights)

    found = left_out_scores(features, labels, folds, whole, 1.0, weights=weights)

    np.testing.assert_allclose(found, [[0, 0], [1, 0], [1, 0]], atol=1e-6)


def test_the_size_of_blocks_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Folds are worked on a few at a time, and so are rows without one."""
    generator = np.random.default_rng(1)
    features = PlainFeatures(generator.standard_normal((30, 4)).astype(np.float32))
    labels, folds = generator.integers(0, 3, 30), np.arange(30) // 2 - 2
    folds[folds < 0] = -1
    whole = dense_moments(features, labels, np.minimum(folds, 0), n_classes=3)
    at_once = left_out_scores(features, labels, folds, whole, 1.0)
    monkeypatch.setattr(dense_ridge_left_out, "ROWS_AT_ONCE", 3)

    np.testing.assert_allclose(left_out_scores(features, labels, folds, whole, 1.0), at_once, atol=1e-6)
