"""Counts of given label against confidently estimated true label: the confident joint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import CodeArray, CountMatrix, Label
from labelclean.config import AuditConfig, CountingRule
from labelclean.core.checks import check_examples
from labelclean.core.chunks import CHUNK_BYTES, Chunking
from labelclean.core.rounding import round_cells
from labelclean.core.scan import NOT_CONFIDENT, scan_rows
from labelclean.core.thresholds import check_thresholds, mean_self_confidence
from labelclean.errors import InvalidInputError

__all__ = ["JointCounts", "calibrate_joint", "confident_joint"]

_ROWS_AT_ONCE = 1 << 17
_UNCOUNTABLE = 1 << 53


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class JointCounts:
    """
    What one chunk of data says about the confident joint; chunks add up, in any order, to the same counts.

    Attributes
    ----------
    confident : ndarray of int64, shape (n_classes, n_classes)
        Rows given each label (axis 0) and confidently estimated to be of each class (axis 1).
    given : ndarray of int64, shape (n_classes,)
        Rows given each label, confident or not.

    Examples
    --------
    >>> parts = [JointCounts.partial(np.array([0, 0]), np.array([0, 1]), 2),
    ...          JointCounts.partial(np.array([1, 1]), np.array([1, -1]), 2)]
    >>> (parts[0] + parts[1]).finish()
    array([[1, 1],
           [0, 2]])
    """

    confident: CountMatrix
    given: NDArray[np.int64]

    @classmethod
    def partial(cls, labels: CodeArray, guesses: NDArray[np.integer], n_classes: int) -> Self:
        """Count one chunk; a guess of -1 counts as given only."""
        cells = labels * n_classes + guesses
        confident = guesses != NOT_CONFIDENT
        if not confident.all():
            cells = cells[confident]
        counts = np.bincount(cells, minlength=n_classes * n_classes)
        return cls(
            confident=counts.reshape(n_classes, n_classes).astype(np.int64, copy=False),
            given=np.bincount(labels, minlength=n_classes).astype(np.int64, copy=False),
        )

    def __add__(self, other: Self) -> Self:
        """Join two chunks."""
        return type(self)(confident=self.confident + other.confident, given=self.given + other.given)

    def raw(self) -> CountMatrix:
        """Return the counts, the diagonal raised to at least 1: every class keeps a chance of being right."""
        counts = self.confident.copy()
        np.fill_diagonal(counts, np.maximum(counts.diagonal(), 1))
        return counts

    def finish(self) -> CountMatrix:
        """Return the calibrated counts; see ``calibrate_joint``."""
        return calibrate_joint(self.raw(), self.given)


def confident_joint(
    labels: ArrayLike | Sequence[Label],
    pred_probs: ArrayLike,
    *,
    class_names: Sequence[Label] | None = None,
    thresholds: ArrayLike | None = None,
    calibrate: bool = True,
    counting: CountingRule = "reference",
    chunk_bytes: int = CHUNK_BYTES,
    n_threads: int | None = None,
) -> CountMatrix:
    """
    Count how many rows of each given label are confidently of each true class.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels: class codes, or labels of ``class_names``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    class_names : sequence of hashable, optional
        The class of each column.
    thresholds : array-like of float, shape (n_classes,), optional
        From which probability on a row is confidently of each class; by default the mean self-confidence.
    calibrate : bool, default=True
        Whether each row of the counts is scaled to the number of rows given that label.
    counting : {"reference", "paper"}, default="reference"
        Where a row goes that is confident of several classes; see ``scan.scan_rows``.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.
    n_threads : int, optional
        Threads; by default one for every 10 million cells. The result does not depend on it.

    Returns
    -------
    ndarray of int64, shape (n_classes, n_classes)
        Rows are given labels, columns estimated true classes.

    Raises
    ------
    ConfigError
        If an option is none of those allowed.
    InvalidInputError
        If shapes, types or values do not fit.

    Notes
    -----
    One cell of each row is read for the thresholds, then everything once, in chunks.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equations 1 and 3.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])
    >>> confident_joint([0, 0, 1, 1, 1], probs, thresholds=[0.8, 0.8])
    array([[2, 0],
           [1, 2]])
    """
    AuditConfig(counting=counting)
    examples = check_examples(labels, pred_probs, class_names=class_names)
    limits, self_confidence = mean_self_confidence(examples)
    if thresholds is not None:
        limits = check_thresholds(thresholds, examples.n_classes)
    chunking = Chunking(chunk_bytes=chunk_bytes, n_threads=n_threads)
    scan = scan_rows(examples, limits, self_confidence, counting=counting, chunking=chunking)
    counts = sum_joint(examples.labels, scan.guesses, examples.n_classes)
    return counts.finish() if calibrate else counts.raw()


def sum_joint(labels: CodeArray, guesses: NDArray[np.integer], n_classes: int) -> JointCounts:
    """Add up the counts of all rows, in blocks large enough that the matrix is not most of the work."""
    block = max(_ROWS_AT_ONCE, n_classes * n_classes)
    total = JointCounts.partial(labels[:block], guesses[:block], n_classes)
    for start in range(block, len(labels), block):
        rows = slice(start, start + block)
        total = total + JointCounts.partial(labels[rows], guesses[rows], n_classes)
    return total


def calibrate_joint(counts: CountMatrix, class_counts: NDArray[np.int64]) -> CountMatrix:
    """
    Scale each row of the confident joint to the number of rows given that label.

    Rounding keeps the row sums and breaks ties in the same way on every machine; see ``rounding.round_rows``.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_classes, n_classes)
        As ``JointCounts.raw`` gives them, 0 or more.
    class_counts : ndarray of int64, shape (n_classes,)
        Rows given each label. A class without rows gets a row of zeros.

    Returns
    -------
    ndarray of int64, shape (n_classes, n_classes)
        Each row sums to the class's count, unless the class was given and its row of ``counts`` is all zeros.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equation 3.

    Examples
    --------
    >>> calibrate_joint(np.array([[3, 1], [1, 1]]), np.array([6, 4]))
    array([[4, 2],
           [2, 2]])
    """
    # Large matrices are mostly zero, and a zero stays one.
    row_of, column_of = np.divmod(np.flatnonzero(counts != 0), len(counts))
    # The reference's order of operations in double precision, so that ties are as it sees them.
    scaled = counts[row_of, column_of] / counts.sum(axis=1)[row_of] * class_counts[row_of]
    by_column = np.zeros(counts.shape)
    by_column[column_of, row_of] = scaled
    total = by_column.sum()  # over all cells and column by column, so that the last bit is the same too
    if total > 0:
        scaled = scaled / total * int(class_counts.sum())
    calibrated: CountMatrix = np.zeros(counts.shape, dtype=np.int64)
    calibrated[row_of, column_of] = round_cells(scaled, row_of, column_of)
    return calibrated


def check_joint(joint: ArrayLike, n_classes: int | None = None) -> CountMatrix:
    """Refuse a confident joint that is not a square table of counts; return it as whole numbers."""
    try:
        counts = np.asarray(joint)
    except ValueError as error:
        raise InvalidInputError(
            "confident_joint must have rows of the same length.", fix="Give one column for each true class."
        ) from error
    is_square = counts.ndim == 2 and counts.shape[0] == counts.shape[1] and counts.shape[0] > 0  # noqa: PLR2004
    if not is_square or (n_classes is not None and len(counts) != n_classes):
        wanted = "n_classes x n_classes" if n_classes is None else f"{n_classes:,} x {n_classes:,}"
        raise InvalidInputError(
            f"confident_joint must be a table of {wanted} counts; got shape {counts.shape}.",
            fix="Give one row for each given label and one column for each true class.",
        )
    # No table has as many rows as a double cannot count.
    are_counts = counts.dtype.kind in "iuf" and bool(np.all((counts >= 0) & (counts < _UNCOUNTABLE)))
    if not are_counts or not np.all(counts == np.trunc(counts)):
        raise InvalidInputError(
            "confident_joint must hold counts, whole numbers of 0 or more; got other values.",
            fix="Use labelclean.core.joint.confident_joint to make it.",
        )
    return counts.astype(np.int64)
