"""Whom to ask about next."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator import active_learning_scores, multi_annotator_consensus

VOTES = [[0, 0, 1], [1, 1, 1]]
PROBS = [[0.75, 0.25], [0.25, 0.75]]


def test_a_score_is_the_quality_with_one_blind_guess_more() -> None:
    """Worked out by hand from CROWDLAB's weights: 1/2, 1/2, 1e-6, and the root of 3 for the model."""
    quality = multi_annotator_consensus(VOTES, PROBS).consensus_quality

    found = active_learning_scores(VOTES, PROBS, calibrate=False).scores

    known, guess = math.sqrt(3) + 1 + 1e-6, (1 + 1e-6) / 3
    assert found.tolist() == pytest.approx([(each * known + guess / 2) / (known + guess) for each in quality])


def test_an_unlabelled_example_has_the_model_and_the_guess() -> None:
    """In the votes' table or in the pool, it is the same."""
    probs = [*PROBS, [0.2, 0.8]]

    found = active_learning_scores([*VOTES, [-1] * 3], probs, pool_pred_probs=probs[2:], calibrate=False)

    model, guess = math.sqrt(3), (1 + 1e-6) / 3
    assert found.scores[2] == pytest.approx((model * 0.8 + guess / 2) / (model + guess))
    assert found.pool_scores.tolist() == [found.scores[2]]


def test_models_vote_on_the_class_of_an_unlabelled_example() -> None:
    """Two slight opinions outvote a strong one; all weights are 1 where nobody has voted."""
    probs = [[[0.6, 0.4]], [[0.6, 0.4]], [[0.0, 1.0]]]

    found = active_learning_scores([[-1]], probs)

    assert found.scores.tolist() == pytest.approx([(0.6 + 0.6 + 0.0 + 0.5) / 4])


def test_single_votes_weigh_as_much_as_the_model() -> None:
    """A label that the model doubts comes first; no temperature is fitted."""
    found = active_learning_scores([[0, -1], [-1, 0]], [[0.2, 0.8], [0.7, 0.3]])

    assert found.scores.tolist() == pytest.approx([(0.2 * 2 + 0.5) / 3, (0.7 * 2 + 0.5) / 3])
    assert found.temperatures.tolist() == [1.0]
    assert found.ranking().tolist() == [0, 1]


def test_another_vote_makes_an_example_less_urgent() -> None:
    """Two agreeing votes are surer than one."""
    votes = [[0, 0, 0], [1, 1, 1], [0, 0, -1], [0, -1, -1]]

    scores = active_learning_scores(votes, [[0.8, 0.2], [0.2, 0.8], [0.8, 0.2], [0.8, 0.2]]).scores

    assert scores[0] > scores[2] > scores[3]


def test_the_ranking_counts_the_pool_on() -> None:
    """Ties go by position."""
    found = active_learning_scores([[0, 0], [1, 1]], PROBS, pool_pred_probs=[[0.5, 0.5], [0.5, 0.5]])

    assert found.ranking().tolist() == [2, 3, 0, 1]
    frame = found.to_frame()
    assert frame["row"].tolist() == [0, 1, 0, 1]
    assert frame["is_pool"].tolist() == [True, True, False, False]
    assert frame["score"].tolist() == sorted(found.scores.tolist() + found.pool_scores.tolist())


def test_arrays_of_the_caller_stay_as_they_are() -> None:
    """The reference overwrites both tables of an ensemble."""
    probs, pool = np.array([PROBS, PROBS]), np.array([PROBS, PROBS])
    before = probs.copy()

    active_learning_scores(VOTES, probs, pool_pred_probs=pool)

    assert np.array_equal(probs, before)
    assert np.array_equal(pool, before)


def test_the_pool_must_be_judged_by_the_same_models() -> None:
    """As many, with as many classes."""
    with pytest.raises(InvalidInputError, match="the same 1 models"):
        active_learning_scores(VOTES, PROBS, pool_pred_probs=[PROBS, PROBS])
    with pytest.raises(InvalidInputError, match="2 rows and 2 columns"):
        active_learning_scores(VOTES, PROBS, pool_pred_probs=np.full((2, 3), 1 / 3))
