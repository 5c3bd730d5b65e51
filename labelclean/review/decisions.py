"""A reviewer's decisions as an append-only list of events, and the state that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError

__all__ = [
    "DecisionSource",
    "EventKind",
    "ReviewEvent",
    "Verdict",
    "corrected_labels",
    "current_decisions",
    "excluded_rows",
    "undone_uuids",
]


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
    MERGE = "merge"
    """Several names for one class become one name, in every row that carries them and that nobody corrected."""


class DecisionSource(StrEnum):
    """What led a reviewer to a row."""

    QUEUE = "queue"
    """Its place in a queue."""
    CONTROL = "control"
    """Chance: it was mixed in to measure how right the labels are."""
    GROUP = "group"
    """Another row, whose text is the same or nearly so, was decided along with it."""
    BULK = "bulk"
    """A bulk decision: it was not looked at by itself."""
    TABLE = "table"
    """The table of all rows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewEvent:
    """
    One entry of the append-only log.

    Attributes
    ----------
    uuid : str
        Made by the client; storing the same uuid twice stores it once.
    row : int
        0-based record of the input; -1 for a merge, and for the undoing or redoing of one, which are about names.
    kind : EventKind
        A decision or a merge, or the undoing or redoing of one.
    verdict : Verdict or None
        Of a decision; None for undo and redo.
    label : hashable or None
        The new label of an accepted or relabelled row, or the name that a merge leaves; None otherwise.
    target_uuid : str or None
        The decision, batch or merge that an undo or redo speaks of.
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
        The reviewer's remark; of a merge, what was done.
    merged : tuple of hashable
        The names that a merge replaces by ``label``; empty for other events.
    batch : str or None
        Shared by the decisions that were made at once, for a group or in bulk, and that are undone at once.
    source : DecisionSource
        What led the reviewer to the row.
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
    merged: tuple[Label, ...] = ()
    batch: str | None = None
    source: DecisionSource = DecisionSource.QUEUE
    position: int | None = None

    def __post_init__(self) -> None:
        """Refuse events that cannot be replayed."""
        if self.kind is EventKind.DECIDE and self.verdict is None:
            raise InvalidInputError(f"A decision must have a verdict; event {self.uuid} has none.")
        if self.kind in {EventKind.UNDO, EventKind.REDO} and self.target_uuid is None:
            raise InvalidInputError(f"An undo or redo must name a decision; event {self.uuid} names none.")
        if self.verdict in {Verdict.ACCEPT, Verdict.RELABEL} and self.label is None:
            raise InvalidInputError(f"A correction must name the new label; event {self.uuid} names none.")
        if self.kind is EventKind.MERGE and (self.label is None or not self.merged):
            raise InvalidInputError(f"A merge must say which names become which; event {self.uuid} does not.")

    @property
    def step(self) -> str:
        """What undoing it names: its batch, if it has one, else itself."""
        return self.batch or self.uuid


def current_decisions(events: Iterable[ReviewEvent]) -> dict[int, ReviewEvent]:
    """
    Replay the log: the decision in force for each decided row.

    A decision is in force unless the last undo or redo that names it, or its batch, is an undo. Of several decisions
    in force for a row the last one counts, so undoing it brings the one before back.

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
    undone = undone_uuids(log)
    current: dict[int, ReviewEvent] = {}
    for event in log:
        if event.kind is EventKind.DECIDE and event.uuid not in undone and event.batch not in undone:
            current.pop(event.row, None)
            current[event.row] = event
    return current


def undone_uuids(events: Iterable[ReviewEvent]) -> frozenset[str]:
    """Return the decisions, batches and merges that the last event to name them undid."""
    undone: dict[str, bool] = {}
    for event in events:
        if event.target_uuid is not None and event.kind in {EventKind.UNDO, EventKind.REDO}:
            undone[event.target_uuid] = event.kind is EventKind.UNDO
    return frozenset(uuid for uuid, is_undone in undone.items() if is_undone)


def corrected_labels(decisions: dict[int, ReviewEvent]) -> dict[int, Label]:
    """Return the new label of each accepted or relabelled row, and of each one whose label has a merged name."""
    return {
        row: event.label
        for row, event in decisions.items()
        if event.label is not None and (event.merged or event.verdict in {Verdict.ACCEPT, Verdict.RELABEL})
    }


def excluded_rows(decisions: dict[int, ReviewEvent]) -> frozenset[int]:
    """Return the rows decided to be excluded."""
    return frozenset(row for row, event in decisions.items() if event.verdict is Verdict.EXCLUDE)
