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
    n_rows, n_columns = values.shape
    cells = np.flatnonzero(values != 0)  # large matrices of counts are mostly zero, and a zero never moves
    row_of, column_of = np.divmod(cells, n_columns)
    exact = values.reshape(-1)[cells]
    rounded = np.rint(exact)
    sums = np.rint(values.sum(axis=1))
    missing = (sums - np.bincount(row_of, weights=rounded, minlength=n_rows)).astype(np.int64)
    direction = np.sign(missing)[row_of]
    remainders = (exact - rounded) * direction
    # Only cells that were rounded the other way can move: where m are missing, at least 2 m - 1 were rounded down.
    movable = np.flatnonzero(remainders > 0)
    order = np.lexsort((-direction[movable] * column_of[movable], -remainders[movable], row_of[movable]))
    movable = movable[order]
    rank = np.arange(len(movable)) - np.searchsorted(row_of[movable], row_of[movable])
    moved = movable[rank < np.abs(missing)[row_of[movable]]]
    rounded[moved] += direction[moved]
    whole: CountMatrix = np.zeros(n_rows * n_columns, dtype=np.int64)
    whole[cells] = rounded
    return whole.reshape(n_rows, n_columns)
