"""Sums by group that come out the same to the last bit in whatever order their terms arrive."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray, IndexArray

__all__ = [
    "ExactSums",
    "comparable",
    "exact_mean",
    "exact_sum",
    "join_parts",
    "split_parts",
    "sum_by_group",
    "to_units",
]

_PART_BITS = 30  # a value is summed as two whole numbers of 30 bits each, which floats add without rounding
_PART_UNIT = 2.0**_PART_BITS
_FINE, _COARSE = 2.0**40, 2.0**20  # units of shares, and how many of them no longer tell sums apart


def split_parts(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Cut values into two whole numbers each.

    Parameters
    ----------
    values : ndarray of float64, any shape
        About -1 to 1.

    Returns
    -------
    high, low : ndarray of float64, same shape
        In units of 2**-30 and 2**-60; sums of up to 2**22 of either are exact.

    Examples
    --------
    >>> high, low = split_parts(np.array([0.5, 0.25]))
    >>> high / 2**30
    array([0.5 , 0.25])
    """
    scaled = values * _PART_UNIT
    high = np.floor(scaled)
    return high, np.rint((scaled - high) * _PART_UNIT)


def join_parts(high: NDArray[np.number] | np.int64, low: NDArray[np.number] | np.int64) -> NDArray[np.float64]:
    """
    Put sums of parts together again, rounding once.

    Parameters
    ----------
    high, low : ndarray, any shape
        Whole numbers in units of 2**-30 and 2**-60.

    Returns
    -------
    ndarray of float64, same shape
        The sums.

    Examples
    --------
    >>> join_parts(*split_parts(np.array([0.1])))
    array([0.1])
    """
    return np.asarray((high + low / _PART_UNIT) / _PART_UNIT, dtype=np.float64)


def sum_by_group(groups: IndexArray, values: FloatArray, n_groups: int) -> FloatArray:
    """
    Sum the values of each group, in any order to the same bits.

    Parameters
    ----------
    groups : ndarray of int64, shape (n_values,)
        The group of each value, 0 to n_groups - 1.
    values : ndarray of float64, shape (n_values,)
        About -1 to 1; they count to 2**-60.
    n_groups : int
        Number of groups.

    Returns
    -------
    ndarray of float64, shape (n_groups,)
        The sums; 0 for a group without values.

    Examples
    --------
    >>> sum_by_group(np.array([0, 2, 0]), np.array([0.5, 0.25, 0.25]), 3)
    array([0.75, 0.  , 0.25])
    """
    return ExactSums.partial(groups, values, n_groups).finish()


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ExactSums:
    """
    Sums by group over one part of the data; parts add up, in any order, to the same bits.

    Attributes
    ----------
    high, low : ndarray of int64, any shape
        The sums in units of 2**-30 and 2**-60.
    """

    high: NDArray[np.int64]
    low: NDArray[np.int64]

    @classmethod
    def partial(cls, groups: IndexArray, values: FloatArray, n_groups: int) -> Self:
        """Sum one part of at most 2**22 values."""
        high, low = split_parts(values)
        return cls(
            high=np.bincount(groups, weights=high, minlength=n_groups).astype(np.int64),
            low=np.bincount(groups, weights=low, minlength=n_groups).astype(np.int64),
        )

    def __add__(self, other: ExactSums) -> ExactSums:
        """Join two parts."""
        return ExactSums(high=self.high + other.high, low=self.low + other.low)

    def finish(self) -> NDArray[np.float64]:
        """Turn the whole numbers back into sums."""
        return join_parts(self.high, self.low)


def to_units(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Turn shares into whole numbers, whose sums do not depend on their order.

    Parameters
    ----------
    shares : ndarray of float64, any shape
        0 to 1.

    Returns
    -------
    ndarray of float64, same shape
        In units of 2**-40; sums of up to 2**13 of them are exact.

    Examples
    --------
    >>> to_units(np.array([0.5])) == 2**39
    array([ True])
    """
    return np.rint(shares * _FINE)


def comparable(sums: NDArray[np.number]) -> NDArray[np.float64]:
    """
    Round sums of units, so that those that are equal but for the rounding of their terms become equal.

    Parameters
    ----------
    sums : ndarray of float64, any shape
        Sums of what ``to_units`` returns.

    Returns
    -------
    ndarray of float64, same shape
        To six digits: three times 2/3 is 1 + 1 + 0.

    Examples
    --------
    >>> thirds, ones = to_units(np.full(3, 2 / 3)), to_units(np.array([1.0, 1.0, 0.0]))
    >>> bool(comparable(thirds.sum()) == comparable(ones.sum()))
    True
    """
    return np.asarray(np.rint(sums / _COARSE), dtype=np.float64)


def exact_sum(values: NDArray[np.float64]) -> float:
    """
    Return the sum of numbers, in any order to the same bits.

    Parameters
    ----------
    values : ndarray of float64, shape (n_values,)
        About -1 to 1; they count to 2**-60.

    Returns
    -------
    float
        0 where there are none.

    Examples
    --------
    >>> exact_sum(np.array([0.5, -0.25]))
    0.25
    """
    high, low = split_parts(values)
    return float(join_parts(high.astype(np.int64).sum(), low.astype(np.int64).sum()))


def exact_mean(values: NDArray[np.float64]) -> float:
    """
    Return the mean of numbers, in any order to the same bits.

    Parameters
    ----------
    values : ndarray of float64, shape (n_values,)
        Finite numbers.

    Returns
    -------
    float
        NaN where there are none.

    Examples
    --------
    >>> exact_mean(np.array([0.25, 0.75]))
    0.5
    """
    return math.fsum(values.tolist()) / len(values) if len(values) else math.nan
