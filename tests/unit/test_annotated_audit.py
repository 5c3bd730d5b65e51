"""The audit of majority labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.annotated_audit import audit_annotated
from labelclean.config import AuditConfig
from labelclean.dataset import Dataset, VoteTable
from labelclean.errors import InvalidInputError, RunCancelledError

_WORDS = {0: ("dull", "slow", "bland"), 1: ("bright", "quick", "lovely")}


def _dataset(codes: NDArray[np.int32]) -> Dataset:
    """Return made reviews: even rows are bad, odd ones good, whatever the votes say; None where nobody voted."""
    texts = [f"a {_WORDS[row % 2][row % 3]} film about {row}" for row in range(len(codes))]
    counts = np.stack([(codes == code).sum(axis=1) for code in (0, 1)], axis=1)
    labels = [None if not votes.any() else ("bad", "good")[int(votes.argmax())] for votes in counts]
    table = VoteTable(annotators=("ann", "bob", "cid"), codes=codes)
    return replace(Dataset.from_labels(texts, labels), votes=table)


def _right_votes(n_rows: int = 60) -> NDArray[np.int32]:
    return np.repeat(np.arange(n_rows, dtype=np.int32)[:, np.newaxis] % 2, 3, axis=1)


def test_a_majority_against_the_text_comes_first() -> None:
    """Two of three were wrong about row 10; the text and the third one outweigh them."""
    votes = _right_votes()
    votes[10] = [1, 1, 0]

    result = audit_annotated(_dataset(votes)).result

    assert result.ranked_rows[0] == 10
    assert result.class_names[result.suggested_labels[10]] == "bad"
    assert result.is_issue[10]


def test_a_lone_wrong_vote_is_less_suspect_than_a_wrong_majority() -> None:
    """Row 11 keeps its right label, so it stands behind row 10, whose label is wrong."""
    votes = _right_votes()
    votes[10], votes[11] = [1, 1, 0], [0, 1, 1]

    result = audit_annotated(_dataset(votes)).result

    assert result.error_probabilities[10] > result.error_probabilities[11]
    assert not result.is_issue[11]


def test_an_annotator_at_odds_with_the_others_is_rated_lowest() -> None:
    """The third annotator turned half of the labels around."""
    votes = _right_votes()
    votes[::2, 2] = 1 - votes[::2, 2]

    found = audit_annotated(_dataset(votes))

    assert found.annotator_names == ("ann", "bob", "cid")
    assert found.annotators.quality.argmin() == 2


def test_rows_without_votes_come_last_with_a_suggestion() -> None:
    """Nobody labelled row 5: there is nothing to be wrong, and the text says what it should be."""
    votes = _right_votes()
    votes[5] = -1

    result = audit_annotated(_dataset(votes)).result

    assert result.ranked_rows[-1] == 5
    assert np.isnan(result.error_probabilities[5])
    assert result.class_names[result.suggested_labels[5]] == "good"
    assert not result.is_issue[5]


def test_a_dataset_without_votes_is_refused() -> None:
    """There is another function for it."""
    with pytest.raises(InvalidInputError, match="must have the votes"):
        audit_annotated(Dataset.from_labels(["a", "b"], ["x", "y"]))


def test_progress_rises_to_one_and_may_cancel() -> None:
    """The screen shows the fraction, and stops the work by raising."""
    fractions: list[float] = []

    audit_annotated(_dataset(_right_votes()), progress=lambda _, fraction: fractions.append(fraction))

    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0

    def stop(step: str, fraction: float) -> None:
        raise RunCancelledError(f"{step} {fraction}")

    with pytest.raises(RunCancelledError):
        audit_annotated(_dataset(_right_votes()), config=AuditConfig(n_folds=3), progress=stop)
