"""Labels as annotators spell them, and the names a table brings along, become codes and names."""

from __future__ import annotations

import numbers
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray, Label
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator.names import encode_names, ordered_names

__all__ = ["axis_names", "read_codes", "refuse_other_names"]

_TOO_LARGE = 2**31  # codes are columns of a table


def axis_names(votes: object) -> tuple[tuple[Label, ...] | None, tuple[Label, ...] | None]:
    """
    Return the names of the annotators and of the examples that a DataFrame brings along.

    Parameters
    ----------
    votes : array-like or DataFrame
        The table.

    Returns
    -------
    annotators, examples : tuple of hashable or None
        None where there are none, or where they only count.

    Examples
    --------
    >>> axis_names([[0, 1]])
    (None, None)
    """
    columns, index = getattr(votes, "columns", None), getattr(votes, "index", None)
    if columns is None or index is None or isinstance(votes, list | tuple):
        return None, None
    import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

    counts = isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1
    return tuple(columns.tolist()), None if counts else tuple(index.tolist())


def read_codes(
    labels: NDArray[np.generic], rows: IndexArray, class_names: Sequence[Label] | None
) -> tuple[CodeArray, tuple[Label, ...], bool]:
    """
    Turn the labels given into class codes.

    Parameters
    ----------
    labels : ndarray, shape (n_labels,)
        Labels; none missing but blank text.
    rows : ndarray of int64, shape (n_labels,)
        The row of each label, for the error's text.
    class_names : sequence of hashable or None
        The classes; without them, numbers are codes, and other values are names in the order of a dataset's classes.

    Returns
    -------
    codes : ndarray of int64, shape (n_labels,)
        Class codes; -1 for blank text, and for -1 among codes.
    class_names : tuple of hashable
        The classes.
    is_named : bool
        False if the labels were codes.

    Raises
    ------
    InvalidInputError
        If a code is negative or not whole, or a name is unknown.

    Examples
    --------
    >>> read_codes(np.array(["b", "a"], dtype=object), np.arange(2), None)
    (array([1, 0]), ('a', 'b'), True)
    """
    if class_names is not None:
        names = tuple(class_names)
        return encode_names(_plain(labels, names), names, what="labels", where=rows), names, True
    if labels.dtype.kind not in "iuf" and not _are_numbers(labels):
        names = ordered_names(labels.tolist(), where=rows)
        return encode_names(labels.tolist(), names, what="labels", where=rows), names, True
    codes = _whole_numbers(labels, rows)
    return codes, tuple(range(int(codes.max(initial=UNLABELLED)) + 1)), False


def refuse_other_names(class_names: Sequence[Label] | None) -> None:
    """
    Refuse names of classes for votes that were read before, and have theirs.

    Parameters
    ----------
    class_names : sequence of hashable or None
        What was given.

    Returns
    -------
    None
        If nothing was given.

    Raises
    ------
    InvalidInputError
        If something was.

    Examples
    --------
    >>> refuse_other_names(None)
    """
    if class_names is not None:
        raise InvalidInputError(
            "class_names must be left out where the votes were read before; got both.",
            fix="Give class_names when the votes are read.",
        )


def _plain(labels: NDArray[np.generic], names: tuple[Label, ...]) -> list[Label]:
    """Return labels as Python's own values; whole numbers that a NaN nearby made floats become whole again."""
    values: list[Label] = labels.tolist()
    if labels.dtype.kind != "f" or any(isinstance(name, float | np.floating) for name in names):
        return values
    return [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]


def _are_numbers(labels: NDArray[np.generic]) -> bool:
    return labels.dtype.kind == "O" and all(
        isinstance(label, numbers.Real) and not isinstance(label, bool) for label in labels
    )


def _whole_numbers(labels: NDArray[np.generic], rows: IndexArray) -> CodeArray:
    values = labels.astype(np.float64)
    bad = np.flatnonzero((values < UNLABELLED) | (values != np.trunc(values)) | (values >= _TOO_LARGE))
    if bad.size:
        raise InvalidInputError(
            f"Class codes must be whole numbers from 0; got others in {bad.size:,} votes, first in row "
            f"{rows[bad[0]]:,}.",
            fix="Mark missing votes as -1 or NaN, or give class_names.",
        )
    return values.astype(np.int64)
