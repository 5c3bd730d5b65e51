"""The built-in path from features of texts to held-out probabilities: penalty chosen, temperature fitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, FeatureMatrix, IndexArray, ProbMatrix
from labelclean.models.blas_threads import one_blas_thread
from labelclean.models.calibration import apply_temperature, fit_temperature
from labelclean.models.folds import assign_folds
from labelclean.models.logistic import SoftmaxRegression
from labelclean.models.search import downhill
from labelclean.protocols import Classifier, Progress, no_progress

__all__ = ["INVERSE_PENALTIES", "held_out_text_probs"]

INVERSE_PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0)
"""How freely a model may follow the data; the best one depends on the texts, and the wrong one costs a lot."""

_N_JUDGES = 2  # folds whose held-out rows choose the penalty: both processors of a small machine are busy
_USUAL_TRIALS = 3

_FoldProbs = tuple[ProbMatrix, ProbMatrix]  # of the held-out rows, of the rows without a label


def held_out_text_probs(
    features: FeatureMatrix,
    labels: CodeArray,
    *,
    n_classes: int,
    groups: IndexArray | None = None,
    n_folds: int = 5,
    random_state: int = 0,
    n_jobs: int = 1,
    make_classifier: Callable[[float], Classifier] = SoftmaxRegression,
    inverse_penalties: Sequence[float] = INVERSE_PENALTIES,
    progress: Progress = no_progress,
) -> ProbMatrix:
    """
    Return the probabilities of each row under models trained without it.

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        One row per example.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given. Such rows are never trained on; they get the mean of the
        folds' probabilities.
    n_classes : int
        Number of columns wanted. A class that is missing from a fold's training rows gets a probability of one row
        in ``n_train + n_classes`` there.
    groups : ndarray of int64, shape (n_examples,), optional
        Rows with the same number are held out together; without it, every row on its own.
    n_folds : int, default=5
        Wanted number of folds, 2 or more; fewer where there are fewer groups.
    random_state : int, default=0
        Seed of the fold assignment.
    n_jobs : int, default=1
        Folds trained at the same time; the result does not depend on it.
    make_classifier : callable, default=SoftmaxRegression
        Gives an untrained classifier for an inverse penalty.
    inverse_penalties : sequence of float, default=INVERSE_PENALTIES
        Inverse penalties to choose from, ascending, by the log-loss on two held-out folds. With only one, nothing
        is chosen.
    progress : Progress
        Told after each training; fractions 0 to 1 are those of this step alone.

    Returns
    -------
    ndarray of float32, shape (n_examples, n_classes)
        Calibrated by one temperature over all held-out rows; every row sums to 1.

    Raises
    ------
    RunCancelledError
        If ``progress`` raises it; trainings not yet begun are dropped.
    """
    group_ids = np.arange(len(labels), dtype=np.int64) if groups is None else groups
    folds = assign_folds(labels, group_ids, n_folds=n_folds, random_state=random_state)
    task = _Task(features=features, labels=labels, folds=folds, n_classes=n_classes, make_classifier=make_classifier)
    with one_blas_thread(), ThreadPoolExecutor(max_workers=n_jobs) as pool:
        meter = _Meter(progress=progress, planned=task.n_folds)
        parts = _choose_penalty(task, inverse_penalties, pool, meter)
        pred_probs = _assemble(task, parts)
    labelled = labels != UNLABELLED
    temperature = fit_temperature(labels[labelled], pred_probs[labelled])
    return apply_temperature(pred_probs, temperature).astype(np.float32)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Task:
    """What is trained on what; the same for every fold."""

    features: FeatureMatrix
    labels: CodeArray
    folds: IndexArray
    n_classes: int
    make_classifier: Callable[[float], Classifier]

    @property
    def n_folds(self) -> int:
        return int(self.folds.max(initial=-1)) + 1

    def train(self, fold: int, inverse_penalty: float) -> _FoldProbs:
        """Train without a fold, and judge it and the rows without a label."""
        train_rows = np.flatnonzero((self.folds != fold) & (self.labels != UNLABELLED))
        held_out = np.flatnonzero(self.folds == fold)
        wanted = np.concatenate([held_out, np.flatnonzero(self.labels == UNLABELLED)])
        probs = self._fit_predict(train_rows, wanted, inverse_penalty)
        return probs[: len(held_out)], probs[len(held_out) :]

    def _fit_predict(self, train_rows: IndexArray, wanted: IndexArray, inverse_penalty: float) -> ProbMatrix:
        """Give each class not seen in training what one more row would weigh, and the others the rest."""
        seen = np.unique(self.labels[train_rows])
        unseen_prob = 1.0 / (len(train_rows) + self.n_classes)
        seen_weight = 1.0 - unseen_prob * (self.n_classes - len(seen))
        probs = np.full((len(wanted), self.n_classes), unseen_prob)
        if len(seen) == 1:
            probs[:, seen] = seen_weight
        elif len(seen) > 1:
            model = self.make_classifier(inverse_penalty)
            model.fit(self.features[train_rows], self.labels[train_rows])
            probs[:, model.classes_] = seen_weight * model.predict_proba(self.features[wanted])
        return probs


@dataclass(eq=False, kw_only=True, slots=True)
class _Meter:
    """Counts trainings and tells how far they have come; the fraction never falls, even when more are needed."""

    progress: Progress
    planned: int
    done: int = 0
    fraction: float = field(default=0.0)

    def tell(self, step: str) -> None:
        self.fraction = max(self.fraction, min(1.0, self.done / max(self.planned, 1)))
        self.progress(step, self.fraction)


def _choose_penalty(
    task: _Task, inverse_penalties: Sequence[float], pool: Executor, meter: _Meter
) -> dict[int, _FoldProbs]:
    """Return the probabilities of every fold under the penalty that suits the first folds best."""
    judges = list(range(min(_N_JUDGES, task.n_folds)))
    others = list(range(len(judges), task.n_folds))
    start = len(inverse_penalties) // 2
    if len(inverse_penalties) == 1 or not judges:
        return _train_folds(task, [*judges, *others], inverse_penalties[start], pool, meter, step="Training")
    tried: dict[int, dict[int, _FoldProbs]] = {}
    held_out_labels = np.concatenate([task.labels[task.folds == fold] for fold in judges])
    meter.planned = len(judges) * _USUAL_TRIALS + len(others)

    def loss(position: int) -> float:
        tried[position] = _train_folds(
            task, judges, inverse_penalties[position], pool, meter, step="Choosing settings on"
        )
        return _log_loss(held_out_labels, np.concatenate([tried[position][fold][0] for fold in judges]))

    best = downhill(loss, n_settings=len(inverse_penalties), start=start)
    meter.planned = meter.done + len(others)
    return tried[best] | _train_folds(task, others, inverse_penalties[best], pool, meter, step="Training")


def _log_loss(labels: CodeArray, pred_probs: ProbMatrix) -> float:
    """Return the log-loss after calibration, since calibration follows anyway."""
    calibrated = apply_temperature(pred_probs, fit_temperature(labels, pred_probs))
    given = calibrated[np.arange(len(labels)), labels]
    return -float(np.log(np.maximum(given, np.finfo(np.float64).tiny)).mean())


def _train_folds(
    task: _Task, folds: Sequence[int], inverse_penalty: float, pool: Executor, meter: _Meter, *, step: str
) -> dict[int, _FoldProbs]:
    if not folds:
        return {}
    futures = {pool.submit(task.train, fold, inverse_penalty): fold for fold in folds}
    parts: dict[int, _FoldProbs] = {}
    try:
        meter.tell(f"{step} fold {min(folds) + 1} of {task.n_folds}")
        for future in as_completed(futures):
            parts[futures[future]] = future.result()
            meter.done += 1
            next_fold = min([fold for fold in folds if fold not in parts], default=max(folds))
            meter.tell(f"{step} fold {next_fold + 1} of {task.n_folds}")
    finally:
        for future in futures:
            future.cancel()
    return parts


def _assemble(task: _Task, parts: dict[int, _FoldProbs]) -> ProbMatrix:
    """Put each fold's probabilities on its rows; in fold order, so that sums do not depend on who was first."""
    pred_probs = np.zeros((len(task.labels), task.n_classes))
    without_label = task.labels == UNLABELLED
    for fold in range(task.n_folds):
        pred_probs[task.folds == fold] = parts[fold][0]
        pred_probs[without_label] += parts[fold][1] / task.n_folds
    if task.n_folds == 0:
        pred_probs[:] = 1.0 / task.n_classes
    return pred_probs
