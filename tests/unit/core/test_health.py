"""The health of a dataset."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.health import dataset_health, health_of
from labelclean.core.label_issues import find_label_issues

LABELS = ["ham", "ham", "ham", "spam", "spam", "spam", "ad"]
PROBS = np.array(
    [
        [0.1, 0.8, 0.1],
        [0.1, 0.8, 0.1],
        [0.1, 0.1, 0.8],
        [0.1, 0.1, 0.8],
        [0.1, 0.1, 0.8],
        [0.1, 0.1, 0.8],
        [0.8, 0.1, 0.1],
    ]
)


def test_classes_and_pairs_are_counted() -> None:
    """By hand: thresholds are 0.8, 17 / 30 and 0.8; row 2, a ham, is confidently spam. Classes are ad, ham, spam."""
    found = dataset_health(LABELS, PROBS)

    table, pairs = found.classes, found.overlapping_classes
    assert (found.n_examples, found.n_flagged, found.n_label_errors) == (7, 1, 1)
    assert found.label_accuracy == pytest.approx(6 / 7)
    assert found.unflagged_share == pytest.approx(6 / 7)
    assert table.codes.tolist() == [1, 0, 2]
    assert table.n_given.tolist() == [3, 1, 3]
    assert table.n_flagged.tolist() == [1, 0, 0]
    assert table.n_given_wrongly.tolist() == [1, 0, 0]
    assert table.n_missed.tolist() == [0, 0, 1]
    assert np.allclose(table.label_noise, [1 / 3, 0, 0])
    assert np.allclose(table.inverse_label_noise, [0, 0, 1 / 4])
    assert np.allclose(table.label_quality, [2 / 3, 1, 1])
    assert (pairs.first.tolist(), pairs.second.tolist(), pairs.n_overlapping.tolist()) == ([1], [2], [1])
    assert np.allclose(pairs.joint_probability, [1 / 7])


def test_tables_name_the_classes() -> None:
    """As the user spells them, in the same order."""
    found = health_of(find_label_issues(LABELS, PROBS))

    assert found.classes_frame()["class"].tolist() == ["ham", "ad", "spam"]
    assert found.classes_frame()["label_quality"].tolist() == found.classes.label_quality.tolist()
    assert found.overlapping_frame()[["class_a", "class_b"]].to_numpy().tolist() == [["ham", "spam"]]


def test_no_rows_are_in_perfect_health() -> None:
    """Nothing is wrong with nothing."""
    found = dataset_health([], np.empty((0, 3)))

    assert (found.label_accuracy, found.unflagged_share) == (1.0, 1.0)
    assert found.classes.label_quality.tolist() == [1.0, 1.0, 1.0]
    assert len(found.overlapping_classes.first) == 0


def test_nothing_can_be_written_to_the_tables() -> None:
    """Results are handed to several readers."""
    found = dataset_health(LABELS, PROBS)

    with pytest.raises(ValueError, match="read-only"):
        found.classes.n_given[0] = 9
    with pytest.raises(ValueError, match="read-only"):
        found.overlapping_classes.first[0] = 9
