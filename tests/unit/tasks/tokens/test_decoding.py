"""The most likely valid tags."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labelclean.tasks.tokens import decoding, most_likely_tags

BIO = ["O", "B-X", "I-X", "B-Y"]


def test_a_valid_sequence_of_the_likeliest_tags_is_the_answer() -> None:
    """Nothing to repair."""
    probs = [[[0.1, 0.9, 0, 0], [0.1, 0, 0.9, 0]], [], [[0.9, 0, 0, 0.1]]]

    assert [codes.tolist() for codes in most_likely_tags(probs, class_names=BIO)] == [[1, 2], [], [0]]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([0.6, 0.4, 0, 0], [0.3, 0, 0.7, 0], [1, 2]),  # by hand: 0.4 * 0.7 = 0.28 is more than 0.6 * 0.3 = 0.18
        ([0.8, 0.2, 0, 0], [0.3, 0, 0.7, 0], [0, 0]),  # 0.2 * 0.7 = 0.14 is less than 0.8 * 0.3 = 0.24
        ([0.3, 0.2, 0.5, 0], [0.1, 0.1, 0.8, 0], [1, 2]),  # 0.2 * 0.8 = 0.16
        ([0, 0, 0, 1], [0, 0.5, 0.5, 0], [3, 1]),  # Y has no tag to go on with
    ],
)
def test_broken_sequences_give_way_to_the_likeliest_valid_one(
    first: list[float], second: list[float], expected: list[int]
) -> None:
    """By hand, two tokens."""
    found = most_likely_tags([[first, second]], class_names=BIO)

    assert found[0].tolist() == expected


def test_in_the_longer_scheme_spans_are_closed() -> None:
    """By hand: B E at 0.4 * 0.5 beats O S at 0.3 * 0.3, O O at 0.3 * 0.2 and everything else."""
    probs = [[[0.3, 0.4, 0.3, 0.0], [0.2, 0.0, 0.5, 0.3]], [[0.3, 0.7, 0.0, 0.0]], [[0.1, 0.9, 0, 0], [0.1, 0.9, 0, 0]]]

    found = most_likely_tags(probs, class_names=["O", "B-X", "E-X", "S-X"], scheme="BIOES")

    assert [codes.tolist() for codes in found] == [[1, 2], [0], [0, 0]]


def test_probabilities_of_0_do_not_break_anything() -> None:
    """Every valid sequence is impossible, so any valid one will do; the first class wins."""
    found = most_likely_tags([[[0, 0, 1, 0], [0, 0, 1, 0]]], class_names=BIO)

    assert found[0].tolist() == [1, 2]


def test_among_equally_likely_sequences_a_new_span_wins_over_a_longer_one() -> None:
    """By hand: O B I and B I I are equally likely; the likeliest tags, O I I, are broken."""
    probs: Any = [[[0.5, 0, 0.5], [0, 0.5, 0.5], [0, 1, 0]]]

    found = most_likely_tags(probs, class_names=["O", "I-X", "B-X"])

    assert found[0].tolist() == [0, 2, 1]


def test_batches_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences are decoded together only for speed."""
    generator = np.random.default_rng(0)
    probs = [generator.dirichlet(np.ones(4), length) for length in generator.integers(0, 9, 60)]

    together = most_likely_tags(probs, class_names=BIO)
    monkeypatch.setattr(decoding, "_BATCH_TOKENS", 1)
    alone = most_likely_tags(probs, class_names=BIO)

    assert all(np.array_equal(one, other) for one, other in zip(together, alone, strict=True))


def test_no_sentences_have_no_tags() -> None:
    """Empty in, empty out."""
    assert most_likely_tags([], class_names=BIO) == []
