"""Words and phrases of a text that lean strongly to one side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray, IndexArray, MaskArray
from labelclean.features.scripts import (
    DROPPED,
    MARK,
    SPACE,
    SPACELESS,
    WORD,
    CodePoints,
    Kinds,
    character_kinds,
    code_points,
)

__all__ = ["Phrase", "letter_kinds", "strong_phrases"]

_STRONG = 0.2  # share of the strongest word from which a word is shown; the rest is noise that tires the eye
_STRONG_CHARACTER = 0.35  # likewise where each stands for itself: a strong word spills over onto those beside it
_TIGHTER = 1.25  # from step to step, until a phrase is short enough
_LONGEST_WORDS = 5
_LONGEST_CHARACTERS = 12
_LONGEST_BRIDGE = 1  # weak words between two strong ones: "how many days", though "many" says little
_LONGEST_BRIDGE_CHARACTERS = 2  # likewise where each character stands for itself
_WITHIN_WORDS = code_points("'’ʼ-‐‑.:@&")  # between two letters or digits they part nothing
_LINE_BREAKS = code_points("\n\r\x0b\x0c\x85\u2028\u2029")


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """
    A part of a text.

    Attributes
    ----------
    start, end : int
        ``text[start:end]``, in code points.
    score : float
        The sum of the scores of its characters.
    """

    start: int
    end: int
    score: float


def strong_phrases(text: str, scores: FloatArray) -> list[Phrase]:
    """
    Find the words and phrases whose scores are high for this text.

    Parameters
    ----------
    text : str
        The text.
    scores : ndarray of float64, shape (len(text),)
        What each character adds; below 0 where it speaks for the other side.

    Returns
    -------
    list of Phrase
        In text order. Whole words where the script parts words by spaces, runs of characters where it does not, runs
        of signs. A word is strong from a fifth of the strongest one, of either side. Strong neighbours are one phrase,
        also over one weak word between them (two characters), but not over punctuation or a line break; one of more
        than five words (twelve characters) is cut at its weakest.

    Examples
    --------
    >>> text = "how many days, then"
    >>> scores = np.array([1.0] * 3 + [0.0] + [0.1] * 4 + [0.0] + [1.0] * 4 + [0.0] * 6)
    >>> [text[phrase.start : phrase.end] for phrase in strong_phrases(text, scores)]
    ['how many days']
    """
    units = _Units.of(text, scores)
    return [
        Phrase(
            start=int(units.starts[first]), end=int(units.ends[last]), score=float(units.scores[first : last + 1].sum())
        )
        for first, last in units.runs(1.0, np.arange(len(units.starts)))
    ]


def letter_kinds(text: str) -> Kinds:
    """
    Say of each character what it does in a text that is shown.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    ndarray of uint8, shape (len(text),)
        As ``character_kinds``, but marks have the kind of what they stand on, and signs within a word, such as
        hyphens, that of the word.

    Examples
    --------
    >>> letter_kinds("a-b -").tolist()
    [2, 2, 2, 0, 1]
    """
    return _read(text)[1]


def _read(text: str) -> tuple[CodePoints, Kinds, MaskArray]:
    """Return the code points, what they do in a word, and which belong to the character before them."""
    codes = code_points(text)
    kinds = character_kinds(codes)
    attached: MaskArray = (kinds == MARK) | (kinds == DROPPED)
    if attached.any():
        standing_on = np.maximum.accumulate(np.where(attached, 0, np.arange(len(kinds))))
        kinds = np.where(attached[standing_on], np.uint8(WORD), kinds[standing_on])
    words = kinds == WORD
    inner = np.zeros(len(kinds), dtype=np.bool_)
    inner[1:-1] = words[:-2] & words[2:] & np.isin(codes[1:-1], _WITHIN_WORDS)
    return codes, np.where(inner, np.uint8(WORD), kinds), attached


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Units:
    """The smallest parts that are shown: words, single characters of scripts without spaces, runs of signs."""

    starts: IndexArray
    ends: IndexArray
    kinds: NDArray[np.uint8]
    scores: FloatArray
    strengths: FloatArray  # scores over what makes a unit of this kind strong: 1 and more is strong
    joins_last: MaskArray  # whether nothing but blanks stands before it, so that both can be one phrase

    @classmethod
    def of(cls, text: str, scores: FloatArray) -> _Units:
        codes, kinds, attached = _read(text)
        last_kinds = np.concatenate([np.full(1, SPACE, dtype=np.uint8), kinds])[: len(kinds)]
        opens = (kinds != last_kinds) | ((kinds == SPACELESS) & ~attached)
        starts = np.flatnonzero((kinds != SPACE) & opens)
        closes = np.concatenate([opens[1:], np.ones(min(1, len(kinds)), dtype=np.bool_)])
        ends = np.flatnonzero((kinds != SPACE) & closes) + 1
        summed = np.concatenate([np.zeros(1), np.cumsum(scores)])
        of_units = summed[ends] - summed[starts]
        return cls(
            starts=starts,
            ends=ends,
            kinds=kinds[starts],
            scores=of_units,
            strengths=_strengths(of_units, kinds[starts]),
            joins_last=_joins_last(codes, kinds, starts, ends),
        )

    def runs(self, level: float, among: IndexArray) -> list[tuple[int, int]]:
        """Return the first and last unit of each run; one that is too long to read at a glance loses weak units."""
        runs: list[tuple[int, int]] = []
        for unit in among[self.strengths[among] >= level].tolist():
            if runs and self._is_bridged(level, runs[-1][1], unit):
                runs[-1] = (runs[-1][0], unit)
            else:
                runs.append((unit, unit))
        return [part for first, last in runs for part in self._tightened(level, first, last)]

    def _tightened(self, level: float, first: int, last: int) -> list[tuple[int, int]]:
        longest = _LONGEST_CHARACTERS if self.kinds[first] == SPACELESS else _LONGEST_WORDS
        if last - first < longest:
            return [(first, last)]
        return self.runs(level * _TIGHTER, np.arange(first, last + 1)) or [(first, first + longest - 1)]

    def _is_bridged(self, level: float, last: int, unit: int) -> bool:
        """Tell whether two strong units are one phrase: only blanks and few weak units of the same kind between."""
        longest = _LONGEST_BRIDGE_CHARACTERS if self.kinds[unit] == SPACELESS else _LONGEST_BRIDGE
        return bool(
            unit - last - 1 <= longest
            and self.joins_last[last + 1 : unit + 1].all()
            and (self.strengths[last + 1 : unit] > -level).all()
        )


def _strengths(scores: FloatArray, kinds: NDArray[np.uint8]) -> FloatArray:
    """Compare words with the strongest word, and characters that stand for themselves with the strongest of them."""
    single = kinds == SPACELESS
    strongest = np.abs(scores).max(initial=0.0, where=~single)
    strongest_single = np.abs(scores).max(initial=0.0, where=single)
    floors = np.where(single, _STRONG_CHARACTER * strongest_single, _STRONG * strongest)
    strengths: FloatArray = np.divide(scores, floors, out=np.zeros_like(scores), where=floors > 0)
    return strengths


def _joins_last(codes: CodePoints, kinds: NDArray[np.uint8], starts: IndexArray, ends: IndexArray) -> MaskArray:
    """Mark the units with nothing but blanks (no line break) between them and the unit before, of the same kind."""
    joins = np.zeros(len(starts), dtype=np.bool_)
    n_breaks = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.isin(codes, _LINE_BREAKS))])
    joins[1:] = n_breaks[starts[1:]] == n_breaks[ends[:-1]]
    joins[1:] &= kinds[starts[1:]] == kinds[starts[:-1]]
    return joins
