"""The health of a dataset's labels: class by class, pair by pair, and as a whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from labelclean.arrays import Label
from labelclean.core.label_issues import find_label_issues
from labelclean.health import ClassHealth, DatasetHealth, OverlappingClasses
from labelclean.results import LabelIssues, NoiseEstimate

__all__ = ["dataset_health", "health_of"]


def dataset_health(
    labels: ArrayLike | Sequence[Label], pred_probs: ArrayLike, *, class_names: Sequence[Label] | None = None
) -> DatasetHealth:
    """
    Say how good the labels of a dataset are: class by class, pair by pair, and as a whole.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels: class codes, or labels of ``class_names``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    class_names : sequence of hashable, optional
        The class of each column.

    Returns
    -------
    DatasetHealth
        Tables and totals.

    Raises
    ------
    InvalidInputError
        If shapes, types or values do not fit.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])
    >>> health = dataset_health([0, 0, 1, 1, 1], probs)
    >>> health.n_flagged, health.classes.codes, health.overlapping_classes.n_overlapping
    (1, array([1, 0]), array([1]))
    """
    return health_of(find_label_issues(labels, pred_probs, class_names=class_names))


def health_of(issues: LabelIssues) -> DatasetHealth:
    """
    Say how good the labels are, from issues that were found before.

    Parameters
    ----------
    issues : LabelIssues
        The flags and the noise.

    Returns
    -------
    DatasetHealth
        Tables and totals.

    Examples
    --------
    >>> health_of(find_label_issues(["ham", "spam"], [[0.9, 0.1], [0.2, 0.8]])).label_accuracy
    1.0
    """
    return DatasetHealth(
        class_names=issues.class_names,
        n_examples=len(issues.labels),
        n_flagged=issues.n_issues,
        n_label_errors=issues.noise.n_label_errors,
        classes=_class_health(issues),
        overlapping_classes=_overlapping(issues.noise),
    )


def _class_health(issues: LabelIssues) -> ClassHealth:
    counts = issues.noise.confident_joint
    n_classes, right = len(counts), counts.diagonal()
    given, true = counts.sum(axis=1), counts.sum(axis=0)
    noise = (given - right) / np.maximum(given, 1)
    order = np.argsort(-noise, kind="stable")
    return ClassHealth(
        codes=order.astype(np.int64),
        n_given=np.bincount(issues.labels, minlength=n_classes)[order],
        n_flagged=np.bincount(issues.labels[issues.is_issue], minlength=n_classes)[order],
        n_given_wrongly=(given - right)[order],
        n_missed=(true - right)[order],
        label_noise=noise[order],
        inverse_label_noise=((true - right) / np.maximum(true, 1))[order],
        label_quality=(1.0 - noise)[order],
    )


def _overlapping(noise: NoiseEstimate) -> OverlappingClasses:
    counts = noise.confident_joint
    both = np.triu(counts + counts.T, 1)
    first, second = np.nonzero(both)
    order = np.argsort(-both[first, second], kind="stable")
    first, second = first[order], second[order]
    overlapping = both[first, second]
    return OverlappingClasses(
        first=first.astype(np.int64),
        second=second.astype(np.int64),
        n_overlapping=overlapping,
        joint_probability=overlapping / max(noise.n_labelled, 1),
    )
