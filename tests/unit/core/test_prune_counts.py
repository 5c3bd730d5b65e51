"""How many rows are to be flagged; see test_filters.py for more cases by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from labelclean.core.label_issues import find_label_issues
from labelclean.core.prune_counts import check_removals, counts_for_removals, prune_counts
from labelclean.errors import ConfigError


@pytest.mark.parametrize(
    ("removals", "message"),
    [
        ([1], r"must be 2 whole numbers, one for each class; got int64 of shape \(1,\)"),
        ([1.5, 0], r"got float64 of shape \(2,\)"),
        ([[1], [1, 2]], "must be 2 whole numbers"),
        ([0, 6], r"got 6 for class 1, which has 5 rows \(1 such classes\)"),
        ([-1, -2], r"got -1 for class 0, which has 5 rows \(2 such classes\)"),
    ],
)
def test_more_rows_than_there_are_are_not_flagged(removals: Sequence[Any], message: str) -> None:
    """The message says which class, and how many rows it has."""
    with pytest.raises(ConfigError, match=message):
        check_removals(removals, np.array([5, 5]))


def test_a_single_class_has_nothing_to_flag() -> None:
    """Its rows can be nothing else."""
    assert counts_for_removals(np.array([[7]]), np.array([3])).tolist() == [[7]]
    found = find_label_issues([0, 0], [[0.9], [0.8]], n_to_remove_per_class=[1])
    assert not found.is_issue.any()


def test_counts_are_copied_where_nothing_changes() -> None:
    """The caller's joint is never handed back for writing."""
    joint = np.array([[3, 1], [1, 3]])

    found = prune_counts(joint)

    assert found is not joint
    assert found.tolist() == joint.tolist()
