"""Slow, plain versions of how a text is cut: one character after the other."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

SIGNS = "!?:;)(؟؛"
SPACELESS_NAMES = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "IDEOGRAPHIC")


def plain_fold(text: str) -> str:
    """Fold case and width, and leave out what is optional to write."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i"))
    return "".join(character for character in folded if not is_optional(character))


def is_optional(character: str) -> bool:
    """Tell whether a word is the same without this sign: only those that the tests use are known here."""
    name = unicodedata.name(character, "")
    is_vowel_sign = name.startswith(
        ("ARABIC FATHA", "ARABIC KASRA", "ARABIC DAMMA", "ARABIC SHADDA", "ARABIC SUKUN", "HEBREW POINT")
    )
    return is_vowel_sign or character in "\u0640\u200c\u200d\u00ad\ufe0f\u200e\u200f"


def is_space(character: str) -> bool:
    """Tell white space and control characters."""
    return unicodedata.category(character)[0] == "Z" or unicodedata.category(character) == "Cc"


def plain_words(text: str) -> list[str]:
    """Return the words of a text."""
    words: list[str] = []
    last = "gap"
    for character in plain_fold(text):
        category = unicodedata.category(character)
        if category[0] == "M" and last != "gap":
            words[-1] += character
        elif category[0] == "M":
            words.append(character)
            last = "word"
        elif character.isalnum() and unicodedata.name(character).startswith(SPACELESS_NAMES):
            words.append(character)
            last = "letter"
        elif character.isalnum() or character == "_":
            if last == "word":
                words[-1] += character
            else:
                words.append(character)
            last = "word"
        elif character in SIGNS or category in {"So", "Sc", "Sk"}:
            words.append(character)
            last = "sign"
        else:
            last = "gap"
    return words


def plain_word_counts(text: str, lengths: tuple[int, int]) -> Counter[tuple[str, ...]]:
    """Count runs of words."""
    words = plain_words(text)
    return Counter(
        tuple(words[i : i + n]) for n in range(lengths[0], lengths[1] + 1) for i in range(len(words) - n + 1)
    )


def plain_character_counts(text: str, lengths: tuple[int, int]) -> Counter[str]:
    """Count runs of characters within what stands between spaces, with a space on each side."""
    spaced = "".join(" " if is_space(character) else character for character in plain_fold(text))
    padded = [f" {word} " for word in spaced.split(" ") if word]
    return Counter(
        word[i : i + n]
        for word in padded
        for n in range(lengths[0], lengths[1] + 1)
        for i in range(len(word) - n + 1)
        if word[i : i + n] != " "
    )


def text_counts(counts: Sequence[Counter[str]]) -> Counter[str]:
    """Count the texts that have each run."""
    return Counter(name for each in counts for name in each)
