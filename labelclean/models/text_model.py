"""The built-in path from views of texts to held-out probabilities: several learners, leaving each row out, pooled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, IndexArray, freeze_fields
from labelclean.features.views import TextView
from labelclean.models.blas_threads import one_blas_thread
from labelclean.models.dense_ridge import held_out_dense_ridge
from labelclean.models.fold_ridge import STRENGTHS, RidgeScores, held_out_ridge_path
from labelclean.models.folds import assign_folds
from labelclean.models.naive_bayes import NaiveBayesScores, leave_one_out_naive_bayes
from labelclean.models.pooling import Learner, Pool, freedom_weight
from labelclean.models.shared_features import keep_columns, shared_columns
from labelclean.protocols import Progress, no_progress

__all__ = ["HeardModel", "TextJudgement", "judge_texts"]

STIFF = 100.0
"""The penalty of ridge models that follow the given labels least: not in the pool, for the queue that learns."""

_EMBEDDING_WEIGHT = 3.0  # as much as the three learners of a view of the text
_RIDGE_SHARE = 0.8  # of the time that a view's learners take


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class HeardModel:
    """
    A learner whose judgement can be taken apart into features.

    Attributes
    ----------
    model : RidgeScores or NaiveBayesScores
        Gives ``contributions``.
    view : int
        Position of the view it read.
    scale : float
        What its scores are multiplied by in the pool: its weight over its temperature.
    """

    model: RidgeScores | NaiveBayesScores
    view: int
    scale: float


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TextJudgement:
    """
    What learners that never saw a row (nor its copies) say about it.

    Attributes
    ----------
    pred_probs : ndarray of float32, shape (n_examples, n_classes)
        The pool of all; calibrated to the given labels, every row sums to 1.
    learners : tuple of Learner
        Each by itself; the stiff ones are not in the pool.
    heard : tuple of HeardModel
        Those in the pool that read a view.
    free_weight : float
        0 to 1: the weight of the learners that can follow a rule; below 1 where labels look made by one.
    """

    pred_probs: NDArray[np.float32]
    learners: tuple[Learner, ...]
    heard: tuple[HeardModel, ...]
    free_weight: float

    def __post_init__(self) -> None:
        """Make the array read-only."""
        freeze_fields(self)


@dataclass(eq=False, kw_only=True, slots=True)
class _Heard:
    """A learner with its scores, before its weight is known."""

    learner: Learner
    scores: NDArray[np.float32]
    model: RidgeScores | NaiveBayesScores | None
    view: int
    is_free: bool
    weight: float = 1.0


def judge_texts(
    views: Sequence[TextView],
    labels: CodeArray,
    *,
    n_classes: int,
    groups: IndexArray,
    embeddings: NDArray[np.float32] | None = None,
    n_ridge_views: int | None = None,
    n_folds: int = 10,
    random_state: int = 0,
    n_jobs: int = 1,
    progress: Progress = no_progress,
) -> TextJudgement:
    """
    Judge each row by learners that did not see it.

    For each view of the text: ridge regression over folds, and naive Bayes on counts and on TF-IDF weights, leaving
    out each row's group; ridge regression on embeddings, where there are any. Each is calibrated by a temperature,
    and the mean of their log-probabilities is the answer. The weights are equal: weights fitted to the given labels
    favour the learner that has learnt the mistakes best.

    Parameters
    ----------
    views : sequence of TextView
        The views of the texts, as ``text_views`` gives them.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given. Such rows are judged, and nothing is learnt from them.
    n_classes : int
        Number of columns wanted.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number are held out together.
    embeddings : ndarray of float32, shape (n_examples, n_dimensions), optional
        The user's own, as one more view.
    n_ridge_views : int, optional
        Views that ridge regression reads, the first ones; the others are left to naive Bayes, which takes a fraction of
        the time. All of them where left out.
    n_folds : int, default=10
        Wanted number of folds, 2 or more; fewer where there are fewer groups.
    random_state : int, default=0
        Seed of the fold assignment.
    n_jobs : int, default=1
        Threads; the result does not depend on it.
    progress : Progress
        Told the step under way; fractions 0 to 1 are those of this step alone.

    Returns
    -------
    TextJudgement
        Probabilities, and what each learner said.

    Raises
    ------
    RunCancelledError
        If ``progress`` raises it.

    Examples
    --------
    >>> from labelclean.features.views import text_views
    >>> views = text_views(["good film", "fine film", "bad plot", "dull plot"] * 5)
    >>> judged = judge_texts(views, np.array([0, 0, 1, 1] * 5), n_classes=2, groups=np.arange(20))
    >>> judged.pred_probs.argmax(axis=1)[:4]
    array([0, 0, 1, 1])
    """
    folds = assign_folds(labels, groups, n_folds=n_folds, random_state=random_state)
    pool = Pool.empty(labels, n_classes)
    n_parts = len(views) + (embeddings is not None)
    asides: list[Learner] = []
    heard: list[_Heard] = []
    with one_blas_thread():
        for position, view in enumerate(views):
            tell = _part_of(progress, position, n_parts)
            begin = 0.0
            if n_ridge_views is None or position < n_ridge_views:
                begin = _RIDGE_SHARE
                told = _named(f"Judging by {view.name}", tell, 0.0, begin)
                ridge, stiff = _ridge(view, labels, folds, pool, n_jobs=n_jobs, progress=told)
                heard.append(_hear(pool, f"ridge on {view.name}", ridge, position, is_free=True))
                asides.extend(stiff)
            for model, of_what in _naive_bayes(view, labels, groups, n_classes, tell, begin=begin):
                name = f"naive Bayes on {of_what}{view.name}"
                heard.append(_hear(pool, name, model, position, is_free=False))
        if embeddings is not None:
            told = _named("Judging by embeddings", _part_of(progress, len(views), n_parts), 0.0, 1.0)
            heard.append(_dense(embeddings, folds, pool, random_state=random_state, progress=told))
    free_weight = _weigh(heard)
    for each in heard:
        pool.add(each.learner, each.scores, weight=each.weight)
    return TextJudgement(
        pred_probs=pool.pred_probs(),
        learners=(*(each.learner for each in heard), *asides),
        heard=tuple(
            HeardModel(model=each.model, view=each.view, scale=each.learner.scale * each.weight)
            for each in heard
            if each.model is not None
        ),
        free_weight=free_weight,
    )


def _ridge(
    view: TextView, labels: CodeArray, folds: IndexArray, pool: Pool, *, n_jobs: int, progress: Progress
) -> tuple[RidgeScores, list[Learner]]:
    """Judge by ridge regression: the strength that explains the labels best, and what stiffer ones say by the way."""
    path = held_out_ridge_path(
        view.tfidf,
        labels,
        folds,
        n_classes=pool.log_probs.shape[1],
        strengths=(*STRENGTHS, STIFF),
        n_jobs=n_jobs,
        progress=progress,
    )
    best = min(path[:-1], key=lambda found: found.loss)
    stiff = [each for each in path[-2:] if each is not best]
    return best, [pool.describe(f"stiff ridge on {view.name} ({each.strength:g})", each.scores) for each in stiff]


def _dense(
    embeddings: NDArray[np.float32], folds: IndexArray, pool: Pool, *, random_state: int, progress: Progress
) -> _Heard:
    """Judge by ridge regression on embeddings."""
    found = held_out_dense_ridge(
        embeddings,
        pool.labels,
        folds,
        n_classes=pool.log_probs.shape[1],
        random_state=random_state,
        progress=progress,
    )
    return _Heard(
        learner=pool.describe("ridge on embeddings", found.scores),
        scores=found.scores,
        model=None,
        view=-1,
        is_free=False,  # few dimensions: it cannot follow a rule about single words
        weight=_EMBEDDING_WEIGHT,
    )


def _naive_bayes(
    view: TextView, labels: CodeArray, groups: IndexArray, n_classes: int, tell: Progress, *, begin: float
) -> Iterator[tuple[NaiveBayesScores, str]]:
    """
    Judge by naive Bayes on counts, then on weights: they memorise differently.

    What only a row's own group has is left away. It speaks for no class, but naive Bayes would weigh it by the sizes
    of the classes, and those tell which one the group was left out of.
    """
    shared = shared_columns(view.tfidf, labels, groups)
    for features, of_what in ((view.counts, ""), (view.tfidf, "weighted ")):
        end = (begin + 1.0) / 2.0 if not of_what else 1.0
        progress = _named(f"Judging by {view.name}", tell, begin, end)
        yield (
            leave_one_out_naive_bayes(
                keep_columns(features, shared), labels, groups, n_classes=n_classes, progress=progress
            ),
            of_what,
        )
        begin = end


def _hear(pool: Pool, name: str, model: RidgeScores | NaiveBayesScores, view: int, *, is_free: bool) -> _Heard:
    learner = pool.describe(name, model.scores)
    return _Heard(learner=learner, scores=model.scores, model=model, view=view, is_free=is_free)


def _weigh(heard: Sequence[_Heard]) -> float:
    """Lower the weight of learners that explain the given labels suspiciously well; return it."""
    free = [each.learner.loss for each in heard if each.is_free]
    stiff = [each.learner.loss for each in heard if not each.is_free and each.model is not None]
    weight = freedom_weight(min(free), min(stiff)) if free and stiff else 1.0
    for each in heard:
        each.weight *= weight if each.is_free else 1.0
    return weight


def _part_of(progress: Progress, position: int, n_parts: int) -> Progress:
    """Return the progress of one part of several that take about the same time."""

    def tell(step: str, fraction: float) -> None:
        progress(step, (position + fraction) / n_parts)

    return tell


def _named(name: str, tell: Progress, begin: float, end: float) -> Progress:
    """Return the progress of a step under a name of our own, from ``begin`` to ``end`` of its part."""

    def told(step: str, fraction: float) -> None:  # noqa: ARG001  (the models' own names are not the user's)
        tell(name, begin + (end - begin) * fraction)

    return told
