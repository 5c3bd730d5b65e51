"""Class names that are most likely meant to be one name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labelclean.arrays import Label
from labelclean.issues.misspelt_names import misspelt_names

__all__ = ["NameGroup", "name_form", "similar_class_names"]

_SPACES = re.compile(r"\s+")
_JOINTS = re.compile(r"(?<=[^\W_])[-_\s\u2010-\u2015\u2212]+(?=[^\W_])")
_END = re.compile(r"[\s.,;:!?…。、，；：！？\"'“”‘’«»]+$")
# Cyrillic and Greek letters that look like Latin ones, in lower case.
_LOOKALIKES = str.maketrans("аеорсухіјѕһԁοανικτ", "aeopcyxijshdoavikt")
_VARIATION = re.compile("[\ufe00-\ufe0f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class NameGroup:
    """
    Classes whose names look like one.

    Attributes
    ----------
    codes : tuple of int
        Their positions in the class names, in rising order.
    names : tuple of hashable
        Their names in that order.
    counts : tuple of int
        How many rows each has.
    proposed : hashable
        The name to keep: the most frequent; of equals the one without needless space, then the first.
    reason : str
        What makes them alike, in one sentence.
    """

    codes: tuple[int, ...]
    names: tuple[Label, ...]
    counts: tuple[int, ...]
    proposed: Label
    reason: str


def similar_class_names(class_names: Sequence[Label], counts: Sequence[int]) -> tuple[NameGroup, ...]:
    """
    Find class names that differ only in ways that people do not mean, such as case, space or a typing error.

    Names are alike if they are the same but for upper and lower case, space at the ends or doubled, dashes and
    underscores for spaces, full stops and the like at the end, characters that look the same or cannot be seen, and
    the type (``1`` and ``"1"``). A rare name is also like a much more frequent one if it is one letter away from it;
    single letters, short words and digits never count as typing errors.

    Parameters
    ----------
    class_names : sequence of hashable, length n_classes
        The names; only text and numbers are compared.
    counts : sequence of int, length n_classes
        How many rows each class has.

    Returns
    -------
    tuple of NameGroup
        In the order of their first classes; a class is in one group at most.

    Notes
    -----
    Cost: in proportion to the number of names times their length.

    Examples
    --------
    >>> found = similar_class_names(["Refund", "billing", "refund "], [120, 50, 3])
    >>> found[0].names, found[0].proposed
    (('Refund', 'refund '), 'Refund')
    >>> found[0].reason
    'They differ only in upper and lower case and in white space.'
    """
    codes_of: dict[str, list[int]] = {}
    for code, name in enumerate(class_names):
        key = name_form(name)
        if key:
            codes_of.setdefault(key, []).append(code)
    totals = {key: sum(counts[code] for code in codes) for key, codes in codes_of.items()}
    meant = misspelt_names(totals)
    members: dict[str, list[str]] = {}
    for key in codes_of:
        members.setdefault(meant.get(key, key), []).append(key)
    groups = [
        _group(sorted(code for key in keys for code in codes_of[key]), class_names, counts, is_misspelt=len(keys) > 1)
        for keys in members.values()
        if sum(len(codes_of[key]) for key in keys) > 1
    ]
    return tuple(sorted(groups, key=lambda group: group.codes))


def name_form(name: Label) -> str:
    """
    Return what is left of a name without the differences that people do not mean; empty if it is no text or number.

    Examples
    --------
    >>> name_form("Late_Delivery "), name_form("late delivery.")
    ('late delivery', 'late delivery')
    """
    text = _text(name)
    plain = _END.sub("", _folded(_seen(text)))
    return _SPACES.sub(" ", _JOINTS.sub(" ", plain)).strip().translate(_LOOKALIKES) or _folded(text).strip()


def _group(
    codes: Sequence[int], class_names: Sequence[Label], counts: Sequence[int], *, is_misspelt: bool
) -> NameGroup:
    names = tuple(class_names[code] for code in codes)
    best = min(
        codes, key=lambda code: (-counts[code], _text(class_names[code]) != _spaced(_text(class_names[code])), code)
    )
    return NameGroup(
        codes=tuple(codes),
        names=names,
        counts=tuple(counts[code] for code in codes),
        proposed=class_names[best],
        reason=_MISSPELT if is_misspelt else _reason(names),
    )


def _text(name: Label) -> str:
    if isinstance(name, str):
        return name
    if isinstance(name, bool):
        return str(name)
    if isinstance(name, float) and name.is_integer():
        return str(int(name))
    return str(name) if isinstance(name, int | float) else ""


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _seen(text: str) -> str:
    """Return a text without what cannot be seen, and in the compatible form of each character."""
    if text.isascii():
        return text
    visible = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", _VARIATION.sub("", visible))


def _folded(text: str) -> str:
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text.casefold())


def _punctuated(text: str) -> str:
    return _JOINTS.sub(" ", _END.sub("", text))


def _cased_and_spaced(text: str) -> str:
    return _spaced(text).lower()


_MISSPELT = "A rare name is one letter away from one that is much more frequent."
# The first that makes the names equal is the reason.
_DIFFERENCES: tuple[tuple[Callable[[str], str], str], ...] = (
    (str, "They differ only in their type: number, text or true and false."),
    (_spaced, "They differ only in white space."),
    (str.lower, "They differ only in upper and lower case."),
    (_cased_and_spaced, "They differ only in upper and lower case and in white space."),
    (_composed, "They look the same, but Unicode spells their characters in different ways."),
    (_seen, "They differ only in characters that cannot be seen or are variants of each other."),
    (_punctuated, "They differ only in dashes, underscores or spaces, or in punctuation at the end."),
)


def _reason(names: Sequence[Label]) -> str:
    texts = [_text(name) for name in names]
    for change, reason in _DIFFERENCES:
        if len({change(text) for text in texts}) == 1:
            return reason
    return "They differ only in case, white space, punctuation, or characters that look alike."
