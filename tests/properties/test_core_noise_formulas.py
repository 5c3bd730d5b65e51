"""What follows from the confident joint, and health, is what the plain loops give."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.config import CountingRule
from labelclean.core.error_counts import n_label_errors
from labelclean.core.health import dataset_health
from labelclean.core.joint import calibrate_joint, confident_joint
from labelclean.core.label_issues import find_label_issues
from labelclean.core.noise import (
    PriorsMethod,
    class_priors,
    estimate_noise,
    inverse_noise_matrix,
    joint,
    noise_matrix,
    true_class_probs,
)
from labelclean.errors import InvalidInputError
from tests import reference_noise
from tests.core_cases import Probs, any_cases, counts

AnyCase = tuple[NDArray[np.int64], Probs]
METHODS: st.SearchStrategy[PriorsMethod] = st.sampled_from(["cnt", "eqn", "marginal", "marginal_ps"])
RULES: st.SearchStrategy[CountingRule] = st.sampled_from(["reference", "paper"])


def as_floats(matrix: reference_noise.Exact) -> NDArray[np.float64]:
    """Turn fractions into doubles."""
    return np.array([[float(cell) for cell in row] for row in matrix])


def draw_sizes(data: st.DataObject, n_classes: int) -> list[int]:
    """Rows given each class."""
    return data.draw(st.lists(st.integers(0, 30), min_size=n_classes, max_size=n_classes))


@given(counts())
@settings(deadline=None, max_examples=150)
def test_the_joint_and_the_noise_matrices_are_shares_of_the_counts(confident: NDArray[np.int64]) -> None:
    """With classes that were never given and classes nothing is counted for."""
    plain = confident.tolist()

    assert np.allclose(joint(confident), reference_noise.joint(plain), rtol=0, atol=1e-15)
    assert np.allclose(noise_matrix(confident), as_floats(reference_noise.noise_matrix(plain)), rtol=0, atol=1e-15)
    assert np.allclose(
        inverse_noise_matrix(confident), as_floats(reference_noise.inverse_noise_matrix(plain)), rtol=0, atol=1e-15
    )


@given(counts(), METHODS, st.booleans(), st.data())
@settings(deadline=None, max_examples=250)
def test_class_priors_are_those_of_the_plain_loops(
    confident: NDArray[np.int64], method: PriorsMethod, own_sizes: bool, data: st.DataObject
) -> None:
    """By all four methods, calibrated or not; what has no single solution is refused."""
    sizes = draw_sizes(data, len(confident)) if own_sizes else confident.sum(axis=1).tolist()

    expected = reference_noise.class_priors(confident.tolist(), sizes, method)

    try:
        found = class_priors(confident, method=method, class_counts=np.array(sizes) if own_sizes else None)
    except InvalidInputError:
        assert method == "eqn"
        assert expected is None
        return
    assert expected is not None
    assert np.allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(counts(), METHODS, st.booleans(), st.data())
@settings(deadline=None, max_examples=150)
def test_converging_takes_the_turns_of_the_plain_loops(
    confident: NDArray[np.int64], method: PriorsMethod, own_sizes: bool, data: st.DataObject
) -> None:
    """Matrices and priors; classes of which nothing is known keep their row or column."""
    sizes = draw_sizes(data, len(confident)) if own_sizes else confident.sum(axis=1).tolist()
    assume(reference_noise.class_priors(confident.tolist(), sizes, method) is not None)

    found = estimate_noise(confident, class_counts=np.array(sizes), priors_method=method, converge=True)

    noise, inverse, priors = reference_noise.converged(confident.tolist(), sizes, method)
    assert np.allclose(found.noise_matrix, noise, rtol=0, atol=1e-9)
    assert np.allclose(found.inverse_noise_matrix, inverse, rtol=0, atol=1e-9)
    assert np.allclose(found.class_priors, priors, rtol=0, atol=1e-9)


@given(any_cases(), st.data())
@settings(deadline=None, max_examples=150)
def test_true_class_probabilities_are_those_of_the_plain_loops(case: AnyCase, data: st.DataObject) -> None:
    """Rows of zeros included, classes whose diagonal cell is 0, and classes that were never given."""
    _, probs = case
    confident = data.draw(counts(n_classes=probs.shape[1]))

    found = true_class_probs(probs, estimate_noise(confident))

    expected = reference_noise.true_class_probs(probs.tolist(), confident.tolist())
    assert np.allclose(found, np.reshape(expected, probs.shape), rtol=0, atol=1e-12)


@given(any_cases(), RULES, st.data())
@settings(deadline=None, max_examples=150)
def test_label_errors_are_counted_as_the_plain_loops_count(
    case: AnyCase, counting: CountingRule, data: st.DataObject
) -> None:
    """In all three ways; the calibrated joint has tests of its own."""
    labels, probs = case
    n_classes = probs.shape[1]
    own = data.draw(counts(n_classes=n_classes, least_on_diagonal=1))
    calibrated = confident_joint(labels, probs, counting=counting).tolist()

    assert n_label_errors(labels, probs, counting=counting) == reference_noise.n_confident_errors(
        labels.tolist(), probs.tolist(), n_classes, counting=counting
    )
    by_joint = n_label_errors(labels, probs, method="off_diagonal_calibrated", counting=counting)
    assert by_joint == reference_noise.off_diagonal(calibrated)
    by_own = n_label_errors(labels, probs, method="off_diagonal_custom", confident_joint=own)
    sizes = np.bincount(labels, minlength=n_classes)
    assert by_own == reference_noise.off_diagonal(calibrate_joint(own, sizes).tolist())


@given(any_cases())
@settings(deadline=None, max_examples=150)
def test_health_is_that_of_the_plain_loops(case: AnyCase) -> None:
    """Class by class, pair by pair, and as a whole."""
    labels, probs = case
    issues = find_label_issues(labels, probs)

    found = dataset_health(labels, probs)

    confident = issues.noise.confident_joint.tolist()
    lines = reference_noise.class_table(labels.tolist(), issues.is_issue.tolist(), confident)
    for column in lines[0]:
        assert np.allclose(getattr(found.classes, column), [line[column] for line in lines], rtol=0, atol=1e-15)
    pairs = found.overlapping_classes
    lists = (pairs.first, pairs.second, pairs.n_overlapping, pairs.joint_probability)
    assert [tuple(pair) for pair in zip(*(each.tolist() for each in lists), strict=True)] == (
        reference_noise.overlapping(confident)
    )
    n_errors = reference_noise.off_diagonal(confident)
    assert (found.n_examples, found.n_flagged, found.n_label_errors) == (len(labels), issues.n_issues, n_errors)
    assert found.label_accuracy == (1 - n_errors / len(labels) if len(labels) else 1.0)
