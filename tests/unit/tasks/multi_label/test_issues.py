"""Flagged cells and examples, by hand."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from scipy import sparse

from labelclean.errors import ConfigError, InvalidInputError
from labelclean.tasks.multi_label import MultiLabelFilter, find_multi_label_issues
from labelclean.tasks.multi_label.options import MultiLabelOptions
from labelclean.tasks.multi_label.selection import prune_counts_per_class

SETS = [["a"], ["a", "b"], ["a"], ["b"], ["b"], []]
PROBS = np.array([[0.9, 0.1], [0.9, 0.9], [0.1, 0.1], [0.1, 0.9], [0.9, 0.8], [0.1, 0.9]])
NAMES = ["a", "b"]


def test_wrong_and_missing_classes_are_flagged() -> None:
    """Row 2 should not be a, row 4 should be a as well, row 5 lacks b."""
    found = find_multi_label_issues(SETS, PROBS, class_names=NAMES)

    assert np.argwhere(found.is_class_issue).tolist() == [[2, 0], [4, 0], [5, 1]]
    assert found.is_issue.tolist() == [False, False, True, False, True, True]
    assert (found.n_examples, found.n_issues) == (6, 3)


def test_a_state_that_is_almost_as_likely_is_not_flagged() -> None:
    """By at most 1e-6; where both are even, absent is the likelier one."""
    probs = [[0.5 - 4e-7], [0.5 - 6e-7], [0.5], [0.5 + 4e-7], [0.5 + 6e-7], [0.5]]

    found = find_multi_label_issues([[0], [0], [0], [], [], []], probs, filter_by="predicted_neq_given")

    assert found.is_issue.tolist() == [False, True, False, False, True, False]
    assert found.is_opposed[:, 0].tolist() == [True, True, True, True, True, False]


def test_the_three_formats_give_the_same_answer() -> None:
    """Sets of names, one-hot, sparse."""
    table = np.array([[1, 0], [1, 1], [1, 0], [0, 1], [0, 1], [0, 0]])

    expected = find_multi_label_issues(SETS, PROBS, class_names=NAMES).is_class_issue
    one_hot = find_multi_label_issues(table, PROBS, label_format="one_hot").is_class_issue
    csr = find_multi_label_issues(sparse.csr_array(table), PROBS, label_format="csr").is_class_issue

    assert np.array_equal(one_hot, expected)
    assert np.array_equal(csr, expected)


def test_suggestions_turn_the_flagged_cells_over() -> None:
    """Everything else stays as given."""
    found = find_multi_label_issues(SETS, PROBS, class_names=NAMES)

    assert found.suggested.astype(int).tolist() == [[1, 0], [1, 1], [0, 0], [0, 1], [1, 1], [0, 1]]


def test_the_table_has_one_line_per_flagged_cell() -> None:
    """By row, then class."""
    frame = find_multi_label_issues(SETS, PROBS, class_names=NAMES).to_frame()

    assert frame.to_dict("list") == {
        "row": [2, 4, 5],
        "class_name": ["a", "a", "b"],
        "given": [True, False, False],
        "suggested": [False, True, True],
    }


def test_ranking_puts_the_lowest_score_first_and_ties_by_position() -> None:
    """Only flagged examples are listed."""
    found = find_multi_label_issues(SETS, PROBS, class_names=NAMES)

    assert found.ranked(np.array([0.0, 0.0, 0.5, 0.0, 0.2, 0.5])).tolist() == [4, 2, 5]


def test_ranking_wants_one_score_per_example() -> None:
    """Scores of other data are refused."""
    found = find_multi_label_issues(SETS, PROBS, class_names=NAMES)

    with pytest.raises(InvalidInputError, match="each of the 6 examples"):
        found.ranked(np.zeros(3))


@pytest.mark.parametrize("method", get_args(MultiLabelFilter))
@pytest.mark.parametrize("n_rows", [0, 1, 3])
def test_degenerate_data_give_defined_results(method: MultiLabelFilter, n_rows: int) -> None:
    """No rows, one row, all sets empty, a class in every row, more classes than rows."""
    empty = find_multi_label_issues([[]] * n_rows, np.full((n_rows, 4), 0.9), filter_by=method)
    full = find_multi_label_issues([[3]] * n_rows, np.full((n_rows, 4), 0.1), filter_by=method)

    for found in (empty, full):
        assert found.is_class_issue.shape == (n_rows, 4)
        assert found.is_issue.shape == (n_rows,)
        # No threshold is reached on a side without examples, so that only the plain comparison finds anything.
        assert found.is_issue.all() == (n_rows == 0 or method == "predicted_neq_given")


def test_one_class_alone_is_a_question_too() -> None:
    """K = 1, which the reference refuses."""
    found = find_multi_label_issues([[0], [0], [0], []], [[0.9], [0.8], [0.1], [0.2]])

    assert found.is_class_issue[:, 0].tolist() == [False, False, True, False]


@pytest.mark.parametrize("method", ["prune_by_noise_rate", "prune_by_class", "both"])
def test_wanted_removals_fall_on_the_examples_given_the_class(method: MultiLabelFilter) -> None:
    """The worst ones first; those whose class is likely stay, and nothing is added."""
    probs = [[0.9], [0.4], [0.1], [0.3], [0.9], [0.2]]
    sets = [[0], [0], [0], [0], [], []]

    two = find_multi_label_issues(sets, probs, filter_by=method, n_to_remove_per_class=[2])
    four = find_multi_label_issues(sets, probs, filter_by=method, n_to_remove_per_class=[4])

    assert np.flatnonzero(two.is_issue).tolist() == [2, 3]
    assert np.flatnonzero(four.is_issue).tolist() == [1, 2, 3]


def test_among_equals_the_earlier_rows_are_flagged() -> None:
    """Two of three equal rows are wanted."""
    probs = [[0.9], [0.2], [0.2], [0.2]]

    found = find_multi_label_issues([[0]] * 4, probs, n_to_remove_per_class=[2])

    assert found.is_issue.tolist() == [False, True, True, False]


def test_small_states_are_left_alone() -> None:
    """Three examples are given the class: with three to keep, none of them is flagged."""
    kept = find_multi_label_issues(SETS, PROBS, class_names=NAMES, min_examples_per_class=3)

    assert not kept.is_issue.any()


@pytest.mark.parametrize(
    ("least", "share", "expected"),
    [
        (1, 1.0, [[[2, 2], [3, 3]]]),
        (1, 0.5, [[[1, 1], [1, 2]]]),
        (8, 1.0, [[[2, 2], [2, 2]]]),
        (9, 1.0, [[[1, 1], [1, 1]]]),
        (20, 1.0, [[[0, 0], [0, 0]]]),
    ],
)
def test_numbers_to_flag_come_from_the_joint(least: int, share: float, expected: list[list[list[int]]]) -> None:
    """Errors of each side, less what has to be kept, in part; states that are too small flag nothing."""
    joint = np.array([[[8, 2], [3, 7]]])

    found = prune_counts_per_class(
        joint, joint.sum(axis=2), MultiLabelOptions(min_examples_per_class=least, frac_noise=share)
    )

    assert found.tolist() == expected


def test_results_are_read_only() -> None:
    """Nobody changes a result that was handed out."""
    found = find_multi_label_issues(SETS, PROBS, class_names=NAMES)

    with pytest.raises(ValueError, match="read-only"):
        found.is_class_issue[0, 0] = True


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"filter_by": "best"}, "filter_by must be one of prune_by_noise_rate"),
        ({"frac_noise": 0.0}, "frac_noise must be above 0 and at most 1; got 0.0"),
        ({"frac_noise": 1.5}, "frac_noise must be above 0 and at most 1; got 1.5"),
        ({"frac_noise": float("nan")}, "frac_noise must be above 0 and at most 1; got nan"),
        ({"frac_noise": "half"}, "frac_noise must be above 0 and at most 1; got 'half'"),
        ({"min_examples_per_class": -1}, "min_examples_per_class must be a whole number, 0 or more; got -1"),
        ({"min_examples_per_class": 1.5}, "min_examples_per_class must be a whole number, 0 or more; got 1.5"),
        ({"filter_by": "confident_learning", "frac_noise": 0.5}, "must be left out with filter_by"),
        ({"filter_by": "low_self_confidence", "n_to_remove_per_class": [1, 1]}, "must be left out with filter_by"),
        ({"n_to_remove_per_class": [1]}, "one whole number for each of the 2 classes"),
        ({"n_to_remove_per_class": [0.5, 1]}, "one whole number for each of the 2 classes"),
        ({"n_to_remove_per_class": [1, -1]}, "got 1 other values, first -1 of 3 examples in class 1"),
        ({"n_to_remove_per_class": [4, 1]}, "got 1 other values, first 4 of 3 examples in class 0"),
    ],
)
def test_options_outside_their_range_are_refused(options: dict[str, Any], message: str) -> None:
    """With what is allowed and what was given."""
    with pytest.raises(ConfigError, match=message):
        find_multi_label_issues(SETS, PROBS, class_names=NAMES, **options)
