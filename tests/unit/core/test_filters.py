"""Which rows are flagged."""

from __future__ import annotations

import numpy as np

from labelclean.core.filters import lowest_scores, prune_by_class
from labelclean.core.margins import flag_largest_margins
from labelclean.core.prune_counts import counts_for_removals, prune_counts

LABELS = np.array([0, 0, 0, 0, 1])
PROBS = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7], [0.5, 0.5]])
GIVEN = PROBS[np.arange(5), LABELS]
SUGGESTED = np.array([0, 1, 1, 1, 1])


def test_as_many_rows_as_estimated_are_flagged_by_margin() -> None:
    """Class 0 holds two errors towards class 1: the rows with the margins 0.6 and 0.4."""
    flagged = flag_largest_margins(
        LABELS, PROBS, GIVEN, np.array([[2, 2], [0, 1]]), SUGGESTED, min_examples_per_class=1
    )

    assert flagged.tolist() == [False, True, False, True, False]


def test_with_more_estimated_errors_than_disagreeing_rows_all_of_these_are_flagged() -> None:
    """All four rows of the class are taken; the one that agrees is left out."""
    flagged = flag_largest_margins(
        LABELS, PROBS, GIVEN, np.array([[0, 4], [0, 1]]), SUGGESTED, min_examples_per_class=1
    )

    assert flagged[:4].tolist() == [False, True, True, True]


def test_rows_that_agree_take_places_in_the_ranking_of_a_class_they_are_near_to() -> None:
    """By hand: row 1 is of class 2; for class 1 the agreeing row 0 has the larger margin and takes the only place."""
    probs = np.array([[0.5, 0.45, 0.05], [0.3, 0.1, 0.6]])
    given, suggested = probs[:, 0], np.array([0, 2])
    labels = np.zeros(2, dtype=np.int64)

    one = flag_largest_margins(
        labels, probs, given, np.array([[1, 1, 0], [0, 0, 0], [0, 0, 0]]), suggested, min_examples_per_class=1
    )
    two = flag_largest_margins(
        labels, probs, given, np.array([[0, 2, 0], [0, 0, 0], [0, 0, 0]]), suggested, min_examples_per_class=1
    )

    assert one.tolist() == [False, False]
    assert two.tolist() == [False, True]


def test_pruning_by_class_takes_the_lowest_self_confidence() -> None:
    """One row is to be kept, so the three lowest go."""
    flagged = prune_by_class(LABELS, GIVEN, np.array([[1, 3], [0, 1]]))

    assert flagged.tolist() == [False, True, True, True, False]


def test_equal_margins_and_scores_flag_the_earlier_rows() -> None:
    """Three rows alike, one to flag."""
    labels, probs = np.zeros(3, dtype=np.int64), np.tile([0.2, 0.8], (3, 1))
    counts, suggested, given = np.array([[2, 1], [0, 1]]), np.ones(3, dtype=np.int64), probs[:, 0]

    by_rate = flag_largest_margins(labels, probs, given, counts, suggested, min_examples_per_class=1)

    assert by_rate.tolist() == [True, False, False]
    assert prune_by_class(labels, given, counts).tolist() == [True, False, False]
    assert lowest_scores(given, 2).tolist() == [True, True, False]


def test_small_classes_are_left_alone() -> None:
    """A class with no more rows than must stay, and a class's only row, are never flagged."""
    counts = np.array([[0, 4], [1, 0]])
    suggested = 1 - LABELS

    by_rate = flag_largest_margins(LABELS, PROBS, GIVEN, counts, suggested, min_examples_per_class=4)
    by_class = prune_by_class(LABELS, GIVEN, counts, min_examples_per_class=0)

    assert not by_rate.any()
    assert not by_class[4]


def test_rows_to_keep_are_taken_from_the_other_cells() -> None:
    """By hand: the diagonal rises from 1 to 3, its gain of 2 is shared by the two other non-zero cells."""
    found = prune_counts(np.array([[1, 4, 5], [0, 9, 0], [0, 0, 9]]), min_examples_per_class=3)

    assert found[0].tolist() == [3, 3, 4]


def test_a_share_of_the_errors_is_rounded_down_and_the_rest_kept() -> None:
    """By hand: half of 3 and of 4; 1.5 + 2 go back to the diagonal, which is cut to a whole number."""
    found = prune_counts(np.array([[5, 3, 4], [0, 9, 0], [0, 0, 9]]), frac_noise=0.5)

    assert found[0].tolist() == [8, 1, 2]


def test_a_number_of_rows_to_flag_is_shared_out_as_the_errors_are() -> None:
    """By hand: 6 of 10 rows, 3 to 1; a class without estimated errors shares in equal parts, the last class first."""
    found = counts_for_removals(np.array([[6, 3, 1], [0, 9, 0], [0, 0, 5]]), np.array([6, 3, 0]))

    assert found.tolist() == [[4, 4, 2], [1, 6, 2], [0, 0, 5]]
