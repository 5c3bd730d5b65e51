"""Noise matrices and priors."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.noise import (
    class_priors,
    estimate_noise,
    inverse_noise_matrix,
    joint,
    noise_matrix,
    true_class_probs,
)
from labelclean.errors import ConfigError, InvalidInputError

JOINT = np.array([[3, 1, 0], [1, 4, 1], [0, 0, 0]])  # class 2 was never given, but one row is of it


def test_columns_of_the_noise_matrix_sum_to_1() -> None:
    """By hand: column totals are 4, 5 and 1."""
    expected = [[0.75, 0.2, 0.0], [0.25, 0.8, 1.0], [0.0, 0.0, 0.0]]

    assert noise_matrix(JOINT).tolist() == expected


def test_rows_of_the_inverse_matrix_sum_to_1_and_an_empty_class_is_right() -> None:
    """By hand: row totals are 4 and 6; the class never given gets the identity row."""
    found = inverse_noise_matrix(JOINT)

    assert np.allclose(found, [[0.75, 0.25, 0.0], [1 / 6, 4 / 6, 1 / 6], [0.0, 0.0, 1.0]])


def test_a_class_no_row_is_of_gets_the_identity_column() -> None:
    """Nothing is known about how it would be labelled."""
    assert noise_matrix(np.array([[2, 0], [1, 0]]))[:, 1].tolist() == [0.0, 1.0]


def test_priors_are_the_estimated_shares_of_the_true_classes() -> None:
    """By hand: 4, 5 and 1 of 10."""
    assert np.allclose(class_priors(JOINT), [0.4, 0.5, 0.1])


def test_a_prior_is_never_zero() -> None:
    """A class nobody saw may still exist."""
    found = class_priors(np.array([[5, 0], [0, 0]]))

    assert 0 < found[1] < 2e-6
    assert found.sum() == 1.0


def test_the_joint_sums_to_1_and_is_zero_without_rows() -> None:
    """Shares of all rows."""
    assert np.allclose(joint(JOINT), JOINT / 10)
    assert joint(np.zeros((2, 2), dtype=np.int64)).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_errors_are_the_counts_off_the_diagonal() -> None:
    """By hand: 1 + 1 + 1."""
    assert estimate_noise(JOINT).n_label_errors == 3


def test_priors_from_counts_that_are_not_calibrated_follow_the_given_classes() -> None:
    """By hand: of 10 and 30 rows given, a quarter and nothing is of the other class; columns of 3 and 5 counts."""
    counts, given = np.array([[3, 1], [0, 4]]), np.array([10, 30])

    by_count = class_priors(counts, class_counts=given)
    by_marginal = class_priors(counts, method="marginal", class_counts=given)
    by_share = class_priors(counts, method="marginal_ps", class_counts=given)
    solved = class_priors(counts, method="eqn", class_counts=given)

    assert np.allclose(by_count, np.array([10 * 3 / 4, 30 * 5 / 4]) / (7.5 + 37.5))
    assert np.allclose(by_marginal, [3 / 8, 5 / 8])
    assert np.allclose(by_share, [7.5 / 40, 32.5 / 40])
    assert np.allclose(solved, [0.0625, 0.9375])  # p1 = 0.75 / 0.8, p0 = 0.25 - 0.2 * p1


@pytest.mark.parametrize(
    "counts",
    [
        [[2, 2], [3, 3]],
        [[4, 5, 3, 19], [4, 4, 2, 16], [0, 3, 4, 9], [3, 2, 1, 9]],  # column 3 is column 0 plus 3 times column 1
    ],
)
def test_priors_that_could_be_anything_are_refused(counts: list[list[int]]) -> None:
    """Also where rounding makes a matrix without an inverse look as if it had one."""
    with pytest.raises(InvalidInputError, match="must be invertible"):
        class_priors(np.array(counts), method="eqn")


def test_a_method_for_priors_that_does_not_exist_is_refused() -> None:
    """The message names those that do."""
    with pytest.raises(ConfigError, match="one of cnt, eqn, marginal, marginal_ps; got 'count'"):
        class_priors(JOINT, method="count")  # type: ignore[arg-type]


def test_converging_changes_nothing_where_the_counts_agree_with_themselves() -> None:
    """Calibrated counts fulfil Bayes' rule from the start."""
    counts = np.array([[30, 10], [5, 55]])

    before, after = estimate_noise(counts), estimate_noise(counts, converge=True)

    assert np.allclose(after.noise_matrix, before.noise_matrix)
    assert np.allclose(after.inverse_noise_matrix, before.inverse_noise_matrix)
    assert np.allclose(after.class_priors, before.class_priors)


def test_true_class_probabilities_need_one_column_for_each_class() -> None:
    """The noise of three classes says nothing about two."""
    with pytest.raises(InvalidInputError, match="one column for each of the 3 classes"):
        true_class_probs([[0.5, 0.5]], estimate_noise(JOINT))


def test_true_class_probabilities_are_equal_where_every_value_would_be_0() -> None:
    """A row of zeros says nothing."""
    found = true_class_probs([[0.0, 0.0]], estimate_noise(np.array([[3, 1], [1, 3]])))

    assert found.tolist() == [[0.5, 0.5]]


def test_a_class_that_was_never_given_keeps_its_probability() -> None:
    """By hand: 2 of 10 rows are of it; the ratio of the other class is 8 of 10, its own is unknown and counts as 1."""
    noise = estimate_noise(np.array([[8, 2], [0, 0]]))

    found = true_class_probs([[0.9, 0.1], [1.0, 0.0]], noise)

    assert np.allclose(found, [[0.72 / 0.82, 0.1 / 0.82], [1.0, 0.0]])


def test_a_class_with_nothing_on_the_diagonal_is_scaled_by_its_sums() -> None:
    """By hand: class 0 was given 3 times and is true once, never both; 1/3 and 9/7 scale the classes."""
    noise = estimate_noise(np.array([[0, 3], [1, 6]]))

    found = true_class_probs([[0.5, 0.5]], noise)

    assert np.allclose(found, np.array([[1 / 6, 9 / 14]]) / (1 / 6 + 9 / 14))


@pytest.mark.parametrize(
    "counts", [[[0, 0], [1, 0]], [[8, 2], [0, 0]], [[0, 3], [1, 6]], [[0, 2, 0], [0, 0, 2], [2, 0, 0]]]
)
def test_converging_keeps_priors_of_classes_with_nothing_on_the_diagonal(counts: list[list[int]]) -> None:
    """Counts that agree with themselves stay as they are, whatever is zero."""
    matrix = np.array(counts)

    found = estimate_noise(matrix, converge=True)

    assert np.allclose(found.class_priors, matrix.sum(axis=0) / matrix.sum(), rtol=0, atol=3e-5)
