"""Lists of positions, as votes are made of them, are checked here."""

from __future__ import annotations

from collections.abc import Sized

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import IndexArray, freeze
from labelclean.errors import InvalidInputError

__all__ = ["checked_positions", "refuse_disorder", "refuse_lengths", "refuse_where"]


def checked_positions(values: ArrayLike, limit: int, *, what: str) -> IndexArray:
    """
    Refuse what is no flat list of positions below a limit.

    Parameters
    ----------
    values : array-like of int, shape (n_values,)
        The positions.
    limit : int
        Above every position.
    what : str
        What they are, for the error's text.

    Returns
    -------
    ndarray of int64, shape (n_values,)
        The positions, read-only; a view of the caller's array where that has the type.

    Raises
    ------
    InvalidInputError
        If values are no whole numbers from 0 to ``limit - 1``, or no flat list.

    Examples
    --------
    >>> checked_positions([0, 2], 3, what="rows")
    array([0, 2])
    """
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise InvalidInputError(f"{what} must be a flat list of whole numbers; got {array.dtype}, shape {array.shape}.")
    if array.size and not 0 <= array.min() <= array.max() < limit:
        refuse_where(
            (array < 0) | (array >= limit),
            f"{what} must be from 0 to {limit - 1:,}",
            fix="Count from 0, and no further than there are examples, annotators or classes.",
        )
    positions = array.astype(np.int64, copy=False).view()
    freeze(positions)
    return positions


def refuse_lengths(**arrays: Sized) -> None:
    """
    Refuse lists of different lengths.

    Parameters
    ----------
    **arrays : sequence
        The lists, under their names.

    Returns
    -------
    None
        If they are equally long.

    Raises
    ------
    InvalidInputError
        If they are not.

    Examples
    --------
    >>> refuse_lengths(rows=np.array([0]), codes=np.array([1, 1]))
    Traceback (most recent call last):
    labelclean.errors.InvalidInputError: rows and codes must have the same length; got 1 and 2. Give one of each per
    entry.
    """
    lengths = [len(array) for array in arrays.values()]
    if len(set(lengths)) > 1:
        raise InvalidInputError(
            f"{_listed(list(arrays))} must have the same length; got {_listed([f'{each:,}' for each in lengths])}.",
            fix="Give one of each per entry.",
        )


def refuse_disorder(first: IndexArray, second: IndexArray, rule: str) -> None:
    """
    Refuse pairs that do not ascend, or occur twice.

    Parameters
    ----------
    first, second : ndarray of int64, shape (n_pairs,)
        The pairs: sorted by the first, among equal ones by the second.
    rule : str
        What must be sorted how, for the error's text.

    Returns
    -------
    None
        If every pair is above the one before.

    Raises
    ------
    InvalidInputError
        If one is not; the message counts them and names the first.

    Examples
    --------
    >>> refuse_disorder(np.array([0, 0, 1]), np.array([0, 1, 0]), "Votes must ascend")
    """
    is_above = (first[1:] > first[:-1]) | ((first[1:] == first[:-1]) & (second[1:] > second[:-1]))
    if not is_above.all():
        refuse_where(
            np.concatenate([[False], ~is_above]),
            f"{rule}, each pair once",
            fix="Sort them, or let a function that reads votes do it.",
        )


def refuse_where(
    is_bad: NDArray[np.bool_], rule: str, *, fix: str, place: str = "entry", where: IndexArray | None = None
) -> None:
    """
    Refuse a list some of whose entries break a rule.

    Parameters
    ----------
    is_bad : ndarray of bool, shape (n_entries,)
        Which do.
    rule : str
        The rule, for the error's text.
    fix : str
        What to do.
    place : str, default="entry"
        What an entry is called.
    where : ndarray of int64, shape (n_entries,), optional
        The number each entry goes by; by default its position.

    Returns
    -------
    None
        If there are none.

    Raises
    ------
    InvalidInputError
        If there are some; the message counts them and names the first.

    Examples
    --------
    >>> refuse_where(np.array([False, True]), "Rows must have votes", fix="Ask.", place="row")
    Traceback (most recent call last):
    labelclean.errors.InvalidInputError: Rows must have votes; got 1 that break this, first in row 1. Ask.
    """
    bad = np.flatnonzero(is_bad)
    if bad.size:
        first = int(bad[0] if where is None else where[bad[0]])
        raise InvalidInputError(f"{rule}; got {bad.size:,} that break this, first in {place} {first:,}.", fix=fix)


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}"
