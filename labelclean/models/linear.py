"""Linear scores of sparse rows, trained on any loss of the scores with a squared penalty on the weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FeatureMatrix, FloatArray
from labelclean.models.lbfgs import Parameters, minimise

__all__ = ["RowLoss", "Scores", "Weights", "linear_scores", "train_linear"]

Scores: TypeAlias = NDArray[np.floating]
"""One number per row and column, shape (n_examples, n_columns)."""

Weights: TypeAlias = NDArray[np.floating]
"""One number per feature and column, shape (n_features + 1, n_columns); the last row holds the intercepts."""

RowLoss: TypeAlias = Callable[[Scores], tuple[float, Scores]]
"""Gives the mean loss of some scores and its slopes along each of them; it may write into the scores."""


def linear_scores(features: FeatureMatrix, weights: Weights) -> Scores:
    """
    Return the scores of rows.

    Parameters
    ----------
    features : csr_array of float32 or float64, shape (n_examples, n_features)
        The rows.
    weights : ndarray of the same type, shape (n_features + 1, n_columns)
        Weights, and intercepts in the last row.

    Returns
    -------
    ndarray of the same type, shape (n_examples, n_columns)
        A new array.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> linear_scores(csr_array(np.float32([[2, 0]])), np.float32([[3], [1], [0.5]]))
    array([[6.5]], dtype=float32)
    """
    return np.asarray(features @ weights[:-1] + weights[-1])


def train_linear(
    features: FeatureMatrix,
    row_loss: RowLoss,
    start: Weights,
    *,
    penalty: float,
    bend: float,
    max_iterations: int,
    relative_change: float,
    row_shares: FloatArray | None = None,
) -> Weights:
    """
    Return the weights under which a mean loss plus ``penalty / 2`` times the squared weights is small.

    Parameters
    ----------
    features : csr_array of float32 or float64, shape (n_examples, n_features)
        The rows, at least one; everything is computed in their precision.
    row_loss : callable
        The mean loss of scores, and its slopes.
    start : ndarray of the same type, shape (n_features + 1, n_columns)
        Where to begin; not written to.
    penalty : float
        Weight of the penalty, above 0; intercepts are free.
    bend : float
        A rough guess of the loss's second derivative along a score, times the number of rows.
    max_iterations : int
        Steps to take at most.
    relative_change : float
        As for ``minimise``.
    row_shares : ndarray of float64, shape (n_examples,), optional
        What share of the mean loss each row has; all the same where left out.

    Returns
    -------
    ndarray of the same type, shape (n_features + 1, n_columns)
        Never worse than the start.

    Examples
    --------
    Half the squared distance of each score from 2, and hardly any penalty.

    >>> from scipy.sparse import csr_array
    >>> def row_loss(scores):
    ...     return float(((scores - 2) ** 2).mean() / 2), (scores - 2) / len(scores)
    >>> weights = train_linear(
    ...     csr_array(np.float32([[1], [0]])),
    ...     row_loss,
    ...     np.zeros((2, 1), dtype=np.float32),
    ...     penalty=1e-6,
    ...     bend=1.0,
    ...     max_iterations=50,
    ...     relative_change=0.0,
    ... )
    >>> linear_scores(csr_array(np.float32([[1], [0]])), weights).round(2)
    array([[2.],
           [2.]], dtype=float32)
    """
    loss = _PenalisedLoss(features=features, row_loss=row_loss, n_columns=start.shape[1], penalty=penalty)
    found = minimise(
        loss,
        start.ravel(),
        inverse_curvature=loss.inverse_curvature(bend, row_shares),
        max_iterations=max_iterations,
        relative_change=relative_change,
    )
    return found.reshape(start.shape)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _PenalisedLoss:
    """Mean loss plus penalty, and its gradient, as a function of the flattened weights."""

    features: FeatureMatrix
    row_loss: RowLoss
    n_columns: int
    penalty: float

    def __call__(self, flat: Parameters) -> tuple[float, Parameters]:
        weights = flat.reshape(-1, self.n_columns)
        mean_loss, slopes = self.row_loss(linear_scores(self.features, weights))
        gradient = np.empty_like(weights)
        gradient[:-1] = self.features.T @ slopes
        gradient[:-1] += weights.dtype.type(self.penalty) * weights[:-1]
        gradient[-1] = slopes.sum(axis=0)
        squares = float(np.square(weights[:-1]).sum(dtype=np.float64))
        return mean_loss + 0.5 * self.penalty * squares, gradient.ravel()

    def inverse_curvature(self, bend: float, row_shares: FloatArray | None = None) -> Parameters:
        """Guess one over the second derivative along each weight."""
        mean_squares = np.ones(self.features.shape[1] + 1)  # of each feature, and of the intercept's constant 1
        squares = self.features.power(2)
        means = squares.mean(axis=0) if row_shares is None else squares.T @ row_shares
        mean_squares[:-1] = np.asarray(means).ravel()
        curvature = mean_squares * bend + self.penalty
        return np.repeat((1.0 / curvature).astype(self.features.dtype), self.n_columns)
