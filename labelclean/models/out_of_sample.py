"""Held-out class probabilities of any classifier: every row is judged by models that did not see it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, Label, ProbMatrix
from labelclean.errors import ConfigError, InvalidInputError
from labelclean.models.blas_threads import one_blas_thread
from labelclean.models.class_codes import class_values, code_labels
from labelclean.models.cv_splits import cv_splits
from labelclean.models.estimators import (
    check_trainable,
    checked_weights,
    class_probabilities,
    fresh_copy,
    weight_argument,
)
from labelclean.models.folds import FoldSplits, assign_folds, group_numbers, groups_of_labelled
from labelclean.models.held_out import Meter, Split, assemble, train_folds
from labelclean.models.rows import indexable_rows, n_rows, take_rows
from labelclean.protocols import Classifier, Progress, no_progress

__all__ = ["out_of_sample_pred_probs"]

_N_SEEDS = 2**32


def out_of_sample_pred_probs(
    estimator: Classifier,
    X: object,  # noqa: N803  (scikit-learn's own argument name)
    labels: object,
    *,
    class_names: Sequence[Label] | None = None,
    groups: object = None,
    n_folds: int = 5,
    n_repeats: int = 1,
    random_state: int | np.random.Generator = 0,
    n_jobs: int = 1,
    sample_weight: ArrayLike | None = None,
    cv: object = None,
    progress: Progress = no_progress,
) -> FloatArray:
    """
    Return the probabilities of each row under copies of a classifier trained without it.

    Confident learning needs such probabilities: a model knows the labels it was trained on, the wrong ones as well.

    Parameters
    ----------
    estimator : classifier
        Anything with scikit-learn's ``fit``, ``predict_proba`` and ``classes_``: a Pipeline that begins with a
        vectoriser, a search, a model of your own. It may be trained already; only untrained copies of it are, and it
        is never changed. A ``random_state`` of None in it is filled from this function's. Labels reach it as they
        are if all are text, whole numbers or bools, otherwise as codes.
    X : array, sparse matrix, DataFrame, Series or list, length n_examples
        The rows, of the kind the classifier is trained on; also a list of texts.
    labels : sequence of hashable or None, length n_examples
        The given labels. Rows with ``None``, NaN or empty text are never trained on; they get the mean of the folds'
        probabilities.
    class_names : sequence of hashable, optional
        The columns wanted; some may never be given. Without it the distinct labels in the order of ``Dataset``:
        numbers by value, then text by code point.
    groups : sequence of hashable, length n_examples, optional
        Rows with the same value are held out together, such as duplicates or texts of one author; without it, every
        row on its own.
    n_folds : int, default=5
        Wanted number of folds, 2 or more; fewer where there are fewer groups with a label. Classes are spread evenly.
    n_repeats : int, default=1
        Cross-validations with other folds, 1 or more; the result is their mean.
    random_state : int or Generator, default=0
        Seed of the folds and of the copies.
    n_jobs : int, default=1
        Folds trained at the same time, in threads; the result does not depend on it.
    sample_weight : array-like of float, shape (n_examples,), optional
        Weights handed to ``fit``, 0 or more. A row of weight 0 is treated like one without a label.
    cv : int, splitter, or iterable of (train, test), optional
        Who is held out when, as ``sklearn.model_selection.check_cv`` takes it, in place of ``n_folds`` and
        ``n_repeats``, which then do not count. A splitter sees the rows that have a label and weigh something;
        ``groups`` are handed to it. A row in several test parts gets the mean.
    progress : Progress
        Told after each training; it may raise ``RunCancelledError``.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        0 to 1; every row sums to 1. A class that is missing from the training rows of a fold (its only row is held
        out, or it is never given) gets a probability of one row in ``n_train + n_classes`` there, with ``n_train``
        the sum of their weights. Without any label every class is equally likely.

    Raises
    ------
    InvalidInputError
        If the classifier gives no probabilities, cannot be trained anew or takes no weights though some are given,
        or lengths and values of the data do not fit, or ``cv`` never holds out some row.
    ConfigError
        If a number of folds, repeats or threads is out of range.
    RunCancelledError
        If ``progress`` raises it; trainings not yet begun are dropped.

    Notes
    -----
    While it runs, BLAS is limited to one thread for the whole process, and set back afterwards. The work of
    ``n_folds * n_repeats`` trainings. Some of scikit-learn's ensembles swap the warning filters of the process while
    they work and may not put them back when several are trained at once: give these threads of their own, and leave
    ``n_jobs`` at 1 here.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3: the probabilities it takes for granted.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> X = np.array([[0.0], [0.2], [0.1], [0.9], [1.0], [0.8]])
    >>> probs = out_of_sample_pred_probs(LogisticRegression(C=100), X, ["no", "no", "no", "yes", "yes", "yes"])
    >>> probs.argmax(axis=1)
    array([0, 0, 0, 1, 1, 1])
    """
    _check_counts(n_folds=n_folds, n_repeats=n_repeats, n_jobs=n_jobs)
    check_trainable(estimator)
    rows = indexable_rows(X)
    coded = code_labels(labels, class_names=class_names)
    _check_sizes(n_rows(rows), len(coded.codes), len(coded.class_names))
    values = class_values(coded.class_names)
    weights = checked_weights(sample_weight, len(coded.codes), estimator)
    codes = coded.codes if weights is None else np.where(weights > 0, coded.codes, UNLABELLED)
    task = _Task(
        estimator=estimator,
        rows=rows,
        targets=values[coded.codes],
        class_codes={value: code for code, value in enumerate(values.tolist())},
        weights=weights,
    )
    group_ids = groups_of_labelled(group_numbers(groups, len(codes)), codes)
    named_groups = None if groups is None else group_ids
    chosen = None if cv is None else cv_splits(cv, rows, codes, codes != UNLABELLED, groups=named_groups)
    n_rounds = n_repeats if chosen is None else 1
    seeds = np.random.default_rng(random_state).integers(_N_SEEDS, size=n_rounds).tolist()
    total = np.zeros((len(codes), len(coded.class_names)))
    meter = Meter(progress=progress, planned=n_folds * n_rounds)
    with one_blas_thread(), ThreadPoolExecutor(max_workers=n_jobs) as pool:
        for number, seed in enumerate(seeds, start=1):
            splits = chosen or FoldSplits(assign_folds(codes, group_ids, n_folds=n_folds, random_state=seed))
            split = Split(labels=codes, splits=splits, n_classes=len(coded.class_names), weights=weights)
            meter.planned = split.n_folds * n_rounds
            step = "Training" if n_rounds == 1 else f"Round {number} of {n_rounds}: training"
            trainer = _Trainer(task=task, seed=seed)
            total += assemble(split, train_folds(split, range(split.n_folds), trainer, pool, meter, step=step))
    return total / n_rounds


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Task:
    """What is trained on what; the same for every fold and every repeat."""

    estimator: Classifier
    rows: object
    targets: NDArray[np.generic]
    class_codes: dict[object, int]
    weights: FloatArray | None


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Trainer:
    """Trains a fresh copy on some rows and lets it judge others; all copies of a repeat have the same seed."""

    task: _Task
    seed: int

    def __call__(self, train_rows: IndexArray, wanted: IndexArray) -> tuple[CodeArray, ProbMatrix]:
        task = self.task
        model = cast("Any", fresh_copy(task.estimator, seed=self.seed))
        extra = {} if task.weights is None else {str(weight_argument(model)): task.weights[train_rows]}
        model.fit(take_rows(task.rows, train_rows), task.targets[train_rows], **extra)
        probs = class_probabilities(model, take_rows(task.rows, wanted))
        return _codes_of(model, task.class_codes), probs


def _codes_of(model: Classifier, class_codes: dict[object, int]) -> CodeArray:
    values = np.asarray(model.classes_).tolist()
    unknown = [value for value in values if value not in class_codes]
    if unknown:
        raise InvalidInputError(
            f"classes_ must be classes it was trained on; {type(model).__name__} has {len(unknown):,} others."
        )
    return np.array([class_codes[value] for value in values], dtype=np.int64)


def _check_counts(**counts: object) -> None:
    least = {"n_folds": 2, "n_repeats": 1, "n_jobs": 1}
    for name, value in counts.items():
        is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not is_whole or int(cast("int", value)) < least[name]:
            raise ConfigError(f"{name} must be a whole number, {least[name]} or more; got {value!r}.")


def _check_sizes(n_examples: int, n_labels: int, n_classes: int) -> None:
    if n_examples != n_labels:
        raise InvalidInputError(
            f"X must have one row for each of the {n_labels:,} labels; got {n_examples:,} rows.",
            fix="Give one label per row; use None where there is none.",
        )
    if n_classes == 0:
        raise InvalidInputError(
            f"At least one row must have a label; got {n_labels:,} rows without.",
            fix="Label some, or name the classes.",
        )
