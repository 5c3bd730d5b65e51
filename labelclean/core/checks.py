"""Labels and probabilities are checked here, once, at the public door of the core."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import CodeArray, ProbMatrix
from labelclean.core.chunks import row_chunks
from labelclean.errors import InvalidInputError

__all__ = ["PROBABILITY_TOLERANCE", "check_labels_and_pred_probs"]

PROBABILITY_TOLERANCE = 1e-6
"""How far below 0 or above 1 rounding may carry a probability."""


def check_labels_and_pred_probs(labels: ArrayLike, pred_probs: ArrayLike) -> tuple[CodeArray, ProbMatrix]:
    """
    Refuse labels and probabilities that the formulas cannot be applied to.

    Rows of ``pred_probs`` need not sum to 1: every formula of the core looks at single cells or their order.

    Parameters
    ----------
    labels : array-like of int, shape (n_examples,)
        Class codes, 0 to n_classes - 1; every row has one. Whole numbers of a float type are accepted.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Probabilities, 0 to 1 (rounding of 1e-6 is tolerated).

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
    """
    probs = _as_float_table(pred_probs)
    codes = _as_codes(labels)
    if len(codes) != len(probs):
        raise InvalidInputError(
            f"pred_probs must have one row for each of the {len(codes):,} labels; got shape {probs.shape}.",
            fix="Recompute them on the same rows.",
        )
    _check_code_range(codes, probs.shape[1])
    _check_values(probs)
    return codes, probs


def _as_float_table(pred_probs: ArrayLike) -> ProbMatrix:
    array = np.asarray(pred_probs)
    if array.ndim != 2 or array.shape[1] == 0:  # noqa: PLR2004  (a table has two axes)
        raise InvalidInputError(
            f"pred_probs must be a table with at least one column; got shape {array.shape}.",
            fix="Give one row per example and one column per class.",
        )
    if array.dtype.kind not in "fiub":
        raise InvalidInputError(f"pred_probs must hold numbers; got values of type {array.dtype}.")
    if array.dtype == np.float32:
        return array.astype(np.float32, copy=False)
    return array.astype(np.float64, copy=False)


def _as_codes(labels: ArrayLike) -> CodeArray:
    array = np.asarray(labels)
    if array.ndim != 1:
        raise InvalidInputError(f"labels must be a flat list of class codes; got shape {array.shape}.")
    if array.size == 0:
        return np.empty(0, dtype=np.int64)
    if array.dtype.kind == "f" and np.all(array == np.trunc(array)):
        array = array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise InvalidInputError(
            f"labels must be whole numbers; got values of type {array.dtype}.",
            fix="Use labelclean.audit for labels of any other kind.",
        )
    return array.astype(np.int64, copy=False)


def _check_code_range(codes: CodeArray, n_classes: int) -> None:
    bad = np.flatnonzero((codes < 0) | (codes >= n_classes))
    if bad.size:
        raise InvalidInputError(
            f"labels must be from 0 to {n_classes - 1:,}, one for each column of pred_probs; got {codes[bad[0]]:,} "
            f"in row {bad[0]:,} ({bad.size:,} such rows).",
            fix="Leave out rows without a label, and give pred_probs one column per class.",
        )


def _check_values(probs: ProbMatrix) -> None:
    n_bad, first = 0, -1
    for rows in row_chunks(probs):
        # A NaN makes both comparisons false, so it is caught with the values out of range.
        bad = ~_rows_in_range(probs[rows])
        if first < 0 and bad.any():
            first = rows.start + int(np.argmax(bad))
        n_bad += int(np.count_nonzero(bad))
    if n_bad:
        raise InvalidInputError(
            f"pred_probs must be numbers from 0 to 1; got NaN, infinite, negative or larger values in {n_bad:,} rows, "
            f"first in row {first:,}.",
            fix="Recompute the probabilities of these rows.",
        )


def _rows_in_range(probs: ProbMatrix) -> NDArray[np.bool_]:
    low, high = probs.min(axis=1), probs.max(axis=1)
    return np.asarray((low >= -PROBABILITY_TOLERANCE) & (high <= 1 + PROBABILITY_TOLERANCE))
