"""Words, and runs of words, of folded texts in any script."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray
from labelclean.features.grams import FoldedTexts, GramSpans, Hashes, SpanHasher
from labelclean.features.scripts import MARK, SPACE, SPACELESS, SYMBOL, WORD, Kinds

__all__ = ["word_grams", "word_tokens"]

_NEXT_WORD: Final = 0xD6E8FEB86659FD93  # odd and random-looking: makes "a b" another number than "b a"


def word_tokens(folded: FoldedTexts) -> tuple[IndexArray, IndexArray]:
    """
    Cut folded texts into words.

    Parameters
    ----------
    folded : FoldedTexts
        The texts.

    Returns
    -------
    starts, ends : ndarray of int64, shape (n_tokens,)
        The words, in order: ``codes[starts:ends]``.

    Notes
    -----
    A word is a run of letters, digits and low lines, of any length; or a single letter of a script without spaces; or
    a single sign of those that carry meaning (``!?:;)(``, emoji, currencies). Marks belong to what they stand on, so
    that an Arabic or Hindi word is not broken where a vowel is written. A Latin name in a Chinese text is one word.

    Examples
    --------
    >>> from labelclean.features.grams import fold_texts
    >>> folded = fold_texts(["My iPad 坏了!"])
    >>> text = folded.codes.tobytes().decode("utf-32-le")
    >>> [text[start:end] for start, end in zip(*word_tokens(folded))]
    ['my', 'ipad', '坏', '了', '!']
    """
    kinds = _with_marks_as_what_they_stand_on(folded.kinds)
    inside = (kinds >= WORD) & (kinds <= SYMBOL)
    before = np.concatenate([np.full(1, SPACE, dtype=np.uint8), kinds[:-1]])
    begins = ((kinds == WORD) & (before != WORD)) | (folded.kinds == SPACELESS) | (folded.kinds == SYMBOL)
    goes_on = np.concatenate([inside[1:] & ~begins[1:], np.zeros(1, dtype=np.bool_)])[: len(inside)]
    return np.flatnonzero(begins), np.flatnonzero(inside & ~goes_on) + 1


def word_grams(folded: FoldedTexts, lengths: tuple[int, int]) -> GramSpans:
    """
    Find runs of words that follow one another in a text.

    Parameters
    ----------
    folded : FoldedTexts
        The texts.
    lengths : tuple of int
        Fewest and most words in a run.

    Returns
    -------
    GramSpans
        All runs, also repeated ones; runs of one length stand together, in the order of the texts. What stands
        between two words (spaces, commas) makes no difference to the number of a run.

    Examples
    --------
    >>> from labelclean.features.grams import fold_texts
    >>> grams = word_grams(fold_texts(["a b", "a, b"]), (2, 2))
    >>> grams.rows, bool(grams.hashes[0] == grams.hashes[1])
    (array([0, 1], dtype=int32), True)
    """
    starts, ends = word_tokens(folded)
    rows = folded.rows[starts]
    words = SpanHasher(folded.codes).hashes(starts, ends)
    found = [_runs(words, rows, n_words) for n_words in range(lengths[0], lengths[1] + 1)]
    first = np.concatenate([places for places, _ in found])
    last = np.concatenate([places + n_words - 1 for n_words, (places, _) in enumerate(found, lengths[0])])
    hashes = np.concatenate([numbers for _, numbers in found])
    no = np.zeros(len(hashes), dtype=np.bool_)
    return GramSpans(hashes=hashes, rows=rows[first], starts=starts[first], ends=ends[last], opens=no, closes=no)


def _runs(words: Hashes, rows: NDArray[np.int32], n_words: int) -> tuple[IndexArray, Hashes]:
    """Return the first word and the number of each run of ``n_words`` words in one text."""
    n_runs = max(len(words) - n_words + 1, 0)
    numbers = words[:n_runs].copy()
    for i in range(1, n_words):
        numbers += words[i : i + n_runs] * np.uint64(pow(_NEXT_WORD, i, 1 << 64))
    within = rows[:n_runs] == rows[len(rows) - n_runs :]
    return np.flatnonzero(within), numbers[within]


def _with_marks_as_what_they_stand_on(kinds: Kinds) -> Kinds:
    """Give each mark the kind of the character it stands on; one that stands on nothing begins a word."""
    marks = kinds == MARK
    if not marks.any():
        return kinds
    places = np.where(marks, 0, np.arange(len(kinds)))
    standing_on = kinds[np.maximum.accumulate(places)]
    return np.where(marks & (standing_on < WORD), np.uint8(WORD), standing_on)
