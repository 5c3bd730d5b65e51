"""The state of a data set in numbers, by hand."""

from __future__ import annotations

import numpy as np

from labelclean.tasks.multi_label import MultiLabelHealth, multi_label_health

SETS = [["a"], ["a", "b"], ["a"], ["b"], ["b"], []]
PROBS = np.array([[0.9, 0.1], [0.9, 0.9], [0.1, 0.1], [0.1, 0.9], [0.9, 0.8], [0.1, 0.9]])


def found() -> MultiLabelHealth:
    """One of three a's is wrong, one a and one b are missing; three of six rows are touched."""
    return multi_label_health(SETS, PROBS, class_names=["a", "b"])


def test_flagged_cells_are_counted_by_class_and_state() -> None:
    """Index 0: missing, 1: wrongly given."""
    assert found().n_states.tolist() == [[3, 3], [3, 3]]
    assert found().n_flagged.tolist() == [[1, 1], [1, 0]]


def test_shares_are_of_all_examples_and_noise_of_those_of_the_state() -> None:
    """One of six, one of three."""
    health = found()

    assert np.allclose(health.issue_shares, [[1 / 6, 1 / 6], [1 / 6, 0]])
    assert np.allclose(health.label_noise, [1 / 3, 0])
    assert np.allclose(health.inverse_label_noise, [1 / 3, 1 / 3])
    assert np.allclose(health.label_quality, [2 / 3, 1])
    assert (health.n_issues, health.overall) == (3, 0.5)


def test_classes_are_ranked_by_quality() -> None:
    """The worst first; ties by position."""
    frame = found().to_frame()

    assert found().ranked_classes.tolist() == [0, 1]
    assert frame["class_name"].tolist() == ["a", "b"]
    assert frame["n_spurious"].tolist() == [1, 0]
    assert frame["n_missing"].tolist() == [1, 1]
    assert frame["n_given"].tolist() == [3, 3]
    assert np.allclose(frame["label_quality"], [2 / 3, 1])


def test_the_most_common_issues_come_first() -> None:
    """Ties by class, missing before wrongly given."""
    frame = found().common_issues()

    assert frame["class_name"].tolist() == ["a", "a", "b", "b"]
    assert frame["given"].tolist() == [False, True, False, True]
    assert frame["suggested"].tolist() == [True, False, True, False]
    assert frame["n_examples"].tolist() == [1, 1, 1, 0]
    assert np.allclose(frame["share"], [1 / 6, 1 / 6, 1 / 6, 0])


def test_no_examples_are_perfectly_healthy() -> None:
    """Nothing is wrong with nothing."""
    health = multi_label_health([], np.empty((0, 2)))

    assert health.overall == 1
    assert health.label_quality.tolist() == [1, 1]
    assert len(health.to_frame()) == 2
