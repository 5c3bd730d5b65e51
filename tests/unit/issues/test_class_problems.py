"""Tests of classes with few rows, of ambiguous texts, and of texts in more than one split."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.issues.ambiguous import ambiguous_texts
from labelclean.issues.class_imbalance import class_imbalance
from labelclean.issues.near_copies import near_copies
from labelclean.issues.split_overlap import find_split_column, split_overlap


def test_the_smallest_class_comes_first() -> None:
    """Of 100, 3 and 1 rows, the mean is 35 and a tenth of it 3.5; a class needs 5 rows in any case."""
    found = class_imbalance([("a", np.arange(100)), ("b", np.arange(100, 103)), ("c", np.arange(103, 104))])

    assert found is not None
    assert found.rows.tolist() == [103, 100, 101, 102]
    assert found.reason_of(103) == "“c” has 1 row; classes have 35 in the mean."


@pytest.mark.parametrize("sizes", [(50, 50), (90, 11), (3, 3, 3), (100,), (), (0, 40)])
def test_sizes_that_are_alike_or_large_enough_are_no_problem(sizes: tuple[int, ...]) -> None:
    """One to eight is not balanced, but learnt; where all classes are small, none is smaller."""
    bounds = np.cumsum([0, *sizes])

    assert class_imbalance([(name, np.arange(bounds[name], bounds[name + 1])) for name in range(len(sizes))]) is None


def test_a_row_with_two_rare_labels_counts_once() -> None:
    """The rarer label is its reason."""
    found = class_imbalance([("a", np.arange(100)), ("b", np.array([0, 1])), ("c", np.array([0]))])

    assert found is not None
    assert found.rows.tolist() == [0, 1]
    assert found.reason_of(0).startswith("“c”")


def test_texts_split_between_two_or_three_classes_are_ambiguous() -> None:
    """The most evenly split first: an entropy of all it can be is a score of 0."""
    labels = np.tile(np.array([2, 0, 1, 3]), (5, 1))
    probs = np.array(
        [
            [0.90, 0.05, 0.03, 0.02],
            [0.48, 0.44, 0.05, 0.03],
            [0.30, 0.28, 0.27, 0.15],
            [0.26, 0.25, 0.25, 0.24],
            [0.50, 0.50, 0.00, 0.00],
        ]
    )

    found = ambiguous_texts(labels, probs, ("a", "b", "c", "d", "e"))

    assert found is not None
    assert found.rows.tolist() == [4, 2, 1]
    assert found.scores[0] == pytest.approx(0.0)
    assert found.reason_of(1) == "It may be “a” or “c”."
    assert found.reason_of(2) == "It may be “a”, “b” or “c”."


def test_what_a_model_knows_nothing_about_is_not_ambiguous() -> None:
    """Three classes with a third each are all there are: nothing is told from anything."""
    probs = np.full((2, 3), 1 / 3)

    assert ambiguous_texts(np.tile(np.arange(3), (2, 1)), probs, ("a", "b", "c")) is None


def test_copies_in_two_splits_are_found_with_their_splits() -> None:
    """All rows of the group; those in the largest split can go."""
    groups = np.array([0, 0, 2, 2, 4, 5])
    splits = ["train", " test", "train", "train", "train", "valid"]

    found = split_overlap(groups, splits, np.array([0, 1, 0, 0, 0, 0]))

    assert found is not None
    assert found.rows.tolist() == [0, 1]
    assert found.reason_of(1) == "In test; a copy is in train."
    assert found.n_contradicting == 2
    assert found.spare_alone().rows.tolist() == [0]


def test_rows_without_a_split_are_in_none() -> None:
    """An empty cell is no split."""
    assert split_overlap(np.array([0, 0]), ["train", ""], np.array([0, 0])) is None


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"Split": ["a", "b"]}, "Split"),
        ({"fold": ["0", "1"]}, "fold"),
        ({"part": ["Train", "test"], "source": ["web", "app"]}, "part"),
        ({"split": ["train", "train"]}, None),
        ({"set": [str(number) for number in range(30)]}, None),
        ({"use": ["train", "bus"]}, None),
        ({}, None),
    ],
)
def test_the_split_column_is_known_by_name_or_values(columns: dict[str, list[str]], name: str | None) -> None:
    """Between 2 and 20 values; means of transport are no splits."""
    assert find_split_column(columns) == name


def test_contradicting_copies_come_first_and_none_of_them_can_go() -> None:
    """Of copies that agree, the first with a label stays."""
    texts = ["b one two", "a one two", "a one two", "b one two", "b one two", "c"]

    found = near_copies(texts, np.array([-1, 0, 1, 2, 2, 2]))

    assert found is not None
    assert found.rows.tolist() == [1, 2, 0, 3, 4]
    assert found.contradicts.tolist() == [True, True, False, False, False]
    assert found.is_spare.tolist() == [False, False, True, False, True]
    assert found.group_of(4).tolist() == [0, 3, 4]
    assert found.n_groups == 2
