"""Ridge regression on rows of few numbers, for every fold at once: sums over the folds, and models without each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from labelclean.arrays import CodeArray, FloatArray, IndexArray, freeze_fields
from labelclean.models.folds import NO_FOLD

__all__ = [
    "ROWS_AT_ONCE",
    "DenseFeatures",
    "DenseMoments",
    "Models",
    "dense_moments",
    "held_out_scores",
    "models_without_each_fold",
]

ROWS_AT_ONCE = 4096
"""Rows that are made and multiplied together."""

Models = NDArray[np.float64]
"""Shape (n_folds, n_features + 1, n_classes): the model without each fold; its last row is the intercept."""


class DenseFeatures(Protocol):
    """Rows of numbers that are made when they are asked for, so that they need not fit the memory."""

    @property
    def n_features(self) -> int:
        """How many numbers a row has."""

    def rows(self, wanted: IndexArray, /) -> NDArray[np.float32]:
        """Return some rows, shape (len(wanted), n_features)."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class DenseMoments:
    """
    All that ridge regression needs to know of each fold. A last feature that is always 1 makes the intercept.

    Attributes
    ----------
    grams : ndarray of float64, shape (n_folds, n_features + 1, n_features + 1)
        Weighted sum of the products of features.
    targets : ndarray of float64, shape (n_folds, n_features + 1, n_classes)
        Weighted sum of the features of the rows given each class.
    """

    grams: NDArray[np.float64]
    targets: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def dense_moments(
    features: DenseFeatures,
    labels: CodeArray,
    folds: IndexArray,
    *,
    n_classes: int,
    weights: FloatArray | None = None,
    tick: Callable[[], None] = lambda: None,
) -> DenseMoments:
    """
    Sum up each fold.

    Parameters
    ----------
    features : DenseFeatures
        One row per example.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    folds : ndarray of int64, shape (n_examples,)
        Fold of each row with a label, from 0 and without gaps; -1 for the others, which are left out.
    n_classes : int
        Number of columns of the targets.
    weights : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for, 0 or more; 1 each where left out.
    tick : callable
        Called after each block of rows; what it raises comes through.

    Returns
    -------
    DenseMoments
        Summed in double precision, over blocks multiplied in single precision.

    Notes
    -----
    Cost: O(n_examples * n_features * (n_features + n_classes)) time, whatever the number of folds; memory for one
    block of rows besides the result.

    Examples
    --------
    >>> from labelclean.models.dense_ridge_features import PlainFeatures
    >>> features = PlainFeatures(np.float32([[1], [2], [3]]))
    >>> dense_moments(features, np.array([0, 1, 1]), np.array([0, 0, 1]), n_classes=2).grams.tolist()
    [[[5.0, 3.0], [3.0, 2.0]], [[9.0, 3.0], [3.0, 1.0]]]
    """
    n_folds = int(folds.max(initial=NO_FOLD)) + 1
    n_columns = features.n_features + 1
    grams = np.zeros((n_folds, n_columns, n_columns))
    targets = np.zeros((n_folds, n_columns, n_classes))
    for fold, rows in _blocks_of_folds(folds):
        block = _with_ones(features.rows(rows))
        weighted = block if weights is None else block * weights[rows, np.newaxis].astype(np.float32)
        given = np.zeros((len(rows), n_classes), dtype=np.float32)
        given[np.arange(len(rows)), labels[rows]] = 1.0
        grams[fold] += weighted.T @ block
        targets[fold] += weighted.T @ given
        tick()
    return DenseMoments(grams=grams, targets=targets)


def models_without_each_fold(moments: DenseMoments, strength: float) -> Models:
    """
    Fit a model to all rows but those of a fold, for each fold.

    Parameters
    ----------
    moments : DenseMoments
        The sums over each fold.
    strength : float
        Penalty on the squared coefficients, above 0; the intercept is free.

    Returns
    -------
    ndarray of float64, shape (n_folds, n_features + 1, n_classes)
        For each class what best tells its rows (1) from the others (0). All zeros where no row is left to learn from.

    Notes
    -----
    With G and T the sums over the other folds: the solution of (G + strength * I) B = T, by Cholesky's decomposition;
    the penalty of the intercept is 0. These are the models that a refit without the fold would give, since G and T
    are the sums over its rows.

    References
    ----------
    Hoerl & Kennard (1970), "Ridge Regression: Biased Estimation for Nonorthogonal Problems", equation 2.1.

    Examples
    --------
    >>> from labelclean.models.dense_ridge_features import PlainFeatures
    >>> features = PlainFeatures(np.float32([[1], [-1], [1], [-1]]))
    >>> moments = dense_moments(features, np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]), n_classes=2)
    >>> models_without_each_fold(moments, 2.0)[0].round(3)
    array([[ 0.25, -0.25],
           [ 0.5 ,  0.5 ]])
    """
    models = np.zeros_like(moments.targets)
    gram, targets = moments.grams.sum(axis=0), moments.targets.sum(axis=0)
    penalty = np.full(len(gram), float(strength))
    penalty[-1] = 0.0
    for fold in range(len(models)):
        without = gram - moments.grams[fold]
        if without[-1, -1] <= _NO_ROWS * gram[-1, -1]:
            continue
        without[np.diag_indices_from(without)] += penalty
        models[fold] = cho_solve(cho_factor(without, overwrite_a=True), targets - moments.targets[fold])
    return models


_NO_ROWS = 1e-12  # of all weights: what is left after a subtraction is rounding


def held_out_scores(
    features: DenseFeatures, folds: IndexArray, models: Models, *, tick: Callable[[], None] = lambda: None
) -> NDArray[np.float32]:
    """
    Judge each row by the model without its fold.

    Parameters
    ----------
    features : DenseFeatures
        One row per example.
    folds : ndarray of int64, shape (n_examples,)
        Fold of each row; -1 for rows without one, which get the mean over the models.
    models : ndarray of float64, shape (n_folds, n_features + 1, n_classes)
        As ``models_without_each_fold`` gives them.
    tick : callable
        Called after each block of rows; what it raises comes through.

    Returns
    -------
    ndarray of float32, shape (n_examples, n_classes)
        Around 1 for a class that fits and 0 for others; 0 everywhere where there is no model.

    Examples
    --------
    >>> from labelclean.models.dense_ridge_features import PlainFeatures
    >>> models = np.array([[[1.0], [0.0]], [[3.0], [1.0]]])
    >>> held_out_scores(PlainFeatures(np.float32([[1], [1], [1]])), np.array([0, 1, -1]), models).ravel()
    array([1. , 4. , 2.5], dtype=float32)
    """
    scores = np.zeros((len(folds), models.shape[2]), dtype=np.float32)
    if not len(models):
        return scores
    judges = np.concatenate([models, models.mean(axis=0, keepdims=True)]).astype(np.float32)
    for fold, rows in _blocks_of_folds(folds, also_without=True):
        scores[rows] = _with_ones(features.rows(rows)) @ judges[fold]
        tick()
    return scores


def _blocks_of_folds(folds: IndexArray, *, also_without: bool = False) -> Iterator[tuple[int, IndexArray]]:
    """Give the rows of each fold, a few at a time; those without a fold first, if wanted."""
    order = np.argsort(folds, kind="stable")
    bounds = np.searchsorted(folds[order], np.arange(NO_FOLD, int(folds.max(initial=NO_FOLD)) + 2))
    for fold in range(NO_FOLD if also_without else 0, len(bounds) - 2):
        start, stop = bounds[fold + 1], bounds[fold + 2]
        for first in range(int(start), int(stop), ROWS_AT_ONCE):
            yield fold, order[first : min(first + ROWS_AT_ONCE, int(stop))]


def _with_ones(block: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([block, np.ones((len(block), 1), dtype=np.float32)], axis=1)
