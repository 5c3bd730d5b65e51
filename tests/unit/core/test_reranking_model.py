"""The logistic model of the verdicts, against slow sums and slopes by differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse

from labelclean.core.reranking_model import _SpreadSearch, learn_weights


def made_problem(seed: int) -> tuple[sparse.csr_array, np.ndarray, np.ndarray, np.ndarray]:
    """Make 60 verdicts on rows of one constant, two numbers and three groups."""
    generator = np.random.default_rng(seed)
    groups = np.eye(3)[generator.integers(3, size=60)]
    table = np.column_stack([np.ones(60), generator.normal(size=(60, 2)), groups])
    offsets = generator.normal(size=60)
    is_wrong = generator.random(60) < 1 / (1 + np.exp(-offsets - table[:, 1] - 2 * table[:, 3]))
    return sparse.csr_array(table), np.array([0, 1, 1, 2, 2, 2]), offsets, is_wrong


def slow_log_posterior(
    weights: np.ndarray, table: np.ndarray, offsets: np.ndarray, is_wrong: np.ndarray, precision: np.ndarray
) -> float:
    """Sum the log-likelihood of each verdict and the log-density of each weight, up to what depends on neither."""
    total = 0.0
    for row, offset, wrong in zip(table, offsets, is_wrong, strict=True):
        prob = 1 / (1 + math.exp(-(offset + sum(w * x for w, x in zip(weights, row, strict=True)))))
        total += math.log(prob if wrong else 1 - prob)
    return total - float((precision * weights**2).sum()) / 2


def test_the_weights_are_the_most_probable_ones() -> None:
    """No small step in any direction makes them likelier."""
    columns, block_of, offsets, is_wrong = made_problem(0)

    found = learn_weights(columns, block_of, offsets, is_wrong, spread_rates=np.ones(3))

    precision = found.spreads[block_of] ** -2.0
    best = slow_log_posterior(found.weights, columns.toarray(), offsets, is_wrong, precision)
    for column in range(6):
        for step in (-1e-3, 1e-3):
            moved = found.weights + step * np.eye(6)[column]
            assert slow_log_posterior(moved, columns.toarray(), offsets, is_wrong, precision) < best


def test_the_covariance_is_the_inverse_of_the_curvature() -> None:
    """Hessian of the posterior, by loops."""
    columns, block_of, offsets, is_wrong = made_problem(1)

    found = learn_weights(columns, block_of, offsets, is_wrong, spread_rates=np.ones(3))

    table = columns.toarray()
    hessian = np.diag(found.spreads[block_of] ** -2.0)
    for row, offset in zip(table, offsets, strict=True):
        prob = 1 / (1 + math.exp(-(offset + float(row @ found.weights))))
        hessian += prob * (1 - prob) * np.outer(row, row)
    assert found.covariance @ hessian == pytest.approx(np.eye(6), abs=1e-8)


def test_the_evidence_is_laplaces() -> None:
    """Log p(verdicts, weights at the mode) + (n log 2 pi - log det H) / 2, the prior's constants included."""
    columns, block_of, offsets, is_wrong = made_problem(2)
    search = _SpreadSearch(columns, block_of, offsets, is_wrong.astype(float), np.zeros(3))
    log_spreads = np.log([0.5, 0.8, 1.2])

    cost, _ = search.cost(log_spreads)

    precision = np.exp(log_spreads)[block_of] ** -2.0
    mode = slow_log_posterior(search.weights, columns.toarray(), offsets, is_wrong, precision)
    prior = float(np.log(precision / (2 * math.pi)).sum()) / 2
    _, log_det = np.linalg.slogdet(2 * math.pi * search.covariance)
    assert -cost == pytest.approx(mode + prior + log_det / 2)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_slope_of_the_cost_is_its_difference_quotient(seed: int) -> None:
    """In each direction, the movement of the mode included."""
    columns, block_of, offsets, is_wrong = made_problem(seed)
    search = _SpreadSearch(columns, block_of, offsets, is_wrong.astype(float), np.array([0.5, 1.0, 2.0]))
    point = np.log([0.7, 0.4, 1.5])

    _, slope = search.cost(point)

    for block in range(3):
        step = 1e-4 * np.eye(3)[block]
        quotient = (search.cost(point + step)[0] - search.cost(point - step)[0]) / 2e-4
        assert slope[block] == pytest.approx(quotient, abs=2e-4)


def test_a_block_that_says_nothing_is_shrunk_to_nothing() -> None:
    """Numbers drawn at random, groups that decide."""
    generator = np.random.default_rng(4)
    groups = np.arange(300) % 3
    table = np.column_stack([generator.normal(size=(300, 2)), np.eye(3)[groups]])
    is_wrong = generator.random(300) < np.array([0.1, 0.5, 0.9])[groups]

    found = learn_weights(
        sparse.csr_array(table), np.array([0, 0, 1, 1, 1]), np.zeros(300), is_wrong, spread_rates=np.ones(2)
    )

    assert np.abs(found.weights[:2]).max() < 0.1
    assert found.weights[2:].tolist() == pytest.approx([-2.2, 0.0, 2.2], abs=0.5)


def test_verdicts_that_fit_the_offsets_leave_the_weights_near_zero() -> None:
    """Calibrated probabilities need no correction."""
    offsets = np.repeat(np.log([1 / 9, 1.0, 9.0]), 100)
    is_wrong = np.concatenate([np.arange(100) < n for n in (10, 50, 90)])
    table = np.column_stack([np.ones(300), offsets])

    found = learn_weights(sparse.csr_array(table), np.array([0, 1]), offsets, is_wrong, spread_rates=np.ones(2))

    assert found.weights.tolist() == pytest.approx([0.0, 0.0], abs=1e-6)
