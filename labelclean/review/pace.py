"""How fast decisions were made, stretch of time by stretch of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelclean.review.decision_columns import DecisionColumns

__all__ = ["Pace", "PaceStretch", "pace_of", "per_minute"]

_LENGTHS = (60, 300, 600, 1_800, 3_600, 6 * 3_600, 86_400, 7 * 86_400)
_MOST_STRETCHES = 48


@dataclass(frozen=True, kw_only=True, slots=True)
class PaceStretch:
    """
    A stretch of time in which decisions were made.

    Attributes
    ----------
    start : float
        Seconds since 1970, UTC.
    n_decisions : int
        Decisions made in it.
    per_minute : float or None
        By the time the cards were on screen; None where that is not known.
    """

    start: float
    n_decisions: int
    per_minute: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """
    How fast decisions were made.

    Attributes
    ----------
    per_minute : float or None
        Over all of them.
    stretches : tuple of PaceStretch
        Those with decisions, in order.
    stretch_seconds : int
        How long each of them is.
    """

    per_minute: float | None
    stretches: tuple[PaceStretch, ...]
    stretch_seconds: int


def per_minute(columns: DecisionColumns) -> float | None:
    """Return decisions a minute by the time their cards were on screen; None where no time is known."""
    seconds = columns.seconds[~np.isnan(columns.seconds)]
    total = float(seconds.sum())
    return 60.0 * len(seconds) / total if total > 0.0 else None


def pace_of(columns: DecisionColumns) -> Pace:
    """
    Return how fast decisions were made over time.

    Parameters
    ----------
    columns : DecisionColumns
        Decisions about rows that somebody looked at; those in bulk and for groups take no time.

    Returns
    -------
    Pace
        In stretches from a minute to a week, so short that at most 48 of them have decisions. They begin at
        full minutes, hours or days UTC.
    """
    length = next(
        (length for length in _LENGTHS if len(np.unique(columns.times // length)) <= _MOST_STRETCHES), _LENGTHS[-1]
    )
    starts, stretch = np.unique(columns.times // length, return_inverse=True)
    known = ~np.isnan(columns.seconds)
    counts = np.bincount(stretch, minlength=len(starts))
    timed = np.bincount(stretch[known], minlength=len(starts))
    seconds = np.bincount(stretch[known], weights=columns.seconds[known], minlength=len(starts))
    return Pace(
        per_minute=per_minute(columns),
        stretches=tuple(
            PaceStretch(
                start=float(starts[place] * length),
                n_decisions=int(counts[place]),
                per_minute=60.0 * float(timed[place]) / float(seconds[place]) if seconds[place] > 0.0 else None,
            )
            for place in range(len(starts))
        ),
        stretch_seconds=length,
    )
