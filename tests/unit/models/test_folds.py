"""Which fold holds out which row."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labelclean.models.folds import NO_FOLD, FoldSplits, assign_folds, groups_of_labelled


def test_every_class_is_spread_evenly() -> None:
    """Ten and five rows over five folds: two and one of each."""
    labels = np.array([0] * 10 + [1] * 5)

    folds = assign_folds(labels, np.arange(15), n_folds=5)

    assert np.bincount(folds[:10]).tolist() == [2] * 5
    assert np.bincount(folds[10:]).tolist() == [1] * 5


def test_rare_classes_do_not_pile_up_in_the_first_fold() -> None:
    """Ten classes of one row each, five folds: two rows in each."""
    folds = assign_folds(np.arange(10), np.arange(10), n_folds=5)

    assert np.bincount(folds).tolist() == [2] * 5


def test_fewer_folds_are_used_where_there_are_fewer_groups() -> None:
    """Three rows cannot fill five folds; folds are numbered without gaps."""
    folds = assign_folds(np.array([0, 0, 1]), np.arange(3), n_folds=5)

    assert sorted(folds.tolist()) == [0, 1, 2]


def test_a_group_goes_with_its_most_common_label() -> None:
    """Twice class 0 and once class 1: it is dealt with class 0, and balances it."""
    labels = np.array([0, 0, 1, 0, 0, 1])
    groups = np.array([9, 9, 9, 3, 4, 5])

    folds = assign_folds(labels, groups, n_folds=2)

    of_class_0 = [int(np.count_nonzero(folds[labels == 0] == fold)) for fold in (0, 1)]
    assert of_class_0 == [2, 2]


def test_the_seed_changes_the_folds_and_nothing_else_does() -> None:
    """Same seed, same folds."""
    labels, groups = np.repeat([0, 1], 50), np.arange(100)

    first = assign_folds(labels, groups, n_folds=5, random_state=1)

    assert np.array_equal(first, assign_folds(labels, groups, n_folds=5, random_state=1))
    assert not np.array_equal(first, assign_folds(labels, groups, n_folds=5, random_state=2))


@given(
    st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 12)), max_size=60),
    st.integers(2, 7),
    st.integers(0, 2**32 - 1),
)
def test_groups_stay_together_and_only_labelled_rows_are_dealt(
    rows: list[tuple[int, int]], n_folds: int, seed: int
) -> None:
    """For any labels and groups."""
    labels = np.array([label for label, _ in rows], dtype=np.int64)
    groups = np.array([group for _, group in rows], dtype=np.int64)

    folds = assign_folds(labels, groups, n_folds=n_folds, random_state=seed)

    assert np.array_equal(folds == NO_FOLD, labels == -1)
    for group in np.unique(groups[labels != -1]):
        assert len(np.unique(folds[(groups == group) & (labels != -1)])) == 1
    used = np.unique(folds[folds != NO_FOLD]).tolist()
    assert used == list(range(min(n_folds, len(np.unique(groups[labels != -1])))))


def test_splits_hold_out_each_fold_once_and_leave_rows_without_a_fold_alone() -> None:
    """Row 2 has none."""
    splits = FoldSplits(np.array([1, 0, NO_FOLD, 1]))

    found = [[part.tolist() for part in splits[number]] for number in range(len(splits))]

    assert found == [[[0, 3], [1]], [[1], [0, 3]]]
    assert len(FoldSplits(np.array([NO_FOLD]))) == 0


def test_groups_are_numbered_as_if_rows_without_a_label_were_not_there() -> None:
    """So that these do not change the folds of others."""
    groups, labels = np.array([0, 1, 2, 0, 1]), np.array([-1, -1, 0, 0, 1])

    numbers = groups_of_labelled(groups, labels)

    assert numbers[2:].tolist() == [0, 1, 2]
    assert groups_of_labelled(groups, np.zeros(5, dtype=np.int64)).tolist() == groups.tolist()
