"""Texts that say next to nothing: blank ones, and those with hardly a word to go by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, MaskArray
from labelclean.features.scripts import SPACELESS, SYMBOL, character_kinds, code_points
from labelclean.issues.problem import DataProblem, problem_of
from labelclean.protocols import Progress, no_progress

__all__ = ["low_information", "n_telling_words"]

_STEP = "Looking for texts that say nothing"
_ROWS_AT_ONCE = 20_000
_MAX_CHARACTERS = 2_000  # of each text: more than enough words
_SPACELESS_PER_WORD = 1.5  # letters of scripts without spaces that make a word

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")
_SMILEY = re.compile(r"[:;=8][-'o^]?[)(\]\[DPpO/|*3]+|<3")
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f'’])*")

_USUAL_SHARE = 0.2  # of a class: from here on such texts are what the class is like
_MOST_ROWS_SHARE = 0.1  # of all rows: from here on such texts are what the data are like
_FEWER = 8.0  # times fewer words than half of the texts have
_FENCE = 1.5  # Tukey's, in interquartile ranges
_FEW = 3.0  # words; whoever writes more says something
_TELLING_LIFT = 3.0  # times as frequent in a class as elsewhere: from here on a word tells the class
_TELLING_ROWS = 3  # of the class that have the word, this one included
_LONG_ENOUGH = 4.0  # words in the middle text; shorter ones are all short

_BLANK, _NO_WORDS, _FEW_WORDS, _TELLING = 0, 1, 2, 3
_SCORES = np.array([0.0, 0.2, 0.5, 1.0])


def low_information(texts: Sequence[str], labels: CodeArray, *, progress: Progress = no_progress) -> DataProblem | None:
    """
    Find texts that are blank, have no word at all, or far fewer words than the others.

    What is usual is no problem: where a fifth of a class, or a tenth of all rows, is like that, such texts belong to
    the data. Nor is a short text that says it all: one with a word that is at least three times as frequent in its
    class as elsewhere. Emoji, smileys and other signs with a meaning count as words; addresses, numbers and
    punctuation do not.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts; the first 2,000 characters of each are looked at.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    progress : Progress, optional
        Told the fraction done; it may raise ``RunCancelledError``.

    Returns
    -------
    DataProblem or None
        Blank texts first, which always count. None where there are none.

    Notes
    -----
    Far fewer: three words or fewer, an eighth or less of the words of the middle text, and below the lower quartile
    by more than 1.5 interquartile ranges, counted in logarithms. Cost: about 4 s for a million texts of 60 characters.

    Examples
    --------
    >>> long = ["please send the money for my last order back"] * 30
    >>> found = low_information([*long, "", "12345", "ok"], np.zeros(33, dtype=np.int64))
    >>> found.rows, found.reason_of(31)
    (array([30, 31, 32]), 'It has no word, only numbers, signs or addresses.')
    """
    words = n_telling_words(texts, progress=progress)
    is_blank = np.fromiter((not text.strip() for text in texts), dtype=np.bool_, count=len(texts))
    states = np.full(len(texts), _TELLING, dtype=np.int64)
    few = np.flatnonzero(_unusual(_far_fewer(words, is_blank), labels))
    states[few[~_tell_the_class(few, texts, labels)]] = _FEW_WORDS
    states[_unusual((words == 0) & ~is_blank, labels)] = _NO_WORDS
    states[is_blank] = _BLANK
    rows = np.flatnonzero(states != _TELLING)
    return problem_of(
        "low_information",
        rows,
        _SCORES[states[rows]],
        [_reason(state, n_words) for state, n_words in zip(states[rows].tolist(), words[rows].tolist(), strict=True)],
    )


def n_telling_words(texts: Sequence[str], *, progress: Progress = no_progress) -> FloatArray:
    """
    Count the words of texts, in any script.

    Parameters
    ----------
    texts : sequence of str
        The texts.
    progress : Progress, optional
        Told the fraction done.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        Runs of letters; each sign with a meaning (emoji, currencies) is one; of scripts without spaces, 1.5 letters
        are one. Numbers, punctuation and addresses are none.

    Examples
    --------
    >>> n_telling_words(["See https://a.example 17", "€€", "快递没到", "?!"])
    array([1.        , 2.        , 2.66666667, 0.        ])
    """
    return np.fromiter(_counts(texts, progress), dtype=np.float64, count=len(texts))


def _counts(texts: Sequence[str], progress: Progress) -> Iterator[float]:
    for row, text in enumerate(texts):
        if not row % _ROWS_AT_ONCE:
            progress(_STEP, row / len(texts))
        head = text[:_MAX_CHARACTERS]
        if "@" in head or "://" in head or "www." in head:
            head = _ADDRESS.sub(" ", head)
        n_words = float(len(_WORDS.findall(head))) if head.isascii() else _words_of_any_script(head)
        yield n_words or float(len(_SMILEY.findall(head)))


def _words_of_any_script(text: str) -> float:
    codes = code_points(text)
    kinds = character_kinds(codes)
    n_spaceless = int(np.count_nonzero(kinds == SPACELESS))
    n_signs = int(np.count_nonzero((kinds == SYMBOL) & (codes > _LAST_ASCII)))
    if not n_spaceless:
        return float(len(_WORDS.findall(text)) + n_signs)
    others = "".join(" " if kind == SPACELESS else character for character, kind in zip(text, kinds, strict=True))
    return len(_WORDS.findall(others)) + n_signs + n_spaceless / _SPACELESS_PER_WORD


_LAST_ASCII = 0x7F


def _far_fewer(words: FloatArray, is_blank: MaskArray) -> MaskArray:
    counted = words[~is_blank & (words > 0)]
    if not len(counted):
        return np.zeros(len(words), dtype=np.bool_)
    middle = float(np.median(counted))
    if middle < _LONG_ENOUGH:
        return np.zeros(len(words), dtype=np.bool_)
    low, high = np.log(np.quantile(counted, [0.25, 0.75]))
    limit = min(_FEW, middle / _FEWER, float(np.exp(low - _FENCE * (high - low))))
    return np.asarray((words > 0) & (words <= max(limit, 1.0 if middle >= _FEWER else 0.0)), dtype=np.bool_)


def _tell_the_class(rows: IndexArray, texts: Sequence[str], labels: CodeArray) -> MaskArray:
    """Tell which of some short texts have a word that is typical of their class."""
    words_of = [frozenset(_WORDS.findall(texts[row].casefold())) for row in rows.tolist()]
    asked = frozenset[str]().union(*words_of)
    in_class: Counter[tuple[str, int]] = Counter()
    if asked:
        for text, label in zip(texts, labels.tolist(), strict=True):
            found = asked.intersection(_WORDS.findall(text[:_MAX_CHARACTERS].casefold()))
            in_class.update((word, label) for word in found)
    everywhere: Counter[str] = Counter()
    for (word, _), n_rows in in_class.items():
        everywhere[word] += n_rows
    n_in_class = Counter(labels.tolist())

    def tells(word: str, label: int) -> bool:
        n_here, n_rows = in_class[word, label], n_in_class[label]
        here, elsewhere = n_here / n_rows, (everywhere[word] - n_here) / max(1, len(texts) - n_rows)
        return n_here >= _TELLING_ROWS and here >= _TELLING_LIFT * elsewhere

    return np.array(
        [
            any(tells(word, label) for word in words)
            for words, label in zip(words_of, labels[rows].tolist(), strict=True)
        ],
        dtype=np.bool_,
    )


def _unusual(mask: MaskArray, labels: CodeArray) -> MaskArray:
    """Return the mask without the rows of classes that are mostly like that; nothing where all the data are."""
    n_rows = len(mask)
    if not mask.any() or np.count_nonzero(mask) > _MOST_ROWS_SHARE * n_rows:
        return np.zeros(n_rows, dtype=np.bool_)
    codes = labels - UNLABELLED  # unlabelled rows are a class of their own here
    n_in_class: NDArray[np.int64] = np.bincount(codes)
    n_like_that = np.bincount(codes[mask], minlength=len(n_in_class))
    is_usual = n_like_that > np.maximum(_USUAL_SHARE * n_in_class, 1)
    unusual: MaskArray = mask & ~is_usual[codes]
    return unusual


def _reason(state: int, n_words: float) -> str:
    if state == _BLANK:
        return "There is no text."
    if state == _NO_WORDS:
        return "It has no word, only numbers, signs or addresses."
    shown = round(n_words)
    return (
        "It has one word, far fewer than the others."
        if shown <= 1
        else (f"It has {shown} words, far fewer than the others.")
    )
