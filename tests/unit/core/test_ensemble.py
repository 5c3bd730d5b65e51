"""Several models' probabilities, joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.core.ensemble import average_pred_probs, ensemble_label_quality_scores, model_weights
from labelclean.errors import ConfigError, InvalidInputError

LABELS = [0, 1, 1]
GOOD = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]])  # right 3 times
POOR = np.array([[0.6, 0.4], [0.9, 0.1], [0.7, 0.3]])  # right once


def test_models_count_in_proportion_to_how_often_they_are_right() -> None:
    """By hand: 3 and 1 of 3."""
    found = model_weights(LABELS, [GOOD, POOR])

    assert found.tolist() == [0.75, 0.25]


def test_scores_and_probabilities_are_averaged_with_the_weights() -> None:
    """By hand, with 3 to 1."""
    scores = ensemble_label_quality_scores(LABELS, [GOOD, POOR])
    probs = average_pred_probs(LABELS, [GOOD, POOR], weights=[3, 1])

    assert np.allclose(scores, [0.825, 0.625, 0.525])
    assert np.allclose(probs, [[0.825, 0.175], [0.375, 0.625], [0.475, 0.525]])


def test_each_models_own_thresholds_are_taken_off() -> None:
    """One model twice is one model, adjusted or not."""
    one = ensemble_label_quality_scores(LABELS, [GOOD], adjust_pred_probs=True)
    two = ensemble_label_quality_scores(LABELS, [GOOD, GOOD], adjust_pred_probs=True)

    assert np.allclose(one, two)
    assert not np.allclose(one, ensemble_label_quality_scores(LABELS, [GOOD]))


def test_a_model_much_better_by_log_loss_counts_almost_alone() -> None:
    """The temperature under which the average fits best is a high one."""
    found = model_weights(LABELS, [GOOD, POOR], weights="log_loss_search")

    assert found[0] > 0.99


def test_without_rows_models_count_alike() -> None:
    """Nothing can be said about them."""
    nothing = np.empty((0, 2))

    for rule in ("accuracy", "uniform", "log_loss_search"):
        assert model_weights([], [nothing, nothing], weights=rule).tolist() == [0.5, 0.5]


def test_weights_cannot_be_written_to() -> None:
    """Results are handed to several readers."""
    with pytest.raises(ValueError, match="read-only"):
        model_weights(LABELS, [GOOD])[0] = 2.0


@pytest.mark.parametrize(
    "weights", [[1.0], [1.0, -1.0], [0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0], ["a", "b"], [[1.0], 2.0]]
)
def test_weights_that_are_no_shares_are_refused(weights: Sequence[Any]) -> None:
    """One finite number of 0 or more for each model, not all 0."""
    with pytest.raises(ConfigError, match="weights must be 2 numbers of 0 or more"):
        model_weights(LABELS, [GOOD, POOR], weights=weights)


def test_a_rule_for_weights_that_does_not_exist_is_refused() -> None:
    """The message names those that do."""
    with pytest.raises(ConfigError, match="one of accuracy, uniform, log_loss_search, or numbers; got 'best'"):
        model_weights(LABELS, [GOOD], weights="best")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("models", "message"),
    [
        ([], "at least one model; got none"),
        ([GOOD, np.full((3, 3), 1 / 3)], "got 2 columns for model 0 and 3 for model 1"),
        ([GOOD, GOOD[:2]], "one row for each of the 3 labels"),
        ([GOOD, np.full((3, 2), np.nan)], "in 3 rows, first in row 0"),
    ],
)
def test_models_that_do_not_fit_are_refused(models: list[NDArray[np.float64]], message: str) -> None:
    """Each is checked like a single one."""
    with pytest.raises(InvalidInputError, match=message):
        ensemble_label_quality_scores(LABELS, models)
