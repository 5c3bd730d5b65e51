"""One spelling for what readers take as the same characters, with the way back to the original text."""

from __future__ import annotations

import unicodedata
from itertools import chain

import numpy as np

from labelclean.arrays import IndexArray

__all__ = ["fold_text", "folded_origins"]

_DOTTED_I = "i\u0307"  # what becomes of the Turkish capital; the small letter has no dot of its own
_JAMO = ("\u1160", "\u11ff")  # Hangul vowels and finals: they join the syllable before them


def fold_text(text: str) -> str:
    r"""
    Give one spelling to texts that differ only in case, width or the way accents are stored.

    Parameters
    ----------
    text : str
        Any text, also with lone surrogates.

    Returns
    -------
    str
        The text in Unicode's compatibility form (NFKC), without differences of case. It may be shorter or longer
        than ``text``: "ß" becomes "ss", an "e" with an accent of its own becomes "é".

    Notes
    -----
    ASCII, by far the most frequent kind, costs one pass. Folding is blind to what stands around a character and the
    marks on it, so that any text can be cut into characters with their marks, folded piece by piece, and joined.

    References
    ----------
    The Unicode Standard, section 3.13, "Default Caseless Matching" (compatibility caseless match).

    Examples
    --------
    >>> fold_text("Straße"), fold_text("ＡＢＣ！"), fold_text("Cafe\u0301")
    ('strasse', 'abc!', 'café')
    """
    if text.isascii():
        return text.lower()
    without_case = unicodedata.normalize("NFKC", text).casefold().replace(_DOTTED_I, "i")
    return unicodedata.normalize("NFKC", without_case)


def folded_origins(text: str) -> tuple[IndexArray, IndexArray]:
    """
    Tell which part of a text each character of its folded form comes from.

    Parameters
    ----------
    text : str
        The original text.

    Returns
    -------
    starts, ends : ndarray of int64, shape (len(fold_text(text)),)
        Character ``i`` of the folded text comes from ``text[starts[i]:ends[i]]``, in code points. Where several
        characters are folded together ("e" and an accent), each result points at all of them.

    Examples
    --------
    >>> starts, ends = folded_origins("Maß")
    >>> starts, ends
    (array([0, 1, 2, 2]), array([1, 2, 3, 3]))
    """
    if text.isascii():
        positions = np.arange(len(text) + 1, dtype=np.int64)
        return positions[:-1], positions[1:]
    bounds = [i for i, character in enumerate(text) if i == 0 or not _joins_what_is_before(character)]
    spans = chain.from_iterable(map(_piece_spans, bounds, _pieces(text, bounds)))
    flat = np.fromiter(chain.from_iterable(spans), dtype=np.int64)
    return flat[::2], flat[1::2]


def _pieces(text: str, bounds: list[int]) -> list[str]:
    """Cut a text into characters with the marks that stand on them."""
    return [text[start:end] for start, end in zip(bounds, [*bounds[1:], len(text)], strict=True)]


def _piece_spans(start: int, piece: str) -> list[tuple[int, int]]:
    """Return where each folded character of one piece comes from."""
    whole = fold_text(piece)
    singly = [fold_text(character) for character in piece]
    if "".join(singly) != whole:
        return [(start, start + len(piece))] * len(whole)
    return [(start + i, start + i + 1) for i, folded in enumerate(singly) for _ in folded]


def _joins_what_is_before(character: str) -> bool:
    """Tell whether normalising may fuse a character with the one before it."""
    if character < "\u0300":
        return False
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first)[0] == "M" or _JAMO[0] <= first <= _JAMO[1]
