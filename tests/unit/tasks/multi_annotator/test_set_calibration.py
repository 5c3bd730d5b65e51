"""The temperatures that fit label sets."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator import (
    multi_label_annotator_consensus,
    multi_label_vote_temperatures,
    set_votes_from_triples,
)

Cell = list[int] | None


def test_each_class_and_model_has_a_temperature() -> None:
    """Three of four hold class 0, one class 1: odds of 9 to 1 need the root, of 3 to 1 none, of 81 to 1 the fourth."""
    votes: list[list[Cell]] = [[[0], [0], [0, 1], []]]

    found = multi_label_vote_temperatures(votes, [[[0.9, 0.25]], [[81 / 82, 0.1]]])

    assert found.tolist() == [pytest.approx([2.0, 1.0]), pytest.approx([4.0, 2.0])]


def test_an_example_counts_once_however_many_answered_and_not_at_all_without_an_answer() -> None:
    """One row all for the class and one all against it are an even split."""
    votes: list[list[Cell]] = [[[0], [0], [0]], [[], None, None], [None, None, None]]

    assert multi_label_vote_temperatures(votes, [[0.9], [0.9], [0.01]]).tolist() == [[20.0]]


@pytest.mark.parametrize(
    ("answers", "prob", "expected"),
    [
        ([[0], [0]], 0.9, 0.05),
        ([[], []], 0.1, 0.05),
        ([[], []], 0.9, 20.0),
        ([[0], []], 0.5, 1.0),
        ([None, None], 0.9, 1.0),
        ([[0], [0], []], 1.0, 20.0),
    ],
    ids=["always right", "rightly absent", "always wrong", "no opinion", "no answers", "certain"],
)
def test_limits_are_kept_and_nothing_to_learn_gives_one(answers: list[Cell], prob: float, expected: float) -> None:
    """A probability of 0 or 1 counts as 1e-30 from it."""
    assert multi_label_vote_temperatures([answers], [[prob]], class_names=[0]).tolist() == [[expected]]


def test_a_consensus_softens_the_model_first() -> None:
    """Nobody can be compared, so that the quality is the model's probability, under the temperature that is told."""
    votes: list[list[Cell]] = [[[0], None], [None, [0]], [[0], None], [None, []]]
    probs = [[0.9]] * 4

    with pytest.warns(match="No example has two votes"):
        found = multi_label_annotator_consensus(votes, probs, calibrate=True)
    with pytest.warns(match="No example has two votes"):
        plain = multi_label_annotator_consensus(votes, probs)

    assert found.temperatures.tolist() == [[pytest.approx(2.0)]]
    assert found.consensus_quality.ravel().tolist() == pytest.approx([0.75, 0.75, 0.75, 0.25])
    assert plain.temperatures.tolist() == [[1.0]]
    assert plain.consensus_quality.ravel().tolist() == pytest.approx([0.9, 0.9, 0.9, 0.1])


def test_without_a_model_there_is_nothing_to_soften() -> None:
    """Agreement takes the option and ignores it."""
    found = multi_label_annotator_consensus([[[0], []]], quality_method="agreement", calibrate=True)

    assert found.temperatures.shape == (0, 1)
    with pytest.raises(InvalidInputError, match="pred_probs must be given"):
        multi_label_vote_temperatures([[[0], []]], None)  # type: ignore[arg-type]


def test_how_many_classes_are_read_at_once_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven classes in groups of two; tables in any layout and precision."""
    generator = np.random.default_rng(3)
    answered = generator.random((60, 4)) < 0.7
    members = (generator.random((60, 4, 7)) < 0.4) & answered[:, :, np.newaxis]
    votes = set_votes_from_triples(*np.nonzero(members), answered=answered, class_names=range(7))
    probs = generator.random((2, 60, 7)).astype(np.float32)
    before = probs.copy()

    whole = multi_label_vote_temperatures(votes, probs)
    monkeypatch.setattr("labelclean.tasks.multi_annotator.set_calibration._CLASSES_AT_ONCE", 2)
    cut = multi_label_vote_temperatures(votes, [np.asfortranarray(table) for table in probs])

    assert cut.tobytes() == whole.tobytes()
    assert np.array_equal(probs, before)
