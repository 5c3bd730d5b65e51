"""How one cell spells a label, and back."""

from __future__ import annotations

import json
import math

import numpy as np

from labelclean.arrays import Label
from labelclean.dataset import label_key
from labelclean.errors import InvalidInputError

__all__ = ["is_same_label", "label_from_json", "label_to_cell", "label_to_json", "quote_cell"]


def label_to_cell(label: Label | None) -> str:
    """
    Return the text a delimited file holds for a label.

    Text stays as it is; a missing label is the empty cell; anything else is spelled as Python prints it.

    Raises
    ------
    InvalidInputError
        If the label holds a NUL character, which no text file can keep.
    """
    if label is None or (isinstance(label, float) and math.isnan(label)):
        return ""
    cell = label if isinstance(label, str) else str(label)
    if "\0" in cell:
        raise InvalidInputError("A label must not hold a NUL character.", fix="Choose another label.")
    return cell


def quote_cell(cell: str, delimiter: str, *, was_quoted: bool, is_only_column: bool) -> str:
    """Return a cell as it is written: in quotes if it was before, or if it would be read as something else."""
    needs_quotes = (
        any(mark in cell for mark in (delimiter, '"', "\r", "\n"))
        or cell != cell.strip()
        or (is_only_column and not cell)
    )
    if not was_quoted and not needs_quotes:
        return cell
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def label_from_json(value: object) -> Label | None:
    """
    Return the label a JSON value stands for; null and NaN are missing labels.

    Raises
    ------
    InvalidInputError
        If the value is an array or an object, or text that is not valid Unicode.
    """
    if isinstance(value, list | dict):
        kind = "an array" if isinstance(value, list) else "an object"
        raise InvalidInputError(
            f"Each label must be one text, number or true/false; got {kind}.",
            fix="Give one label per text; several labels per text will be supported in a later version.",
        )
    if isinstance(value, str) and not _is_unicode(value):
        raise InvalidInputError("Each label must be valid Unicode; got half of a surrogate pair.", fix="Correct it.")
    return None if _is_nan(value) else value


def label_to_json(label: Label | None, *, ascii_only: bool) -> str:
    """
    Return the JSON spelling of a label, keeping its type; a missing label is ``null``.

    Raises
    ------
    InvalidInputError
        If the label is not text, a number, true/false or missing.
    """
    plain = label.item() if isinstance(label, np.generic) else label
    if plain is None or _is_nan(plain):
        return "null"
    if not isinstance(plain, str | int | float):
        raise InvalidInputError(
            f"A label in a JSON file must be text, a number or true/false; got {type(label).__name__}.",
            fix="Use a label of one of these kinds.",
        )
    return json.dumps(plain, ensure_ascii=ascii_only)


def is_same_label(first: Label | None, second: Label | None) -> bool:
    """Tell whether two labels are the same class; ``1``, ``True`` and ``"1"`` are three."""
    first, second = (None if _is_nan(label) else label for label in (first, second))
    if first is None or second is None:
        return first is second
    return label_key(first) == label_key(second)


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _is_unicode(text: str) -> bool:
    # Only half a surrogate pair, written as an escape, cannot be encoded.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
