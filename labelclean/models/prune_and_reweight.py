"""Training on the labels thought right: which rows are kept, and what each of them weighs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, FloatArray, IndexArray, MaskArray, ProbMatrix
from labelclean.models.blas_threads import one_blas_thread
from labelclean.models.estimators import class_probabilities, weight_argument
from labelclean.models.rows import n_rows, take_rows
from labelclean.protocols import Classifier
from labelclean.results import NoiseEstimate

__all__ = ["Given", "Trained", "class_columns", "row_weights", "train_on_kept"]

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Given:
    """
    What fit was given, checked; the same rows in all of it.

    Attributes
    ----------
    rows : object
        As ``indexable_rows`` gives them.
    groups : object
        Rows with the same value are held out together; None where each row is on its own.
    weights : ndarray of float64, shape (n_examples,), or None
        The caller's weights.
    pred_probs : ndarray of float, shape (n_examples, n_classes), or None
        Held-out probabilities.
    is_issue : ndarray of bool, shape (n_examples,) or (n_examples, n_labels), or None
        True where the label is known to be wrong.
    noise : NoiseEstimate or None
        What was found with ``is_issue``.
    noise_matrix : ndarray of float64, shape (n_classes, n_classes) or (n_labels, 2, 2), or None
        P(given | true), indexed [given, true].
    splits : tuple of (ndarray, ndarray) or None
        The rows held out together, as ``cv_splits`` gives them; None where they are dealt to folds.
    """

    rows: object
    groups: object
    weights: FloatArray | None
    pred_probs: FloatArray | None
    is_issue: MaskArray | None
    noise: NoiseEstimate | None
    noise_matrix: FloatArray | None
    splits: tuple[tuple[IndexArray, IndexArray], ...] | None

    def present(self) -> MaskArray | slice:
        """Return the rows that weigh something."""
        return slice(None) if self.weights is None else self.weights > 0

    def kept_weights(self, is_issue: MaskArray | None) -> FloatArray:
        """Return the weight of each row, 0 where its label is wrong."""
        weights = np.ones(n_rows(self.rows)) if self.weights is None else self.weights
        return weights if is_issue is None else np.where(is_issue, 0.0, weights)

    def of_label(self, label: int) -> Given:
        """Return what concerns one label of multi-label data, as two classes: 0 absent, 1 present."""
        probs, issues, matrices = self.pred_probs, self.is_issue, self.noise_matrix
        return replace(
            self,
            pred_probs=None if probs is None else np.column_stack([1.0 - probs[:, label], probs[:, label]]),
            is_issue=None if issues is None else issues[:, label],
            noise_matrix=None if matrices is None else matrices[label],
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Trained:
    """
    One trained classifier, and what it was trained on.

    Attributes
    ----------
    estimator : Classifier
        The classifier.
    noise : NoiseEstimate or None
        The noise its rows were chosen by.
    is_issue : ndarray of bool, shape (n_examples,)
        True where the row was left out.
    weights : ndarray of float64, shape (n_examples,)
        The rows' weights, 0 where left out.
    """

    estimator: Classifier
    noise: NoiseEstimate | None
    is_issue: MaskArray
    weights: FloatArray


def row_weights(
    codes: CodeArray, kept_weights: FloatArray, *, noise_matrix: ProbMatrix | None, max_weight: float
) -> FloatArray:
    """
    Return what each row weighs in training.

    A row of class k that is kept stands for all that are truly of class k, of which only the share P(given k | true k)
    kept their label; so it weighs one over that.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_examples,)
        Given class codes.
    kept_weights : ndarray of float64, shape (n_examples,)
        How many rows each row counts for, less what is thought wrong, which the class's weight multiplies.
    noise_matrix : ndarray of float64, shape (n_classes, n_classes), or None
        P(given | true), indexed [given, true]; None where no class weighs more than another.
    max_weight : float
        No class weighs more than this.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        0 where nothing is kept.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3: classes are weighted by P(true k)
    over P(given k, true k).

    Examples
    --------
    >>> noise = np.array([[0.5, 0.0], [0.5, 1.0]])
    >>> row_weights(np.array([0, 1, 1]), np.array([1.0, 1.0, 0.0]), noise_matrix=noise, max_weight=10)
    array([2., 1., 0.])
    """
    if noise_matrix is None:
        return kept_weights.copy()
    return np.asarray(kept_weights * (1.0 / np.maximum(noise_matrix.diagonal(), 1.0 / max_weight))[codes])


def train_on_kept(
    model: _T, rows: object, values: NDArray[np.generic], kept: IndexArray, *, weights: FloatArray | None
) -> _T:
    """
    Train a classifier on some of the rows.

    Parameters
    ----------
    model : classifier
        Untrained; it is trained in place.
    rows : object
        As ``indexable_rows`` gives them.
    values : ndarray, shape (n_examples,)
        The given labels.
    kept : ndarray of int64
        Positions of the rows to train on.
    weights : ndarray of float64, shape (n_examples,), or None
        Weights of all rows; None for a classifier that takes none, or where all are the same.

    Returns
    -------
    classifier
        The same, trained.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> model = train_on_kept(
    ...     DummyClassifier(), np.zeros((3, 1)), np.array(["a", "b", "b"]), np.array([0]), weights=None
    ... )
    >>> model.classes_
    array(['a'], dtype='<U1')
    """
    extra = {} if weights is None else {str(weight_argument(model)): weights[kept]}
    with one_blas_thread():
        cast("Any", model).fit(take_rows(rows, kept), values[kept], **extra)
    return model


def class_columns(model: object, X: object, classes: NDArray[np.generic]) -> FloatArray:  # noqa: N803
    """
    Return the probabilities of some classes, whether or not a classifier knows them.

    Parameters
    ----------
    model : classifier
        A trained classifier.
    X : object
        The rows.
    classes : ndarray, shape (n_classes,)
        The classes wanted, ascending; among them all that the classifier knows.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        0 for a class the classifier does not know; every row sums to 1.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> class_columns(DummyClassifier().fit([[0]], [2]), [[0]], np.array([1, 2, 3]))
    array([[0., 1., 0.]])
    """
    classifier = cast("Classifier", model)
    found = class_probabilities(classifier, X)
    probs = np.zeros((len(found), len(classes)))
    probs[:, np.searchsorted(classes, classifier.classes_)] = found
    return probs
