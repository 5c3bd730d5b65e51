"""What a lesson changed, worked out by hand on small data."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.reranking import rerank
from labelclean.core.reranking_data import RankingSignals, Verdicts, ViewLogOdds
from labelclean.review.lesson_account import account_of, expected_errors, verdict_folds

NAMES = ("refund", "chargeback", "billing")
N_ROWS = 120


def _signals() -> RankingSignals:
    """Return rows of which half are given refund, the other half billing; all suggest chargeback at 40 %."""
    labels = np.repeat([0, 2], N_ROWS // 2)
    return RankingSignals(
        labels=labels,
        error_probabilities=np.full(N_ROWS, 0.4),
        label_quality_scores=np.full(N_ROWS, 0.6),
        suggested_labels=np.ones(N_ROWS, dtype=np.int64),
        is_issue=np.zeros(N_ROWS, dtype=np.bool_),
        likely_labels=np.stack([labels, np.ones(N_ROWS, dtype=np.int64)], axis=1),
        likely_probs=np.tile([0.6, 0.4], (N_ROWS, 1)),
        confident_joint=np.diag([60, 1, 60]),
        views=ViewLogOdds(names=("words",), values=np.zeros((N_ROWS, 1), dtype=np.float32)),
    )


def _verdicts() -> Verdicts:
    """Return 20 rows given refund, all really chargeback, and 20 given billing, all right."""
    rows = np.r_[0:20, 60:80]
    is_wrong = rows < 60
    return Verdicts(rows=rows, is_wrong=is_wrong, true_labels=np.where(is_wrong, 1, 2))


def test_habits_are_counted_over_the_decisions_and_the_rows_that_are_left() -> None:
    """Twenty of twenty, and the other forty rows given refund are suspects now."""
    signals, verdicts = _signals(), _verdicts()

    account = account_of(signals, verdicts, rerank(signals, verdicts), NAMES)

    habit = account.habits[0]
    assert (habit.kind, habit.label, habit.other) == ("meant", "refund", "chargeback")
    assert (habit.n_times, habit.n_decided, habit.n_more) == (20, 20, 40)


def test_errors_expected_are_those_of_the_rows_left() -> None:
    """Eighty rows at 40 % before; nearly all given refund and hardly any given billing after."""
    signals, verdicts = _signals(), _verdicts()

    account = account_of(signals, verdicts, rerank(signals, verdicts), NAMES)

    assert account.n_decisions == 40
    assert account.errors_before == pytest.approx(32.0)
    assert account.errors_after == pytest.approx(40.0, abs=6.0)


def test_held_out_decisions_agree_better_after() -> None:
    """Before, no label is doubted: right in the half that is right. After, all of them are foreseen."""
    signals, verdicts = _signals(), _verdicts()

    account = account_of(signals, verdicts, rerank(signals, verdicts), NAMES)

    assert account.is_held_out
    assert account.agreement_before == 0.5
    assert account.agreement_after == 1.0


def test_few_decisions_are_not_cross_checked() -> None:
    """Nineteen are too few to keep a part out."""
    signals = _signals()
    rows = np.arange(19)
    verdicts = Verdicts(rows=rows, is_wrong=np.ones(19, dtype=np.bool_), true_labels=np.ones(19, dtype=np.int64))

    account = account_of(signals, verdicts, rerank(signals, verdicts), NAMES)

    assert (account.agreement_before, account.agreement_after, account.is_held_out) == (None, None, False)


def test_folds_are_of_one_size_and_always_the_same() -> None:
    """Five of them."""
    folds = verdict_folds(23)

    assert sorted(np.bincount(folds).tolist()) == [4, 4, 5, 5, 5]
    np.testing.assert_array_equal(folds, verdict_folds(23))


def test_rows_without_a_label_are_expected_to_hold_no_error() -> None:
    """Their probability is NaN."""
    assert expected_errors(np.array([0.5, np.nan, 0.25, 0.9]), np.array([True, True, True, False])) == 0.75
