"""A share of counted cases, and how far chance may have moved it."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betaincinv

from labelclean.errors import InvalidInputError

__all__ = ["LEVEL", "Share", "jeffreys_interval", "share_of"]

LEVEL = 0.95
"""How sure the intervals are."""

_JEFFREYS = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """
    So many of so many, with its interval.

    Attributes
    ----------
    n_hits, n : int
        Cases that count, and all cases.
    low, high : float
        Ends of the interval, 0 to 1; 0 and 1 where there are no cases.
    expected : float
        0 to 1: what to expect of cases like these, the mean of the posterior; 0.5 where there are none.
    """

    n_hits: int
    n: int
    low: float
    high: float
    expected: float

    @property
    def value(self) -> float | None:
        """The share itself, 0 to 1; None where there are no cases."""
        return self.n_hits / self.n if self.n else None


def share_of(n_hits: int, n: int, *, level: float = LEVEL) -> Share:
    """
    Return a share with its interval.

    Parameters
    ----------
    n_hits, n : int
        Cases that count, and all cases.
    level : float, default=0.95
        How sure the interval is.

    Returns
    -------
    Share
        The interval begins at 0 where no case counts, and ends at 1 where all do.

    Raises
    ------
    InvalidInputError
        If more cases count than there are.

    See Also
    --------
    jeffreys_interval : The interval.

    Examples
    --------
    >>> share = share_of(9, 10)
    >>> round(share.low, 2), share.value, round(share.high, 2)
    (0.62, 0.9, 0.99)
    """
    if not 0 <= n_hits <= n:
        raise InvalidInputError(f"At most all cases can count; got {n_hits:,} of {n:,}.")
    low, high = jeffreys_interval(n_hits, n, level=level)
    return Share(n_hits=n_hits, n=n, low=low, high=high, expected=(n_hits + _JEFFREYS) / (n + 2.0 * _JEFFREYS))


def jeffreys_interval(n_hits: float, n: float, *, level: float) -> tuple[float, float]:
    """
    Return the ends of Jeffreys' interval of a share.

    Parameters
    ----------
    n_hits, n : float
        Cases that count, and all cases; they may be weighted, and so no whole numbers.
    level : float
        How sure the interval is, 0 to 1.

    Returns
    -------
    tuple of float
        0 to 1: the quantiles of the Beta posterior with parameters hits + 1/2 and misses + 1/2. It begins at 0 where
        no case counts, and ends at 1 where all do.

    References
    ----------
    Brown, Cai & DasGupta (2001), "Interval Estimation for a Binomial Proportion", Statistical Science 16, section 4.3.

    Examples
    --------
    >>> low, high = jeffreys_interval(9, 10, level=0.95)
    >>> round(low, 2), round(high, 2)
    (0.62, 0.99)
    """
    first, second, tail = n_hits + _JEFFREYS, n - n_hits + _JEFFREYS, (1.0 - level) / 2.0
    low = 0.0 if n_hits <= 0.0 else float(betaincinv(first, second, tail))
    high = 1.0 if n_hits >= n else float(betaincinv(first, second, 1.0 - tail))
    return low, high
