"""Short texts of any number whose words are as unevenly common as real ones, with wrong labels planted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, IndexArray, freeze_fields

__all__ = ["MadeTexts", "make_texts"]

N_WORDS = 200_000
WORDS_A_CLASS = 200
OWN_SHARE = 0.3
FEWEST_WORDS, MOST_WORDS = 4, 18
_EXPONENT, _SHIFT = 1.07, 2.7  # of Zipf's law as Mandelbrot corrected it, near what English newspapers have
_CHUNK = 50_000
_ONSETS = ("b", "k", "l", "m", "n", "r", "s", "t", "v", "z")
_VOWELS = ("a", "e", "i", "o", "u")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MadeTexts:
    """
    Texts with given and true classes.

    Attributes
    ----------
    texts : list of str
        Lower-case words.
    given, true : ndarray of int64, shape (n_examples,)
        Class codes.
    """

    texts: list[str]
    given: CodeArray
    true: CodeArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def make_texts(n_rows: int, n_classes: int, *, error_rate: float = 0.1, seed: int = 0) -> MadeTexts:
    """
    Make texts of 4 to 18 words.

    Three words in ten come from 200 that belong to the text's class (each word may belong to several), the rest from
    all words; both by Zipf's law. A tenth of the labels is any other class.
    """
    generator = np.random.default_rng(seed)
    words = np.array([_word(number) for number in range(N_WORDS)], dtype=object)
    own = generator.integers(100, N_WORDS // 10, size=(n_classes, WORDS_A_CLASS))
    true = generator.integers(n_classes, size=n_rows)
    other = (true + generator.integers(1, n_classes, size=n_rows)) % n_classes
    given = np.where(generator.random(n_rows) < error_rate, other, true)
    texts: list[str] = []
    for start in range(0, n_rows, _CHUNK):
        texts += _texts_of(true[start : start + _CHUNK], own, words, generator)
    return MadeTexts(texts=texts, given=given, true=true)


def _texts_of(
    classes: CodeArray, own: IndexArray, words: NDArray[np.object_], generator: np.random.Generator
) -> list[str]:
    lengths = generator.integers(FEWEST_WORDS, MOST_WORDS + 1, size=len(classes))
    owners = np.repeat(classes, lengths)
    numbers = _zipf_draws(len(words), len(owners), generator)
    is_own = generator.random(len(owners)) < OWN_SHARE
    numbers[is_own] = own[owners[is_own], _zipf_draws(own.shape[1], int(is_own.sum()), generator)]
    drawn, ends = words[numbers].tolist(), np.cumsum(lengths).tolist()
    starts = [0, *ends[:-1]]
    return [" ".join(drawn[start:end]) for start, end in zip(starts, ends, strict=True)]


def _zipf_draws(n_words: int, n_draws: int, generator: np.random.Generator) -> IndexArray:
    shares = (np.arange(n_words) + _SHIFT) ** -_EXPONENT
    bounds = np.cumsum(shares / shares.sum())
    return np.minimum(np.searchsorted(bounds, generator.random(n_draws)), n_words - 1).astype(np.int64)


def _word(number: int) -> str:
    """Spell a number in syllables: common words are short."""
    syllables = []
    while True:
        number, syllable = divmod(number, len(_ONSETS) * len(_VOWELS))
        syllables.append(_ONSETS[syllable // len(_VOWELS)] + _VOWELS[syllable % len(_VOWELS)])
        if not number:
            return "".join(syllables)
        number -= 1
