"""The confident joint: how rows are counted, and how counts are scaled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labelclean.core import joint
from labelclean.core.joint import JointCounts, calibrate_joint, confident_joint, sum_joint
from labelclean.core.scan import NOT_CONFIDENT
from labelclean.errors import ConfigError, InvalidInputError


def test_counts_keep_at_least_one_on_the_diagonal() -> None:
    """Class 1 was given twice, and never confidently confirmed; class 2 was never given."""
    counts = sum_joint(np.array([0, 0, 1, 1]), np.array([0, 1, 0, NOT_CONFIDENT]), 3).raw()

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


def test_chunks_of_counts_add_up_in_any_order() -> None:
    """What one machine has counted can be joined with what another has."""
    generator = np.random.default_rng(8)
    labels, guesses = generator.integers(0, 3, 90), generator.integers(-1, 3, 90)
    parts = [JointCounts.partial(labels[i : i + 30], guesses[i : i + 30], 3) for i in (0, 30, 60)]

    forward, backward = parts[0] + parts[1] + parts[2], parts[2] + (parts[1] + parts[0])

    assert forward.raw().tolist() == backward.raw().tolist() == sum_joint(labels, guesses, 3).raw().tolist()
    assert forward.finish().sum(axis=1).tolist() == np.bincount(labels).tolist()


def test_counts_are_added_up_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """The matrix is not made for every few rows, and the sum is the same."""
    generator = np.random.default_rng(9)
    labels, guesses = generator.integers(0, 3, 100), generator.integers(-1, 3, 100)
    whole = sum_joint(labels, guesses, 3).raw()

    monkeypatch.setattr(joint, "_ROWS_AT_ONCE", 1)

    assert sum_joint(labels, guesses, 3).raw().tolist() == whole.tolist()


def test_given_thresholds_are_used_without_a_floor() -> None:
    """By hand: with thresholds of 0.6 row 2 is confidently of class 0; with 1 nothing is confident of anything."""
    labels, probs = [0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]]

    some = confident_joint(labels, probs, thresholds=[0.6, 0.6], calibrate=False)
    none = confident_joint(labels, probs, thresholds=[1.0, 1.0], calibrate=False)

    assert some.tolist() == [[1, 0], [1, 1]]
    assert none.tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize("thresholds", [[0.5], [0.5, np.nan], ["low", "high"], [[0.5], [0.5, 0.5]]])
def test_thresholds_that_do_not_fit_are_refused(thresholds: list[Any]) -> None:
    """One number for each class."""
    with pytest.raises(ConfigError, match="thresholds must be 2 numbers"):
        confident_joint([0, 1], [[0.9, 0.1], [0.2, 0.8]], thresholds=thresholds)


def test_a_counting_rule_that_does_not_exist_is_refused() -> None:
    """The message names those that do."""
    with pytest.raises(ConfigError, match="counting must be one of reference, paper"):
        confident_joint([0, 1], [[0.9, 0.1], [0.2, 0.8]], counting="book")  # type: ignore[arg-type]


def test_a_bad_probability_is_refused_wherever_it_stands() -> None:
    """In the given column it is met first, in another one later; count and row are the same."""
    for column in (0, 1):
        probs = np.tile([0.9, 0.1], (1000, 1))
        probs[700, column] = np.nan

        with pytest.raises(InvalidInputError, match="in 1 rows, first in row 700"):
            confident_joint(np.zeros(1000, dtype=int), probs)
