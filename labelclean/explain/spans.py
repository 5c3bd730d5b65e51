"""From what features add to a score to the parts of the text that speak for one label or the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray, IndexArray, MaskArray
from labelclean.explain.evidence import Side, Span
from labelclean.features.scripts import (
    DROPPED,
    MARK,
    SPACE,
    SPACELESS,
    SYMBOL,
    WORD,
    CodePoints,
    character_kinds,
    code_points,
)

__all__ = ["SpanReader", "character_scores", "readable_spans", "span_words"]

_STRONG = 0.2  # share of the strongest word from which a word is shown; the rest is noise that tires the eye
_TIGHTER = 1.25  # from step to step, until a phrase is short enough
_LONGEST_WORDS = 5
_LONGEST_CHARACTERS = 12
_MOST_PLACES = 3  # of one word or phrase; in a long text the first ones are enough
_LONGEST_BRIDGE = 1  # weak words between two strong ones: "how many days", though "many" says little
_LONGEST_BRIDGE_CHARACTERS = 2  # likewise where each character stands for itself
_WITHIN_WORDS = code_points("'’ʼ-‐‑.@&")  # between two letters or digits they part nothing
_LINE_BREAKS = code_points("\n\r\x0b\x0c\x85\u2028\u2029")
_SIDES: Final[tuple[Side, Side]] = ("suggested", "given")


class SpanReader(Protocol):
    """What ``features.reading.GramReader`` does, as far as this room needs it."""

    def spans(self, text: str, columns: IndexArray) -> list[tuple[int, int, int]]:
        """Return (column, start, end) of every place where a feature stands, in code points of the text."""


def character_scores(
    text: str, places: Sequence[tuple[int, int, int]], columns: IndexArray, parts: FloatArray
) -> FloatArray:
    """
    Spread what features add to a score onto the characters they cover.

    Features overlap: a word, its pairs with the words beside it, the runs of characters in it. Each gives an equal
    share to every letter and digit it covers, or to its signs if it has no letter, so that the shares of a word can be
    summed whatever they came from. A feature that stands in several places speaks with its whole voice in each.

    Parameters
    ----------
    text : str
        The text.
    places : sequence of (int, int, int)
        Column, start and end of every place where a feature stands, as a reader gives them.
    columns : ndarray of int64, shape (n_features,)
        The features, each once; places of others are skipped.
    parts : ndarray of float64, shape (n_features,)
        What each of them adds: above 0 for the suggested label, below 0 for the given one.

    Returns
    -------
    ndarray of float64, shape (len(text),)
        Sums to the sum of ``parts`` where each feature stands in one place. White space has 0.

    Examples
    --------
    >>> places = [(7, 0, 1), (9, 0, 3), (8, 3, 4)]
    >>> character_scores("a b!", places, np.array([7, 8, 9]), np.array([1.0, -0.5, 2.0]))
    array([ 2. ,  0. ,  1. , -0.5])
    """
    if not text or not places or not len(columns):
        return np.zeros(len(text))
    order = np.argsort(columns)
    table = np.asarray(places, dtype=np.int64)
    features = order[np.minimum(np.searchsorted(columns, table[:, 0], sorter=order), len(columns) - 1)]
    known = columns[features] == table[:, 0]
    features, starts, ends = features[known], table[known, 1], table[known, 2]
    kinds = _kinds(text)
    is_letter = (kinds == WORD) | (kinds == SPACELESS)
    is_sign = ~is_letter & (kinds != SPACE)
    n_letters, n_signs = _counted(is_letter, starts, ends), _counted(is_sign, starts, ends)
    each = parts[features] / np.maximum(np.where(n_letters > 0, n_letters, n_signs), 1)
    on_letters = _layered(len(text), starts, ends, np.where(n_letters > 0, each, 0.0))
    on_signs = _layered(len(text), starts, ends, np.where(n_letters > 0, 0.0, each))
    scores: FloatArray = on_letters * is_letter + on_signs * is_sign
    return scores


def readable_spans(text: str, scores: FloatArray, *, n_each: int = 8, sides: Sequence[Side] = _SIDES) -> list[Span]:
    """
    Choose the words and phrases that say most, of each side.

    Whole words where the script parts words by spaces; runs of characters where it does not. Strong neighbours of the
    same side become one phrase, also over one weak word between them.

    Parameters
    ----------
    text : str
        The text.
    scores : ndarray of float64, shape (len(text),)
        As ``character_scores`` gives them; those of several views may be summed.
    n_each : int, default=8
        Different words or phrases of each side, at most; each is shown in its first three places.
    sides : sequence of {"suggested", "given"}, optional
        The sides wanted; both where left out.

    Returns
    -------
    list of Span
        In text order, without overlap. The strongest, of either side, has weight 1.

    Examples
    --------
    >>> text = "how many days"
    >>> scores = np.array([1.0] * 3 + [0.0] + [0.1] * 4 + [0.0] + [1.0] * 4)
    >>> [(text[span.start : span.end], span.side) for span in readable_spans(text, scores)]
    [('how many days', 'suggested')]
    """
    units = _Units.of(text, scores)
    strongest = np.abs(units.scores).max(initial=0.0)
    if not np.isfinite(strongest) or strongest <= 0:
        return []
    found: list[tuple[float, Span]] = []
    for side in sides:
        sign = 1.0 if side == "suggested" else -1.0
        phrases = units.phrases(sign * units.scores, _STRONG * strongest)
        found += _strongest_of(text, phrases, side, n_each)
    top = max((score for score, _ in found), default=1.0)
    weighed = [
        Span(start=span.start, end=span.end, weight=max(round(score / top, 3), 0.001), side=span.side)
        for score, span in found
    ]
    return sorted(weighed, key=lambda span: span.start)


def span_words(text: str, spans: Sequence[Span], side: Side) -> tuple[str, ...]:
    """
    Return the text of the spans of one side, each once whatever its case.

    Parameters
    ----------
    text : str
        The text.
    spans : sequence of Span
        As ``readable_spans`` gives them.
    side : {"suggested", "given"}
        Which of them.

    Returns
    -------
    tuple of str
        Strongest first, among equals the first in the text; white space in them is one space. Spans without any
        letter, digit or meaningful sign are left out.

    Examples
    --------
    >>> spans = [Span(start=0, end=3, weight=0.5, side="given"), Span(start=4, end=7, weight=1.0, side="given")]
    >>> span_words("Not now", spans, "given")
    ('now', 'Not')
    """
    words: dict[str, str] = {}
    for span in sorted(spans, key=lambda each: (-each.weight, each.start)):
        word = " ".join(text[span.start : span.end].split())
        if span.side == side and np.isin(_kinds(word), (WORD, SPACELESS, SYMBOL)).any():
            words.setdefault(word.casefold(), word)
    return tuple(words.values())


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Units:
    """The smallest parts that are shown: words, single characters of scripts without spaces, runs of signs."""

    starts: IndexArray
    ends: IndexArray
    kinds: NDArray[np.uint8]
    scores: FloatArray
    joins_last: MaskArray  # whether nothing but blanks stands before it, so that both can be one phrase

    @classmethod
    def of(cls, text: str, scores: FloatArray) -> _Units:
        codes = code_points(text)
        kinds = _kinds(text)
        last_kinds = np.concatenate([np.full(1, SPACE, dtype=np.uint8), kinds])[: len(kinds)]
        opens = (kinds != last_kinds) | ((kinds == SPACELESS) & ~_is_attached(character_kinds(codes)))
        starts = np.flatnonzero((kinds != SPACE) & opens)
        closes = np.concatenate([opens[1:], np.ones(min(1, len(kinds)), dtype=np.bool_)])
        ends = np.flatnonzero((kinds != SPACE) & closes) + 1
        summed = np.concatenate([np.zeros(1), np.cumsum(scores)])
        return cls(
            starts=starts,
            ends=ends,
            kinds=kinds[starts],
            scores=summed[ends] - summed[starts],
            joins_last=_joins_last(codes, kinds, starts, ends),
        )

    def phrases(self, scores: FloatArray, strong: float) -> list[tuple[float, int, int]]:
        """Return score, start and end of runs of strong units; ``scores`` are above 0 for the side wanted."""
        return [
            (float(scores[first : last + 1].sum()), int(self.starts[first]), int(self.ends[last]))
            for first, last in self._runs(scores, strong, np.arange(len(scores)))
        ]

    def _runs(self, scores: FloatArray, strong: float, among: IndexArray) -> list[tuple[int, int]]:
        """Return the first and last unit of each run; one that is too long to read at a glance loses weak units."""
        runs: list[tuple[int, int]] = []
        for unit in among[scores[among] >= strong].tolist():
            if runs and self._is_bridged(scores, strong, runs[-1][1], unit):
                runs[-1] = (runs[-1][0], unit)
            else:
                runs.append((unit, unit))
        return [part for first, last in runs for part in self._tightened(scores, strong, first, last)]

    def _tightened(self, scores: FloatArray, strong: float, first: int, last: int) -> list[tuple[int, int]]:
        longest = _LONGEST_CHARACTERS if self.kinds[first] == SPACELESS else _LONGEST_WORDS
        if last - first < longest:
            return [(first, last)]
        tighter = self._runs(scores, strong * _TIGHTER, np.arange(first, last + 1))
        return tighter or [(first, first + longest - 1)]

    def _is_bridged(self, scores: FloatArray, strong: float, last: int, unit: int) -> bool:
        """Tell whether two strong units are one phrase: only blanks and few weak units of the same kind between."""
        between = slice(last + 1, unit)
        longest = _LONGEST_BRIDGE_CHARACTERS if self.kinds[unit] == SPACELESS else _LONGEST_BRIDGE
        return bool(
            unit - last - 1 <= longest
            and self.joins_last[last + 1 : unit + 1].all()
            and (scores[between] > -strong).all()
            and (self.kinds[between] == self.kinds[unit]).all()
        )


def _strongest_of(
    text: str, phrases: Sequence[tuple[float, int, int]], side: Side, n_each: int
) -> list[tuple[float, Span]]:
    """Keep the strongest different phrases, and the first places of each."""
    places: dict[str, list[tuple[float, Span]]] = {}
    for score, start, end in sorted(phrases, key=lambda phrase: (-phrase[0], phrase[1])):
        name = text[start:end].casefold()
        if name in places or len(places) < n_each:
            places.setdefault(name, []).append((score, Span(start=start, end=end, weight=1.0, side=side)))
    return [place for same in places.values() for place in sorted(same, key=lambda each: each[1].start)[:_MOST_PLACES]]


def _kinds(text: str) -> NDArray[np.uint8]:
    """Return the kind of each character: marks have that of what they stand on, hyphens in a word that of the word."""
    codes = code_points(text)
    kinds = character_kinds(codes)
    attached = _is_attached(kinds)
    standing_on = np.maximum.accumulate(np.where(attached, 0, np.arange(len(kinds))))
    kinds = np.where(attached[standing_on], np.uint8(WORD), kinds[standing_on])
    words = kinds == WORD
    inner = np.zeros(len(kinds), dtype=np.bool_)
    inner[1:-1] = words[:-2] & words[2:] & np.isin(codes[1:-1], _WITHIN_WORDS)
    kinds[inner] = WORD
    return kinds


def _is_attached(kinds: NDArray[np.uint8]) -> MaskArray:
    """Mark the characters that belong to the one before them."""
    attached: MaskArray = (kinds == MARK) | (kinds == DROPPED)
    return attached


def _joins_last(codes: CodePoints, kinds: NDArray[np.uint8], starts: IndexArray, ends: IndexArray) -> MaskArray:
    """Mark the units with nothing but blanks (no line break) between them and the unit before, of the same kind."""
    joins = np.zeros(len(starts), dtype=np.bool_)
    joins[1:] = _counted(np.isin(codes, _LINE_BREAKS), ends[:-1], starts[1:]) == 0
    joins[1:] &= kinds[starts[1:]] == kinds[starts[:-1]]
    return joins


def _counted(mask: MaskArray, starts: IndexArray, ends: IndexArray) -> IndexArray:
    """Return how many characters of a kind stand between each start and end."""
    counted = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(mask, dtype=np.int64)])
    between: IndexArray = counted[ends] - counted[starts]
    return between


def _layered(length: int, starts: IndexArray, ends: IndexArray, amounts: FloatArray) -> FloatArray:
    """Return the sum of the amounts that cover each character."""
    opened = np.bincount(starts, weights=amounts, minlength=length + 1)
    closed = np.bincount(ends, weights=amounts, minlength=length + 1)
    summed: FloatArray = np.cumsum(opened - closed)[:length]
    return summed
