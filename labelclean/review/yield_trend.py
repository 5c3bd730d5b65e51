"""How far the error probabilities can be believed: one straight line through all verdicts, in log-odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from labelclean.arrays import FloatArray, freeze_fields

__all__ = ["Trend", "fit_trend"]

_SHIFT_SPREAD, _SLOPE_SPREAD = 1.0, 0.7  # log-odds: what is plausible beforehand
_STEPS, _PRECISION = 50, 1e-10


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Trend:
    """
    What log-odds of the model are worth.

    Attributes
    ----------
    weights : ndarray of float64, shape (2,)
        What to add to the log-odds x: the first, and the second times x. Both 0: the model is right.
    covariance : ndarray of float64, shape (2, 2)
        How uncertain they are.
    """

    weights: FloatArray
    covariance: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def rates(self, log_odds: FloatArray) -> FloatArray:
        """Return the share of wrong labels among rows with such log-odds."""
        return np.asarray(expit(log_odds + self.weights[0] + self.weights[1] * log_odds), dtype=np.float64)

    def variance(self, log_odds: FloatArray, n_rows: FloatArray) -> float:
        """Return how uncertain the number of wrong labels among some rows is by the trend alone."""
        rates = self.rates(log_odds)
        each = n_rows * rates * (1.0 - rates)
        slope = np.array([each.sum(), (each * log_odds).sum()])
        return float(slope @ self.covariance @ slope)


def fit_trend(log_odds: FloatArray, n_rows: FloatArray, n_wrong: FloatArray) -> Trend:
    """
    Fit a line to the verdicts, drawn towards the model's own log-odds.

    A model that takes systematic mistakes for truth is sure of many wrong labels: its probabilities then say little,
    the line is flat, and rows that it calls safe are known not to be, before any of them was looked at.

    Parameters
    ----------
    log_odds : ndarray of float64, shape (n_groups,)
        The model's, of rows that are alike.
    n_rows, n_wrong : ndarray of float64, shape (n_groups,)
        Verdicts on them, and how many said wrong.

    Returns
    -------
    Trend
        The most probable line under normal priors (standard deviations 1.0 and 0.7), and its uncertainty.

    References
    ----------
    Platt (1999), "Probabilistic Outputs for Support Vector Machines"; MacKay (1992), "The Evidence Framework Applied
    to Classification Networks" (the normal approximation at the mode).

    Examples
    --------
    >>> honest = fit_trend(np.array([-2.0, 0.0, 2.0]), np.full(3, 1000.0), 1000.0 * expit(np.array([-2.0, 0.0, 2.0])))
    >>> np.abs(honest.weights).round(6).tolist()
    [0.0, 0.0]
    """
    columns = np.column_stack([np.ones(len(log_odds)), log_odds])
    precision = np.diag([_SHIFT_SPREAD**-2.0, _SLOPE_SPREAD**-2.0])
    weights = np.zeros(2)
    height = _height(weights, columns, log_odds, n_rows, n_wrong)
    for _ in range(_STEPS):
        rates = expit(log_odds + columns @ weights)
        curvature = (columns.T * (n_rows * rates * (1.0 - rates))) @ columns + precision
        step = np.linalg.solve(curvature, columns.T @ (n_wrong - n_rows * rates) - precision @ weights)
        reached = _height(weights + step, columns, log_odds, n_rows, n_wrong)
        while reached < height and np.abs(step).max() > _PRECISION:
            step = step / 2.0
            reached = _height(weights + step, columns, log_odds, n_rows, n_wrong)
        gained, weights, height = reached - height, weights + step, reached
        if gained < _PRECISION:
            break
    rates = expit(log_odds + columns @ weights)
    curvature = (columns.T * (n_rows * rates * (1.0 - rates))) @ columns + precision
    return Trend(weights=weights, covariance=np.asarray(np.linalg.inv(curvature), dtype=np.float64))


def _height(
    weights: FloatArray, columns: FloatArray, log_odds: FloatArray, n_rows: FloatArray, n_wrong: FloatArray
) -> float:
    at = log_odds + columns @ weights
    prior = (weights[0] / _SHIFT_SPREAD) ** 2 + (weights[1] / _SLOPE_SPREAD) ** 2
    return float((n_wrong * at - n_rows * np.logaddexp(0.0, at)).sum() - prior / 2.0)
