"""What the texts alone say about each label of each row: all views judged, joined and calibrated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import FeatureMatrix, IndexArray, MaskArray
from labelclean.features.views import TextView
from labelclean.models.dense_ridge_features import centred_rows, kept_if_small
from labelclean.models.folds import assign_folds
from labelclean.models.label_sets.calibration import calibrated_log_odds, mean_log_loss, sampled_rows
from labelclean.models.label_sets.dense_ridge import held_out_dense_label_ridge
from labelclean.models.label_sets.naive_bayes import leave_groups_out_naive_bayes
from labelclean.models.label_sets.ridge import held_out_label_ridge
from labelclean.models.label_sets.types import Cells, GivenTable
from labelclean.models.nystroem import nystroem_rows
from labelclean.models.shared_features import keep_columns, shared_columns
from labelclean.protocols import Progress, no_progress

__all__ = ["DENSE_STRENGTHS", "STRENGTHS", "affordable_folds", "label_set_folds", "text_log_odds"]

STRENGTHS = (1.0, 3.0, 10.0)
"""Penalties of ridge regression on words and characters to choose from."""

DENSE_STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)
"""The same on embeddings."""

_CELLS_TO_CHOOSE_BY = 100_000
_MOST_WORK = 40_000_000_000  # stored numbers times folds times labels times steps: about a minute
_STEPS_OF_RIDGE = 24
_FEWEST_FOLDS = 3
_JOINING = 0.95


def affordable_folds(views: Sequence[TextView], n_labels: int, *, n_folds: int) -> int:
    """
    Return how many folds large data can have so that ridge regression on the words takes minutes and not hours.

    Parameters
    ----------
    views : sequence of TextView
        Words first.
    n_labels : int
        Number of labels.
    n_folds : int
        Wanted number of folds, 2 or more.

    Returns
    -------
    int
        As many as wanted, or fewer, but not fewer than 3; with many rows, a fold more or less changes little.

    Examples
    --------
    >>> from labelclean.features.views import text_views
    >>> affordable_folds(text_views(["good film", "bad film"]), 2, n_folds=10)
    10
    """
    per_fold = 2 * views[0].tfidf.nnz * max(n_labels, 1) * _STEPS_OF_RIDGE
    return min(n_folds, max(_FEWEST_FOLDS, _MOST_WORK // max(per_fold, 1)))


def label_set_folds(
    is_given: GivenTable, is_labelled: MaskArray, groups: IndexArray, *, n_folds: int, random_state: int = 0
) -> IndexArray:
    """
    Deal groups of rows to folds so that rare labels are spread evenly.

    Parameters
    ----------
    is_given : ndarray of bool, shape (n_examples, n_labels)
        Whether a row was given a label.
    is_labelled : ndarray of bool, shape (n_examples,)
        Whether a row has a label set.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number share a fold.
    n_folds : int
        Wanted number of folds, 2 or more.
    random_state : int, default=0
        Seed of the shuffle.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Fold of each row; -1 for rows without a label set.

    Notes
    -----
    A row goes with the rarest of its labels; among equally rare ones with the first.

    Examples
    --------
    >>> given = np.array([[True], [True], [False], [False]])
    >>> folds = label_set_folds(given, np.ones(4, dtype=bool), np.arange(4), n_folds=2)
    >>> sorted(folds[:2].tolist()), sorted(folds[2:].tolist())
    ([0, 1], [0, 1])
    """
    by_rarity = np.argsort(is_given[is_labelled].sum(axis=0), kind="stable")
    rarest = is_given[:, by_rarity].argmax(axis=1) if len(by_rarity) else np.zeros(len(groups), dtype=np.int64)
    code = np.where(is_given.any(axis=1), rarest, is_given.shape[1])
    return assign_folds(
        np.where(is_labelled, code, -1).astype(np.int64), groups, n_folds=n_folds, random_state=random_state
    )


def text_log_odds(
    views: Sequence[TextView],
    is_given: GivenTable,
    folds: IndexArray,
    groups: IndexArray,
    *,
    embeddings: NDArray[np.float32] | None = None,
    n_jobs: int = 1,
    progress: Progress = no_progress,
) -> Cells:
    """
    Return the calibrated log-odds that each row is given each label, from models that did not see its group.

    Parameters
    ----------
    views : sequence of TextView
        Words first.
    is_given : ndarray of bool, shape (n_examples, n_labels)
        Whether a row was given a label.
    folds : ndarray of int64, shape (n_examples,)
        Fold of each row with a label set; -1 for the others.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number leave together; never in two folds.
    embeddings : ndarray of float32, shape (n_examples, n_dimensions), optional
        The user's own, one more view.
    n_jobs : int, default=1
        Threads; the result does not depend on it.
    progress : Progress
        Told before each step; fractions 0 to 1 are those of this function alone.

    Returns
    -------
    ndarray of float32, shape (n_examples, n_labels)
        Log-odds, also for rows without a label set.

    Raises
    ------
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    Each view is judged by naive Bayes, for which a feature counts once a text, and by ridge regression, at the strength
    that explains the given labels best; the first also by ridge regression on which words are there, whatever their
    rarity: what tells a subject is rare, what tells a mood is not. Where ridge regression on another view would take
    more than about a minute, it is left to naive Bayes.

    Examples
    --------
    >>> from labelclean.features.views import text_views
    >>> given = np.array([[True], [False]] * 10)
    >>> views = text_views(["good film", "bad film"] * 10)
    >>> folds, groups = np.arange(20) // 2 % 5, np.arange(20)
    >>> text_log_odds(views, given, folds, groups)[:2, 0] > 0
    array([ True, False])
    """
    is_labelled = folds >= 0
    n_parts = 2 * len(views) + 1 + (embeddings is not None)
    scores: list[Cells] = []

    def told(step: str, fraction: float) -> None:
        progress(step, _JOINING * (len(scores) + fraction) / n_parts)

    def judge_by_ridge(features: FeatureMatrix) -> None:
        path = held_out_label_ridge(features, is_given, folds, strengths=STRENGTHS, n_jobs=n_jobs, progress=told)
        scores.append(_best(path, is_given, is_labelled))

    judge_by_ridge(_of_length_1(_presence(views[0].counts)))
    for position, view in enumerate(views):
        if position == 0 or _is_affordable(view.tfidf, is_given, folds):
            judge_by_ridge(view.tfidf)
        scores.append(
            leave_groups_out_naive_bayes(
                _shared(_presence(view.counts), is_labelled, groups),
                is_given,
                is_labelled,
                groups,
                n_jobs=n_jobs,
                progress=told,
            )
        )
    if embeddings is not None:
        scores.append(_best(_dense_path(embeddings, is_given, folds, told), is_given, is_labelled))
    progress("Joining the views", _JOINING)
    return calibrated_log_odds(scores, is_given, is_labelled)


def _dense_path(
    embeddings: NDArray[np.float32], is_given: GivenTable, folds: IndexArray, told: Progress
) -> list[Cells]:
    """Judge by a linear and by a radial kernel, at each strength."""
    n_examples = len(embeddings)
    linear = kept_if_small(centred_rows(embeddings, reduce=True), n_examples)
    radial = kept_if_small(nystroem_rows(kept_if_small(centred_rows(embeddings), n_examples), n_examples), n_examples)
    path: list[Cells] = []
    for half, features in enumerate((linear, radial)):

        def told_of(step: str, fraction: float, half: int = half) -> None:
            told(step, (half + fraction) / 2.0)

        path += held_out_dense_label_ridge(features, is_given, folds, strengths=DENSE_STRENGTHS, progress=told_of)
    return path


def _shared(features: FeatureMatrix, is_labelled: MaskArray, groups: IndexArray) -> FeatureMatrix:
    """Leave away what only one group has: naive Bayes would weigh it by how often a label is given elsewhere."""
    return keep_columns(features, shared_columns(features, np.where(is_labelled, 0, -1), groups))


def _presence(counts: FeatureMatrix) -> FeatureMatrix:
    """Return 1 for each feature that is there, however often."""
    ones = np.ones(counts.nnz, dtype=np.float32)
    return sparse.csr_array((ones, counts.indices, counts.indptr), shape=counts.shape)


def _of_length_1(presence: FeatureMatrix) -> FeatureMatrix:
    per_row = np.diff(presence.indptr)
    weights = np.repeat(1.0 / np.sqrt(np.maximum(per_row, 1)), per_row).astype(np.float32)
    return sparse.csr_array((weights, presence.indices, presence.indptr), shape=presence.shape)


def _is_affordable(features: FeatureMatrix, is_given: GivenTable, folds: IndexArray) -> bool:
    n_columns = is_given.shape[1] * (int(folds.max(initial=0)) + 1)
    return bool(int(features.nnz) * n_columns * _STEPS_OF_RIDGE <= _MOST_WORK)


def _best(path: Sequence[Cells], is_given: GivenTable, is_labelled: MaskArray) -> Cells:
    """Return the scores that explain the given labels best once calibrated; among equals the first."""
    rows = sampled_rows(np.flatnonzero(is_labelled), _CELLS_TO_CHOOSE_BY // max(is_given.shape[1], 1))
    if len(path) == 1 or not rows.size:
        return path[0]
    given, everyone = is_given[rows], np.ones(len(rows), dtype=np.bool_)
    losses = [mean_log_loss(calibrated_log_odds([scores[rows]], given, everyone), given) for scores in path]
    return path[int(np.argmin(losses))]
