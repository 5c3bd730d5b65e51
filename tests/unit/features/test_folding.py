"""One spelling for the same characters, and the way back."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.features.folding import fold_text, folded_origins

# Marks, Hangul parts and half-width sound marks fuse with what stands before them.
_FUSING = st.sampled_from("e\u0301\u0323o\u0308가\u1100\u1161\u11a8ㅋㅏｶﾞはﾟ\u0bc6\u0bbei\u0307\u0345ᾳ\u1fb7ﷺ½ßİΐ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STRASSE", "Straße"),
        ("İSTANBUL", "istanbul"),
        ("ΟΔΟΣ", "οδος"),
        ("οδός", "ΟΔΌΣ"),
        ("Cafe\u0301", "CAFÉ"),
        ("ＡＢＣ１２", "abc12"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("ﬁne", "FINE"),
        ("𝐅𝐑𝐄𝐄", "free"),
        ("ﻛﺘﺎﺏ", "كتاب"),
    ],
)
def test_spellings_that_readers_take_for_the_same_fold_alike(one: str, other: str) -> None:
    """Case, width, stored accents and presentation forms make no difference."""
    assert fold_text(one) == fold_text(other)


def test_different_letters_stay_different() -> None:
    """Accents carry meaning in many languages."""
    assert len({fold_text(text) for text in ["ma", "má", "mà", "mạ", "mã"]}) == 5


def test_an_expanded_letter_points_at_itself_twice() -> None:
    """What 'ss' comes from is one letter."""
    starts, ends = folded_origins("Maß!")

    assert starts.tolist() == [0, 1, 2, 2, 3]
    assert ends.tolist() == [1, 2, 3, 3, 4]


def test_a_fused_letter_points_at_all_its_parts() -> None:
    """'é' comes from an 'e' and an accent."""
    starts, ends = folded_origins("xe\u0301y")

    assert starts.tolist() == [0, 1, 3]
    assert ends.tolist() == [1, 3, 4]


def test_marks_that_do_not_fuse_keep_their_own_place() -> None:
    """Hindi vowel signs are characters of their own."""
    starts, _ = folded_origins("हि")

    assert starts.tolist() == [0, 1]


@settings(deadline=None)
@given(st.one_of(st.text(max_size=20), st.text(alphabet=_FUSING, max_size=20)))
def test_folding_piece_by_piece_gives_the_folded_text(text: str) -> None:
    """The origins cut the text into pieces that fold on their own, without gaps that leave anything behind."""
    starts, ends = folded_origins(text)
    pieces = sorted(set(zip(starts.tolist(), ends.tolist(), strict=True)))

    assert len(starts) == len(fold_text(text))
    assert "".join(fold_text(text[start:end]) for start, end in pieces) == fold_text(text)
    assert all(end <= start for (_, end), (start, _) in pairwise(pieces))


def test_what_does_not_join_what_is_before_it_never_changes_it() -> None:
    """Every letter and mark of the basic plane, behind letters that fuse easily."""
    candidates = [chr(code) for code in range(0x300, 0xFFFF) if unicodedata.category(chr(code))[0] in "LMN"]
    wrong = []

    for before in ("e", "\u1100\u1161"):
        for character in candidates:
            starts, _ = folded_origins(before + character)
            is_apart = np.any(starts == len(before))
            if is_apart and fold_text(before + character) != fold_text(before) + fold_text(character):
                wrong.append(hex(ord(character)))

    assert wrong == []
