"""Rounding that keeps row sums, with the same ties on every machine."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import CountMatrix, ProbMatrix

__all__ = ["round_rows"]


def round_rows(values: ProbMatrix) -> CountMatrix:
    """
    Round each row to whole numbers that add up to the row's rounded sum (largest remainder).

    Rounding goes to the nearest whole number (halves to even); the cells with the largest remainders then make up
    for what is missing, those with the smallest for what is too much. Among equal remainders the last column gains
    first and the first column loses first.

    Parameters
    ----------
    values : ndarray of float64, shape (n_rows, n_columns)
        Any finite numbers.

    Returns
    -------
    ndarray of int64, shape (n_rows, n_columns)
        Each cell is less than 1 away from its value, unless the row's sum was itself far from a whole number.

    Examples
    --------
    >>> round_rows(np.array([[0.5, 0.25, 0.25], [1.4, 1.4, 1.2]]))
    array([[1, 0, 0],
           [1, 2, 1]])
    """
    n_columns = values.shape[1]
    rounded = np.rint(values)
    missing = (np.rint(values.sum(axis=1)) - rounded.sum(axis=1)).astype(np.int64)[:, np.newaxis]
    order = np.argsort(values - rounded, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(n_columns), order.shape), axis=1)
    gains = rank >= n_columns - missing
    loses = rank < -missing
    whole: CountMatrix = rounded.astype(np.int64) + gains - loses
    return whole
