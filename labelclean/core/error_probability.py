"""How likely each given label is wrong, and in which order to look."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from labelclean.arrays import ClassArray, CodeArray, CountMatrix, FloatArray, IndexArray, ProbMatrix
from labelclean.core.chunks import CHUNK_BYTES, row_chunks

__all__ = ["error_probabilities", "rank_rows"]

_PRIOR_ROWS = 10.0  # rows' worth of belief, per true class, that its noise is like everybody's
_SURE = 1e-9  # log-odds stay finite; far below what a float32 probability can tell apart from 1
_FURTHEST_MOVE = 40.0
_HALVINGS = 60  # down to the last bit


def error_probabilities(
    labels: CodeArray, pred_probs: ProbMatrix, confident_joint: CountMatrix, *, chunk_bytes: int = CHUNK_BYTES
) -> FloatArray:
    """
    Return how likely each given label is wrong.

    The probabilities say what the text looks like; the noise says how often a text of class j ends up with this
    label. Bayes' rule joins them. It is asked twice, and the log-odds are averaged: once with the noise found for
    each pair of classes, which is sharp but rests on few rows, and once with one noise rate for all, which is blunt
    and steady. All log-odds are then moved together until the probabilities add up to the number of errors that the
    confident joint estimates, so that the two never contradict each other; this does not change their order.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Calibrated held-out probabilities, 0 to 1.
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        Between 0 and 1. With one class only, no label can be wrong and all values are 0.

    Examples
    --------
    >>> joint = np.array([[9, 1], [1, 9]])
    >>> error_probabilities(np.array([0, 1]), np.array([[0.9, 0.1], [0.9, 0.1]]), joint).round(3)
    array([0.005, 0.268])
    """
    if len(confident_joint) == 1:
        return np.zeros(len(labels))
    blunt = _same_noise_for_all(confident_joint)
    counts = confident_joint + _PRIOR_ROWS * blunt
    sharp = counts / counts.sum(axis=0)
    log_odds = np.empty(len(labels), dtype=np.float64)
    for rows in row_chunks(pred_probs, chunk_bytes=chunk_bytes):
        given, probs = labels[rows], pred_probs[rows].astype(np.float64)
        both = _log_odds_of_error(given, probs, blunt) + _log_odds_of_error(given, probs, sharp)
        log_odds[rows] = both / 2.0
    return _with_mean(log_odds, _noise_rate(confident_joint))


def _noise_rate(confident_joint: CountMatrix) -> float:
    """Return the share of wrong labels, with two rows' worth of doubt: it is never known to be none or all."""
    total = int(confident_joint.sum())
    return (total - int(np.trace(confident_joint)) + 1.0) / (total + 2.0)


def _with_mean(log_odds: FloatArray, mean: float) -> FloatArray:
    """Move log-odds together until the mean probability is as wanted; bisection, for the same bits everywhere."""
    low, high = -_FURTHEST_MOVE, _FURTHEST_MOVE
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if len(log_odds) and float(expit(log_odds + middle).mean()) < mean:
            low = middle
        else:
            high = middle
    return np.asarray(expit(log_odds + (low + high) / 2.0), dtype=np.float64)


def _same_noise_for_all(confident_joint: CountMatrix) -> ProbMatrix:
    """Return P(given | true) with one noise rate, wrong labels falling on classes as often as these are given."""
    n_classes = len(confident_joint)
    rate = _noise_rate(confident_joint)
    shares: ClassArray = confident_joint.sum(axis=1) + 1.0
    matrix = np.repeat(shares[:, np.newaxis], n_classes, axis=1)
    np.fill_diagonal(matrix, 0.0)
    matrix *= rate / matrix.sum(axis=0)
    np.fill_diagonal(matrix, 1.0 - rate)
    return matrix


def _log_odds_of_error(labels: CodeArray, probs: ProbMatrix, noise_matrix: ProbMatrix) -> FloatArray:
    joint = probs * noise_matrix[labels]
    right = joint[np.arange(len(labels)), labels]
    share_right = right / np.maximum(joint.sum(axis=1), np.finfo(np.float64).tiny)
    return -np.asarray(logit(np.clip(share_right, _SURE, 1.0 - _SURE)), dtype=np.float64)


def rank_rows(error_probability: FloatArray, label_quality_scores: FloatArray) -> IndexArray:
    """
    Order rows from the most to the least suspect.

    Parameters
    ----------
    error_probability : ndarray of float64, shape (n_examples,)
        0 to 1; NaN where there is no label.
    label_quality_scores : ndarray of float64, shape (n_examples,)
        0 to 1, low = suspect; NaN where there is no label. Decides among equal error probabilities.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Row positions; ties in row order, rows without a label last.

    Examples
    --------
    >>> rank_rows(np.array([0.1, np.nan, 0.9, 0.9]), np.array([0.9, np.nan, 0.2, 0.1]))
    array([3, 2, 0, 1])
    """
    return np.lexsort((label_quality_scores, -error_probability)).astype(np.int64)
