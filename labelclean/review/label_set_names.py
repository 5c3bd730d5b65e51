"""Label sets as one line of text, and the way back from what a reviewer typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet

__all__ = ["NO_LABELS", "member_token", "read_set", "set_token"]

NO_LABELS = "∅ no label"
"""The empty set: somebody looked, and none of the labels fits."""

_EMPTY = "∅"
_PART = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")\s*|([^,]*))(?:,|\Z)')
_NEEDS_QUOTES = re.compile(r'[,\r\n]|\A["∅\[]|\A\s|\s\Z|\A(?:true|false|null|-?\d[\d.eE+-]*)\Z|\A\Z')


def set_token(labels: LabelSet) -> str:
    """
    Return a label set as text: its labels by name, parted by commas; equal sets have one text.

    Examples
    --------
    >>> set_token(LabelSet(["late", "broken, badly", 2]))
    '"broken, badly", 2, late'
    >>> set_token(LabelSet())
    '∅ no label'
    """
    return ", ".join(sorted(map(member_token, labels))) if len(labels) else NO_LABELS


def member_token(label: Label) -> str:
    """Return one label of a set as text, in quotes where it could be misread."""
    if isinstance(label, str):
        return json.dumps(label, ensure_ascii=False) if _NEEDS_QUOTES.search(label) else label
    try:
        return json.dumps(label, ensure_ascii=False)
    except TypeError:
        return repr(label)


def read_set(text: str, known: Mapping[str, Label]) -> LabelSet:
    """
    Return the label set that a text spells.

    Parameters
    ----------
    text : str
        Names parted by commas, as ``set_token`` gives them or as typed.
    known : mapping of str to hashable
        The labels there are, by ``member_token``; every other name is a new label.

    Returns
    -------
    LabelSet
        In the order of the text.

    Raises
    ------
    InvalidInputError
        If there is no name in it.

    Examples
    --------
    >>> read_set("late,  2, late", {"late": "late", "2": 2})
    LabelSet(['late', 2])
    >>> read_set("∅", {})
    LabelSet([])
    """
    if text.strip() in {NO_LABELS, _EMPTY}:
        return LabelSet()
    names = list(_parts(text))
    if not names:
        raise InvalidInputError(
            "A label set must have a name in it; got only commas or white space.",
            fix=f"Type names with commas between them, or {_EMPTY} where none of the labels fits.",
        )
    return LabelSet(known.get(member_token(name) if is_quoted else name, name) for name, is_quoted in names)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Return each name of a list with commas, and whether it stood in quotes."""
    for quoted, plain in (match.groups() for match in _PART.finditer(text)):
        name = _unquoted(quoted) if quoted else None
        if name is not None:
            yield name, True
        elif (quoted or plain or "").strip():
            yield (quoted or plain).strip(), False


def _unquoted(text: str) -> str | None:
    try:
        value: object = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, str) else None
