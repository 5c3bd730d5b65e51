"""Multinomial logistic regression on sparse rows: quiet, and the same whatever else runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from labelclean.arrays import CodeArray, FeatureMatrix
from labelclean.models.lbfgs import Parameters, minimise

__all__ = ["SoftmaxRegression"]

_MAX_ITERATIONS = 100
_RELATIVE_CHANGE = 1e-5  # a hundred times stricter changes held-out log-loss by less than 0.003, at twice the time


class SoftmaxRegression:
    """
    Logistic regression over any number of classes, with a squared penalty on the weights.

    scikit-learn's own announces an early stop through the process-wide warning filters, which cannot be silenced
    from a thread without silencing everybody.

    Parameters
    ----------
    inverse_penalty : float, default=10.0
        Weight of the data against the penalty, above 0; what scikit-learn calls ``C``.

    Attributes
    ----------
    classes_ : ndarray of int64
        The class codes seen in training, ascending; the columns of ``predict_proba``.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> model = SoftmaxRegression().fit(csr_array(np.float32([[0], [1]])), np.array([3, 7]))
    >>> model.classes_
    array([3, 7])
    """

    def __init__(self, inverse_penalty: float = 10.0) -> None:
        self.inverse_penalty = inverse_penalty
        self.classes_: CodeArray = np.empty(0, dtype=np.int64)
        self._weights: NDArray[np.float32] = np.empty((1, 0), dtype=np.float32)

    def fit(self, X: FeatureMatrix, y: CodeArray) -> Self:  # noqa: N803  (scikit-learn's own argument name)
        """
        Learn from rows and class codes, starting from the class frequencies.

        Parameters
        ----------
        X : csr_array of float32, shape (n_examples, n_features)
            The rows, at least one.
        y : ndarray of int64, shape (n_examples,)
            Their class codes.

        Returns
        -------
        SoftmaxRegression
            Itself.
        """
        self.classes_, columns = np.unique(y, return_inverse=True)
        loss = _PenalisedLoss(
            features=X,
            columns=columns.astype(np.int64),
            n_classes=len(self.classes_),
            penalty=1.0 / (self.inverse_penalty * len(y)),
        )
        start = np.zeros((X.shape[1] + 1, loss.n_classes), dtype=np.float32)
        start[-1] = np.log(np.bincount(columns) / len(y))
        found = minimise(
            loss,
            start.ravel(),
            inverse_curvature=loss.inverse_curvature(),
            max_iterations=_MAX_ITERATIONS,
            relative_change=_RELATIVE_CHANGE,
        )
        self._weights = found.reshape(start.shape)
        return self

    def predict_proba(self, X: FeatureMatrix) -> NDArray[np.float64]:  # noqa: N803  (scikit-learn's argument name)
        """
        Return class probabilities.

        Parameters
        ----------
        X : csr_array of float32, shape (n_examples, n_features)
            The rows.

        Returns
        -------
        ndarray of float64, shape (n_examples, n_classes)
            0 to 1, columns as in ``classes_``; every row sums to 1.
        """
        scores = X @ self._weights[:-1] + self._weights[-1]
        return np.asarray(softmax(scores.astype(np.float64), axis=1))


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _PenalisedLoss:
    """Mean log-loss plus penalty, and its gradient, as a function of the flattened weights (last row: intercepts)."""

    features: FeatureMatrix
    columns: CodeArray
    n_classes: int
    penalty: float

    def __call__(self, flat: Parameters) -> tuple[float, Parameters]:
        weights = flat.reshape(-1, self.n_classes)
        n_examples = len(self.columns)
        rows = np.arange(n_examples)
        scores = self.features @ weights[:-1] + weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        given = scores[rows, self.columns]
        probs = np.exp(scores, out=scores)
        sums = probs.sum(axis=1, keepdims=True)
        log_loss = float((np.log(sums[:, 0]) - given).sum(dtype=np.float64)) / n_examples
        probs /= sums
        probs[rows, self.columns] -= 1.0
        probs /= n_examples
        gradient = np.empty_like(weights)
        gradient[:-1] = self.features.T @ probs
        gradient[:-1] += np.float32(self.penalty) * weights[:-1]
        gradient[-1] = probs.sum(axis=0)
        squares = float(np.square(weights[:-1]).sum(dtype=np.float64))
        return log_loss + 0.5 * self.penalty * squares, gradient.ravel()

    def inverse_curvature(self) -> Parameters:
        """Guess one over the second derivatives, as they are where every class is equally likely."""
        share = 1.0 / self.n_classes
        mean_squares = np.ones(self.features.shape[1] + 1)  # of each feature, and of the intercept's constant 1
        mean_squares[:-1] = np.asarray(self.features.power(2).mean(axis=0)).ravel()
        curvature = mean_squares * share * (1.0 - share) + self.penalty
        return np.repeat((1.0 / curvature).astype(np.float32), self.n_classes)
