"""Names of classes, annotators and examples: to codes and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray, Label
from labelclean.dataset import is_missing_label, label_key, sorted_classes
from labelclean.errors import InvalidInputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_frame", "encode_names", "name_column", "names_array", "ordered_names", "plain_list"]


def ordered_names(values: Sequence[Label], *, where: IndexArray | None = None) -> tuple[Label, ...]:
    """
    Return the distinct values in the order in which a dataset has its classes.

    Parameters
    ----------
    values : sequence of hashable
        Names; missing ones (None, NaN, blank text) are left out.
    where : ndarray of int64, shape (n_values,), optional
        The row of each value, for the error's text; by default its position.

    Returns
    -------
    tuple of hashable
        Numbers by value, then everything else by its text.

    Examples
    --------
    >>> ordered_names(["b", 10, "a", 2, None, "b"])
    (2, 10, 'a', 'b')
    """
    return sorted_classes(value for _, value in dict.fromkeys(_typed(values, where)))


def encode_names(values: Sequence[Label], names: Sequence[Label], *, what: str, where: IndexArray) -> CodeArray:
    """
    Turn names into their positions in a list of names.

    Parameters
    ----------
    values : sequence of hashable, length n_values
        Names; missing ones (None, NaN, blank text) become -1.
    names : sequence of hashable
        The names there are, each once. ``1``, ``True`` and ``"1"`` are three different names.
    what : str
        What the values are, for the error's text.
    where : ndarray of int64, shape (n_values,)
        The row of each value, for the error's text.

    Returns
    -------
    ndarray of int64, shape (n_values,)
        Positions in ``names``.

    Raises
    ------
    InvalidInputError
        If a name occurs twice in ``names``, or a value is not among them.

    Examples
    --------
    >>> encode_names(["dog", None, "cat"], ["cat", "dog"], what="labels", where=np.arange(3))
    array([ 1, -1,  0])
    """
    places = {label_key(name): place for place, name in enumerate(names)}
    keys = _typed(values, where)
    if len(places) != len(names):
        raise InvalidInputError(
            f"The names of {what} must differ; got {len(names) - len(places):,} repeated among {len(names):,}.",
            fix="Give each name once.",
        )
    unknown = len(names)
    code_of = {
        key: UNLABELLED if is_missing_label(key[1]) else places.get(label_key(key[1]), unknown)
        for key in dict.fromkeys(keys)
    }
    codes = np.fromiter(map(code_of.__getitem__, keys), dtype=np.int64, count=len(keys))
    bad = np.flatnonzero(codes == unknown)
    if bad.size:
        raise InvalidInputError(
            f"{what} must be among the {len(names):,} names given; got others in {bad.size:,} places, "
            f"first in row {where[bad[0]]:,}.",
            fix="Add the missing names, or correct the values.",
        )
    return codes


def _typed(values: Sequence[Label], where: IndexArray | None) -> list[tuple[type, Label]] | list[tuple[str, Label]]:
    """Pair values with their types, so that equal ones of different types stay apart; all of it at the speed of C."""
    keys = list(zip(map(type, values), values, strict=True))
    try:
        dict.fromkeys(keys)
    except TypeError:
        rows = range(len(values)) if where is None else where.tolist()
        # This tells what cannot be hashed, and where.
        return [label_key(value, row) for row, value in zip(rows, values, strict=True)]
    return keys


def name_column(names: tuple[Label, ...] | None, places: IndexArray) -> NDArray[np.object_] | IndexArray:
    """
    Look names up for a column of a result table.

    Parameters
    ----------
    names : tuple of hashable or None
        The names; None stands for the positions themselves.
    places : ndarray of int64, shape (n_rows,)
        Positions in ``names``; -1 becomes None.

    Returns
    -------
    ndarray of object or int64, shape (n_rows,)
        One name per row as an object; numbers where there are no names.

    Examples
    --------
    >>> name_column(("cat", "dog"), np.array([1, -1])).tolist()
    ['dog', None]
    """
    return places if names is None else names_array((*names, None))[places]


def plain_list(values: object) -> list[Label]:
    """
    Return values as a list of Python's own, which are hashed faster than NumPy's.

    Parameters
    ----------
    values : sequence, ndarray or Series
        The values.

    Returns
    -------
    list of hashable
        The values.

    Raises
    ------
    InvalidInputError
        If this is no sequence.

    Examples
    --------
    >>> plain_list(np.array([1, 2]))
    [1, 2]
    """
    tolist = getattr(values, "tolist", None)
    values = values if tolist is None else tolist()
    if not isinstance(values, Iterable) or isinstance(values, str | bytes):
        raise InvalidInputError(f"A flat list of values is wanted; got {type(values).__name__}.")
    return list(values)


def as_frame(columns: Mapping[str, NDArray[np.generic]]) -> pd.DataFrame:
    """
    Build a result table whose columns keep their types, so that names stay what they were.

    Parameters
    ----------
    columns : mapping of str to ndarray, each of shape (n_rows,)
        The columns.

    Returns
    -------
    DataFrame
        The table.

    Examples
    --------
    >>> as_frame({"label": names_array(("cat", 1))})["label"].tolist()
    ['cat', 1]
    """
    import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

    return pd.DataFrame({name: pd.Series(values, dtype=values.dtype) for name, values in columns.items()})


def names_array(names: tuple[Label, ...]) -> NDArray[np.object_]:
    """
    Put names into an array, each as one object, also where a name is a tuple.

    Parameters
    ----------
    names : tuple of hashable
        The names.

    Returns
    -------
    ndarray of object, shape (n_names,)
        The names.

    Examples
    --------
    >>> names_array((("a", 1), ("b", 2))).shape
    (2,)
    """
    array = np.empty(len(names), dtype=object)
    for place, name in enumerate(names):
        array[place] = name
    return array
