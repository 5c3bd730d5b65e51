"""Spans of one kind, by the probability of being inside one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labelclean.errors import InvalidInputError
from labelclean.tasks.tokens import binary_span_scores, find_binary_span_issues


def test_tokens_wrongly_outside_and_inside_are_found() -> None:
    """By hand: the model is sure that one token is inside, and one outside."""
    labels = [[0, 1, 1], [0, 0], [], [1, 1, 0]]
    probs = [[0.1, 0.9, 0.95], [0.97, 0.1], [], [0.9, 0.02, 0.05]]

    issues = find_binary_span_issues(labels, probs)

    assert issues.sentence_index.tolist() == [3, 1]
    assert issues.token_index.tolist() == [1, 0]
    assert issues.suggested_labels.tolist() == [0, 1]


def test_scores_are_the_probability_of_the_label() -> None:
    """By hand: 0.75 outside and 0.5 inside; single precision stays it."""
    probs = [np.array([0.25, 0.5], dtype=np.float32), np.empty(0, dtype=np.float32)]

    scores = binary_span_scores([[0, 1], []], probs)

    assert scores.token_scores.tolist() == [0.75, 0.5]
    assert scores.sentence_scores.tolist() == [0.5, 1.0]
    assert binary_span_scores([], []).sentence_scores.shape == (0,)
    assert binary_span_scores([[]], [[]]).sentence_scores.tolist() == [1.0]


@pytest.mark.parametrize(
    ("message", "probs"),
    [
        (
            r"one flat list of numbers for each sentence; got shape \(1, 2\) in sentence 1 \(1 such",
            [[0.5], [[0.5, 0.5]]],
        ),
        ("span_probs must hold numbers", [["a"], [0.5]]),
        ("for 1 tokens, first in sentence 1, token 0", [[0.5], [1.5]]),
    ],
)
def test_what_is_no_probability_of_a_span_is_refused(message: str, probs: Any) -> None:
    """With its place."""
    with pytest.raises(InvalidInputError, match=message):
        find_binary_span_issues([[0], [1]], probs)
