"""Counts of given label against estimated true class, from held-out probabilities of a linear classifier."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from labelclean.arrays import UNLABELLED, CodeArray, FeatureMatrix, FloatArray, IndexArray
from labelclean.models.channels import LabelChannel
from labelclean.models.folds import FoldSplits, Splits, assign_folds, group_numbers, groups_of_labelled
from labelclean.models.linear import Weights, linear_scores
from labelclean.models.logistic import SoftmaxRegression
from labelclean.models.noisy_problem import Problem
from labelclean.models.out_of_sample import out_of_sample_pred_probs
from labelclean.models.targets import Targets
from labelclean.models.weighted_issues import weighted_label_issues

__all__ = ["held_out_linear_probs", "mean_over_splits", "noise_counts", "shares_of_true", "target_folds"]


def held_out_linear_probs(
    features: FeatureMatrix,
    targets: Targets,
    *,
    inverse_penalty: float,
    groups: object = None,
    n_folds: int = 5,
    random_state: int = 0,
    n_jobs: int = 1,
    sample_weight: FloatArray | None = None,
    splits: Splits | None = None,
) -> FloatArray:
    """
    Return the probabilities of each row under logistic regressions trained without it.

    Parameters
    ----------
    features : csr_array of float32 or float64, shape (n_examples, n_features)
        The rows.
    targets : Targets
        Their given labels.
    inverse_penalty : float
        Weight of the data against the penalty, above 0.
    groups : sequence of hashable, length n_examples, optional
        Rows with the same value are held out together.
    n_folds, n_jobs : int
        As for ``out_of_sample_pred_probs``.
    random_state : int, default=0
        Seed of the folds.
    sample_weight : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for; rows of weight 0 are not there.
    splits : Splits, optional
        The rows held out together, in place of folds.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        For multi-label data the probability of each label on its own; rows with the same set of labels are spread
        evenly over the folds.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from labelclean.models.targets import check_targets
    >>> features = csr_array(np.float32([[1, 0], [0, 1]] * 5))
    >>> probs = held_out_linear_probs(features, check_targets([[1, 0], [0, 1]] * 5), inverse_penalty=10.0)
    >>> (probs > 0.5)[:2]
    array([[ True, False],
           [False,  True]])
    """
    if not targets.is_multi_label:
        return out_of_sample_pred_probs(
            SoftmaxRegression(inverse_penalty),
            features,
            targets.codes,
            class_names=range(targets.n_classes),
            groups=groups,
            n_folds=n_folds,
            random_state=random_state,
            n_jobs=n_jobs,
            sample_weight=sample_weight,
            cv=None if splits is None else [splits[fold] for fold in range(len(splits))],
        )
    weights = np.ones(len(targets.codes)) if sample_weight is None else sample_weight
    if splits is None:
        folds = target_folds(
            targets, groups=groups, n_folds=n_folds, random_state=random_state, sample_weight=sample_weight
        )
        splits = FoldSplits(folds)

    def judge(_number: int, train_rows: IndexArray, held_out: IndexArray) -> FloatArray:
        fitted = _fit_as_given(
            features[train_rows], targets.codes[train_rows], weights[train_rows], inverse_penalty=inverse_penalty
        )
        return np.asarray(expit(linear_scores(features[held_out], fitted).astype(np.float64)))

    return mean_over_splits(judge, splits, shape=targets.codes.shape, n_jobs=n_jobs)


def mean_over_splits(
    judge: Callable[[int, IndexArray, IndexArray], NDArray[np.floating]],
    splits: Splits,
    *,
    shape: tuple[int, ...],
    n_jobs: int = 1,
) -> FloatArray:
    """
    Put what is said of the rows held out on these rows.

    Parameters
    ----------
    judge : callable
        Given the number of the split, the rows to train on and the rows to judge, returns a table with a line for
        each of the latter; called in threads.
    splits : Splits
        The rows held out together.
    shape : (int, int)
        Number of rows and columns wanted.
    n_jobs : int, default=1
        Splits judged at the same time.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_columns)
        A row held out several times gets the mean, one never held out zeros.

    Examples
    --------
    >>> def sizes(number, train_rows, held_out):
    ...     return np.full((len(held_out), 1), len(train_rows))
    >>> mean_over_splits(sizes, FoldSplits(np.array([0, 1, 1])), shape=(3, 1)).ravel()
    array([2., 1., 1.])
    """
    total, n_times = np.zeros(shape), np.zeros(shape[0], dtype=np.int64)
    with ThreadPoolExecutor(max_workers=n_jobs) as pool:
        judged = list(pool.map(lambda number: judge(number, *splits[number]), range(len(splits))))
    for number, said in enumerate(judged):
        held_out = splits[number][1]
        total[held_out] += said
        n_times[held_out] += 1
    return total / np.maximum(n_times, 1)[:, np.newaxis]


def target_folds(
    targets: Targets,
    *,
    groups: object = None,
    n_folds: int = 5,
    random_state: int = 0,
    sample_weight: FloatArray | None = None,
) -> IndexArray:
    """
    Deal rows to folds; for multi-label data rows with the same set of labels are spread evenly.

    Parameters
    ----------
    targets : Targets
        The given labels.
    groups : sequence of hashable, length n_examples, optional
        Rows with the same value share a fold.
    n_folds : int, default=5
        Wanted number of folds.
    random_state : int, default=0
        Seed of the shuffle.
    sample_weight : ndarray of float64, shape (n_examples,), optional
        Rows of weight 0 are not there.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Fold of each row, from 0 and without gaps; -1 for rows that are not there.

    Examples
    --------
    >>> from labelclean.models.targets import check_targets
    >>> sorted(target_folds(check_targets([[1, 0], [1, 0]]), n_folds=2).tolist())
    [0, 1]
    """
    codes = targets.codes
    if targets.is_multi_label:
        codes = np.unique(codes, axis=0, return_inverse=True)[1].ravel().astype(np.int64)
    if sample_weight is not None:
        codes = np.where(sample_weight > 0, codes, UNLABELLED)
    group_ids = groups_of_labelled(group_numbers(groups, len(codes)), codes)
    return assign_folds(codes, group_ids, n_folds=n_folds, random_state=random_state)


def noise_counts(targets: Targets, pred_probs: ArrayLike, sample_weight: FloatArray | None = None) -> FloatArray:
    """
    Count given labels against estimated true ones, by confident learning.

    Parameters
    ----------
    targets : Targets
        The given labels.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities.
    sample_weight : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for.

    Returns
    -------
    ndarray of float64, shape (n_classes, n_classes) or (n_labels, 2, 2)
        The confident joint, indexed [given, true]; for multi-label data [label, given, true].

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3.1.

    Examples
    --------
    >>> from labelclean.models.targets import check_targets
    >>> probs = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])
    >>> noise_counts(check_targets([0, 0, 1, 1, 1]), probs)
    array([[2., 0.],
           [1., 2.]])
    """
    probs = np.asarray(pred_probs)
    if not targets.is_multi_label:
        found = weighted_label_issues(targets.codes, probs, sample_weight)
        return found.noise.confident_joint.astype(np.float64)
    return np.array(
        [
            weighted_label_issues(codes, np.column_stack([1.0 - present, present]), sample_weight).noise.confident_joint
            for codes, present in zip(targets.codes.T, probs.T, strict=True)
        ],
        dtype=np.float64,
    )


def shares_of_true(counts: FloatArray) -> FloatArray:
    """
    Turn counts into a noise matrix.

    Parameters
    ----------
    counts : ndarray of float64, shape (..., n_classes, n_classes)
        0 or more, indexed [..., given, true].

    Returns
    -------
    ndarray of float64
        P(given | true): every column sums to 1. A class that nothing was counted for keeps its label.

    Examples
    --------
    >>> shares_of_true(np.array([[3.0, 0.0], [1.0, 0.0]]))
    array([[0.75, 0.  ],
           [0.25, 1.  ]])
    """
    totals = counts.sum(axis=-2, keepdims=True)
    identity = np.broadcast_to(np.eye(counts.shape[-1]), counts.shape)
    return np.where(totals > 0, counts / np.where(totals > 0, totals, 1.0), identity)


def _fit_as_given(features: FeatureMatrix, codes: CodeArray, weights: FloatArray, *, inverse_penalty: float) -> Weights:
    """Train on sets of labels taken as they are, all labels at once; without rows every label is as likely as not."""
    untouched = np.tile(np.eye(2), (codes.shape[1], 1, 1))
    if not weights.any():
        return np.zeros((features.shape[1] + 1, codes.shape[1]), dtype=features.dtype)
    problem = Problem(
        features=features,
        channel=LabelChannel(codes=codes, noise_matrix=untouched),
        weights=weights,
        penalty=1.0 / (inverse_penalty * weights.sum()),
    )
    return problem.fit_true(codes.astype(features.dtype), problem.start())
