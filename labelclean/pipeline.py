"""The audit: texts and labels in, suspects out. This module alone knows the order of the steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

import numpy as np

from labelclean.arrays import UNLABELLED, FloatArray, Label, ProbMatrix
from labelclean.config import AuditConfig
from labelclean.core.error_probability import error_probabilities, rank_rows
from labelclean.core.label_issues import find_label_issues
from labelclean.dataset import Dataset
from labelclean.errors import ConfigError, InvalidInputError
from labelclean.explain.suggestions import suggest_labels
from labelclean.features.tfidf import text_features
from labelclean.issues.dataset_checks import check_dataset
from labelclean.issues.duplicates import exact_duplicate_groups
from labelclean.models.text_model import held_out_text_probs
from labelclean.protocols import Progress, no_progress
from labelclean.results import AuditResult, LabelIssues

__all__ = ["audit", "audit_dataset"]

_T = TypeVar("_T")
_TRAINED = 0.97  # share of the whole time after which all models are trained
_RANKING = 0.99
_MAX_FEATURES = 200_000
_MAX_WEIGHTS = 8_000_000  # features times classes: some 600 MB per fold while it is trained
_WORD_PARTS_BUDGET = 300_000_000  # characters times classes: 100,000 messages of 150 characters in 20 classes
_FOLD_COST = 0.16  # training one fold for one class takes about this much of the time reading the words takes


def audit(
    texts: Sequence[str],
    labels: Sequence[Label | None],
    *,
    config: AuditConfig | None = None,
    progress: Progress | None = None,
) -> AuditResult:
    """
    Find the wrong labels among texts with one given label each.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts: a list, a NumPy array or a pandas Series.
    labels : sequence of hashable or None, length n_examples
        Their labels, likewise. ``None``, NaN and empty text mean: not labelled.
    config : AuditConfig, optional
        Options; the defaults where left out.
    progress : Progress, optional
        Told the step under way and the fraction done, 0 to 1; it may raise ``RunCancelledError``.

    Returns
    -------
    AuditResult
        Row by row, in the order given.

    Raises
    ------
    InvalidInputError
        If the data cannot be audited: no labels, one class only, no texts, or nothing that has rows in order.
    RunCancelledError
        If ``progress`` raises it.

    Examples
    --------
    >>> result = audit(["good film", "good plot", "bad film", "bad plot"] * 3, ["+", "+", "-", "-"] * 3)
    >>> result.n_issues
    0
    """
    dataset = Dataset.from_labels(_as_list(texts, "texts"), [_known(label) for label in _as_list(labels, "labels")])
    return audit_dataset(dataset, config=config, progress=progress)


def audit_dataset(
    dataset: Dataset, *, config: AuditConfig | None = None, progress: Progress | None = None
) -> AuditResult:
    """
    Find the wrong labels of a dataset.

    Parameters
    ----------
    dataset : Dataset
        Texts and given labels; rows without a label get a suggestion and no score.
    config : AuditConfig, optional
        Options; the defaults where left out.
    progress : Progress, optional
        Told the step under way and the fraction done, 0 to 1; it may raise ``RunCancelledError``.

    Returns
    -------
    AuditResult
        The same bits for the same data and options, whatever ``config.n_jobs`` is.

    Raises
    ------
    InvalidInputError
        If ``check_dataset`` finds an error.
    RunCancelledError
        If ``progress`` raises it.
    """
    options = AuditConfig() if config is None else config
    if not isinstance(options, AuditConfig):
        raise ConfigError(
            f"config must be an AuditConfig; got {type(options).__name__}.", fix="Write AuditConfig(n_folds=10)."
        )
    tell = progress or no_progress
    tell("Reading words", 0.0)
    _refuse_errors(dataset)
    pred_probs = _held_out_probabilities(dataset, options, tell)
    tell("Estimating noise", _TRAINED)
    labelled = np.flatnonzero(dataset.labels != UNLABELLED)
    labels, labelled_probs = dataset.labels[labelled], pred_probs[labelled]
    issues = find_label_issues(
        labels,
        labelled_probs,
        filter_by=options.filter_by,
        frac_noise=options.frac_noise,
        min_examples_per_class=options.min_examples_per_class,
    )
    tell("Ranking", _RANKING)
    errors = error_probabilities(labels, labelled_probs, issues.noise.confident_joint)
    result = _join(dataset, pred_probs, issues, errors, n_likely=options.n_likely_classes)
    tell("Done", 1.0)
    return result


def _join(
    dataset: Dataset, pred_probs: ProbMatrix, issues: LabelIssues, errors: FloatArray, *, n_likely: int
) -> AuditResult:
    """Put what was found about the labelled rows back among all rows."""
    labelled = np.flatnonzero(dataset.labels != UNLABELLED)
    quality = np.full(dataset.n_examples, np.nan)
    quality[labelled] = issues.label_quality_scores
    error_probability = np.full(dataset.n_examples, np.nan)
    error_probability[labelled] = errors
    is_issue = np.zeros(dataset.n_examples, dtype=np.bool_)
    is_issue[labelled] = issues.is_issue
    suggestions = suggest_labels(pred_probs, n_likely=n_likely)
    return AuditResult(
        class_names=dataset.class_names,
        labels=dataset.labels,
        pred_probs=pred_probs,
        suggested_labels=suggestions.suggested_labels,
        label_quality_scores=quality,
        error_probabilities=error_probability,
        is_issue=is_issue,
        ranked_rows=rank_rows(error_probability, quality),
        likely_labels=suggestions.likely_labels,
        likely_probs=suggestions.likely_probs,
        noise=issues.noise,
    )


def _held_out_probabilities(dataset: Dataset, config: AuditConfig, progress: Progress) -> ProbMatrix:
    features = text_features(
        dataset.texts,
        word_parts=_can_afford_word_parts(dataset),
        max_features=min(_MAX_FEATURES, _MAX_WEIGHTS // dataset.n_classes),
    )
    groups = exact_duplicate_groups(dataset.texts)
    read = _reading_share(dataset.n_classes, config)
    return held_out_text_probs(
        features,
        dataset.labels,
        n_classes=dataset.n_classes,
        groups=groups,
        n_folds=config.n_folds,
        random_state=config.random_state,
        n_jobs=config.n_jobs,
        progress=lambda step, fraction: progress(step, read + (_TRAINED - read) * fraction),
    )


def _can_afford_word_parts(dataset: Dataset) -> bool:
    """Tell whether learning from parts of words takes seconds: its time grows with the text and with the classes."""
    return sum(map(len, dataset.texts)) * dataset.n_classes <= _WORD_PARTS_BUDGET


def _reading_share(n_classes: int, config: AuditConfig) -> float:
    """Return the share of the time that reading the words takes, as measured on texts of many lengths."""
    rounds = -(-config.n_folds // min(config.n_jobs, config.n_folds))
    return _TRAINED / (1.0 + _FOLD_COST * rounds * n_classes)


def _refuse_errors(dataset: Dataset) -> None:
    for finding in check_dataset(dataset):
        if finding.severity == "error":
            raise InvalidInputError(finding.message, fix=finding.fix)


def _as_list(values: Iterable[_T], name: str) -> list[_T]:
    """Return Python's own values: NumPy arrays and pandas Series hold their own kinds of numbers."""
    if not _has_rows_in_order(values):
        n_dimensions = getattr(values, "ndim", 1)
        shape = "" if n_dimensions == 1 else f" with {n_dimensions} dimensions"
        raise InvalidInputError(
            f"{name} must be a list, an array or one column of a table; got {type(values).__name__}{shape}.",
            fix="Give one text and one label per row, in the same order.",
        )
    return list(values.tolist()) if hasattr(values, "tolist") else list(values)


def _has_rows_in_order(values: object) -> bool:
    is_something_else = isinstance(values, str | bytes | AbstractSet | Mapping)
    return isinstance(values, Iterable) and not is_something_else and getattr(values, "ndim", 1) == 1


def _known(label: Label | None) -> Label | None:
    """Turn pandas' own marks for 'missing', which are neither None nor NaN, into None."""
    return None if type(label).__name__ in {"NAType", "NaTType"} else label
