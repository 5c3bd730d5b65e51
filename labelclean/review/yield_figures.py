"""The figures of a review: rows by bands of error probability, and estimates with how they are computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelclean.arrays import FloatArray, IndexArray, freeze_fields

__all__ = ["BAND_EDGES", "N_BANDS", "Band", "BandCounts", "Estimate", "StopRule", "YieldEstimate", "band_of"]

BAND_EDGES = (0.05, 0.2, 0.5, 0.8)
"""Error probabilities between which the bands lie."""

N_BANDS = len(BAND_EDGES) + 1


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class BandCounts:
    """
    Rows by the band of their error probability; the bands rise.

    Attributes
    ----------
    n_rows : ndarray of float64, shape (n_bands,)
        Number of rows.
    expected : ndarray of float64, shape (n_bands,)
        Sum of their error probabilities: how many of them are wrong if those are right.
    """

    n_rows: FloatArray
    expected: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @classmethod
    def of(cls, error_probabilities: FloatArray) -> BandCounts:
        """Count some rows; those without a label, whose probability is NaN, are left out."""
        known = error_probabilities[~np.isnan(error_probabilities)]
        bands = band_of(known)
        return cls(
            n_rows=np.bincount(bands, minlength=N_BANDS).astype(np.float64),
            expected=np.bincount(bands, weights=known, minlength=N_BANDS).astype(np.float64),
        )

    @property
    def mean(self) -> FloatArray:
        """The mean error probability of each band; 0 where it has no row."""
        return np.divide(self.expected, self.n_rows, out=np.zeros(N_BANDS), where=self.n_rows > 0)


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


def band_of(error_probabilities: FloatArray) -> IndexArray:
    """
    Return the band of each error probability.

    Parameters
    ----------
    error_probabilities : ndarray of float64
        0 to 1.

    Returns
    -------
    ndarray of int64
        0 to ``N_BANDS - 1``; an edge belongs to the band above it.

    Examples
    --------
    >>> band_of(np.array([0.0, 0.05, 0.3, 1.0])).tolist()
    [0, 1, 2, 4]
    """
    return np.searchsorted(np.array(BAND_EDGES), error_probabilities, side="right").astype(np.int64)
