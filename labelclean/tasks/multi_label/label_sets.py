"""Sets of labels, in the three forms in which people keep them, read into one table of class by row."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import Literal, TypeAlias, cast, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from labelclean.arrays import Label, freeze_fields
from labelclean.core.chunks import row_chunks
from labelclean.errors import ConfigError, InvalidInputError

__all__ = ["LabelFormat", "LabelSets", "MultiLabels", "read_label_sets"]

LabelFormat = Literal["sets", "one_hot", "csr"]

MultiLabels: TypeAlias = "Iterable[Iterable[Hashable]] | ArrayLike | sparse.sparray | sparse.spmatrix"
"""Label sets in one of the three formats; ``label_format`` says in which."""

BoolTable: TypeAlias = NDArray[np.bool_]
LengthArray: TypeAlias = NDArray[np.int64]

_SET_TYPES = (list, tuple, set, frozenset, np.ndarray)
_ONE_BYTE = 256  # ids below this are read as bytes, which checks type and range at the speed of C


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LabelSets:
    """
    Which classes each example was given.

    Attributes
    ----------
    by_class : ndarray of bool, shape (n_classes, n_examples)
        True where the class was given; one line per class, since every formula looks at one class at a time.
    class_names : tuple of hashable, length n_classes
        The classes as the user spells them.
    """

    by_class: BoolTable
    class_names: tuple[Label, ...]

    def __post_init__(self) -> None:
        """Make the table read-only."""
        freeze_fields(self)

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.by_class)

    @property
    def n_examples(self) -> int:
        """Number of examples."""
        return int(self.by_class.shape[1])


def read_label_sets(
    labels: MultiLabels,
    n_examples: int,
    n_classes: int,
    *,
    label_format: LabelFormat = "sets",
    class_names: Sequence[Label] | None = None,
) -> LabelSets:
    """
    Read label sets and refuse what does not fit; nothing is guessed from the values.

    An empty set is legal: an example may be of no class at all.

    Parameters
    ----------
    labels : list of sets, array-like, or sparse matrix; n_examples rows
        The given labels, in the form that ``label_format`` names.
    n_examples, n_classes : int
        Shape of the probabilities that the labels belong to.
    label_format : {"sets", "one_hot", "csr"}, default="sets"
        "sets": one list, tuple, set or flat array per example; of class ids (0 to n_classes - 1) or, where
        ``class_names`` is given, of those names. "one_hot": a table of 0 and 1, or of bool, of shape
        (n_examples, n_classes). "csr": the same as a sparse matrix.
    class_names : sequence of hashable, length n_classes, default=None
        Names of the columns of the probabilities. By default the ids 0 to n_classes - 1.

    Returns
    -------
    LabelSets
        The table of class by row.

    Raises
    ------
    ConfigError
        If ``label_format`` is none of the three, or ``class_names`` does not name each class once.
    InvalidInputError
        If the labels are not in the named format: 0/1 lists where ids were expected, a class twice in one set, an id
        out of range, an unknown name, a wrong number of rows. The message counts the bad rows and names the first.

    Examples
    --------
    >>> read_label_sets([["cat"], [], ["cat", "dog"]], 3, 2, class_names=["cat", "dog"]).by_class
    array([[ True, False,  True],
           [False, False,  True]])
    """
    if label_format not in get_args(LabelFormat):
        raise ConfigError(
            f"label_format must be one of {', '.join(get_args(LabelFormat))}; got {label_format!r}.",
            fix="Name the form in which the labels are given.",
        )
    names = _checked_names(class_names, n_classes)
    if label_format == "sets":
        by_class = _from_sets(labels, n_examples, n_classes, names if class_names is not None else None)
    elif label_format == "one_hot":
        by_class = _from_one_hot(labels, n_examples, n_classes)
    else:
        by_class = _from_csr(labels, n_examples, n_classes)
    return LabelSets(by_class=by_class, class_names=names)


def _checked_names(class_names: Sequence[Label] | None, n_classes: int) -> tuple[Label, ...]:
    if class_names is None:
        return tuple(range(n_classes))
    names = tuple(class_names)
    try:
        n_different = len(set(names))
    except TypeError as error:
        raise ConfigError("class_names must be hashable values; got one that is not.", fix="Use text.") from error
    if len(names) != n_classes or n_different != n_classes:
        raise ConfigError(
            f"class_names must name each of the {n_classes:,} columns of pred_probs once; "
            f"got {len(names):,} names, {n_different:,} of them different.",
            fix="Give one name per column, in the order of the columns.",
        )
    return names


def _from_sets(labels: MultiLabels, n_examples: int, n_classes: int, names: tuple[Label, ...] | None) -> BoolTable:
    rows = _rows_of_sets(labels)
    _check_n_rows(len(rows), n_examples)
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    members = list(chain.from_iterable(rows))
    codes = _ids(members, lengths, n_classes) if names is None else _codes_of_names(members, lengths, names)
    by_class = np.zeros((n_classes, n_examples), dtype=np.bool_)
    cells = codes.astype(np.int64) * n_examples
    cells += np.repeat(np.arange(n_examples), lengths)
    by_class.reshape(-1)[cells] = True
    if np.count_nonzero(by_class) != len(members):
        raise _row_error(
            by_class.sum(axis=0) != lengths,
            "each set of labels must hold a class only once",
            fix="Remove the doubled classes.",
        )
    return by_class


def _rows_of_sets(labels: object) -> list[Collection[object]]:
    if sparse.issparse(labels) or getattr(labels, "ndim", 1) != 1:
        raise InvalidInputError(
            'labels must be a list with one set of classes per example where label_format is "sets"; got a table.',
            fix='For a table of 0 and 1 give label_format="one_hot", for a sparse one label_format="csr".',
        )
    if isinstance(labels, (str, bytes, Mapping, AbstractSet)) or not isinstance(labels, Iterable):
        raise InvalidInputError(
            f"labels must be a list with one set of classes per example; got a value of type {type(labels).__name__}."
        )
    rows: list[Collection[object]] = list(labels)
    if not set(map(type, rows)).issubset(_SET_TYPES):
        is_bad = np.array([not isinstance(row, _SET_TYPES) for row in rows])
        if is_bad.any():
            raise _row_error(
                is_bad,
                "labels must hold a list, tuple, set or flat array of classes for each example",
                fix="Give one class as a list with one member, and no class as an empty list.",
            )
    return rows


def _ids(members: list[object], lengths: LengthArray, n_classes: int) -> NDArray[np.integer]:
    ids = _whole_numbers(members, n_classes)
    if ids is None or (ids.size and not 0 <= ids.min() <= ids.max() < n_classes):
        raise _member_error(
            [not _is_id(member, n_classes) for member in members],
            lengths,
            f"labels must hold class ids from 0 to {n_classes - 1:,}, one for each column of pred_probs",
            fix="Give class_names if the sets hold names.",
        )
    if ids.size and ids.max() <= 1:
        _refuse_zeros_and_ones(members, lengths, n_classes)
    return ids


def _whole_numbers(members: list[object], n_classes: int) -> NDArray[np.integer] | None:
    """Turn Python's whole numbers into an array; None where there is anything else, also 1.0."""
    numbers = cast("list[int]", members)
    if not numbers:
        return np.empty(0, dtype=np.int64)
    try:
        if n_classes <= _ONE_BYTE:
            return np.frombuffer(bytes(numbers), dtype=np.uint8)
        return np.frombuffer(array("q", numbers), dtype=np.int64)
    except (TypeError, ValueError, OverflowError):
        return None


def _is_id(member: object, n_classes: int) -> bool:
    return isinstance(member, (int, np.integer)) and not isinstance(member, bool) and 0 <= int(member) < n_classes


def _refuse_zeros_and_ones(members: list[object], lengths: LengthArray, n_classes: int) -> None:
    """Refuse lists like [0, 1, 0], which are rows of a table and no sets of ids, and lists of bool."""
    is_table = n_classes > 2 and bool(np.all(lengths == n_classes))  # noqa: PLR2004  (a set may hold both of two)
    if is_table or bool in map(type, members):
        raise InvalidInputError(
            f"labels must hold sets of class ids; got 0/1 values for each class in all {len(lengths):,} rows, "
            "first in row 0.",
            fix='For a table of 0 and 1 give label_format="one_hot".',
        )


def _codes_of_names(members: list[object], lengths: LengthArray, names: tuple[Label, ...]) -> NDArray[np.integer]:
    code_of: dict[object, int] = {name: code for code, name in enumerate(names)}
    try:
        return np.array(list(map(code_of.__getitem__, members)), dtype=np.int64)
    except (KeyError, TypeError) as error:
        raise _member_error(
            [not _is_known(member, code_of) for member in members],
            lengths,
            "labels must hold names that stand in class_names",
            fix="Add the missing classes, or leave class_names out if the sets hold class ids.",
        ) from error


def _is_known(member: object, code_of: dict[object, int]) -> bool:
    try:
        return member in code_of
    except TypeError:  # it cannot be hashed
        return False


def _from_one_hot(labels: object, n_examples: int, n_classes: int) -> BoolTable:
    if sparse.issparse(labels):
        raise InvalidInputError("labels must be a dense table; got a sparse one.", fix='Give label_format="csr".')
    try:
        table = np.asarray(labels)
    except ValueError as error:
        raise InvalidInputError(
            "labels must be a table of 0 and 1 with one column per class; got rows of different lengths.",
            fix='For lists of classes give label_format="sets".',
        ) from error
    if table.ndim != 2 or table.dtype.kind not in "biuf":  # noqa: PLR2004  (a table has two axes)
        raise InvalidInputError(
            "labels must be a table of 0 and 1 with one column per class; "
            f"got shape {table.shape} of type {table.dtype}.",
            fix='For lists of classes give label_format="sets".',
        )
    _check_table_shape(table.shape, n_examples, n_classes)
    by_class = np.empty((n_classes, n_examples), dtype=np.bool_)
    is_bad = np.zeros(n_examples, dtype=np.bool_)
    for rows in row_chunks(table):
        by_class[:, rows] = (table[rows] == 1).T
        is_bad[rows] = ((table[rows] != 1) & (table[rows] != 0)).any(axis=1)  # NaN differs from both
    if is_bad.any():
        raise _row_error(is_bad, "labels must hold only 0 and 1", fix="Leave no cell empty.")
    return by_class


def _from_csr(labels: object, n_examples: int, n_classes: int) -> BoolTable:
    if not sparse.issparse(labels):
        raise InvalidInputError(
            f"labels must be a sparse matrix; got a value of type {type(labels).__name__}.",
            fix='For a dense table of 0 and 1 give label_format="one_hot".',
        )
    table = sparse.csr_array(cast("sparse.csr_matrix", labels))
    _check_table_shape(table.shape, n_examples, n_classes)
    rows = np.repeat(np.arange(n_examples), np.diff(table.indptr))
    is_odd = (table.data != 1) & (table.data != 0)
    if is_odd.any():
        raise _row_error(_per_row(rows[is_odd], n_examples) > 0, "labels must hold only 0 and 1", fix="Set them to 1.")
    given = table.data == 1
    by_class = np.zeros((n_classes, n_examples), dtype=np.bool_)
    by_class[table.indices[given], rows[given]] = True
    if np.count_nonzero(by_class) != np.count_nonzero(given):
        raise _row_error(
            by_class.sum(axis=0) != _per_row(rows[given], n_examples),
            "each row of labels must hold a class only once",
            fix="Remove the doubled entries; sum_duplicates would turn them into 2.",
        )
    return by_class


def _per_row(rows: NDArray[np.integer], n_examples: int) -> LengthArray:
    return np.bincount(rows, minlength=n_examples).astype(np.int64)


def _check_n_rows(n_rows: int, n_examples: int) -> None:
    if n_rows != n_examples:
        raise InvalidInputError(
            f"labels must have one row for each of the {n_examples:,} rows of pred_probs; got {n_rows:,}.",
            fix="Recompute the probabilities on the same rows.",
        )


def _check_table_shape(shape: tuple[int, ...], n_examples: int, n_classes: int) -> None:
    _check_n_rows(shape[0], n_examples)
    if shape[1] != n_classes:
        raise InvalidInputError(
            f"labels must have one column for each of the {n_classes:,} columns of pred_probs; got {shape[1]:,}.",
            fix="Give both the same classes in the same order.",
        )


def _member_error(is_bad: list[bool], lengths: LengthArray, rule: str, *, fix: str) -> InvalidInputError:
    rows = np.repeat(np.arange(len(lengths)), lengths)[np.array(is_bad)]
    return _row_error(_per_row(rows, len(lengths)) > 0, rule, fix=fix)


def _row_error(is_bad: BoolTable, rule: str, *, fix: str) -> InvalidInputError:
    return InvalidInputError(
        f"{rule}; got {np.count_nonzero(is_bad):,} rows that do not, first in row {np.argmax(is_bad):,}.", fix=fix
    )
