"""Multinomial logistic regression on sparse rows: quiet, and the same whatever else runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from labelclean.arrays import CodeArray, FeatureMatrix, FloatArray
from labelclean.models.linear import Scores, Weights, linear_scores, train_linear

__all__ = ["SoftmaxRegression"]

_MAX_ITERATIONS = 100
_SMALLEST_SHARE = 1e-6  # of a class all of whose rows weigh nothing
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
        self._weights: Weights = np.empty((1, 0), dtype=np.float32)

    def fit(
        self,
        X: FeatureMatrix,  # noqa: N803  (scikit-learn's own argument name)
        y: CodeArray,
        sample_weight: FloatArray | None = None,
    ) -> Self:
        """
        Learn from rows and class codes, starting from the class frequencies.

        Parameters
        ----------
        X : csr_array of float32 or float64, shape (n_examples, n_features)
            The rows, at least one; everything is computed in their precision.
        y : ndarray of int64, shape (n_examples,)
            Their class codes.
        sample_weight : ndarray of float64, shape (n_examples,), optional
            Weights, 0 or more, not all 0; 1 each where left out.

        Returns
        -------
        SoftmaxRegression
            Itself.
        """
        self.classes_, columns = np.unique(y, return_inverse=True)
        total = len(y) if sample_weight is None else float(sample_weight.sum())
        shares = np.bincount(columns, weights=sample_weight) / total
        start = np.zeros((X.shape[1] + 1, len(shares)), dtype=X.dtype)
        start[-1] = np.log(np.maximum(shares, _SMALLEST_SHARE))
        row_shares = None if sample_weight is None else sample_weight / total
        weights = None if row_shares is None else row_shares.astype(X.dtype)
        are_alike = row_shares is None or np.ptp(row_shares) == 0
        self._weights = train_linear(
            X,
            _LogLoss(columns=columns.astype(np.int64), weights=weights),
            start,
            penalty=1.0 / (self.inverse_penalty * total),
            bend=(1.0 - 1.0 / len(shares)) / len(shares),  # where every class is equally likely
            max_iterations=_MAX_ITERATIONS,
            relative_change=_RELATIVE_CHANGE,
            row_shares=None if are_alike else row_shares,
        )
        return self

    def predict_proba(self, X: FeatureMatrix) -> NDArray[np.float64]:  # noqa: N803  (scikit-learn's argument name)
        """
        Return class probabilities.

        Parameters
        ----------
        X : csr_array of float32 or float64, shape (n_examples, n_features)
            The rows.

        Returns
        -------
        ndarray of float64, shape (n_examples, n_classes)
            0 to 1, columns as in ``classes_``; every row sums to 1.
        """
        scores = linear_scores(X, self._weights)
        return np.asarray(softmax(scores.astype(np.float64), axis=1))


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _LogLoss:
    """Mean log-loss of scores, and its slopes."""

    columns: CodeArray
    weights: NDArray[np.floating] | None  # summing to 1; None where each row weighs the same

    def __call__(self, scores: Scores) -> tuple[float, Scores]:
        n_examples = len(self.columns)
        rows = np.arange(n_examples)
        scores -= scores.max(axis=1, keepdims=True)
        given = scores[rows, self.columns]
        probs = np.exp(scores, out=scores)
        sums = probs.sum(axis=1, keepdims=True)
        losses = np.log(sums[:, 0]) - given
        probs /= sums
        probs[rows, self.columns] -= 1.0
        if self.weights is None:
            probs /= n_examples
            return float(losses.sum(dtype=np.float64)) / n_examples, probs
        probs *= self.weights[:, np.newaxis]
        return float((losses * self.weights).sum(dtype=np.float64)), probs
