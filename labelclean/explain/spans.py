"""From what features add to a score to the parts of the text that speak for one label or the other."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from labelclean.arrays import FloatArray, IndexArray, MaskArray
from labelclean.explain.evidence import Side, Span
from labelclean.explain.phrases import Phrase, letter_kinds, strong_phrases
from labelclean.features.scripts import SPACE, SPACELESS, WORD

__all__ = ["SpanReader", "character_scores", "readable_spans", "span_words"]

_WEAKEST = 0.1  # share of the strongest phrase under which none is shown
_MOST_PLACES = 3  # of one word or phrase; in a long text the first ones are enough
_SIDES: Final[tuple[Side, Side]] = ("suggested", "given")


class SpanReader(Protocol):
    """What ``features.reading.GramReader`` does, as far as this room needs it."""

    def spans(self, text: str, columns: IndexArray) -> list[tuple[int, int, int]]:
        """Return (column, start, end) of every place where a feature stands, in code points of the text."""


def character_scores(text: str, places: IndexArray, columns: IndexArray, parts: FloatArray) -> FloatArray:
    """
    Spread what features add to a score onto the characters they cover.

    Features overlap: a word, its pairs with the words beside it, the runs of characters in it. Each gives an equal
    share to every letter and digit it covers, or to its signs if it has no letter, so that the shares of a word can be
    summed whatever they came from. A feature that stands in several places speaks with its whole voice in each.

    Parameters
    ----------
    text : str
        The text.
    places : ndarray of int64, shape (n_places, 3)
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
    >>> places = np.array([[7, 0, 1], [9, 0, 3], [8, 3, 4]])
    >>> character_scores("a b!", places, np.array([7, 8, 9]), np.array([1.0, -0.5, 2.0]))
    array([ 2. ,  0. ,  1. , -0.5])
    """
    if not text or not len(places) or not len(columns):
        return np.zeros(len(text))
    order = np.argsort(columns)
    features = order[np.minimum(np.searchsorted(columns, places[:, 0], sorter=order), len(columns) - 1)]
    known = columns[features] == places[:, 0]
    features, starts, ends = features[known], places[known, 1], places[known, 2]
    kinds = letter_kinds(text)
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
    towards = {"suggested": scores, "given": -scores}
    found = [
        (side, phrase) for side in sides for phrase in _strongest_of(text, strong_phrases(text, towards[side]), n_each)
    ]
    top = max((phrase.score for _, phrase in found), default=1.0)
    spans = [
        Span(start=phrase.start, end=phrase.end, weight=round(phrase.score / top, 3), side=side)
        for side, phrase in found
        if phrase.score >= _WEAKEST * top
    ]
    return sorted(spans, key=lambda span: span.start)


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
        Strongest first, among equals the first in the text; white space in them is one space. Mere punctuation, and
        single characters of scripts without spaces, only where there is nothing else.

    Examples
    --------
    >>> spans = [Span(start=0, end=3, weight=0.5, side="given"), Span(start=4, end=7, weight=1.0, side="given")]
    >>> span_words("Not now", spans, "given")
    ('now', 'Not')
    """
    words: dict[str, str] = {}
    for span in sorted(spans, key=lambda each: (-each.weight, each.start)):
        if span.side == side:
            word = " ".join(text[span.start : span.end].split())
            words.setdefault(word.casefold(), word)
    telling = tuple(word for word in words.values() if not _says_little(word))
    return telling or tuple(words.values())


def _says_little(word: str) -> bool:
    """Tell whether a word alone means nothing to a reader."""
    n_letters = sum(map(str.isalnum, word))
    if n_letters:
        return n_letters == 1 and bool((letter_kinds(word) == SPACELESS).any())
    return not any(unicodedata.category(character) in {"So", "Sc"} for character in word)  # emoji, currencies


def _strongest_of(text: str, phrases: Sequence[Phrase], n_each: int) -> list[Phrase]:
    """Keep the strongest different phrases, and the first places of each."""
    places: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=lambda each: (-each.score, each.start)):
        name = text[phrase.start : phrase.end].casefold()
        if name in places or len(places) < n_each:
            places.setdefault(name, []).append(phrase)
    return [place for same in places.values() for place in sorted(same, key=lambda each: each.start)[:_MOST_PLACES]]


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
