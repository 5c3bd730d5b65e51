"""Noise matrices and priors."""

from __future__ import annotations

import numpy as np

from labelclean.core.noise import class_priors, estimate_noise, inverse_noise_matrix, joint, noise_matrix

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
