"""Signatures that estimate similarity, and the pairs they lead to."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.issues import minhash
from labelclean.issues.minhash import N_TREES, candidate_pairs, likely_similar, minhash_signatures


def _words(n_texts: int, *, seed: int) -> list[str]:
    generator = np.random.default_rng(seed)
    return ["".join(generator.choice(list("abcdefgh "), size=50)).strip() + "." for _ in range(n_texts)]


def test_equal_sets_of_shingles_have_equal_signatures() -> None:
    """Repetitions do not count."""
    signatures = minhash_signatures(["ab" * 10, "ab" * 30])

    assert signatures[0].tolist() == signatures[1].tolist()


def test_the_share_of_equal_bytes_estimates_the_similarity() -> None:
    """Half of the shingles shared: the mean of 200 pairs is 1/3, and 1/256 of the rest by chance."""
    shared, own = _words(200, seed=1), _words(400, seed=2)
    texts = [f"{text}{other}" for text, other in zip([*shared, *shared], own, strict=True)]
    keys = [{f"\0{text}\1"[start : start + 3] for start in range(len(text))} for text in texts]
    wanted = [len(keys[row] & keys[row + 200]) / len(keys[row] | keys[row + 200]) for row in range(200)]

    signatures = minhash_signatures(texts)
    found = np.mean(signatures[:200] == signatures[200:], axis=1)

    expected = np.mean(wanted) + (1 - np.mean(wanted)) / 256
    assert abs(found.mean() - expected) < 0.01
    assert np.std(found - wanted) < 0.06


def test_a_signature_depends_on_its_text_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither on the other texts nor on how many are worked on together."""
    texts = _words(20, seed=3)
    together = minhash_signatures(texts)
    monkeypatch.setattr(minhash, "_BLOCK_CHARACTERS", 60)

    assert minhash_signatures(texts).tolist() == together.tolist()
    assert minhash_signatures(texts[7:8]).tolist() == together[7:8].tolist()


def _split_mix(value: int) -> int:
    """Return the number that SplitMix64 gives from a state, in Python's own numbers."""
    value = (value + 0x9E3779B97F4A7C15) % 2**64
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    value = (value ^ value >> 27) * 0x94D049BB133111EB % 2**64
    return value ^ value >> 31


def test_signatures_are_the_same_everywhere() -> None:
    """A byte is the first one of the least product of the hashes and an odd number, spread by the golden ratio."""
    codes = [0x110000, *map(ord, "where is it"), 0x110000]
    keys = [one | two << 21 | three << 42 for one, two, three in zip(codes, codes[1:], codes[2:], strict=False)]
    hashes = [_split_mix(key) >> 32 for key in keys]
    multipliers = [_split_mix(number) >> 32 | 1 for number in range(1, 129)]
    least = [min(each * multiplier % 2**32 for each in hashes) for multiplier in multipliers]

    found = minhash_signatures(["where is it"])

    assert found.tolist() == [[(each * 0x9E3779B1 % 2**32) >> 24 for each in least]]


def test_without_texts_there_are_no_signatures() -> None:
    """An empty table, of the usual width."""
    assert minhash_signatures([]).shape == (0, 128)


def test_similar_texts_meet_in_most_trees_among_many_others() -> None:
    """One letter of 100 changed, 500 other texts around."""
    text = "".join(_words(2, seed=4))
    texts = [*_words(500, seed=5), text, text.replace(".", "!", 1)]
    signatures = minhash_signatures(texts)

    n_met = 0
    for tree in range(N_TREES):
        left, right = candidate_pairs(signatures, tree, similarity=0.8)
        n_met += sorted({*left.tolist(), *right.tolist()}) == [500, 501]

    assert n_met > N_TREES / 2


def test_pairs_far_below_the_limit_are_left_out() -> None:
    """128 hashes: 0.8 less four standard deviations is 0.66, which is 85 equal bytes of 128."""
    signatures = np.zeros((3, 128), dtype=np.uint8)
    signatures[1, 85:] = 1
    signatures[2, 84:] = 1

    likely = likely_similar(signatures, np.array([0, 0]), np.array([1, 2]), similarity=0.8)

    assert likely.tolist() == [True, False]


def test_many_pairs_are_looked_at_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same answer."""
    signatures = minhash_signatures(_words(30, seed=6))
    left, right = np.arange(29), np.arange(1, 30)
    at_once = likely_similar(signatures, left, right, similarity=0.3)
    monkeypatch.setattr(minhash, "_BLOCK_PAIRS", 7)

    assert likely_similar(signatures, left, right, similarity=0.3).tolist() == at_once.tolist()
