"""Where an audit's held-out probabilities come from: our own learners over the texts, or the user's classifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray, ProbMatrix
from labelclean.config import AuditConfig
from labelclean.dataset import Dataset
from labelclean.features.views import TextView, text_views
from labelclean.issues.near_duplicates import near_duplicate_groups
from labelclean.models.out_of_sample import out_of_sample_pred_probs
from labelclean.models.pooling import Learner
from labelclean.models.text_model import HeardModel, judge_texts
from labelclean.protocols import Classifier, Progress

__all__ = ["Judgement", "RunPlan", "judge_by_classifier", "judge_by_texts", "plan_run"]

_READ, _GROUPED = 0.12, 0.16  # share of the time after which texts are read, and duplicates found
_ENTRIES_FOR_ALL = 3_000_000_000  # entries of all views times classes times folds: under a minute on two processors
_ENTRIES_FOR_BAYES = 30_000_000  # stored numbers of all views; naive Bayes takes some 70 bytes for each
_LARGE = 1_000_000_000  # the same of one view and one fold: then half the folds do
_FEW_FOLDS = 5


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Judgement:
    """
    Held-out probabilities, and what is left of how they were made.

    Attributes
    ----------
    pred_probs : ndarray of float32, shape (n_examples, n_classes)
        Every row judged by models that saw neither it nor its copies.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number are copies of each other, or nearly so.
    learners : tuple of Learner
        What each learner said, for a re-ranking; empty where there was but one.
    heard : tuple of HeardModel
        Models that can be asked for the words that moved them.
    views : tuple of TextView
        What they read.
    free_weight : float
        See ``TextJudgement``.
    """

    pred_probs: ProbMatrix
    groups: IndexArray
    learners: tuple[Learner, ...] = ()
    heard: tuple[HeardModel, ...] = ()
    views: tuple[TextView, ...] = ()
    free_weight: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class RunPlan:
    """
    How much work is worth doing for data of some size.

    Attributes
    ----------
    n_folds : int
        Folds of the cross-validation.
    n_ridge_views : int
        Views of the text that ridge regression reads, the first ones.
    n_views : int
        Views that are learnt from at all, by naive Bayes at least.
    """

    n_folds: int
    n_ridge_views: int
    n_views: int


def plan_run(entries: Sequence[int], n_classes: int, n_folds: int) -> RunPlan:
    """
    Choose folds and views so that a run takes minutes at most; by the sizes alone, so that it is the same anywhere.

    Parameters
    ----------
    entries : sequence of int
        Stored numbers of each view, in order.
    n_classes : int
        Number of classes.
    n_folds : int
        Folds asked for.

    Returns
    -------
    RunPlan
        Five folds at most for large data; only the first view of the texts where all of them would be too much.

    Examples
    --------
    >>> plan_run([100_000, 600_000], 77, 10), plan_run([2_000_000, 15_000_000], 77, 10)
    (RunPlan(n_folds=10, n_ridge_views=2, n_views=2), RunPlan(n_folds=5, n_ridge_views=1, n_views=2))
    """
    columns = max(n_classes, 2) - (n_classes <= 2)  # noqa: PLR2004  (two classes need one column)
    folds = n_folds if sum(entries) * columns <= _LARGE / _FEW_FOLDS else min(n_folds, _FEW_FOLDS)
    fits = sum(entries) * columns * folds <= _ENTRIES_FOR_ALL
    is_small = sum(entries) <= _ENTRIES_FOR_BAYES
    return RunPlan(
        n_folds=folds, n_ridge_views=len(entries) if fits else 1, n_views=len(entries) if fits or is_small else 1
    )


def judge_by_texts(
    dataset: Dataset,
    config: AuditConfig,
    progress: Progress,
    *,
    bounded: bool,
    embeddings: NDArray[np.float32] | None = None,
    extra_columns: Mapping[str, Sequence[str]] | None = None,
) -> Judgement:
    """
    Judge each row by the built-in learners.

    Parameters
    ----------
    dataset : Dataset
        Texts and given labels.
    config : AuditConfig
        Folds, seed and threads.
    progress : Progress
        Told the step and the fraction of this part, 0 to 1.
    bounded : bool
        Whether to read the texts in the way that needs less memory.
    embeddings : ndarray of float32, shape (n_examples, n_dimensions), optional
        The user's own.
    extra_columns : mapping of str to sequence of str, optional
        More columns of the file to learn from.

    Returns
    -------
    Judgement
        With all learners, and those that can be asked for their reasons.
    """
    views = text_views(
        dataset.texts,
        extra_columns=extra_columns,
        bounded=bounded,
        progress=_between(progress, 0.0, _READ),
    )
    groups = near_duplicate_groups(dataset.texts, progress=_between(progress, _READ, _GROUPED))
    plan = plan_run([view.tfidf.nnz for view in views], dataset.n_classes, config.n_folds)
    if plan.n_views < len(views):  # what the user adds is meant to be read; of the texts, words say most
        views = tuple(view for view in views if view is views[0] or view.name.startswith("column "))
    judged = judge_texts(
        views,
        dataset.labels,
        n_classes=dataset.n_classes,
        groups=groups,
        embeddings=embeddings,
        n_ridge_views=plan.n_ridge_views,
        n_folds=plan.n_folds,
        random_state=config.random_state,
        n_jobs=config.n_jobs,
        progress=_between(progress, _GROUPED, 1.0),
    )
    return Judgement(
        pred_probs=judged.pred_probs,
        groups=groups,
        learners=judged.learners,
        heard=judged.heard,
        views=views,
        free_weight=judged.free_weight,
    )


def judge_by_classifier(model: Classifier, dataset: Dataset, config: AuditConfig, progress: Progress) -> Judgement:
    """
    Judge each row by copies of the user's classifier.

    Parameters
    ----------
    model : classifier
        Takes a list of texts.
    dataset : Dataset
        Texts and given labels.
    config : AuditConfig
        Folds and seed.
    progress : Progress
        Told the step and the fraction of this part, 0 to 1.

    Returns
    -------
    Judgement
        Its probabilities as they are.
    """
    groups = near_duplicate_groups(dataset.texts, progress=_between(progress, 0.0, _READ))
    pred_probs = out_of_sample_pred_probs(
        model,
        list(dataset.texts),
        [dataset.given_label(row) for row in range(dataset.n_examples)],
        class_names=dataset.class_names,
        groups=groups,
        n_folds=config.n_folds,
        random_state=config.random_state,
        progress=_between(progress, _READ, 1.0),
    )
    return Judgement(pred_probs=pred_probs, groups=groups)


def _between(progress: Progress, begin: float, end: float) -> Progress:
    def tell(step: str, fraction: float) -> None:
        progress(step, begin + (end - begin) * fraction)

    return tell
