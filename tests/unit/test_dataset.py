"""Texts and labels as the engine sees them."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from labelclean.arrays import Label
from labelclean.dataset import Dataset, is_missing_label
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet


def test_labels_become_codes_in_a_fixed_order_of_classes() -> None:
    """Bools, then numbers by value, then text by code point; the order of the rows plays no part."""
    labels: list[Label | None] = ["b", 10, "a", True, 9, "B", 1.5, False]

    dataset = Dataset.from_labels(["t"] * 8, labels)
    turned = Dataset.from_labels(["t"] * 8, labels[::-1])

    assert dataset.class_names == (False, True, 1.5, 9, 10, "B", "a", "b")
    assert turned.class_names == dataset.class_names
    assert [dataset.given_label(row) for row in range(8)] == labels


def test_numbers_too_large_for_a_fraction_are_classes() -> None:
    """They stand in files as ids do; their order is that of their values."""
    dataset = Dataset.from_labels(["t"] * 4, [float("inf"), 10**400, 5, -(10**400)])

    assert dataset.class_names == (-(10**400), 5, 10**400, float("inf"))


def test_1_true_and_the_text_1_are_three_classes() -> None:
    """Python calls the first two equal; users do not."""
    dataset = Dataset.from_labels(["t"] * 4, [1, True, "1", 1.0])

    assert sorted(map(repr, dataset.class_names)) == ["'1'", "1", "1.0", "True"]
    assert len(set(dataset.labels.tolist())) == 4


def test_white_space_in_labels_is_kept() -> None:
    """A class with a space at its end is another class; what to do about it is the user's choice."""
    assert Dataset.from_labels(["t"] * 2, ["refund", "refund "]).n_classes == 2


@pytest.mark.parametrize(
    "missing",
    [
        *(None, "", "  ", "\t\n", np.str_(" ")),
        *(float("nan"), np.float64("nan"), np.float32("nan"), np.float16("nan"), Decimal("NaN"), Decimal("sNaN")),
        np.datetime64("NaT"),
        pd.NA,
        pd.NaT,
    ],
)
def test_missing_labels_are_no_class(missing: Label | None) -> None:
    """None, NaN of every kind, and text without anything in it."""
    dataset = Dataset.from_labels(["t"] * 2, ["a", missing])

    assert is_missing_label(missing)
    assert dataset.labels.tolist() == [0, -1]
    assert (dataset.n_classes, dataset.n_unlabelled, dataset.n_examples) == (1, 1, 2)
    assert dataset.given_label(1) is None


@pytest.mark.parametrize("label", [0, False, 0.0, "0", "none", "nan", " x "])
def test_values_that_look_empty_but_are_not_are_classes(label: Label) -> None:
    """Zero and the word 'nan' are labels."""
    assert not is_missing_label(label)


def test_numpys_numbers_become_pythons() -> None:
    """They mean the same, and only Python's can be written as JSON."""
    labels = [*np.array([2, 1, 2]), 2]

    dataset = Dataset.from_labels(["t"] * 4, labels)

    assert dataset.class_names == (1, 2)
    assert {type(name) for name in dataset.class_names} == {int}
    assert dataset.labels.tolist() == [1, 0, 1, 1]


def test_codes_are_read_only_and_ids_are_kept() -> None:
    """A dataset is handed to several readers."""
    dataset = Dataset.from_labels(["a", "b"], ["x", "y"], row_ids=["m1", "m2"])

    assert dataset.row_ids == ("m1", "m2")
    with pytest.raises(ValueError, match="read-only"):
        dataset.labels[0] = 1


def test_lengths_that_differ_are_refused() -> None:
    """Labels and ids alike, with both numbers."""
    with pytest.raises(InvalidInputError, match="got 2 texts and 1 labels"):
        Dataset.from_labels(["a", "b"], ["x"])
    with pytest.raises(InvalidInputError, match="got 1 ids and 2 texts"):
        Dataset.from_labels(["a", "b"], ["x", "y"], row_ids=["m1"])


def test_texts_and_labels_of_the_wrong_kind_are_refused_by_row() -> None:
    """The row and the type are named."""
    with pytest.raises(InvalidInputError, match="got float in row 1"):
        Dataset.from_labels(["a", float("nan")], ["x", "y"])  # type: ignore[list-item]  # what pandas gives
    with pytest.raises(InvalidInputError, match="got list in row 1"):
        Dataset.from_labels(["a", "b"], ["x", ["y"]])  # type: ignore[list-item]  # what a careless caller gives


def test_no_rows_are_a_dataset() -> None:
    """What to say about it is for the checks."""
    dataset = Dataset.from_labels([], [])

    assert (dataset.n_examples, dataset.n_classes, dataset.labels.dtype) == (0, 0, np.dtype(np.int64))


def test_label_sets_come_out_of_a_dataset_as_they_are() -> None:
    """None where a row has no set; the empty set stays one; single labels are no sets."""
    sets = [LabelSet(["b", "a"]), LabelSet(), None]

    assert Dataset.from_labels(["x", "y", "z"], sets).label_sets() == [("b", "a"), (), None]
    with pytest.raises(InvalidInputError, match="they have single labels"):
        Dataset.from_labels(["x"], ["a"]).label_sets()
