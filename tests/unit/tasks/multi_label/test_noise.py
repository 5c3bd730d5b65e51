"""Noise of one class against the rest, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labelclean.core.noise import estimate_noise
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_label import MultiLabelNoise, estimate_multi_label_noise
from labelclean.tasks.multi_label.noise import calibrate_binary_joints
from labelclean.tasks.multi_label.sums import BinaryJointSums, BinaryThresholdSums

GIVEN = [["a"], ["a"], ["a"], [], [], [], [], []]
PROBS = np.array([[0.9], [0.8], [0.1], [0.1], [0.2], [0.9], [0.1], [0.5]])


def found() -> MultiLabelNoise:
    """Estimate the noise of the example above."""
    return estimate_multi_label_noise(GIVEN, PROBS, class_names=["a"])


def test_thresholds_are_means_of_each_states_probability() -> None:
    """Given: (0.9 + 0.8 + 0.1) / 3; not given: (0.9 + 0.8 + 0.1 + 0.9 + 0.5) / 5."""
    assert np.allclose(found().confident_thresholds, [[0.64, 0.6]], rtol=0, atol=1e-15)


def test_joints_count_given_against_confident_states() -> None:
    """Row 2 is confidently absent, row 5 confidently present; row 7 reaches neither threshold."""
    assert found().raw_confident_joint.tolist() == [[[3, 1], [1, 2]]]


def test_calibration_makes_rows_sum_to_the_examples() -> None:
    """Five are not given the class: 3.75 and 1.25 of them are rounded to 4 and 1."""
    assert found().confident_joint.tolist() == [[[4, 1], [1, 2]]]
    assert found().n_missing.tolist() == [1]
    assert found().n_spurious.tolist() == [1]
    assert found().n_label_errors.tolist() == [2]


def test_matrices_divide_the_joint_by_columns_and_rows() -> None:
    """P(given | true), P(true | given), P(given, true) and P(true)."""
    noise = found()

    assert np.allclose(noise.noise_matrices, [[[4 / 5, 1 / 3], [1 / 5, 2 / 3]]])
    assert np.allclose(noise.inverse_noise_matrices, [[[4 / 5, 1 / 5], [1 / 3, 2 / 3]]])
    assert np.allclose(noise.joint, np.array([[[4, 1], [1, 2]]]) / 8)
    assert np.allclose(noise.class_priors, [[5 / 8, 3 / 8]])


def test_each_class_is_what_the_core_says_of_its_two_states() -> None:
    """The same matrices as for one label per row."""
    noise = found()

    core = estimate_noise(noise.confident_joint[0])

    assert np.allclose(noise.noise_matrices[0], core.noise_matrix)
    assert np.allclose(noise.inverse_noise_matrices[0], core.inverse_noise_matrix)
    assert np.allclose(noise.joint[0], core.joint)
    assert np.allclose(noise.class_priors[0], core.class_priors)


def test_a_class_never_given_keeps_the_chance_of_being_right() -> None:
    """Nothing reaches its threshold of 2; no example is estimated to be of it."""
    noise = estimate_multi_label_noise([[], []], [[0.9], [0.1]])

    assert noise.confident_thresholds.tolist() == [[0.5, 2.0]]
    assert noise.confident_joint.tolist() == [[[2, 0], [0, 0]]]
    assert noise.noise_matrices.tolist() == [[[1, 0], [0, 1]]]
    assert noise.inverse_noise_matrices.tolist() == [[[1, 0], [0, 1]]]


def test_a_class_in_every_row_is_the_mirror_image() -> None:
    """It is present for certain."""
    noise = estimate_multi_label_noise([[0], [0]], [[0.9], [0.1]])

    assert noise.confident_thresholds.tolist() == [[2.0, 0.5]]
    assert noise.confident_joint.tolist() == [[[0, 0], [0, 2]]]
    assert np.allclose(noise.class_priors, [[0, 1]], atol=2e-6)


def test_no_examples_give_an_estimate_of_nothing() -> None:
    """Zeros, identity matrices and even priors."""
    noise = estimate_multi_label_noise([], np.empty((0, 2)))

    assert noise.confident_joint.tolist() == [[[0, 0], [0, 0]]] * 2
    assert noise.noise_matrices.tolist() == [[[1, 0], [0, 1]]] * 2
    assert noise.class_priors.tolist() == [[0.5, 0.5]] * 2


def test_more_classes_than_examples_are_no_error() -> None:
    """One example, five classes."""
    noise = estimate_multi_label_noise([[4]], [[0.1, 0.2, 0.3, 0.4, 0.9]])

    assert noise.confident_joint.sum(axis=(1, 2)).tolist() == [1] * 5


def test_the_likelier_state_counts_where_both_thresholds_are_reached() -> None:
    """Both thresholds are 0.4: a probability of 0.5 reaches them, and even means absent."""
    thresholds = np.array([[0.4, 0.4]])
    present = np.array([[True], [True], [False]])
    probs = np.array([[0.5], [0.55], [0.45]])

    counts = BinaryJointSums.partial(present, probs, thresholds).counts

    assert counts.tolist() == [[[1, 0], [1, 1]]]


def test_a_probability_a_hair_below_its_threshold_reaches_it() -> None:
    """By at most 1e-6, on both sides."""
    thresholds = np.array([[0.7, 0.8]])
    probs = np.array([[0.8 - 5e-7], [0.8 - 2e-6], [0.3 + 5e-7], [0.3 + 2e-6]])

    counts = BinaryJointSums.partial(np.zeros((4, 1), dtype=np.bool_), probs, thresholds).counts

    assert counts.tolist() == [[[1, 1], [0, 0]]]


def test_sums_of_chunks_join_to_the_sums_of_the_whole() -> None:
    """In any order, to the same bits."""
    generator = np.random.default_rng(3)
    present, probs = generator.random((90, 4)) < 0.5, generator.random((90, 4))
    parts = [BinaryThresholdSums.partial(present[at : at + 30], probs[at : at + 30]) for at in (0, 30, 60)]

    one_way = (parts[0] + parts[1] + parts[2]).finish()
    other_way = (parts[2] + (parts[0] + parts[1])).finish()

    assert one_way.tobytes() == other_way.tobytes() == BinaryThresholdSums.partial(present, probs).finish().tobytes()


def test_a_class_the_model_never_believes_in_has_a_floor() -> None:
    """Otherwise every example would count as confidently of it."""
    noise = estimate_multi_label_noise([[0], []], [[0.0], [0.0]])

    assert noise.confident_thresholds.tolist() == [[1.0, 2e-6]]
    assert noise.raw_confident_joint.tolist() == [[[1, 0], [1, 1]]]


def test_calibration_breaks_ties_as_documented() -> None:
    """2.5 and 2.5 round to even, 2 and 2; the last column gains."""
    assert calibrate_binary_joints(np.array([[[1, 1], [0, 1]]]), np.array([[5, 2]])).tolist() == [[[2, 3], [0, 2]]]


def test_the_table_has_one_line_per_class() -> None:
    """Counts and rates under the class's name."""
    frame = found().to_frame()

    assert frame.to_dict("records") == [
        {
            "class_name": "a",
            "n_given": 3,
            "n_missing": 1,
            "n_spurious": 1,
            "missing_rate": 1 / 3,
            "spurious_rate": 1 / 5,
            "class_prior": 3 / 8,
        }
    ]


def test_results_are_read_only() -> None:
    """Nobody changes a result that was handed out."""
    noise = found()

    with pytest.raises(ValueError, match="read-only"):
        noise.n_missing[0] = 5
    with pytest.raises(ValueError, match="read-only"):
        noise.class_priors[0] = 5


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -0.01, 1.01])
@pytest.mark.parametrize("kind", ["float16", "float32", "float64"])
def test_probabilities_outside_their_range_are_refused(bad: float, kind: str) -> None:
    """With the number of rows and the first, over several chunks."""
    probs = np.full((50, 3), 0.5).astype(kind)
    probs[[17, 40], 1] = bad

    with pytest.raises(InvalidInputError, match="in 2 rows, first in row 17"):
        estimate_multi_label_noise([[]] * 50, probs, chunk_bytes=100)


def test_a_hair_over_the_range_is_tolerated() -> None:
    """Rounding may carry a probability so far."""
    assert estimate_multi_label_noise([[0], []], [[1 + 1e-7], [-1e-7]]).n_label_errors.tolist() == [0]


@pytest.mark.parametrize(
    ("probs", "message"),
    [
        ([0.5, 0.5], "at least one column"),
        (np.empty((2, 0)), "at least one column"),
        ([["a"], ["b"]], "must hold numbers"),
        ([[0.5], [0.5, 0.5]], "rows of different lengths"),
    ],
)
def test_probabilities_must_be_a_table_of_numbers(probs: Any, message: str) -> None:
    """One row per example, one column per class."""
    with pytest.raises(InvalidInputError, match=message):
        estimate_multi_label_noise([[], []], probs)
