"""What a run says of the labels of label sets after some were renamed or merged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from labelclean.dataset import Dataset
from labelclean.label_set import LabelSet
from labelclean.results import NoiseEstimate
from labelclean.review.merging import make_merge, merge_dataset
from labelclean.store.label_confusions import LabelConfusion
from labelclean.store.merged_runs import run_with_merges
from labelclean.store.run_records import LabelNoise, StoredRun

NOW = datetime(2026, 3, 4, tzinfo=UTC)
DATASET = Dataset.from_labels(
    ["a", "b", "c", "d", "e"],
    [LabelSet(["late"]), LabelSet(["late", "delay"]), LabelSet(["delay", "money"]), LabelSet(), None],
)


def _noise(label: str, n_given: int, n_added: float, n_missing: float) -> LabelNoise:
    return LabelNoise(
        label=label, n_given=n_given, n_added=n_added, n_missing=n_missing, added_rate=0.1, missing_rate=0.2
    )


def _run() -> StoredRun:
    """Return a run over the dataset; delay was given once where late was meant."""
    n_classes = DATASET.n_classes
    return StoredRun(
        config={},
        class_names=DATASET.class_names,
        labels=DATASET.labels,
        suggested_labels=np.zeros(5, dtype=np.int64),
        label_quality_scores=np.full(5, 0.5),
        error_probabilities=np.full(5, 0.5),
        is_issue=np.ones(5, dtype=bool),
        ranked_rows=np.arange(5),
        likely_labels=np.tile(np.arange(n_classes), (5, 1)),
        likely_probs=np.full((5, n_classes), 0.25, dtype=np.float32),
        noise=NoiseEstimate(
            confident_joint=np.array([[3, 1], [0, 0]]),
            joint=np.array([[0.75, 0.25], [0, 0]]),
            noise_matrix=np.eye(2),
            inverse_noise_matrix=np.eye(2),
            class_priors=np.array([0.75, 0.25]),
            n_label_errors=1,
        ),
        created_at=NOW,
        label_noise=(_noise("delay", 2, 1.0, 0.5), _noise("late", 2, 0.5, 1.25), _noise("money", 1, 0.0, 0.5)),
        label_confusions=(
            LabelConfusion(given="delay", meant="late", n_rows=1, n_estimated=1.0),
            LabelConfusion(given="money", meant="late", n_rows=1, n_estimated=0.5),
        ),
    )


def test_merged_labels_add_up_but_for_the_mistakes_between_them() -> None:
    """Three rows have late or delay; 1 + 0.5 - 1 are wrong, 0.5 + 1.25 - 1 missing; 3 - 0.5 + 0.75 should have it."""
    merge = make_merge(["delay"], "late", reviewer="kim", now=NOW)

    found = run_with_merges(_run(), merge_dataset(DATASET, [merge]), [merge])

    late, money = found.label_noise
    assert (late.label, late.n_given, money.label) == ("late", 3, "money")
    assert (late.n_added, late.n_missing) == pytest.approx((0.5, 0.75))
    assert late.missing_rate == pytest.approx(0.75 / 3.25)
    assert late.added_rate == pytest.approx(0.5 / 0.75)
    assert money == _noise("money", 1, 0.0, 0.5)
    assert [(each.given, each.meant) for each in found.label_confusions] == [("money", "late")]


def test_a_renamed_label_keeps_its_numbers() -> None:
    """Only the word is another."""
    rename = make_merge(["money"], "refund", reviewer="kim", now=NOW)

    found = run_with_merges(_run(), merge_dataset(DATASET, [rename]), [rename])

    assert found.label_noise == (*_run().label_noise[:2], replace(_run().label_noise[2], label="refund"))
    assert [(each.given, each.meant) for each in found.label_confusions] == [("delay", "late"), ("refund", "late")]
