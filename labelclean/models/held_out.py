"""Folds trained side by side and put together: the machinery behind all held-out probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, ProbMatrix
from labelclean.models.folds import Splits
from labelclean.protocols import Progress

__all__ = ["FitPredict", "FoldProbs", "Meter", "Split", "assemble", "train_folds"]

FitPredict: TypeAlias = Callable[[IndexArray, IndexArray], tuple[CodeArray, ProbMatrix]]
"""Trains on the rows named first and judges those named second: the classes of the columns, and the probabilities."""

FoldProbs: TypeAlias = tuple[ProbMatrix, ProbMatrix]
"""Probabilities of the rows held out, and of the rows without a label."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Split:
    """
    Labels, and the rows held out together.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    splits : Splits
        For each fold the rows to train on and the rows held out, all with a label.
    n_classes : int
        Number of columns wanted.
    weights : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for; 1 each where left out.
    """

    labels: CodeArray
    splits: Splits
    n_classes: int
    weights: FloatArray | None = None

    @property
    def n_folds(self) -> int:
        """Number of folds, 0 where no row has a label."""
        return len(self.splits)

    def held_out(self, fold: int) -> IndexArray:
        """Return the rows of a fold."""
        return self.splits[fold][1]

    def judge(self, fold: int, fit_predict: FitPredict) -> FoldProbs:
        """Train without a fold, and judge it and the rows without a label."""
        train_rows, held_out = self.splits[fold]
        wanted = np.concatenate([held_out, np.flatnonzero(self.labels == UNLABELLED)])
        probs = self._fit_predict(train_rows, wanted, fit_predict)
        return probs[: len(held_out)], probs[len(held_out) :]

    def _fit_predict(self, train_rows: IndexArray, wanted: IndexArray, fit_predict: FitPredict) -> FloatArray:
        """Give each class not seen in training what one more row would weigh, and the others the rest."""
        seen = np.unique(self.labels[train_rows])
        n_train = len(train_rows) if self.weights is None else float(self.weights[train_rows].sum())
        unseen_prob = 1.0 / (n_train + self.n_classes)
        seen_weight = 1.0 - unseen_prob * (self.n_classes - len(seen))
        probs = np.full((len(wanted), self.n_classes), unseen_prob)
        if len(seen) == 1:
            probs[:, seen] = seen_weight
        elif len(seen) > 1:
            classes, of_seen = fit_predict(train_rows, wanted)
            probs[:, classes] = seen_weight * of_seen
        return probs


@dataclass(eq=False, kw_only=True, slots=True)
class Meter:
    """
    Counts trainings and tells how far they have come; the fraction never falls, even when more are needed.

    Attributes
    ----------
    progress : Progress
        Who is told.
    planned : int
        Trainings expected at the moment.
    done : int
        Trainings finished.
    fraction : float
        The last fraction told, 0 to 1.
    """

    progress: Progress
    planned: int
    done: int = 0
    fraction: float = field(default=0.0)

    def tell(self, step: str) -> None:
        """Say that a step is under way."""
        self.fraction = max(self.fraction, min(1.0, self.done / max(self.planned, 1)))
        self.progress(step, self.fraction)


def train_folds(
    split: Split, folds: Sequence[int], fit_predict: FitPredict, pool: Executor, meter: Meter, *, step: str
) -> dict[int, FoldProbs]:
    """
    Train without each of some folds, several at a time.

    Parameters
    ----------
    split : Split
        Labels and folds.
    folds : sequence of int
        The folds to judge.
    fit_predict : callable
        Trains and judges; called in the pool's threads.
    pool : Executor
        Where the trainings run.
    meter : Meter
        Told before the first and after each training.
    step : str
        The beginning of what it is told, such as "Training".

    Returns
    -------
    dict of int to (ndarray, ndarray)
        For each fold the probabilities of its rows and of the rows without a label. The first error of a training,
        or of the meter, comes through; trainings not yet begun are then dropped.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> from labelclean.protocols import no_progress
    >>> from labelclean.models.folds import FoldSplits
    >>> splits = FoldSplits(np.array([0, 0, 1, 1]))
    >>> split = Split(labels=np.array([0, 1, 0, 1]), splits=splits, n_classes=2)
    >>> def shares(train_rows, wanted):
    ...     return np.array([0, 1]), np.full((len(wanted), 2), 0.5)
    >>> meter = Meter(progress=no_progress, planned=2)
    >>> with ThreadPoolExecutor(1) as pool:
    ...     parts = train_folds(split, [0, 1], shares, pool, meter, step="Training")
    >>> parts[0][0]
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    if not folds:
        return {}
    futures = {pool.submit(split.judge, fold, fit_predict): fold for fold in folds}
    parts: dict[int, FoldProbs] = {}
    try:
        meter.tell(f"{step} fold {min(folds) + 1} of {split.n_folds}")
        for future in as_completed(futures):
            parts[futures[future]] = future.result()
            meter.done += 1
            next_fold = min([fold for fold in folds if fold not in parts], default=max(folds))
            meter.tell(f"{step} fold {next_fold + 1} of {split.n_folds}")
    finally:
        for future in futures:
            future.cancel()
    return parts


def assemble(split: Split, parts: dict[int, FoldProbs]) -> FloatArray:
    """
    Put each fold's probabilities on its rows.

    Parameters
    ----------
    split : Split
        Labels and folds.
    parts : dict of int to (ndarray, ndarray)
        What ``train_folds`` gave, for every fold.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        A row held out several times gets the mean. So do rows without a label, of all folds; all are summed in fold
        order, so that sums do not depend on who was first. Without any label every class is equally likely.

    Examples
    --------
    >>> from labelclean.models.folds import FoldSplits
    >>> split = Split(labels=np.array([0, 1]), splits=FoldSplits(np.array([0, 1])), n_classes=2)
    >>> nobody = np.empty((0, 2))
    >>> assemble(split, {0: (np.array([[0.2, 0.8]]), nobody), 1: (np.array([[0.6, 0.4]]), nobody)})
    array([[0.2, 0.8],
           [0.6, 0.4]])
    """
    pred_probs = np.zeros((len(split.labels), split.n_classes))
    n_times = np.zeros(len(split.labels), dtype=np.int64)
    without_label = split.labels == UNLABELLED
    for fold in range(split.n_folds):
        held_out = split.held_out(fold)
        pred_probs[held_out] += parts[fold][0]
        n_times[held_out] += 1
        pred_probs[without_label] += parts[fold][1] / split.n_folds
    if split.n_folds == 0:
        pred_probs[:] = 1.0 / split.n_classes
    several = n_times > 1
    pred_probs[several] /= n_times[several, np.newaxis]
    return pred_probs
