"""Labels as the user spells them <-> class codes, and the values a classifier is shown in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, CodeArray, Label, freeze_fields
from labelclean.dataset import is_missing_label, label_key, sorted_classes
from labelclean.errors import InvalidInputError

__all__ = ["CodedLabels", "class_values", "code_labels"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CodedLabels:
    """
    One given label per row.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_examples,)
        Positions in ``class_names``; -1 where no label was given.
    class_names : tuple of hashable, length n_classes
        The classes as the user spells them.
    """

    codes: CodeArray
    class_names: tuple[Label, ...]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def code_labels(labels: object, *, class_names: Sequence[Label] | None = None) -> CodedLabels:
    """
    Turn labels into class codes.

    Parameters
    ----------
    labels : sequence of hashable or None, length n_examples
        A list, a flat array or one column of a table. ``None``, NaN and empty text mean: not labelled.
    class_names : sequence of hashable, optional
        The classes in the wanted order; some may never be given. Without it the distinct labels in the order of
        ``Dataset``: numbers by value, then text by code point.

    Returns
    -------
    CodedLabels
        The same rows in the same order.

    Raises
    ------
    InvalidInputError
        If the labels have no order, one cannot be hashed, a class name is missing or there twice, or a label is not
        among ``class_names``.

    Examples
    --------
    >>> code_labels(["b", None, "a"]).codes
    array([ 1, -1,  0])
    >>> code_labels(["b", None, "a"], class_names=["c", "b", "a"]).codes
    array([ 1, -1,  2])
    """
    given = [None if is_missing_label(label) else label for label in _plain(labels, "labels")]
    names = sorted_classes(given) if class_names is None else tuple(_plain(class_names, "class_names"))
    codes = _positions(names)
    coded = [UNLABELLED if label is None else codes.get(label_key(label, row)) for row, label in enumerate(given)]
    unknown = [row for row, code in enumerate(coded) if code is None]
    if unknown:
        raise InvalidInputError(
            f"labels must be among the {len(names):,} class_names; got another value in {len(unknown):,} rows, first "
            f"in row {unknown[0]:,}.",
            fix="Name every class, in the same spelling and type as the labels.",
        )
    return CodedLabels(codes=np.array(coded, dtype=np.int64), class_names=names)


def class_values(class_names: Sequence[Label]) -> NDArray[np.generic]:
    """
    Return the values under which a classifier is shown the classes.

    Parameters
    ----------
    class_names : sequence of hashable, length n_classes
        The classes as the user spells them.

    Returns
    -------
    ndarray, shape (n_classes,)
        The names themselves where all are text, whole numbers (of either type) or bools, so that options such as
        ``class_weight={"spam": 5}`` mean what they say; otherwise the codes 0, 1, 2, ...

    Examples
    --------
    >>> class_values(["ham", "spam"])
    array(['ham', 'spam'], dtype='<U4')
    >>> class_values([1, "one"])
    array([0, 1])
    """
    kinds = {type(name) for name in class_names}
    all_whole = all(isinstance(name, float) and name.is_integer() for name in class_names)
    if kinds in ({str}, {int}, {bool}) or all_whole:
        values = np.array(class_names)
        if values.dtype.kind != "O":  # whole numbers beyond 64 bits
            return values
    return np.arange(len(class_names))


def _plain(values: object, name: str) -> list[Label | None]:
    """Return Python's own values in order."""
    n_dimensions = getattr(values, "ndim", 1)
    unordered = isinstance(values, str | bytes | AbstractSet | Mapping)
    if unordered or n_dimensions != 1 or not isinstance(values, Iterable):
        shape = "" if n_dimensions == 1 else f" with {n_dimensions} dimensions"
        raise InvalidInputError(
            f"{name} must be a list, a flat array or one column of a table; got {type(values).__name__}{shape}.",
            fix="Give one label per row, in the order of the rows.",
        )
    return cast("list[Label | None]", values.tolist() if hasattr(values, "tolist") else list(values))


def _positions(class_names: Sequence[Label]) -> dict[tuple[str, Label], int]:
    missing = [position for position, name in enumerate(class_names) if is_missing_label(name)]
    if missing:
        raise InvalidInputError(f"class_names must not be empty or missing; got such a name at {missing[0]:,}.")
    positions = {label_key(name, position): position for position, name in enumerate(class_names)}
    if len(positions) < len(class_names):
        raise InvalidInputError(
            f"class_names must differ; got {len(class_names):,} names of which {len(positions):,} are distinct.",
            fix="Name each class once.",
        )
    return positions
