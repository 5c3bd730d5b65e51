"""Which rows are flagged, given how many errors each pair of classes is estimated to hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, CountMatrix, FloatArray, IndexArray, MaskArray, ProbMatrix
from labelclean.core.joint import NOT_CONFIDENT, RowScan
from labelclean.core.scores import self_confidence

__all__ = ["confident_learning", "prune_by_class", "prune_by_noise_rate", "prune_counts"]

_CLEAR_MARGIN = 1e-5  # a row with a larger margin surely disagrees with its given label


def prune_counts(
    confident_joint: CountMatrix, *, min_examples_per_class: int = 1, frac_noise: float = 1.0
) -> CountMatrix:
    """
    Return how many rows of each given class to flag as each true class.

    Parameters
    ----------
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes.
    min_examples_per_class : int, default=1
        Rows of each class to keep: the diagonal is raised to it, and what it gains is taken in equal shares from the
        other cells of the row.
    frac_noise : float, default=1.0
        Share of the estimated errors to flag, above 0 and at most 1. Cells are rounded down.

    Returns
    -------
    ndarray of int64, shape (n_classes, n_classes)
        Rows are given labels, columns estimated true classes; the diagonal counts the rows to keep.
    """
    counts = confident_joint.astype(np.float64)
    kept = np.maximum(counts.diagonal(), min_examples_per_class)
    gained = kept - counts.diagonal()
    n_other_cells = np.maximum(np.count_nonzero(counts, axis=1) - 1, 1)
    counts = np.maximum(counts - (gained / n_other_cells)[:, np.newaxis], 0.0)
    np.fill_diagonal(counts, 0.0)
    removed = counts * frac_noise
    np.fill_diagonal(removed, kept + (counts - removed).sum(axis=1))
    return _whole(removed)


def _whole(counts: ProbMatrix) -> CountMatrix:
    return np.trunc(counts).astype(np.int64)


def prune_by_class(
    labels: CodeArray, pred_probs: ProbMatrix, counts: CountMatrix, *, min_examples_per_class: int = 1
) -> MaskArray:
    """
    Flag, in each class, the rows with the lowest self-confidence.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    counts : ndarray of int64, shape (n_classes, n_classes)
        As ``prune_counts`` gives them.
    min_examples_per_class : int, default=1
        Classes with no more rows than this are left alone; a class's only row always is.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
        True where flagged. Among equal scores the earlier rows are flagged.
    """
    flagged = np.zeros(len(labels), dtype=np.bool_)
    scores = self_confidence(labels, pred_probs)
    for given, rows in _rows_by_class(labels, len(counts), min_examples_per_class):
        flagged[rows[_largest(-scores[rows], len(rows) - int(counts[given, given]))]] = True
    return flagged


def prune_by_noise_rate(
    labels: CodeArray,
    pred_probs: ProbMatrix,
    counts: CountMatrix,
    agrees: MaskArray,
    *,
    min_examples_per_class: int = 1,
) -> MaskArray:
    """
    Flag, for each pair of given and true class, the rows with the largest margin of the true over the given class.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    counts : ndarray of int64, shape (n_classes, n_classes)
        As ``prune_counts`` gives them.
    agrees : ndarray of bool, shape (n_examples,)
        True where the given label is the most likely class; such rows take a place in the ranking but may or may not
        be flagged, since the caller drops them afterwards.
    min_examples_per_class : int, default=1
        Classes with no more rows than this are left alone; a class's only row always is.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
        True where flagged. Among equal margins the earlier rows are flagged.

    Notes
    -----
    Rows with a positive margin all disagree with their label, so where enough of them exist the ranking is done among
    the disagreeing rows alone; otherwise among the whole class. The result is the same.
    """
    flagged = np.zeros(len(labels), dtype=np.bool_)
    for given, rows in _rows_by_class(labels, len(counts), min_examples_per_class):
        suspects = rows[~agrees[rows]]
        if not suspects.size:
            continue
        suspect_probs = pred_probs[suspects]
        wanted = counts[given].copy()
        wanted[given] = 0
        for true in np.flatnonzero(wanted):
            margins = _margins(suspect_probs, int(true), given)
            pool = suspects
            if np.count_nonzero(margins > _CLEAR_MARGIN) < wanted[true]:
                pool = rows
                margins = pred_probs[rows, true].astype(np.float64) - pred_probs[rows, given]
            flagged[pool[_largest(margins, int(wanted[true]))]] = True
    return flagged


def confident_learning(labels: CodeArray, scan: RowScan) -> MaskArray:
    """
    Flag every row that is confidently of another class than its given one.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    scan : RowScan
        The confident guesses.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
        True where flagged.
    """
    return np.asarray((scan.guesses != NOT_CONFIDENT) & (scan.guesses != labels))


def _margins(probs: ProbMatrix, true: int, given: int) -> FloatArray:
    return np.asarray(probs[:, true].astype(np.float64) - probs[:, given])


def _rows_by_class(labels: CodeArray, n_classes: int, min_examples: int) -> list[tuple[int, IndexArray]]:
    """Return the rows of each class that is large enough, in row order."""
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(np.bincount(labels, minlength=n_classes))
    parts = np.split(order, ends[:-1])
    return [(given, rows) for given, rows in enumerate(parts) if len(rows) > max(min_examples, 1)]


def _largest(values: FloatArray, count: int) -> NDArray[np.intp]:
    """Return the positions of the largest values; among equal ones the first."""
    if count <= 0:
        return np.empty(0, dtype=np.intp)
    if count >= len(values):
        return np.arange(len(values))
    smallest_taken = np.partition(values, len(values) - count)[len(values) - count]
    above = np.flatnonzero(values > smallest_taken)
    equal = np.flatnonzero(values == smallest_taken)
    return np.concatenate([above, equal[: count - len(above)]])
