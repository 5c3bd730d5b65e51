"""A run after names were merged since it was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from labelclean.dataset import Dataset
from labelclean.results import NoiseEstimate
from labelclean.review.decisions import ReviewEvent
from labelclean.review.label_cells import LabelCells
from labelclean.review.merging import make_merge, merge_dataset
from labelclean.store.merged_runs import run_with_merges
from labelclean.store.run_records import StoredRun

NOW = datetime(2026, 3, 4, tzinfo=UTC)
DATASET = Dataset.from_labels(["a", "b", "c", "d"], ["refund ", "refund", "late", None])
MERGE = make_merge(["refund "], "refund", reviewer="kim", now=NOW)


def _run(dataset: Dataset = DATASET) -> StoredRun:
    """Return a run in which row 0 is suggested ``refund``, row 2 ``refund ``."""
    counts = np.array([[5, 0, 1], [0, 3, 2], [0, 1, 4]])
    counts = counts[: dataset.n_classes, : dataset.n_classes]
    return StoredRun(
        config={},
        class_names=dataset.class_names,
        labels=dataset.labels,
        suggested_labels=np.array([1, 1, dataset.n_classes - 1, 0]),
        label_quality_scores=np.array([0.1, 0.9, 0.2, np.nan]),
        error_probabilities=np.array([0.9, 0.1, 0.8, np.nan]),
        is_issue=np.array([True, False, True, False]),
        ranked_rows=np.array([0, 2, 1, 3]),
        likely_labels=np.tile(np.arange(dataset.n_classes), (4, 1)),
        likely_probs=np.full((4, dataset.n_classes), 0.25, dtype=np.float32),
        noise=NoiseEstimate(
            confident_joint=counts,
            joint=counts / counts.sum(),
            noise_matrix=np.eye(len(counts)),
            inverse_noise_matrix=np.eye(len(counts)),
            class_priors=counts.sum(axis=0) / counts.sum(),
            n_label_errors=4,
        ),
        created_at=NOW,
    )


def _merged(run: StoredRun, *merges: ReviewEvent) -> StoredRun:
    return run_with_merges(run, merge_dataset(DATASET, merges), merges)


def test_without_a_merge_the_run_is_the_same() -> None:
    """Nothing is copied for nothing."""
    run = _run()

    assert _merged(run) is run


def test_given_and_suggested_labels_get_the_name_that_stays() -> None:
    """The classes are late, refund and "refund "; the third becomes the second."""
    found = _merged(_run(), MERGE)

    assert found.class_names == ("late", "refund", "refund ")
    assert found.labels.tolist() == [1, 1, 0, -1]
    assert found.suggested_labels.tolist() == [1, 1, 1, 0]
    assert set(found.likely_labels.ravel().tolist()) == {0, 1}


def test_a_name_that_came_up_again_is_the_one_of_today() -> None:
    """Slow became late when no row was slow; then refund became slow: the rows of today are slow."""
    there = make_merge(["slow"], "late", reviewer="kim", now=NOW)
    again = make_merge(["refund"], "slow", reviewer="kim", now=NOW)

    found = _merged(_run(), there, again)

    assert [found.class_names[code] for code in found.labels[:3]] == ["refund ", "slow", "late"]
    assert [found.class_names[code] for code in found.suggested_labels[:3]] == ["slow", "slow", "refund "]


def test_a_run_made_after_the_merges_keeps_the_names_it_knows() -> None:
    """It was made from them: slow is slow, although an older merge turned another slow into late."""
    there = replace(make_merge(["slow"], "late", reviewer="kim", now=NOW), decided_at=NOW - timedelta(hours=2))
    again = replace(make_merge(["refund"], "slow", reviewer="kim", now=NOW), decided_at=NOW - timedelta(hours=1))
    run = _run(merge_dataset(DATASET, [there, again]))

    assert _merged(run, there, again) is run


def test_a_row_whose_two_labels_are_one_now_is_no_longer_flagged() -> None:
    """There is nothing left to decide."""
    assert _merged(_run(), MERGE).is_issue.tolist() == [False, False, True, False]


def test_the_counts_of_merged_classes_are_added_up() -> None:
    """
    Rows and columns of the third class go to the second.

    The three errors between the two names are none any more.
    """
    noise = _merged(_run(), MERGE).noise

    assert noise.confident_joint.tolist() == [[5, 1, 0], [0, 10, 0], [0, 0, 0]]
    assert noise.n_label_errors == 1
    assert noise.class_priors.tolist() == [5 / 16, 11 / 16, 0.0]
    assert noise.joint.sum() == 1.0


def test_a_run_of_merged_names_follows_when_the_merge_is_undone() -> None:
    """The name that is back is a class of its own again, after those of the run."""
    run = _run(merge_dataset(DATASET, [MERGE]))

    found = _merged(run)

    assert found.class_names == ("late", "refund", "refund ")
    assert found.labels.tolist() == [2, 1, 0, -1]
    assert found.noise.confident_joint.shape == (3, 3)


def test_a_merge_into_a_new_name_makes_a_class() -> None:
    """Its code follows those of the run."""
    found = _merged(_run(), make_merge(["refund", "refund "], "Refunds", reviewer="kim", now=NOW))

    assert found.class_names == ("late", "refund", "refund ", "Refunds")
    assert found.labels.tolist() == [3, 3, 0, -1]


def test_the_labels_of_the_rows_get_the_name_that_stays() -> None:
    """Cells of two names that are one now are one; a run without a change keeps its cells."""
    cells = LabelCells(
        members=("late", "refund", "refund "),
        codes=np.tile(np.array([2, 1, 0], dtype=np.int32), (4, 1)),
        probs=np.tile(np.array([0.25, 0.75, 0.5], dtype=np.float32), (4, 1)),
    )
    run = replace(_run(), label_cells=cells)

    merged = _merged(run, MERGE).label_cells

    assert merged is not None
    assert merged.of_row(0) == [("refund", 0.75), ("late", 0.5)]
    assert _merged(run).label_cells is cells
