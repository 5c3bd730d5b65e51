"""Scores of sentences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from labelclean.errors import ConfigError
from labelclean.tasks.tokens import sentence_quality_scores
from labelclean.tasks.tokens.scores import join_token_scores

LABELS = [[0, 1], [], [1]]
PROBS = [[[0.9, 0.1], [0.5, 0.5]], [], [[0.75, 0.25]]]


def test_a_sentence_is_as_good_as_its_worst_token() -> None:
    """By hand; an empty sentence is perfect."""
    scores = sentence_quality_scores(LABELS, PROBS)

    assert scores.sentence_scores.tolist() == [0.5, 1.0, 0.25]
    assert [each.tolist() for each in scores.scores_by_sentence()] == [[0.9, 0.5], [], [0.25]]
    assert scores.suggested_labels.tolist() == [0, 0, 0]


def test_the_softmin_weighs_low_scores_most() -> None:
    """By hand: scores 0.9 and 0.5 at temperature 0.4 weigh 1/e and 1."""
    scores = sentence_quality_scores(LABELS, PROBS, aggregate="softmin", temperature=0.4)

    assert scores.sentence_scores[0] == pytest.approx((0.9 / math.e + 0.5) / (1 / math.e + 1))
    assert scores.sentence_scores[1:].tolist() == [1.0, 0.25]


@pytest.mark.parametrize(
    ("temperature", "expected"), [(0.0, 0.5), (math.inf, 0.7), (1e-320, 0.5), (1e9, 0.7), (0.0001, 0.5)]
)
def test_the_softmin_lies_between_lowest_and_mean(temperature: float, expected: float) -> None:
    """The two ends of the temperature."""
    scores = sentence_quality_scores(LABELS, PROBS, aggregate="softmin", temperature=temperature)

    assert scores.sentence_scores[0] == pytest.approx(expected)


def test_any_function_may_join_the_scores() -> None:
    """It sees one array per sentence that is not empty."""
    scores = sentence_quality_scores(LABELS, PROBS, aggregate=lambda tokens: float(np.prod(tokens)))

    assert scores.sentence_scores.tolist() == [0.45, 1.0, 0.25]


def test_tokens_are_scored_by_any_rule_of_the_core() -> None:
    """By hand: the margins of 0.9 over 0.1, of a tie and of 0.25 below 0.75."""
    scores = sentence_quality_scores(LABELS, PROBS, method="normalized_margin")

    assert scores.token_scores == pytest.approx([0.9, 0.5, 0.25])


def test_no_sentences_have_no_scores() -> None:
    """Empty in, empty out, one by one and in sum."""
    scores = sentence_quality_scores([], [], aggregate="softmin")

    assert scores.sentence_scores.shape == (0,)
    assert scores.scores_by_sentence() == []
    assert join_token_scores(np.empty(0), np.zeros(3, dtype=np.int64)).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("message", "options"),
    [
        ("aggregate must be a function or one of min, softmin; got 'max'", {"aggregate": "max"}),
        ("temperature must be at least 0; got -1", {"aggregate": "softmin", "temperature": -1.0}),
        ("temperature must be at least 0; got nan", {"temperature": math.nan}),
        ("method", {"method": "entropy"}),
    ],
)
def test_unknown_options_are_refused(message: str, options: dict[str, Any]) -> None:
    """The message names the option."""
    with pytest.raises(ConfigError, match=message):
        sentence_quality_scores(LABELS, PROBS, **options)
