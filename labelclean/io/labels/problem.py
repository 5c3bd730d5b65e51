"""What is wrong with one cell, before it is known which row it stands in."""

from __future__ import annotations

import math

from labelclean.arrays import Label
from labelclean.dataset import is_missing_label
from labelclean.errors import FileContentError, InvalidInputError

__all__ = ["CellProblem", "element_of", "scalar_of", "text_of_label"]

_SET_FIX = (
    "Choose how the file spells sets of labels: an array, a list as JSON or Python text, joined, or scores per label."
)


class CellProblem(Exception):  # noqa: N818  (never leaves the package: it becomes one of its errors)
    """
    A cell that does not spell what it should, or a label that a cell cannot spell.

    Parameters
    ----------
    rule : str
        What must hold, as the beginning of a sentence.
    found : str
        What there is instead.
    fix : str
        What the user can do.
    """

    def __init__(self, rule: str, found: str, *, fix: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.found = found
        self.fix = fix

    def in_file(self, row: int, n_more: int) -> FileContentError:
        """Return the error for a file that has this problem in a row, and in some more."""
        more = f" {n_more:,} more {'row has' if n_more == 1 else 'rows have'} such a problem." if n_more else ""
        return FileContentError(f"{self.rule}; row {row:,} holds {self.found}.{more}", fix=self.fix)

    def in_label(self) -> InvalidInputError:
        """Return the error for a label that the file cannot hold."""
        return InvalidInputError(f"{self.rule}; got {self.found}.", fix=self.fix)


def scalar_of(value: object) -> Label | None:
    """
    Return the single label that a value stands for, or None if it is missing.

    Raises
    ------
    CellProblem
        If it is a list or a mapping, text that is not valid Unicode, or cannot be hashed.
    """
    if isinstance(value, str):
        if not value.isascii() and not _is_unicode(value):
            raise CellProblem(
                "Each label must be valid Unicode", "half of a surrogate pair", fix="Correct the label in the file."
            )
        return value if value.strip() else None
    if isinstance(value, dict | list | tuple | set):
        kind = "an object" if isinstance(value, dict) else "a list"
        raise CellProblem("Each label must be one text, number or true/false", kind, fix=_SET_FIX)
    try:
        hash(value)
    except TypeError:
        raise CellProblem(
            "Each label must be one text, number or true/false", "another kind of value", fix="Choose another column."
        ) from None
    return None if is_missing_label(value) else value


def element_of(value: object) -> Label | None:
    """
    Return the label that one element of a list stands for, or None if it stands for nothing.

    Raises
    ------
    CellProblem
        If it is a list or a mapping itself, or no label at all.
    """
    if isinstance(value, dict | list | tuple | set):
        raise CellProblem(
            "Each element of a list of labels must be one text, number or true/false",
            "a list or an object inside the list",
            fix="Choose another label column, or take the inner level out of the file.",
        )
    return scalar_of(value)


def text_of_label(label: Label) -> str:
    """
    Return a label as a text table holds it.

    Raises
    ------
    CellProblem
        If it holds a NUL character.
    """
    text = label if isinstance(label, str) else "" if isinstance(label, float) and math.isnan(label) else str(label)
    if "\0" in text:
        raise CellProblem("A label must not hold a NUL character", "one that does", fix="Choose another label.")
    return text


def _is_unicode(text: str) -> bool:
    # Only half a surrogate pair, written as an escape, cannot be encoded.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
