"""Rows with nearly the same text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.errors import ConfigError, RunCancelledError
from labelclean.issues.duplicates import exact_duplicate_groups, summarise_duplicates
from labelclean.issues.near_duplicates import near_duplicate_groups

_SENTENCE = "the quick brown fox jumps over the lazy dog near the river bank"


def _shingles(text: str) -> set[str]:
    folded = f"\0{' '.join(text.split()).casefold()}\1"
    return {folded[start : start + 3] for start in range(len(folded) - 2)}


def _similarity(one: str, other: str) -> float:
    return len(_shingles(one) & _shingles(other)) / len(_shingles(one) | _shingles(other))


def _chained(texts: list[str], similarity: float) -> list[int]:
    """Compare all pairs, and join what is near until nothing changes."""
    groups = list(range(len(texts)))
    for one in range(len(texts)):
        for other in range(one):
            are_texts = texts[one].strip() and texts[other].strip()
            if are_texts and _similarity(texts[one], texts[other]) >= similarity:
                old, new = max(groups[one], groups[other]), min(groups[one], groups[other])
                groups = [new if group == old else group for group in groups]
    return groups


def _chain(n_texts: int) -> list[str]:
    """Turn one text into another, letter by letter."""
    letters = [chr(0x4E00 + place) for place in range(2 * n_texts)]
    return ["".join(letters[n_texts : n_texts + step] + letters[step:n_texts]) for step in range(n_texts)]


def test_a_template_with_another_number_is_one_group() -> None:
    """Also with other case and white space."""
    texts = ["Your order 4711 is on its way to you", "your order 4712 is on  its way to you", "nothing like it"]

    assert near_duplicate_groups(texts).tolist() == [0, 0, 2]


def test_short_requests_that_differ_in_a_word_stay_apart() -> None:
    """What differs is what the label is about."""
    texts = ["I want to cancel my order", "I want to change my order", "I want to track my order", "I want my order"]

    assert near_duplicate_groups(texts).tolist() == [0, 1, 2, 3]


def test_short_numbers_and_words_stay_apart() -> None:
    """Texts of a few characters have few shingles to share."""
    texts = ["1", "2", "12", "123", "a", "ab", "abc", "abcd", "yes", "no"]

    assert near_duplicate_groups(texts).tolist() == list(range(10))


def test_rows_without_text_are_each_on_their_own() -> None:
    """White space is no text."""
    assert near_duplicate_groups(["", "a b", " \n", "A  B", "\u3000"]).tolist() == [0, 1, 2, 1, 4]


@pytest.mark.parametrize("texts", [[], [""], ["one"], ["", ""]])
def test_nothing_to_compare_is_no_group(texts: list[str]) -> None:
    """Fewer than two texts."""
    assert near_duplicate_groups(texts).tolist() == list(range(len(texts)))


_EDITED = st.builds(
    lambda place, letter, cut: _SENTENCE[:place] + letter + _SENTENCE[place + cut :],
    st.integers(0, 60),
    st.sampled_from(["", "x", " y ", "Z"]),
    st.integers(0, 25),
)


@given(st.lists(st.one_of(_EDITED, st.sampled_from(["", " ", "fox", "FOX", _SENTENCE])), max_size=12))
@settings(deadline=None)
def test_groups_are_those_of_comparing_all_pairs(texts: list[str]) -> None:
    """Up to 20 texts may be joined through others."""
    assert near_duplicate_groups(texts).tolist() == _chained(texts, 0.8)


@given(st.lists(_EDITED, min_size=1, max_size=40), st.floats(0.5, 1.0), st.integers(0, 99))
@settings(deadline=None)
def test_the_order_of_rows_changes_the_numbers_only(texts: list[str], similarity: float, seed: int) -> None:
    """Chains that are cut are cut at the same places."""
    order = np.random.default_rng(seed).permutation(len(texts))
    groups = near_duplicate_groups(texts, similarity=similarity)

    shuffled = near_duplicate_groups([texts[row] for row in order.tolist()], similarity=similarity)

    assert (groups[order][:, np.newaxis] == groups[order]).tolist() == (shuffled[:, np.newaxis] == shuffled).tolist()
    assert all(shuffled[group] == group for group in shuffled.tolist())
    assert np.all(shuffled <= np.arange(len(texts)))


@given(st.lists(st.text(alphabet="aA b\u00df\u0130", max_size=6), max_size=30))
@settings(deadline=None)
def test_exact_duplicates_are_always_together(texts: list[str]) -> None:
    """Whatever else is in the group."""
    exact = exact_duplicate_groups(texts)

    groups = near_duplicate_groups(texts)

    assert groups[exact].tolist() == groups.tolist()


def test_a_short_chain_is_one_group() -> None:
    """15 texts, each one letter from the next; the ends share nothing."""
    assert set(near_duplicate_groups(_chain(15), similarity=0.6).tolist()) == {0}


def test_a_long_chain_is_cut() -> None:
    """In groups of more than 20 texts one is near to all others; here none is near to more than 10."""
    texts = _chain(60)

    groups = near_duplicate_groups(texts)

    sizes = np.bincount(groups)
    assert sizes.max() <= 20
    assert np.count_nonzero(sizes) < 30


def test_many_texts_near_to_one_are_one_group() -> None:
    """A template filled in 60 times, all in different ways."""
    template = " ".join(_SENTENCE.split()[:3]).join(["Please note that ", f" is what {_SENTENCE} wanted from "])
    texts = [f"{template}{chr(0x4E00 + number)}" for number in range(60)]

    assert set(near_duplicate_groups(texts).tolist()) == {0}


def test_what_is_left_after_all_cuts_stays_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one cut only, one group is found around the centre; the rest are on their own."""
    monkeypatch.setattr("labelclean.issues.near_duplicates._MOST_ROUNDS", 1)

    sizes = np.bincount(near_duplicate_groups(_chain(100)))

    assert np.count_nonzero(sizes > 1) == 1
    assert sizes.max() < 20


def test_long_texts_are_compared_by_their_beginning_and_length() -> None:
    """The first 2,000 characters are the same; the lengths are 3,000, 3,500 and 9,000."""
    begin = " ".join(f"word{number}" for number in range(400))[:2000]
    texts = [begin + "x" * 1000, begin + "y" * 1500, begin + "z" * 7000]

    assert near_duplicate_groups(texts).tolist() == [0, 0, 2]


@pytest.mark.parametrize("similarity", [0.0, -1.0, 1.1, float("nan")])
def test_a_similarity_is_above_0_and_at_most_1(similarity: float) -> None:
    """The message says what was given."""
    with pytest.raises(ConfigError, match="similarity must be above 0 and at most 1; got"):
        near_duplicate_groups(["a"], similarity=similarity)


def test_progress_rises_to_one() -> None:
    """From 0, never falling."""
    told: list[tuple[str, float]] = []

    near_duplicate_groups([_SENTENCE, "other"], progress=lambda step, fraction: told.append((step, fraction)))

    fractions = [fraction for _, fraction in told]
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert fractions == sorted(fractions)


def test_it_can_be_stopped() -> None:
    """The error of whoever stops it comes through."""

    def stop(step: str, fraction: float) -> None:
        if fraction > 0.5:
            raise RunCancelledError(step)

    with pytest.raises(RunCancelledError):
        near_duplicate_groups([_SENTENCE, "other"], progress=stop)


def test_near_duplicates_are_summed_up_like_exact_ones() -> None:
    """Rows 0 and 2 say the same and carry different labels; rows 1 and 4 agree."""
    texts = [f"{_SENTENCE}.", "some other text", f"{_SENTENCE}!", "alone", "Some other text"]

    found = summarise_duplicates(near_duplicate_groups(texts), np.array([0, 1, 1, 0, 1]))

    assert found.rows.tolist() == [0, 1, 2, 4]
    assert found.n_groups == 2
    assert found.contradicting_rows.tolist() == [0, 2]
