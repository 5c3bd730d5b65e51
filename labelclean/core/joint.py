"""Counts of given label against confidently estimated true label: the confident joint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import ClassArray, CodeArray, CountMatrix, MaskArray, ProbMatrix
from labelclean.core.chunks import CHUNK_BYTES, row_chunks
from labelclean.core.rounding import round_rows

__all__ = ["NOT_CONFIDENT", "RowScan", "calibrate_joint", "count_joint", "scan_rows"]

NOT_CONFIDENT = -1
"""The guess for a row that reaches no class's threshold."""

_SLACK = 1e-6  # a probability this close to a threshold, or to the best class, counts as reaching it


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RowScan:
    """
    What one pass over the probabilities keeps of each row.

    Attributes
    ----------
    guesses : ndarray of int64, shape (n_examples,)
        The class each row is confidently estimated to be; -1 where it reaches no threshold.
    agrees : ndarray of bool, shape (n_examples,)
        True where the given label is the most likely class (up to 1e-6; the first class wins ties).
    """

    guesses: CodeArray
    agrees: MaskArray


def scan_rows(
    labels: CodeArray, pred_probs: ProbMatrix, thresholds: ClassArray, *, chunk_bytes: int = CHUNK_BYTES
) -> RowScan:
    """
    Estimate the true class of each row that is confident enough.

    A row that reaches exactly one threshold is counted for that class. A row that reaches several is counted for the
    most likely class of all, even where that class is below its own threshold: the paper takes the most likely of
    the classes reached, its reference implementation does this, and results should be comparable with the latter.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    thresholds : ndarray of float64, shape (n_classes,)
        As ``confident_thresholds`` gives them.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    RowScan
        One guess and one agreement per row.

    Notes
    -----
    One pass. Only rows whose best class misses its own threshold while another might be reached are compared with
    all thresholds; the others are decided by their best class alone.
    """
    n_examples = len(labels)
    guesses = np.empty(n_examples, dtype=np.int64)
    agrees = np.empty(n_examples, dtype=np.bool_)
    for rows in row_chunks(pred_probs, chunk_bytes=chunk_bytes):
        probs = pred_probs[rows]
        best = probs.argmax(axis=1)
        guesses[rows] = _guess(probs, best, thresholds - _SLACK)
        agrees[rows] = _agree(probs, best, labels[rows])
    return RowScan(guesses=guesses, agrees=agrees)


def _guess(probs: ProbMatrix, best: NDArray[np.intp], reach: ClassArray) -> CodeArray:
    best_prob = probs[np.arange(len(probs)), best]
    reached = best_prob >= reach[best]
    guesses = np.where(reached, best, NOT_CONFIDENT).astype(np.int64)
    unclear = np.flatnonzero(~reached & (best_prob >= reach.min()))
    if unclear.size:
        passing = probs[unclear] >= reach
        n_passing = passing.sum(axis=1)
        first = np.where(n_passing == 1, passing.argmax(axis=1), best[unclear])
        guesses[unclear] = np.where(n_passing == 0, NOT_CONFIDENT, first)
    return guesses


def _agree(probs: ProbMatrix, best: NDArray[np.intp], labels: CodeArray) -> MaskArray:
    """Compare after adding the slack to the given class; only rows whose best class is another can change."""
    agrees: MaskArray = best == labels
    other = np.flatnonzero(~agrees)
    given = probs[other, labels[other]] + probs.dtype.type(_SLACK)
    best_prob = probs[other, best[other]]
    agrees[other] = (given > best_prob) | ((given == best_prob) & (labels[other] < best[other]))
    return agrees


def count_joint(labels: CodeArray, guesses: CodeArray, n_classes: int) -> CountMatrix:
    """
    Count given against confidently estimated classes.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    guesses : ndarray of int64, shape (n_examples,)
        Confident guesses as ``scan_rows`` gives them; -1 is not counted.
    n_classes : int
        Number of classes.

    Returns
    -------
    ndarray of int64, shape (n_classes, n_classes)
        Rows are given labels, columns estimated true classes; the diagonal is at least 1, so that every class,
        even one never given, keeps a chance of being right.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equation 1.

    Examples
    --------
    >>> count_joint(np.array([0, 0, 1, 1]), np.array([0, 1, 1, -1]), 2)
    array([[1, 1],
           [0, 1]])
    """
    counted = guesses != NOT_CONFIDENT
    cells = labels[counted] * n_classes + guesses[counted]
    counts = np.bincount(cells, minlength=n_classes * n_classes).reshape(n_classes, n_classes).astype(np.int64)
    np.fill_diagonal(counts, np.maximum(counts.diagonal(), 1))
    return counts


def calibrate_joint(counts: CountMatrix, class_counts: NDArray[np.int64]) -> CountMatrix:
    """
    Scale each row of the confident joint to the number of rows given that label.

    Rounding keeps the row sums and breaks ties in the same way on every machine; see ``round_rows``.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_classes, n_classes)
        As ``count_joint`` gives them, 0 or more.
    class_counts : ndarray of int64, shape (n_classes,)
        Rows given each label. A class without rows gets a row of zeros.

    Returns
    -------
    ndarray of int64, shape (n_classes, n_classes)
        Each row sums to the class's count.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equation 3.

    Examples
    --------
    >>> calibrate_joint(np.array([[3, 1], [1, 1]]), np.array([6, 4]))
    array([[4, 2],
           [2, 2]])
    """
    row_sums = counts.sum(axis=1)
    n_counted = int(class_counts.sum())
    # The reference's order of operations in double precision: ties are as it sees them, on every machine.
    scaled = counts / np.maximum(row_sums, 1)[:, np.newaxis] * class_counts[:, np.newaxis]
    total = scaled.ravel(order="F").sum()  # columns first, so that the last bit is the same too
    if total > 0:
        scaled = scaled / total * n_counted
    return round_rows(scaled)
