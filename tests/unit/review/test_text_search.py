"""Tests of the search in texts."""

from __future__ import annotations

import numpy as np
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


@pytest.mark.parametrize("rows", [[0, 6], [5, 3, 2, 6, 1, 0, 4], []])
def test_only_some_of_the_rows_can_be_searched(rows: list[int]) -> None:
    """The answers stand in the order of the rows, few of the texts or nearly all."""
    texts = [f"text {row}" if row % 2 else "ÄPFEL" for row in range(7)]

    found = fold_texts(texts).containing("äpfel", np.array(rows, dtype=np.int64))

    assert found.tolist() == [row % 2 == 0 for row in rows]


def test_there_may_be_no_texts_at_all() -> None:
    """An empty file has no row to find."""
    assert fold_texts([]).containing("x").tolist() == []
