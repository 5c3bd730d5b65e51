"""The detection benchmark's measures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from tests.benchmarks.detection_measures import (
    average_precision,
    calibration_error,
    errors_in_first,
    flag_f1,
    precision_at_n_errors,
    recall_in_first,
)

SCORES = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
WRONG = np.array([True, False, True, False, False])


def test_average_precision_is_the_mean_precision_over_the_errors() -> None:
    """Errors at places 1 and 3: (1/1 + 2/3) / 2."""
    assert average_precision(SCORES, WRONG) == pytest.approx(5 / 6)


def test_equal_scores_are_one_threshold() -> None:
    """All three rows at once give precision 1/3 whatever their order; a better row before them counts for itself."""
    tied = np.array([0.5, 0.5, 0.5])

    for place in range(3):
        assert average_precision(tied, np.arange(3) == place) == pytest.approx(1 / 3)
    assert average_precision(np.array([0.5, 0.9, 0.5]), np.array([True, True, False])) == pytest.approx((1 + 2 / 3) / 2)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=40))
def test_average_precision_is_scikit_learns(rows: list[tuple[int, bool]]) -> None:
    """On few different scores, so that many are tied."""
    scores, wrong = np.array([row[0] for row in rows]) / 6, np.array([row[1] for row in rows])
    if not wrong.any():
        assert math.isnan(average_precision(scores, wrong))
        return

    assert average_precision(scores, wrong) == pytest.approx(average_precision_score(wrong, scores))


def test_first_rows_that_are_tied_count_with_their_expectation() -> None:
    """Of 2 rows to take, the first is sure; the second is one of four equals of which one is an error."""
    scores = np.array([0.9, 0.5, 0.5, 0.5, 0.5])
    wrong = np.array([True, False, True, False, False])

    assert errors_in_first(scores, wrong, 2) == pytest.approx(1.25)
    assert precision_at_n_errors(scores, wrong) == pytest.approx(0.625)
    assert errors_in_first(scores, wrong, 0) == 0.0
    assert errors_in_first(scores, wrong, 9) == 2.0


def test_precision_is_taken_at_the_number_of_errors() -> None:
    """Two errors, one of them among the first two rows."""
    assert precision_at_n_errors(SCORES, WRONG) == 0.5


def test_recall_in_the_first_part_rounds_up_to_whole_rows() -> None:
    """A tenth of 5 rows is 1 row; a tenth of 30 rows is 3 and not, by rounding, 4."""
    assert recall_in_first(SCORES, WRONG) == 0.5
    assert recall_in_first(-np.arange(30.0), np.isin(np.arange(30), [2, 3])) == 0.5


def test_f1_joins_precision_and_recall() -> None:
    """Precision 1/3, recall 1/2: 2 * (1/6) / (5/6)."""
    flags = np.array([True, True, False, True, False])

    assert flag_f1(flags, WRONG) == pytest.approx(0.4)
    assert flag_f1(np.zeros(5, dtype=np.bool_), WRONG) == 0.0
    assert math.isnan(flag_f1(np.zeros(2, dtype=np.bool_), np.zeros(2, dtype=np.bool_)))


def test_calibration_error_weighs_each_bins_gap_by_its_rows() -> None:
    """Two bins: three rows say 0.2 on average and 1/3 are wrong; one row says 1 and is right."""
    probs = np.array([0.1, 0.2, 0.3, 1.0])
    wrong = np.array([False, False, True, False])

    assert calibration_error(probs, wrong, n_bins=2) == pytest.approx(3 / 4 * (1 / 3 - 0.2) + 1 / 4 * 1.0)


def test_rows_that_say_what_they_are_have_no_calibration_error() -> None:
    """Of ten rows at 0.7, seven are wrong."""
    assert calibration_error(np.full(10, 0.7), np.arange(10) < 7) == pytest.approx(0.0)


def test_without_errors_there_is_nothing_to_find() -> None:
    """Neither precision nor recall is defined."""
    none = np.zeros(5, dtype=np.bool_)

    assert math.isnan(precision_at_n_errors(SCORES, none))
    assert math.isnan(recall_in_first(SCORES, none))
