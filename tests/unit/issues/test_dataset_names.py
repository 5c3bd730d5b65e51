"""Names in a dataset that look like one class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labelclean.arrays import Label
from labelclean.dataset import Dataset, VoteTable
from labelclean.issues.dataset_checks import check_dataset
from labelclean.issues.dataset_names import find_similar_names, label_counts, visible_name
from labelclean.label_set import LabelSet


def labelled(*labels: Label | None) -> Dataset:
    """Return a dataset of different texts."""
    return Dataset.from_labels([f"text {row}" for row in range(len(labels))], labels)


def test_the_rows_of_the_rarer_names_are_found() -> None:
    """Not those of the proposed one, nor those without a label."""
    found = find_similar_names(labelled("Refund", "refund ", None, "Refund", "late"))

    assert found is not None
    assert [group.names for group in found.groups] == [("Refund", "refund ")]
    assert found.rows.tolist() == [1]


def test_without_similar_names_nothing_is_found() -> None:
    """Most datasets."""
    assert find_similar_names(labelled("refund", "late")) is None


def test_labels_inside_of_sets_are_compared() -> None:
    """Counted by rows, in class order; numbers and true/false apart."""
    data = labelled(LabelSet(["late", "Lost"]), LabelSet(["lost"]), LabelSet(), LabelSet(["lost", 1]), LabelSet([True]))

    found = find_similar_names(data)

    assert label_counts(data) == ((True, 1, "Lost", "late", "lost"), (1, 1, 1, 1, 2))
    assert found is not None
    assert found.groups[0].names == ("Lost", "lost")
    assert found.rows.tolist() == [0]


def test_of_several_annotators_all_votes_count() -> None:
    """A spelling that never has the majority is found all the same."""
    codes = np.array([[0, 1], [0, -1], [0, 0]], dtype=np.int32)
    data = replace(
        labelled("Late", "Late", "Late"),
        class_names=("Late", "late"),
        votes=VoteTable(annotators=("a", "b"), codes=codes),
    )

    found = find_similar_names(data)

    assert label_counts(data) == (("Late", "late"), (4, 1))
    assert found is not None
    assert found.rows.tolist() == [0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("refund ", "refund "),
        ("re\u200bfund", "re<U+200B>fund"),
        ("a\tb\u00a0c", "a<U+0009>b<U+00A0>c"),
        ("x" * 41, "x" * 40 + "…"),
        (7, "7"),
    ],
)
def test_what_cannot_be_seen_is_shown(name: Label, shown: str) -> None:
    """Otherwise two names would read the same."""
    assert visible_name(name) == shown


def test_the_warning_names_the_first_group() -> None:
    """With counts, the reason, and what to do."""
    names = ["Refund"] * 3 + ["refund "] + ["Late", "late", "LATE"]

    (warning,) = [found for found in check_dataset(labelled(*names)) if found.code == "similar_names"]

    assert warning.message == (
        "“LATE” (1 row), “Late” (1 row) and “late” (1 row) look like one class. They differ only in upper and lower "
        "case. So does 1 more group of names."
    )
    assert warning.fix == "Merge them into “LATE” before you review, or rename one if they are two classes."
    assert (warning.n_rows, warning.rows, warning.severity) == (3, (3, 4, 5), "warning")


def test_a_long_group_is_cut_short() -> None:
    """Four names are shown, and how many more there are."""
    names = ["Aa", "aA", "aa", "AA", "aa ", " aa", "aa."]

    (warning,) = [found for found in check_dataset(labelled(*names, "b")) if found.code == "similar_names"]

    assert warning.message.startswith(
        "“ aa” (1 row), “AA” (1 row), “Aa” (1 row), “aA” (1 row) and 3 more look like one"
    )
