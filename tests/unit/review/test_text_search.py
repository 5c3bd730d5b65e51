"""Tests of the search in texts."""

from __future__ import annotations

import pytest

from labelclean.review.text_search import fold_texts

TEXTS = ("Where is my ORDER", "Straße gesperrt", "", "İstanbul", "half \ud800 a character", "50 % off (now)")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("order", [0]),
        ("STRASSE", [1]),
        ("i\u0307stan", [3]),
        ("\ud800", [4]),
        ("% off (", [5]),
        ("", [0, 1, 2, 3, 4, 5]),
        (".*", []),
    ],
)
def test_texts_are_found_whatever_the_case(text: str, rows: list[int]) -> None:
    """As Python folds case, and with no character that means something else than itself."""
    found = fold_texts(TEXTS).containing(text)

    assert [row for row, is_found in enumerate(found.tolist()) if is_found] == rows


def test_texts_beyond_one_chunk_keep_their_places() -> None:
    """Large files are folded piece by piece."""
    texts = ["x"] * 120_000
    texts[99_999] = "needle"

    found = fold_texts(texts).containing("NEEDLE")

    assert found.shape == (120_000,)
    assert found.nonzero()[0].tolist() == [99_999]


def test_there_may_be_no_texts_at_all() -> None:
    """An empty file has no row to find."""
    assert fold_texts([]).containing("x").tolist() == []
