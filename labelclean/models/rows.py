"""Rows taken from whatever holds them: arrays, sparse matrices, tables, lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from scipy import sparse

from labelclean.arrays import IndexArray
from labelclean.errors import InvalidInputError

__all__ = ["indexable_rows", "n_rows", "take_rows"]


def indexable_rows(X: object) -> object:  # noqa: N803  (scikit-learn's own argument name)
    """
    Return the same rows in a form they can be taken from.

    Parameters
    ----------
    X : array, sparse matrix, DataFrame, Series, list or tuple
        The rows.

    Returns
    -------
    object
        A sparse matrix of any layout in the row layout; an array where X can only be turned into one; everything else
        as it is.

    Raises
    ------
    InvalidInputError
        If rows cannot be taken: a single text, a number, a dict, a set, a generator.

    Examples
    --------
    >>> indexable_rows(["a text", "another"])
    ['a text', 'another']
    """
    if sparse.issparse(X):
        return cast("Any", X).tocsr()
    if hasattr(X, "__array__") and not hasattr(X, "__getitem__"):
        return np.asarray(X)
    has_shape = len(getattr(X, "shape", ())) > 0
    if has_shape or (isinstance(X, Sequence) and not isinstance(X, str | bytes)):
        return X
    raise InvalidInputError(
        f"X must hold rows in order; got {type(X).__name__}.",
        fix="Give an array, a sparse matrix, a DataFrame, or a list with one entry per row.",
    )


def n_rows(X: object) -> int:  # noqa: N803
    """
    Return the number of rows.

    Parameters
    ----------
    X : object
        As ``indexable_rows`` gives it.

    Returns
    -------
    int
        0 or more.

    Examples
    --------
    >>> n_rows(np.zeros((3, 2)))
    3
    """
    shape = getattr(X, "shape", None)
    return int(shape[0]) if shape is not None else len(cast("Sequence[object]", X))


def take_rows(X: object, rows: IndexArray) -> object:  # noqa: N803
    """
    Return some rows, of the same kind.

    Parameters
    ----------
    X : object
        As ``indexable_rows`` gives it.
    rows : ndarray of int64
        Positions of the rows wanted.

    Returns
    -------
    object
        A new array, matrix, table or list; the caller's own is never handed on.

    Examples
    --------
    >>> take_rows(["a", "b", "c"], np.array([2, 0]))
    ['c', 'a']
    """
    if hasattr(X, "iloc"):
        return X.iloc[rows]
    if hasattr(X, "shape"):
        return cast("Any", X)[rows]
    values = cast("Sequence[object]", X)
    return [values[row] for row in rows.tolist()]
