"""Tests of texts that say next to nothing."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.issues.low_information import low_information, n_telling_words

SENTENCES = [f"please send the money for my order number {word} back soon" for word in ("one", "two", "three") * 20]


def found_in(texts: list[str], labels: list[int] | None = None) -> dict[int, str]:
    """Return the rows found, each with its reason."""
    codes = np.array([0] * len(texts) if labels is None else labels, dtype=np.int64)
    found = low_information(texts, codes)
    return {} if found is None else {row: found.reason_of(row) for row in found.rows.tolist()}


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u3000"])
def test_blank_texts_always_count(text: str) -> None:
    """However few the rows and however many of them are blank."""
    assert found_in([text, text, "refund"]) == {0: "There is no text.", 1: "There is no text."}


@pytest.mark.parametrize("text", ["12345", "?!...", "https://a.example/x?y=1", "me@mail.example", "17-03 / 22"])
def test_texts_without_a_word_are_found(text: str) -> None:
    """Numbers, punctuation and addresses are no words."""
    assert found_in([*SENTENCES, text]) == {60: "It has no word, only numbers, signs or addresses."}


def test_one_word_among_sentences_is_found() -> None:
    """It has far fewer words than the others."""
    assert found_in([*SENTENCES, "ok"]) == {60: "It has one word, far fewer than the others."}


@pytest.mark.parametrize("text", ["👍👍", ":-)", "very good indeed, thank you", "快递还没有到", "товар не пришёл"])
def test_short_texts_that_say_something_are_not_found(text: str) -> None:
    """Emoji and smileys carry a mood, and a few words say enough."""
    reasons = found_in([*SENTENCES, text])

    assert all("no word" not in reason for reason in reasons.values())
    assert text in {"👍👍", ":-)"} or not reasons


def test_a_dataset_of_short_texts_has_none() -> None:
    """Where a chat is written in single words, one word is the rule."""
    assert found_in(["ok", "yes", "no", "why", "hi there", "see you"] * 10) == {}


def test_a_class_of_numbers_is_what_it_is() -> None:
    """Where a fifth of a class is like that, such texts belong to it."""
    texts = [*SENTENCES * 4, *[str(number) for number in range(20)]]

    assert found_in(texts, [0] * 240 + [1] * 20) == {}


def test_a_word_that_tells_the_class_says_enough() -> None:
    """“thanks” stands in most texts of its class, and nowhere else."""
    polite = [f"thanks a lot for all the good help with my order {word}" for word in ("one", "two", "three") * 10]

    assert found_in([*SENTENCES, *polite, "thanks"], [0] * 60 + [1] * 31) == {}


def test_words_are_counted_in_any_script() -> None:
    """Marks do not break words; letters of scripts without spaces count two thirds."""
    counts = n_telling_words(["मेरा ऑर्डर", "快递还", "don't stop", "a1b2 77", "€5"])

    assert counts[1] == pytest.approx(2.0)
    assert counts[2] == 2
    assert counts[4] == 1
