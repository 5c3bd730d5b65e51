"""How many errors were found, how many are left, and whether to go on: figures that each say how they are computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, expit

from labelclean.arrays import FloatArray
from labelclean.errors import InvalidInputError
from labelclean.review.shares import jeffreys_interval
from labelclean.review.yield_figures import BAND_STARTS, Band, Estimate, StepCounts, StopRule, YieldEstimate
from labelclean.review.yield_trend import Trend, fit_trend

__all__ = ["estimate_yield"]


def estimate_yield(
    decided: StepCounts,
    n_wrong: FloatArray,
    *,
    next_rows: StepCounts,
    queue: StepCounts,
    data: StepCounts,
    looked_at: tuple[int, int] | None = None,
    n_found: int | None = None,
    prior_weight: float = 10.0,
    level: float = 0.9,
    rule: StopRule | None = None,
    n_too_few: int = 20,
) -> YieldEstimate:
    """
    Estimate from the decisions so far how many errors are left, and where.

    Parameters
    ----------
    decided : StepCounts
        The rows with a verdict that their label is right or wrong, by the error probability that was shown with them.
        Unsure, ambiguous and excluded rows are no verdict and are left out.
    n_wrong : ndarray of float64, shape (n_steps,)
        How many of them were wrong.
    next_rows, queue, data : StepCounts
        The undecided rows: those that come next, all of the queue, and all that have a label.
    looked_at : tuple of int, optional
        Rows looked at one by one, and how many of them were wrong, where those above are only part of them or weighted.
    n_found : int, optional
        All wrong labels found, also those found without being evidence of the probabilities, as in bulk.
    prior_weight : float, default=10.0
        So many decisions are the run's own error probabilities worth, in each band.
    level : float, default=0.9
        How sure the intervals are.
    rule : StopRule, optional
        When to suggest to stop.
    n_too_few : int, default=20
        With fewer verdicts it is too early to say.

    Returns
    -------
    YieldEstimate
        Every figure with its interval and with how it is computed.

    Raises
    ------
    InvalidInputError
        If more rows of a step were wrong than were decided, or the prior weighs nothing.

    Notes
    -----
    First one line through all verdicts, in log-odds, corrects the probabilities (``yield_trend.fit_trend``): this
    speaks for bands that nobody has looked into yet. Then, in each band, the share of wrong labels among rows of mean
    corrected probability m has a Beta posterior. Its prior has mean m and the weight of ``prior_weight`` decisions;
    the decisions so far, whose mean probability d was another one (a queue begins with the worst), count with their
    errors times m / d. Numbers of errors among n such rows are beta-binomial. Sums over bands have the mean and the
    variance of their parts and of the line, and the quantiles of the Beta distribution that has both.

    References
    ----------
    Gelman et al. (2013), "Bayesian Data Analysis", 3rd edition, sections 2.4 and 5.3; Brown, Cai & DasGupta (2001),
    Statistical Science 16 (Jeffreys' interval, for the share so far).

    Examples
    --------
    Half of 40 rows shown with 90 % were wrong: 200 more of that kind are expected to hold about a hundred.

    >>> shown, left = StepCounts.of(np.full(40, 0.9)), StepCounts.of(np.full(200, 0.9))
    >>> found = estimate_yield(shown, shown.n_rows / 2, next_rows=left, queue=left, data=left)
    >>> round(found.left_in_queue.value, -1), found.n_wrong
    (100.0, 20)
    """
    if (n_wrong > decided.n_rows + 1e-9).any() or (n_wrong < 0).any() or prior_weight <= 0.0:
        raise InvalidInputError(
            "Of the rows decided at most all can be wrong, and the prior must weigh something; got up to "
            f"{float((n_wrong - decided.n_rows).max()):,.0f} more, and a weight of {prior_weight}.",
            fix="Count the decisions of one project.",
        )
    rule = StopRule() if rule is None else rule
    n_decided, n_wrong_seen = (round(decided.n_rows.sum()), round(n_wrong.sum())) if looked_at is None else looked_at
    trend = fit_trend(decided.log_odds, decided.n_rows, n_wrong)
    posteriors = _Posteriors(decided=decided, n_wrong=n_wrong, trend=trend, weight=prior_weight, level=level)
    n_next = int(next_rows.n_rows.sum())
    coming = posteriors.number(next_rows, "the next rows")
    left = posteriors.number(data, "all undecided rows")
    share = _share_left(n_wrong_seen if n_found is None else n_found, left)
    is_early = n_decided < n_too_few
    stop = None
    if not is_early:
        stop = _reason_to_stop(rule, n_decided=n_decided, n_next=n_next, coming=coming, left=left, share=share)
    return YieldEstimate(
        n_decided=n_decided,
        n_wrong=n_wrong_seen,
        so_far=_share_so_far(n_wrong_seen, n_decided, level),
        next_rows=coming,
        n_next=n_next,
        left_in_queue=posteriors.number(queue, "the undecided rows of this queue"),
        left_in_data=left,
        share_left=share,
        bands=posteriors.bands(data),
        is_early=is_early,
        stop=stop,
    )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Posteriors:
    """What the decisions say about undecided rows, band by band."""

    decided: StepCounts
    n_wrong: FloatArray
    trend: Trend
    weight: float
    level: float

    @property
    def n_decided(self) -> FloatArray:
        """Verdicts in each band."""
        return _by_band(self.decided.n_rows)

    def parameters(self, rows: StepCounts) -> tuple[FloatArray, FloatArray]:
        """Return both parameters of each band's Beta posterior for the share of wrong labels among some rows."""
        mean, shown = self._mean(rows), self._mean(self.decided)
        n_wrong = np.minimum(_by_band(self.n_wrong) * mean / shown, self.n_decided)
        return self.weight * mean + n_wrong, self.weight * (1.0 - mean) + self.n_decided - n_wrong

    def _mean(self, rows: StepCounts) -> FloatArray:
        """Return the share of wrong labels that the trend expects in each band."""
        n_rows = np.maximum(rows.n_rows, 1e-9)  # an empty band has the mean of its steps
        expected = _by_band(n_rows * self.trend.rates(rows.log_odds))
        return np.clip(expected / _by_band(n_rows), 1e-6, 1.0 - 1e-6)

    def number(self, rows: StepCounts, of_what: str) -> Estimate:
        """Return how many of some rows are wrong."""
        first, second = self.parameters(rows)
        total, n_rows = first + second, _by_band(rows.n_rows)
        rate = first / total
        spread = n_rows * rate * (1.0 - rate) * (total + n_rows) / (total + 1.0)  # beta-binomial
        by_trend = np.repeat(self.weight / total, np.diff([*BAND_STARTS, len(rows.n_rows)]))
        variance = float(spread.sum()) + self.trend.variance(rows.log_odds, rows.n_rows * by_trend)
        value, size = float((n_rows * rate).sum()), float(n_rows.sum())
        low, high = _beta_interval(value, variance, size, self.level)
        how = (
            f"Of {of_what} ({size:,.0f}), each band of error probability is expected to be wrong as often as your "
            f"verdicts in it say, together with the model's own probability, which counts like {self.weight:g} "
            "decisions after one line through all your verdicts corrected it (the newest count most once the order "
            "was learned); "
            f"{100 * self.level:.0f} % interval of a Beta posterior."
        )
        return Estimate(value=value, low=low, high=high, how=how)

    def bands(self, rows: StepCounts) -> tuple[Band, ...]:
        """Return what is known of each band."""
        first, second = self.parameters(rows)
        starts = expit([-np.inf, *(0.5 * (start - 16) for start in BAND_STARTS[1:]), np.inf])
        tail = (1.0 - self.level) / 2.0
        ends = betaincinv(first, second, np.array([[tail], [1.0 - tail]]))
        n_wrong, n_left = _by_band(self.n_wrong), _by_band(rows.n_rows)
        bands = []
        for place, n_decided in enumerate(self.n_decided.tolist()):
            rate = float(first[place] / (first[place] + second[place]))
            how = (
                f"Beta posterior: {n_decided:,.0f} verdicts, {n_wrong[place]:,.0f} of them wrong, beside the model's "
                f"corrected probability with the weight of {self.weight:g} decisions."
            )
            low, high = min(float(ends[0, place]), rate), max(float(ends[1, place]), rate)
            bands.append(
                Band(
                    low=float(starts[place]),
                    high=float(starts[place + 1]),
                    n_decided=round(n_decided),
                    n_wrong=round(n_wrong[place]),
                    rate=Estimate(value=rate, low=low, high=high, how=how),
                    n_left=int(n_left[place]),
                )
            )
        return tuple(bands)


def _by_band(values: FloatArray) -> FloatArray:
    return np.asarray(np.add.reduceat(values, BAND_STARTS), dtype=np.float64)


def _beta_interval(mean: float, variance: float, size: float, level: float) -> tuple[float, float]:
    """Return the ends of the interval of a Beta distribution on 0 to ``size``, which hold the mean."""
    if size <= 0.0 or variance <= 0.0:
        return mean, mean
    share, spread = mean / size, variance / size**2
    weight = max(share * (1.0 - share) / spread - 1.0, 1e-3)
    tail = (1.0 - level) / 2.0
    low, high = size * betaincinv(share * weight, (1.0 - share) * weight, np.array([tail, 1.0 - tail]))
    return min(float(low), mean), max(float(high), mean)


def _share_so_far(n_wrong: int, n_decided: int, level: float) -> Estimate:
    low, high = jeffreys_interval(n_wrong, n_decided, level=level)
    value = n_wrong / n_decided if n_decided else 0.5
    how = (
        f"{n_wrong:,} wrong labels in {n_decided:,} verdicts; {100 * level:.0f} % Jeffreys interval. Accept and "
        "another class count as wrong, keep as right; unsure, ambiguous and excluded rows count as neither."
    )
    return Estimate(value=value, low=low, high=high, how=how)


def _share_left(n_found: int, left: Estimate) -> Estimate:
    def share(number: float) -> float:
        return number / (n_found + number) if n_found + number > 0.0 else 0.0

    how = f"Errors left in the data by those found ({n_found:,}) and left together."
    return Estimate(value=share(left.value), low=share(left.low), high=share(left.high), how=how)


def _reason_to_stop(
    rule: StopRule, *, n_decided: int, n_next: int, coming: Estimate, left: Estimate, share: Estimate
) -> str | None:
    if n_decided < rule.n_decisions or n_next == 0:
        return None
    expected = coming.value * rule.n_next / n_next if n_next < rule.n_next else coming.value
    n_wrong = round(coming.value)
    said = f"Of the next {n_next:,} about {n_wrong:,} {'is' if n_wrong == 1 else 'are'} wrong"
    part = "less than 1 %" if share.value < 0.01 else f"about {100 * share.value:.0f} %"  # noqa: PLR2004
    if expected <= rule.few_in_next and share.value <= rule.share_left:
        return f"{said}, and {part} of all errors are left: you may stop."
    if expected <= rule.hardly_any:
        return (
            f"{said}. About {left.value:,.0f} errors ({left.low:,.0f} to {left.high:,.0f}) are still in the data, but "
            "so scattered that going on finds few of them: you may stop."
        )
    return None
