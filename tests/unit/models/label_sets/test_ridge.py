from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from labelclean.errors import ConfigError
from labelclean.models.dense_ridge_features import PlainFeatures
from labelclean.models.label_sets.dense_ridge import held_out_dense_label_ridge
from labelclean.models.label_sets.ridge import held_out_label_ridge

_CONSTANT = 0.1  # what the intercept adds to the product of any two rows


def _data() -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    rng = np.random.default_rng(3)
    rows = rng.random((24, 9)) * (rng.random((24, 9)) < 0.5)
    given = rng.random((24, 4)) < 0.4
    given[:, 2], given[:, 3] = False, True
    folds = rng.integers(0, 3, 24)
    folds[[2, 11]] = -1
    return rows, given, folds


def _refitted(
    rows: NDArray[np.float64], given: NDArray[np.bool_], folds: NDArray[np.int64], strength: float
) -> NDArray[np.float64]:
    """Solve the dual system of each fold and label, and average the models for rows of no fold."""
    kernel = rows @ rows.T + _CONSTANT
    by_model = []
    for fold in range(3):
        train = (folds != fold) & (folds != -1)
        mean = given[train].mean(axis=0)
        system = kernel[np.ix_(train, train)] + strength * np.eye(train.sum())
        by_model.append(kernel[:, train] @ np.linalg.solve(system, given[train] - mean) + mean)
    scores: NDArray[np.float64] = np.mean(by_model, axis=0)
    for fold in range(3):
        scores[folds == fold] = by_model[fold][folds == fold]
    return scores


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_held_out_scores_equal_a_model_trained_anew_for_each_fold(n_jobs: int) -> None:
    """At every strength, also for labels of nobody and of everybody, and for rows without a set."""
    rows, given, folds = _data()

    found = held_out_label_ridge(
        sparse.csr_array(rows.astype(np.float32)), given, folds, strengths=[1.0, 5.0], n_jobs=n_jobs
    )

    np.testing.assert_allclose(found[0], _refitted(rows, given, folds, 1.0), atol=2e-4)
    np.testing.assert_allclose(found[1], _refitted(rows, given, folds, 5.0), atol=2e-4)


def test_two_labels_are_two_questions() -> None:
    """Unlike two classes, of which one says everything."""
    rows, given, folds = _data()

    found = held_out_label_ridge(sparse.csr_array(rows.astype(np.float32)), given[:, :2], folds, strengths=[1.0])

    np.testing.assert_allclose(found[0], _refitted(rows, given, folds, 1.0)[:, :2], atol=2e-4)


@pytest.mark.parametrize("strengths", [[], [0.0, 1.0], [3.0, 1.0]])
def test_strengths_must_ascend_from_above_zero(strengths: list[float]) -> None:
    """Anything else is refused."""
    rows, given, folds = _data()

    with pytest.raises(ConfigError, match="strengths must be above 0 and ascend"):
        held_out_label_ridge(sparse.csr_array(rows.astype(np.float32)), given, folds, strengths=strengths)


def test_dense_scores_equal_a_model_trained_anew_for_each_fold() -> None:
    """With a constant, which is penalised like any feature."""
    rows, given, folds = _data()
    with_constant = np.hstack([rows, np.ones((24, 1))])
    by_model = []
    for fold in range(3):
        train = with_constant[(folds != fold) & (folds != -1)]
        targets = given[(folds != fold) & (folds != -1)]
        by_model.append(with_constant @ np.linalg.solve(train.T @ train + 2.0 * np.eye(10), train.T @ targets))
    expected: NDArray[np.float64] = np.mean(by_model, axis=0)
    for fold in range(3):
        expected[folds == fold] = by_model[fold][folds == fold]

    found = held_out_dense_label_ridge(PlainFeatures(rows.astype(np.float32)), given, folds, strengths=[2.0])

    np.testing.assert_allclose(found[0], expected, atol=1e-5)
