"""Rare names that are one letter away from a frequent one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

__all__ = ["misspelt_names"]

_MIN_CHARACTERS = 5
_MIN_WORD = 4
_MAX_CHARACTERS = 60
_MAX_ROWS = 5
_TIMES_MORE = 20
_WORD = re.compile(r"[^\W_]+")


def misspelt_names(counts: Mapping[str, int]) -> dict[str, str]:
    """
    Find rare names that most likely are a frequent one with a typing error.

    One letter too many, missing, wrong, or two that changed places, in a word of at least four letters, and neither
    at its very beginning The rare name has at most 5
    rows, and the frequent one at least 20 times as many. Where two frequent names come into question, none is taken.

    Parameters
    ----------
    counts : mapping of str to int
        Rows by name; the names without differences in case, space and the like.

    Returns
    -------
    dict of str to str
        The frequent name for each such rare one.

    Examples
    --------
    >>> misspelt_names({"refund": 120, "refnud": 2, "level 1": 90, "level 2": 1})
    {'refnud': 'refund'}
    """
    rare = [name for name, n_rows in counts.items() if n_rows <= _MAX_ROWS and _may_be_misspelt(name)]
    frequent = [name for name, n_rows in counts.items() if n_rows >= _TIMES_MORE and _may_be_misspelt(name)]
    if not rare or not frequent:
        return {}
    without_one: dict[str, set[str]] = {}
    for name in frequent:
        for shorter in _shortened(name):
            without_one.setdefault(shorter, set()).add(name)
    found: dict[str, str] = {}
    for name in rare:
        near = {other for shorter in _shortened(name) for other in without_one.get(shorter, ())}
        meant = [
            other
            for other in near
            if other != name and counts[other] >= _TIMES_MORE * max(counts[name], 1) and _is_one_error(name, other)
        ]
        if len(meant) == 1:
            found[name] = meant[0]
    return found


def _may_be_misspelt(name: str) -> bool:
    return _MIN_CHARACTERS <= len(name) <= _MAX_CHARACTERS


def _shortened(name: str) -> Iterator[str]:
    """Give the name and all that is left of it without one letter: near names have one of them in common."""
    yield name
    for place in range(len(name)):
        yield name[:place] + name[place + 1 :]


def _is_one_error(rare: str, frequent: str) -> bool:
    start = 0
    while start < min(len(rare), len(frequent)) and rare[start] == frequent[start]:
        start += 1
    end = 0
    while end < min(len(rare), len(frequent)) - start and rare[-1 - end] == frequent[-1 - end]:
        end += 1
    changed, meant = rare[start : len(rare) - end], frequent[start : len(frequent) - end]
    is_swap = len(changed) == len(meant) == 2 and changed == meant[::-1]  # noqa: PLR2004
    if not is_swap and max(len(changed), len(meant)) > 1:
        return False
    if not start or any(not (letter.isalpha() or letter == " ") for letter in changed + meant):
        return False
    is_wrong = len(changed) == len(meant) == 1
    return all(_in_long_word(name, start, is_wrong=is_wrong) for name in (rare, frequent))


def _in_long_word(name: str, place: int, *, is_wrong: bool) -> bool:
    """Tell whether the word around a place is long, and the place neither its first letter nor its wrong last one."""
    for word in _WORD.finditer(name):
        if word.start() <= place <= word.end() and word.end() - word.start() >= _MIN_WORD:
            return place > word.start() and not (is_wrong and place == word.end() - 1)
    return False
