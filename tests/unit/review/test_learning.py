"""Decisions as verdicts, and a re-ranking laid over a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from labelclean.arrays import Label
from labelclean.core.reranking_data import Reranking, Verdicts
from labelclean.errors import InvalidInputError
from labelclean.results import NoiseEstimate
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.learning import JudgedRun, keep_decided, learn, usable_decisions, verdicts_of
from tests.store_examples import decide

CLASSES: tuple[Label, ...] = ("a", "b", 1)


def decisions(*said: tuple[int, Verdict, Label | None]) -> dict[int, ReviewEvent]:
    """Return decisions by row."""
    return {row: decide(f"e{row}", row, verdict=verdict, label=label) for row, verdict, label in said}


def noise() -> NoiseEstimate:
    """Return some estimate."""
    return NoiseEstimate(
        confident_joint=np.eye(2, dtype=np.int64),
        joint=np.eye(2) / 2,
        noise_matrix=np.eye(2),
        inverse_noise_matrix=np.eye(2),
        class_priors=np.full(2, 0.5),
        n_label_errors=0,
    )


def test_each_verdict_says_what_it_means() -> None:
    """Accepted and relabelled is wrong, kept is right, everything else is set aside."""
    labels = np.array([0, 0, 1, 1, 1, 0])
    said = decisions(
        (0, Verdict.ACCEPT, "b"),
        (1, Verdict.RELABEL, 1),
        (2, Verdict.KEEP, None),
        (3, Verdict.AMBIGUOUS, None),
        (4, Verdict.UNSURE, None),
        (5, Verdict.EXCLUDE, None),
    )

    verdicts, new_labels = verdicts_of(said, labels, CLASSES)

    assert verdicts.rows.tolist() == [0, 1, 2]
    assert verdicts.is_wrong.tolist() == [True, True, False]
    assert verdicts.true_labels.tolist() == [1, 2, 1]
    assert verdicts.set_aside.tolist() == [3, 4, 5]
    assert new_labels == ()
    assert usable_decisions(said, labels) == 3


def test_accepting_the_given_label_says_that_it_is_right() -> None:
    """Whatever the screen calls it, the label decided on counts."""
    verdicts, _ = verdicts_of(decisions((0, Verdict.ACCEPT, "a")), np.array([0]), CLASSES)

    assert verdicts.is_wrong.tolist() == [False]


def test_new_classes_get_the_codes_after_the_known_ones() -> None:
    """Each once, in the order they were made; the text "1" is not the number 1."""
    said = decisions((0, Verdict.RELABEL, "new"), (1, Verdict.RELABEL, "1"), (2, Verdict.RELABEL, "new"))

    verdicts, new_labels = verdicts_of(said, np.array([0, 0, 0]), CLASSES)

    assert verdicts.true_labels.tolist() == [3, 4, 3]
    assert new_labels == ("new", "1")


def test_a_row_without_a_label_says_nothing_about_labels() -> None:
    """Giving it one is a decision, but no verdict on a given label."""
    said = decisions((0, Verdict.ACCEPT, "a"))

    verdicts, _ = verdicts_of(said, np.array([-1]), CLASSES)

    assert len(verdicts) == 0
    assert verdicts.set_aside.tolist() == [0]
    assert usable_decisions(said, np.array([-1])) == 0


def test_no_decisions_are_no_verdicts() -> None:
    """Empty arrays of the right kind."""
    verdicts, new_labels = verdicts_of({}, np.array([0]), CLASSES)

    assert [verdicts.rows.dtype.name, verdicts.is_wrong.dtype.name] == ["int64", "bool"]
    assert (len(verdicts), new_labels) == (0, ())


def test_decided_rows_keep_what_the_audit_said_of_them() -> None:
    """The others rank by the new probabilities, in the new order where those are equal; unlabelled rows come last."""
    run = SimpleNamespace(
        error_probabilities=np.array([0.5, 0.9, 0.4, 0.3, np.nan]),
        suggested_labels=np.array([1, 1, 1, 1, 1]),
        is_issue=np.array([True, True, True, False, False]),
    )
    reranking = Reranking(
        error_probabilities=np.array([0.7, 1.0, 0.6, 0.7, np.nan]),
        suggested_labels=np.array([2, 2, 2, 2, 0]),
        is_issue=np.array([True, False, False, True, False]),
        ranked_rows=np.array([1, 3, 0, 2, 4]),
        noise=noise(),
        moved=0.5,
        signal_names=(),
        signal_weights=np.empty(0),
    )
    verdicts = Verdicts(
        rows=np.array([1]), is_wrong=np.array([True]), true_labels=np.array([2]), set_aside=np.array([2])
    )

    learned = keep_decided(cast("JudgedRun", run), reranking, verdicts, ())

    assert learned.error_probabilities.tolist()[:4] == [0.7, 0.9, 0.6, 0.7]
    assert learned.suggested_labels.tolist() == [2, 1, 2, 2, 0]
    assert learned.is_issue.tolist() == [True, True, True, True, False]
    assert learned.ranked_rows.tolist() == [1, 3, 0, 2, 4]
    assert (learned.n_verdicts, learned.moved) == (1, 0.5)


def test_too_few_decisions_are_refused() -> None:
    """Nothing can be learnt from nine; what is set aside does not count."""
    run = SimpleNamespace(labels=np.zeros(20, dtype=np.int64), class_names=CLASSES)
    kept = [(row, Verdict.KEEP, None) for row in range(9)]

    with pytest.raises(InvalidInputError, match="At least 10 decisions"):
        learn(cast("JudgedRun", run), None, decisions(*kept, (9, Verdict.UNSURE, None)))
