"""Single labels: cells that are the label, and numbers that stand for a name in a list."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal

import numpy as np

from labelclean.arrays import Label
from labelclean.io.labels.problem import CellProblem, scalar_of, text_of_label
from labelclean.io.labels.style import SpellingStyle, blank
from labelclean.io.tables.contract import CellValue

__all__ = ["decode_name", "encode_name", "encode_plain", "name_style"]

_WHOLE = re.compile(r"\s*([+-]?[0-9]{1,15})(\.0+)?\s*", re.ASCII)
_MISSING = -1


def encode_plain(new: Label | None, *, is_typed: bool) -> CellValue:
    """
    Return the cell for a label: in text tables its text, in typed files its value.

    Raises
    ------
    CellProblem
        If it holds a NUL character and the file is text, or is no value that files have.
    """
    if new is None:
        return blank(is_typed=is_typed)
    if not is_typed:
        return text_of_label(new)
    plain = new.item() if isinstance(new, np.generic) else new
    if not isinstance(plain, str | int | float | Decimal | date | time):
        raise CellProblem(
            "A label in a file must be text, a number, true/false or a date",
            f"a {type(new).__name__}",
            fix="Choose a label of one of these kinds.",
        )
    return plain


def decode_name(value: CellValue, names: Sequence[str]) -> Label | None:
    """
    Return the name at the position that a value gives; None for an empty cell and for -1, as ``datasets`` writes it.

    Raises
    ------
    CellProblem
        If the value is no whole number, or there is no such name.
    """
    position = _position(value)
    if position is None or position == _MISSING:
        return None
    if not 0 <= position < len(names):
        raise _no_position(len(names), "a number outside of it")
    return names[position]


def encode_name(
    old: CellValue, new: Label | None, names: Sequence[str], style: SpellingStyle, *, is_typed: bool
) -> CellValue:
    """
    Return the position of a name, as the same kind of value as the old one.

    Raises
    ------
    CellProblem
        If the name is not in the list.
    """
    if new is None:
        return blank(is_typed=is_typed) if style.missing is None else style.missing
    if new not in names:
        raise CellProblem(
            "Each label must be in the file's list of names",
            "one that is not",
            fix="Choose one of the names, or add the new one at the end of the list.",
        )
    position = names.index(str(new))
    likes = style.model if _position(old) is None else old
    if isinstance(likes, str) or not is_typed:
        match = _WHOLE.fullmatch(likes) if isinstance(likes, str) else None
        return f"{position}{match[2] or ''}" if match else str(position)
    return float(position) if isinstance(likes, float) else position


def name_style(values: Iterable[CellValue]) -> SpellingStyle:
    """Return how a file writes its numbers, and whether it writes -1 where there is no label."""
    model, missing = None, None
    for value in values:
        try:
            position = _position(value)
        except CellProblem:
            continue
        if position == _MISSING:
            missing = value if missing is None else missing
        elif position is not None and model is None:
            model = value
    return SpellingStyle(model=model, missing=missing)


def _position(value: CellValue) -> int | None:
    if isinstance(value, str):
        if not value.strip():
            return None
        match = _WHOLE.fullmatch(value)
        if match is not None:
            return int(match[1])
    elif isinstance(value, float) and not math.isnan(value):
        if value.is_integer():
            return int(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        return value
    elif scalar_of(value) is None:
        return None
    raise _no_position(None, "something else")


def _no_position(n_names: int | None, found: str) -> CellProblem:
    of = "" if n_names is None else f", which has {n_names:,} names counted from 0"
    return CellProblem(
        f"Each label must be the whole number of a name in the list{of}",
        found,
        fix="Give the list of names that belongs to this file, or read the cells as plain labels.",
    )
