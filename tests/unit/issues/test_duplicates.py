"""Rows with the same text."""

from __future__ import annotations

import numpy as np

from labelclean.issues.duplicates import exact_duplicate_groups, summarise_duplicates


def test_texts_that_differ_in_white_space_only_are_the_same() -> None:
    """Spaces, tabs, line ends and no-break spaces, inside and around."""
    groups = exact_duplicate_groups(["where is it", " where\tis\n it ", "where\u00a0is it", "whereis it"])

    assert groups.tolist() == [0, 0, 0, 3]


def test_upper_and_lower_case_are_not_the_same() -> None:
    """Case can carry meaning, and shared words are left to the models."""
    assert exact_duplicate_groups(["Refund", "refund"]).tolist() == [0, 1]


def test_empty_texts_are_not_duplicates_of_each_other() -> None:
    """One group of all empty rows would fill a fold."""
    assert exact_duplicate_groups(["", "  ", "x", ""]).tolist() == [0, 1, 2, 3]


def test_contradictions_are_groups_with_more_than_one_label() -> None:
    """Rows 0 and 2 agree, 1 and 3 do not; a row without a label contradicts nothing."""
    groups = np.array([0, 1, 0, 1, 4, 5, 5])
    labels = np.array([2, 0, 2, 1, 0, 1, -1])

    found = summarise_duplicates(groups, labels)

    assert found.rows.tolist() == [0, 1, 2, 3, 5, 6]
    assert found.n_groups == 3
    assert found.contradicting_rows.tolist() == [1, 3]


def test_without_rows_there_is_nothing() -> None:
    """An empty dataset has no duplicates."""
    found = summarise_duplicates(exact_duplicate_groups([]), np.empty(0, dtype=np.int64))

    assert (len(found.rows), found.n_groups, len(found.contradicting_rows)) == (0, 0, 0)
