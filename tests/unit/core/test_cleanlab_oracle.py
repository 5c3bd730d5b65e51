"""The field's reference gives the same answers on the same numbers."""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.config import FilterMethod
from labelclean.core.label_issues import find_label_issues
from labelclean.core.scores import normalized_margin, self_confidence
from labelclean.core.thresholds import confident_thresholds

N_CASES = 240


@pytest.fixture(scope="module", autouse=True)
def _reference_imported() -> None:
    """Import the reference without keeping the blanket warnings filter that it installs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("count", "filter", "rank"):
            pytest.importorskip(f"cleanlab.{name}")


@contextmanager
def as_documented() -> Iterator[None]:
    """
    Run the reference with stable sorts and without its warnings.

    It breaks ties with an unstable sort, so that its answer depends on the processor; its own documented order is
    what a stable sort gives.
    """
    unstable: Callable[..., NDArray[np.intp]] = np.argsort
    stable = functools.partial(_stable_argsort, unstable)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setattr(np, "argsort", stable)
        yield


def _stable_argsort(original: Callable[..., NDArray[np.intp]], values: Any, axis: int = -1) -> NDArray[np.intp]:
    return original(values, axis=axis, kind="stable")


def make_case(seed: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw labels and noisy, overlapping probabilities; every fourth case lacks a class."""
    generator = np.random.default_rng(seed)
    n_classes = int(generator.integers(2, 9))
    n_rows = int(generator.integers(n_classes * 3, 300))
    labels = generator.integers(0, n_classes, n_rows)
    if seed % 4 == 0 and n_classes > 2:
        labels[labels == n_classes - 1] = 0
    labels[:2] = [0, 1]  # the reference wants two classes
    probs = generator.dirichlet(np.full(n_classes, 0.3), n_rows)
    probs[np.arange(n_rows), labels] += generator.random(n_rows) * (generator.random(n_rows) < 0.8)
    return labels, probs / probs.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("first", range(0, N_CASES, 40))
def test_confident_joint_and_noise_matrices_are_the_references(first: int) -> None:
    """Over random cases with few classes, count for count."""
    count = sys.modules["cleanlab.count"]
    n_matrices = 0
    for seed in range(first, first + 40):
        labels, probs = make_case(seed)
        with as_documented():
            joint = count.compute_confident_joint(labels, probs)
            priors, noise, inverse = count.estimate_latent(joint, labels)

        found = find_label_issues(labels, probs).noise

        assert np.array_equal(found.confident_joint, joint), seed
        assert np.allclose(found.joint, joint / joint.sum()), seed
        if joint.diagonal().all():  # where a diagonal cell is 0 the reference divides by next to nothing
            n_matrices += 1
            assert np.allclose(found.noise_matrix, noise), seed
            assert np.allclose(found.inverse_noise_matrix, inverse.T), seed
            assert np.allclose(found.class_priors, priors), seed
    assert n_matrices > 20


@pytest.mark.parametrize("first", range(0, N_CASES, 40))
@pytest.mark.parametrize("method", get_args(FilterMethod))
def test_flags_are_the_references(first: int, method: FilterMethod) -> None:
    """With every filter, all and half of the errors, and different numbers of rows to keep."""
    reference = sys.modules["cleanlab.filter"].find_label_issues
    options = [(1.0, 1), (0.5, 1), (1.0, 5), (0.7, 0)]
    n_flagged = 0
    for seed in range(first, first + 40):
        labels, probs = make_case(seed)
        frac_noise, least = options[seed // 4 % 4]
        with as_documented():
            expected = reference(
                labels, probs, filter_by=method, frac_noise=frac_noise, min_examples_per_class=least, n_jobs=1
            )

        found = find_label_issues(
            labels, probs, filter_by=method, frac_noise=frac_noise, min_examples_per_class=least
        ).is_issue

        assert np.array_equal(found, expected), seed
        n_flagged += int(found.sum())
    assert n_flagged > 100


def test_thresholds_and_scores_are_the_references() -> None:
    """Mean self-confidence per class, self-confidence, margin."""
    count, rank = sys.modules["cleanlab.count"], sys.modules["cleanlab.rank"]
    for seed in range(40):
        labels, probs = make_case(seed)
        with as_documented():
            limits = count.get_confident_thresholds(labels, probs)
            confidence = rank.get_self_confidence_for_each_label(labels, probs)
            margin = rank.get_normalized_margin_for_each_label(labels, probs)

        assert np.allclose(confident_thresholds(labels, probs), limits, rtol=0, atol=1e-12), seed
        assert np.allclose(self_confidence(labels, probs), confidence), seed
        assert np.allclose(normalized_margin(labels, probs), margin), seed
