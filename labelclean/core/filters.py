"""Which rows are flagged, by each of the field's methods."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, CountMatrix, FloatArray, MaskArray
from labelclean.core.scan import NOT_CONFIDENT, RowScan

__all__ = ["confident_learning", "lowest_scores", "prune_by_class"]


def prune_by_class(
    labels: CodeArray, self_confidence: FloatArray, counts: CountMatrix, *, min_examples_per_class: int = 1
) -> MaskArray:
    """
    Flag, in each class, the rows with the lowest self-confidence.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    self_confidence : ndarray of float64, shape (n_examples,)
        The probability of each row's given label.
    counts : ndarray of int64, shape (n_classes, n_classes)
        As ``prune_counts`` gives them; the diagonal says how many rows to keep.
    min_examples_per_class : int, default=1
        Classes with no more rows than this are left alone; a class's only row always is.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
        True where flagged. Among equal scores the earlier rows are flagged.

    Examples
    --------
    >>> prune_by_class(np.array([0, 0, 0]), np.array([0.9, 0.1, 0.4]), np.array([[2]]))
    array([False,  True, False])
    """
    sizes = np.bincount(labels, minlength=len(counts))
    n_flagged = np.where(sizes > max(min_examples_per_class, 1), np.maximum(sizes - counts.diagonal(), 0), 0)
    flagged = np.zeros(len(labels), dtype=np.bool_)
    order = np.argsort(labels.astype(np.uint16) if len(counts) < np.iinfo(np.uint16).max else labels, kind="stable")
    ends = np.cumsum(sizes)
    for code in np.flatnonzero(n_flagged).tolist():
        rows = order[ends[code] - sizes[code] : ends[code]]
        flagged[rows[_smallest(self_confidence[rows], int(n_flagged[code]))]] = True
    return flagged


def confident_learning(labels: CodeArray, scan: RowScan) -> MaskArray:
    """
    Flag every row that is confidently of another class than its given one, and disagrees with it.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    scan : RowScan
        The confident guesses and the suggestions.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
        True where flagged.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3.2, method 2.

    Examples
    --------
    >>> scan = RowScan(guesses=np.array([0, 1, -1], dtype=np.int8), suggested=np.array([0, 1, 1], dtype=np.int8))
    >>> confident_learning(np.array([0, 0, 0]), scan)
    array([False,  True, False])
    """
    flagged: MaskArray = scan.guesses != labels
    flagged &= scan.guesses != NOT_CONFIDENT
    flagged &= scan.suggested != labels
    return flagged


def lowest_scores(scores: FloatArray, count: int) -> MaskArray:
    """
    Flag the rows with the lowest scores of all.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_examples,)
        0 to 1; low = suspect.
    count : int
        How many rows to flag.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
        True where flagged. Among equal scores the earlier rows are flagged.

    Examples
    --------
    >>> lowest_scores(np.array([0.5, 0.2, 0.2]), 1)
    array([False,  True, False])
    """
    flagged = np.zeros(len(scores), dtype=np.bool_)
    flagged[_smallest(scores, count)] = True
    return flagged


def _smallest(values: FloatArray, count: int) -> NDArray[np.intp]:
    """Return the positions of the smallest values; among equal ones the first."""
    if count <= 0:
        return np.empty(0, dtype=np.intp)
    if count >= len(values):
        return np.arange(len(values))
    largest_taken = np.partition(values, count - 1)[count - 1]
    below = np.flatnonzero(values < largest_taken)
    equal = np.flatnonzero(values == largest_taken)
    return np.concatenate([below, equal[: count - len(below)]])
