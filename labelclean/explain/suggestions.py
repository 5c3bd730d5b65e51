"""Which label to propose for each row, and which others are worth offering."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelclean.arrays import CodeArray, ProbMatrix
from labelclean.core.chunks import row_chunks

__all__ = ["Suggestions", "suggest_labels"]

_TAKEN = -1.0  # below every probability


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Suggestions:
    """
    The most likely classes of each row.

    Attributes
    ----------
    suggested_labels : ndarray of int64, shape (n_examples,)
        The most likely class.
    likely_labels : ndarray of int64, shape (n_examples, n_likely)
        The most likely classes, best first; among equals the first class.
    likely_probs : ndarray of float32, shape (n_examples, n_likely)
        Their probabilities.
    """

    suggested_labels: CodeArray
    likely_labels: CodeArray
    likely_probs: ProbMatrix


def suggest_labels(pred_probs: ProbMatrix, *, n_likely: int) -> Suggestions:
    """
    Propose the class with the highest held-out probability.

    Parameters
    ----------
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    n_likely : int
        Classes to keep per row; all of them where there are fewer.

    Returns
    -------
    Suggestions
        The classes and their probabilities.

    Examples
    --------
    >>> suggest_labels(np.array([[0.2, 0.3, 0.5]]), n_likely=2).likely_labels
    array([[2, 1]])
    """
    n_examples, n_classes = pred_probs.shape
    n_kept = min(n_likely, n_classes)
    likely = np.empty((n_examples, n_kept), dtype=np.int64)
    for rows in row_chunks(pred_probs):
        left = np.array(pred_probs[rows], order="C")
        for place in range(n_kept):  # a few passes over a chunk in the cache are far quicker than sorting every row
            best = left.argmax(axis=1)
            likely[rows, place] = best
            left[np.arange(len(left)), best] = _TAKEN
    return Suggestions(
        suggested_labels=likely[:, 0].copy(),
        likely_labels=likely,
        likely_probs=np.take_along_axis(pred_probs, likely, axis=1).astype(np.float32),
    )
