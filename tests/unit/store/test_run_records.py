"""The records of runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from labelclean.explain.evidence import RowEvidence
from labelclean.results import AuditResult, NoiseEstimate, Signals
from labelclean.store.run_records import ComputedRun, StoredRun


def audit_result() -> AuditResult:
    """Return the result of auditing three rows, the last of them not labelled."""
    return AuditResult(
        class_names=("a", "b"),
        labels=np.array([0, 1, -1]),
        pred_probs=np.array([[0.9, 0.1], [0.7, 0.3], [0.4, 0.6]], dtype=np.float32),
        suggested_labels=np.array([0, 0, 1]),
        label_quality_scores=np.array([0.9, 0.3, np.nan]),
        error_probabilities=np.array([0.1, 0.7, np.nan]),
        is_issue=np.array([False, True, False]),
        ranked_rows=np.array([1, 0, 2]),
        likely_labels=np.array([[0, 1], [0, 1], [1, 0]]),
        likely_probs=np.array([[0.9, 0.1], [0.7, 0.3], [0.6, 0.4]], dtype=np.float32),
        noise=NoiseEstimate(
            confident_joint=np.array([[1, 0], [1, 0]]),
            joint=np.array([[0.5, 0.0], [0.5, 0.0]]),
            noise_matrix=np.array([[0.5, 0.0], [0.5, 1.0]]),
            inverse_noise_matrix=np.array([[1.0, 0.0], [1.0, 0.0]]),
            class_priors=np.array([1.0, 0.0]),
            n_label_errors=1,
        ),
        statement="Nearly clean.",
        n_errors_interval=(0, 2),
    )


def test_a_run_keeps_all_of_an_audit_but_the_probability_table() -> None:
    """What is stored of an audit is what the audit said."""
    result = audit_result()
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    run = StoredRun.from_audit(result, {"n_folds": 5}, moment)

    assert (run.config, run.created_at, run.class_names) == ({"n_folds": 5}, moment, ("a", "b"))
    for name in (
        "labels",
        "suggested_labels",
        "label_quality_scores",
        "error_probabilities",
        "is_issue",
        "ranked_rows",
        "likely_labels",
        "likely_probs",
        "noise",
        "statement",
        "n_errors_interval",
    ):
        assert getattr(run, name) is getattr(result, name)
    assert (run.n_examples, run.n_issues) == (3, 1)
    assert not hasattr(run, "pred_probs")


def test_the_arrays_of_a_run_cannot_be_changed() -> None:
    """A record handed out stays what it was."""
    run = StoredRun.from_audit(audit_result(), {}, datetime(2026, 1, 1, tzinfo=UTC))

    with pytest.raises(ValueError, match="read-only"):
        run.labels[0] = 1


def test_what_is_kept_beside_a_run_comes_with_it() -> None:
    """Evidence as it is, signals packed; nothing where the audit has neither."""
    found = RowEvidence(row=1, suggested=0, given=1, sentence="Why.")
    signals = SimpleNamespace(views=SimpleNamespace(to_bytes=lambda: b"packed"))
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    plain = ComputedRun.from_audit(audit_result(), {}, moment)
    full = ComputedRun.from_audit(
        replace(audit_result(), evidence=(found,), signals=cast("Signals", signals)), {}, moment
    )

    assert (plain.evidence, plain.signals) == ((), None)
    assert (full.evidence, full.signals) == ((found,), b"packed")
    assert full.run.n_issues == 1
