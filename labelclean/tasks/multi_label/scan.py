"""The two passes over labels and probabilities that everything about label sets is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import FloatArray, Label, ProbMatrix, freeze_fields
from labelclean.core.chunks import CHUNK_BYTES, row_chunks
from labelclean.tasks.multi_label.blocks import as_table, checked_blocks, class_rows
from labelclean.tasks.multi_label.label_sets import LabelFormat, LabelSets, MultiLabels, read_label_sets
from labelclean.tasks.multi_label.sums import BinaryJointSums, BinaryThresholdSums

__all__ = ["LabelScan", "read_and_scan", "scan_labels"]

_EVEN = 0.5


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LabelScan:
    """
    What the passes keep.

    Attributes
    ----------
    class_names : tuple of hashable, length n_classes
        The classes.
    confident_thresholds : ndarray of float64, shape (n_classes, 2)
        Mean self-confidence of the rows not given (0) and given (1) each class.
    raw_confident_joint : ndarray of int64, shape (n_classes, 2, 2)
        Confident counts, indexed [class, given, true].
    n_given : ndarray of int64, shape (n_classes, 2)
        Examples not given and given each class.
    opposed : ndarray of bool, shape (n_classes, n_examples)
        True where the given state is not the likelier one; only such cells can be label errors.
    """

    class_names: tuple[Label, ...]
    confident_thresholds: FloatArray
    raw_confident_joint: NDArray[np.int64]
    n_given: NDArray[np.int64]
    opposed: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def read_and_scan(
    labels: MultiLabels,
    pred_probs: ArrayLike,
    *,
    label_format: LabelFormat = "sets",
    class_names: Sequence[Label] | None = None,
    chunk_bytes: int = CHUNK_BYTES,
) -> tuple[LabelSets, ProbMatrix, LabelScan]:
    """
    Read and check the user's input, and make both passes over it.

    Parameters
    ----------
    labels : list of sets, array-like, or sparse matrix; n_examples rows
        Given label sets; see ``read_label_sets``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities that each class applies, 0 to 1.
    label_format : {"sets", "one_hot", "csr"}, default="sets"
        The form of ``labels``.
    class_names : sequence of hashable, length n_classes, default=None
        Names of the columns.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    label_sets : LabelSets
        The labels as a table.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        The probabilities, checked.
    scan : LabelScan
        What the passes found.

    Raises
    ------
    ConfigError, InvalidInputError
        If labels or probabilities do not fit.

    Examples
    --------
    >>> label_sets, probs, scan = read_and_scan([[0], [1], []], [[0.5, 0.75], [0.25, 1.0], [0.0, 0.0]])
    >>> scan.confident_thresholds
    array([[0.875, 0.5  ],
           [0.625, 1.   ]])
    """
    probs = as_table(pred_probs)
    label_sets = read_label_sets(labels, *probs.shape, label_format=label_format, class_names=class_names)
    return label_sets, probs, scan_labels(label_sets, probs, chunk_bytes=chunk_bytes)


def scan_labels(label_sets: LabelSets, pred_probs: ProbMatrix, *, chunk_bytes: int = CHUNK_BYTES) -> LabelScan:
    """
    Count, for each class, given against confidently estimated states.

    Parameters
    ----------
    label_sets : LabelSets
        Given labels.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities; the values are checked on the way.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    LabelScan
        Thresholds, counts, and the cells that can be errors.

    Raises
    ------
    InvalidInputError
        If a probability is no number from 0 to 1.

    Examples
    --------
    >>> from labelclean.tasks.multi_label.label_sets import read_label_sets
    >>> scan_labels(read_label_sets([[0], []], 2, 1), np.array([[0.25], [0.0]])).opposed
    array([[ True, False]])
    """
    present = label_sets.by_class
    opposed = np.empty_like(present)
    sums = BinaryThresholdSums.nothing(label_sets.n_classes)
    for rows, block in checked_blocks(pred_probs, chunk_bytes=chunk_bytes):
        by_class = class_rows(block)
        sums = sums + BinaryThresholdSums.partial(present[:, rows].T, by_class.T)
        np.not_equal(by_class > _EVEN, present[:, rows], out=opposed[:, rows])
    thresholds = sums.finish()
    joint_sums = BinaryJointSums.nothing(label_sets.n_classes)
    for rows in row_chunks(pred_probs, chunk_bytes=chunk_bytes):
        joint_sums = joint_sums + BinaryJointSums.partial(present[:, rows].T, pred_probs[rows], thresholds)
    return LabelScan(
        class_names=label_sets.class_names,
        confident_thresholds=thresholds,
        raw_confident_joint=joint_sums.finish(),
        n_given=sums.counts,
        opposed=opposed,
    )
