"""The loss of scores that choosing between settings goes by."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_softmax

from labelclean.models import score_loss
from labelclean.models.score_loss import best_scale, scaled_log_loss


@pytest.mark.parametrize("factor", [1e-3, 1.0, 1e3])
def test_the_loss_is_that_of_the_best_scale(factor: float) -> None:
    """Found by trying ten thousand scales; the size of the scores says nothing."""
    generator = np.random.default_rng(1)
    labels = generator.integers(0, 3, 200)
    scores = generator.normal(size=(200, 3)) + np.eye(3)[labels]
    tried = [-log_softmax(scores * s, axis=1)[np.arange(200), labels].mean() for s in np.geomspace(0.01, 100, 10_000)]

    found = scaled_log_loss(scores * factor, labels)

    assert found == pytest.approx(min(tried), abs=1e-5)


@pytest.mark.parametrize("factor", [1e-3, 1.0, 1e3])
def test_the_scale_is_the_best_and_undoes_the_unit_of_the_scores(factor: float) -> None:
    """A tenth more or less makes the labels less likely; scores a thousand times as large have a thousandth of it."""
    generator = np.random.default_rng(1)
    labels = generator.integers(0, 3, 200)
    scores = generator.normal(size=(200, 3)) + np.eye(3)[labels]

    found = best_scale(scores * factor, labels) * factor

    tried = [-log_softmax(scores * s, axis=1)[np.arange(200), labels].mean() for s in (0.9 * found, found, 1.1 * found)]
    assert found > 0
    assert tried[1] == min(tried)


def test_the_scale_is_1_where_nothing_can_be_told() -> None:
    """Equal scores, no labels, no weight, no rows."""
    scores = np.array([[1.0, 0.0], [0.0, 1.0]])

    assert best_scale(np.ones((2, 3)), np.array([0, 1])) == 1.0
    assert best_scale(scores, np.array([-1, -1])) == 1.0
    assert best_scale(scores, np.array([0, 1]), weights=np.zeros(2)) == 1.0
    assert best_scale(np.empty((0, 2)), np.empty(0, dtype=np.int64)) == 1.0


def test_the_scale_of_scores_that_are_always_right_or_always_wrong_is_finite() -> None:
    """Nearly all or nearly nothing, but a number above 0."""
    scores = np.eye(2)[[0, 1, 0, 1]]

    right, wrong = best_scale(scores, np.array([0, 1, 0, 1])), best_scale(scores, np.array([1, 0, 1, 0]))

    assert 0 < wrong < 0.01
    assert 10 < right < np.inf


def test_weights_count_as_rows_and_rows_without_a_label_not_at_all() -> None:
    """A row of weight 2 is two rows."""
    generator = np.random.default_rng(2)
    scores, labels = generator.normal(size=(30, 3)), generator.integers(-1, 3, 30)
    times = generator.integers(0, 3, 30)
    repeated = np.repeat(np.arange(30), np.where(labels == -1, 0, times))

    found = scaled_log_loss(scores, labels, weights=times.astype(np.float64))

    assert found == pytest.approx(scaled_log_loss(scores[repeated], labels[repeated]), abs=1e-5)


def test_scores_that_say_nothing_cost_the_logarithm_of_the_number_of_classes() -> None:
    """Whatever the scale; and no rows cost nothing."""
    assert scaled_log_loss(np.zeros((2, 3)), np.array([0, 1])) == pytest.approx(np.log(3))
    assert scaled_log_loss(np.zeros((2, 3)), np.array([-1, -1])) == 0


def test_the_scale_is_found_on_some_rows_and_the_loss_on_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loss far off in one of many rows is not overlooked."""
    monkeypatch.setattr(score_loss, "_N_ROWS_TO_SCALE_BY", 50)
    monkeypatch.setattr(score_loss, "_N_ROWS_AT_ONCE", 7)
    scores = np.tile([1.0, 0.0], (100, 1))
    labels = np.zeros(100, dtype=np.int64)
    labels[::8] = labels[1::8] = 1
    without = scaled_log_loss(scores, labels)
    scores[3] = [0.0, 100.0]

    found = scaled_log_loss(scores, labels)

    assert found > without + 0.5
