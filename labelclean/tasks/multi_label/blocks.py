"""Probabilities of independent classes: checked, and handed out block by block in the layout the formulas want."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import FloatArray, ProbMatrix
from labelclean.core.checks import PROBABILITY_TOLERANCE
from labelclean.core.chunks import CHUNK_BYTES, row_chunks
from labelclean.errors import InvalidInputError

__all__ = ["as_table", "checked_blocks", "class_rows"]


def as_table(pred_probs: ArrayLike) -> ProbMatrix:
    """
    Take probabilities as a table of numbers, in the type and the memory that they are in.

    Parameters
    ----------
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Any float or whole-number type, in any memory order; it may be a memory map.

    Returns
    -------
    ndarray, shape (n_examples, n_classes)
        The caller's own array where it was one. The values are checked later, by ``checked_blocks``.

    Raises
    ------
    InvalidInputError
        If it is no table, or holds no numbers.

    Examples
    --------
    >>> as_table([[0.5, 0.25]]).shape
    (1, 2)
    """
    try:
        table = np.asarray(pred_probs)
    except ValueError as error:
        raise InvalidInputError("pred_probs must be a table; got rows of different lengths.") from error
    if table.ndim != 2 or table.shape[1] == 0:  # noqa: PLR2004  (a table has two axes)
        raise InvalidInputError(
            f"pred_probs must be a table with at least one column; got shape {table.shape}.",
            fix="Give one row per example and one column per class.",
        )
    if table.dtype.kind not in "fiub":
        raise InvalidInputError(f"pred_probs must hold numbers; got values of type {table.dtype}.")
    return table


def class_rows(probs: ProbMatrix) -> FloatArray:
    """
    Turn a block so that each class is one line in memory.

    Parameters
    ----------
    probs : ndarray of float, shape (n_rows, n_classes)
        A block of the probabilities.

    Returns
    -------
    ndarray of float64, shape (n_classes, n_rows)
        A copy, unless the block lies in memory like that already. Every formula works on float64, so that the same
        numbers give the same answers in any float type.

    Examples
    --------
    >>> class_rows(np.array([[0.5, 0.25], [0.0, 1.0]]))
    array([[0.5 , 0.  ],
           [0.25, 1.  ]])
    """
    return np.ascontiguousarray(probs.T, dtype=np.float64)


def checked_blocks(pred_probs: ProbMatrix, *, chunk_bytes: int = CHUNK_BYTES) -> Iterator[tuple[slice, FloatArray]]:
    """
    Hand out the probabilities block by block, and stop at the first block that holds anything else.

    Parameters
    ----------
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Probabilities, 0 to 1 (rounding of 1e-6 is tolerated); the columns are independent of each other.
    chunk_bytes : int, default=524288
        Size of a block in bytes; no result depends on it.

    Yields
    ------
    rows : slice
        Which rows the block holds.
    block : ndarray of float64, shape (n_rows, n_classes)
        Their probabilities; not to be written to.

    Raises
    ------
    InvalidInputError
        If a value is NaN, infinite, negative or above 1; the message counts the bad rows and names the first.

    Examples
    --------
    >>> [(rows.stop, block.shape) for rows, block in checked_blocks(np.full((3, 2), 0.5), chunk_bytes=32)]
    [(2, (2, 2)), (3, (1, 2))]
    """
    for rows in row_chunks(pred_probs, chunk_bytes=chunk_bytes):
        block = pred_probs[rows].astype(np.float64, copy=False)
        # A NaN makes the comparison false, so it is caught with the values out of range.
        if not (block.min() >= -PROBABILITY_TOLERANCE and block.max() <= 1 + PROBABILITY_TOLERANCE):
            _refuse_values(pred_probs)
        yield rows, block


def _refuse_values(pred_probs: ProbMatrix) -> None:
    bad_rows = np.concatenate([rows.start + _bad_rows(pred_probs[rows]) for rows in row_chunks(pred_probs)])
    raise InvalidInputError(
        f"pred_probs must be numbers from 0 to 1; got NaN, infinite, negative or larger values in {bad_rows.size:,} "
        f"rows, first in row {bad_rows[0]:,}.",
        fix="Recompute the probabilities of these rows.",
    )


def _bad_rows(probs: ProbMatrix) -> NDArray[np.intp]:
    good = (probs >= -PROBABILITY_TOLERANCE) & (probs <= 1 + PROBABILITY_TOLERANCE)
    return np.flatnonzero(~good.all(axis=1))
