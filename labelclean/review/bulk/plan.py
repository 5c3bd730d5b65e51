"""What a bulk decision over a queue comes to: its rows, the sample to decide first, and the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, IndexArray, freeze_fields
from labelclean.review.bulk.decide import BulkAction, BulkKind, bulk_rows
from labelclean.review.bulk.sample import LARGEST_SAMPLE, SamplePrecision, draw_sample, measure_precision
from labelclean.review.decisions import DecisionSource, ReviewEvent
from labelclean.review.queue_sources import ReviewedRun

__all__ = ["BulkPlan", "PairCount", "pair_counts", "plan_bulk"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PairCount:
    """
    Rows with one given and one suggested label.

    Attributes
    ----------
    given, suggested : int
        Class codes; -1 where no label is given.
    n_rows : int
        How many.
    """

    given: int
    suggested: int
    n_rows: int


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class BulkPlan:
    """
    A bulk decision before it is made.

    Attributes
    ----------
    drawn : tuple of int
        Rows in the order in which chance drew them, for samples of up to 50.
    sample : tuple of int
        The first of them: those to decide by hand.
    precision : SamplePrecision
        How the sample came out so far.
    rest : ndarray of int64
        The undecided rows that are not in the sample: what is decided at once.
    """

    drawn: tuple[int, ...]
    sample: tuple[int, ...]
    precision: SamplePrecision
    rest: IndexArray

    def __post_init__(self) -> None:
        """Make the array read-only."""
        freeze_fields(self)

    @property
    def is_ready(self) -> bool:
        """Whether the rest may be decided: the sample is, and there is a rest."""
        return self.precision.is_measured and len(self.rest) > 0

    @property
    def n_open(self) -> int:
        """Rows that nobody decided, those of the sample included."""
        return len(self.rest) + self.precision.n_undecided


def plan_bulk(
    run: ReviewedRun,
    rows: IndexArray,
    action: BulkAction,
    *,
    decisions: Mapping[int, ReviewEvent],
    name: str,
    size: int,
    drawn_before: Sequence[int] = (),
) -> BulkPlan:
    """
    Work out a bulk decision over the rows of a queue.

    Parameters
    ----------
    run : ReviewedRun
        The results of the audit.
    rows : ndarray of int64
        All rows that match the filter, decided ones included.
    action : BulkAction
        What would be done.
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.
    name : str
        Of the sample: see ``sample_name``.
    size : int
        Rows of the sample.
    drawn_before : sequence of int, default=()
        The rows drawn when the sample was begun, so that it stays the same while it is decided. Those that no longer
        match, and those decided in bulk without a look, drop out of it, and others are drawn in their place.

    Returns
    -------
    BulkPlan
        The whole queue is the sample where it has no more rows than that.
    """
    free = bulk_rows(run, rows, action, decisions)
    in_question = set(_usable(run, rows, action, drawn_before).tolist())
    kept = [row for row in dict.fromkeys(drawn_before) if row in in_question and not _is_of_bulk(decisions.get(row))]
    fresh = draw_sample(free[~np.isin(free, kept)], name, size=max(LARGEST_SAMPLE - len(kept), 0)).tolist()
    drawn = (*kept, *fresh)
    sample = drawn[:size]
    return BulkPlan(
        drawn=drawn,
        sample=sample,
        precision=measure_precision(run, sample, action, decisions),
        rest=free[~np.isin(free, sample)],
    )


def pair_counts(run: ReviewedRun, rows: IndexArray) -> tuple[PairCount, ...]:
    """Count the pairs of given and suggested label among some rows; the most frequent first, then by code."""
    n_classes = len(run.class_names)
    keys, counts = np.unique(
        (run.labels[rows] + 1) * (n_classes + 1) + run.suggested_labels[rows] + 1, return_counts=True
    )
    order = np.lexsort((keys, -counts))
    return tuple(
        PairCount(given=key // (n_classes + 1) - 1, suggested=key % (n_classes + 1) - 1, n_rows=n_rows)
        for key, n_rows in zip(keys[order].tolist(), counts[order].tolist(), strict=True)
    )


def _usable(run: ReviewedRun, rows: IndexArray, action: BulkAction, drawn: Sequence[int]) -> IndexArray:
    """Return the rows of an earlier drawing that match and that the action can decide."""
    found = rows[np.isin(rows, np.array(drawn, dtype=np.int64))]
    return found[run.labels[found] != UNLABELLED] if action.kind in {BulkKind.KEEP, BulkKind.REMOVE} else found


def _is_of_bulk(event: ReviewEvent | None) -> bool:
    return event is not None and event.source is DecisionSource.BULK
