"""Labels and noise matrices as the noise-robust classifiers are given them: one class per row, or a set of labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from labelclean.arrays import CodeArray, FloatArray, freeze_fields
from labelclean.errors import InvalidInputError

__all__ = ["Targets", "check_noise_matrix", "check_pred_probs", "check_targets"]

_SUM_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Targets:
    """
    What is to be learnt.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_examples,) or (n_examples, n_labels)
        Class codes, positions in ``classes``; for multi-label data 1 where a label was given, else 0.
    classes : ndarray, shape (n_classes,)
        The distinct labels, ascending; for multi-label data 0, 1, ..., n_labels - 1.
    """

    codes: CodeArray
    classes: NDArray[np.generic]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def is_multi_label(self) -> bool:
        """Whether a row has a set of labels rather than one class."""
        return self.codes.ndim > 1

    @property
    def n_classes(self) -> int:
        """Number of columns of the probabilities."""
        return len(self.classes)


def check_targets(y: object) -> Targets:
    """
    Tell classes from sets of labels.

    Parameters
    ----------
    y : array-like, shape (n_examples,), or indicator matrix (dense or sparse), shape (n_examples, n_labels)
        One class per row, or for each row and label 1 where the label was given and 0 where not.

    Returns
    -------
    Targets
        Codes and classes.

    Raises
    ------
    ValueError
        If these are no classes: numbers with fractions, missing values, several classes per row.

    Examples
    --------
    >>> check_targets(["b", "a", "b"]).codes
    array([1, 0, 1])
    >>> check_targets([[1, 0, 1], [0, 0, 0]]).is_multi_label
    True
    """
    check_classification_targets(y)
    if type_of_target(y) == "multilabel-indicator":
        table = cast("Any", y).toarray() if sparse.issparse(y) else np.asarray(y)
        return Targets(codes=(table != 0).astype(np.int64), classes=np.arange(table.shape[1]))
    classes, codes = np.unique(column_or_1d(y, warn=True), return_inverse=True)
    return Targets(codes=codes.astype(np.int64), classes=classes)


def check_noise_matrix(noise_matrix: ArrayLike, targets: Targets) -> FloatArray:
    """
    Refuse what is no matrix of P(given | true).

    Parameters
    ----------
    noise_matrix : array-like of float, shape (n_classes, n_classes) or (n_labels, 2, 2)
        Indexed [given, true], for multi-label data [label, given, true] where 1 means the label applies; 0 to 1,
        every column sums to 1.
    targets : Targets
        The labels it is for.

    Returns
    -------
    ndarray of float64
        The same, columns summing to 1 exactly.

    Raises
    ------
    InvalidInputError
        If shape or values do not fit.

    Examples
    --------
    >>> check_noise_matrix([[0.9, 0.2], [0.1, 0.8]], check_targets([0, 1]))
    array([[0.9, 0.2],
           [0.1, 0.8]])
    """
    matrix = np.asarray(noise_matrix, dtype=np.float64)
    n_classes = targets.n_classes
    wanted = (n_classes, 2, 2) if targets.is_multi_label else (n_classes, n_classes)
    if matrix.shape != wanted:
        raise InvalidInputError(
            f"noise_matrix must have shape {wanted}; got {matrix.shape}.",
            fix="Give P(given | true), indexed [given, true], for the classes of y in ascending order.",
        )
    sums = matrix.sum(axis=-2, keepdims=True)
    if not ((matrix >= 0).all() and (np.abs(sums - 1.0) <= _SUM_TOLERANCE).all()):
        raise InvalidInputError(
            "noise_matrix must hold numbers from 0 to 1, every column (true class) summing to 1; got "
            f"column sums from {sums.min():.4g} to {sums.max():.4g}.",
            fix="Index it [given, true]; transpose it if its rows sum to 1.",
        )
    return np.asarray(matrix / sums)


def check_pred_probs(pred_probs: ArrayLike, targets: Targets) -> FloatArray:
    """
    Refuse held-out probabilities of another shape than the labels'.

    Parameters
    ----------
    pred_probs : array-like of float, shape (n_examples, n_classes)
        For multi-label data the probability of each label on its own, so that rows need not sum to 1.
    targets : Targets
        The labels they are for.

    Returns
    -------
    ndarray of float, shape (n_examples, n_classes)
        The same; the values are checked where they are used.

    Raises
    ------
    InvalidInputError
        If the shape does not fit.

    Examples
    --------
    >>> check_pred_probs([[0.9, 0.1], [0.3, 0.7]], check_targets(["a", "b"]))
    array([[0.9, 0.1],
           [0.3, 0.7]])
    """
    probs = np.asarray(pred_probs)
    wanted = (len(targets.codes), targets.n_classes)
    if probs.shape != wanted:
        raise InvalidInputError(
            f"pred_probs must have one row per example and one column per class of y, {wanted}; got {probs.shape}.",
            fix="Recompute them on the same rows, with the classes in ascending order.",
        )
    return probs
