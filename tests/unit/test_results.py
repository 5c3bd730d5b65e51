"""What an audit hands back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from labelclean.core.noise import estimate_noise
from labelclean.results import AuditResult


def small_result() -> AuditResult:
    """Build a result of four rows by hand: one suspect, one without a label."""
    return AuditResult(
        class_names=("no", 7),
        labels=np.array([0, 1, -1, 1]),
        pred_probs=np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6]], dtype=np.float32),
        suggested_labels=np.array([0, 0, 1, 1]),
        label_quality_scores=np.array([0.9, 0.2, np.nan, 0.6]),
        error_probabilities=np.array([0.05, 0.8, np.nan, 0.3]),
        is_issue=np.array([False, True, False, False]),
        ranked_rows=np.array([1, 3, 0, 2]),
        likely_labels=np.array([[0], [0], [1], [1]]),
        likely_probs=np.array([[0.9], [0.8], [0.7], [0.6]], dtype=np.float32),
        noise=estimate_noise(np.array([[1, 0], [1, 1]])),
    )


def test_counts_leave_out_rows_without_a_label() -> None:
    """One error among three labelled rows."""
    result = small_result()

    assert (result.n_examples, result.n_labelled, result.n_issues) == (4, 3, 1)
    assert result.label_accuracy == pytest.approx(2 / 3)


def test_the_table_has_one_line_per_row_most_suspect_first() -> None:
    """Labels are what they were, and a missing one is None."""
    frame = small_result().to_frame()

    assert list(frame.columns) == [
        "rank",
        "row",
        "given_label",
        "suggested_label",
        "label_quality",
        "error_probability",
        "is_issue",
    ]
    assert frame["rank"].tolist() == [1, 2, 3, 4]
    assert frame["row"].tolist() == [1, 3, 0, 2]
    assert frame["given_label"].tolist() == [7, 7, "no", None]
    assert frame["suggested_label"].tolist() == ["no", 7, "no", 7]
    assert frame["is_issue"].tolist() == [True, False, False, False]
    assert frame["label_quality"].iloc[:3].tolist() == [0.2, 0.6, 0.9]
    assert np.isnan(frame["error_probability"].iloc[3])


def test_nothing_can_be_written_to_a_result() -> None:
    """Neither to its fields nor to its arrays."""
    result = small_result()

    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        assert not isinstance(value, np.ndarray) or not value.flags.writeable
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.class_names = ()  # type: ignore[misc]  # the point of the test


def test_without_labelled_rows_every_label_is_right() -> None:
    """There is no label that could be wrong."""
    found = small_result()
    nothing = dataclasses.replace(found.noise, confident_joint=np.zeros((2, 2), dtype=np.int64), n_label_errors=0)

    result = dataclasses.replace(found, labels=np.full(4, -1), noise=nothing)

    assert result.label_accuracy == 1.0
