"""The conditions of a filter, each as the rows that meet it."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import UNLABELLED, FloatArray, IndexArray, Label, MaskArray
from labelclean.dataset import label_key
from labelclean.label_set import LabelSet
from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import Verdict
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sources import QueueSources, ReviewedRun
from labelclean.review.rare_classes import rare_rows

__all__ = ["matching_mask"]

_NO_CLASS = UNLABELLED - 1


def matching_mask(
    run: ReviewedRun, sources: QueueSources, queue_filter: QueueFilter, table: DecisionTable
) -> MaskArray:
    """
    Tell which rows meet all conditions but ``undecided_only``, ``kind="contradictions"`` and ``rows``.

    Parameters
    ----------
    run : ReviewedRun
        The result of the audit.
    sources : QueueSources
        What else the filter may ask about the rows.
    queue_filter : QueueFilter
        What the reviewer wants to see.
    table : DecisionTable
        The decisions in force.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
    """
    keep = _class_mask(run, queue_filter)
    if queue_filter.adds is not None or queue_filter.removes is not None:
        keep &= _set_mask(run, queue_filter)
    if queue_filter.asks_issues:
        keep &= run.is_issue
    if queue_filter.verdict is not None:
        verdict = queue_filter.verdict
        keep &= table.is_decided if verdict == "any" else table.has_verdict(Verdict(verdict))
    if queue_filter.decided_by:
        keep &= table.reviewers == table.reviewer_code(queue_filter.decided_by)
    if queue_filter.kind == "rare":
        keep &= rare_rows(run)
    return _source_mask(sources, queue_filter, keep)


def _source_mask(sources: QueueSources, queue_filter: QueueFilter, keep: MaskArray) -> MaskArray:
    """Ask for what lies outside of the run: last, because it costs most."""
    if queue_filter.problem:
        keep &= _mask_of(sources.rows_with_problem(queue_filter.problem), len(keep))
    if queue_filter.column:
        keep &= _mask_of(sources.rows_with(queue_filter.column, queue_filter.value), len(keep))
    if queue_filter.text and keep.any():
        rows = np.flatnonzero(keep)
        keep[rows] = sources.rows_containing(queue_filter.text, rows)
    return keep


def _class_mask(run: ReviewedRun, queue_filter: QueueFilter) -> MaskArray:
    """Tell which rows have the classes and the error probability that are asked for."""
    is_unlabelled: MaskArray = run.labels == UNLABELLED
    keep = is_unlabelled if queue_filter.unlabelled else np.ones(len(run.labels), dtype=np.bool_)
    if queue_filter.suggested is not None:
        keep &= run.suggested_labels == _code_of(run, queue_filter.suggested)
    if queue_filter.unlabelled:
        return keep
    if queue_filter.given is not None:
        keep &= run.labels == _code_of(run, queue_filter.given)
    return _in_range(run.error_probabilities, queue_filter, keep)


def _in_range(probabilities: FloatArray, queue_filter: QueueFilter, keep: MaskArray) -> MaskArray:
    """Apply the range; a comparison with NaN is False: unlabelled rows have no error probability and stay out."""
    if queue_filter.min_error_probability > 0:
        keep &= probabilities >= queue_filter.min_error_probability
    if queue_filter.max_error_probability < 1:
        keep &= probabilities <= queue_filter.max_error_probability
    return keep


def _set_mask(run: ReviewedRun, queue_filter: QueueFilter) -> MaskArray:
    """Tell to which rows' sets the suggestion adds a label, and from which it removes one."""
    keep = np.ones(len(run.labels), dtype=np.bool_)
    if queue_filter.adds is not None:
        has = _classes_with(run.class_names, queue_filter.adds)
        keep &= has[run.suggested_labels] & ~has[run.labels]
    if queue_filter.removes is not None:
        has = _classes_with(run.class_names, queue_filter.removes)
        keep &= ~has[run.suggested_labels] & has[run.labels]
    return keep


def _classes_with(class_names: tuple[Label, ...], label: Label) -> MaskArray:
    """Tell which classes are sets with a label in them; one more for the rows without a label, whose code is -1."""
    key = label_key(label)
    found = [isinstance(name, LabelSet) and any(label_key(own) == key for own in name.labels) for name in class_names]
    return np.array([*found, False], dtype=np.bool_)


def _code_of(run: ReviewedRun, label: Label) -> int:
    """Return the code of a class; -2, which no row has, where there is no such class."""
    key = label_key(label)
    return next((code for code, name in enumerate(run.class_names) if label_key(name) == key), _NO_CLASS)


def _mask_of(rows: IndexArray, n_examples: int) -> MaskArray:
    mask = np.zeros(n_examples, dtype=np.bool_)
    mask[rows] = True
    return mask
