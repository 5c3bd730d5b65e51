"""What is found about the labelled rows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.config import AuditConfig, FilterMethod
from labelclean.core.error_probability import estimate_errors
from labelclean.core.label_issues import find_label_issues
from labelclean.errors import InvalidInputError
from labelclean.findings import find_errors


def rows(n_rows: int = 300) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return labels of which every tenth is wrong, and probabilities that mostly know the truth."""
    generator = np.random.default_rng(0)
    true = np.arange(n_rows) % 3
    probs = generator.dirichlet(np.ones(3), n_rows) * 0.4
    probs[np.arange(n_rows), true] += 0.6
    labels = true.copy()
    labels[::10] = (labels[::10] + 1) % 3
    return labels, probs


def test_rows_are_flagged_by_the_error_probability_with_its_noise() -> None:
    """The noise counts what the probabilities add up to."""
    labels, probs = rows()

    found = find_errors(labels, probs, AuditConfig())

    errors = estimate_errors(labels, probs)
    assert np.array_equal(found.error_probabilities, errors.error_probabilities)
    assert np.array_equal(found.is_issue, errors.error_probabilities > 0.5)
    assert np.array_equal(found.label_quality_scores, probs[np.arange(300), labels])
    assert np.array_equal(found.noise.confident_joint, errors.joint_counts)
    assert found.noise.n_label_errors == round(errors.error_probabilities.sum())
    assert found.interval == errors.interval


def test_the_options_reach_the_flags() -> None:
    """Half of them; none where every row is to be kept."""
    labels, probs = rows()

    every = find_errors(labels, probs, AuditConfig())
    half = find_errors(labels, probs, AuditConfig(frac_noise=0.5))
    kept = find_errors(labels, probs, AuditConfig(min_examples_per_class=300))

    assert half.is_issue.sum() == np.ceil(every.is_issue.sum() / 2)
    assert not kept.is_issue.any()
    assert np.array_equal(half.error_probabilities, every.error_probabilities)


@pytest.mark.parametrize("filter_by", ["prune_by_class", "confident_learning", "low_normalized_margin"])
def test_a_filter_brings_its_own_flags_noise_and_scores(filter_by: FilterMethod) -> None:
    """With all of its options; the error probabilities stay."""
    labels, probs = rows()

    found = find_errors(labels, probs, AuditConfig(filter_by=filter_by, frac_noise=0.7, counting="paper"))

    alone = find_label_issues(labels, probs, filter_by=filter_by, frac_noise=0.7, counting="paper")
    assert np.array_equal(found.is_issue, alone.is_issue)
    assert np.array_equal(found.label_quality_scores, alone.label_quality_scores)
    assert np.array_equal(found.noise.confident_joint, alone.noise.confident_joint)
    assert np.array_equal(found.error_probabilities, find_errors(labels, probs, AuditConfig()).error_probabilities)


def test_rows_without_a_label_lie_between_the_others() -> None:
    """No number and no flag for them; all others move to their places."""
    labels, probs = rows(30)
    places = np.arange(30) * 2 + 1

    alone = find_errors(labels, probs, AuditConfig())
    found = alone.among(places, 62)

    others = np.setdiff1d(np.arange(62), places)
    for name in ("error_probabilities", "label_quality_scores", "is_issue"):
        assert np.array_equal(getattr(found, name)[places], getattr(alone, name))
    assert np.isnan(found.error_probabilities[others]).all()
    assert np.isnan(found.label_quality_scores[others]).all()
    assert not found.is_issue[others].any()
    assert (found.noise, found.interval) == (alone.noise, alone.interval)


def test_what_is_no_probability_is_refused() -> None:
    """Before anything is estimated."""
    labels, probs = rows(30)
    probs[4, 1] = np.nan

    with pytest.raises(InvalidInputError, match="must be numbers from 0 to 1"):
        find_errors(labels, probs, AuditConfig())
