"""The figures of a review: rows by bands of error probability, and estimates with how they are computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from labelclean.arrays import FloatArray, IndexArray, freeze_fields

__all__ = ["BAND_STARTS", "N_STEPS", "Band", "Estimate", "StepCounts", "StopRule", "YieldEstimate", "step_of"]

N_STEPS = 32
"""Error probabilities are counted in so many steps of their log-odds."""

BAND_STARTS = (0, 10, 13, 16, 19)
"""The first step of each band: log-odds of -3, -1.5, 0 and 1.5, probabilities of 5, 18, 50 and 82 %, part them."""

_STEP = 0.5  # of log-odds, from -8 to 8
_SURE = 1e-6


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class StepCounts:
    """
    Rows by the step of their error probability; the steps rise.

    Attributes
    ----------
    n_rows : ndarray of float64, shape (n_steps,)
        Number of rows.
    expected : ndarray of float64, shape (n_steps,)
        Sum of their error probabilities: how many of them are wrong if those are right.
    """

    n_rows: FloatArray
    expected: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @classmethod
    def of(cls, error_probabilities: FloatArray) -> StepCounts:
        """Count some rows; those without a label, whose probability is NaN, are left out."""
        known = error_probabilities[~np.isnan(error_probabilities)]
        steps = step_of(known)
        return cls(
            n_rows=np.bincount(steps, minlength=N_STEPS).astype(np.float64),
            expected=np.bincount(steps, weights=known, minlength=N_STEPS).astype(np.float64),
        )

    @property
    def log_odds(self) -> FloatArray:
        """The log-odds of the mean error probability of each step; those of its middle where it has no row."""
        middle = expit(_STEP * (np.arange(N_STEPS) - N_STEPS // 2 + 0.5))
        mean = np.divide(self.expected, self.n_rows, out=middle, where=self.n_rows > 0)
        return np.asarray(logit(np.clip(mean, _SURE, 1.0 - _SURE)), dtype=np.float64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """
    A figure that is not known for sure.

    Attributes
    ----------
    value, low, high : float
        The best guess, and the ends of its interval around it.
    how : str
        How it is computed, in a sentence.
    """

    value: float
    low: float
    high: float
    how: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """
    What is known of the rows of one band.

    Attributes
    ----------
    low, high : float
        The error probabilities between which it lies.
    n_decided, n_wrong : int
        Verdicts on rows that were shown with such a probability, and how many said wrong.
    rate : Estimate
        Share of wrong labels among the rows of the band that are left.
    n_left : int
        Undecided rows.
    """

    low: float
    high: float
    n_decided: int
    n_wrong: int
    rate: Estimate
    n_left: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StopRule:
    """
    When a reviewer is told that going on brings little.

    Attributes
    ----------
    few_in_next : float
        The next rows must hold at most so many errors, ...
    n_next : int
        ... of so many rows.
    share_left : float
        At most this share of all errors may be left for the suggestion to call the work nearly done.
    hardly_any : float
        Where more are left, the next rows must hold at most so many: then the rest is too scattered to be found by
        going on.
    n_decisions : int
        Before so many verdicts nothing is suggested.
    """

    few_in_next: float = 5.0
    n_next: int = 100
    share_left: float = 0.05
    hardly_any: float = 3.0
    n_decisions: int = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class YieldEstimate:
    """
    How the review is going.

    Attributes
    ----------
    n_decided, n_wrong : int
        Verdicts on given labels, and how many of them said wrong.
    so_far : Estimate
        Share of wrong labels among the rows decided so far.
    next_rows : Estimate
        Number of wrong labels among the next rows of the queue.
    n_next : int
        How many rows those are.
    left_in_queue, left_in_data : Estimate
        Number of wrong labels among the undecided rows of the queue, and of the whole data.
    share_left : Estimate
        Which part of all errors is still there, 0 to 1.
    bands : tuple of Band
        From the least to the most suspect.
    is_early : bool
        Too few verdicts for any of it to be more than the model's own guess.
    stop : str or None
        Why the reviewer may stop now.
    """

    n_decided: int
    n_wrong: int
    so_far: Estimate
    next_rows: Estimate
    n_next: int
    left_in_queue: Estimate
    left_in_data: Estimate
    share_left: Estimate
    bands: tuple[Band, ...]
    is_early: bool
    stop: str | None


def step_of(error_probabilities: FloatArray) -> IndexArray:
    """
    Return the step of each error probability.

    Parameters
    ----------
    error_probabilities : ndarray of float64
        0 to 1.

    Returns
    -------
    ndarray of int64
        0 to ``N_STEPS - 1``: half a unit of log-odds each, from -8 on; an edge belongs to the step above it.

    Examples
    --------
    >>> step_of(np.array([0.0, 0.05, 0.5, 1.0])).tolist()
    [0, 10, 16, 31]
    """
    log_odds = logit(np.clip(error_probabilities, _SURE, 1.0 - _SURE))
    steps = np.clip(np.floor(log_odds / _STEP) + N_STEPS // 2, 0, N_STEPS - 1)
    return np.asarray(steps, dtype=np.int64)
