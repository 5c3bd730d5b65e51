"""How many rows of each pair of given and true class are to be flagged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CountMatrix, ProbMatrix
from labelclean.core.rounding import round_rows
from labelclean.errors import ConfigError

__all__ = ["check_removals", "counts_for_removals", "prune_counts"]


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

    Examples
    --------
    >>> prune_counts(np.array([[6, 4], [0, 10]]), frac_noise=0.5)
    array([[ 8,  2],
           [ 0, 10]])
    """
    diagonal = confident_joint.diagonal()
    if frac_noise == 1.0 and diagonal.min() >= min_examples_per_class:
        return confident_joint.copy()  # nothing to raise and nothing to leave out
    counts = confident_joint.astype(np.float64)
    kept = np.maximum(diagonal, min_examples_per_class).astype(np.float64)
    n_other_cells = np.maximum(np.count_nonzero(counts, axis=1) - 1, 1)
    counts = np.maximum(counts - ((kept - diagonal) / n_other_cells)[:, np.newaxis], 0.0)
    np.fill_diagonal(counts, 0.0)
    removed = counts * frac_noise
    np.fill_diagonal(removed, kept + (counts - removed).sum(axis=1))
    return _whole(removed)


def counts_for_removals(confident_joint: CountMatrix, removals: NDArray[np.int64]) -> CountMatrix:
    """
    Return how many rows to flag where their number in each given class is told.

    Parameters
    ----------
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes.
    removals : ndarray of int64, shape (n_classes,)
        Rows to flag among those given each label; at most as many as there are.

    Returns
    -------
    ndarray of int64, shape (n_classes, n_classes)
        Each row's cells off the diagonal are in the proportions of ``confident_joint`` and sum to the number told,
        if any error of that class is estimated at all; else they are shared out in equal parts. The diagonal counts
        the rows to keep.

    Notes
    -----
    The reference divides by the row sums of the transposed matrix instead, which changes the proportions whenever
    classes differ in size.

    Examples
    --------
    >>> counts_for_removals(np.array([[6, 3, 1], [0, 9, 0], [0, 0, 5]]), np.array([8, 0, 0]))
    array([[2, 6, 2],
           [0, 9, 0],
           [0, 0, 5]])
    """
    n_classes = len(confident_joint)
    class_counts = confident_joint.sum(axis=1)
    shares = confident_joint.astype(np.float64)
    np.fill_diagonal(shares, 0.0)
    empty = shares.sum(axis=1) == 0
    shares[empty] = 1.0
    np.fill_diagonal(shares, 0.0)
    totals = shares.sum(axis=1)
    shares *= (removals / np.where(totals == 0, 1.0, totals))[:, np.newaxis]
    counts = round_rows(shares) if n_classes > 1 else np.zeros((1, 1), dtype=np.int64)
    np.fill_diagonal(counts, class_counts - counts.sum(axis=1))
    return counts


def check_removals(removals: Sequence[int] | NDArray[np.integer], class_counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Refuse numbers of rows to flag that the classes do not have.

    Parameters
    ----------
    removals : sequence of int, length n_classes
        Rows to flag among those given each label.
    class_counts : ndarray of int64, shape (n_classes,)
        Rows given each label.

    Returns
    -------
    ndarray of int64, shape (n_classes,)
        The numbers.

    Raises
    ------
    ConfigError
        If there are too few or too many, or one is negative, not whole, or more than the class has rows.

    Examples
    --------
    >>> check_removals([1, 0], np.array([5, 5]))
    array([1, 0])
    """
    try:
        wanted = np.asarray(removals)
    except ValueError:  # lists of different lengths
        wanted = np.empty((len(removals), 0))
    n_classes = len(class_counts)
    if wanted.shape != (n_classes,) or wanted.dtype.kind not in "iu":
        raise ConfigError(
            f"n_to_remove_per_class must be {n_classes:,} whole numbers, one for each class; "
            f"got {wanted.dtype} of shape {wanted.shape}.",
            fix="Give 0 for the classes in which nothing is to be flagged.",
        )
    bad = np.flatnonzero((wanted < 0) | (wanted > class_counts))
    if bad.size:
        code = int(bad[0])
        raise ConfigError(
            f"n_to_remove_per_class must be from 0 to the number of rows given the class; got {wanted[code]:,} for "
            f"class {code:,}, which has {class_counts[code]:,} rows ({bad.size:,} such classes).",
            fix="Ask for fewer rows.",
        )
    return wanted.astype(np.int64)


def _whole(counts: ProbMatrix) -> CountMatrix:
    return np.trunc(counts).astype(np.int64)
