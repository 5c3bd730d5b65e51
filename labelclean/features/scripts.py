"""What kind of character each code point is, and whether a script parts its words by spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "DROPPED",
    "MARK",
    "OTHER",
    "SPACE",
    "SPACELESS",
    "SYMBOL",
    "WORD",
    "CodePoints",
    "Kinds",
    "TextUnits",
    "character_kinds",
    "choose_units",
    "code_points",
    "spaceless_share",
]

TextUnits = Literal["words", "characters"]
"""What a text is cut into."""

CodePoints = NDArray[np.uint32]
"""A text as numbers, one per code point."""

Kinds = NDArray[np.uint8]
"""One kind per code point: one of the seven constants below."""

SPACE: Final = 0  # white space and control characters: they part words
OTHER: Final = 1  # most punctuation: parts words, but belongs to what stands between two spaces
WORD: Final = 2  # letters and digits of scripts with spaces
SPACELESS: Final = 3  # letters of scripts without spaces: each stands for itself
SYMBOL: Final = 4  # signs that carry meaning: each is a word
MARK: Final = 5  # accents and vowel signs: they belong to the character before them
DROPPED: Final = 6  # optional or invisible signs: the same word is written with and without them

_SIGNS = frozenset("!?:;)(؟؛")  # shouting, asking, and the parts of smileys
_SYMBOL_CATEGORIES = ("So", "Sc", "Sk")  # emoji, currencies, skin tones
_SHARE_CHARACTERS = 400  # of each text; enough to tell its script
_SPACELESS_LIMIT = 0.2

# Han with its extensions and compatibility forms, Hiragana, Katakana, Bopomofo, Thai, Lao, Khmer, Myanmar.
_SPACELESS = re.compile(
    "[\u3005-\u3007\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f\U00020000-\U0003ffff]"
)
# Arabic and Hebrew vowel signs, the Arabic stretch, soft hyphen, joiners, direction marks, emoji variants.
_DROPPED = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4"
    "\u06e7\u06e8\u06ea-\u06ed\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef]"
)


def code_points(text: str) -> CodePoints:
    """
    Turn a text into the numbers of its characters.

    Parameters
    ----------
    text : str
        Any text; lone surrogates, as broken files have them, are numbers like any other.

    Returns
    -------
    ndarray of uint32, shape (len(text),)
        Code points.

    Examples
    --------
    >>> code_points("aß字")
    array([   97,   223, 23383], dtype=uint32)
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32, copy=False)


def character_kinds(codes: CodePoints) -> Kinds:
    """
    Say of each code point what it does in a word.

    Parameters
    ----------
    codes : ndarray of uint32, shape (n_characters,)
        Code points of folded texts.

    Returns
    -------
    ndarray of uint8, shape (n_characters,)
        ``SPACE``, ``OTHER``, ``WORD``, ``SPACELESS``, ``SYMBOL``, ``MARK`` or ``DROPPED``.

    Notes
    -----
    Only the characters that occur are looked up, each once.

    Examples
    --------
    >>> character_kinds(code_points("a ,字!"))
    array([2, 0, 1, 3, 4], dtype=uint8)
    """
    if not len(codes):
        return np.zeros(0, dtype=np.uint8)
    table = np.full(int(codes.max()) + 1, DROPPED + 1, dtype=np.uint8)
    table[codes] = OTHER
    present = np.flatnonzero(table == OTHER)
    table[present] = [_kind(chr(code)) for code in present.tolist()]
    return table[codes]


def spaceless_share(texts: Sequence[str]) -> float:
    """
    Measure how much of the texts is written in scripts without spaces between words.

    Parameters
    ----------
    texts : sequence of str
        The texts; the first 400 characters of each are looked at.

    Returns
    -------
    float
        Letters of Chinese, Japanese, Thai, Lao, Khmer and Myanmar over all letters, 0 to 1; 0 without any letter.

    Examples
    --------
    >>> spaceless_share(["iPhone 手机"])
    0.25
    """
    n_spaceless = n_letters = 0
    for start in range(0, len(texts), _SHARE_BLOCK):
        joined = "".join(text[:_SHARE_CHARACTERS] for text in texts[start : start + _SHARE_BLOCK])
        kinds = np.bincount(character_kinds(code_points(joined)), minlength=DROPPED + 1)
        n_spaceless += int(kinds[SPACELESS])
        n_letters += int(kinds[SPACELESS] + kinds[WORD])
    return n_spaceless / max(n_letters, 1)


_SHARE_BLOCK = 20_000  # texts at a time, so that a million need no memory of their own


def choose_units(texts: Sequence[str]) -> TextUnits:
    """
    Tell whether words can be told apart by spaces.

    Parameters
    ----------
    texts : sequence of str
        The texts.

    Returns
    -------
    {"words", "characters"}
        "characters" where more than a fifth of the letters belong to scripts written without spaces.

    Examples
    --------
    >>> choose_units(["快递还没有到"]), choose_units(["parcel missing"])
    ('characters', 'words')
    """
    return "characters" if spaceless_share(texts) > _SPACELESS_LIMIT else "words"


def _kind(character: str) -> int:
    """Look one character up."""
    category = unicodedata.category(character)
    if category[0] == "Z" or category == "Cc" or character == "\u200b":
        return SPACE
    if _DROPPED.match(character):
        return DROPPED
    if category[0] == "M":
        return MARK
    if character.isalnum():
        return SPACELESS if _SPACELESS.match(character) and not character.isdecimal() else WORD
    if character == "_":
        return WORD
    return SYMBOL if character in _SIGNS or category in _SYMBOL_CATEGORIES else OTHER
