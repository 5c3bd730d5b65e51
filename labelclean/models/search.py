"""Which of a few ordered settings is best, looking at as few as possible."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["downhill"]


def downhill(loss: Callable[[int], float], *, n_settings: int, start: int) -> int:
    """
    Walk from one setting to its better neighbour until neither is better.

    Parameters
    ----------
    loss : callable
        Gives the loss of the setting at a position; asked once per position, in a fixed order.
    n_settings : int
        Number of settings, 1 or more.
    start : int
        Position to begin at, 0 to n_settings - 1.

    Returns
    -------
    int
        Position of the best setting seen; the best of all where losses fall and then rise. A tie does not move.

    Examples
    --------
    >>> downhill([4.0, 2.0, 1.0, 3.0].__getitem__, n_settings=4, start=1)
    2
    """
    if n_settings == 1:
        return start
    best, lowest = start, loss(start)
    for step in (-1, 1):
        here = best
        while 0 <= here + step < n_settings:
            found = loss(here + step)
            if found >= lowest:
                break
            here, lowest = here + step, found
        if here != best:
            return here
    return best
