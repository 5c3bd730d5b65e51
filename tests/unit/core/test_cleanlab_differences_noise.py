"""Where thresholds, joint and noise differ from the field's reference: what each of the two answers."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.joint import calibrate_joint, confident_joint
from labelclean.core.noise import class_priors, estimate_noise, inverse_noise_matrix, noise_matrix, true_class_probs
from labelclean.core.thresholds import confident_thresholds
from labelclean.errors import InvalidInputError
from tests.core_oracle import as_documented, make_case, reference


@pytest.fixture(scope="module", autouse=True)
def _reference_imported() -> None:
    """Import all of it before a test changes how it sorts."""
    for name in ("count", "internal.latent_algebra"):
        reference(name)


def test_thresholds_of_half_precision_are_not_rounded_to_half_precision() -> None:
    """0.5 + 2**-12 lies between two neighbouring halves; the reference gives one of the two."""
    probs = np.array([[0.5, 0.5], [0.50048828125, 0.5], [0.5, 0.5]], dtype=np.float16)
    labels = np.array([0, 0, 1])
    with as_documented():
        theirs = reference("count").get_confident_thresholds(labels, probs)

    ours = confident_thresholds(labels, probs)

    assert ours[0] == 0.500244140625
    assert theirs[0] in {0.5, 0.50048828125}


def test_the_memory_order_of_a_joint_breaks_no_ties() -> None:
    """The reference adds up the cells in the order in which they lie, and the last bit decides which half goes up."""
    counts = np.array([[4, 1, 3, 2, 4], [1, 3, 2, 2, 2], [1, 1, 7, 1, 1], [2, 2, 2, 3, 2], [3, 1, 1, 1, 1]])
    found_difference = False
    for seed in range(300):
        sizes = np.random.default_rng(seed).integers(1, 60, 5)
        labels = np.repeat(np.arange(5), sizes)
        with as_documented():
            by_row = reference("count").calibrate_confident_joint(np.ascontiguousarray(counts), labels)
            by_column = reference("count").calibrate_confident_joint(np.asfortranarray(counts), labels)
        found_difference |= not np.array_equal(by_row, by_column)

        ours = calibrate_joint(np.ascontiguousarray(counts), sizes)

        assert ours.tolist() == calibrate_joint(np.asfortranarray(counts), sizes).tolist()
        assert ours.tolist() == by_column.tolist()
    assert found_difference


def test_a_class_that_is_never_true_gets_the_identity_column() -> None:
    """The reference has a column of zeros there, which is no distribution."""
    counts, labels = np.array([[2, 0], [1, 0]]), np.array([0, 0, 1])
    with as_documented():
        _, theirs, _ = reference("count").estimate_latent(counts, labels)

    assert noise_matrix(counts)[:, 1].tolist() == [0.0, 1.0]
    assert theirs[:, 1].tolist() == [0.0, 0.0]


def test_a_class_that_is_never_given_gets_the_identity_row() -> None:
    """The same in the inverse matrix, which the reference has transposed: true classes first."""
    counts, labels = np.array([[3, 1], [0, 0]]), np.array([0, 0, 0, 0])
    with as_documented():
        _, _, theirs = reference("count").estimate_latent(counts, labels)

    assert inverse_noise_matrix(counts).tolist() == [[0.75, 0.25], [0.0, 1.0]]
    assert theirs.T.tolist() == [[0.75, 0.25], [0.0, 0.0]]


def test_priors_hold_where_a_diagonal_cell_is_0() -> None:
    """7 of 10 rows are of class 1, which none of its own labels shows; the reference makes it next to impossible."""
    counts, labels = np.array([[3, 7], [0, 0]]), np.zeros(10, dtype=np.int64)
    with as_documented():
        theirs, _, _ = reference("count").estimate_latent(counts, labels)

    assert np.allclose(class_priors(counts), [0.3, 0.7])
    assert np.allclose(theirs, [1.0, 0.0], atol=1e-5)


def test_solved_priors_exist_where_a_class_is_missing() -> None:
    """The reference's matrix has a column of zeros there and no inverse."""
    counts, labels = np.array([[4, 1, 0], [1, 4, 0], [0, 0, 0]]), np.array([0] * 5 + [1] * 5)
    with as_documented(), pytest.raises(np.linalg.LinAlgError):
        reference("count").estimate_latent(counts, labels, py_method="eqn")

    assert np.allclose(class_priors(counts, method="eqn"), [0.5, 0.5, 0.0], atol=1e-5)


def test_solved_priors_that_could_be_anything_are_refused() -> None:
    """Column 3 is column 0 plus 3 times column 1; rounding lets the reference invert the matrix all the same."""
    counts = np.array([[4, 5, 3, 19], [4, 4, 2, 16], [0, 3, 4, 9], [3, 2, 1, 9]])
    labels = np.repeat(np.arange(4), counts.sum(axis=1))
    with as_documented():
        theirs, _, _ = reference("count").estimate_latent(counts, labels, py_method="eqn")

    assert not np.allclose(theirs, counts.sum(axis=0) / counts.sum(), atol=0.01)
    with pytest.raises(InvalidInputError, match="must be invertible"):
        class_priors(counts, method="eqn")


def test_converging_does_not_cap_rates_before_they_are_normalised() -> None:
    """Raw counts give rates above 1 on the way, which the reference cuts to 0.9999; without that it gives the same."""
    count, algebra = reference("count"), reference("internal.latent_algebra")
    labels, probs = make_case(53, missing=False)
    counts = confident_joint(labels, probs, calibrate=False)
    options = {"py_method": "marginal", "converge_latent_estimates": True}
    with as_documented(), pytest.MonkeyPatch.context() as patch:
        _, with_cap, _ = count.estimate_latent(counts, labels, **options)
        patch.setattr(algebra, "clip_noise_rates", lambda matrix: matrix / matrix.sum(axis=0))
        _, without, _ = count.estimate_latent(counts, labels, **options)

    ours = estimate_noise(counts, class_counts=np.bincount(labels), priors_method="marginal", converge=True)

    assert np.allclose(ours.noise_matrix, without, rtol=0, atol=1e-12)
    assert 1e-4 < np.abs(ours.noise_matrix - with_cap).max() < 1e-2


def test_a_class_that_was_never_given_keeps_its_probability_of_being_true() -> None:
    """The reference multiplies it by 0, and where nothing else is left gives a row of zeros."""
    counts, labels = np.array([[8, 2], [0, 0]]), np.zeros(10, dtype=np.int64)
    probs = np.array([[0.9, 0.1], [0.0, 1.0]])
    with as_documented():
        _, noise, inverse = reference("count").estimate_latent(counts, labels)
        theirs = reference("internal.latent_algebra").compute_pyx(probs, noise, inverse)

    ours = true_class_probs(probs, estimate_noise(counts))

    assert np.allclose(ours, [[0.72 / 0.82, 0.1 / 0.82], [0.0, 1.0]])
    assert np.allclose(theirs, [[1.0, 0.0], [0.0, 0.0]])
