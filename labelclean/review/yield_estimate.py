"""How many errors were found, how many are left, and whether to go on: figures that each say how they are computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from labelclean.arrays import FloatArray
from labelclean.errors import InvalidInputError
from labelclean.review.yield_figures import BAND_EDGES, N_BANDS, Band, BandCounts, Estimate, StopRule, YieldEstimate

__all__ = ["estimate_yield"]

_JEFFREYS = 0.5


def estimate_yield(
    decided: BandCounts,
    n_wrong: FloatArray,
    *,
    next_rows: BandCounts,
    queue: BandCounts,
    data: BandCounts,
    n_found_otherwise: int = 0,
    prior_weight: float = 10.0,
    level: float = 0.9,
    rule: StopRule | None = None,
    n_too_few: int = 20,
) -> YieldEstimate:
    """
    Estimate from the decisions so far how many errors are left, and where.

    Parameters
    ----------
    decided : BandCounts
        The rows with a verdict that their label is right or wrong, by the error probability that was shown with them.
        Unsure, ambiguous and excluded rows are no verdict and are left out.
    n_wrong : ndarray of float64, shape (n_bands,)
        How many of them were wrong.
    next_rows, queue, data : BandCounts
        The undecided rows: those that come next, all of the queue, and all that have a label.
    n_found_otherwise : int, default=0
        Wrong labels that were found without being evidence of the probabilities, as in bulk.
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
        If more rows of a band were wrong than were decided, or the prior weighs nothing.

    Notes
    -----
    In each band, the share of wrong labels among rows of mean error probability m has a Beta posterior. Its prior has
    mean m and the weight of ``prior_weight`` decisions; the decisions so far, whose mean probability d was another one
    (a queue begins with the worst), count with their errors times m / d. Numbers of errors among n such rows are
    beta-binomial. Sums over bands have the mean and the variance of their parts, and the quantiles of the Beta
    distribution that has both.

    References
    ----------
    Gelman et al. (2013), "Bayesian Data Analysis", 3rd edition, sections 2.4 and 5.3; Brown, Cai & DasGupta (2001),
    Statistical Science 16 (Jeffreys' interval, for the share so far).

    Examples
    --------
    >>> shown = BandCounts.of(np.full(40, 0.9))
    >>> left = BandCounts.of(np.full(200, 0.9))
    >>> found = estimate_yield(shown, np.array([0, 0, 0, 0, 20.0]), next_rows=left, queue=left, data=left)
    >>> round(found.left_in_queue.value), found.n_wrong
    (116, 20)
    """
    if (n_wrong > decided.n_rows).any() or (n_wrong < 0).any() or prior_weight <= 0.0:
        raise InvalidInputError(
            "Of the rows decided at most all can be wrong, and the prior must weigh something; got up to "
            f"{float((n_wrong - decided.n_rows).max()):,.0f} more, and a weight of {prior_weight}.",
            fix="Count the decisions of one project.",
        )
    rule = StopRule() if rule is None else rule
    n_decided, n_found = int(decided.n_rows.sum()), int(n_wrong.sum())
    posteriors = _Posteriors(decided=decided, n_wrong=n_wrong, weight=prior_weight, level=level)
    n_next = int(next_rows.n_rows.sum())
    coming = posteriors.number(next_rows, "the next rows")
    left = posteriors.number(data, "all undecided rows")
    share = _share_left(n_found + n_found_otherwise, left)
    is_early = n_decided < n_too_few
    stop = None
    if not is_early:
        stop = _reason_to_stop(rule, n_decided=n_decided, n_next=n_next, coming=coming, left=left, share=share)
    return YieldEstimate(
        n_decided=n_decided,
        n_wrong=n_found,
        so_far=_share_so_far(n_found, n_decided, level),
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

    decided: BandCounts
    n_wrong: FloatArray
    weight: float
    level: float

    def parameters(self, rows: BandCounts) -> tuple[FloatArray, FloatArray]:
        """Return both parameters of each band's Beta posterior for the share of wrong labels among some rows."""
        mean = np.clip(rows.mean, 1e-6, 1.0 - 1e-6)
        shown = np.where(self.decided.n_rows > 0, np.maximum(self.decided.mean, 1e-6), mean)
        n_decided = self.decided.n_rows
        n_wrong = np.minimum(self.n_wrong * mean / shown, n_decided)
        return self.weight * mean + n_wrong, self.weight * (1.0 - mean) + n_decided - n_wrong

    def number(self, rows: BandCounts, of_what: str) -> Estimate:
        """Return how many of some rows are wrong."""
        first, second = self.parameters(rows)
        total, n_rows = first + second, rows.n_rows
        rate = first / total
        spread = n_rows * rate * (1.0 - rate) * (total + n_rows) / (total + 1.0)  # beta-binomial
        value, size = float((n_rows * rate).sum()), float(n_rows.sum())
        low, high = _beta_interval(value, float(spread.sum()), size, self.level)
        how = (
            f"Of {of_what} ({size:,.0f}), each band of error probability is expected to be wrong as often as your "
            f"verdicts in it say, together with the model's own probability, which counts like {self.weight:g} "
            f"decisions; {100 * self.level:.0f} % interval of a Beta posterior."
        )
        return Estimate(value=value, low=low, high=high, how=how)

    def bands(self, rows: BandCounts) -> tuple[Band, ...]:
        """Return what is known of each band."""
        first, second = self.parameters(rows)
        edges, tail = (0.0, *BAND_EDGES, 1.0), (1.0 - self.level) / 2.0
        ends = betaincinv(first, second, np.array([[tail], [1.0 - tail]]))
        bands = []
        for place in range(N_BANDS):
            rate, n_decided = float(first[place] / (first[place] + second[place])), int(self.decided.n_rows[place])
            how = (
                f"Beta posterior: {n_decided:,} verdicts, {int(self.n_wrong[place]):,} of them wrong, beside the "
                f"model's own probability with the weight of {self.weight:g} decisions."
            )
            low, high = min(float(ends[0, place]), rate), max(float(ends[1, place]), rate)
            bands.append(
                Band(
                    low=edges[place],
                    high=edges[place + 1],
                    n_decided=n_decided,
                    n_wrong=int(self.n_wrong[place]),
                    rate=Estimate(value=rate, low=low, high=high, how=how),
                    n_left=int(rows.n_rows[place]),
                )
            )
        return tuple(bands)


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
    tail = (1.0 - level) / 2.0
    low, high = betaincinv(n_wrong + _JEFFREYS, n_decided - n_wrong + _JEFFREYS, np.array([tail, 1.0 - tail]))
    value = n_wrong / n_decided if n_decided else _JEFFREYS
    how = (
        f"{n_wrong:,} wrong labels in {n_decided:,} verdicts; {100 * level:.0f} % Jeffreys interval. Accept and "
        "another class count as wrong, keep as right; unsure, ambiguous and excluded rows count as neither."
    )
    return Estimate(value=value, low=min(float(low), value), high=max(float(high), value), how=how)


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
    said = f"Of the next {n_next:,} about {coming.value:,.0f} are wrong"
    if expected <= rule.few_in_next and share.value <= rule.share_left:
        return f"{said}, and about {100 * share.value:.0f} % of all errors are left: you may stop."
    if expected <= rule.hardly_any:
        return (
            f"{said}. About {left.value:,.0f} errors ({left.low:,.0f} to {left.high:,.0f}) are still in the data, but "
            "so scattered that going on finds few of them: you may stop."
        )
    return None
