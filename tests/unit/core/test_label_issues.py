"""Confident learning as a whole: by hand, against the plain loops, and at the edges."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from labelclean.config import FilterMethod
from labelclean.core.label_issues import find_label_issues
from labelclean.errors import ConfigError, InvalidInputError

METHODS: list[FilterMethod] = ["prune_by_noise_rate", "prune_by_class", "both", "confident_learning"]

SURE = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])


@pytest.mark.parametrize("method", METHODS)
def test_the_one_row_that_looks_like_the_other_class_is_flagged(method: FilterMethod) -> None:
    """Row 2 is given class 1 and looks like class 0 as much as any."""
    found = find_label_issues([0, 0, 1, 1, 1], SURE, filter_by=method)

    assert found.is_issue.tolist() == [False, False, True, False, False]
    assert found.label_quality_scores.tolist() == [0.9, 0.8, 0.1, 0.9, 0.8]
    assert found.noise.confident_joint.tolist() == [[2, 0], [1, 2]]
    assert found.noise.n_label_errors == 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n_classes", [1, 2, 5])
def test_no_rows_give_an_empty_result(method: FilterMethod, n_classes: int) -> None:
    """Nothing is flagged, nothing is estimated."""
    found = find_label_issues([], np.empty((0, n_classes)), filter_by=method)

    assert found.is_issue.shape == found.label_quality_scores.shape == (0,)
    assert found.noise.n_label_errors == 0
    assert found.noise.noise_matrix.tolist() == np.eye(n_classes).tolist()


@pytest.mark.parametrize("method", METHODS)
def test_a_single_class_has_no_errors(method: FilterMethod) -> None:
    """There is nothing else a row could be."""
    found = find_label_issues([0, 0, 0], [[1.0], [0.4], [0.0]], filter_by=method)

    assert not found.is_issue.any()


@pytest.mark.parametrize("method", METHODS)
def test_classes_without_rows_and_with_one_row_give_defined_results(method: FilterMethod) -> None:
    """No division by zero, no NaN; the only row of class 2 is kept by the pruning methods."""
    probs = np.array([[0.7, 0.1, 0.1, 0.1], [0.6, 0.2, 0.1, 0.1], [0.8, 0.1, 0.1, 0.0]])

    found = find_label_issues([0, 0, 2], probs, filter_by=method)

    assert np.isfinite(found.noise.noise_matrix).all()
    assert np.isfinite(found.noise.inverse_noise_matrix).all()
    assert found.is_issue[2] == (method == "confident_learning")


def test_all_probabilities_alike_flag_nothing() -> None:
    """A tie in every row favours the given label."""
    found = find_label_issues([0, 1, 2, 0, 1, 2], np.full((6, 3), 1 / 3))

    assert not found.is_issue.any()


def test_probabilities_of_zero_everywhere_are_survived() -> None:
    """The floor under the thresholds keeps rows from being confident of everything."""
    found = find_label_issues([0, 1], np.zeros((2, 2)))

    assert not found.is_issue.any()
    assert found.noise.confident_joint.tolist() == [[1, 0], [0, 1]]


def test_singles_and_doubles_agree() -> None:
    """The type of the input is a question of memory only."""
    generator = np.random.default_rng(5)
    labels = generator.integers(0, 6, 2000)
    probs = generator.dirichlet(np.full(6, 0.4), 2000).astype(np.float32)

    single = find_label_issues(labels, probs)
    double = find_label_issues(labels, probs.astype(np.float64))

    assert np.array_equal(single.is_issue, double.is_issue)
    assert np.array_equal(single.noise.confident_joint, double.noise.confident_joint)


@pytest.mark.parametrize("n_classes", [127, 128, 129, 300])
def test_many_classes_are_told_apart(n_classes: int) -> None:
    """Around the numbers of classes at which codes need another byte, and with more classes than rows."""
    labels = np.arange(n_classes - 60, n_classes).repeat(3)
    probs = np.full((len(labels), n_classes), 0.1 / n_classes)
    probs[np.arange(len(labels)), labels] += 0.5
    seen = labels.copy()
    seen[-1], seen[-4] = seen[-4], seen[-1]  # the last two classes look like each other once
    probs[[-1, -4]] = probs[[-4, -1]]

    found = find_label_issues(labels, probs, filter_by="confident_learning")

    assert found.suggested_labels.tolist() == seen.tolist()
    assert np.flatnonzero(found.is_issue).tolist() == [len(labels) - 4, len(labels) - 1]
    assert found.noise.confident_joint[-2:, -2:].tolist() == [[2, 1], [1, 2]]


def test_issues_are_ranked_by_score_and_told_row_by_row_as_the_user_spells_the_classes() -> None:
    """By hand: rows 1 and 3 score 0.1, row 2 scores 0.2; the earlier of equals comes first."""
    labels = ["ham", "ham", "spam", "spam", "ham", "spam"]
    probs = [[0.9, 0.1], [0.1, 0.9], [0.8, 0.2], [0.9, 0.1], [0.9, 0.1], [0.1, 0.9]]

    found = find_label_issues(labels, probs, filter_by="predicted_neq_given")

    frame = found.to_frame()
    assert found.ranked_issues.tolist() == [1, 3, 2]
    assert found.n_issues == 3
    assert frame["given_label"].tolist() == labels
    assert frame["suggested_label"].tolist() == ["ham", "spam", "ham", "ham", "ham", "spam"]
    assert frame["label_quality"].tolist() == [0.9, 0.1, 0.2, 0.1, 0.9, 0.9]
    assert frame["is_issue"].tolist() == [False, True, True, True, False, False]


def test_nothing_can_be_written_to_the_result() -> None:
    """Results are handed to several readers."""
    found = find_label_issues([0, 0, 1, 1, 1], SURE)

    with pytest.raises(ValueError, match="read-only"):
        found.is_issue[0] = True
    with pytest.raises(ValueError, match="read-only"):
        found.noise.joint[0, 0] = 1.0


def test_bad_input_is_refused_at_the_door() -> None:
    """The checks of ``checks.py`` are in force."""
    with pytest.raises(InvalidInputError):
        find_label_issues([0, 1], [[np.nan, 1.0], [0.5, 0.5]])


@pytest.mark.parametrize("options", [{"filter_by": "best"}, {"frac_noise": 0.0}, {"min_examples_per_class": -1}])
def test_options_outside_their_range_are_refused(options: dict[str, Any]) -> None:
    """A misspelt filter must not silently become another one."""
    with pytest.raises(ConfigError, match=next(iter(options))):
        find_label_issues([0, 0, 1, 1, 1], SURE, **options)


def test_many_threads_at_once_get_their_own_answers() -> None:
    """Nothing is kept between calls or shared among them: the screen serves several people from one process."""
    generator = np.random.default_rng(16)
    labels = generator.integers(0, 4, 3000)
    inputs = [generator.dirichlet(np.full(4, 0.5), 3000) for _ in range(8)]
    alone = [find_label_issues(labels, probs).is_issue for probs in inputs]

    with ThreadPoolExecutor(max_workers=8) as pool:
        together = list(pool.map(lambda probs: find_label_issues(labels, probs).is_issue, inputs * 5))

    assert all(np.array_equal(found, alone[i % 8]) for i, found in enumerate(together))
