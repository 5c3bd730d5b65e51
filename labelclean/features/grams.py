"""Runs of folded characters as 64-bit numbers: the same run, the same number, in any text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray
from labelclean.features.folding import fold_text
from labelclean.features.scripts import DROPPED, CodePoints, Kinds, character_kinds, code_points

__all__ = ["FoldedTexts", "GramSpans", "Hashes", "SpanHasher", "fold_texts", "stable_order"]

Hashes = NDArray[np.uint64]
"""One number per run of characters."""

_SEPARATOR = "\n"  # white space, so that no run crosses from one text into the next
_BASE: Final = 0x9E3779B97F4A7C15  # odd, hence with an inverse modulo 2 ** 64; the golden ratio, as in splitmix64
_INVERSE: Final = pow(_BASE, -1, 1 << 64)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class FoldedTexts:
    """
    Some texts, folded and laid end to end.

    Attributes
    ----------
    codes : ndarray of uint32, shape (n_characters,)
        Code points, without the dropped ones; each text has a line break before and after it.
    kinds : ndarray of uint8, shape (n_characters,)
        What each of them does in a word.
    rows : ndarray of int32, shape (n_characters,)
        The text each belongs to.
    """

    codes: CodePoints
    kinds: Kinds
    rows: NDArray[np.int32]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class GramSpans:
    """
    Runs of characters in ``FoldedTexts``, with their places.

    Attributes
    ----------
    hashes : ndarray of uint64, shape (n_grams,)
        The number of each run.
    rows : ndarray of int32, shape (n_grams,)
        The text it stands in.
    starts, ends : ndarray of int64, shape (n_grams,)
        The run is ``codes[starts:ends]``.
    opens, closes : ndarray of bool, shape (n_grams,)
        Whether the space before or after it is part of the run.
    """

    hashes: Hashes
    rows: NDArray[np.int32]
    starts: IndexArray
    ends: IndexArray
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]


def fold_texts(texts: Sequence[str]) -> FoldedTexts:
    r"""
    Fold texts and lay them end to end as code points.

    Parameters
    ----------
    texts : sequence of str
        The texts, already cut to the length that is read.

    Returns
    -------
    FoldedTexts
        Their code points with kinds and rows.

    Examples
    --------
    >>> folded = fold_texts(["Ab", "c"])
    >>> folded.codes.tobytes().decode("utf-32-le"), folded.rows
    ('\nab\nc\n', array([0, 0, 0, 0, 1, 1], dtype=int32))
    """
    folded = list(map(fold_text, texts))
    lengths = np.fromiter(map(len, folded), dtype=np.int64, count=len(folded)) + 1
    codes = code_points(_SEPARATOR + _SEPARATOR.join(folded) + (_SEPARATOR if folded else ""))
    rows = np.repeat(np.arange(len(folded), dtype=np.int32), lengths)
    rows = np.concatenate([np.zeros(1, dtype=np.int32), rows])
    kinds = character_kinds(codes)
    dropped = kinds == DROPPED
    if dropped.any():
        codes, kinds, rows = codes[~dropped], kinds[~dropped], rows[~dropped]
    return FoldedTexts(codes=codes, kinds=kinds, rows=rows)


class SpanHasher:
    """
    Gives the number of any run of characters in constant time.

    Each character has a random-looking number of 64 bits; a run's number is the polynomial with these as coefficients,
    modulo 2 ** 64. Sums over all beginnings of the array, made once, give every run's number by one subtraction.

    Parameters
    ----------
    codes : ndarray of uint32, shape (n_characters,)
        Code points.

    Notes
    -----
    Two different runs get the same number with a probability of about 2 ** -64: among ten million different runs, the
    chance that any two are taken for one is about three in a million.

    References
    ----------
    Karp & Rabin (1987), "Efficient randomized pattern-matching algorithms", IBM J. Res. Dev. 31(2); the numbers of
    the characters are those of splitmix64: Steele, Lea & Flood (2014), "Fast splittable pseudorandom number
    generators", OOPSLA, figure 15.
    """

    def __init__(self, codes: CodePoints) -> None:
        table = _scramble(np.arange(int(codes.max(initial=0)) + 1, dtype=np.uint64))
        terms = table[codes] * _powers(_BASE, len(codes))
        self._sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum(terms, out=self._sums[1:])
        self._inverse_powers = _powers(_INVERSE, len(codes))

    def hashes(self, starts: IndexArray, ends: IndexArray) -> Hashes:
        """Return the numbers of the runs ``codes[starts:ends]``, none of them empty."""
        return (self._sums[ends] - self._sums[starts]) * self._inverse_powers[starts]


def stable_order(hashes: Hashes) -> IndexArray:
    """
    Return the order that sorts numbers, equal ones by place.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n,)
        Random-looking numbers.

    Returns
    -------
    ndarray of int64, shape (n,)
        ``hashes[order]`` rises, and ``order`` rises where it stands still.

    Notes
    -----
    NumPy sorts numbers ten to twenty times as fast as it sorts places by number. So the places are written into the
    lower bits, and these numbers sorted; should two different numbers have the same upper bits, which the last look
    sees, the slow way is taken.

    Examples
    --------
    >>> stable_order(np.array([1 << 62, 1 << 60, 1 << 62], dtype=np.uint64))
    array([1, 0, 2])
    """
    low = np.uint64((1 << max(len(hashes) - 1, 0).bit_length()) - 1)
    packed = (hashes & ~low) | np.arange(len(hashes), dtype=np.uint64)
    packed.sort()
    order = (packed & low).astype(np.int64)
    ordered = hashes[order]
    if (ordered[1:] < ordered[:-1]).any():
        return np.argsort(hashes, kind="stable")
    return order


def _powers(base: int, length: int) -> Hashes:
    """Return base ** 0, base ** 1, ..., modulo 2 ** 64."""
    factors = np.full(length, base, dtype=np.uint64)
    factors[:1] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _scramble(numbers: Hashes) -> Hashes:
    """Give each number 64 random-looking bits: the finaliser of splitmix64."""
    mixed = (numbers + np.uint64(1)) * np.uint64(_BASE)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
