"""Labels of any kind, as codes and as a classifier sees them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError
from labelclean.models.class_codes import class_values, code_labels

MIXED = [3, "b", None, True, 1, "a", 1.5, ("t", 1), float("nan"), "1", " ", -2]


def test_classes_and_codes_are_those_of_the_dataset() -> None:
    """The same order, so that columns mean the same everywhere."""
    dataset = Dataset.from_labels(["text"] * len(MIXED), MIXED)

    coded = code_labels(MIXED)

    assert coded.class_names == dataset.class_names
    assert np.array_equal(coded.codes, dataset.labels)
    assert not coded.codes.flags.writeable


@pytest.mark.parametrize(
    ("labels", "codes"),
    [
        (np.array([2, 1]), [1, 0]),
        (pd.Series(["x", None], dtype="string"), [0, -1]),
        (pd.Series([pd.NaT, pd.NaT]), [-1, -1]),
        (pd.Categorical(["x", "y"]), [0, 1]),
        ((label for label in "ba"), [1, 0]),
        ([], []),
    ],
)
def test_columns_of_any_kind_are_read(labels: Any, codes: list[int]) -> None:
    """Missing values of pandas are missing."""
    assert code_labels(labels).codes.tolist() == codes


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["a", "b"], ["a", "b"]),
        ([3, 7], [3, 7]),
        ([False, True], [False, True]),
        ([1.0, 2.0], [1.0, 2.0]),
        ([0.5, 1.0], [0, 1]),
        ([1, "1"], [0, 1]),
        ([True, 1], [0, 1]),
        ([("a", 1), ("b", 2)], [0, 1]),
        ([10**30, 1], [0, 1]),
    ],
)
def test_a_classifier_is_shown_names_it_can_take_and_codes_otherwise(names: list[Any], shown: list[Any]) -> None:
    """Text, whole numbers and bools of one kind are themselves."""
    values = class_values(names)

    assert values.tolist() == shown
    assert len(set(values.tolist())) == len(names)


def test_unknown_labels_are_counted() -> None:
    """With the first row; True is not 1."""
    with pytest.raises(
        InvalidInputError, match=r"among the 2 class_names; got another value in 2 rows, first in row 1"
    ):
        code_labels([1, True, 0, 7], class_names=[0, 1])
