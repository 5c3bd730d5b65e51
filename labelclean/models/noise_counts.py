"""Counts of given label against estimated true class, from held-out probabilities of a linear classifier."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from labelclean.arrays import CodeArray, FeatureMatrix, FloatArray, IndexArray
from labelclean.core.label_issues import find_label_issues
from labelclean.models.channels import LabelChannel
from labelclean.models.folds import assign_folds, group_numbers
from labelclean.models.linear import Weights, linear_scores
from labelclean.models.logistic import SoftmaxRegression
from labelclean.models.noisy_problem import Problem
from labelclean.models.out_of_sample import out_of_sample_pred_probs
from labelclean.models.targets import Targets

__all__ = ["held_out_linear_probs", "noise_counts", "shares_of_true", "target_folds"]


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
) -> FloatArray:
    """
    Return the probabilities of each row under logistic regressions trained without it.

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
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
        Weights of the rows.

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
        )
    folds = target_folds(targets, groups=groups, n_folds=n_folds, random_state=random_state)
    weights = np.ones(len(folds)) if sample_weight is None else sample_weight
    probs = np.zeros(targets.codes.shape)

    def judge(fold: int) -> None:
        train_rows, held_out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        fitted = _fit_as_given(
            features[train_rows], targets.codes[train_rows], weights[train_rows], inverse_penalty=inverse_penalty
        )
        probs[held_out] = expit(linear_scores(features[held_out], fitted).astype(np.float64))

    with ThreadPoolExecutor(max_workers=n_jobs) as pool:
        list(pool.map(judge, range(int(folds.max(initial=-1)) + 1)))
    return probs


def target_folds(targets: Targets, *, groups: object = None, n_folds: int = 5, random_state: int = 0) -> IndexArray:
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

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Fold of each row, from 0 and without gaps.

    Examples
    --------
    >>> from labelclean.models.targets import check_targets
    >>> sorted(target_folds(check_targets([[1, 0], [1, 0]]), n_folds=2).tolist())
    [0, 1]
    """
    codes = targets.codes
    if targets.is_multi_label:
        codes = np.unique(codes, axis=0, return_inverse=True)[1].ravel().astype(np.int64)
    return assign_folds(codes, group_numbers(groups, len(codes)), n_folds=n_folds, random_state=random_state)


def noise_counts(targets: Targets, pred_probs: ArrayLike) -> FloatArray:
    """
    Count given labels against estimated true ones, by confident learning.

    Parameters
    ----------
    targets : Targets
        The given labels.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities.

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
        return find_label_issues(targets.codes, probs).noise.confident_joint.astype(np.float64)
    return np.array(
        [
            find_label_issues(codes, np.column_stack([1.0 - present, present])).noise.confident_joint
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
        return np.zeros((features.shape[1] + 1, codes.shape[1]), dtype=np.float32)
    problem = Problem(
        features=features,
        channel=LabelChannel(codes=codes, noise_matrix=untouched),
        weights=weights,
        penalty=1.0 / (inverse_penalty * weights.sum()),
    )
    return problem.fit_true(codes.astype(np.float32), problem.start())
