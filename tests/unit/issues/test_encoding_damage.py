"""Tests of damaged characters."""

from __future__ import annotations

import pytest

from labelclean.issues.encoding_damage import encoding_damage, repaired_text


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("the cafÃ© is closed", "the café is closed"),
        ("Itâ€™s late", "It’s late"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚, Ð¼Ð¸Ñ€", "Привет, мир"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("can &#39;t", "can 't"),
        ("Trump #39;s casinos", "Trump 's casinos"),
        ("马可&#183;奥勒留", "马可·奥勒留"),
        ("bell\x07 rings", "bell rings"),
        ("quoted \x93word\x94", "quoted “word”"),
    ],
)
def test_damage_is_found_and_repaired(damaged: str, repaired: str) -> None:
    """Wrong encodings, codes for characters and control characters, in several scripts."""
    found = encoding_damage([damaged, "a plain text"])

    assert found is not None
    assert found.rows.tolist() == [0]
    assert repaired_text(damaged) == repaired


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "naïve café, größer, señor",
        "Ça va? Déjà vu — “oui”…",
        "快递还没有到，怎么办？",
        "Где моя посылка?",
        "أين طلبي؟",
        "मेरा ऑर्डर कहाँ है",
        "👍🏽 👨‍👩‍👧 ❤️",
        "a && b; x < y > z",
        "AT&T and R&D; fine",
        "<b>Tom &amp; Jerry</b>",
        "line\nbreak\ttab\r\n",
        "price: 20€ / £5 / ¥300",
        "#39 on the list; call me",
        "if (a &b;) return;",
    ],
)
def test_sound_texts_are_left_alone(text: str) -> None:
    """Accents, other scripts, emoji, code and HTML are no damage."""
    assert encoding_damage([text]) is None
    assert repaired_text(text) == text


def test_lost_characters_come_first() -> None:
    """What cannot be repaired is worst."""
    found = encoding_damage(["Tom &amp; Jerry", "cafÃ©", "lam\ufffd", "be\x01ll"])

    assert found is not None
    assert found.rows.tolist() == [2, 1, 3, 0]
    assert found.reason_of(2) == "A character was lost: the sign � stands for it."
    assert (found.scores[:-1] <= found.scores[1:]).all()


def test_half_a_character_counts_as_lost() -> None:
    """Lone surrogates come from texts that were cut inside of a character."""
    found = encoding_damage(["broken \ud83d emoji"])

    assert found is not None
    assert found.reason_of(0) == "A character was lost: the sign � stands for it."
