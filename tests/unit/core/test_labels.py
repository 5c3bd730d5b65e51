"""Labels of any kind become class codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from labelclean.core.checks import check_examples
from labelclean.core.labels import encode_labels
from labelclean.errors import InvalidInputError

DAY = pd.Timestamp("2026-01-05")


@pytest.mark.parametrize(
    ("labels", "codes", "names"),
    [
        (["spam", "ham", "spam"], [1, 0, 1], ("ham", "spam")),
        ([np.str_("b"), np.str_("a")], [1, 0], ("a", "b")),
        (np.array(["b", "a"]), [1, 0], ("a", "b")),
        ([True, False, True], [1, 0, 1], (False, True)),
        (np.array([False, True]), [0, 1], (False, True)),
        (["1", 1, True, 1], [2, 1, 0, 1], (True, 1, "1")),
        ([1, True], [1, 0], (True, 1)),
        ([1.5, 0.5], [1, 0], (0.5, 1.5)),
        ([("a", 2), ("a", 1)], [1, 0], (("a", 1), ("a", 2))),
        ([("a", 2)], [0], (("a", 2),)),
        (pd.Series(["b", "a", "b"]), [1, 0, 1], ("a", "b")),
        (pd.Series(["b", "a"], dtype="string"), [1, 0], ("a", "b")),
        (pd.Series(["b", "a", "b"]).astype("category"), [1, 0, 1], ("a", "b")),
        (pd.Series([True, False], dtype="boolean"), [1, 0], (False, True)),
        (["x", "x"], [0, 0], ("x",)),
    ],
)
def test_labels_other_than_whole_numbers_are_the_columns_in_sorted_order(
    labels: Sequence[Any], codes: list[int], names: tuple[Any, ...]
) -> None:
    """Numbers by value before text; 1, True and "1" are three classes."""
    found, found_names = encode_labels(labels, len(names))

    assert found.tolist() == codes
    assert found_names == names
    assert [type(name) for name in found_names] == [type(name) for name in names]


@pytest.mark.parametrize(
    "labels",
    [
        [0, 2, 0],
        (0, 2, 0),
        [0.0, 2.0, 0.0],
        [0, 2.0, 0],
        [0, np.int64(2), 0],
        np.array([0, 2, 0], dtype=np.uint8),
        np.array([0, 2, 0], dtype=">i4"),
        np.array([0, 2, 0], dtype=object),
        np.ma.MaskedArray([0, 2, 0]),
        np.array([np.int64(0), np.int64(2), np.int64(0)], dtype=object),
        pd.Series([0, 2, 0], index=[7, 8, 9]),
        pd.Series([0, 2, 0], dtype="Int64"),
        pd.Series([0, 2, 0]).astype("category"),
        iter([0, 2, 0]),
    ],
)
def test_whole_numbers_of_any_kind_are_codes_and_classes_may_be_missing(labels: Any) -> None:
    """Class 1 has no rows; class 3 neither."""
    found, names = encode_labels(labels, 4)

    assert found.tolist() == [0, 2, 0]
    assert found.dtype == np.int64
    assert names == (0, 1, 2, 3)


def test_codes_are_the_callers_own_array() -> None:
    """No copy where the type fits."""
    labels = np.array([0, 1, 0])

    assert encode_labels(labels, 2)[0] is labels


@pytest.mark.parametrize(
    ("labels", "class_names", "codes"),
    [
        ([10, 30, 10], [10, 20, 30], [0, 2, 0]),
        (np.array([10, 30, 10]), [10, 20, 30], [0, 2, 0]),
        (["spam", "ham"], ["spam", "ham"], [0, 1]),
        (["1", 1, True], [1, True, "1"], [2, 0, 1]),
        ([1, True], [1, True], [0, 1]),
        ([0.5, 1], [0.5, 1], [0, 1]),
        ([2.5, 1.0], [1.0, 2.5], [1, 0]),
        ([DAY], [DAY], [0]),
        ([], ["a", "b"], []),
    ],
)
def test_named_columns_are_looked_up_whatever_the_type(
    labels: Sequence[Any], class_names: list[Any], codes: list[int]
) -> None:
    """In the order of the columns, with gaps, and with kinds that Python calls equal kept apart."""
    found, names = encode_labels(labels, len(class_names), class_names=class_names)

    assert found.tolist() == codes
    assert names == tuple(class_names)


@pytest.mark.parametrize(
    "labels",
    [
        ["a", None, "b", None],
        ["a", np.nan, "b", float("nan")],
        ["a", " ", "b", ""],
        [0, None, 1, None],
        [0.0, np.nan, 1.0, np.inf],
        np.array([0.0, np.nan, 1.0, -np.inf], dtype=np.float32),
        pd.Series(["a", None, "b", None]),
        pd.Series(["a", None, "b", None], dtype="string"),
        pd.Series(["a", None, "b", None]).astype("category"),
        pd.Series([0, None, 1, None], dtype="Int64"),
        [DAY, pd.NaT, DAY, pd.NaT],
        pd.Series([DAY, pd.NaT, DAY, pd.NaT]),
        np.array(["2026-01-05", "NaT", "2026-01-06", "NaT"], dtype="M8[D]"),
        np.ma.MaskedArray([0, 1, 1, 0], mask=[False, True, False, True]),
    ],
)
def test_a_missing_label_is_refused_with_count_and_first_row(labels: Any) -> None:
    """Every way pandas, NumPy and files have of saying that there is none."""
    with pytest.raises(InvalidInputError, match="in every row; got none in 2 rows, first in row 1"):
        encode_labels(labels, 2)


@pytest.mark.parametrize("nothing", [None, np.nan, "", pd.NA, pd.NaT])
def test_a_missing_label_is_refused_where_columns_are_named_too(nothing: Any) -> None:
    """It is not reported as an unknown class."""
    with pytest.raises(InvalidInputError, match="in every row; got none in 1 rows, first in row 1"):
        encode_labels(["a", nothing, "b"], 2, class_names=["a", "b"])


@pytest.mark.parametrize(
    ("labels", "n_classes", "message"),
    [
        ([0, 2, 2], 2, r"from 0 to 1, .* got 2 in row 1 \(2 such rows\)"),
        ([0, -1], 2, r"got -1 in row 1 \(1 such rows\)"),
        (np.array([2**63, 0], dtype=np.uint64), 2, r"in row 0 \(1 such rows\)"),
        ([1e300, 0.0], 2, "must be from 0 to 1"),
        ([2**70, 0], 2, r"got a huge one in row 0 \(1 such rows\)"),
        ([2**2000, 0], 2, r"got a huge one in row 0 \(1 such rows\)"),
        (["a", "b", "c"], 2, "as many kinds as pred_probs has columns, 2; got 3 kinds"),
        (["a", "a"], 2, "got 1 kinds"),
        ([0.5, 1.0, 0.0], 2, "got 3 kinds"),
        ([{"a": 1}, {"b": 1}], 2, "hashable value; got dict in row 0"),
        ([["a"], ["b", "c"]], 2, r"flat list, .* got shape \(2, 0\)"),
        (np.zeros((2, 2), dtype=int), 2, r"flat list, .* got shape \(2, 2\)"),
        (np.array(1), 2, r"flat list, .* got shape \(\)"),
        (3, 1, r"got 3 in row 0"),
        ("abc", 2, "got 3 kinds"),
    ],
)
def test_labels_that_fit_no_column_are_refused(labels: Any, n_classes: int, message: str) -> None:
    """The message says what must hold, and where it does not."""
    with pytest.raises(InvalidInputError, match=message):
        encode_labels(labels, n_classes)


@pytest.mark.parametrize(
    ("labels", "class_names", "message"),
    [
        (["a", "c", "c"], ["a", "b"], r"among the class names \('a', 'b'\); got another one in 2 rows, first in row 1"),
        ([7], [1, 2, 3, 4, 5, 6], r"\(1, 2, 3, 4, 5, \.\.\.\)"),
        ([True], [0, 1], "got another one in 1 rows"),
        (["a"], ["a"], "name each of the 2 columns of pred_probs; got 1 names"),
        (["a"], ["a", "a"], "must be different; got 'a' for the columns 0 and 1"),
        (["a"], ["a", None], "must name each column; got no name for column 1"),
        (["a"], ["a", [1]], "hashable value; got list"),
    ],
)
def test_class_names_that_do_not_fit_are_refused(labels: Any, class_names: list[Any], message: str) -> None:
    """Unknown labels, too few names, the same name twice, a column without a name."""
    with pytest.raises(InvalidInputError, match=message):
        encode_labels(labels, max(2, len(class_names)), class_names=class_names)


def test_no_labels_at_all_are_no_rows_of_every_class() -> None:
    """Whatever the type of the empty list."""
    empty: list[Any] = [[], np.array([], dtype=str), np.array([], dtype=np.float32), pd.Series([], dtype=object)]
    for nothing in empty:
        found, names = encode_labels(nothing, 3)

        assert found.dtype == np.int64
        assert (found.tolist(), names) == ([], (0, 1, 2))


def test_the_columns_of_a_data_frame_name_the_classes_in_their_own_order() -> None:
    """Not the sorted one; columns that are only numbered name nothing."""
    named = pd.DataFrame([[0.9, 0.1], [0.2, 0.8]], columns=["spam", "ham"])
    numbered = pd.DataFrame([[0.9, 0.1], [0.2, 0.8]])
    turned = pd.DataFrame([[0.9, 0.1], [0.2, 0.8]], columns=[1, 0])

    by_name = check_examples(["ham", "spam"], named)
    by_sorting = check_examples(["ham", "spam"], numbered)
    by_number = check_examples([0, 1], turned)

    assert (by_name.labels.tolist(), by_name.class_names) == ([1, 0], ("spam", "ham"))
    assert (by_sorting.labels.tolist(), by_sorting.class_names) == ([0, 1], ("ham", "spam"))
    assert (by_number.labels.tolist(), by_number.class_names) == ([1, 0], (1, 0))


def test_class_names_go_before_the_columns_of_a_data_frame() -> None:
    """What is said outright counts."""
    frame = pd.DataFrame([[0.9, 0.1]], columns=["x", "y"])

    assert check_examples(["b"], frame, class_names=["a", "b"]).labels.tolist() == [1]


def test_more_classes_than_rows_are_fine() -> None:
    """One row, five classes, none of them named."""
    found = check_examples([3], np.full((1, 5), 0.2))

    assert (found.labels.tolist(), found.n_examples, found.n_classes) == ([3], 1, 5)
