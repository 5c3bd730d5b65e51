"""The built-in path from features of texts to held-out probabilities: penalty chosen, temperature fitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, FeatureMatrix, IndexArray, ProbMatrix
from labelclean.models.blas_threads import one_blas_thread
from labelclean.models.calibration import apply_temperature, fit_temperature
from labelclean.models.folds import FoldSplits, assign_folds
from labelclean.models.held_out import FitPredict, FoldProbs, Meter, Split, assemble, train_folds
from labelclean.models.logistic import SoftmaxRegression
from labelclean.models.search import downhill
from labelclean.protocols import Classifier, Progress, no_progress

__all__ = ["INVERSE_PENALTIES", "held_out_text_probs"]

INVERSE_PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0)
"""How freely a model may follow the data; the best one depends on the texts, and the wrong one costs a lot."""

_N_JUDGES = 2  # folds whose held-out rows choose the penalty: both processors of a small machine are busy
_USUAL_TRIALS = 3


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

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> features = csr_array(np.float32([[1, 0], [0, 1]] * 10))
    >>> held_out_text_probs(features, np.array([0, 1] * 10), n_classes=2).argmax(axis=1)[:4]
    array([0, 1, 0, 1])
    """
    group_ids = np.arange(len(labels), dtype=np.int64) if groups is None else groups
    folds = assign_folds(labels, group_ids, n_folds=n_folds, random_state=random_state)
    split = Split(labels=labels, splits=FoldSplits(folds), n_classes=n_classes)
    trainers = [_trainer(features, labels, make_classifier, each) for each in inverse_penalties]
    with one_blas_thread(), ThreadPoolExecutor(max_workers=n_jobs) as pool:
        meter = Meter(progress=progress, planned=split.n_folds)
        parts = _choose_penalty(split, trainers, pool, meter)
        pred_probs = assemble(split, parts)
    labelled = labels != UNLABELLED
    temperature = fit_temperature(labels[labelled], pred_probs[labelled])
    return apply_temperature(pred_probs, temperature).astype(np.float32)


def _trainer(
    features: FeatureMatrix, labels: CodeArray, make_classifier: Callable[[float], Classifier], inverse_penalty: float
) -> FitPredict:
    def fit_predict(train_rows: IndexArray, wanted: IndexArray) -> tuple[CodeArray, ProbMatrix]:
        model = make_classifier(inverse_penalty)
        model.fit(features[train_rows], labels[train_rows])
        return model.classes_, model.predict_proba(features[wanted])

    return fit_predict


def _choose_penalty(split: Split, trainers: Sequence[FitPredict], pool: Executor, meter: Meter) -> dict[int, FoldProbs]:
    """Return the probabilities of every fold under the penalty that suits the first folds best."""
    judges = list(range(min(_N_JUDGES, split.n_folds)))
    others = list(range(len(judges), split.n_folds))
    start = len(trainers) // 2
    if len(trainers) == 1 or not judges:
        return train_folds(split, [*judges, *others], trainers[start], pool, meter, step="Training")
    tried: dict[int, dict[int, FoldProbs]] = {}
    held_out_labels = np.concatenate([split.labels[split.held_out(fold)] for fold in judges])
    meter.planned = len(judges) * _USUAL_TRIALS + len(others)

    def loss(position: int) -> float:
        tried[position] = train_folds(split, judges, trainers[position], pool, meter, step="Choosing settings on")
        return _log_loss(held_out_labels, np.concatenate([tried[position][fold][0] for fold in judges]))

    best = downhill(loss, n_settings=len(trainers), start=start)
    meter.planned = meter.done + len(others)
    return tried[best] | train_folds(split, others, trainers[best], pool, meter, step="Training")


def _log_loss(labels: CodeArray, pred_probs: ProbMatrix) -> float:
    """Return the log-loss after calibration, since calibration follows anyway."""
    calibrated = apply_temperature(pred_probs, fit_temperature(labels, pred_probs))
    given = calibrated[np.arange(len(labels)), labels]
    return -float(np.log(np.maximum(given, np.finfo(np.float64).tiny)).mean())
