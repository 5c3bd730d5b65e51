"""Which rows stand for all in the sample of the upload page, and what is read out of a list of names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labelclean.arrays import Label
from labelclean.dataset import Dataset, VoteTable
from labelclean.label_set import LabelSet
from labelclean.ui.label_sample import sample_rows
from labelclean.ui.names_table import read_names


def _dataset(*labels: Label | None) -> Dataset:
    return Dataset.from_labels([f"text {row}" for row in range(len(labels))], labels)


def test_each_label_is_shown_once() -> None:
    """The first row of each."""
    assert sample_rows(_dataset("a", "a", "b", None, "a", None), 200) == [(0, 0), (2, 2), (3, 3)]


def test_what_is_empty_and_what_is_not_labelled_is_always_shown() -> None:
    """However many labels stand before it; six rows at most, in the order of the file."""
    dataset = _dataset(*(LabelSet([str(row)]) for row in range(9)), LabelSet(), None)

    assert sample_rows(dataset, 200) == [(0, 0), (1, 1), (2, 2), (3, 3), (9, 9), (10, 10)]


def test_only_rows_of_the_preview_are_shown() -> None:
    """Of others the cells are not at hand."""
    assert sample_rows(_dataset("a", "b", "c"), 2) == [(0, 0), (1, 1)]


def test_texts_on_which_annotators_differ_come_first() -> None:
    """In the long form a text stands under its first record."""
    votes = VoteTable(annotators=("x", "y"), codes=np.array([[0, 0], [0, 1], [1, 1]], dtype=np.int32))
    dataset = replace(_dataset("a", "a", "b"), votes=votes, records=np.array([0, 0, 1, 1, 2, 2]))

    assert sample_rows(dataset, 200) == [(0, 0), (2, 1), (4, 2)]
    assert sample_rows(dataset, 3) == [(0, 0), (2, 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("late\nbroken\n\n", ("late", "broken")),
        ("late\n\nbroken", ("late", "", "broken")),
        ("0\tlate\r\n1\tbroken", ("late", "broken")),
        ("1: broken\n0: late", ("late", "broken")),
        ("2,x\n7,y", ("2,x", "7,y")),
        ("a, b\nc", ("a, b", "c")),
    ],
)
def test_names_are_read_line_by_line(text: str, expected: tuple[str, ...]) -> None:
    """Numbers before the names count only if they are all there, from 0 on."""
    assert read_names(text) == expected
