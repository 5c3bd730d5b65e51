"""How likely each label is wrong, and the order to look in."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labelclean.core.error_probability import error_probabilities, rank_rows
from tests import reference

JOINT = np.array([[40, 10, 0], [0, 30, 0], [2, 3, 15]])


def expected_log_odds(label: int, row: list[float]) -> float:
    """Bayes' rule in plain loops, as documented: pairwise noise with a prior of ten rows, and one rate for all."""
    n = len(row)
    total = int(JOINT.sum())
    rate = (total - int(np.trace(JOINT)) + 1) / (total + 2)
    given = [int(JOINT[k].sum()) + 1 for k in range(n)]
    blunt = [[0.0] * n for _ in range(n)]
    sharp = [[0.0] * n for _ in range(n)]
    for true in range(n):
        others = sum(given[k] for k in range(n) if k != true)
        for k in range(n):
            blunt[k][true] = 1 - rate if k == true else rate * given[k] / others
        column = sum(int(JOINT[k][true]) + 10 * blunt[k][true] for k in range(n))
        for k in range(n):
            sharp[k][true] = (int(JOINT[k][true]) + 10 * blunt[k][true]) / column
    log_odds = 0.0
    for noise in (blunt, sharp):
        right, wrong = reference.error_log_odds(label, row, noise)
        log_odds += math.log(wrong / right) / 2
    return log_odds


@pytest.mark.parametrize("chunk_bytes", [1, 10**6])
def test_errors_follow_bayes_rule(chunk_bytes: int) -> None:
    """Compared with plain loops on random rows, all but a shift shared by all; chunks change nothing."""
    generator = np.random.default_rng(6)
    probs, labels = generator.dirichlet(np.ones(3), 50), generator.integers(0, 3, 50)

    found = error_probabilities(labels, probs, JOINT, chunk_bytes=chunk_bytes)

    expected = [expected_log_odds(int(label), row.tolist()) for label, row in zip(labels, probs, strict=True)]
    shift = np.log(found / (1 - found)) - expected
    assert np.allclose(shift, shift[0])


def test_probabilities_add_up_to_the_estimated_errors() -> None:
    """15 of 100 rows are off the diagonal; with two rows of doubt that is a share of 16 / 102."""
    generator = np.random.default_rng(7)

    found = error_probabilities(generator.integers(0, 3, 100), generator.dirichlet(np.ones(3), 100), JOINT)

    assert found.mean() == pytest.approx(16 / 102)


def test_a_confusion_that_is_common_is_believed_sooner() -> None:
    """True class 1 is often given as 0 and never as 2, so the same probabilities speak louder against 0."""
    probs = np.array([[0.4, 0.6, 0.0], [0.0, 0.6, 0.4]])

    found = error_probabilities(np.array([0, 2]), probs, np.array([[50, 20, 0], [0, 50, 0], [0, 0, 50]]))

    assert found[0] > found[1]


def test_certain_probabilities_stay_between_0_and_1_and_no_class_or_row_is_a_problem() -> None:
    """Zeros have no logarithm; one class has no errors."""
    sure = error_probabilities(np.array([0, 1]), np.eye(3)[[0, 0]], JOINT)
    single = error_probabilities(np.array([0]), np.array([[1.0]]), np.array([[1]]))
    none = error_probabilities(np.empty(0, dtype=np.int64), np.empty((0, 3)), JOINT)

    assert 0 < sure[0] < sure[1] < 1
    assert single.tolist() == [0.0]
    assert none.shape == (0,)


def test_rows_are_ranked_by_error_then_quality_then_row_and_unlabelled_rows_are_last() -> None:
    """By hand."""
    errors = np.array([0.5, np.nan, 0.9, 0.5, 0.5, np.nan])
    quality = np.array([0.3, np.nan, 0.8, 0.2, 0.2, np.nan])

    assert rank_rows(errors, quality).tolist() == [2, 3, 4, 0, 1, 5]
