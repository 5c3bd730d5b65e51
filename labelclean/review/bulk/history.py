"""The bulk decisions of a project: who made them, how many rows, how their sample came out, and whether they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labelclean.review.bulk.sample import read_sample_note
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, undone_uuids
from labelclean.review.shares import Share

__all__ = ["PastBulk", "past_bulks"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PastBulk:
    """
    One bulk decision.

    Attributes
    ----------
    first : ReviewEvent
        One of its decisions; who, when and why are the same in all of them.
    n_rows : int
        How many rows it decided.
    precision : Share or None
        Of the sample that was decided first, how many rows agreed; None where there was none.
    is_undone : bool
        Whether it was taken back, and not brought again.
    """

    first: ReviewEvent
    n_rows: int
    precision: Share | None
    is_undone: bool

    @property
    def what(self) -> str:
        """What was decided, as its note says it after the sample; the whole note where there was no sample."""
        _, _, words = self.first.note.partition("; ")
        return words if self.precision is not None else self.first.note


def past_bulks(events: Sequence[ReviewEvent]) -> tuple[PastBulk, ...]:
    """
    List the bulk decisions in a log.

    Parameters
    ----------
    events : sequence of ReviewEvent
        The whole log, in its order.

    Returns
    -------
    tuple of PastBulk
        Newest first.
    """
    first: dict[str, ReviewEvent] = {}
    n_rows: dict[str, int] = {}
    for event in events:
        if event.source is DecisionSource.BULK and event.kind is EventKind.DECIDE:
            first.setdefault(event.step, event)
            n_rows[event.step] = n_rows.get(event.step, 0) + 1
    undone = undone_uuids(events) if first else frozenset[str]()
    return tuple(
        PastBulk(first=event, n_rows=n_rows[step], precision=read_sample_note(event.note), is_undone=step in undone)
        for step, event in reversed(first.items())
    )
