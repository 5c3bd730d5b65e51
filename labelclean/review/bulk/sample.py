"""The random sample that is decided by hand before the rest is decided at once, and what it says about the rest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, IndexArray
from labelclean.review.bulk.decide import BulkAction, BulkKind, agrees
from labelclean.review.decisions import ReviewEvent
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sources import ReviewedRun
from labelclean.review.shares import Share, share_of

__all__ = [
    "LARGEST_SAMPLE",
    "LOW_PRECISION",
    "SMALLEST_SAMPLE",
    "USUAL_SAMPLE",
    "SamplePrecision",
    "draw_sample",
    "measure_precision",
    "read_sample_note",
    "sample_name",
]

SMALLEST_SAMPLE, USUAL_SAMPLE, LARGEST_SAMPLE = 5, 10, 50
"""Rows of a sample: the fewest, the usual number, the most."""

LOW_PRECISION = 0.9
"""A sample of which a smaller share agrees asks for a warning."""

_NOTE = re.compile(r"bulk: sample (\d{1,9}) of (\d{1,9}) right")


@dataclass(frozen=True, kw_only=True, slots=True)
class SamplePrecision:
    """
    How often the reviewers did with the rows of a sample what the bulk decision would do.

    Attributes
    ----------
    n_sample : int
        Rows of the sample.
    right : Share
        Of the decided rows of the sample, those that agree.
    """

    n_sample: int
    right: Share

    @property
    def n_undecided(self) -> int:
        """Rows of the sample that nobody decided yet."""
        return self.n_sample - self.right.n

    @property
    def is_measured(self) -> bool:
        """Whether the whole sample is decided; before that nothing is decided in bulk."""
        return self.n_sample > 0 and self.n_undecided == 0

    @property
    def is_low(self) -> bool:
        """Whether too few agree to go on without a warning."""
        return self.right.value is not None and self.right.value < LOW_PRECISION

    def wrong_among(self, n_rows: int) -> tuple[float, float, float]:
        """Return how many of some more such rows will be decided wrongly: expected, and both ends of its interval."""
        return (
            n_rows * (1.0 - self.right.expected),
            n_rows * (1.0 - self.right.high),
            n_rows * (1.0 - self.right.low),
        )

    @property
    def note(self) -> str:
        """What the events of the bulk decision say about the sample."""
        low, high = 100 * self.right.low, 100 * self.right.high
        return f"bulk: sample {self.right.n_hits} of {self.right.n} right, {low:.0f}-{high:.0f} %"


def sample_name(queue_filter: QueueFilter, action: BulkAction, run_id: str) -> str:
    """
    Return the name of a sample: the same for the same rows in question and the same run, whoever asks.

    Parameters
    ----------
    queue_filter : QueueFilter
        Which rows, threshold included.
    action : BulkAction
        What would be done. Actions share a sample, but those that need a given label have one of their own.
    run_id : str
        The run that ranked the rows.
    """
    params = {key: value for key, value in queue_filter.to_params().items() if key != "decided"}
    named = json.dumps([run_id, params, action.kind in {BulkKind.KEEP, BulkKind.REMOVE}], sort_keys=True)
    return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:16]


def draw_sample(rows: IndexArray, name: str, *, size: int = LARGEST_SAMPLE) -> IndexArray:
    """
    Draw rows by chance.

    Parameters
    ----------
    rows : ndarray of int64
        The rows in question, in any order.
    name : str
        As ``sample_name`` returns it; it is the seed.
    size : int, default=50
        At most so many.

    Returns
    -------
    ndarray of int64
        In the order drawn: the first rows of a larger sample are the smaller one.

    Examples
    --------
    >>> rows = np.arange(1_000)
    >>> bool((draw_sample(rows, "a", size=50)[:10] == draw_sample(rows[::-1], "a", size=10)).all())
    True
    """
    seed = int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:8], "big")
    return np.random.default_rng(seed).permutation(np.sort(rows))[:size].astype(np.int64)


def measure_precision(
    run: ReviewedRun, sample: Iterable[int], action: BulkAction, decisions: Mapping[int, ReviewEvent]
) -> SamplePrecision:
    """
    Count how many decided rows of a sample agree with what a bulk decision would do.

    Parameters
    ----------
    run : ReviewedRun
        The results, whose suggestions are meant.
    sample : iterable of int
        The rows that were drawn.
    action : BulkAction
        What the bulk decision would do.
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.
    """
    rows = list(sample)
    decided = [decisions[row] for row in rows if row in decisions]
    n_right = sum(_agrees(run, event, action) for event in decided)
    return SamplePrecision(n_sample=len(rows), right=share_of(n_right, len(decided)))


def _agrees(run: ReviewedRun, event: ReviewEvent, action: BulkAction) -> bool:
    given, suggested = int(run.labels[event.row]), int(run.suggested_labels[event.row])
    return agrees(
        event,
        action,
        given=None if given == UNLABELLED else run.class_names[given],
        suggested=run.class_names[suggested],
    )


def read_sample_note(note: str) -> Share | None:
    """
    Return what the note of a bulk decision says about its sample; None where it says nothing of the kind.

    Examples
    --------
    >>> read_sample_note("bulk: sample 9 of 10 right, 62-99 %").n_hits
    9
    """
    match = _NOTE.match(note)
    if match is None:
        return None
    n_right, n = int(match[1]), int(match[2])
    return share_of(n_right, n) if n_right <= n else None
