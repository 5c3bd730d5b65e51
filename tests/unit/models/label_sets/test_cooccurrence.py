from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from labelclean.errors import RunCancelledError
from labelclean.models.label_sets import cooccurrence
from labelclean.models.label_sets.cooccurrence import with_cooccurrence


def _independent(seed: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-1.0, 1.0, (600, 4)).astype(np.float32)
    return log_odds, rng.random((600, 4)) < 1 / (1 + np.exp(-log_odds))


@pytest.mark.parametrize("seed", range(5))
def test_labels_drawn_independently_stay_as_the_text_has_them(seed: int) -> None:
    """There is nothing to gain, so nothing is changed."""
    log_odds, given = _independent(seed)

    found = with_cooccurrence(log_odds, given, np.arange(600) % 5)

    assert not found.is_used
    np.testing.assert_array_equal(found.log_odds, log_odds)


def test_a_label_that_always_comes_with_another_is_missed() -> None:
    """Of 300 rows with the first label, one lacks the second: that one is expected to have it."""
    rng = np.random.default_rng(0)
    first = rng.random(600) < 0.5
    given = np.stack([first, first], axis=1)
    row = int(np.flatnonzero(first)[0])
    given[row, 1] = False

    found = with_cooccurrence(np.zeros((600, 2), dtype=np.float32), given, np.arange(600) % 5)

    assert found.is_used
    assert found.log_odds[row, 1] > 1.0


def test_labels_can_be_judged_beside_other_sets_than_the_given_ones() -> None:
    """Beside the first label the second is expected, without it it is not; by the model that did not see the row."""
    first = np.random.default_rng(0).random(600) < 0.5
    given = np.stack([first, first], axis=1)
    folds = np.arange(600) % 5
    folds[-1] = -1
    text = np.zeros((600, 2), dtype=np.float32)
    found = with_cooccurrence(text, given, folds)
    sets = np.array([[True, False], [False, False], [True, True]])

    rows = slice(597, 600)
    judged = found.beside(sets, rows)

    assert judged[0, 1] > 1.0
    assert judged[1, 1] < -1.0
    assert judged[2].tolist() == [0.0, 0.0]  # no label set: the text alone
    elsewhere = np.zeros((600, 2), dtype=np.bool_)
    elsewhere[rows] = sets
    np.testing.assert_allclose(found.beside(elsewhere, slice(0, 600))[rows], judged, rtol=1e-6)


def test_where_the_others_are_not_used_they_say_nothing() -> None:
    """Whatever set a row is taken to have."""
    log_odds, given = _independent(0)

    found = with_cooccurrence(log_odds, given, np.arange(600) % 5)

    np.testing.assert_array_equal(found.beside(~given, slice(0, 600)), log_odds)


def test_one_label_has_no_company() -> None:
    """Nothing to learn from, nothing to fail on."""
    found = with_cooccurrence(np.zeros((4, 1), dtype=np.float32), np.ones((4, 1), dtype=np.bool_), np.arange(4) % 2)

    assert not found.is_used


def test_the_model_is_the_one_the_notes_describe() -> None:
    """Its penalised pseudo-likelihood is as high as the best that a general minimiser finds, written down plainly."""
    log_odds, given = _independent(1)
    given[:, 1] |= given[:, 0]
    numbers = given.astype(np.float64)

    def loss(parameters: NDArray[np.float64]) -> float:
        square = parameters[:16].reshape(4, 4)
        pairs = (square + square.T) / 2
        np.fill_diagonal(pairs, 0.0)
        alone = (numbers.sum(axis=1, keepdims=True) - numbers) == 0
        field = parameters[24] * log_odds + parameters[20:24] + numbers @ pairs + parameters[16:20] * alone
        penalty = 10.0 * (pairs**2).sum() + 10.0 * (parameters[16:20] ** 2).sum() + (parameters[20:24] ** 2).sum()
        return float(np.logaddexp(0, np.where(given, -field, field)).sum() + penalty / 2)

    found = cooccurrence._fit(log_odds, given, lambda _: None)

    ours = found.parameters.astype(np.float64)
    ours[:16] = found.pairs.ravel()
    assert loss(ours) <= float(minimize(loss, np.zeros(25)).fun) * (1 + 1e-3)


def test_rows_without_a_set_keep_what_their_text_says() -> None:
    """They have no other labels."""
    given = np.array([[True, False], [False, True]] * 100)
    folds = np.arange(200) % 5
    folds[7] = -1

    found = with_cooccurrence(np.full((200, 2), 0.5, dtype=np.float32), given, folds)

    assert found.is_used
    assert found.log_odds[7].tolist() == [0.5, 0.5]


def test_it_stops_when_told_to() -> None:
    """The error of the progress callable comes through."""
    log_odds, given = _independent(0)

    def stop(step: str, fraction: float) -> None:
        if fraction > 0.3:
            raise RunCancelledError(step)

    with pytest.raises(RunCancelledError):
        with_cooccurrence(log_odds, given, np.arange(600) % 5, progress=stop)
