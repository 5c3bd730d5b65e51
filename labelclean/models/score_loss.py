"""How well held-out scores explain the given labels, once a temperature has been allowed for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray

__all__ = ["best_scale", "scaled_log_loss"]

_N_ROWS_TO_SCALE_BY = 5_000  # the loss is flat around the best scale, so that some rows find it
_LARGEST_LOG_SCALE = 9.0  # times the spread of the scores
_N_ROWS_AT_ONCE = 8_192


def best_scale(scores: NDArray[np.floating], labels: CodeArray, *, weights: FloatArray | None = None) -> float:
    """
    Return the factor under which the softmax of the scores makes the given labels most likely.

    Parameters
    ----------
    scores : ndarray of float, shape (n_examples, n_classes)
        Higher speaks for the class.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    weights : ndarray of float64, shape (n_examples,), optional
        What each row counts, 0 or more; 1 each where left out.

    Returns
    -------
    float
        Above 0; found on up to 5,000 rows, evenly spaced. 1 where no row counts or all scores are equal.

    Examples
    --------
    >>> scale = best_scale(np.array([[2.0, 0.0]] * 4), np.array([0, 0, 0, 1]))
    >>> bool(np.isclose(scale, np.log(3) / 2, rtol=0.01))
    True
    """
    counts = np.ones(len(labels)) if weights is None else weights
    rows = np.flatnonzero((labels != UNLABELLED) & (counts > 0))
    some = rows[:: -(-len(rows) // _N_ROWS_TO_SCALE_BY)] if rows.size else rows
    sample = np.asarray(scores[some], dtype=np.float64)
    spread = float(sample.std(axis=1).mean()) if rows.size else 0.0
    if not spread > 0:
        return 1.0
    found = minimize_scalar(
        lambda log_scale: _total_loss(sample, labels[some], counts[some], np.exp(log_scale) / spread),
        bounds=(-_LARGEST_LOG_SCALE, _LARGEST_LOG_SCALE),
        method="bounded",
        options={"xatol": 1e-2},
    )
    return float(np.exp(found.x)) / spread


def scaled_log_loss(scores: NDArray[np.floating], labels: CodeArray, *, weights: FloatArray | None = None) -> float:
    """
    Return the mean log-loss of ``softmax(scale * scores)`` over all rows with a label, at the scale that suits best.

    For choosing between settings whose scores are calibrated later anyway.

    Parameters
    ----------
    scores : ndarray of float, shape (n_examples, n_classes)
        Higher speaks for the class.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    weights : ndarray of float64, shape (n_examples,), optional
        What each row counts, 0 or more; 1 each where left out.

    Returns
    -------
    float
        Natural logarithm; 0 where no row counts.

    Notes
    -----
    The scale is found on up to 5,000 rows, evenly spaced; the loss is that of all rows.

    Examples
    --------
    Right three times in four, and equally sure each time: the best scale leaves a probability of 3/4.

    >>> loss = scaled_log_loss(np.array([[2.0, 0.0]] * 4), np.array([0, 0, 0, 1]))
    >>> bool(np.isclose(loss, -(3 * np.log(0.75) + np.log(0.25)) / 4, atol=1e-6))
    True
    """
    counts = np.ones(len(labels)) if weights is None else weights
    rows = np.flatnonzero((labels != UNLABELLED) & (counts > 0))
    if not rows.size:
        return 0.0
    scale = best_scale(scores, labels, weights=weights)
    total = 0.0
    for start in range(0, len(rows), _N_ROWS_AT_ONCE):
        chunk = rows[start : start + _N_ROWS_AT_ONCE]
        total += _total_loss(np.asarray(scores[chunk], dtype=np.float64), labels[chunk], counts[chunk], scale)
    return total / float(counts[rows].sum())


def _total_loss(scores: FloatArray, labels: CodeArray, counts: FloatArray, scale: float) -> float:
    """Return the summed loss; far-off scores cost what they cost, without overflow."""
    behind = (scores - scores.max(axis=1, keepdims=True)) * scale
    given = behind[np.arange(len(labels)), labels]
    np.exp(behind, out=behind)
    return float(((np.log(behind.sum(axis=1)) - given) * counts).sum())
