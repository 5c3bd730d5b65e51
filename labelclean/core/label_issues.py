"""Confident learning from end to end: labels and probabilities in, suspected labels out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import CountMatrix, FloatArray, Label, MaskArray
from labelclean.config import AuditConfig, CountingRule, FilterMethod, check_filter_method
from labelclean.core import filters
from labelclean.core.checks import CheckedExamples, check_examples
from labelclean.core.chunks import CHUNK_BYTES, Chunking
from labelclean.core.joint import calibrate_joint, check_joint, sum_joint
from labelclean.core.margins import flag_largest_margins
from labelclean.core.noise import estimate_noise
from labelclean.core.prune_counts import check_removals, counts_for_removals, prune_counts
from labelclean.core.scan import RowScan, scan_rows
from labelclean.core.scores import ScoringMethod, check_scoring, kept_in_range, score_examples
from labelclean.core.thresholds import mean_self_confidence
from labelclean.results import LabelIssues

__all__ = ["find_label_issues"]


def find_label_issues(
    labels: ArrayLike | Sequence[Label],
    pred_probs: ArrayLike,
    *,
    class_names: Sequence[Label] | None = None,
    filter_by: FilterMethod = "prune_by_noise_rate",
    frac_noise: float = 1.0,
    min_examples_per_class: int = 1,
    n_to_remove_per_class: Sequence[int] | None = None,
    confident_joint: ArrayLike | None = None,
    score_by: ScoringMethod = "self_confidence",
    adjust_pred_probs: bool = False,
    counting: CountingRule = "reference",
    chunk_bytes: int = CHUNK_BYTES,
    n_threads: int | None = None,
) -> LabelIssues:
    """
    Find the labels that are probably wrong.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels. Whole numbers are class codes, 0 to n_classes - 1, unless ``class_names`` says otherwise; classes
        may be missing, and there may be no rows at all.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1; half, single or double precision, in memory or a memory map. They must come
        from models that did not see the row, or errors stay hidden.
    class_names : sequence of hashable, optional
        The class of each column.
    filter_by : str, default="prune_by_noise_rate"
        Which rows are flagged.

        - "prune_by_noise_rate": for each pair of given and true class, as many rows as errors are estimated, those
          with the largest margin of the true over the given class;
        - "prune_by_class": in each class, as many rows as errors are estimated, those with the lowest self-confidence;
        - "both": what both flag;
        - "confident_learning": every row that is confidently of another class;
        - "predicted_neq_given": every row whose most likely class is another;
        - "low_self_confidence", "low_normalized_margin": the rows with the lowest score of all, as many as are
          confidently of another class and disagree.

        In all but the last two a row whose given label is the most likely class (up to 1e-6) is never flagged.
    frac_noise : float, default=1.0
        Share of the estimated errors to flag, above 0 and at most 1. Only the first three look at it.
    min_examples_per_class : int, default=1
        Rows of each class that are never flagged. Only the first three look at it.
    n_to_remove_per_class : sequence of int, length n_classes, optional
        How many rows to flag among those given each class, in place of the estimate; only the first three look at
        it. Rows that agree with their label are not flagged all the same.
    confident_joint : array-like of int, shape (n_classes, n_classes), optional
        Counts to use in place of those of these probabilities; they are calibrated to these labels first. The rows of
        "confident_learning" and the number of rows of the last two still come from these probabilities.
    score_by : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}, default="self_confidence"
        The rule behind ``label_quality_scores``.
    adjust_pred_probs : bool, default=False
        Whether the scores see probabilities less each class's threshold.
    counting : {"reference", "paper"}, default="reference"
        Where a row is counted that is confident of several classes; see ``scan.scan_rows``.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.
    n_threads : int, optional
        Threads; by default one for every 10 million cells. The result does not depend on it.

    Returns
    -------
    LabelIssues
        One flag and one score per row, and the noise estimate.

    Raises
    ------
    ConfigError
        If an option is outside its range.
    InvalidInputError
        If shapes, types or values do not fit.

    Notes
    -----
    One cell of each row is read for the thresholds, then everything once in chunks, then the rows that disagree with
    their label. Besides the chunks and the result, about 4 bytes per row are held in memory.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, sections 3.1 and 3.2.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])
    >>> find_label_issues([0, 0, 1, 1, 1], probs).is_issue
    array([False, False,  True, False, False])
    >>> find_label_issues(["ham", "ham", "spam", "spam", "spam"], probs).ranked_issues
    array([2])
    """
    check_filter_method(filter_by)
    AuditConfig(
        filter_by=filter_by, frac_noise=frac_noise, min_examples_per_class=min_examples_per_class, counting=counting
    )
    check_scoring(score_by, adjust_pred_probs=adjust_pred_probs)
    chunking = Chunking(chunk_bytes=chunk_bytes, n_threads=n_threads)
    examples = check_examples(labels, pred_probs, class_names=class_names)
    thresholds, self_confidence = mean_self_confidence(examples)
    scan = scan_rows(examples, thresholds, self_confidence, counting=counting, chunking=chunking)
    counts = sum_joint(examples.labels, scan.guesses, examples.n_classes)
    joint = counts.finish()
    if confident_joint is not None:
        joint = calibrate_joint(check_joint(confident_joint, examples.n_classes), counts.given)
    suggested = scan.suggested
    if filter_by in {"prune_by_noise_rate", "prune_by_class", "both"}:
        del scan  # the guesses are counted, and their memory can serve what follows
        if n_to_remove_per_class is None:
            to_prune = prune_counts(joint, min_examples_per_class=min_examples_per_class, frac_noise=frac_noise)
        else:
            to_prune = counts_for_removals(joint, check_removals(n_to_remove_per_class, counts.given))
            min_examples_per_class = 0
        flagged = _prune(
            examples, self_confidence, suggested, to_prune, filter_by=filter_by, min_examples=min_examples_per_class
        )
    else:
        flagged = _flag(examples, self_confidence, scan, filter_by, chunking)
    if score_by == "self_confidence" and not adjust_pred_probs:
        scores = kept_in_range(self_confidence)  # nothing looks at the numbers themselves any more
    else:
        limits = thresholds if adjust_pred_probs else None
        scores = score_examples(examples, method=score_by, thresholds=limits, chunking=chunking)
    return LabelIssues(
        class_names=examples.class_names,
        labels=examples.labels.view(),  # a view: the result is read-only, the caller's own array stays as it is
        suggested_labels=suggested,
        is_issue=flagged,
        label_quality_scores=scores,
        noise=estimate_noise(joint),
    )


def _prune(
    examples: CheckedExamples,
    self_confidence: FloatArray,
    suggested: NDArray[np.signedinteger],
    counts: CountMatrix,
    *,
    filter_by: FilterMethod,
    min_examples: int,
) -> MaskArray:
    """Flag as many rows as errors are estimated, of those that disagree."""
    labels = examples.labels
    if filter_by == "prune_by_class":
        by_class = filters.prune_by_class(labels, self_confidence, counts, min_examples_per_class=min_examples)
        return np.asarray(by_class & (suggested != labels))
    by_rate = flag_largest_margins(
        labels, examples.pred_probs, self_confidence, counts, suggested, min_examples_per_class=min_examples
    )
    if filter_by == "prune_by_noise_rate":
        return by_rate
    return by_rate & filters.prune_by_class(labels, self_confidence, counts, min_examples_per_class=min_examples)


def _flag(
    examples: CheckedExamples, self_confidence: FloatArray, scan: RowScan, filter_by: FilterMethod, chunking: Chunking
) -> MaskArray:
    """Flag rows by a rule that needs no estimate per class."""
    if filter_by == "predicted_neq_given":
        return np.asarray(scan.suggested != examples.labels)
    confident = filters.confident_learning(examples.labels, scan)
    if filter_by == "confident_learning":
        return confident
    scores = self_confidence
    if filter_by == "low_normalized_margin":
        scores = score_examples(examples, method="normalized_margin", chunking=chunking)
    return filters.lowest_scores(scores, int(np.count_nonzero(confident)))
