"""A reviewer's decisions as an append-only list of events, and the state that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError

__all__ = ["EventKind", "ReviewEvent", "Verdict", "corrected_labels", "current_decisions", "excluded_rows"]


class Verdict(StrEnum):
    """What a reviewer says about one row."""

    KEEP = "keep"
    """The given label is right."""
    ACCEPT = "accept"
    """The suggested label is right."""
    RELABEL = "relabel"
    """Another class is right, an existing or a new one."""
    AMBIGUOUS = "ambiguous"
    """Several labels fit; the given one stays."""
    UNSURE = "unsure"
    """Wants a second opinion; the given one stays."""
    EXCLUDE = "exclude"
    """The row does not belong into the data; dropped on export only on request."""


class EventKind(StrEnum):
    """What an event does to the list of decisions."""

    DECIDE = "decide"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewEvent:
    """
    One entry of the append-only log.

    Attributes
    ----------
    uuid : str
        Made by the client; storing the same uuid twice stores it once.
    row : int
        0-based record of the input.
    kind : EventKind
        A decision, or the undoing or redoing of one.
    verdict : Verdict or None
        Of a decision; None for undo and redo.
    label : hashable or None
        The new label of an accepted or relabelled row; None otherwise.
    target_uuid : str or None
        The decision that an undo or redo speaks of.
    reviewer : str
        Who decided.
    sequence : int
        The client's own counter, rising within a browser tab.
    decided_at : datetime
        The client's clock, UTC.
    seconds_spent : float or None
        How long the card was on screen.
    error_probability : float or None
        What the card showed, 0 to 1.
    suggested_label : hashable or None
        What the card suggested.
    note : str
        The reviewer's remark.
    position : int or None
        Place in the store's log, rising; None until stored.
    """

    uuid: str
    row: int
    kind: EventKind
    verdict: Verdict | None = None
    label: Label | None = None
    target_uuid: str | None = None
    reviewer: str = ""
    sequence: int = 0
    decided_at: datetime
    seconds_spent: float | None = None
    error_probability: float | None = None
    suggested_label: Label | None = None
    note: str = ""
    position: int | None = None

    def __post_init__(self) -> None:
        """Refuse events that cannot be replayed."""
        if self.kind is EventKind.DECIDE and self.verdict is None:
            raise InvalidInputError(f"A decision must have a verdict; event {self.uuid} has none.")
        if self.kind is not EventKind.DECIDE and self.target_uuid is None:
            raise InvalidInputError(f"An undo or redo must name a decision; event {self.uuid} names none.")
        if self.verdict in {Verdict.ACCEPT, Verdict.RELABEL} and self.label is None:
            raise InvalidInputError(f"A correction must name the new label; event {self.uuid} names none.")


def current_decisions(events: Iterable[ReviewEvent]) -> dict[int, ReviewEvent]:
    """
    Replay the log: the decision in force for each decided row.

    A decision is in force unless the last undo or redo that names it is an undo. Of several decisions in force for a
    row the last one counts, so undoing it brings the one before back.

    Parameters
    ----------
    events : iterable of ReviewEvent
        In the order of the log.

    Returns
    -------
    dict of int to ReviewEvent
        By row; rows without a decision in force are absent. The dict's order is the order of the decisions.
    """
    log = list(events)
    undone: dict[str, bool] = {}
    for event in log:
        if event.kind is not EventKind.DECIDE and event.target_uuid is not None:
            undone[event.target_uuid] = event.kind is EventKind.UNDO
    current: dict[int, ReviewEvent] = {}
    for event in log:
        if event.kind is EventKind.DECIDE and not undone.get(event.uuid, False):
            current.pop(event.row, None)
            current[event.row] = event
    return current


def corrected_labels(decisions: dict[int, ReviewEvent]) -> dict[int, Label]:
    """Return the new label of each accepted or relabelled row."""
    return {
        row: event.label
        for row, event in decisions.items()
        if event.verdict in {Verdict.ACCEPT, Verdict.RELABEL} and event.label is not None
    }


def excluded_rows(decisions: dict[int, ReviewEvent]) -> frozenset[int]:
    """Return the rows decided to be excluded."""
    return frozenset(row for row, event in decisions.items() if event.verdict is Verdict.EXCLUDE)
