"""Labels and probabilities are checked here, once, at the public door of the core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import CodeArray, Label, ProbMatrix
from labelclean.core.chunks import row_chunks
from labelclean.core.labels import encode_labels
from labelclean.errors import InvalidInputError

__all__ = [
    "PROBABILITY_TOLERANCE",
    "CheckedExamples",
    "check_examples",
    "check_labels_and_pred_probs",
    "check_pred_probs",
    "column_names",
    "refuse_bad_probabilities",
]

PROBABILITY_TOLERANCE = 1e-6
"""How far below 0 or above 1 rounding may carry a probability."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CheckedExamples:
    """
    Labels and probabilities whose shapes and types fit; the values are looked at by whoever reads them first.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Class codes, 0 to n_classes - 1.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Probabilities in half, single or double precision, in any memory order: the caller's own array.
    class_names : tuple of hashable, length n_classes
        The class of each column; the codes themselves where the labels are codes.
    """

    labels: CodeArray
    pred_probs: NDArray[np.floating]
    class_names: tuple[Label, ...]

    @property
    def n_examples(self) -> int:
        """Number of rows."""
        return len(self.labels)

    @property
    def n_classes(self) -> int:
        """Number of columns of the probabilities."""
        return int(self.pred_probs.shape[1])


def check_examples(
    labels: ArrayLike | Sequence[Label], pred_probs: ArrayLike, *, class_names: Sequence[Label] | None = None
) -> CheckedExamples:
    """
    Refuse labels and probabilities whose shapes or types do not fit; no probability is looked at yet.

    Rows of ``pred_probs`` need not sum to 1: every formula of the core looks at single cells or their order.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        One label per row; see ``labels.encode_labels``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Probabilities; a pandas DataFrame whose columns are named names the classes.
    class_names : sequence of hashable, optional
        The class of each column.

    Returns
    -------
    CheckedExamples
        Class codes, and the caller's own array of probabilities where it is one.

    Raises
    ------
    InvalidInputError
        If shapes, types or labels break these rules.

    Examples
    --------
    >>> check_examples(["ham", "spam"], [[0.9, 0.1], [0.2, 0.8]]).labels
    array([0, 1])
    """
    probs = check_pred_probs(pred_probs)
    named = column_names(pred_probs) if class_names is None else class_names
    codes, names = encode_labels(labels, probs.shape[1], class_names=named)
    if len(codes) != len(probs):
        raise InvalidInputError(
            f"pred_probs must have one row for each of the {len(codes):,} labels; got shape {probs.shape}.",
            fix="Recompute them on the same rows.",
        )
    return CheckedExamples(labels=codes, pred_probs=probs, class_names=names)


def check_labels_and_pred_probs(
    labels: ArrayLike | Sequence[Label], pred_probs: ArrayLike, *, class_names: Sequence[Label] | None = None
) -> tuple[CodeArray, ProbMatrix]:
    """
    Refuse labels and probabilities that the formulas cannot be applied to, looking at every value.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        One label per row; see ``labels.encode_labels``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Probabilities, 0 to 1 (rounding of 1e-6 is tolerated).
    class_names : sequence of hashable, optional
        The class of each column.

    Returns
    -------
    labels : ndarray of int64, shape (n_examples,)
        The codes.
    pred_probs : ndarray of float32 or float64, shape (n_examples, n_classes)
        The probabilities; the caller's own array where its type already fits, and never written to.

    Raises
    ------
    InvalidInputError
        If shapes, types or values break these rules; the message counts the bad rows and names the first.

    Examples
    --------
    >>> codes, probs = check_labels_and_pred_probs([0, 1], [[1, 0], [0, 1]])
    >>> probs.dtype
    dtype('float64')
    """
    examples = check_examples(labels, pred_probs, class_names=class_names)
    refuse_bad_probabilities(examples.pred_probs)
    if examples.pred_probs.dtype == np.float32:
        return examples.labels, examples.pred_probs.astype(np.float32, copy=False)
    return examples.labels, examples.pred_probs.astype(np.float64, copy=False)


def check_pred_probs(pred_probs: ArrayLike) -> NDArray[np.floating]:
    """
    Refuse probabilities that are no table of numbers; no value is looked at yet.

    Parameters
    ----------
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Probabilities.

    Returns
    -------
    ndarray of float, shape (n_examples, n_classes)
        The caller's own array where it holds floats, of whatever precision.

    Raises
    ------
    InvalidInputError
        If it has not two axes, no column, or no numbers.

    Examples
    --------
    >>> check_pred_probs([[1, 0]])
    array([[1., 0.]])
    """
    if np.ma.is_masked(pred_probs):
        pred_probs = np.ma.filled(np.ma.asarray(pred_probs).astype(np.float64), np.nan)
    try:
        array = np.asarray(pred_probs)
    except ValueError as error:
        raise InvalidInputError(
            "pred_probs must have rows of the same length.", fix="Give one column per class in every row."
        ) from error
    if array.ndim != 2 or array.shape[1] == 0:  # noqa: PLR2004  (a table has two axes)
        raise InvalidInputError(
            f"pred_probs must be a table with at least one column; got shape {array.shape}.",
            fix="Give one row per example and one column per class.",
        )
    if array.dtype.kind == "f":
        # Extended precision has no place on most machines; it becomes double.
        return array.astype(np.float64) if array.itemsize > np.dtype(np.float64).itemsize else array
    if array.dtype.kind not in "iub":
        raise InvalidInputError(f"pred_probs must hold numbers; got values of type {array.dtype}.")
    return array.astype(np.float64)


def refuse_bad_probabilities(pred_probs: NDArray[np.floating]) -> None:
    """
    Refuse values that are no probabilities.

    Parameters
    ----------
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        The table.

    Returns
    -------
    None
        If every value is one.

    Raises
    ------
    InvalidInputError
        If there are NaN, infinite or negative values or values above 1; the message counts the rows that have one
        and names the first.

    Examples
    --------
    >>> refuse_bad_probabilities(np.array([[0.5, np.nan]]))
    Traceback (most recent call last):
    labelclean.errors.InvalidInputError: pred_probs must be numbers from 0 to 1; got NaN, infinite, negative or larger
    values in 1 rows, first in row 0. Recompute the probabilities of these rows.
    """
    n_bad, first = 0, -1
    for rows in row_chunks(pred_probs):
        # A NaN makes both comparisons false, so it is caught with the values out of range.
        low, high = pred_probs[rows].min(axis=1), pred_probs[rows].max(axis=1)
        bad = ~((low >= -PROBABILITY_TOLERANCE) & (high <= 1 + PROBABILITY_TOLERANCE))
        if first < 0 and bad.any():
            first = rows.start + int(np.argmax(bad))
        n_bad += int(np.count_nonzero(bad))
    if n_bad:
        raise InvalidInputError(
            f"pred_probs must be numbers from 0 to 1; got NaN, infinite, negative or larger values in {n_bad:,} rows, "
            f"first in row {first:,}.",
            fix="Recompute the probabilities of these rows.",
        )


def column_names(table: object) -> tuple[Label, ...] | None:
    """
    Return the classes that the columns of a table are named after.

    Parameters
    ----------
    table : array-like or DataFrame
        Probabilities; only a DataFrame names its columns.

    Returns
    -------
    tuple of hashable or None
        The names; None where there are none, or where they only number the columns.

    Examples
    --------
    >>> import pandas as pd
    >>> column_names(pd.DataFrame([[0.5, 0.5]], columns=["cat", "dog"]))
    ('cat', 'dog')
    """
    columns = getattr(table, "columns", None)
    if columns is None or not hasattr(columns, "tolist"):
        return None
    names = tuple(columns.tolist())
    return None if names == tuple(range(len(names))) else names
