"""What is kept of an audit of several annotators."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from labelclean.annotated_audit import AnnotatedAudit
from labelclean.errors import StoreError
from labelclean.results import AuditResult, NoiseEstimate
from labelclean.store.annotated_runs import annotated_run
from labelclean.store.facts_json import (
    annotators_from_json,
    annotators_to_json,
    label_noise_from_json,
    label_noise_to_json,
)
from labelclean.store.run_records import AnnotatorFacts, LabelNoise


def _audit() -> AnnotatedAudit:
    counts = np.array([[1, 0], [0, 1]])
    result = AuditResult(
        class_names=("a", 1),
        labels=np.array([0, 1]),
        pred_probs=np.eye(2),
        suggested_labels=np.array([0, 1]),
        label_quality_scores=np.ones(2),
        error_probabilities=np.zeros(2),
        is_issue=np.zeros(2, dtype=bool),
        ranked_rows=np.array([0, 1]),
        likely_labels=np.array([[0], [1]]),
        likely_probs=np.ones((2, 1), dtype=np.float32),
        noise=NoiseEstimate(
            confident_joint=counts,
            joint=counts / 2,
            noise_matrix=np.eye(2),
            inverse_noise_matrix=np.eye(2),
            class_priors=np.full(2, 0.5),
            n_label_errors=0,
        ),
    )
    quality = SimpleNamespace(
        quality=np.array([0.75, np.nan]),
        agreement_with_consensus=np.array([0.5, np.nan]),
        n_votes=np.array([2, 0]),
        worst_class=np.array([1, -1]),
    )
    return cast("AnnotatedAudit", SimpleNamespace(result=result, annotators=quality, annotator_names=("kim", "lee")))


def test_each_annotator_is_kept_with_what_is_known() -> None:
    """What is not known of one without labels is None."""
    run = annotated_run(_audit(), {}, datetime(2026, 1, 1, tzinfo=UTC)).run

    assert run.annotators == (
        AnnotatorFacts(name="kim", n_labels=2, quality=0.75, agreement=0.5, weakest=1),
        AnnotatorFacts(name="lee", n_labels=0, quality=None, agreement=None, weakest=None),
    )


def test_facts_survive_as_json() -> None:
    """Labels of every kind come back as they were; nothing is None."""
    annotators = annotated_run(_audit(), {}, datetime(2026, 1, 1, tzinfo=UTC)).run.annotators
    noise = tuple(
        LabelNoise(label=label, n_given=1, n_added=0.5, n_missing=2.0, added_rate=0.1, missing_rate=0.2)
        for label in ("1", 1, True)
    )

    assert annotators_from_json(annotators_to_json(annotators)) == annotators
    assert [repr(each) for each in label_noise_from_json(label_noise_to_json(noise))] == list(map(repr, noise))
    assert (annotators_to_json(()), label_noise_to_json(())) == (None, None)
    assert (annotators_from_json(None), label_noise_from_json(None)) == ((), ())


@pytest.mark.parametrize("text", ["{", "1", '[{"name": "kim"}]', "[1]", '[{"label": "1"}]'])
def test_damaged_facts_are_a_store_error(text: str) -> None:
    """They were not written by us."""
    with pytest.raises(StoreError, match="damaged"):
        annotators_from_json(text)
    with pytest.raises(StoreError, match="damaged"):
        label_noise_from_json(text)
