"""The audit: texts and labels in, suspects out. This module alone knows the order of the steps."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from labelclean.arrays import UNLABELLED, Label, ProbMatrix
from labelclean.config import AuditConfig
from labelclean.core.checks import check_pred_probs, refuse_bad_probabilities
from labelclean.core.error_probability import rank_rows
from labelclean.core.plausibility import check_plausible
from labelclean.dataset import Dataset, is_missing_label
from labelclean.errors import ConfigError, InvalidInputError, LabelCleanWarning
from labelclean.estimate import needs_bounds
from labelclean.explain.statement import describe_labels
from labelclean.explain.suggestions import suggest_labels
from labelclean.features.views import thin_texts
from labelclean.findings import find_errors
from labelclean.io.model_outputs.class_order import MatchedPredProbs, match_pred_probs
from labelclean.io.model_outputs.embeddings import check_embeddings
from labelclean.io.model_outputs.table_spool import take_rows
from labelclean.issues.dataset_checks import check_dataset
from labelclean.judging import Judgement, judge_by_classifier, judge_by_texts
from labelclean.protocols import Classifier, Progress, no_progress
from labelclean.reasons import explain_suspects, ranking_signals
from labelclean.results import AuditResult

__all__ = ["audit", "audit_dataset", "audit_matched"]

_T = TypeVar("_T")
_TRAINED = 0.9  # share of the whole time after which all models are trained
_RANKING = 0.93
_CHECKED, _COUNTED = 0.2, 0.5  # the same where nothing is trained


def audit(
    texts: Sequence[str],
    labels: Sequence[Label | None],
    *,
    pred_probs: ArrayLike | None = None,
    class_names: Sequence[Label] | None = None,
    model: Classifier | None = None,
    embeddings: ArrayLike | None = None,
    extra_columns: Mapping[str, Sequence[str]] | None = None,
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
    embeddings : array-like of float, shape (n_examples, n_dimensions), optional
        Your own embeddings of the texts, one more thing to learn from.
    extra_columns : mapping of str to sequence of str, optional
        More columns to learn from, by name, each with one value for each text.
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
        dataset,
        pred_probs=pred_probs,
        class_names=class_names,
        model=model,
        embeddings=embeddings,
        extra_columns=extra_columns,
        config=config,
        progress=progress,
    )


def audit_dataset(
    dataset: Dataset,
    *,
    pred_probs: ArrayLike | None = None,
    class_names: Sequence[Label] | None = None,
    model: Classifier | None = None,
    embeddings: ArrayLike | None = None,
    extra_columns: Mapping[str, Sequence[str]] | None = None,
    config: AuditConfig | None = None,
    progress: Progress | None = None,
) -> AuditResult:
    """
    Find the wrong labels of a dataset.

    Without ``pred_probs`` and ``model``, labelclean's own learners judge the words and characters of the texts.

    Parameters
    ----------
    dataset : Dataset
        Texts and given labels; rows without a label get a suggestion and no score.
    pred_probs : array-like of float, shape (n_examples, n_classes), optional
        Held-out probabilities of your own model, 0 to 1, one row for each row of the dataset, labelled or not: an
        array, a memory map, or a DataFrame whose columns are named like the classes. They are used as they are:
        scores and suggestions are these very numbers. Only for the error probabilities, and so the ranking, they are
        made as sure as the given labels bear out; see ``core.noise_model.fit_noise_model``.
    class_names : sequence of hashable, length n_classes, optional
        The class of each column of ``pred_probs``. Without it, the columns are taken to be the classes of the dataset
        in their order. Classes that nobody was given are kept, and can be suggested.
    model : classifier, optional
        Anything with scikit-learn's ``fit``, ``predict_proba`` and ``classes_`` that takes a list of texts. Copies of
        it are trained, one after the other, so that each row is judged by one that did not see it or a copy of it.
    embeddings : array-like of float, shape (n_examples, n_dimensions), optional
        Your own embeddings of the texts, such as a sentence encoder's: one more view that the built-in learners pool.
    extra_columns : mapping of str to sequence of str, optional
        More columns to learn from, by name, each with one value for each row ("" where it has none); few distinct
        values are taken as categories, others as text.
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
        dataset,
        pred_probs=pred_probs,
        class_names=class_names,
        model=model,
        embeddings=embeddings,
        extra_columns=extra_columns,
        config=config,
        progress=progress,
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
    given = Judgement(pred_probs=matched.pred_probs, groups=np.arange(matched.dataset.n_examples))
    return _judge(matched, given, options, tell, ranking=_COUNTED)


def _audit(
    dataset: Dataset,
    *,
    pred_probs: ArrayLike | None,
    class_names: Sequence[Label] | None,
    model: Classifier | None,
    embeddings: ArrayLike | None,
    extra_columns: Mapping[str, Sequence[str]] | None,
    config: AuditConfig | None,
    progress: Progress | None,
) -> AuditResult:
    options = _checked_options(config)
    _check_source(pred_probs, class_names, model, more=embeddings is not None or bool(extra_columns))
    tell = progress or no_progress
    if pred_probs is not None:
        _refuse_errors(dataset)
        table, names = _as_table(pred_probs, class_names)
        matched = match_pred_probs(dataset, table, class_names=names)
        _warn_if_implausible(matched)
        return audit_matched(matched, config=options, progress=tell)
    tell("Reading texts", 0.0)
    _refuse_errors(dataset)

    def trained(step: str, fraction: float) -> None:
        tell(step, _TRAINED * fraction)

    if model is not None:
        judgement = judge_by_classifier(model, dataset, options, trained)
    else:
        bounded = needs_bounds(dataset, options) if options.bounded is None else options.bounded
        view = None if embeddings is None else check_embeddings(embeddings, dataset.n_examples)
        judgement = judge_by_texts(
            dataset, options, trained, bounded=bounded, embeddings=view, extra_columns=_as_columns(extra_columns)
        )
    tell("Estimating noise", _TRAINED)
    ours = MatchedPredProbs(dataset=dataset, pred_probs=judgement.pred_probs, reason="")
    return _judge(ours, judgement, options, tell, ranking=_RANKING)


def _judge(
    matched: MatchedPredProbs, judgement: Judgement, options: AuditConfig, tell: Progress, *, ranking: float
) -> AuditResult:
    """Estimate the noise and rank the rows; the same whoever made the probabilities."""
    dataset, pred_probs, views = matched.dataset, matched.pred_probs, judgement.views
    labelled = np.flatnonzero(dataset.labels != UNLABELLED)
    labels = dataset.labels[labelled]
    labelled_probs = take_rows(pred_probs, labelled, directory=matched.directory)
    found = find_errors(labels, labelled_probs, options).among(labelled, dataset.n_examples)
    tell("Ranking", ranking)
    suggestions = suggest_labels(pred_probs, n_likely=options.n_likely_classes)
    ranked_rows = rank_rows(found.error_probabilities, found.label_quality_scores)
    evidence = explain_suspects(
        ranked_rows[: options.n_explained],
        dataset,
        judgement,
        suggestions,
        lambda _, fraction: tell("Gathering evidence", ranking + (1.0 - ranking) * fraction),
        n_jobs=options.n_jobs,
    )
    tell("Done", 1.0)
    return AuditResult(
        class_names=dataset.class_names,
        labels=dataset.labels,
        pred_probs=pred_probs.view(np.ndarray),  # results make their arrays read-only, but the caller's stay theirs
        suggested_labels=suggestions.suggested_labels,
        label_quality_scores=found.label_quality_scores,
        error_probabilities=found.error_probabilities,
        is_issue=found.is_issue,
        ranked_rows=ranked_rows,
        likely_labels=suggestions.likely_labels,
        likely_probs=suggestions.likely_probs,
        noise=found.noise,
        evidence=evidence,
        signals=ranking_signals(
            dataset.labels,
            judgement,
            suggestions,
            error_probabilities=found.error_probabilities,
            label_quality_scores=found.label_quality_scores,
            is_issue=found.is_issue,
            noise=found.noise,
        ),
        statement=describe_labels(
            free_weight=judgement.free_weight,
            n_errors=found.noise.n_label_errors,
            interval=found.interval,
            n_labelled=len(labels),
        ),
        n_errors_interval=found.interval,
        is_thin=thin_texts(views) if views else None,
    )


def _checked_options(config: AuditConfig | None) -> AuditConfig:
    options = AuditConfig() if config is None else config
    if not isinstance(options, AuditConfig):
        raise ConfigError(
            f"config must be an AuditConfig; got {type(options).__name__}.", fix="Write AuditConfig(n_folds=10)."
        )
    return options


def _check_source(
    pred_probs: ArrayLike | None, class_names: Sequence[Label] | None, model: Classifier | None, *, more: bool
) -> None:
    if more and (pred_probs is not None or model is not None):
        raise InvalidInputError(
            "embeddings and extra_columns are for the built-in learners; got pred_probs or a model as well.",
            fix="Leave one of the two out.",
        )
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


def _as_columns(extra_columns: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]]:
    """Return text: notebooks hold arrays and Series, with numbers in them and values that are missing."""
    if not isinstance(extra_columns, Mapping | None):
        raise InvalidInputError(
            f"extra_columns must be columns by their names; got {type(extra_columns).__name__}.",
            fix='Write extra_columns={"subject": subjects}.',
        )
    columns = {name: _as_list(values, f"Extra column '{name}'") for name, values in (extra_columns or {}).items()}
    return {
        name: ["" if is_missing_label(value) else str(value) for value in values] for name, values in columns.items()
    }


def _has_rows_in_order(values: object) -> bool:
    is_something_else = isinstance(values, str | bytes | AbstractSet | Mapping)
    return isinstance(values, Iterable) and not is_something_else and getattr(values, "ndim", 1) == 1
