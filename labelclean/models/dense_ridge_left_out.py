"""Ridge regression without each of many small folds, down to single rows, from one model of all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular

from labelclean.arrays import CodeArray, FloatArray, IndexArray
from labelclean.models.dense_ridge_solver import ROWS_AT_ONCE, DenseFeatures, DenseMoments
from labelclean.models.folds import NO_FOLD

__all__ = ["left_out_scores"]

_NO_ROWS = 1e-12  # of all weights: what is left after a subtraction is rounding


def left_out_scores(
    features: DenseFeatures,
    labels: CodeArray,
    folds: IndexArray,
    whole: DenseMoments,
    strength: float,
    *,
    weights: FloatArray | None = None,
    tick: Callable[[], None] = lambda: None,
) -> NDArray[np.float32]:
    """
    Judge each row by the model that a refit without its fold would give.

    Parameters
    ----------
    features : DenseFeatures
        One row per example.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; what rows without a fold are given does not matter.
    folds : ndarray of int64, shape (n_examples,)
        Fold of each row, from 0 and without gaps; -1 for rows without one, which get the mean over the models.
    whole : DenseMoments
        As ``dense_moments`` gives them with all these rows in one fold.
    strength : float
        Penalty on the squared coefficients, above 0; the intercept is free.
    weights : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for, 0 or more; 1 each where left out.
    tick : callable
        Called after each block of rows; what it raises comes through.

    Returns
    -------
    ndarray of float32, shape (n_examples, n_classes)
        As ``held_out_scores`` gives them.

    Notes
    -----
    With A the penalised sum over all rows, X the rows of a fold, W their weights and r their residuals under the
    model of all rows, the residuals without the fold are ``(I - X A^-1 X^T W)^-1 r``, and its model is the model of
    all less ``A^-1 X^T W`` times them. Cost with p features: O(n_examples * p ** 2), and the cubes of the sizes of
    the folds.

    References
    ----------
    Cook & Weisberg (1982), "Residuals and Influence in Regression", section 3.6, for cases left out in groups.

    Examples
    --------
    >>> from labelclean.models.dense_ridge_features import PlainFeatures
    >>> from labelclean.models.dense_ridge_solver import dense_moments
    >>> features, labels = PlainFeatures(np.float32([[1], [-1], [1], [-1]])), np.array([0, 1, 0, 1])
    >>> whole = dense_moments(features, labels, np.zeros(4, dtype=np.int64), n_classes=2)
    >>> left_out_scores(features, labels, np.arange(4), whole, 2.0).round(2)[0]
    array([0.71, 0.29], dtype=float32)
    """
    gram = whole.grams[0].copy()
    gram[np.diag_indices(len(gram) - 1)] += strength
    root = cholesky(gram, lower=True)
    model = cho_solve((root, True), whole.targets[0])
    scores = np.zeros((len(folds), model.shape[1]), dtype=np.float32)
    pull = np.zeros_like(model)  # of all left-out residuals on the models
    counts = np.ones(len(folds)) if weights is None else weights
    for rows in _blocks_of_equal_folds(folds):
        block = _with_ones(features.rows(rows.ravel()))
        given = np.zeros((rows.size, model.shape[1]))
        given[np.arange(rows.size), labels[rows.ravel()]] = 1.0
        left_out = _left_out_residuals(root, block, given - block @ model, counts[rows])
        pull += block.T @ (left_out * counts[rows].reshape(-1, 1))
        is_all = gram[-1, -1] - counts[rows].sum(axis=1) <= _NO_ROWS * gram[-1, -1]
        scores[rows.ravel()] = np.where(np.repeat(is_all, rows.shape[1])[:, np.newaxis], 0.0, given - left_out)
        tick()
    mean_model = model - cho_solve((root, True), pull) / max(1, int(folds.max(initial=NO_FOLD)) + 1)
    without = np.flatnonzero(folds == NO_FOLD)
    for start in range(0, len(without), ROWS_AT_ONCE):
        rows = without[start : start + ROWS_AT_ONCE]
        scores[rows] = _with_ones(features.rows(rows)) @ mean_model
        tick()
    return scores


def _left_out_residuals(root: FloatArray, block: FloatArray, residuals: FloatArray, counts: FloatArray) -> FloatArray:
    """Return the residuals of folds of the same size, each under the model without its fold."""
    n_folds, size = counts.shape
    half: FloatArray = solve_triangular(root, block.T, lower=True).T
    if size == 1:
        kept: FloatArray = 1.0 - counts * np.einsum("ij,ij->i", half, half)[:, np.newaxis]
        return np.asarray(residuals / np.maximum(kept, _NO_ROWS), dtype=np.float64)
    by_fold: NDArray[np.float64] = half.reshape(n_folds, size, -1)
    hat = by_fold @ by_fold.transpose(0, 2, 1) * counts[:, np.newaxis, :]
    left_out = np.linalg.solve(np.eye(size) * (1.0 + _NO_ROWS) - hat, residuals.reshape(n_folds, size, -1))
    return np.asarray(left_out.reshape(n_folds * size, -1), dtype=np.float64)


def _blocks_of_equal_folds(folds: IndexArray) -> Iterator[IndexArray]:
    """Give tables of rows, one line for each fold, a few folds of the same size at a time."""
    order = np.argsort(folds, kind="stable")
    order = order[np.searchsorted(folds[order], 0) :]
    sizes = np.bincount(folds[order])
    starts = np.cumsum(sizes) - sizes
    for size in np.unique(sizes).tolist():
        of_size = np.flatnonzero(sizes == size)
        at_once = max(1, ROWS_AT_ONCE // size)
        for first in range(0, len(of_size), at_once):
            some = starts[of_size[first : first + at_once]]
            yield order[some[:, np.newaxis] + np.arange(size)]


def _with_ones(block: NDArray[np.float32]) -> FloatArray:
    return np.concatenate([block, np.ones((len(block), 1))], axis=1)
