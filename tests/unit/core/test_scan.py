"""The pass over the probabilities: who is confidently what, and who agrees."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.config import CountingRule
from labelclean.core.checks import check_examples
from labelclean.core.chunks import Chunking
from labelclean.core.label_issues import find_label_issues
from labelclean.core.scan import NOT_CONFIDENT, RowScan, scan_rows
from labelclean.errors import InvalidInputError


def scan(
    labels: NDArray[np.int64],
    probs: NDArray[np.floating],
    thresholds: NDArray[np.float64],
    *,
    counting: CountingRule = "reference",
    chunking: Chunking | None = None,
) -> RowScan:
    """Scan with the self-confidence looked up in the plainest way."""
    given = np.array([probs[row, label] for row, label in enumerate(labels)], dtype=np.float64)
    examples = check_examples(labels, probs)
    return scan_rows(examples, thresholds, given, counting=counting, chunking=chunking or Chunking())


def test_a_row_that_reaches_one_threshold_is_counted_there() -> None:
    """Even if another class is more likely, but below its own threshold."""
    found = scan(np.array([0]), np.array([[0.6, 0.4]]), np.array([0.9, 0.3]))

    assert found.guesses.tolist() == [1]


def test_a_row_that_reaches_no_threshold_is_not_counted() -> None:
    """It tells nothing about the noise."""
    found = scan(np.array([0]), np.array([[0.6, 0.4]]), np.array([0.9, 0.9]))

    assert found.guesses.tolist() == [NOT_CONFIDENT]


def test_a_row_that_reaches_several_thresholds_is_counted_at_its_best_class() -> None:
    """Of classes 1 and 2, both reached; also where the best class of all, 0, is not reached itself."""
    probs = np.array([[0.2, 0.5, 0.3], [0.5, 0.2, 0.3]])

    found = scan(np.array([0, 0]), probs, np.array([0.9, 0.15, 0.25]))

    assert found.guesses.tolist() == [1, 0]


def test_by_the_papers_rule_a_row_is_counted_at_the_best_class_it_reaches() -> None:
    """The same rows: of classes 1 and 2, both reached by both rows, the likelier one."""
    probs = np.array([[0.2, 0.5, 0.3], [0.5, 0.2, 0.3]])

    found = scan(np.array([0, 0]), probs, np.array([0.9, 0.15, 0.25]), counting="paper")

    assert found.guesses.tolist() == [1, 2]


def test_the_first_class_wins_a_tie() -> None:
    """Both among guesses and in agreement."""
    probs = np.array([[0.5, 0.5], [0.5, 0.5]])

    found = scan(np.array([0, 1]), probs, np.array([0.4, 0.4]))

    assert found.guesses.tolist() == [0, 0]
    assert found.suggested.tolist() == [0, 1]  # the given class is favoured by a hair


def test_agreement_allows_for_rounding() -> None:
    """A class ahead by less than 1e-6 does not contradict the given label; one ahead by more does."""
    probs = np.array([[0.5 - 2e-7, 0.5 + 2e-7], [0.49, 0.51]])

    found = scan(np.array([0, 0]), probs, np.array([0.4, 0.4]))

    assert found.suggested.tolist() == [0, 1]


def test_a_threshold_just_missed_counts_as_reached() -> None:
    """A threshold is a mean of the very numbers compared with it; rounding must not decide."""
    found = scan(np.array([0, 0]), np.array([[0.5, 0.5], [0.4999, 0.5001]]), np.array([0.5 + 5e-7, 2.0]))

    assert found.guesses.tolist() == [0, NOT_CONFIDENT]


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f4", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("n_threads", [1, 3])
def test_precision_memory_order_and_threads_change_nothing(dtype: str, order: str, n_threads: int) -> None:
    """Values that every precision holds exactly, so that the answers must be the same."""
    generator = np.random.default_rng(9)
    labels = generator.integers(0, 4, 500)
    probs = generator.integers(0, 17, (500, 4)) / 16
    thresholds = np.array([0.5, 0.6, 0.7, 2.0])
    expected = scan(labels, probs, thresholds)
    given = np.asarray(probs.astype(dtype), order="F" if order == "F" else "C")
    given.flags.writeable = False

    found = scan(labels, given, thresholds, chunking=Chunking(chunk_bytes=256, n_threads=n_threads))

    assert found.guesses.tolist() == expected.guesses.tolist()
    assert found.suggested.tolist() == expected.suggested.tolist()


def test_a_single_precision_value_just_below_the_threshold_does_not_reach_it() -> None:
    """The threshold is rounded up to single precision, so that the comparison is that of the exact numbers."""
    value = np.float32(0.3)
    exact = float(value)

    below = scan(np.array([0]), np.array([[value, 0]]), np.array([np.nextafter(exact, 1.0) + 1e-6, 2.0]))
    equal = scan(np.array([0]), np.array([[value, 0]]), np.array([exact + 1e-6, 2.0]))

    assert below.guesses.tolist() == [NOT_CONFIDENT]
    assert equal.guesses.tolist() == [0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_minus_zero_and_values_negative_by_rounding_are_ordered_as_numbers(dtype: type[np.floating]) -> None:
    """They are never the most likely class; the first of zeros is, whatever its sign."""
    probs = np.array([[-0.0, 0.3, 0.7], [-1e-7, 0.6, 0.4], [-0.0, 0.0, 0.0], [0.2, 0.2, 0.1]], dtype=dtype)

    found = scan(np.array([1, 0, 2, 2]), probs, np.array([0.5, 0.5, 0.5]))

    assert found.suggested.tolist() == [2, 1, 2, 0]
    assert found.guesses.tolist() == [2, 1, NOT_CONFIDENT, NOT_CONFIDENT]


@pytest.mark.parametrize("bad", [-0.5, -np.inf, np.inf, np.nan, -np.nan, 1.5])
@pytest.mark.parametrize("column", [0, 1])
def test_a_value_that_is_no_probability_is_seen_wherever_it_stands(bad: float, column: int) -> None:
    """Beside a larger or a smaller value, and with either sign of NaN."""
    probs = np.tile([0.9, 0.1], (20_000, 1))
    probs[17_000, column] = bad
    labels = np.full(20_000, 1 - column)

    with pytest.raises(InvalidInputError, match="in 1 rows, first in row 17,000"):
        scan(labels, probs, np.array([0.5, 0.5]))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_label_behind_by_exactly_the_slack_ties_with_the_most_likely_class(dtype: type[np.floating]) -> None:
    """The first class wins the tie, whether it is the given one (row 0) or not (row 1)."""
    low = dtype(0.4)
    high = low + dtype(1e-6)
    probs = np.array([[low, high], [high, low]], dtype=dtype)

    found = find_label_issues([0, 1], probs)

    assert found.suggested_labels.tolist() == [0, 0]
