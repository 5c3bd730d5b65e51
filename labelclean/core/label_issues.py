"""Confident learning from end to end: labels and probabilities in, suspected labels out."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from labelclean.arrays import CodeArray, CountMatrix, MaskArray, ProbMatrix
from labelclean.config import AuditConfig, FilterMethod
from labelclean.core import filters
from labelclean.core.checks import check_labels_and_pred_probs
from labelclean.core.chunks import CHUNK_BYTES
from labelclean.core.joint import RowScan, calibrate_joint, count_joint, scan_rows
from labelclean.core.noise import estimate_noise
from labelclean.core.scores import self_confidence
from labelclean.core.thresholds import confident_thresholds
from labelclean.results import LabelIssues

__all__ = ["find_label_issues"]


def find_label_issues(
    labels: ArrayLike,
    pred_probs: ArrayLike,
    *,
    filter_by: FilterMethod = "prune_by_noise_rate",
    frac_noise: float = 1.0,
    min_examples_per_class: int = 1,
    chunk_bytes: int = CHUNK_BYTES,
) -> LabelIssues:
    """
    Find the labels that are probably wrong.

    Parameters
    ----------
    labels : array-like of int, shape (n_examples,)
        Given class codes, 0 to n_classes - 1. Classes may be missing; there may be no rows at all.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1. They must come from models that did not see the row, or errors stay hidden.
    filter_by : {"prune_by_noise_rate", "prune_by_class", "both", "confident_learning"}
        Which rows are flagged. In every case a row whose given label is the most likely class is not.
    frac_noise : float, default=1.0
        Share of the estimated errors to flag, above 0 and at most 1; "confident_learning" does not look at it.
    min_examples_per_class : int, default=1
        Rows of each class that are never flagged; "confident_learning" does not look at it.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    LabelIssues
        One flag and one score (self-confidence) per row, and the noise estimate.

    Raises
    ------
    ConfigError
        If an option is outside its range.
    InvalidInputError
        If shapes, types or values do not fit; see ``check_labels_and_pred_probs``.

    Notes
    -----
    Three passes over the probabilities in chunks; besides, about 20 bytes per row and the rows that disagree with
    their label are held in memory.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, sections 3.1 and 3.2.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])
    >>> find_label_issues([0, 0, 1, 1, 1], probs).is_issue
    array([False, False,  True, False, False])
    """
    AuditConfig(filter_by=filter_by, frac_noise=frac_noise, min_examples_per_class=min_examples_per_class)
    codes, probs = check_labels_and_pred_probs(labels, pred_probs)
    n_classes = probs.shape[1]
    thresholds = confident_thresholds(codes, probs, chunk_bytes=chunk_bytes)
    scan = scan_rows(codes, probs, thresholds, chunk_bytes=chunk_bytes)
    class_counts = np.bincount(codes, minlength=n_classes).astype(np.int64)
    confident_joint = calibrate_joint(count_joint(codes, scan.guesses, n_classes), class_counts)
    counts = filters.prune_counts(confident_joint, min_examples_per_class=min_examples_per_class, frac_noise=frac_noise)
    flagged = _flag(codes, probs, counts, scan, filter_by=filter_by, min_examples=min_examples_per_class)
    return LabelIssues(
        is_issue=flagged & ~scan.agrees,
        label_quality_scores=self_confidence(codes, probs),
        noise=estimate_noise(confident_joint),
    )


def _flag(
    labels: CodeArray,
    pred_probs: ProbMatrix,
    counts: CountMatrix,
    scan: RowScan,
    *,
    filter_by: FilterMethod,
    min_examples: int,
) -> MaskArray:
    if filter_by == "confident_learning":
        return filters.confident_learning(labels, scan)
    if filter_by == "prune_by_class":
        return filters.prune_by_class(labels, pred_probs, counts, min_examples_per_class=min_examples)
    by_rate = filters.prune_by_noise_rate(labels, pred_probs, counts, scan.agrees, min_examples_per_class=min_examples)
    if filter_by == "prune_by_noise_rate":
        return by_rate
    return by_rate & filters.prune_by_class(labels, pred_probs, counts, min_examples_per_class=min_examples)
