"""Several learners' held-out scores joined into one table."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.core.reranking_data import label_log_odds
from labelclean.models import pooling
from labelclean.models.pooling import Learner, Pool, freedom_weight


def drawn(n_rows: int, *, n_classes: int = 3, seed: int = 0) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return labels and scores that are better than chance, in a unit of their own."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, n_classes, n_rows)
    scores = generator.normal(size=(n_rows, n_classes)) + np.eye(n_classes)[labels]
    return labels, (scores * 7).astype(np.float32)


def plain_softmax(row: list[float], scale: float) -> list[float]:
    """Exponentials over their sum."""
    powers = [math.exp(scale * (value - max(row))) for value in row]
    return [power / sum(powers) for power in powers]


def pooled(labels: NDArray[np.int64], *tables: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a pool of some learners says, each with the same weight."""
    pool = Pool.empty(labels, tables[0].shape[1])
    for number, scores in enumerate(tables):
        pool.add(pool.describe(f"learner {number}", scores), scores)
    return pool.pred_probs()


def test_a_learner_is_described_in_its_own_words() -> None:
    """Right three times in four, and equally sure each time: the best scale leaves a probability of 3/4."""
    scores = np.tile(np.array([2, 0], dtype=np.float32), (25, 1))
    labels = np.repeat([0, 1, -1], [18, 6, 1])

    found = Pool.empty(labels, 2).describe("ridge on words", scores)

    assert found.name == "ridge on words"
    assert found.scale == pytest.approx(math.log(3) / 2, rel=0.01)
    assert found.loss == pytest.approx(-(3 * math.log(0.75) + math.log(0.25)) / 4, abs=1e-4)
    assert np.allclose(found.log_odds[:24], [-math.log(3)] * 18 + [math.log(3)] * 6, rtol=0.01)
    assert np.isnan(found.log_odds[24])


def test_log_odds_are_those_of_the_calibrated_probabilities() -> None:
    """By plain loops over 200 rows; the queue that learns counts them the same way."""
    labels, scores = drawn(200)
    labels[::10] = -1

    found = Pool.empty(labels, 3).describe("", scores)

    probs = [plain_softmax(row, found.scale) for row in scores.tolist()]
    expected = [math.log((1 - row[k]) / row[k]) if k >= 0 else math.nan for row, k in zip(probs, labels, strict=True)]
    assert np.allclose(found.log_odds, expected, rtol=1e-4, atol=1e-4, equal_nan=True)
    assert np.allclose(found.log_odds, label_log_odds(labels, np.array(probs)), rtol=1e-4, atol=1e-4, equal_nan=True)
    known = [-math.log(row[k]) for row, k in zip(probs, labels, strict=True) if k >= 0]
    assert found.loss == pytest.approx(sum(known) / 180, rel=1e-5)


def test_a_sure_learner_has_bounded_log_odds() -> None:
    """Certainty is not infinite, not even in the one row that it errs in."""
    scores = (np.eye(2)[np.arange(2000) % 2] * 1e4).astype(np.float32)
    labels = np.arange(2000) % 2
    all_right = Pool.empty(labels, 2).describe("", scores)
    labels[3] = 0

    one_wrong = Pool.empty(labels, 2).describe("", scores)

    assert (all_right.log_odds < -9).all()
    assert (np.abs(all_right.log_odds) <= 30).all()
    assert 5 < one_wrong.log_odds[3] <= 30


def test_a_learner_that_knows_less_than_nothing_is_not_heard() -> None:
    """Its scores speak against the labels; silence is a loss of log 3, and even odds among three classes."""
    labels, scores = drawn(200)
    labels[0] = -1
    pool = Pool.empty(labels, 3)

    found = pool.describe("", -scores)
    pool.add(found, -scores)

    assert found.scale == 0.0
    assert found.loss == pytest.approx(math.log(3))
    assert np.allclose(found.log_odds[1:], math.log(2))
    assert np.isnan(found.log_odds[0])
    assert np.allclose(pool.pred_probs(), 1 / 3)


@pytest.mark.parametrize(("n_right", "is_heard"), [(57, False), (58, True)])
def test_a_learner_is_heard_from_a_log_likelihood_of_1_on(n_right: int, is_heard: bool) -> None:
    """Over silence: 100 log 2 + 58 log 0.58 + 42 log 0.42 = 1.29 where 58 of 100 rows are right; 0.98 where 57 are."""
    labels = np.repeat([0, 1], [n_right, 100 - n_right])

    found = Pool.empty(labels, 2).describe("", np.tile(np.array([1, 0], dtype=np.float32), (100, 1)))

    assert (found.scale > 0) == is_heard


def test_a_pool_of_one_learner_is_its_calibrated_softmax() -> None:
    """There is nothing to join."""
    labels, scores = drawn(300)

    found = pooled(labels, scores)

    scale = Pool.empty(labels, 3).describe("", scores).scale
    assert found.dtype == np.float32
    assert np.allclose(found, [plain_softmax(row, scale) for row in scores.tolist()], atol=0.005)


def test_the_pool_is_the_geometric_mean_with_one_temperature() -> None:
    """By hand for two learners of different units: log-probabilities are added, and calibrated once more."""
    labels, first = drawn(400)
    second = (drawn(400, seed=1)[1] * 0.01 + 0.05 * np.eye(3)[labels]).astype(np.float32)
    scales = [Pool.empty(labels, 3).describe("", scores).scale for scores in (first, second)]
    tables = [
        np.array([plain_softmax(row, scale) for row in scores.tolist()])
        for scale, scores in zip(scales, (first, second), strict=True)
    ]
    total = np.log(tables[0]) + np.log(tables[1])

    found = pooled(labels, first, second)

    pairs = [(probs[0] / probs[1], said[0] - said[1]) for probs, said in zip(found.tolist(), total, strict=True)]
    temperatures = [said / math.log(ratio) for ratio, said in pairs if abs(said) > 0.5]
    assert np.ptp(temperatures) < 0.01
    tried = [
        -np.mean([math.log(plain_softmax(row, 1 / t)[k]) for row, k in zip(total.tolist(), labels, strict=True)])
        for t in (temperatures[0] * 0.9, temperatures[0], temperatures[0] * 1.1)
    ]
    assert tried[1] == min(tried)


def test_weights_are_relative_and_none_is_no_voice() -> None:
    """Twice the weight is heard like the same learner twice; a weight of 0 changes nothing."""
    labels, first = drawn(100)
    second = (np.roll(first, 1, axis=0) + 9 * np.eye(3)[labels]).astype(np.float32)
    weighed = Pool.empty(labels, 3)
    learners = [weighed.describe("", scores) for scores in (first, second)]
    weighed.add(learners[0], first, weight=2.0)
    weighed.add(learners[1], second, weight=0.0)
    weighed.add(learners[1], second)

    assert weighed.weight == 3.0
    assert np.allclose(weighed.pred_probs(), pooled(labels, first, first, second), atol=1e-5)
    assert not np.allclose(weighed.pred_probs(), pooled(labels, first, second, second), atol=1e-2)


def test_rows_without_a_label_are_pooled_and_do_not_calibrate() -> None:
    """The others' numbers do not depend on them."""
    labels, scores = drawn(50)
    more = np.vstack([scores, np.array([[500, 0, 0]], dtype=np.float32)])

    found = pooled(np.append(labels, -1), more)

    assert np.array_equal(found[:50], pooled(labels, scores))
    assert found[50].argmax() == 0
    assert np.allclose(found.sum(axis=1), 1, atol=1e-6)


def test_no_learner_no_label_and_equal_scores_leave_all_classes_alike() -> None:
    """Where nothing is known."""
    silent = np.ones((3, 2), dtype=np.float32)
    nobody, unlabelled = np.array([0, 1, 0]), np.full(3, -1)

    assert np.allclose(Pool.empty(nobody, 2).pred_probs(), 0.5)
    assert np.allclose(pooled(nobody, silent), 0.5)
    assert np.allclose(pooled(unlabelled, silent), 0.5)
    assert Pool.empty(unlabelled, 2).describe("", silent).loss == 0.0


def test_blocks_of_rows_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large tables are gone through in parts."""
    labels, scores = drawn(60)
    whole, described = pooled(labels, scores), Pool.empty(labels, 3).describe("", scores)

    monkeypatch.setattr(pooling, "_ROWS_AT_ONCE", 7)

    parts = Pool.empty(labels, 3).describe("", scores)
    assert pooled(labels, scores).tobytes() == whole.tobytes()
    assert parts.log_odds.tobytes() == described.log_odds.tobytes()
    assert parts.loss == pytest.approx(described.loss)


def test_scores_are_not_written_to() -> None:
    """They may be needed for the reasons."""
    labels, scores = drawn(20)
    before = scores.copy()
    pool = Pool.empty(labels, 3)

    pool.add(Learner(name="", scale=2.0, loss=1.0, log_odds=np.zeros(20, dtype=np.float32)), scores)

    assert np.array_equal(scores, before)


@pytest.mark.parametrize(
    ("free", "stiff", "expected"),
    [
        (1.2, 1.0, 1.0),
        (0.8, 1.0, 1.0),
        (0.74, 1.0, 0.8),
        (0.65, 1.0, 0.5),
        (0.53, 1.0, 0.1),
        (0.5, 1.0, 0.0),
        (0.1, 1.0, 0.0),
        (0.065, 0.1, 0.5),
        (0.0, 0.2, 0.0),
        (0.0, 0.0, 1.0),
    ],
)
def test_the_weight_falls_from_four_fifths_to_a_half_of_the_loss(free: float, stiff: float, expected: float) -> None:
    """On a straight line between; the unit of the losses does not matter, and two perfect learners are alike."""
    assert freedom_weight(free, stiff) == pytest.approx(expected)
