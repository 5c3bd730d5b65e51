"""Rounding that keeps row sums, with the same ties on every machine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CountMatrix, FloatArray, ProbMatrix

__all__ = ["round_cells", "round_rows"]


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
    cells = np.flatnonzero(values != 0)  # large matrices of counts are mostly zero, and a zero never moves
    row_of, column_of = np.divmod(cells, values.shape[1])
    whole: CountMatrix = np.zeros(values.shape, dtype=np.int64)
    whole[row_of, column_of] = round_cells(values[row_of, column_of].astype(np.float64), row_of, column_of)
    return whole


def round_cells(values: FloatArray, row_of: NDArray[np.intp], column_of: NDArray[np.intp]) -> NDArray[np.int64]:
    """
    Do what ``round_rows`` does, for a table of which only the cells other than 0 are given.

    Parameters
    ----------
    values : ndarray of float64, shape (n_cells,)
        The cells.
    row_of, column_of : ndarray of int, shape (n_cells,)
        Where they stand, row by row and in each row by column.

    Returns
    -------
    ndarray of int64, shape (n_cells,)
        The rounded cells.

    Examples
    --------
    >>> round_cells(np.array([0.5, 0.25, 0.25]), np.array([0, 0, 0]), np.array([0, 4, 7]))
    array([1, 0, 0])
    """
    rounded = np.rint(values)
    n_rows = int(row_of[-1]) + 1 if len(row_of) else 0
    sums = np.rint(np.bincount(row_of, weights=values, minlength=n_rows))
    missing = (sums - np.bincount(row_of, weights=rounded, minlength=n_rows)).astype(np.int64)
    direction = np.sign(missing)[row_of]
    remainders = (values - rounded) * direction
    # Only cells that were rounded the other way can move: where m are missing, at least 2 m - 1 were rounded down.
    movable = np.flatnonzero(remainders > 0)
    order = np.lexsort((-direction[movable] * column_of[movable], -remainders[movable], row_of[movable]))
    movable = movable[order]
    rank = np.arange(len(movable)) - np.searchsorted(row_of[movable], row_of[movable])
    moved = movable[rank < np.abs(missing)[row_of[movable]]]
    rounded[moved] += direction[moved]
    return rounded.astype(np.int64)
