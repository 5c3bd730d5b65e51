"""Labels and probabilities at the public door of the core."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import ArrayLike

from labelclean.core.checks import check_labels_and_pred_probs
from labelclean.errors import InvalidInputError

GOOD = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -0.1, 1.1])
def test_a_value_that_is_no_probability_is_refused_with_count_and_first_row(bad: float) -> None:
    """NaN, infinities, negative values and values above 1 are counted by row."""
    probs = np.tile([0.9, 0.1], (200_000, 1))  # several chunks
    probs[[150_000, 199_999], 1] = bad

    with pytest.raises(InvalidInputError, match=r"in 2 rows, first in row 150,000"):
        check_labels_and_pred_probs(np.zeros(200_000, dtype=int), probs)


@pytest.mark.parametrize(
    ("labels", "probs", "message"),
    [
        ([0, 1], GOOD, r"one row for each of the 2 labels; got shape \(3, 2\)"),
        ([0, 1, 2], GOOD, r"from 0 to 1.*got 2 in row 2 \(1 such rows\)"),
        ([0, -1, -1], GOOD, r"got -1 in row 1 \(2 such rows\)"),
        ([0.5, 1.0, 0.0], GOOD, "labels must be of as many kinds as pred_probs has columns, 2; got 3 kinds"),
        (["a", "a", "a"], GOOD, "labels must be of as many kinds as pred_probs has columns, 2; got 1 kinds"),
        ([0, np.nan, np.nan], GOOD, r"labels must be given in every row; got none in 2 rows, first in row 1"),
        (["a", None, "b"], GOOD, r"labels must be given in every row; got none in 1 rows, first in row 1"),
        (["a", ["b"], "a"], GOOD, r"labels must be a flat list"),
        ([[0, 1, 0]], GOOD, "labels must be a flat list"),
        ([0, 1, 0], [0.5, 0.5, 0.5], r"pred_probs must be a table.*got shape \(3,\)"),
        ([], np.empty((0, 0)), r"at least one column"),
        ([0], [["x", "y"]], "pred_probs must hold numbers"),
        ([0, 1], [[0.5, 0.5], [1.0]], "rows of the same length"),
    ],
)
def test_shapes_and_types_that_do_not_fit_are_refused(labels: ArrayLike, probs: ArrayLike, message: str) -> None:
    """Each refusal says what must hold and what was found."""
    with pytest.raises(InvalidInputError, match=message):
        check_labels_and_pred_probs(labels, probs)


def test_the_callers_arrays_are_used_as_they_are_and_never_written_to() -> None:
    """No copy is made where the types fit, and read-only arrays are fine."""
    labels, probs = np.array([0, 1, 0]), GOOD.copy()
    labels.flags.writeable = probs.flags.writeable = False

    codes, checked = check_labels_and_pred_probs(labels, probs)

    assert codes is labels
    assert checked is probs


@pytest.mark.parametrize(("given", "kept"), [("f2", "f8"), ("f4", "f4"), ("f8", "f8"), ("i8", "f8"), ("?", "f8")])
def test_numbers_of_other_types_become_doubles(given: str, kept: str) -> None:
    """Singles stay singles, since they halve the memory."""
    probs = np.eye(2).astype(given)

    _, checked = check_labels_and_pred_probs([0, 1], probs)

    assert checked.dtype == kept


def test_rounding_a_hair_beyond_0_and_1_is_tolerated() -> None:
    """Sums of singles often end at 1.0000001."""
    check_labels_and_pred_probs([0], [[1.0 + 5e-7, -5e-7]])


def test_whole_numbers_of_a_float_type_and_no_rows_at_all_are_accepted() -> None:
    """A column with missing values in pandas gives floats; a dataset may be empty."""
    codes, _ = check_labels_and_pred_probs([0.0, 1.0, 0.0], GOOD)
    none, _ = check_labels_and_pred_probs([], np.empty((0, 2)))

    assert codes.tolist() == [0, 1, 0]
    assert none.dtype == np.int64


def test_extended_precision_becomes_double() -> None:
    """Few machines have it, and no file does."""
    codes, checked = check_labels_and_pred_probs([0, 1, 0], GOOD.astype(np.longdouble))

    assert checked.dtype == np.float64
    assert checked.tolist() == GOOD.tolist()
    assert codes.tolist() == [0, 1, 0]


def test_a_masked_probability_is_none() -> None:
    """What lies under the mask is not looked at; nothing is missing where nothing is masked."""
    masked = np.ma.MaskedArray(GOOD, mask=[[False, False], [True, False], [False, False]])

    _, checked = check_labels_and_pred_probs([0, 1, 0], np.ma.MaskedArray(GOOD))

    assert checked.tolist() == GOOD.tolist()
    with pytest.raises(InvalidInputError, match="in 1 rows, first in row 1"):
        check_labels_and_pred_probs([0, 1, 0], masked)
