"""The reviewer who answers by the truth: counts by hand on a run made by hand."""

from __future__ import annotations

import numpy as np

from labelclean.core.noise import estimate_noise
from labelclean.store.run_records import StoredRun
from tests.benchmarks.stop_rule import NOW, review

N_ROWS, N_WRONG = 300, 60


def _run() -> StoredRun:
    """Return a run whose sixty wrong rows stand first, and which knows it."""
    probs = np.where(np.arange(N_ROWS) < N_WRONG, 0.97, 0.01)
    return StoredRun(
        config={},
        class_names=("a", "b"),
        labels=np.zeros(N_ROWS, dtype=np.int64),
        suggested_labels=np.ones(N_ROWS, dtype=np.int64),
        label_quality_scores=1.0 - probs,
        error_probabilities=probs,
        is_issue=probs > 0.5,
        ranked_rows=np.arange(N_ROWS),
        likely_labels=np.tile([0, 1], (N_ROWS, 1)),
        likely_probs=np.tile(np.array([0.5, 0.5], dtype=np.float32), (N_ROWS, 1)),
        noise=estimate_noise(np.array([[240, 60], [0, 1]])),
        created_at=NOW,
    )


TRUTHS = ["b"] * N_WRONG + ["a"] * (N_ROWS - N_WRONG)


def test_errors_found_are_counted_after_each_decision() -> None:
    """One each, and none after the sixtieth."""
    result = review(_run(), None, TRUTHS, n_decisions=100, learning=False, control_share=0.0)

    assert result.found[:60] == list(range(1, 61))
    assert result.found[60:] == [60] * 40


def test_the_stop_comes_when_hardly_anything_is_left() -> None:
    """Soon after the last error, with nothing really left and that in the promised interval."""
    result = review(_run(), None, TRUTHS, n_decisions=250, learning=False, control_share=0.05)

    assert result.stop is not None
    assert 75 <= result.stop.n_decisions <= 150
    assert result.stop.n_left == 0
    assert result.stop.left_held
    assert result.stop.accuracy_now == 1.0


def test_what_was_promised_is_set_against_what_was_so() -> None:
    """Every 25 decisions; the share of right labels rises from four in five."""
    result = review(_run(), None, TRUTHS, n_decisions=100, learning=False, control_share=0.0)

    assert [moment.n_decisions for moment in result.moments] == [25, 50, 75, 100]
    assert [moment.n_left for moment in result.moments] == [35, 10, 0, 0]
    assert {moment.accuracy_before for moment in result.moments} == {0.8}
