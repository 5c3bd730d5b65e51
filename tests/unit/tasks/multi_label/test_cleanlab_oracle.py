"""The field's reference gives the same answers on the same label sets, wherever it gives an answer at all."""

from __future__ import annotations

import functools
import importlib
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_label import (
    ClassScore,
    MultiLabelFilter,
    estimate_multi_label_noise,
    find_multi_label_issues,
    health_of_issues,
    multi_label_class_scores,
    multi_label_quality_scores,
)

Case = tuple[list[list[int]], NDArray[np.float64], NDArray[np.bool_]]

N_CASES = 240
PRUNING: tuple[MultiLabelFilter, ...] = ("prune_by_noise_rate", "prune_by_class", "both")
BY_CELL: tuple[MultiLabelFilter, ...] = (*PRUNING, "confident_learning", "predicted_neq_given")
WITH_MISSING_CLASS: tuple[MultiLabelFilter, ...] = (*PRUNING, "confident_learning")  # the reference fails in the others


@pytest.fixture(scope="module", autouse=True)
def _reference_imported() -> None:
    """Import the reference without keeping the blanket warnings filter that it installs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module("cleanlab.count")
        for name in ("dataset", "filter", "rank"):
            importlib.import_module(f"cleanlab.multilabel_classification.{name}")


def reference(name: str) -> Any:
    """Return one of the reference's modules."""
    return sys.modules[f"cleanlab.{name}"]


@contextmanager
def as_documented() -> Iterator[None]:
    """
    Run the reference with stable sorts, without its warnings and in this process.

    Its ties would otherwise depend on the processor, and each class would be given to a new pool of processes.
    """
    unstable: Callable[..., NDArray[np.intp]] = np.argsort
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setattr(np, "argsort", functools.partial(_stable_argsort, unstable))
        patch.setattr(reference("filter").multiprocessing, "cpu_count", lambda: 1)
        patch.setattr(reference("filter"), "psutil_exists", False)
        yield


def _stable_argsort(original: Callable[..., NDArray[np.intp]], values: Any, axis: int = -1) -> NDArray[np.intp]:
    return original(values, axis=axis, kind="stable")


def make_case(seed: int, *, may_miss_class: bool = True) -> Case:
    """Draw label sets and noisy probabilities; some with ties, some with a class never given."""
    generator = np.random.default_rng(seed)
    n_classes = int(generator.integers(2, 6))
    n_rows = int(generator.integers(4, 120))
    given = generator.random((n_rows, n_classes)) < generator.uniform(0.05, 0.7, n_classes)
    given[0] = True
    if seed % 5 == 0 and may_miss_class:
        given[:, -1] = False
    given[1] = False  # the reference fails where a class is in every row
    probs = np.where(given, generator.beta(3, 2, given.shape), generator.beta(2, 4, given.shape))
    if seed % 3 == 0:
        probs = np.round(probs, 1)
    return [np.flatnonzero(row).tolist() for row in given], probs, given


def options_of(seed: int, method: MultiLabelFilter) -> dict[str, Any]:
    """Vary the options from case to case, for the filters that look at them."""
    if method not in PRUNING:
        return {}
    return {"frac_noise": (1.0, 0.5, 0.3)[seed % 3], "min_examples_per_class": (1, 5, 0, 10)[seed % 4]}


@pytest.mark.parametrize("first", range(0, N_CASES, 60))
@pytest.mark.parametrize("method", get_args(MultiLabelFilter))
def test_flagged_cells_are_the_references(first: int, method: MultiLabelFilter) -> None:
    """Class by class, with every filter and different options."""
    n_flagged = 0
    for seed in range(first, first + 60):
        sets, probs, _ = make_case(seed, may_miss_class=method in WITH_MISSING_CLASS)
        options = options_of(seed, method)
        with as_documented():
            expected = reference("multilabel_classification.filter").find_multilabel_issues_per_class(
                sets, probs, filter_by=method, n_jobs=1, **options
            )

        found = find_multi_label_issues(sets, probs, filter_by=method, **options).is_class_issue

        assert np.array_equal(found, expected), seed
        n_flagged += int(found.sum())
    assert n_flagged > 300


def test_flagged_examples_and_their_order_are_the_references() -> None:
    """An example is flagged where any class is; the worst aggregated score comes first."""
    for seed in range(N_CASES):
        method = BY_CELL[seed % len(BY_CELL)]
        sets, probs, _ = make_case(seed, may_miss_class=method in WITH_MISSING_CLASS)
        rank_by = get_args(ClassScore)[seed // 5 % 3]
        find = reference("multilabel_classification.filter").find_label_issues
        with as_documented():
            order = find(sets, probs, filter_by=method, n_jobs=1, return_indices_ranked_by=rank_by)

        found = find_multi_label_issues(sets, probs, filter_by=method)
        scores = multi_label_quality_scores(sets, probs, method=rank_by)

        assert np.flatnonzero(found.is_issue).tolist() == sorted(order.tolist()), seed
        assert np.allclose(scores[found.ranked(scores)], scores[order], rtol=0, atol=1e-12), seed


def test_thresholds_joints_and_noise_are_the_references() -> None:
    """Raw and calibrated counts to the last one; matrices and priors where the reference does not divide by 0."""
    count = reference("count")
    n_matrices = 0
    for seed in range(N_CASES):
        sets, probs, given = make_case(seed)
        with as_documented():
            thresholds = count.get_confident_thresholds(sets, probs, multi_label=True)
            raw = count.compute_confident_joint(sets, probs, multi_label=True, calibrate=False)
            joint = count.compute_confident_joint(sets, probs, multi_label=True)
            shares = count.estimate_joint(sets, probs, multi_label=True)

        noise = estimate_multi_label_noise(sets, probs)

        assert np.allclose(noise.confident_thresholds, thresholds, rtol=0, atol=1e-12), seed
        assert np.array_equal(noise.raw_confident_joint, raw), seed
        assert np.array_equal(noise.confident_joint, joint), seed
        assert np.allclose(noise.joint, shares), seed
        for k in np.flatnonzero(np.diagonal(joint, axis1=1, axis2=2).all(axis=1)):
            with as_documented():
                priors, matrix, inverse = count.estimate_latent(joint[k], given[:, k].astype(np.int64))
            n_matrices += 1
            assert np.allclose(noise.noise_matrices[k], matrix), seed
            assert np.allclose(noise.inverse_noise_matrices[k], inverse.T), seed
            assert np.allclose(noise.class_priors[k], priors), seed
    assert n_matrices > 500


def test_the_number_of_flagged_examples_is_the_references() -> None:
    """It counts the examples that its filter confident_learning flags."""
    for seed in range(N_CASES):
        sets, probs, _ = make_case(seed)
        with as_documented():
            expected = reference("count").num_label_issues(sets, probs, multi_label=True)

        assert find_multi_label_issues(sets, probs, filter_by="confident_learning").n_issues == expected, seed


@pytest.mark.parametrize("method", get_args(ClassScore))
def test_scores_are_the_references(method: ClassScore) -> None:
    """Cell by cell, and joined by moving average, softmin and a function."""
    rank = reference("multilabel_classification.rank")
    for seed in range(N_CASES):
        sets, probs, _ = make_case(seed)
        alpha = (0.8, 0.3, None)[seed % 3]
        ways: list[dict[str, Any]] = [
            {"method": "exponential_moving_average", "alpha": alpha},
            {"method": "softmin", "temperature": 0.1 + seed / N_CASES},
            {"method": np.min},
        ]
        with as_documented():
            cells = rank.get_label_quality_scores_per_class(sets, probs, method=method)
            joined = [rank.get_label_quality_scores(sets, probs, method=method, aggregator_kwargs=way) for way in ways]

        assert np.allclose(multi_label_class_scores(sets, probs, method=method), cells, rtol=0, atol=1e-12), seed
        for way, expected in zip(ways, joined, strict=True):
            arguments: dict[str, Any] = {key: value for key, value in way.items() if key != "method"}
            found = multi_label_quality_scores(sets, probs, method=method, aggregate_by=way["method"], **arguments)
            assert np.allclose(found, expected, rtol=0, atol=1e-12), seed


def test_adjusted_scores_are_the_references() -> None:
    """Where each class is given to some examples and not to others."""
    for seed in range(N_CASES):
        sets, probs, given = make_case(seed)
        both = given.any(axis=0)
        with as_documented():
            expected = reference("multilabel_classification.rank").get_label_quality_scores_per_class(
                sets, probs, adjust_pred_probs=True
            )

        found = multi_label_class_scores(sets, probs, adjust_pred_probs=True)

        assert np.allclose(found[:, both], expected[:, both], rtol=0, atol=1e-12), seed


def test_the_health_counts_are_the_references() -> None:
    """Flagged examples per class and state, and the overall share; label noise is a share of those given the class."""
    dataset = reference("multilabel_classification.dataset")
    for seed in range(N_CASES):
        sets, probs, given = make_case(seed)
        with as_documented():
            common = dataset.common_multilabel_issues(sets, probs)
            ranked = dataset.rank_classes_by_multilabel_quality(sets, probs).sort_values("Class Index")
            overall = dataset.overall_multilabel_health_score(sets, probs)

        health = health_of_issues(find_multi_label_issues(sets, probs))

        for _, line in common.iterrows():
            at = line["Class Index"], int(line["In Given Label"])
            assert health.n_flagged[at] == line["Num Examples"], seed
            assert np.isclose(health.issue_shares[at], line["Issue Probability"]), seed
        of_all = ranked["Label Noise"].to_numpy() * len(sets)
        assert np.allclose(health.label_noise, of_all / np.maximum(given.sum(axis=0), 1)), seed
        assert np.isclose(health.overall, overall), seed


def test_wanted_removals_by_noise_rate_are_the_references() -> None:
    """The reference removes them where the class was given, as long as it estimates errors on both sides."""
    n_compared, seed = 0, -1
    while n_compared < 200:
        seed += 1
        sets, probs, given = make_case(seed)
        joint = estimate_multi_label_noise(sets, probs).confident_joint
        if not (joint[:, 0, 1] * joint[:, 1, 0]).all():
            continue
        wanted = np.minimum(np.arange(len(joint)) + 1, given.sum(axis=0)).tolist()
        with as_documented():
            expected = reference("multilabel_classification.filter").find_multilabel_issues_per_class(
                sets, probs, num_to_remove_per_class=wanted, n_jobs=1
            )

        found = find_multi_label_issues(sets, probs, n_to_remove_per_class=wanted)

        n_compared += 1
        assert np.array_equal(found.is_class_issue, expected), seed


def test_wanted_removals_by_class_fall_on_the_given_side_only_here() -> None:
    """The reference takes them from the examples that were *not* given the class."""
    given = np.array([[1, 0]] * 5 + [[0, 1]] * 5)
    probs = np.where(given == 1, 0.9, 0.1)
    probs[4], probs[9] = [0.1, 0.9], [0.8, 0.2]
    sets = [np.flatnonzero(row).tolist() for row in given]
    with as_documented():
        expected = reference("multilabel_classification.filter").find_multilabel_issues_per_class(
            sets, probs, num_to_remove_per_class=[1, 0], filter_by="prune_by_class", n_jobs=1
        )

    found = find_multi_label_issues(sets, probs, n_to_remove_per_class=[1, 0], filter_by="prune_by_class")

    assert np.argwhere(expected).tolist() == [[9, 0]]
    assert np.argwhere(found.is_class_issue).tolist() == [[4, 0]]


def test_a_class_in_every_row_stops_only_the_reference() -> None:
    """Here it has thresholds and counts like any other."""
    sets, probs = [[0, 1], [0], [0, 1], [0]], np.array([[0.9, 0.9], [0.8, 0.1], [0.9, 0.8], [0.1, 0.2]])
    with as_documented(), pytest.raises(ValueError, match="at least 2 classes"):
        reference("multilabel_classification.filter").find_multilabel_issues_per_class(sets, probs, n_jobs=1)

    assert not find_multi_label_issues(sets, probs).is_issue.any()


def test_tables_are_misread_only_by_the_reference() -> None:
    """It takes each 0 and 1 for a class id and flags what it likes."""
    generator = np.random.default_rng(0)
    given = (generator.random((60, 4)) < 0.4).astype(np.int64)
    given[0], given[1] = 1, 0
    probs = np.where(given == 1, 0.9, 0.1)
    with as_documented():
        misread = reference("multilabel_classification.filter").find_label_issues(given.tolist(), probs, n_jobs=1)

    assert misread.any()
    assert not find_multi_label_issues(given, probs, label_format="one_hot").is_issue.any()
    with pytest.raises(InvalidInputError, match="0/1 values"):
        find_multi_label_issues(given.tolist(), probs)


@pytest.mark.parametrize("method", ["low_self_confidence", "low_normalized_margin"])
def test_lowest_scores_are_taken_class_by_class_only_here(method: MultiLabelFilter) -> None:
    """The reference flags as many whole examples, but by the aggregated self-confidence, whichever method is named."""
    differs = 0
    for seed in range(40):
        sets, probs, _ = make_case(seed)
        with as_documented():
            rows = reference("multilabel_classification.filter").find_label_issues(
                sets, probs, filter_by=method, n_jobs=1
            )

        found = find_multi_label_issues(sets, probs, filter_by=method)
        count = find_multi_label_issues(sets, probs, filter_by="confident_learning").n_issues
        worst = np.argsort(multi_label_quality_scores(sets, probs), kind="stable")[:count]

        assert np.flatnonzero(rows).tolist() == sorted(worst.tolist()), seed
        differs += not np.array_equal(found.is_issue, rows)
    assert differs > 5
