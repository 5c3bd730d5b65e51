"""One logistic calibrator for all cells: from the views' scores and the label's frequency to log-odds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from labelclean.arrays import ClassArray, FloatArray, MaskArray
from labelclean.models.label_sets.types import Cells, GivenTable

__all__ = ["calibrated_log_odds", "label_log_odds", "mean_log_loss", "sampled_rows"]

_MOST_CELLS = 400_000  # a handful of weights are known well from these
_PENALTY = 0.1
_MOST_STEPS = 50
_SMALLEST_CHANGE = 1e-8
_MOST_CHANGE = 5.0  # of one step, so that perfect scores do not run away


def calibrated_log_odds(views: Sequence[Cells], is_given: GivenTable, is_labelled: MaskArray) -> Cells:
    """
    Join views into the log-odds that a row is given a label.

    Each view is standardised label by label; the weights of the views, 0 or more, are the same for all labels, so that
    labels with few rows borrow them from the others.

    Parameters
    ----------
    views : sequence of ndarray of float32, shape (n_examples, n_labels)
        Held-out scores, higher where the label fits better.
    is_given : ndarray of bool, shape (n_examples, n_labels)
        Whether a row was given a label.
    is_labelled : ndarray of bool, shape (n_examples,)
        Whether a row has a label set; only these are learnt from.

    Returns
    -------
    ndarray of float32, shape (n_examples, n_labels)
        Log-odds for all rows.

    Notes
    -----
    Logistic regression by Newton steps, on up to 400,000 cells of evenly spaced rows.

    Examples
    --------
    >>> scores = np.float32([[2], [1], [-1], [-2]] * 50)
    >>> given = np.array([[True], [True], [False], [True]] * 50)
    >>> log_odds = calibrated_log_odds([scores], given, np.ones(200, dtype=bool))
    >>> bool(log_odds[0, 0] > log_odds[1, 0] > log_odds[3, 0])
    True
    """
    labelled = np.flatnonzero(is_labelled)
    prior = label_log_odds(is_given, is_labelled)
    moments = [_moments(view, labelled) for view in views]
    rows = sampled_rows(labelled, _MOST_CELLS // max(is_given.shape[1], 1))
    columns = [((view[rows] - mean) / spread).ravel() for view, (mean, spread) in zip(views, moments, strict=True)]
    columns += [np.tile(prior, len(rows)), np.ones(len(rows) * len(prior))]
    weights = _fit_from_above(np.stack(columns, axis=1).astype(np.float64), is_given[rows].ravel(), n_views=len(views))
    log_odds = np.tile((weights[-2] * prior + weights[-1]).astype(np.float32), (len(is_given), 1))
    for view, (mean, spread), weight in zip(views, moments, weights, strict=False):
        slope = (weight / spread).astype(np.float32)
        log_odds += view * slope - mean.astype(np.float32) * slope
    return log_odds


def label_log_odds(is_given: GivenTable, is_labelled: MaskArray) -> ClassArray:
    """
    Return the log-odds of each label's frequency, with one row's worth of doubt.

    Parameters
    ----------
    is_given : ndarray of bool, shape (n_examples, n_labels)
        Whether a row was given a label.
    is_labelled : ndarray of bool, shape (n_examples,)
        Whether a row has a label set.

    Returns
    -------
    ndarray of float64, shape (n_labels,)
        Finite also for a label that all rows are given, or none.

    Examples
    --------
    >>> label_log_odds(np.array([[True], [False]]), np.array([True, True]))
    array([0.])
    """
    n_given = is_given[is_labelled].sum(axis=0)
    return np.asarray(np.log(n_given + 0.5) - np.log(np.count_nonzero(is_labelled) - n_given + 0.5))


def mean_log_loss(log_odds: NDArray[np.floating], is_given: GivenTable) -> float:
    """
    Return the mean log-loss of cells.

    Parameters
    ----------
    log_odds : ndarray of float, shape (n_rows, n_labels)
        Log-odds that the row is given the label.
    is_given : ndarray of bool, shape (n_rows, n_labels)
        Whether it is.

    Returns
    -------
    float
        Natural logarithm; 0 without cells.

    Examples
    --------
    >>> round(mean_log_loss(np.zeros((1, 2)), np.array([[True, False]])), 4)
    0.6931
    """
    against = np.where(is_given, -log_odds, log_odds).astype(np.float64)
    return float(np.logaddexp(0.0, against).mean()) if against.size else 0.0


def sampled_rows(rows: NDArray[np.int64], at_most: int) -> NDArray[np.int64]:
    """
    Return evenly spaced rows.

    Parameters
    ----------
    rows : ndarray of int64
        Row positions.
    at_most : int
        How many are wanted at most; one is always kept.

    Returns
    -------
    ndarray of int64
        Some of them, in the same order.

    Examples
    --------
    >>> sampled_rows(np.arange(5), 3)
    array([0, 2, 4])
    """
    return rows[:: -(-len(rows) // max(at_most, 1)) or 1]


def _moments(view: Cells, rows: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the spread of each label's scores; a spread of 0 counts as 1."""
    if not rows.size:
        return np.zeros(view.shape[1]), np.ones(view.shape[1])
    mean = view[rows].mean(axis=0, dtype=np.float64)
    spread = view[rows].std(axis=0, dtype=np.float64)
    return mean, np.where(spread > np.finfo(np.float32).tiny, spread, 1.0)


def _fit_from_above(features: FloatArray, targets: NDArray[np.bool_], *, n_views: int) -> ClassArray:
    """
    Return weights of which those of the views are 0 or more.

    Where texts say nothing, a label looks rarer to a model that left one of its rows out: scores that speak against
    the given label are of no use, and a weight below 0 would turn them into its answer.
    """
    heard = np.arange(features.shape[1])
    while True:
        found = _fit_logistic(features[:, heard], targets)
        of_views = np.where(heard < n_views, found, 0.0)
        if of_views.min() >= 0.0:
            break
        heard = np.delete(heard, of_views.argmin())
    weights = np.zeros(features.shape[1])
    weights[heard] = found
    return weights


def _fit_logistic(features: FloatArray, targets: NDArray[np.bool_]) -> ClassArray:
    """Return the weights that make the targets likeliest, mildly penalised."""
    weights = np.zeros(features.shape[1])
    penalty = np.eye(features.shape[1]) * _PENALTY
    for _ in range(_MOST_STEPS):
        probs = expit(features @ weights)
        slope = features.T @ (probs - targets) + _PENALTY * weights
        curvature = (features * (probs * (1.0 - probs))[:, np.newaxis]).T @ features + penalty
        step = np.linalg.solve(curvature, slope)
        weights -= np.clip(step, -_MOST_CHANGE, _MOST_CHANGE)
        if np.abs(step).max() < _SMALLEST_CHANGE:
            break
    return weights
