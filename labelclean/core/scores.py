"""How well each given label fits the held-out probabilities."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, ProbMatrix
from labelclean.core.chunks import row_chunks

__all__ = ["normalized_margin", "self_confidence"]


def self_confidence(labels: CodeArray, pred_probs: ProbMatrix) -> FloatArray:
    """
    Return the probability of each row's given label.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        0 to 1; low = suspect.

    Examples
    --------
    >>> self_confidence(np.array([1, 0]), np.array([[0.25, 0.75], [0.5, 0.5]]))
    array([0.75, 0.5 ])
    """
    return pred_probs[np.arange(len(labels)), labels].astype(np.float64)


def normalized_margin(labels: CodeArray, pred_probs: ProbMatrix) -> FloatArray:
    """
    Return how far the given label is ahead of the best other class.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        ``(p_given - p_best_other + 1) / 2``, 0 to 1; low = suspect, below 0.5 = another class is ahead. With only
        one class there is no other, and its probability counts as 0.

    Examples
    --------
    >>> normalized_margin(np.array([1, 0]), np.array([[0.25, 0.75], [0.5, 0.5]]))
    array([0.75, 0.5 ])
    """
    given = self_confidence(labels, pred_probs)
    best_other = np.zeros(len(labels), dtype=np.float64)
    if pred_probs.shape[1] > 1:
        for rows in row_chunks(pred_probs):
            others = pred_probs[rows].astype(np.float64)
            others[np.arange(len(others)), labels[rows]] = -np.inf
            best_other[rows] = others.max(axis=1)
    return (given - best_other + 1.0) / 2.0
