"""Which columns of a table hold probabilities of classes, and which hold something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from labelclean.arrays import FloatArray, Label
from labelclean.errors import InvalidInputError
from labelclean.io.model_outputs.class_order import shown_names, spelled_alike

__all__ = ["ChosenColumns", "TableColumn", "choose_columns"]

_SUM_TOLERANCE = 5e-3  # rounded to a few digits, many columns may miss 1 by this much
_NEARLY_ALL = 0.99
_NUMBERED = re.compile(r"(.*?)(\d+)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class TableColumn:
    """A column of a table: its name, and whether its cells are fractions, whole numbers, lists of numbers, or else."""

    name: str
    kind: Literal["float", "whole", "list", "other"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenColumns:
    """
    Where the probabilities are.

    Attributes
    ----------
    columns : tuple of str
        One column per class, or the only list column.
    is_list : bool
        Whether it is a list column.
    class_names : tuple of hashable or None
        The class of each column (or place in the lists); None where the names say nothing.
    reason : str
        Why these, in one or two plain sentences.
    """

    columns: tuple[str, ...]
    is_list: bool
    class_names: tuple[Label, ...] | None
    reason: str


def choose_columns(
    table: Sequence[TableColumn],
    *,
    known: Sequence[Label] | None,
    class_names: Sequence[Label] | None,
    first_rows: Callable[[Sequence[str]], FloatArray],
) -> ChosenColumns:
    """
    Tell the columns of classes from ids, texts and other numbers.

    Parameters
    ----------
    table : sequence of TableColumn
        The columns in file order, but for the row ids.
    known : sequence of hashable or None
        The classes of the dataset, if there is one.
    class_names : sequence of hashable or None
        The classes as the user names them.
    first_rows : callable
        Returns the sums of some columns over the first rows.

    Returns
    -------
    ChosenColumns
        Columns whose names are classes, if any are; else one list column; else all fractions, if they are numbered.
        Further fractions beside columns of classes are classes that were never given, if the rows sum to 1 with them
        and do not without them.

    Raises
    ------
    InvalidInputError
        If no column can be recognised.
    """
    names = [column.name for column in table]
    if len(set(names)) < len(names):
        raise InvalidInputError("Each column must have a name of its own; two have the same.", fix="Rename one.")
    numeric = [column.name for column in table if column.kind in {"float", "whole"}]
    fractions = [column.name for column in table if column.kind == "float"]
    lists = [column.name for column in table if column.kind == "list"]
    if class_names is not None:
        return _as_named(class_names, numeric, fractions, lists)
    if known is None:
        return _without_dataset(numeric, fractions, lists)
    classes = spelled_alike(numeric, known)
    _check_numbers([column.name for column in table if column.kind == "other"], known)
    if classes:
        return _with_never_given(classes, [name for name in fractions if name not in classes], first_rows)
    if len(lists) == 1:
        return _list(lists[0], None)
    if _are_numbered(fractions or numeric):
        return _numbered(fractions or numeric)
    raise _none_found(table)


def _check_numbers(others: Sequence[str], known: Sequence[Label]) -> None:
    wrong = spelled_alike(others, known)
    if wrong:
        raise InvalidInputError(
            f"A column that is named like a class must hold its probabilities; {len(wrong):,} hold something else than "
            f"numbers: {shown_names(wrong)}.",
            fix="Look for words or marks among the numbers, or rename the column.",
        )


def _as_named(
    class_names: Sequence[Label], numeric: Sequence[str], fractions: Sequence[str], lists: Sequence[str]
) -> ChosenColumns:
    wanted = spelled_alike(numeric, class_names)
    if len(wanted) == len(class_names):
        return ChosenColumns(
            columns=wanted, is_list=False, class_names=wanted, reason="The columns that were named as classes."
        )
    if not wanted and len(lists) == 1:
        return _list(lists[0], tuple(class_names))
    for columns in (fractions, numeric):
        if not wanted and len(columns) == len(class_names):
            return ChosenColumns(
                columns=tuple(columns),
                is_list=False,
                class_names=tuple(class_names),
                reason=f"All {len(columns):,} columns of numbers, with the classes in the order they were named in.",
            )
    missing = [name for name in class_names if not spelled_alike(numeric, [name])]
    raise InvalidInputError(
        f"Every class that is named must be a column of numbers; {len(missing):,} of {len(class_names):,} are not: "
        f"{shown_names(missing)}.",
        fix=f"The columns of numbers are {shown_names(numeric)}." if numeric else "The file has no column of numbers.",
    )


def _without_dataset(numeric: Sequence[str], fractions: Sequence[str], lists: Sequence[str]) -> ChosenColumns:
    columns = tuple(fractions or numeric)
    if not columns and len(lists) == 1:
        return _list(lists[0], None)
    if not columns:
        raise InvalidInputError(
            "The file must have a column of numbers for each class; it has none.",
            fix="Write one numeric column per class, named like the class.",
        )
    kind = "fractions" if fractions else "numbers"
    return ChosenColumns(
        columns=columns, is_list=False, class_names=columns, reason=f"All {len(columns):,} columns of {kind}."
    )


def _with_never_given(
    classes: Sequence[str], others: Sequence[str], first_rows: Callable[[Sequence[str]], FloatArray]
) -> ChosenColumns:
    reason = f"The {len(classes):,} columns that are named like a class."
    chosen = tuple(classes)
    if others:
        if not _sum_to_one(first_rows(classes)) and _sum_to_one(first_rows([*classes, *others])):
            chosen = (*classes, *others)
            reason = f"{reason} The rows sum to 1 only together with {shown_names(others)}: classes never given."
        else:
            reason = f"{reason} Left out, as no such class was given: {shown_names(others)}."
    return ChosenColumns(columns=chosen, is_list=False, class_names=chosen, reason=reason)


def _sum_to_one(sums: FloatArray) -> bool:
    return bool(len(sums)) and float(np.mean(np.abs(sums - 1.0) <= _SUM_TOLERANCE)) >= _NEARLY_ALL


def _list(column: str, class_names: tuple[Label, ...] | None) -> ChosenColumns:
    return ChosenColumns(
        columns=(column,), is_list=True, class_names=class_names, reason=f"The list column {column!r}."
    )


def _are_numbered(columns: Sequence[str]) -> bool:
    """Tell whether names only count, as in ``0, 1, 2`` or ``p_1, p_2``."""
    parts = [_NUMBERED.fullmatch(name) for name in columns]
    if not parts or None in parts:
        return False
    stems = {part[1] for part in parts if part}
    numbers = [int(part[2]) for part in parts if part]
    return len(stems) == 1 and numbers[0] in {0, 1} and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _numbered(columns: Sequence[str]) -> ChosenColumns:
    return ChosenColumns(
        columns=tuple(columns),
        is_list=False,
        class_names=None,
        reason=f"The {len(columns):,} columns {columns[0]!r} to {columns[-1]!r}; their names only count.",
    )


def _none_found(table: Sequence[TableColumn]) -> InvalidInputError:
    return InvalidInputError(
        "The file must have a column of numbers for each class, named like the class; no column is.",
        fix=f"Its columns are {shown_names(column.name for column in table)}. Name the classes in the order of the "
        "columns (class_names, --class-names), or rename the columns.",
    )
