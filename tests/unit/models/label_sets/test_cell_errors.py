from __future__ import annotations

import numpy as np
from scipy.special import expit

from labelclean.models.label_sets.cell_errors import (
    error_log_odds,
    estimate_label_noise,
    evidence_of_given,
    move_to_total,
    n_wrong_rows,
    row_log_odds,
)


def test_shares_of_errors_are_pulled_to_those_of_all_labels() -> None:
    """
    Worked out by hand.

    Two labels of 80 rows each, none of the first missing, 8 of 40 of the second: the pooled share is 8 / 80, and
    (0 + 50 * 0.1) / 90 * 40 = 2.22, (8 + 50 * 0.1) / 90 * 40 = 5.78.
    """
    sure = np.where(np.arange(80) < 40, 4.0, -4.0)
    log_odds = np.stack([sure, sure], axis=1).astype(np.float32)
    given = log_odds > 0
    log_odds[40:48, 1] = 4.0

    noise = estimate_label_noise(log_odds, given)

    np.testing.assert_allclose(noise.n_missing, [5 / 90 * 40, 13 / 90 * 40])
    np.testing.assert_allclose(noise.n_added, [0.0, 0.0])
    np.testing.assert_allclose(noise.missing_rates, noise.n_missing / (40 + noise.n_missing))
    assert np.isclose(noise.n_wrong_cells, 8.0)


def test_labels_of_nobody_and_of_everybody_have_finite_rates() -> None:
    """There is no threshold for a state that no row has, so nothing is counted."""
    given = np.array([[False, True]] * 5)

    noise = estimate_label_noise(np.zeros((5, 2), dtype=np.float32), given)

    assert noise.n_wrong_cells == 0.0
    assert (noise.added_rate_beside, noise.missing_rate_beside) == (0.0, 0.0)
    assert np.isfinite(noise.added_rates).all()
    assert np.isfinite(noise.missing_rates).all()


def test_errors_that_come_together_have_rates_of_their_own() -> None:
    """
    Worked out by hand.

    Of 100 rows with two labels, 4 have one in place of the other, and 2 lack one. Beside an error, 4 of 4 given cells
    are wrong, and 4 of 6 others; of all cells, 4 of 98 given ones and 6 of 102 others.
    """
    right = np.array([[False, True]] * 4 + [[True, False]] * 48 + [[False, True]] * 48)
    given = right.copy()
    given[:4] = ~given[:4]
    given[4:6] = False
    log_odds = np.where(right, 4, -4).astype(np.float32)

    noise = estimate_label_noise(log_odds, given)

    n_added, n_missing = (4 + 20 * 4 / 98) / 24 * 4, (4 + 50 * 6 / 102) / 56 * 6
    assert np.isclose(noise.added_rate_beside, n_added / (6 + n_added - n_missing))
    assert np.isclose(noise.missing_rate_beside, n_missing / (4 - n_added + n_missing))


def test_what_was_given_speaks_by_how_rarely_it_is_wrong() -> None:
    """The ratio of 0.8 to 0.1 where given, of 0.2 to 0.9 where not; no state is proof, and none is turned around."""
    np.testing.assert_allclose(evidence_of_given(0.1, 0.2), np.log([8, 2 / 9]))
    np.testing.assert_allclose(evidence_of_given(0.0, 0.0), np.log([999, 1 / 999]))
    np.testing.assert_allclose(evidence_of_given(0.9, 0.9), np.log([1, 1]))


def test_what_was_given_decides_the_sign() -> None:
    """Odds for a label speak against its absence; extreme ones are cut at 20."""
    found = error_log_odds(np.array([[3, 3, 99]], dtype=np.float32), np.array([[True, False, False]]))

    assert found.tolist() == [[-3.0, 3.0, 20.0]]


def test_the_odds_of_a_row_are_the_sum_of_its_cells_odds() -> None:
    """Odds of 1, 2 and 5 make 8."""
    found = row_log_odds(np.log(np.array([[1, 2, 5]], dtype=np.float32)))

    np.testing.assert_allclose(found, np.log(8), rtol=1e-6)


def test_probabilities_are_moved_to_the_wanted_total() -> None:
    """In any order of the rows the same."""
    log_odds = np.random.default_rng(0).normal(-3, 2, (500, 4)).astype(np.float32)

    move = move_to_total(log_odds, 100.0)

    assert abs(expit(log_odds + move).sum() - 100.0) < 0.5
    assert move == move_to_total(log_odds[::-1], 100.0)


def test_none_and_all_are_never_certain() -> None:
    """The total is kept half a cell away from both."""
    log_odds = np.zeros(10)

    assert abs(expit(log_odds + move_to_total(log_odds, 0.0)).sum() - 0.5) < 0.05
    assert abs(expit(log_odds + move_to_total(log_odds, 10.0)).sum() - 9.5) < 0.05
    assert move_to_total(np.empty(0), 3.0) == 0.0


def test_a_row_is_wrong_unless_all_its_cells_are_right() -> None:
    """1 - 1/2 * 3/4."""
    found = n_wrong_rows(np.array([[0.0, -np.log(3)]], dtype=np.float32), 0.0)

    assert np.isclose(found, 1 - 0.375)
