"""The field's reference finds the same noise and the same health from the same counts."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.core.error_counts import n_label_errors
from labelclean.core.health import dataset_health
from labelclean.core.joint import confident_joint
from labelclean.core.noise import PriorsMethod, estimate_noise, noise_matrix, true_class_probs
from tests.core_oracle import N_CASES, as_documented, make_case, reference


@pytest.mark.parametrize("converge", [False, True])
@pytest.mark.parametrize("method", get_args(PriorsMethod))
def test_matrices_and_priors_are_the_references(
    method: PriorsMethod, converge: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    By every method, converged or not, from calibrated counts and from raw ones, which do not fit the labels.

    Where converging is wanted, the reference runs without its cap of 0.9999 on noise rates; see
    test_cleanlab_differences.py for what the cap does.
    """
    count, algebra = reference("count"), reference("internal.latent_algebra")
    if converge:
        monkeypatch.setattr(algebra, "clip_noise_rates", without_cap)
        monkeypatch.setattr(count, "clip_noise_rates", without_cap)
    n_compared = 0
    for seed in range(3 * N_CASES // 2):
        labels, probs = make_case(seed, missing=False)
        counts = confident_joint(labels, probs, calibrate=seed % 2 == 0)
        matrix = noise_matrix(counts)
        if not counts.diagonal().all() or (method == "eqn" and np.linalg.matrix_rank(matrix) < len(matrix)):
            continue  # there the reference divides by next to nothing, or finds no inverse
        n_compared += 1
        with as_documented():
            priors, noise, inverse = count.estimate_latent(
                counts, labels, py_method=method, converge_latent_estimates=converge
            )

        found = estimate_noise(counts, class_counts=np.bincount(labels), priors_method=method, converge=converge)

        # Solving and inverting round differently, by as much as the matrix is near to having no inverse.
        slack = max(1e-12, 1e-12 * float(np.linalg.cond(matrix)) if method == "eqn" else 0.0)
        assert np.allclose(found.noise_matrix, noise, rtol=0, atol=slack), seed
        assert np.allclose(found.inverse_noise_matrix, inverse.T, rtol=0, atol=slack), seed
        assert np.allclose(found.class_priors, priors, rtol=0, atol=slack), seed
    assert n_compared >= 200


def without_cap(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Normalise columns and do nothing else."""
    return np.asarray(matrix / matrix.sum(axis=0))


def test_true_class_probabilities_are_the_references() -> None:
    """Where every class has rows that are estimated to be rightly of it."""
    count, algebra = reference("count"), reference("internal.latent_algebra")
    n_compared = 0
    for seed in range(3 * N_CASES // 2):
        labels, probs = make_case(seed, missing=False)
        counts = confident_joint(labels, probs)
        if not counts.diagonal().all():
            continue
        n_compared += 1
        with as_documented():
            _, noise, inverse = count.estimate_latent(counts, labels)
            expected = algebra.compute_pyx(probs, noise, inverse)

        assert np.allclose(true_class_probs(probs, estimate_noise(counts)), expected, rtol=0, atol=1e-12), seed
    assert n_compared >= 200


def test_the_health_of_the_classes_is_the_references() -> None:
    """Class by class, in an order of rising quality."""
    dataset = reference("dataset")
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        with as_documented():
            table = dataset.rank_classes_by_label_quality(labels, probs)

        found = dataset_health(labels, probs).classes

        assert np.allclose(found.label_quality, table["Label Quality Score"], rtol=0, atol=1e-12), seed
        by_code, order = table.sort_values("Class Index"), np.argsort(found.codes)
        assert found.n_given_wrongly[order].tolist() == by_code["Label Issues"].tolist(), seed
        assert found.n_missed[order].tolist() == by_code["Inverse Label Issues"].tolist(), seed
        assert np.allclose(found.label_noise[order], by_code["Label Noise"], rtol=0, atol=1e-12), seed
        assert np.allclose(found.inverse_label_noise[order], by_code["Inverse Label Noise"], rtol=0, atol=1e-12), seed


def test_overlapping_classes_are_the_references() -> None:
    """Every pair above 0, in an order of falling overlap."""
    dataset = reference("dataset")
    n_pairs = 0
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        with as_documented():
            table = dataset.find_overlapping_classes(labels, probs)
        table = table[table["Num Overlapping Examples"] > 0]

        found = dataset_health(labels, probs).overlapping_classes

        columns = (table["Class Index A"], table["Class Index B"], table["Num Overlapping Examples"])
        expected = set(zip(*(column.tolist() for column in columns), strict=True))
        lists = found.first.tolist(), found.second.tolist(), found.n_overlapping.tolist()
        assert set(zip(*lists, strict=True)) == expected, seed
        assert found.n_overlapping.tolist() == table["Num Overlapping Examples"].tolist(), seed
        assert np.allclose(found.joint_probability, table["Joint Probability"], rtol=0, atol=1e-12), seed
        n_pairs += len(expected)
    assert n_pairs > 1000


def test_overall_health_is_the_references() -> None:
    """From the joint it is the label accuracy, from probabilities the share of rows that are not counted as errors."""
    count, dataset = reference("count"), reference("dataset")
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        with as_documented():
            by_joint = dataset.overall_label_health_score(
                joint=count.estimate_joint(labels, probs), num_examples=len(labels), verbose=False
            )
            by_rows = dataset.overall_label_health_score(labels, probs, verbose=False)

        assert np.isclose(dataset_health(labels, probs).label_accuracy, by_joint, rtol=0, atol=1e-12), seed
        assert np.isclose(1 - n_label_errors(labels, probs) / len(labels), by_rows, rtol=0, atol=1e-12), seed
