"""The confident joint: who is counted where, and how counts are scaled."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.joint import NOT_CONFIDENT, calibrate_joint, count_joint, scan_rows


def test_a_row_that_reaches_one_threshold_is_counted_there() -> None:
    """Even if another class is more likely, but below its own threshold."""
    scan = scan_rows(np.array([0]), np.array([[0.6, 0.4]]), np.array([0.9, 0.3]))

    assert scan.guesses.tolist() == [1]


def test_a_row_that_reaches_no_threshold_is_not_counted() -> None:
    """It tells nothing about the noise."""
    scan = scan_rows(np.array([0]), np.array([[0.6, 0.4]]), np.array([0.9, 0.9]))

    assert scan.guesses.tolist() == [NOT_CONFIDENT]


def test_a_row_that_reaches_several_thresholds_is_counted_at_its_best_class() -> None:
    """Of classes 1 and 2, both reached; also where the best class of all, 0, is not reached itself."""
    probs = np.array([[0.2, 0.5, 0.3], [0.5, 0.2, 0.3]])

    scan = scan_rows(np.array([0, 0]), probs, np.array([0.9, 0.15, 0.25]))

    assert scan.guesses.tolist() == [1, 0]


def test_the_first_class_wins_a_tie() -> None:
    """Both among guesses and in agreement."""
    probs = np.array([[0.5, 0.5], [0.5, 0.5]])

    scan = scan_rows(np.array([0, 1]), probs, np.array([0.4, 0.4]))

    assert scan.guesses.tolist() == [0, 0]
    assert scan.agrees.tolist() == [True, True]  # the given class is favoured by a hair


def test_agreement_allows_for_rounding() -> None:
    """A class ahead by less than 1e-6 does not contradict the given label; one ahead by more does."""
    probs = np.array([[0.5 - 2e-7, 0.5 + 2e-7], [0.49, 0.51]])

    scan = scan_rows(np.array([0, 0]), probs, np.array([0.4, 0.4]))

    assert scan.agrees.tolist() == [True, False]


def test_a_threshold_just_missed_counts_as_reached() -> None:
    """A threshold is a mean of the very numbers compared with it; rounding must not decide."""
    scan = scan_rows(np.array([0, 0]), np.array([[0.5, 0.5], [0.4999, 0.5001]]), np.array([0.5 + 5e-7, 2.0]))

    assert scan.guesses.tolist() == [0, NOT_CONFIDENT]


def test_counts_keep_at_least_one_on_the_diagonal() -> None:
    """Class 1 was given twice, and never confidently confirmed; class 2 was never given."""
    counts = count_joint(np.array([0, 0, 1, 1]), np.array([0, 1, 0, NOT_CONFIDENT]), 3)

    assert counts.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_each_row_of_the_calibrated_joint_sums_to_its_class() -> None:
    """Including classes with no rows, one row, and many."""
    generator = np.random.default_rng(4)
    for n_classes in (1, 2, 7, 40):
        counts = generator.integers(0, 6, (n_classes, n_classes))
        np.fill_diagonal(counts, np.maximum(counts.diagonal(), 1))
        class_counts = generator.integers(0, 50, n_classes)
        class_counts[0] = 1

        found = calibrate_joint(counts, class_counts)

        assert found.sum(axis=1).tolist() == class_counts.tolist()
        assert found.min() >= 0


@pytest.mark.parametrize(
    ("counts", "n_rows", "expected"),
    [
        ([3, 1], 6, [4, 2]),  # 4.5 and 1.5: halves go to the even number
        ([1, 1, 1], 4, [1, 1, 2]),  # 1.33 each: the last class gains first
        ([1, 1, 1], 5, [1, 2, 2]),  # 1.67 each, rounded to 6: the first class loses first
        ([2, 0, 0], 7, [7, 0, 0]),
    ],
)
def test_ties_in_rounding_go_by_class_index(counts: list[int], n_rows: int, expected: list[int]) -> None:
    """Worked out by hand from the documented rule."""
    n_classes = len(counts)
    matrix = np.eye(n_classes, dtype=np.int64)
    matrix[0] = counts

    found = calibrate_joint(matrix, np.array([n_rows] + [1] * (n_classes - 1)))

    assert found[0].tolist() == expected
