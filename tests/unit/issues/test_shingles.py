"""Texts cut into shingles, and compared by them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.issues import shingles
from labelclean.issues.shingles import READ_CHARACTERS, folded_text, shingle_keys, shingle_similarities

_TEXTS = st.lists(st.text(alphabet="ab é中\U0001f600\ud800", min_size=1, max_size=12), min_size=2, max_size=6)


def _similarity(one: str, other: str) -> float:
    """Return shared shingles over all shingles, of texts between two marks."""
    sets = [{f"\0{text}\1"[start : start + 3] for start in range(len(text))} for text in (one, other)]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_case_and_white_space_are_folded() -> None:
    """Also where lower case alone is not enough, and for spaces that are not plain ones."""
    assert folded_text(" STRASSE\u00a0\n 1 ") == folded_text("straße 1") == "strasse 1"


def test_white_space_alone_folds_to_nothing() -> None:
    """Such a row has no text."""
    assert folded_text(" \t\u3000\n") == ""


def test_a_text_has_one_shingle_for_each_character() -> None:
    """Shingles are centred on the characters, and the last one stands twice; none reaches into the next text."""
    keys, starts = shingle_keys(["ab", "c", "ab"])

    assert starts.tolist() == [0, 3, 5]
    assert len(set(keys.tolist())) == 3
    assert keys[0:3].tolist() == keys[5:8].tolist()


def test_a_key_is_the_three_code_points() -> None:
    """21 bits each, the first lowest; the edge is no code point."""
    keys, _ = shingle_keys(["\U0001f600bc"])

    assert int(keys[1]) == 0x1F600 | ord("b") << 21 | ord("c") << 42
    assert int(keys[0]) & (2**21 - 1) == 0x110000


def test_similarity_is_shared_shingles_over_all() -> None:
    """``abc`` has (ab, abc, bc), ``abd`` has (ab, abd, bd): one of five is shared."""
    found = shingle_similarities(["abc", "abd"], np.array([0, 0]), np.array([1, 0]))

    assert found.tolist() == [0.2, 1.0]


@given(_TEXTS)
@settings(deadline=None)
def test_similarities_are_those_of_plain_sets(texts: list[str]) -> None:
    """Any characters, lone surrogates included, in any pairs."""
    pairs = np.array(list(combinations(range(len(texts)), 2)))

    found = shingle_similarities(texts, pairs[:, 0], pairs[:, 1])

    assert found.tolist() == [_similarity(texts[one], texts[other]) for one, other in pairs.tolist()]


def test_the_size_of_blocks_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs are compared a few at a time where texts are long."""
    texts = ["one text", "one text more", "another text", "something else"]
    pairs = np.array(list(combinations(range(4), 2)))
    at_once = shingle_similarities(texts, pairs[:, 0], pairs[:, 1])
    monkeypatch.setattr(shingles, "_BLOCK_CHARACTERS", 30)

    found = shingle_similarities(texts, pairs[:, 0], pairs[:, 1])

    assert found.tolist() == at_once.tolist()


def test_of_long_texts_the_beginning_and_the_length_count() -> None:
    """Same beginning, 3,000 and 4,000 characters: three quarters; of what is read whole, only the characters count."""
    begin = "".join(chr(0x4E00 + place) for place in range(READ_CHARACTERS))
    texts = [begin + "x" * 1000, begin + "y" * 2000, "ab" * 50, "ab" * 500]

    found = shingle_similarities(texts, np.array([0, 2]), np.array([1, 3]))

    assert found.tolist() == [0.75, 1.0]


def test_without_pairs_there_is_nothing() -> None:
    """No pair, no similarity."""
    nothing = np.empty(0, dtype=np.int64)

    assert shingle_similarities(["a"], nothing, nothing).tolist() == []
