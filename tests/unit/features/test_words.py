"""Words in any script."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from labelclean.features.grams import FoldedTexts, fold_texts
from labelclean.features.words import word_grams, word_tokens
from tests.reference_text import plain_word_counts, plain_words
from tests.unit.features.texts import any_texts, text_lists


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I like a 1", ["i", "like", "a", "1"]),
        ("Late!! (why?) ;:)", ["late", "!", "!", "(", "why", "?", ")", ";", ":", ")"]),
        ("e-mail, snake_case... don't", ["e", "mail", "snake_case", "don", "t"]),
        ("أَيْنَ الطـــرد؟", ["أين", "الطرد", "؟"]),
        ("हिंदी में", ["हिंदी", "में"]),
        ("நன்றி வணக்கம்", ["நன்றி", "வணக்கம்"]),
        ("שָׁלוֹם", ["שלום"]),
        ("می‌خواهم", ["میخواهم"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("快递iPhone15坏了", ["快", "递", "iphone15", "坏", "了"]),
        ("カメラＡＢＣ", ["カ", "メ", "ラ", "abc"]),
        ("내 소포는", ["내", "소포는"]),
        ("good👍🏽❤️£5", ["good", "👍", "🏽", "❤", "£", "5"]),
        ("don\u00adaudampf", ["donaudampf"]),
        ("", []),
        (" . , \n", []),
    ],
)
def test_words_are_cut_as_readers_see_them(text: str, expected: list[str]) -> None:
    """Marks never break a word, letters without spaces stand alone, signs with a meaning count."""
    assert _words(fold_texts([text])) == expected


def test_a_mark_behind_a_thai_letter_does_not_glue_latin_letters_to_it() -> None:
    """The mark belongs to the Thai letter, the word begins after it."""
    assert _words(fold_texts(["ที่abc"])) == ["ที่", "abc"]


def test_a_mark_that_stands_on_nothing_begins_a_word() -> None:
    """Broken text is still read."""
    assert _words(fold_texts([" \u0301x"])) == ["\u0301x"]


@settings(deadline=None)
@given(any_texts())
def test_words_are_those_of_a_plain_loop(text: str) -> None:
    """One character after the other gives the same words."""
    assert _words(fold_texts([text])) == plain_words(text)


@settings(deadline=None)
@given(text_lists())
def test_runs_are_those_of_a_plain_loop(texts: list[str]) -> None:
    """Equal runs have equal numbers, different runs different ones, and none crosses into the next text."""
    grams = word_grams(fold_texts(texts), (1, 3))
    expected = [plain_word_counts(text, (1, 3)) for text in texts]

    for row, counts in enumerate(expected):
        found = Counter(grams.hashes[grams.rows == row].tolist())
        assert sorted(found.values()) == sorted(counts.values())
    n_different = len({run for counts in expected for run in counts})
    assert len(np.unique(grams.hashes)) == n_different


def test_a_run_reaches_from_its_first_word_to_its_last() -> None:
    """With what stands between them."""
    folded = fold_texts(["Late, very late"])
    grams = word_grams(folded, (2, 2))
    line = folded.codes.tobytes().decode("utf-32-le")

    assert [line[start:end] for start, end in zip(grams.starts, grams.ends, strict=True)] == ["late, very", "very late"]


def test_the_order_of_words_matters() -> None:
    """'not good' is not 'good not'."""
    grams = word_grams(fold_texts(["not good", "good not"]), (2, 2))

    assert grams.hashes[0] != grams.hashes[1]


def _words(folded: FoldedTexts) -> list[str]:
    line = folded.codes.tobytes().decode("utf-32-le", "surrogatepass")
    return [line[start:end] for start, end in zip(*word_tokens(folded), strict=True)]
