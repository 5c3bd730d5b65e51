"""Runs of characters within words."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from labelclean.features.characters import character_grams
from labelclean.features.grams import fold_texts
from tests.reference_text import plain_character_counts
from tests.unit.features.texts import text_lists


@pytest.mark.parametrize(
    ("text", "lengths", "expected"),
    [
        ("to be", (3, 4), [" to", "to ", " be", "be ", " to ", " be "]),
        ("a", (3, 5), [" a "]),
        ("a,b", (3, 3), [" a,", "a,b", ",b "]),
        ("字词", (1, 2), ["字", "词", " 字", "字词", "词 "]),
        ("  x  \n ", (1, 3), ["x", " x", "x ", " x "]),
        ("", (1, 3), []),
        (" \t", (1, 3), []),
    ],
)
def test_runs_stay_between_two_spaces(text: str, lengths: tuple[int, int], expected: list[str]) -> None:
    """A space at either side is part of a run, a space alone is none."""
    assert _grams([text], lengths) == [expected]


@settings(deadline=None)
@given(text_lists())
def test_runs_are_those_of_a_plain_loop(texts: list[str]) -> None:
    """In every text, with repetitions; equal runs have equal numbers and different ones different numbers."""
    found = _grams(texts, (1, 4))
    expected = [plain_character_counts(text, (1, 4)) for text in texts]

    assert [Counter(runs) for runs in found] == expected
    grams = character_grams(fold_texts(texts), (1, 4))
    assert len(np.unique(grams.hashes)) == len({run for counts in expected for run in counts})


def test_the_place_leaves_the_space_out() -> None:
    """However many spaces stand before the word."""
    folded = fold_texts(["x   abc"])
    grams = character_grams(folded, (4, 4))
    line = folded.codes.tobytes().decode("utf-32-le")

    assert [line[start:end] for start, end in zip(grams.starts, grams.ends, strict=True)] == ["abc", "abc"]


def _grams(texts: list[str], lengths: tuple[int, int]) -> list[list[str]]:
    """Spell the runs of each text."""
    folded = fold_texts(texts)
    grams = character_grams(folded, lengths)
    line = folded.codes.tobytes().decode("utf-32-le", "surrogatepass")
    names: list[list[str]] = [[] for _ in texts]
    for i, row in enumerate(grams.rows.tolist()):
        piece = line[grams.starts[i] : grams.ends[i]]
        names[row].append(" " * int(grams.opens[i]) + piece + " " * int(grams.closes[i]))
    return names
