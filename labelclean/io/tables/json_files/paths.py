"""
Columns inside nested JSON values: names such as ``data.text`` and ``annotations.0.result.0.value.choices``.

A name is a key of the row, or keys joined by dots; a number stands for an item of an array. Keys may hold dots
themselves: at each level the longest key that begins the name is tried first, so a literal key wins over a path.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from labelclean.io.tables.contract import CellValue

__all__ = ["MAX_STEPS", "Place", "Step", "find_place", "getter", "value_at"]

MAX_STEPS = 6
"""Keys and positions in a name; what lies deeper is read as part of the value above it."""

_MANY_PARTS = 16
"""From here on, the keys that are there are tried, and no longer all beginnings of the name: a key may be all dots."""

Step: TypeAlias = str | int


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """
    Where the value of a column stands in one row, or would stand.

    Attributes
    ----------
    steps : tuple of str or int
        From the row to a value that is there.
    value : object
        That value: the column's own, or what holds the nearest thing to it.
    missing : tuple of str
        What still has to be made below it; empty if the value is the column's own.
    """

    steps: tuple[Step, ...]
    value: CellValue
    missing: tuple[str, ...] = ()


def getter(column: str) -> Callable[[Mapping[str, CellValue]], CellValue]:
    """Return the function that takes a column's value out of a row; None where there is none."""
    if "." not in column:
        return lambda row: row.get(column)
    parts = tuple(column.split("."))
    if len(parts) > _MANY_PARTS:
        return lambda row: None if (found := _find(row, parts, ())) is None else found.value
    # At each level, the keys that would come before the plain next one.
    steps = [
        (part, tuple(".".join(parts[at:end]) for end in range(len(parts), at + 1, -1))) for at, part in enumerate(parts)
    ]

    def get(row: Mapping[str, CellValue]) -> CellValue:
        value: CellValue = row
        for part, longer in steps:
            if isinstance(value, dict):
                if any(key in value for key in longer):
                    found = _find(row, parts, ())
                    return None if found is None else found.value
                value = value.get(part)
            elif isinstance(value, list) and _is_position(part) and int(part) < len(value):
                value = value[int(part)]
            else:
                return None
        return value

    return get


def value_at(row: Mapping[str, CellValue], column: str) -> CellValue:
    """Return a column's value in a row; None where there is none."""
    return getter(column)(row)


def find_place(row: Mapping[str, CellValue], column: str, columns: Collection[str]) -> Place:
    """
    Say where a column's value stands in a row, or where it belongs.

    Parameters
    ----------
    row : mapping of str to object
        The row.
    column : str
        The column.
    columns : collection of str
        All columns of the file. A missing value is put under the first key of its path if that is a column, and under
        a key with the whole name if it is not.

    Returns
    -------
    Place
        With ``missing``, if the row does not have the column.
    """
    parts = tuple(column.split("."))
    found = _find(row, parts, ())
    if found is not None:
        return found
    nearest = _nearest(row, parts, ())
    if not nearest.steps and (len(parts) == 1 or parts[0] not in columns):
        return Place(steps=(), value=row, missing=(column,))
    return nearest


def _find(value: CellValue, parts: tuple[str, ...], steps: tuple[Step, ...]) -> Place | None:
    if not parts:
        return Place(steps=steps, value=value)
    for step, child, rest in _children(value, parts):
        found = _find(child, rest, (*steps, step))
        if found is not None:
            return found
    return None


def _nearest(value: CellValue, parts: tuple[str, ...], steps: tuple[Step, ...]) -> Place:
    """Return the place furthest down the path that can take what is missing."""
    for step, child, rest in _children(value, parts):
        if rest and _can_take(child, rest):
            return _nearest(child, rest, (*steps, step))
    is_taken = isinstance(value, dict) and parts[0] in value
    return Place(steps=steps, value=value, missing=(".".join(parts),) if is_taken else parts)


def _can_take(value: CellValue, parts: tuple[str, ...]) -> bool:
    """Tell whether a path can go on below a value: into an object, in place of a null, or to the next item."""
    if isinstance(value, list):
        return _is_position(parts[0]) and int(parts[0]) <= len(value)
    return value is None or isinstance(value, dict)


def _children(value: CellValue, parts: tuple[str, ...]) -> Sequence[tuple[Step, CellValue, tuple[str, ...]]]:
    """Return the ways down that a path allows: the step, what is there, and the rest of the path."""
    if isinstance(value, dict) and len(parts) > _MANY_PARTS:
        name = ".".join(parts)
        keys = [key for key in value if name == key or name.startswith(f"{key}.")]
        return [(key, value[key], parts[key.count(".") + 1 :]) for key in sorted(keys, key=len, reverse=True)]
    if isinstance(value, dict):
        joined = ((".".join(parts[:n]), parts[n:]) for n in range(len(parts), 0, -1))
        return [(key, value[key], rest) for key, rest in joined if key in value]
    if isinstance(value, list) and _is_position(parts[0]) and int(parts[0]) < len(value):
        return [(int(parts[0]), value[int(parts[0])], parts[1:])]
    return []


def _is_position(part: str) -> bool:
    most_digits = 9
    return part.isascii() and part.isdigit() and len(part) <= most_digits and (part == "0" or part[0] != "0")
