"""Rows and noisy labels, and linear scores of the true classes fitted to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FeatureMatrix, FloatArray, IndexArray, ProbMatrix
from labelclean.models.channels import Channel
from labelclean.models.linear import RowLoss, Scores, Weights, linear_scores, train_linear

__all__ = ["Problem"]

_SMALLEST_SHARE = 1e-6


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Problem:
    """
    Rows, their noisy labels, and how to fit scores of the true classes to them.

    Attributes
    ----------
    features : csr_array of float32 or float64, shape (n_examples, n_features)
        The rows; everything is computed in their precision.
    channel : Channel
        The given labels and their noise.
    weights : ndarray of float64, shape (n_examples,)
        Weights of the rows, 0 or more.
    penalty : float
        What ``train_linear`` takes; one over the inverse penalty and the sum of the weights.
    max_iterations : int, default=100
        Steps of one fit at most.
    relative_change : float, default=1e-5
        When to stop; see ``minimise``.
    """

    features: FeatureMatrix
    channel: Channel
    weights: FloatArray
    penalty: float
    max_iterations: int = 100
    relative_change: float = 1e-5

    def start(self) -> Weights:
        """Return weights under which every row has the shares of the given labels."""
        codes = self.channel.codes
        total = self.weights.sum()
        n_columns = len(self.channel.noise_matrix)
        start = np.zeros((self.features.shape[1] + 1, n_columns), dtype=self.features.dtype)
        if codes.ndim == 1:
            shares = np.bincount(codes, weights=self.weights, minlength=n_columns) / total
            start[-1] = np.log(np.maximum(shares, _SMALLEST_SHARE))
        else:
            shares = np.clip(self.weights @ codes / total, _SMALLEST_SHARE, 1.0 - _SMALLEST_SHARE)
            start[-1] = np.log(shares / (1.0 - shares))
        return start

    def fit_forward(self, start: Weights) -> Weights:
        """Make the given labels likely, seen through the noise."""
        return self._fit(_ForwardLoss(channel=self.channel, weights=self._shares()), start)

    def fit_true(self, true_probs: ProbMatrix, start: Weights) -> Weights:
        """Make the true classes likely, each as far as it is thought true."""
        return self._fit(_CrossEntropy(channel=self.channel, weights=self._shares(), true_probs=true_probs), start)

    def take(self, rows: IndexArray) -> Problem:
        """Return the problem of some of the rows, with the same inverse penalty."""
        weights = self.weights[rows]
        return replace(
            self,
            features=self.features[rows],
            channel=self.channel.take(rows),
            weights=weights,
            penalty=self.penalty * self.weights.sum() / weights.sum(),
        )

    def mean(self, values: NDArray[np.floating]) -> float:
        """Return the weighted mean of one value per row."""
        return float(values.astype(np.float64) @ self.weights) / float(self.weights.sum())

    def scores(self, weights: Weights) -> Scores:
        """Return the scores of the rows."""
        return linear_scores(self.features, weights)

    def penalised_log_likelihood(self, weights: Weights) -> float:
        """Return the mean logarithm of P(given) less the penalty."""
        squares = float(np.square(weights[:-1]).sum(dtype=np.float64))
        return self.mean(self.channel.explain(self.scores(weights)).log_likelihoods) - 0.5 * self.penalty * squares

    def with_noise(self, noise_matrix: FloatArray) -> Problem:
        """Return the same problem with other noise."""
        return replace(self, channel=self.channel.with_noise(noise_matrix))

    def _shares(self) -> NDArray[np.floating]:
        return np.asarray(self.weights / self.weights.sum(), dtype=self.features.dtype)

    def _fit(self, row_loss: RowLoss, start: Weights) -> Weights:
        n_columns = start.shape[1]
        share = 0.5 if self.channel.codes.ndim > 1 else 1.0 / n_columns
        return train_linear(
            self.features,
            row_loss,
            start,
            penalty=self.penalty,
            bend=share * (1.0 - share),
            max_iterations=self.max_iterations,
            relative_change=self.relative_change,
            row_shares=None if np.ptp(self.weights) == 0 else self.weights / self.weights.sum(),
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _ForwardLoss:
    """
    Minus the mean logarithm of P(given); its slope along a score is P(true) - P(true | given).

    Patrini et al. (2017), theorem 2.
    """

    channel: Channel
    weights: NDArray[np.floating]

    def __call__(self, scores: Scores) -> tuple[float, Scores]:
        seen = self.channel.explain(scores)
        slopes = (seen.probs - seen.true_probs) * self.weights[:, np.newaxis]
        return -float((seen.log_likelihoods * self.weights).sum(dtype=np.float64)), slopes.astype(scores.dtype)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _CrossEntropy:
    """The mean expected logarithm of P(true) with a minus sign; its slope along a score is P(true) less the target."""

    channel: Channel
    weights: NDArray[np.floating]
    true_probs: ProbMatrix

    def __call__(self, scores: Scores) -> tuple[float, Scores]:
        losses, probs = self.channel.cross_entropies(scores, self.true_probs)
        slopes = (probs - self.true_probs) * self.weights[:, np.newaxis]
        return float((losses * self.weights).sum(dtype=np.float64)), slopes.astype(scores.dtype)
