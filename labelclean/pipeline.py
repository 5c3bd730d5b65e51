"""The audit: texts and labels in, suspects out. This module alone knows the order of the steps."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from labelclean.arrays import UNLABELLED, FloatArray, Label, ProbMatrix
from labelclean.config import AuditConfig
from labelclean.core.checks import check_pred_probs, refuse_bad_probabilities
from labelclean.core.error_probability import error_probabilities, rank_rows
from labelclean.core.label_issues import find_label_issues
from labelclean.core.plausibility import check_plausible
from labelclean.dataset import Dataset
from labelclean.errors import ConfigError, InvalidInputError, LabelCleanWarning
from labelclean.explain.suggestions import suggest_labels
from labelclean.features.tfidf import text_features
from labelclean.io.class_order import MatchedPredProbs, match_pred_probs
from labelclean.io.table_spool import take_rows
from labelclean.issues.dataset_checks import check_dataset
from labelclean.issues.duplicates import exact_duplicate_groups
from labelclean.models.out_of_sample import out_of_sample_pred_probs
from labelclean.models.text_model import held_out_text_probs
from labelclean.protocols import Classifier, Progress, no_progress
from labelclean.results import AuditResult, LabelIssues

__all__ = ["audit", "audit_dataset", "audit_matched"]

_T = TypeVar("_T")
_TRAINED = 0.97  # share of the whole time after which all models are trained
_RANKING = 0.99
_CHECKED, _COUNTED = 0.2, 0.5  # the same where nothing is trained
_MAX_FEATURES = 200_000
_MAX_WEIGHTS = 8_000_000  # features times classes: some 600 MB per fold while it is trained
_WORD_PARTS_BUDGET = 300_000_000  # characters times classes: 100,000 messages of 150 characters in 20 classes
_FOLD_COST = 0.16  # training one fold for one class takes about this much of the time reading the words takes


def audit(
    texts: Sequence[str],
    labels: Sequence[Label | None],
    *,
    pred_probs: ArrayLike | None = None,
    class_names: Sequence[Label] | None = None,
    model: Classifier | None = None,
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
    pred_probs : array-like of float, shape (n_examples, n_classes), optional
        Held-out probabilities of your own model, 0 to 1, one row for each text, labelled or not; see
        ``audit_dataset``.
    class_names : sequence of hashable, length n_classes, optional
        The class of each column of ``pred_probs``; see ``audit_dataset``.
    model : classifier, optional
        A scikit-learn-style classifier over texts, such as a Pipeline that begins with a vectoriser; see
        ``audit_dataset``.
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
        If the data cannot be audited: no labels, one class only, no texts, or nothing that has rows in order; or if
        the probabilities do not fit them.
    RunCancelledError
        If ``progress`` raises it.

    Warns
    -----
    LabelCleanWarning
        If the probabilities look like something else than held-out ones; see ``check_plausible``.

    Examples
    --------
    >>> result = audit(["good film", "good plot", "bad film", "bad plot"] * 3, ["+", "+", "-", "-"] * 3)
    >>> result.n_issues
    0
    >>> mine = [[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]]
    >>> audit(["good", "fine", "nice", "bad", "dull"], ["+", "+", "-", "-", "-"], pred_probs=mine).is_issue
    array([False, False,  True, False, False])
    """
    dataset = Dataset.from_labels(_as_list(texts, "texts"), _as_list(labels, "labels"))
    return _audit(
        dataset, pred_probs=pred_probs, class_names=class_names, model=model, config=config, progress=progress
    )


def audit_dataset(
    dataset: Dataset,
    *,
    pred_probs: ArrayLike | None = None,
    class_names: Sequence[Label] | None = None,
    model: Classifier | None = None,
    config: AuditConfig | None = None,
    progress: Progress | None = None,
) -> AuditResult:
    """
    Find the wrong labels of a dataset.

    Without ``pred_probs`` and ``model``, labelclean trains a model of its own on the words of the texts.

    Parameters
    ----------
    dataset : Dataset
        Texts and given labels; rows without a label get a suggestion and no score.
    pred_probs : array-like of float, shape (n_examples, n_classes), optional
        Held-out probabilities of your own model, 0 to 1, one row for each row of the dataset, labelled or not: an
        array, a memory map, or a DataFrame whose columns are named like the classes. They are used as they are:
        scores and suggestions are these very numbers. Nothing is calibrated, since that changes the order of the
        suspects about as often for the worse; the error probabilities of an overconfident model are too extreme.
    class_names : sequence of hashable, length n_classes, optional
        The class of each column of ``pred_probs``. Without it, the columns are taken to be the classes of the dataset
        in their order. Classes that nobody was given are kept, and can be suggested.
    model : classifier, optional
        Anything with scikit-learn's ``fit``, ``predict_proba`` and ``classes_`` that takes a list of texts. Copies of
        it are trained, one after the other, so that each row is judged by one that did not see it or a copy of it.
    config : AuditConfig, optional
        Options; the defaults where left out. The folds count for ``model``, too.
    progress : Progress, optional
        Told the step under way and the fraction done, 0 to 1; it may raise ``RunCancelledError``.

    Returns
    -------
    AuditResult
        The same bits for the same data and options, whatever ``config.n_jobs`` is.

    Raises
    ------
    InvalidInputError
        If ``check_dataset`` finds an error, both ``pred_probs`` and ``model`` are given, or the probabilities or the
        model do not fit the dataset.
    RunCancelledError
        If ``progress`` raises it.

    Warns
    -----
    LabelCleanWarning
        If the probabilities look like something else than held-out ones; see ``check_plausible``.
    """
    return _audit(
        dataset, pred_probs=pred_probs, class_names=class_names, model=model, config=config, progress=progress
    )


def audit_matched(
    matched: MatchedPredProbs, *, config: AuditConfig | None = None, progress: Progress | None = None
) -> AuditResult:
    """
    Find the wrong labels of a dataset by probabilities that fit it; whether they are plausible is not asked again.

    Parameters
    ----------
    matched : MatchedPredProbs
        As ``match_pred_probs`` or ``read_pred_probs`` gives it.
    config : AuditConfig, optional
        Options; the defaults where left out. Nothing is trained, so the folds do not count.
    progress : Progress, optional
        Told the step under way and the fraction done, 0 to 1; it may raise ``RunCancelledError``.

    Returns
    -------
    AuditResult
        ``pred_probs`` is the very table that was given.

    Raises
    ------
    InvalidInputError
        If ``check_dataset`` finds an error, or a value is no probability.
    RunCancelledError
        If ``progress`` raises it.
    """
    options = _checked_options(config)
    tell = progress or no_progress
    tell("Checking the probabilities", 0.0)
    _refuse_errors(matched.dataset)
    if matched.dataset.n_unlabelled:
        # Their probabilities make no score but a suggestion; rows are named as the user counts them.
        refuse_bad_probabilities(check_pred_probs(matched.pred_probs))
    tell("Estimating noise", _CHECKED)
    return _judge(matched, options, tell, ranking=_COUNTED)


def _audit(
    dataset: Dataset,
    *,
    pred_probs: ArrayLike | None,
    class_names: Sequence[Label] | None,
    model: Classifier | None,
    config: AuditConfig | None,
    progress: Progress | None,
) -> AuditResult:
    options = _checked_options(config)
    _check_source(pred_probs, class_names, model)
    tell = progress or no_progress
    if pred_probs is not None:
        _refuse_errors(dataset)
        table, names = _as_table(pred_probs, class_names)
        matched = match_pred_probs(dataset, table, class_names=names)
        _warn_if_implausible(matched)
        return audit_matched(matched, config=options, progress=tell)
    tell("Reading words" if model is None else "Reading texts", 0.0)
    _refuse_errors(dataset)
    held_out = _held_out_probabilities if model is None else partial(_model_probabilities, model)
    matched = MatchedPredProbs(dataset=dataset, pred_probs=held_out(dataset, options, tell), reason="")
    tell("Estimating noise", _TRAINED)
    return _judge(matched, options, tell, ranking=_RANKING)


def _judge(matched: MatchedPredProbs, options: AuditConfig, tell: Progress, *, ranking: float) -> AuditResult:
    """Estimate the noise and rank the rows; the same whoever made the probabilities."""
    dataset, pred_probs = matched.dataset, matched.pred_probs
    labelled = np.flatnonzero(dataset.labels != UNLABELLED)
    labels = dataset.labels[labelled]
    labelled_probs = take_rows(pred_probs, labelled, directory=matched.directory)
    issues = find_label_issues(
        labels,
        labelled_probs,
        filter_by=options.filter_by,
        frac_noise=options.frac_noise,
        min_examples_per_class=options.min_examples_per_class,
        counting=options.counting,
    )
    tell("Ranking", ranking)
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
        pred_probs=pred_probs.view(np.ndarray),  # results make their arrays read-only, but the caller's stay theirs
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


def _model_probabilities(model: Classifier, dataset: Dataset, config: AuditConfig, progress: Progress) -> ProbMatrix:
    return out_of_sample_pred_probs(
        model,
        list(dataset.texts),
        [dataset.given_label(row) for row in range(dataset.n_examples)],
        class_names=dataset.class_names,
        groups=exact_duplicate_groups(dataset.texts),
        n_folds=config.n_folds,
        random_state=config.random_state,
        progress=lambda step, fraction: progress(step, _TRAINED * fraction),
    )


def _can_afford_word_parts(dataset: Dataset) -> bool:
    """Tell whether learning from parts of words takes seconds: its time grows with the text and with the classes."""
    return sum(map(len, dataset.texts)) * dataset.n_classes <= _WORD_PARTS_BUDGET


def _reading_share(n_classes: int, config: AuditConfig) -> float:
    """Return the share of the time that reading the words takes, as measured on texts of many lengths."""
    rounds = -(-config.n_folds // min(config.n_jobs, config.n_folds))
    return _TRAINED / (1.0 + _FOLD_COST * rounds * n_classes)


def _checked_options(config: AuditConfig | None) -> AuditConfig:
    options = AuditConfig() if config is None else config
    if not isinstance(options, AuditConfig):
        raise ConfigError(
            f"config must be an AuditConfig; got {type(options).__name__}.", fix="Write AuditConfig(n_folds=10)."
        )
    return options


def _check_source(pred_probs: ArrayLike | None, class_names: Sequence[Label] | None, model: Classifier | None) -> None:
    if pred_probs is not None and model is not None:
        raise InvalidInputError(
            "Only one of pred_probs and model can be given; got both.", fix="Leave out the model that made them."
        )
    if class_names is not None and pred_probs is None:
        raise InvalidInputError(
            "class_names must name the columns of pred_probs; there are no pred_probs.", fix="Leave class_names out."
        )


def _as_table(pred_probs: ArrayLike, class_names: Sequence[Label] | None) -> tuple[ProbMatrix, Sequence[Label] | None]:
    """Return an array and the names of its columns; those of a DataFrame, unless they only count."""
    columns = getattr(pred_probs, "columns", None)
    if columns is not None and class_names is None:
        names = list(columns)
        class_names = None if names == list(range(len(names))) else names
    table: ProbMatrix = pred_probs if isinstance(pred_probs, np.memmap) else np.asarray(pred_probs)
    return table, class_names


def _warn_if_implausible(matched: MatchedPredProbs) -> None:
    labels, names = matched.dataset.labels, matched.dataset.class_names
    for finding in check_plausible(labels, matched.pred_probs, class_names=names):
        # The levels: here, _audit, audit or audit_dataset, and who called that.
        warnings.warn(f"{finding.message} {finding.fix}", LabelCleanWarning, stacklevel=4)


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
