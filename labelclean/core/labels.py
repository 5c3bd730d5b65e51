"""Labels as the user spells them become class codes, the columns of the probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import CodeArray, Label
from labelclean.dataset import is_missing_label, label_key, sorted_classes
from labelclean.errors import InvalidInputError

__all__ = ["encode_labels"]

_NAMED = 5
_SHORT = 10**15  # a larger number is not written out


def encode_labels(
    labels: ArrayLike | Sequence[Label], n_classes: int, *, class_names: Sequence[Label] | None = None
) -> tuple[CodeArray, tuple[Label, ...]]:
    """
    Return the class code of each label, and the class of each code.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels; every row has one. Without ``class_names``, whole numbers (also of a float type) are codes, 0 to
        ``n_classes - 1``, and classes may be missing; labels of any other kind must be of exactly ``n_classes``
        kinds, and their columns are in sorted order, as in scikit-learn.
    n_classes : int
        Number of columns of the probabilities.
    class_names : sequence of hashable, optional
        The class of each column; labels are then looked up in it, whatever their type. ``1``, ``True`` and ``"1"``
        are three different classes.

    Returns
    -------
    codes : ndarray of int64, shape (n_examples,)
        Class codes; the caller's own array where it holds them already.
    class_names : tuple of hashable, length n_classes
        The class of each code; the codes themselves where these were given.

    Raises
    ------
    InvalidInputError
        If a label is missing or belongs to no column; the message counts such rows and names the first.

    Examples
    --------
    >>> encode_labels(["spam", "ham", "spam"], 2)
    (array([1, 0, 1]), ('ham', 'spam'))
    >>> encode_labels([10, 30], 3, class_names=[10, 20, 30])
    (array([0, 2]), (10, 20, 30))
    """
    array = _flat(labels, types_matter=class_names is not None)
    if class_names is not None:
        names = _check_class_names(class_names, n_classes)
        return _look_up(array, names), names
    if not _are_whole_numbers(array):
        names = _classes_of(array, n_classes)
        return _look_up(array, names), names
    _check_range(array, n_classes)
    return array.astype(np.int64, copy=False), tuple(range(n_classes))


def _check_class_names(class_names: Sequence[Label], n_classes: int) -> tuple[Label, ...]:
    """Refuse class names that do not name each column once."""
    names = tuple(class_names)
    if len(names) != n_classes:
        raise InvalidInputError(
            f"class_names must name each of the {n_classes:,} columns of pred_probs; got {len(names):,} names.",
            fix="Give one name per column, in the order of the columns.",
        )
    first_column: dict[tuple[str, Label], int] = {}
    for column, name in enumerate(names):
        if is_missing_label(name):
            raise InvalidInputError(
                f"class_names must name each column; got no name for column {column:,}.",
                fix="Leave rows without a label out; they are no class.",
            )
        earlier = first_column.setdefault(label_key(name, column), column)
        if earlier != column:
            raise InvalidInputError(
                f"class_names must be different; got {name!r} for the columns {earlier:,} and {column:,}.",
                fix="Give each column a name of its own.",
            )
    return names


def _flat(labels: ArrayLike | Sequence[Label], *, types_matter: bool) -> NDArray[np.generic]:
    """Keep NumPy's arrays; hold everything else as the objects it consists of, so that 1 and "1" stay apart."""
    array = labels if isinstance(labels, np.ndarray) else _from_sequence(labels, types_matter=types_matter)
    if array.ndim != 1:
        raise InvalidInputError(
            f"labels must be a flat list, one label for each row; got shape {array.shape}.",
            fix="For several labels a row see labelclean.tasks.multi_label.",
        )
    if isinstance(array, np.ma.MaskedArray):
        _refuse_missing(np.flatnonzero(np.ma.getmaskarray(array)))
        return np.asarray(array)
    return array


def _from_sequence(labels: object, *, types_matter: bool) -> NDArray[np.generic]:
    try:
        plain = np.asarray(labels)
    except ValueError:  # lists of different lengths
        return _objects(labels)
    if plain.dtype.kind not in "iufb" or plain.ndim != 1:
        return _objects(labels)
    if isinstance(labels, list | tuple) and plain.dtype.kind != "b":
        # NumPy turns True into 1 beside numbers, and 1 into 1.0 beside fractions.
        types = set(map(type, labels))
        if len(types) > 1 and (types_matter or types & {bool, np.bool_}):
            return _objects(labels)
    return plain


def _objects(labels: object) -> NDArray[np.object_]:
    values = list(labels) if isinstance(labels, Iterable) else [labels]
    array = np.empty(len(values), dtype=object)
    array[:] = values
    if any(isinstance(value, list | np.ndarray) for value in values):
        return np.empty((len(values), 0), dtype=object)  # for the message about the shape
    return array


def _are_whole_numbers(array: NDArray[np.generic]) -> bool:
    """Tell class codes from labels of another kind."""
    if array.dtype.kind in "iu" or array.size == 0:
        return True
    if array.dtype.kind == "f":
        _refuse_missing(np.flatnonzero(~np.isfinite(array.astype(np.float64))))
        return bool(np.all(array == np.trunc(array.astype(np.float64))))
    return array.dtype.kind == "O" and all(
        isinstance(value, int | np.integer) and not isinstance(value, bool) for value in array.tolist()
    )


def _check_range(array: NDArray[np.generic], n_classes: int) -> None:
    """Compare before the numbers become int64, which not all of them fit into."""
    if not array.size or (array.min() >= 0 and array.max() < n_classes):
        return
    bad = np.flatnonzero((np.less(array, 0) | np.greater_equal(array, n_classes)).astype(np.bool_))
    value = array[bad[0] : bad[0] + 1].tolist()[0]
    raise InvalidInputError(
        f"labels must be from 0 to {n_classes - 1:,}, one for each column of pred_probs; "
        f"got {f'{value:,}' if abs(value) < _SHORT else 'a huge one'} in row {bad[0]:,} ({bad.size:,} such rows).",
        fix="Leave out rows without a label, and give pred_probs one column per class; or name the columns with "
        "class_names.",
    )


def _classes_of(array: NDArray[np.generic], n_classes: int) -> tuple[Label, ...]:
    values = array.tolist()
    _refuse_missing(np.array([row for row, value in enumerate(values) if is_missing_label(value)], dtype=np.int64))
    classes = sorted_classes(values)
    if len(classes) != n_classes:
        raise InvalidInputError(
            f"labels must be of as many kinds as pred_probs has columns, {n_classes:,}; got {len(classes):,} kinds.",
            fix="Say which column is which class with class_names.",
        )
    return classes


def _look_up(array: NDArray[np.generic], class_names: Sequence[Label]) -> CodeArray:
    code_of = {label_key(name): code for code, name in enumerate(class_names)}
    values = array.tolist()
    keys = [label_key(value, row) for row, value in enumerate(values)]
    codes = np.fromiter((code_of.get(key, -1) for key in keys), dtype=np.int64, count=len(keys))
    unknown = np.flatnonzero(codes < 0)
    if unknown.size:
        _refuse_missing(np.array([row for row in unknown.tolist() if is_missing_label(values[row])], dtype=np.int64))
        names = ", ".join(repr(name) for name in list(class_names)[:_NAMED])
        more = ", ..." if len(class_names) > _NAMED else ""
        raise InvalidInputError(
            f"labels must be among the class names ({names}{more}); got another one in {unknown.size:,} rows, "
            f"first in row {unknown[0]:,}.",
            fix="Add the class to class_names and a column to pred_probs, or correct the label.",
        )
    return codes


def _refuse_missing(rows: NDArray[np.int64] | NDArray[np.intp]) -> None:
    if rows.size:
        raise InvalidInputError(
            f"labels must be given in every row; got none in {rows.size:,} rows, first in row {rows[0]:,}.",
            fix="Leave out rows without a label, here and in pred_probs.",
        )
