"""Counts as sparse rows, and the choice of columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.arrays import FeatureMatrix
from labelclean.features import counting
from labelclean.features.counting import Vocabulary, block_bounds, choose_vocabulary, count_block, count_rows
from labelclean.features.reading import GramReader
from labelclean.features.recipes import GramRecipe
from tests.reference_text import plain_character_counts, plain_word_counts
from tests.unit.features.texts import MANY_SCRIPTS, text_lists

_WORDS = GramRecipe(unit="words", lengths=(1, 2), max_characters=1000, min_texts=1, max_features=1000)
_CHARACTERS = replace(_WORDS, unit="characters", lengths=(1, 3), max_features=100_000)


@settings(deadline=None)
@given(text_lists())
def test_counts_of_characters_are_those_of_a_plain_loop(texts: list[str]) -> None:
    """Run for run, by name."""
    counts, vocabulary = _count(texts, _CHARACTERS)
    names = GramReader(_CHARACTERS, vocabulary, texts).feature_names(range(counts.shape[1]))

    for row, text in enumerate(texts):
        assert _named(counts, row, names) == dict(plain_character_counts(text, (1, 3)))


@settings(deadline=None)
@given(text_lists())
def test_counts_of_words_are_those_of_a_plain_loop(texts: list[str]) -> None:
    """Each run has one column: the plain loop's counts, in the order of the texts' columns."""
    counts, _ = _count(texts, _WORDS)
    expected = [plain_word_counts(text, (1, 2)) for text in texts]
    runs = sorted({run for each in expected for run in each})
    plain = np.array([[each[run] for run in runs] for each in expected], dtype=np.float32).reshape(len(texts), -1)

    assert sorted(map(tuple, counts.toarray().T.tolist())) == sorted(map(tuple, plain.T.tolist())) or not runs


@pytest.mark.parametrize("recipe", [_WORDS, _CHARACTERS, replace(_WORDS, min_texts=2, max_features=7, n_bits=5)])
@pytest.mark.parametrize("block_characters", [1, 40, 100])
def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch, recipe: GramRecipe, block_characters: int) -> None:
    """Counts and columns are the same bytes, whatever is counted at a time."""
    texts = [*MANY_SCRIPTS, "", *MANY_SCRIPTS[::-2]]
    whole, vocabulary = _count(texts, recipe)

    monkeypatch.setattr(counting, "_BLOCK_CHARACTERS", block_characters)
    monkeypatch.setattr(counting, "_BLOCK_TEXTS", 5)
    parts, same = _count(texts, recipe)

    assert len(block_bounds(texts, recipe.max_characters)) > 3
    for name in ("data", "indices", "indptr"):
        assert getattr(parts, name).tobytes() == getattr(whole, name).tobytes()
    for name in ("hashes", "columns", "text_counts", "first_texts"):
        assert np.array_equal(getattr(same, name), getattr(vocabulary, name))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.integers(1, 40))
def test_blocks_cover_all_texts_once(lengths: list[int], max_characters: int) -> None:
    """In order, none empty."""
    bounds = block_bounds(["x" * length for length in lengths], max_characters)

    assert [i for start, end in bounds for i in range(start, end)] == list(range(len(lengths)))
    assert all(start < end for start, end in bounds)


def test_no_texts_have_no_blocks() -> None:
    """And still one column."""
    counts, _ = _count([], _WORDS)

    assert counts.shape == (0, 1)


def test_the_first_columns_are_those_of_the_most_texts() -> None:
    """Repetitions within a text do not count here."""
    counts, vocabulary = _count(["a b c", "a b", "a c c c", "a b"], replace(_WORDS, lengths=(1, 1)))

    assert vocabulary.text_counts.tolist() == [4, 3, 2]
    assert counts.toarray().tolist() == [[1, 1, 1], [1, 1, 0], [1, 0, 3], [1, 1, 0]]


def test_runs_of_too_few_texts_are_left_out() -> None:
    """'c' stands twice, but in one text only."""
    counts, _ = _count(["a c c", "a b", "b"], replace(_WORDS, lengths=(1, 1), min_texts=2))

    assert counts.toarray().sum(axis=1).tolist() == [1, 2, 1]


def test_where_nothing_is_shared_all_is_kept() -> None:
    """The models must have something to hold on to."""
    counts, _ = _count(["a", "b"], replace(_WORDS, min_texts=2))

    assert counts.shape == (2, 2)


def test_the_most_shared_runs_stay_where_columns_are_few() -> None:
    """Ties are broken by the runs' numbers, not by the order of the texts."""
    texts = ["a b c d", "a b e f", "a g"]
    recipe = replace(_WORDS, lengths=(1, 1), max_features=3)
    counts, vocabulary = _count(texts, recipe)
    _, reverse = _count(texts[::-1], recipe)

    assert counts.shape == (3, 3)
    assert vocabulary.text_counts.tolist() == [3, 2, 1]
    assert np.array_equal(vocabulary.hashes, reverse.hashes)


def test_counts_may_be_large() -> None:
    """More than a byte holds."""
    counts, _ = _count(["a " * 700], replace(_WORDS, lengths=(1, 1), max_characters=2000))

    assert counts.toarray().tolist() == [[700]]


def test_each_column_knows_the_first_text_that_has_it() -> None:
    """Names are looked up there."""
    _, vocabulary = _count(["", "b", "a b", "a"], replace(_WORDS, lengths=(1, 1)))

    assert sorted(vocabulary.first_texts.tolist()) == [1, 2]


def _count(texts: list[str], recipe: GramRecipe) -> tuple[FeatureMatrix, Vocabulary]:
    bounds = block_bounds(texts, recipe.max_characters)
    blocks = [count_block(texts[start:end], recipe, start=start) for start, end in bounds]
    vocabulary = choose_vocabulary(blocks, recipe)
    return count_rows(blocks, vocabulary), vocabulary


def _named(counts: FeatureMatrix, row: int, names: list[str]) -> dict[str, int]:
    part = slice(int(counts.indptr[row]), int(counts.indptr[row + 1]))
    columns = counts.indices[part].tolist()
    assert columns == sorted(set(columns))
    return {names[column]: int(count) for column, count in zip(columns, counts.data[part].tolist(), strict=True)}
