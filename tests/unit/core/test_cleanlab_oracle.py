"""The field's reference flags and counts the same on the same numbers."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from labelclean.config import FilterMethod
from labelclean.core.error_counts import n_label_errors
from labelclean.core.joint import calibrate_joint, confident_joint
from labelclean.core.label_issues import find_label_issues
from labelclean.core.noise import joint
from labelclean.core.scores import ScoringMethod
from labelclean.core.thresholds import confident_thresholds
from tests.core_oracle import N_CASES, as_documented, make_case, reference

OPTIONS = [(1.0, 1), (0.5, 1), (1.0, 5), (0.7, 0)]


def test_thresholds_are_the_references() -> None:
    """Mean self-confidence per class, also where a class is missing."""
    count = reference("count")
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        with as_documented():
            limits = count.get_confident_thresholds(labels, probs)

        assert np.allclose(confident_thresholds(labels, probs), limits, rtol=0, atol=1e-14), seed


def test_the_confident_joint_is_the_references() -> None:
    """Raw, calibrated, with thresholds of the user's own, and as probabilities; count for count."""
    count = reference("count")
    n_counted = 0
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        limits = np.random.default_rng(seed).uniform(0.05, 0.9, probs.shape[1])
        with as_documented():
            raw = count.compute_confident_joint(labels, probs, calibrate=False)
            calibrated = count.compute_confident_joint(labels, probs)
            by_limits = count.compute_confident_joint(labels, probs, thresholds=limits, calibrate=False)
            shares = count.estimate_joint(labels, probs)

        assert np.array_equal(confident_joint(labels, probs, calibrate=False), raw), seed
        assert np.array_equal(confident_joint(labels, probs), calibrated), seed
        assert np.array_equal(confident_joint(labels, probs, thresholds=limits, calibrate=False), by_limits), seed
        assert np.allclose(joint(confident_joint(labels, probs)), shares, rtol=0, atol=1e-15), seed
        n_counted += int(calibrated.sum() - np.trace(calibrated))
    assert n_counted > 1000


def test_calibration_of_any_counts_is_the_references() -> None:
    """Random counts with many equal remainders, and classes without rows."""
    count = reference("count")
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        n_classes = probs.shape[1]
        counts = np.random.default_rng(seed).integers(0, 6, (n_classes, n_classes))
        np.fill_diagonal(counts, np.maximum(counts.diagonal(), 1))
        with as_documented():
            expected = count.calibrate_confident_joint(np.asfortranarray(counts), labels)  # as its own counts lie

        assert np.array_equal(calibrate_joint(counts, np.bincount(labels, minlength=n_classes)), expected), seed


def test_numbers_of_label_errors_are_the_references() -> None:
    """In all three ways."""
    count = reference("count")
    totals = np.zeros(3, dtype=np.int64)
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        n_classes = probs.shape[1]
        own = np.random.default_rng(seed).integers(1, 9, (n_classes, n_classes))
        with as_documented():
            plain = count.num_label_issues(labels, probs)
            calibrated = count.num_label_issues(labels, probs, estimation_method="off_diagonal_calibrated")
            custom = count.num_label_issues(
                labels, probs, confident_joint=np.asfortranarray(own), estimation_method="off_diagonal_custom"
            )

        found = [
            n_label_errors(labels, probs),
            n_label_errors(labels, probs, method="off_diagonal_calibrated"),
            n_label_errors(labels, probs, method="off_diagonal_custom", confident_joint=own),
        ]
        assert found == [plain, calibrated, custom], seed
        totals += found
    assert (totals > 1000).all()


@pytest.mark.parametrize("method", get_args(FilterMethod))
def test_flags_are_the_references(method: FilterMethod) -> None:
    """With every filter, all and half of the errors, and different numbers of rows to keep."""
    find = reference("filter").find_label_issues
    n_flagged = 0
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        frac_noise, least = OPTIONS[seed // 4 % 4]
        with as_documented():
            expected = find(
                labels, probs, filter_by=method, frac_noise=frac_noise, min_examples_per_class=least, n_jobs=1
            )

        found = find_label_issues(
            labels, probs, filter_by=method, frac_noise=frac_noise, min_examples_per_class=least
        ).is_issue

        assert np.array_equal(found, expected), seed
        n_flagged += int(found.sum())
    assert n_flagged > 1000


@pytest.mark.parametrize("method", ["prune_by_noise_rate", "prune_by_class", "both"])
def test_flags_by_a_calibrated_joint_of_the_users_own_are_the_references(method: FilterMethod) -> None:
    """Where the joint fits the labels, the reference's way of using it and ours are the same."""
    count, find = reference("count"), reference("filter").find_label_issues
    n_flagged = 0
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        n_classes = probs.shape[1]
        own = np.random.default_rng(seed).integers(1, 9, (n_classes, n_classes)) + 9 * np.eye(n_classes, dtype=int)
        with as_documented():
            own = count.calibrate_confident_joint(own, labels)
            expected = find(labels, probs, filter_by=method, confident_joint=own, n_jobs=1)

        found = find_label_issues(labels, probs, filter_by=method, confident_joint=own).is_issue

        assert np.array_equal(found, expected), seed
        n_flagged += int(found.sum())
    assert n_flagged > 1000


def test_numbers_to_remove_by_class_are_the_references() -> None:
    """With prune_by_class; see test_cleanlab_differences.py for the other filters."""
    find = reference("filter").find_label_issues
    n_flagged = 0
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        sizes = np.bincount(labels, minlength=probs.shape[1])
        removals = np.random.default_rng(seed).integers(0, sizes + 1)
        with as_documented():
            expected = find(
                labels, probs, filter_by="prune_by_class", num_to_remove_per_class=removals.tolist(), n_jobs=1
            )

        found = find_label_issues(
            labels, probs, filter_by="prune_by_class", n_to_remove_per_class=removals.tolist()
        ).is_issue

        assert np.array_equal(found, expected), seed
        n_flagged += int(found.sum())
    assert n_flagged > 1000


@pytest.mark.parametrize(
    ("method", "adjust"),
    [
        ("self_confidence", False),
        ("self_confidence", True),
        ("normalized_margin", False),
        ("normalized_margin", True),
        ("confidence_weighted_entropy", False),
    ],
)
def test_issues_come_in_the_references_order(method: ScoringMethod, adjust: bool) -> None:
    """The lowest score first; equal scores, where both compute them to the same bits, in row order."""
    find = reference("filter").find_label_issues
    n_ranked = 0
    for seed in range(N_CASES):
        labels, probs = make_case(seed, missing=False, ties=method == "self_confidence" and not adjust)
        with as_documented():
            expected = find(
                labels,
                probs,
                return_indices_ranked_by=method,
                rank_by_kwargs={"adjust_pred_probs": adjust},
                n_jobs=1,
            )

        found = find_label_issues(labels, probs, score_by=method, adjust_pred_probs=adjust).ranked_issues

        assert found.tolist() == expected.tolist(), seed
        n_ranked += len(found)
    assert n_ranked > 1000
