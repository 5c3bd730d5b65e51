"""Tests of a new ranking that leaves the rows on screen as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labelclean.core.noise import estimate_noise
from labelclean.store.run_records import StoredRun
from labelclean.ui.shown_run import keep_shown
from tests.store_examples import MOMENT


def _run(*, names: tuple[str, ...], suggested: list[int], probs: list[float]) -> StoredRun:
    n_rows = len(suggested)
    return StoredRun(
        config={},
        class_names=names,
        labels=np.zeros(n_rows, dtype=np.int64),
        suggested_labels=np.array(suggested, dtype=np.int64),
        label_quality_scores=np.full(n_rows, 0.5),
        error_probabilities=np.array(probs),
        is_issue=np.array(probs) > 0.5,
        ranked_rows=np.argsort(-np.array(probs), kind="stable"),
        likely_labels=np.zeros((n_rows, 1), dtype=np.int64),
        likely_probs=np.ones((n_rows, 1), dtype=np.float32),
        noise=estimate_noise(np.eye(2, dtype=np.int64)),
        created_at=MOMENT,
    )


def test_shown_rows_keep_what_was_said_of_them() -> None:
    """Row 0 was shown: its suggestion, probability and flag stay; row 1 is as it was learned."""
    old = _run(names=("a", "b"), suggested=[1, 1], probs=[0.9, 0.8])
    new = _run(names=("a", "b", "new"), suggested=[2, 2], probs=[0.1, 0.2])

    kept = keep_shown(new, old, np.array([0]))

    assert kept.suggested_labels.tolist() == [1, 2]
    assert kept.error_probabilities.tolist() == [0.9, 0.2]
    assert kept.is_issue.tolist() == [True, False]
    assert kept.class_names == ("a", "b", "new")


def test_codes_follow_the_names_of_the_classes() -> None:
    """Classes that reviewers made stand in another order; one that was undone is no longer suggested."""
    old = _run(names=("a", "x", "y"), suggested=[1, 2], probs=[0.9, 0.8])
    new = _run(names=("a", "y"), suggested=[0, 0], probs=[0.1, 0.2])

    kept = keep_shown(new, old, np.array([0, 1]))

    assert kept.suggested_labels.tolist() == [0, 1]


def test_without_shown_rows_the_new_run_is_as_it_is() -> None:
    """Nothing is copied."""
    run = _run(names=("a", "b"), suggested=[1], probs=[0.9])

    assert keep_shown(run, replace(run), np.empty(0, dtype=np.int64)) is run
