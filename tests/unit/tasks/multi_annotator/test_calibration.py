"""The temperature that fits the votes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator import vote_temperatures


def test_a_model_as_sure_as_its_annotators_keeps_its_temperature() -> None:
    """Three of four votes, and a probability of three quarters."""
    assert vote_temperatures([[0, 0, 0, 1]], [[0.75, 0.25]]).tolist() == pytest.approx([1.0])


def test_the_temperature_turns_odds_into_the_odds_of_the_votes() -> None:
    """Odds of 9 to 1 need the root for 3 to 1; 3 to 1 need the square for 9 to 1."""
    votes = [[0] * 9 + [1]]

    assert vote_temperatures([[0, 0, 0, 1]], [[0.9, 0.1]]).tolist() == pytest.approx([2.0])
    assert vote_temperatures(votes, [[0.75, 0.25]]).tolist() == pytest.approx([0.5])


def test_every_example_counts_the_same_and_those_without_votes_not_at_all() -> None:
    """One vote for each class in two rows is an even split, whatever the third row's model says."""
    votes = [[0, 0, 0], [1, -1, -1], [-1, -1, -1]]

    found = vote_temperatures(votes, [[0.9, 0.1], [0.9, 0.1], [0.01, 0.99]])

    assert found.tolist() == [20.0]


def test_each_model_has_a_temperature() -> None:
    """In the order of the models."""
    found = vote_temperatures([[0, 0, 0, 1]], [[[0.75, 0.25]], [[0.9, 0.1]]])

    assert found.tolist() == pytest.approx([1.0, 2.0])


@pytest.mark.parametrize(
    ("votes", "probs", "expected"),
    [
        ([[0, 0]], [[0.9, 0.1]], 0.05),
        ([[1, 1]], [[0.9, 0.1]], 20.0),
        ([[0, 1]], [[0.5, 0.5]], 1.0),
        ([[-1, -1]], [[0.9, 0.1]], 1.0),
        ([[0, 0]], [[1.0]], 1.0),
    ],
    ids=["always right", "always wrong", "no opinion", "no votes", "one class"],
)
def test_limits_are_kept_and_nothing_to_learn_gives_one(
    votes: list[list[int]], probs: list[list[float]], expected: float
) -> None:
    """Perfect agreement would want ever lower temperatures, contradiction ever higher ones."""
    assert vote_temperatures(votes, probs).tolist() == [expected]


def test_a_probability_of_zero_is_survived() -> None:
    """It counts as 1e-30: a third of the votes against it want odds of 2 to 1 of 1e30 to 1."""
    found = vote_temperatures([[0, 0, 1]], [[1.0, 0.0]])

    assert found.tolist() == [20.0]
    assert math.log(1e30) / math.log(2) > 20
    assert np.isfinite(found).all()


def test_a_model_is_needed() -> None:
    """There is nothing else to soften."""
    with pytest.raises(InvalidInputError, match="pred_probs must be given"):
        vote_temperatures([[0, 1]], None)  # type: ignore[arg-type]
