"""Tests of the figures of a review: Beta posteriors by hand and by another library, and the reasons to stop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import expit

from labelclean.arrays import FloatArray
from labelclean.errors import InvalidInputError
from labelclean.review.yield_estimate import estimate_yield
from labelclean.review.yield_figures import N_STEPS, Estimate, StepCounts, StopRule, YieldEstimate, step_of
from labelclean.review.yield_trend import fit_trend

NOTHING = StepCounts.of(np.empty(0))


def _estimate(shown: FloatArray, wrong: FloatArray, left: FloatArray, *, rule: StopRule | None = None) -> YieldEstimate:
    n_wrong = np.bincount(step_of(shown), weights=wrong, minlength=N_STEPS).astype(np.float64)
    coming = StepCounts.of(np.sort(left)[::-1][:100])
    rows = StepCounts.of(left)
    return estimate_yield(StepCounts.of(shown), n_wrong, next_rows=coming, queue=rows, data=rows, rule=rule)


def test_rows_are_counted_in_steps_of_log_odds() -> None:
    """0.5 begins the upper half; rows without a label, whose probability is NaN, are left out."""
    counts = StepCounts.of(np.array([0.5, 0.6, 0.0, 1.0, np.nan]))

    assert counts.n_rows[[0, 16, 31]].tolist() == [1.0, 2.0, 1.0]
    assert counts.n_rows.sum() == 4.0
    assert counts.expected[16] == pytest.approx(1.1)


def test_the_share_so_far_has_jeffreys_interval() -> None:
    """12 of 40, against another library's Beta distribution."""
    shown, wrong = np.full(40, 0.5), np.repeat([1.0, 0.0], [12, 28])
    low, high = stats.beta(12.5, 28.5).ppf([0.05, 0.95])

    found = _estimate(shown, wrong, np.full(10, 0.5)).so_far

    assert (found.value, found.low, found.high) == pytest.approx((0.3, low, high))
    assert "12 wrong labels in 40 verdicts" in found.how


def test_before_any_verdict_the_model_is_believed() -> None:
    """100 rows at one half: 50 expected, and it is too early to say."""
    found = _estimate(np.empty(0), np.empty(0), np.full(100, 0.5))

    assert found.left_in_data.value == pytest.approx(50.0)
    assert found.is_early
    assert found.stop is None


def test_a_band_is_the_prior_and_its_verdicts() -> None:
    """The trend fits 20 of 40 at one half exactly, so the posterior is Beta(10 / 2 + 20, 10 / 2 + 20)."""
    shown, wrong = np.full(40, 0.5), np.repeat([1.0, 0.0], [20, 20])
    low, high = stats.beta(25, 25).ppf([0.05, 0.95])

    found = _estimate(shown, wrong, np.full(200, 0.5))

    band = found.bands[3]
    assert (band.low, band.high) == pytest.approx((0.5, expit(1.5)))
    assert (band.n_decided, band.n_wrong, band.n_left) == (40, 20, 200)
    assert (band.rate.value, band.rate.low, band.rate.high) == pytest.approx((0.5, low, high))
    assert found.left_in_data.value == pytest.approx(100.0)


def test_numbers_are_at_least_as_uncertain_as_beta_binomial_ones() -> None:
    """The line through the verdicts adds its own doubt."""
    shown, wrong = np.full(40, 0.5), np.repeat([1.0, 0.0], [20, 20])
    beta_binomial = stats.betabinom(200, 25, 25)

    found = _estimate(shown, wrong, np.full(200, 0.5)).left_in_data

    assert found.high - found.low >= beta_binomial.ppf(0.95) - beta_binomial.ppf(0.05) - 1.0


def test_verdicts_speak_for_bands_nobody_looked_into() -> None:
    """Half of the rows at 90 % were right: rows at 10 % are doubted too."""
    shown, wrong = np.full(60, 0.9), np.repeat([1.0, 0.0], [30, 30])

    found = _estimate(shown, wrong, np.full(1_000, 0.1))

    assert found.left_in_data.low < 100.0 < found.left_in_data.high
    assert found.left_in_data.value != pytest.approx(100.0, rel=0.05)


def test_an_honest_model_keeps_its_probabilities() -> None:
    """By hand: as many wrong as expected everywhere moves nothing."""
    log_odds = np.array([-2.0, 0.0, 2.0])

    trend = fit_trend(log_odds, np.full(3, 100.0), 100.0 * expit(log_odds))

    assert trend.weights == pytest.approx(np.zeros(2), abs=1e-8)
    assert trend.rates(log_odds) == pytest.approx(expit(log_odds))


def test_a_model_that_says_nothing_gets_a_flat_line() -> None:
    """One in three whatever it says, in many verdicts."""
    log_odds = np.array([-3.0, 0.0, 3.0])

    rates = fit_trend(log_odds, np.full(3, 1e5), np.full(3, 1e5 / 3)).rates(log_odds)

    assert rates == pytest.approx(np.full(3, 1 / 3), abs=0.01)


def test_nearly_done_says_how_much_is_left() -> None:
    """Many found, hardly any left, by an honest model."""
    shown = np.concatenate([np.full(200, 0.95), np.full(200, 0.02)])
    wrong = np.concatenate([np.repeat([1.0, 0.0], [190, 10]), np.repeat([1.0, 0.0], [4, 196])])

    found = _estimate(shown, wrong, np.full(300, 0.01))

    assert found.stop is not None
    assert found.stop.startswith("Of the next 100 about 1 is wrong, and about")
    assert found.share_left.value <= 0.05


def test_scattered_errors_are_no_reason_to_go_on() -> None:
    """Few found, many left, one in fifty."""
    shown = np.full(200, 0.02)
    wrong = np.repeat([1.0, 0.0], [4, 196])

    found = _estimate(shown, wrong, np.full(5_000, 0.02))

    assert found.stop is not None
    assert "so scattered that going on finds few of them" in found.stop
    assert found.share_left.value > 0.5


def test_a_rule_of_ones_own_decides() -> None:
    """The thresholds are arguments."""
    shown, wrong = np.full(60, 0.5), np.repeat([1.0, 0.0], [30, 30])
    left = np.full(300, 0.5)

    assert _estimate(shown, wrong, left).stop is None
    assert _estimate(shown, wrong, left, rule=StopRule(hardly_any=60.0)).stop is not None
    assert _estimate(shown, wrong, left, rule=StopRule(hardly_any=60.0, n_decisions=61)).stop is None


def test_at_the_end_of_the_queue_there_is_nothing_to_stop() -> None:
    """And nothing left."""
    found = _estimate(np.full(60, 0.5), np.zeros(60), np.empty(0))

    assert found.stop is None
    assert (found.left_in_queue.value, found.n_next) == (0.0, 0)


def test_more_wrong_than_decided_is_refused() -> None:
    """Counts of one project only."""
    with pytest.raises(InvalidInputError, match="at most all can be wrong"):
        estimate_yield(NOTHING, np.ones(N_STEPS), next_rows=NOTHING, queue=NOTHING, data=NOTHING)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60),
    st.lists(st.floats(0, 1), max_size=200),
)
def test_figures_are_possible_and_inside_their_intervals(decided: list[tuple[float, bool]], left: list[float]) -> None:
    """No number below nothing or above all there is."""
    shown = np.array([probability for probability, _ in decided], dtype=np.float64)
    wrong = np.array([float(is_wrong) for _, is_wrong in decided], dtype=np.float64)

    found = _estimate(shown, wrong, np.array(left, dtype=np.float64))

    for estimate, most in _with_bounds(found, len(left)):
        assert -1e-9 <= estimate.low <= estimate.value <= estimate.high <= most + 1e-6
        assert estimate.how


def _with_bounds(found: YieldEstimate, n_left: int) -> list[tuple[Estimate, float]]:
    shares = [found.so_far, found.share_left, *(band.rate for band in found.bands)]
    numbers = [(found.next_rows, found.n_next), (found.left_in_queue, n_left), (found.left_in_data, n_left)]
    return [(share, 1.0) for share in shares] + [(number, float(most)) for number, most in numbers]


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Four hundred simulated reviews of an honest model, decided from the top."""
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        probs = np.sort(rng.beta(0.4, 2.0, size=400))[::-1]
        is_wrong = rng.random(400) < probs
        found = _estimate(probs[:100], is_wrong[:100].astype(np.float64), probs[100:])
        held += found.left_in_data.low <= is_wrong[100:].sum() <= found.left_in_data.high

    assert held / 400 >= 0.85
