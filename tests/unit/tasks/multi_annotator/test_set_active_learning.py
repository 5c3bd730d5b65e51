"""Whom to ask about next, where answers are label sets."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest

from labelclean.errors import ConfigError, InvalidInputError
from labelclean.tasks.multi_annotator import (
    multi_label_active_learning_scores,
    multi_label_annotator_consensus,
    set_votes_from_triples,
)

Cell = list[str] | None

# Of the class "cat" this is the example of test_active_learning.py: weights 1/2, 1/2, 1e-6, and the root of 3.
VOTES: list[list[Cell]] = [[[], [], ["cat"]], [["cat"], ["cat"], ["cat"]]]
PROBS = [[0.25], [0.75]]
MODEL, KNOWN, GUESS = math.sqrt(3), math.sqrt(3) + 1 + 1e-6, (1 + 1e-6) / 3


def test_a_score_is_the_quality_with_one_blind_guess_more() -> None:
    """A guess says one half of present and of absent, however many classes there are."""
    quality = multi_label_annotator_consensus(VOTES, PROBS, class_names=["cat"]).consensus_quality.ravel()

    found = multi_label_active_learning_scores(VOTES, PROBS, class_names=["cat"], calibrate=False)

    assert found.scores.tolist() == pytest.approx([(each * KNOWN + GUESS / 2) / (KNOWN + GUESS) for each in quality])
    assert found.annotator_weights.ravel().tolist() == pytest.approx([0.5, 0.5, 1e-6])


def test_an_unlabelled_example_has_the_model_and_the_guess() -> None:
    """In the votes' table or in the pool, it is the same; absent is as good an answer as present."""
    probs = [*PROBS, [0.2]]

    found = multi_label_active_learning_scores(
        [*VOTES, [None] * 3], probs, pool_pred_probs=[[0.2], [0.8]], class_names=["cat"], calibrate=False
    )

    assert found.scores[2] == pytest.approx((MODEL * 0.8 + GUESS / 2) / (MODEL + GUESS))
    assert found.pool_scores.tolist() == pytest.approx([found.scores[2]] * 2)


def test_models_vote_on_the_state_of_an_unlabelled_example() -> None:
    """Two slight opinions outvote a strong one; all weights are 1 where nobody has answered."""
    found = multi_label_active_learning_scores([[None]], [[[0.4]], [[0.4]], [[1.0]]], class_names=["cat"])

    assert found.scores.tolist() == pytest.approx([(0.6 + 0.6 + 0.0 + 0.5) / 4])


def test_single_answers_weigh_as_much_as_the_model() -> None:
    """No temperature is fitted, and nothing is warned of: asking on is what this is for."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = multi_label_active_learning_scores([[["cat"], None], [None, []]], [[0.2], [0.3]], class_names=["cat"])

    assert found.scores.tolist() == pytest.approx([(0.2 * 2 + 0.5) / 3, (0.7 * 2 + 0.5) / 3])
    assert found.temperatures.tolist() == [[1.0]]


def test_the_classes_of_an_example_are_joined_by_their_mean_or_as_wished() -> None:
    """The least settled class is told either way."""
    votes: list[list[Cell]] = [[["cat"], ["cat", "dog"]], [[], []], [None, None]]
    probs = pd.DataFrame([[0.9, 0.4], [0.1, 0.2], [0.6, 0.5]], columns=["cat", "dog"])

    mean = multi_label_active_learning_scores(votes, probs, calibrate=False)
    lowest = multi_label_active_learning_scores(votes, probs, aggregate_by=np.min, calibrate=False)

    assert mean.scores.tolist() == pytest.approx(mean.class_scores.mean(axis=1).tolist())
    assert lowest.scores.tolist() == mean.class_scores.min(axis=1).tolist()
    frame = mean.to_frame()
    assert frame["lowest_class"].tolist() == [("cat", "dog")[k] for k in mean.class_scores.argmin(axis=1)[frame["row"]]]
    assert frame["lowest_class_score"].tolist() == lowest.scores[frame["row"]].tolist()
    with pytest.raises(ConfigError, match="aggregate_by must be"):
        multi_label_active_learning_scores(votes, probs, aggregate_by="best")  # type: ignore[arg-type]


def test_the_ranking_counts_the_pool_on() -> None:
    """Ties go by position."""
    votes: list[list[Cell]] = [[[], []], [["cat"], ["cat"]]]

    found = multi_label_active_learning_scores(votes, PROBS, pool_pred_probs=[[0.5], [0.5]], class_names=["cat"])

    assert found.ranking().tolist() == [2, 3, 0, 1]
    frame = found.to_frame()
    assert frame["row"].tolist() == [0, 1, 0, 1]
    assert frame["is_pool"].tolist() == [True, True, False, False]
    assert frame["score"].is_monotonic_increasing


def test_the_pool_is_softened_like_the_rest() -> None:
    """Three of four hold the cat, so that the model's 0.9 counts as 0.75."""
    found = multi_label_active_learning_scores(
        [[["cat"], ["cat"], ["cat"], []]], [[0.9]], pool_pred_probs=[[0.9]], class_names=["cat"]
    )

    model, guess = found.model_weights[0, 0], found.annotator_weights.mean()
    assert found.temperatures.tolist() == [[pytest.approx(2.0)]]
    assert found.pool_scores.tolist() == pytest.approx([(model * 0.75 + guess / 2) / (model + guess)])


def test_blocks_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rows are cut is a question of speed only; the caller's arrays stay as they are."""
    generator = np.random.default_rng(5)
    answered = generator.random((50, 3)) < 0.6
    members = (generator.random((50, 3, 4)) < 0.4) & answered[:, :, np.newaxis]
    votes = set_votes_from_triples(*np.nonzero(members), answered=answered)
    probs, pool = generator.random((2, 50, 4)), generator.random((2, 30, 4))
    before = probs.copy(), pool.copy()

    whole = multi_label_active_learning_scores(votes, probs, pool_pred_probs=pool)
    monkeypatch.setattr("labelclean.tasks.multi_annotator.set_votes._BLOCK_CELLS", 20)
    cut = multi_label_active_learning_scores(votes, probs, pool_pred_probs=pool)

    for name in ("scores", "pool_scores", "class_scores", "temperatures"):
        assert getattr(whole, name).tobytes() == getattr(cut, name).tobytes()
    assert np.array_equal(probs, before[0])
    assert np.array_equal(pool, before[1])


def test_empty_input_gives_empty_results() -> None:
    """No rows at all, or no pool."""
    nothing = set_votes_from_triples([], [], [], answered=np.zeros((0, 2), dtype=bool))

    found = multi_label_active_learning_scores(nothing, np.empty((0, 3)))

    assert found.scores.shape == found.pool_scores.shape == (0,)
    assert len(found.to_frame()) == 0


def test_the_pool_must_be_judged_by_the_same_models() -> None:
    """As many, with as many classes."""
    with pytest.raises(InvalidInputError, match="the same 1 models"):
        multi_label_active_learning_scores(VOTES, PROBS, pool_pred_probs=[PROBS, PROBS], class_names=["cat"])
    with pytest.raises(InvalidInputError, match="2 rows and 1 columns"):
        multi_label_active_learning_scores(VOTES, PROBS, pool_pred_probs=[[0.5, 0.5]] * 2, class_names=["cat"])
