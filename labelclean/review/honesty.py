"""Whether the score is honest: how many of the rows it calls 80 % likely to be wrong the reviewers found wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from labelclean.arrays import FloatArray, MaskArray
from labelclean.review.decision_columns import DecisionColumns
from labelclean.review.decisions import Verdict
from labelclean.review.shares import Share, share_of

__all__ = ["FEWEST_TELLING", "Honesty", "HonestyBand", "HonestyVerdict", "honesty_of"]

FEWEST_TELLING = 20
"""With fewer decisions it is too early to say."""

HonestyVerdict: TypeAlias = Literal["early", "fits", "bold", "timid"]
"""Too early to say; what it says comes true; it claims more errors than there are; it claims fewer."""

_TWO_SIDED_5_PERCENT = 1.96
_EDGES = (0.05, 0.2, 0.5, 0.8)  # narrow where most rows are, and where most errors are


@dataclass(frozen=True, kw_only=True, slots=True)
class HonestyBand:
    """
    The decided rows of one band of error probability.

    Attributes
    ----------
    low, high : float
        Ends of the band, 0 to 1.
    predicted : float
        Mean error probability of its rows, 0 to 1; 0 where there are none.
    wrong : Share
        How many of them had a wrong label.
    taken : Share
        How many of them took the suggestion.
    """

    low: float
    high: float
    predicted: float
    wrong: Share
    taken: Share


@dataclass(frozen=True, kw_only=True, slots=True)
class Honesty:
    """
    How what the score said compares with what reviewers found.

    Attributes
    ----------
    bands : tuple of HonestyBand
        Those with decisions, rising.
    wrong : Share
        All of them together.
    predicted : float
        Mean error probability of all of them, 0 to 1.
    brier : float
        Mean squared distance of the error probability from what came out, 0 to 1; 0 is best, and whoever always says
        50 % gets 0.25.
    calibration_error : float
        Mean distance of predicted and found share over the bands, weighted by their rows, 0 to 1.
    verdict : HonestyVerdict
        What it comes to.
    """

    bands: tuple[HonestyBand, ...]
    wrong: Share
    predicted: float
    brier: float
    calibration_error: float
    verdict: HonestyVerdict


def honesty_of(columns: DecisionColumns) -> Honesty:
    """
    Compare the error probabilities that were shown with the decisions.

    Parameters
    ----------
    columns : DecisionColumns
        Decisions in force. Only those tell that keep or correct a given label of a row that somebody looked at by
        itself, and whose card showed an error probability.

    Returns
    -------
    Honesty
        Without bands where no decision tells.

    Notes
    -----
    The score is called too bold or too timid where the number of wrong labels differs from the sum of the error
    probabilities by more than 1.96 standard deviations of that number, sqrt(sum p (1 - p)), and the mean of the
    probabilities lies outside the interval of the share of wrong labels. Reviewers see the suggestion before they
    decide, which can make any score look better than it is.

    References
    ----------
    Brier (1950), "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78; Naeini,
    Cooper & Hauskrecht (2015), "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI (the expected
    calibration error, here over the bands of the review); Spiegelhalter (1986), "Probabilistic Prediction in Patient
    Management and Clinical Trials", Statistics in Medicine 5 (testing a sum of forecasts by its binomial variance).
    """
    telling = columns.take(columns.is_looked_at & columns.tells & ~np.isnan(columns.error_probabilities))
    predicted, is_wrong = telling.error_probabilities, telling.is_correction
    taken = telling.has_verdict(Verdict.ACCEPT)
    bands = _bands(predicted, is_wrong, taken)
    n = len(telling)
    wrong = share_of(int(is_wrong.sum()), n)
    return Honesty(
        bands=bands,
        wrong=wrong,
        predicted=float(predicted.mean()) if n else 0.0,
        brier=float(np.mean((predicted - is_wrong) ** 2)) if n else 0.0,
        calibration_error=sum(band.wrong.n * abs(band.predicted - (band.wrong.value or 0.0)) for band in bands)
        / max(n, 1),
        verdict=_verdict(predicted, is_wrong, wrong),
    )


def _bands(predicted: FloatArray, is_wrong: MaskArray, taken: MaskArray) -> tuple[HonestyBand, ...]:
    band, edges = np.searchsorted(_EDGES, predicted, side="right"), (0.0, *_EDGES, 1.0)
    return tuple(
        HonestyBand(
            low=edges[place],
            high=edges[place + 1],
            predicted=float(predicted[inside].mean()),
            wrong=share_of(int(is_wrong[inside].sum()), int(inside.sum())),
            taken=share_of(int(taken[inside].sum()), int(inside.sum())),
        )
        for place in range(len(_EDGES) + 1)
        if (inside := band == place).any()
    )


def _verdict(predicted: FloatArray, is_wrong: MaskArray, wrong: Share) -> HonestyVerdict:
    if len(predicted) < FEWEST_TELLING:
        return "early"
    # Nobody would believe a judgement against an interval that stands beside it.
    if wrong.low <= float(predicted.mean()) <= wrong.high:
        return "fits"
    excess = float(predicted.sum()) - int(is_wrong.sum())
    spread = float(np.sqrt(np.sum(predicted * (1.0 - predicted))))
    if abs(excess) <= _TWO_SIDED_5_PERCENT * spread:
        return "fits"
    return "bold" if excess > 0 else "timid"
