"""A reviewer who knows the truth, at the top of a made queue."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.detection_sets import LabelledSet
from tests.benchmarks.simulated_reviewer import audit_signals, review, thin_known
from tests.reranking_cases import make_audit


def made_set(*, n_known: int) -> LabelledSet:
    """Make 100 short texts of two classes, the truth of some known, and one label in ten wrong."""
    true = np.arange(100, dtype=np.int64) % 2
    given = np.where(np.arange(100) % 10 == 3, 1 - true, true)
    return LabelledSet(
        name="made_ds",
        kind="knowledge base",
        texts=tuple(f"{('apple plum', 'hammer saw')[code]} number {row}" for row, code in enumerate(true)),
        given=given,
        true=np.where(np.arange(100) < n_known, true, -1),
        class_names=("fruit", "tool", "never given"),
        rows=np.arange(100, dtype=np.int64),
    )


def test_without_learning_the_errors_at_the_top_are_found() -> None:
    """The first 200 and 400 rows of the audit's own order."""
    made = make_audit(seed=0, n_rows=1000)

    found = review(made.signals, made.true, learning=False)

    assert found.errors == tuple(int(made.is_wrong[made.top(n)].sum()) for n in (200, 400))
    assert found.slowest_seconds == 0.0


def test_learning_finds_more_where_the_audit_misses_a_class() -> None:
    """Labels of class 0 are wrong far more often than the audit says."""
    made = make_audit(seed=1, n_rows=2000, bias=3.0)

    fixed, learning = (review(made.signals, made.true, learning=learning) for learning in (False, True))

    assert learning.errors[1] > 1.1 * fixed.errors[1]
    assert learning.calibration_error < 0.5 * fixed.calibration_error


def test_rows_of_unknown_truth_are_never_shown() -> None:
    """Of 300 known rows all errors are found after 400 decisions, and no other."""
    made = make_audit(seed=2, n_rows=1000)
    true = made.true.copy()
    true[300:] = -1

    found = review(made.signals, true, learning=True)

    assert found.errors[1] == int(made.is_wrong[:300].sum())
    assert found.calibration_error == 0.0
    assert np.isnan(found.suggestions_right)


@pytest.mark.parametrize("n_known", [20, 100])
def test_a_sample_keeps_known_rows_where_they_are_few(n_known: int) -> None:
    """20 of 100: all of them are among 40; all known: any 40."""
    sample = thin_known(made_set(n_known=n_known), n_rows=40, seed=0)

    assert len(sample.texts) == 40
    assert int(sample.is_known.sum()) == min(n_known, 40)
    assert sample.rows.tolist() == sorted(set(sample.rows.tolist()))


def test_signals_are_in_the_codes_of_the_set() -> None:
    """The third class is never given, so the audit does not know it; the set does."""
    data = made_set(n_known=100)

    signals = audit_signals(data)

    assert np.array_equal(signals.labels, data.given)
    assert signals.confident_joint.shape == (3, 3)
    assert signals.confident_joint[2].sum() == signals.confident_joint[:, 2].sum() == 0
    assert signals.views.values.shape == (100, len(signals.views.names))
