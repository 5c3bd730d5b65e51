"""Texts whose held-out probabilities are split between two or more classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, Label, ProbMatrix
from labelclean.issues.problem import DataProblem, problem_of

__all__ = ["ambiguous_texts"]

_TORN_SHARE = 0.75  # of the probability that the classes a text is torn between must have together
_BALANCE = 0.85  # the least likely of them over the most likely
_APART = 0.6  # the most likely of the other classes over it
_MOST_CLASSES = 3
_TWO = 2


def ambiguous_texts(
    likely_labels: CodeArray, likely_probs: ProbMatrix, class_names: Sequence[Label]
) -> DataProblem | None:
    """
    Find texts that a model cannot tell between two or three classes, and tells from all others.

    Parameters
    ----------
    likely_labels : ndarray of int64, shape (n_examples, n_likely)
        The most likely classes of each text, best first.
    likely_probs : ndarray of float, shape (n_examples, n_likely)
        Their held-out probabilities.
    class_names : sequence of hashable, length n_classes
        The classes.

    Returns
    -------
    DataProblem or None
        The most evenly split first. The score is 1 minus the entropy of the shares of the two or three classes, over
        the most it can be. None where there are none.

    Notes
    -----
    A text counts where its two (three) most likely classes have three quarters of the probability together, and the
    least likely of them at least 85 % of what the most likely one has, and any other class at most 60 % of
    what that one has, such as 45 and 40 %. A text about which the model knows nothing in particular does not count.

    Examples
    --------
    >>> found = ambiguous_texts(np.array([[0, 1], [0, 1]]), np.array([[0.5, 0.46], [0.9, 0.1]]), ["refund", "billing"])
    >>> found.rows, found.reason_of(0)
    (array([0]), 'It may be “refund” or “billing”.')
    """
    n_examples, n_likely = likely_probs.shape
    scores, n_torn = np.ones(n_examples), np.zeros(n_examples, dtype=np.int64)
    for n_classes in range(_TWO, min(_MOST_CLASSES, n_likely, max(_TWO, len(class_names) - 1)) + 1):
        top = likely_probs[:, :n_classes].astype(np.float64)
        is_torn = (
            (n_torn == 0)
            & (top.sum(axis=1) >= _TORN_SHARE)
            & (top[:, -1] >= _BALANCE * top[:, 0])
            & (_next(likely_probs, n_classes) <= _APART * top[:, -1])
            & (top[:, 0] > 0)
        )
        scores[is_torn] = 1.0 - _evenness(top[is_torn])
        n_torn[is_torn] = n_classes
    rows = np.flatnonzero(n_torn)
    return problem_of(
        "ambiguous",
        rows,
        scores[rows],
        [
            _reason([class_names[code] for code in sorted(likely_labels[row, : n_torn[row]].tolist())])
            for row in rows.tolist()
        ],
    )


def _next(probs: ProbMatrix, n_classes: int) -> FloatArray:
    """Return the probability of the class behind the first ones; 0 where it is not known."""
    n_examples, n_likely = probs.shape
    behind: FloatArray = probs[:, n_classes].astype(np.float64) if n_classes < n_likely else np.zeros(n_examples)
    return behind


def _evenness(probs: FloatArray) -> FloatArray:
    """Return the entropy of rows of numbers as shares of their sum, over the most it can be."""
    shares = probs / probs.sum(axis=1, keepdims=True)
    terms = np.where(shares > 0, shares * np.log(np.maximum(shares, np.finfo(np.float64).tiny)), 0.0)
    evenness: FloatArray = np.clip(-terms.sum(axis=1) / np.log(probs.shape[1]), 0.0, 1.0)
    return evenness


def _reason(names: Sequence[Label]) -> str:
    quoted = [f"“{name}”" for name in names]
    return f"It may be {', '.join(quoted[:-1])} or {quoted[-1]}."
