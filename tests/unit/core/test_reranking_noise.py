"""Suggestions and noise after verdicts."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.reranking import rerank
from labelclean.core.reranking_data import RankingSignals, Verdicts, ViewLogOdds
from labelclean.core.reranking_noise import likely_truths


def suspicious_rows(*, n_rows: int = 60, n_classes: int = 4) -> RankingSignals:
    """Rows given class 0 that the learners all take for class 1, then 2."""
    labels = np.zeros(n_rows, dtype=np.int64)
    return RankingSignals(
        labels=labels,
        error_probabilities=np.full(n_rows, 0.8),
        label_quality_scores=np.full(n_rows, 0.2),
        suggested_labels=np.ones(n_rows, dtype=np.int64),
        is_issue=np.ones(n_rows, dtype=np.bool_),
        likely_labels=np.tile([1, 0, 2], (n_rows, 1)),
        likely_probs=np.tile(np.array([0.6, 0.2, 0.15], dtype=np.float32), (n_rows, 1)),
        confident_joint=np.array([[n_rows // 5, n_rows - n_rows // 5, 0, 0]] + [[0] * 4] * 3)[:n_classes, :n_classes],
        views=ViewLogOdds(names=(), values=np.empty((n_rows, 0), dtype=np.float32)),
    )


def named(n_verdicts: int, true_label: int) -> Verdicts:
    """Say that the first rows are all wrong, and of the same class."""
    return Verdicts(
        rows=np.arange(n_verdicts),
        is_wrong=np.ones(n_verdicts, dtype=np.bool_),
        true_labels=np.full(n_verdicts, true_label, dtype=np.int64),
    )


def test_without_verdicts_the_shares_are_the_learners_own() -> None:
    """0.6 and 0.15 of the 0.75 that is not the given class."""
    signals = suspicious_rows()

    found = likely_truths(signals, named(0, 0))

    by_class = dict(zip(found.classes[0].tolist(), found.shares[0].tolist(), strict=True))
    assert by_class[1] == pytest.approx(0.8)
    assert by_class[2] == pytest.approx(0.2)


@pytest.mark.parametrize("true_label", [2, 3, 4], ids=["second guess", "not among the guesses", "new class"])
def test_what_the_reviewer_always_means_is_suggested(true_label: int) -> None:
    """Given 0, always the same class, whatever the learners say."""
    signals = suspicious_rows()

    found = rerank(signals, named(20, true_label))

    assert (found.suggested_labels == true_label).all()


def test_one_verdict_does_not_overturn_the_suggestions() -> None:
    """It may be an exception."""
    signals = suspicious_rows()

    found = rerank(signals, named(1, 3))

    assert found.suggested_labels[0] == 3
    assert (found.suggested_labels[1:] == 1).all()


def test_a_new_class_gets_a_row_and_a_column_of_noise() -> None:
    """20 rows are known to be of it; no row is given it."""
    signals = suspicious_rows()

    found = rerank(signals, named(20, 4))

    joint = found.noise.confident_joint
    assert joint.shape == (5, 5)
    assert joint[0, 4] >= 20
    assert joint[0].sum() == 60
    assert joint[1:].sum() == 0


def test_wrong_rows_without_a_named_class_go_where_the_learners_send_them() -> None:
    """All decided, all wrong: 60 rows, 48 of class 1 and 12 of class 2."""
    signals = suspicious_rows()

    found = rerank(signals, named(60, -1))

    assert found.noise.confident_joint[0].tolist() == [0, 48, 12, 0]
    assert found.noise.n_label_errors == 60


def test_rows_found_right_return_to_the_diagonal() -> None:
    """All decided, all right: nothing is wrong any more, and the given labels are suggested."""
    signals = suspicious_rows()
    verdicts = Verdicts(rows=np.arange(60), is_wrong=np.zeros(60, dtype=np.bool_), true_labels=np.full(60, -1))

    found = rerank(signals, verdicts)

    assert found.noise.n_label_errors == 0
    assert (found.suggested_labels == 0).all()


def test_two_likely_classes_are_told_apart_by_the_row_not_by_habit() -> None:
    """The learners are right on both kinds of rows, so the more frequent answer must not swallow the other."""
    old = suspicious_rows()
    is_second = np.arange(60) % 4 == 0
    likely = np.where(is_second[:, np.newaxis], [2, 0, 1], [1, 0, 2])
    signals = RankingSignals(
        labels=old.labels,
        error_probabilities=old.error_probabilities,
        label_quality_scores=old.label_quality_scores,
        suggested_labels=likely[:, 0].copy(),
        is_issue=old.is_issue,
        likely_labels=likely,
        likely_probs=old.likely_probs,
        confident_joint=old.confident_joint,
        views=old.views,
    )
    rows = np.arange(40)

    found = rerank(signals, Verdicts(rows=rows, is_wrong=np.ones(40, dtype=np.bool_), true_labels=likely[:40, 0]))

    assert found.suggested_labels[40:].tolist() == likely[40:, 0].tolist()


def test_a_label_that_became_likelier_wrong_than_right_gets_another_class_suggested() -> None:
    """The audit agreed with the labels; the reviewer says that they are wrong."""
    old = suspicious_rows()
    signals = RankingSignals(
        labels=old.labels,
        error_probabilities=np.full(60, 0.3),
        label_quality_scores=np.full(60, 0.7),
        suggested_labels=np.zeros(60, dtype=np.int64),
        is_issue=np.zeros(60, dtype=np.bool_),
        likely_labels=np.tile([0, 1], (60, 1)),
        likely_probs=np.tile(np.array([0.7, 0.3], dtype=np.float32), (60, 1)),
        confident_joint=old.confident_joint,
        views=old.views,
    )

    found = rerank(signals, named(30, -1))

    assert (found.error_probabilities[30:] > 0.5).all()
    assert (found.suggested_labels[30:] == 1).all()
    assert found.is_issue[30:].all()
