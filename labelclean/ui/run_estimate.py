"""What an analysis will cost, said before it is started."""

from __future__ import annotations

from typing import Protocol

from labelclean.ui.elements import note, notice

__all__ = ["RunEstimate", "draw_run_estimate", "estimate_words"]

_SECONDS_SAID = 90  # up to then in seconds, ...
_MINUTES_SAID = 5_400  # ... then in minutes, then in hours
_SMALL_BYTES = 300_000_000  # what any machine has free


class RunEstimate(Protocol):
    """What is expected of an analysis on this machine, as ``labelclean.estimate`` works it out."""

    @property
    def seconds(self) -> float:
        """Wall time."""

    @property
    def peak_bytes(self) -> int:
        """Memory at its highest."""

    @property
    def bounded(self) -> bool:
        """Whether the texts are read in a way that needs less memory, since it would not fit otherwise."""

    @property
    def message(self) -> str:
        """What else there is to say; may be empty."""


def draw_run_estimate(estimate: RunEstimate) -> None:
    """Say how long the analysis will take and what memory it needs; loudly where it has to be held back."""
    if estimate.bounded:
        notice("info", estimate_words(estimate), estimate.message)
    else:
        note(" ".join(filter(None, (estimate_words(estimate), estimate.message))))


def estimate_words(estimate: RunEstimate) -> str:
    """Return one sentence with rounded figures, since an estimate to the second would claim too much."""
    memory = "" if estimate.peak_bytes < _SMALL_BYTES else f" and {_size(estimate.peak_bytes)} of memory"
    return f"The analysis will take {_duration(estimate.seconds)}{memory} on this machine."


def _duration(seconds: float) -> str:
    if seconds < 5:  # noqa: PLR2004  (no difference to the reader)
        return "a few seconds"
    if seconds < _SECONDS_SAID:
        return f"about {5 * round(seconds / 5)} s"
    if seconds < _MINUTES_SAID:
        return f"about {round(seconds / 60)} min"
    return f"about {seconds / 3600:.1f} h"


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:.1f} GB"
