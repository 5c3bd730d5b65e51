"""Finding the runs of a recipe."""

from __future__ import annotations

import numpy as np

from labelclean.features.recipes import GramRecipe, GramUnit, find_grams


def _recipe(unit: GramUnit, *, max_characters: int = 100, n_bits: int = 64) -> GramRecipe:
    return GramRecipe(
        unit=unit, lengths=(1, 2), max_characters=max_characters, min_texts=1, max_features=100, n_bits=n_bits
    )


def test_a_value_is_one_run_without_the_space_around_it() -> None:
    """Case makes no difference, blank cells have no value."""
    _, grams = find_grams(["Web shop", " web shop\n", "", "Web"], _recipe("values"))

    assert grams.rows.tolist() == [0, 1, 3]
    assert grams.hashes[0] == grams.hashes[1]
    assert grams.hashes[0] != grams.hashes[2]


def test_what_stands_beyond_the_limit_is_not_read() -> None:
    """The text is cut before it is folded, to the code point."""
    _, grams = find_grams(["ab cd ef"], _recipe("words", max_characters=4))
    _, cut = find_grams(["ab c"], _recipe("words"))

    assert np.array_equal(grams.hashes, cut.hashes)


def test_fewer_bits_keep_the_upper_ones() -> None:
    """Runs that share them share a number."""
    texts = ["".join(chr(97 + i % 26) for i in range(k, k + 5)) for k in range(100)]
    _, whole = find_grams(texts, _recipe("characters"))
    _, few = find_grams(texts, _recipe("characters", n_bits=3))

    assert np.array_equal(few.hashes, whole.hashes >> np.uint64(61) << np.uint64(61))
    assert len(np.unique(few.hashes)) <= 8
