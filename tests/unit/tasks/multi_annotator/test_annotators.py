"""The class in which an annotator is weakest, and known annotators found again."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.tasks.multi_annotator import (
    multi_annotator_consensus,
    multi_label_annotator_consensus,
    set_votes_from_triples,
)
from labelclean.tasks.multi_annotator.annotators import rate_annotators
from labelclean.tasks.multi_annotator.read_votes import votes_from_table


def worst(labels: list[int], consensus: list[int], quality: list[float]) -> int:
    """Return the worst class of one annotator."""
    votes = votes_from_table([[label] for label in labels], class_names=[0, 1, 2])
    rated = rate_annotators(
        votes,
        np.array(consensus),
        class_names=(0, 1, 2),
        consensus_quality=np.array(quality),
        vote_quality=np.ones(len(labels)),
        weights=None,
    )
    return int(rated.worst_class[0])


def test_the_worst_class_has_the_lowest_accuracy() -> None:
    """Class 1 is right once in two votes, class 0 always; class 2 was never given."""
    assert worst([0, 1, 1], [0, 1, 2], [1, 1, 1]) == 1


def test_ties_go_to_the_class_given_more_often() -> None:
    """Both are always wrong; class 1 was given twice."""
    assert worst([0, 1, 1], [2, 2, 2], [1, 1, 1]) == 1


def test_further_ties_go_to_the_surer_consensus_and_then_to_the_lower_class() -> None:
    """What contradicts a sure consensus is the worse mistake."""
    assert worst([0, 1], [2, 2], [0.6, 0.9]) == 1
    assert worst([1, 0], [2, 2], [0.6, 0.6]) == 0


ACCURACY = np.linspace(0.55, 0.95, 15)


def plant(n_classes: int, *, n_rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Draw true classes, votes that are right as often as ``ACCURACY`` says, and a model right in four of five."""
    generator = np.random.default_rng(n_classes)
    true = generator.integers(0, n_classes, n_rows)
    wrong = (true[:, np.newaxis] + generator.integers(1, n_classes, (n_rows, len(ACCURACY)))) % n_classes
    votes = np.where(generator.random(wrong.shape) < ACCURACY, true[:, np.newaxis], wrong)
    guesses = np.where(generator.random(n_rows) < 0.8, true, (true + 1) % n_classes)
    return true, votes, np.eye(n_classes)[guesses] * 0.8 + 0.2 / n_classes


@pytest.mark.parametrize("n_classes", [2, 3, 6])
def test_planted_annotators_are_found_again(n_classes: int) -> None:
    """With many annotators the consensus is the truth, and agreement with it is the accuracy that was planted."""
    true, votes, probs = plant(n_classes, n_rows=6000)

    found = multi_annotator_consensus(votes, probs, consensus_method="majority_vote")

    assert (found.consensus_labels == true).mean() > 0.98
    assert np.abs(found.annotators.agreement_with_consensus - ACCURACY).max() < 0.025
    assert np.argsort(found.annotators.quality).tolist() == list(range(len(ACCURACY)))


@pytest.mark.parametrize("n_classes", [2, 3, 6])
def test_weights_are_those_that_the_planted_accuracies_imply(n_classes: int) -> None:
    """Two annotators agree by chance of both being right, or wrong alike; guessing errs in all classes but one."""
    _, votes, probs = plant(n_classes, n_rows=20_000)

    found = multi_annotator_consensus(votes, probs, consensus_method="majority_vote")

    alike = np.outer(ACCURACY, ACCURACY) + np.outer(1 - ACCURACY, 1 - ACCURACY) / (n_classes - 1)
    agreement = (alike.sum(axis=1) - alike.diagonal()) / (len(ACCURACY) - 1)
    base_error = 1 - 1 / n_classes
    assert np.abs(found.annotators.weights - (1 - (1 - agreement) / base_error)).max() < 0.03
    assert found.model_weights[0] == pytest.approx((1 - 0.2 / base_error) * np.sqrt(len(ACCURACY)), abs=0.1)


def test_planted_annotators_of_label_sets_are_found_class_by_class() -> None:
    """Who is good at the first class is bad at the second."""
    generator = np.random.default_rng(4)
    accuracy = np.column_stack([ACCURACY, ACCURACY[::-1]])
    true = generator.random((6000, 2)) < 0.4
    answers = true[:, np.newaxis, :] ^ (generator.random((6000, *accuracy.shape)) >= accuracy)
    probs = np.where(true ^ (generator.random(true.shape) < 0.1), 0.85, 0.15)
    rows, annotators, codes = np.nonzero(answers)
    everyone = np.ones(answers.shape[:2], dtype=bool)
    votes = set_votes_from_triples(rows, annotators, codes, answered=everyone)

    found = multi_label_annotator_consensus(votes, probs, consensus_method="majority_vote")

    assert (found.consensus == true).mean() > 0.98
    assert np.abs(found.annotators.agreement_with_consensus - accuracy).max() < 0.025
    assert np.array_equal(np.argsort(found.annotators.class_quality, axis=0), np.argsort(accuracy, axis=0))
