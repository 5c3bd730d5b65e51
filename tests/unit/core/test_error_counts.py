"""How many labels are wrong."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.error_counts import CountMethod, n_label_errors
from labelclean.errors import ConfigError, InvalidInputError

LABELS = np.array([0, 0, 0, 1, 1, 1])
PROBS = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.1, 0.9], [0.9, 0.1], [0.2, 0.8]])


def test_errors_are_counted_in_three_ways() -> None:
    """
    By hand: the thresholds are 0.7 and 0.6.

    Rows 0 and 1 are confidently of class 0 and row 2 of class 1; of the rows given 1, rows 3 and 5 are of class 1 and
    row 4 of class 0. So 2 rows are counted; the counts are 2, 1, 1, 2, already calibrated. With a joint of 1, 1, 0, 3
    half of class 0 is wrong: 1.5 rows and 1.5 rows become 2 and 2, one too many, which the first class loses.
    """
    assert n_label_errors(LABELS, PROBS) == 2
    assert n_label_errors(LABELS, PROBS, method="off_diagonal_calibrated") == 2
    custom = n_label_errors(LABELS, PROBS, method="off_diagonal_custom", confident_joint=[[1, 1], [0, 3]])
    assert custom == 2


def test_no_rows_have_no_errors() -> None:
    """By any way of counting."""
    assert n_label_errors([], np.empty((0, 2))) == 0
    assert n_label_errors([], np.empty((0, 2)), method="off_diagonal_calibrated") == 0


def test_a_way_of_counting_that_does_not_exist_is_refused() -> None:
    """The message names those that do."""
    with pytest.raises(ConfigError, match="one of off_diagonal, off_diagonal_calibrated, off_diagonal_custom; got"):
        n_label_errors(LABELS, PROBS, method="diagonal")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "joint"),
    [("off_diagonal", np.eye(2)), ("off_diagonal_calibrated", np.eye(2)), ("off_diagonal_custom", None)],
)
def test_a_joint_is_needed_by_one_way_of_counting_only(method: CountMethod, joint: object) -> None:
    """It is neither left out silently nor made up."""
    with pytest.raises(ConfigError, match="must be given with the method off_diagonal_custom and with no other"):
        n_label_errors(LABELS, PROBS, method=method, confident_joint=joint)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("joint", "message"),
    [
        (np.eye(3), r"table of 2 x 2 counts; got shape \(3, 3\)"),
        (np.ones(2), r"got shape \(2,\)"),
        ([[1.5, 0], [0, 1]], "whole numbers of 0 or more"),
        ([[1, -1], [0, 1]], "whole numbers of 0 or more"),
        ([[1, np.nan], [0, 1]], "whole numbers of 0 or more"),
        ([[1, np.inf], [0, 1]], "whole numbers of 0 or more"),
        ([[1, 2.0**70], [0, 1]], "whole numbers of 0 or more"),
        ([[1, 0], [1]], "rows of the same length"),
        ([["1", "0"], ["0", "1"]], "whole numbers of 0 or more"),
    ],
)
def test_a_joint_that_holds_no_counts_is_refused(joint: object, message: str) -> None:
    """As many rows and columns as classes, whole numbers, none below 0."""
    with pytest.raises(InvalidInputError, match=message):
        n_label_errors(LABELS, PROBS, method="off_diagonal_custom", confident_joint=joint)  # type: ignore[arg-type]
