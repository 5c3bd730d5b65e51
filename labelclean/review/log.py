"""The log of a project as far as it was read, and what follows from it; a new event costs a step, not a replay."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from labelclean.review.decisions import EventKind, ReviewEvent

__all__ = ["ReviewLog", "ReviewState", "ReviewStep", "review_state"]

_PACE_DECISIONS = 30
_PACE_AT_LEAST = 3


@dataclass(eq=False, kw_only=True, slots=True)
class ReviewStep:
    """
    What one press of undo takes back: a decision, or all decisions of a group or a bulk.

    Attributes
    ----------
    uuid : str
        What an undo or redo names: the decision, or the batch.
    events : list of ReviewEvent
        At least one; several of a batch.
    """

    uuid: str
    events: list[ReviewEvent]

    @property
    def first(self) -> ReviewEvent:
        """The decision that the reviewer made themselves; the others went along."""
        return self.events[0]

    @property
    def n_rows(self) -> int:
        """Number of rows decided."""
        return len(self.events)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ReviewState:
    """
    What follows from the log for one reviewer.

    Attributes
    ----------
    decisions : mapping of int to ReviewEvent
        The decisions in force of all reviewers, by row. Grows with the log it comes from.
    undo, redo : tuple of ReviewStep
        This reviewer's steps that can be undone, and the undone ones that can be redone; newest last.
    per_minute : float or None
        This reviewer's pace over their last 30 decisions; None before the third.
    """

    decisions: Mapping[int, ReviewEvent]
    undo: tuple[ReviewStep, ...]
    redo: tuple[ReviewStep, ...]
    per_minute: float | None


class ReviewLog:
    """
    Follows the log of a project event by event.

    The decisions in force are those of ``decisions.current_decisions``, but for the order of the dict: a decision
    that an undo brings back stands last.

    Attributes
    ----------
    events : list of ReviewEvent
        What was read, in the order of the log.
    changed_rows : list of int
        Rows whose decision in force changed, one entry for each change: whoever counts decisions reads on from where
        they stopped, and need not count all of them again.
    """

    def __init__(self, events: Iterable[ReviewEvent] = ()) -> None:
        self.events: list[ReviewEvent] = []
        self.changed_rows: list[int] = []
        self._decisions: dict[int, ReviewEvent] = {}
        self._of_row: dict[int, list[ReviewEvent]] = {}
        self._rows_of: dict[str, list[int]] = {}
        self._undone: set[str] = set()
        self._stacks: dict[str, _Stacks] = {}
        self.extend(events)

    @property
    def last_position(self) -> int:
        """Where in the store's log to read on."""
        return (self.events[-1].position or 0) if self.events else 0

    @property
    def decisions(self) -> Mapping[int, ReviewEvent]:
        """The decisions in force, by row; a view that follows the log."""
        return MappingProxyType(self._decisions)

    def newest(self, most: int) -> list[ReviewEvent]:
        """Return the last decisions in force, newest first, at most so many."""
        return list(islice(reversed(self._decisions.values()), most))

    def extend(self, events: Iterable[ReviewEvent]) -> None:
        """Take what was stored since."""
        for event in events:
            self.events.append(event)
            if event.kind is EventKind.DECIDE:
                self._decide(event)
            elif event.target_uuid is not None:
                self._turn(event, event.target_uuid)
            self._stacks.setdefault(event.reviewer, _Stacks()).take(event)

    def state(self, reviewer: str) -> ReviewState:
        """Return what follows from the log for one reviewer; the same after a page refresh."""
        stacks = self._stacks.get(reviewer) or _Stacks()
        return ReviewState(
            decisions=self.decisions,
            undo=tuple(stacks.undo.values()),
            redo=tuple(stacks.redo.values()),
            per_minute=stacks.pace(),
        )

    def _decide(self, event: ReviewEvent) -> None:
        self._of_row.setdefault(event.row, []).append(event)
        self._rows_of.setdefault(event.uuid, []).append(event.row)
        if event.batch is not None:
            self._rows_of.setdefault(event.batch, []).append(event.row)
        self._settle(event.row)

    def _turn(self, event: ReviewEvent, target: str) -> None:
        if event.kind is EventKind.UNDO:
            self._undone.add(target)
        else:
            self._undone.discard(target)
        for row in self._rows_of.get(target, ()):
            self._settle(row)

    def _settle(self, row: int) -> None:
        """Find the decision in force for a row: the last one that is not undone."""
        old = self._decisions.get(row)
        new = next(
            (
                event
                for event in reversed(self._of_row[row])
                if event.uuid not in self._undone and event.batch not in self._undone
            ),
            None,
        )
        if new is old:
            return
        self.changed_rows.append(row)
        self._decisions.pop(row, None)
        if new is not None:
            self._decisions[row] = new


@dataclass(eq=False, slots=True)
class _Stacks:
    """The steps of one reviewer, and the times of their last decisions."""

    undo: dict[str, ReviewStep] = field(default_factory=dict)
    redo: dict[str, ReviewStep] = field(default_factory=dict)
    seconds: deque[float] = field(default_factory=lambda: deque(maxlen=_PACE_DECISIONS))

    def take(self, event: ReviewEvent) -> None:
        """Follow one event: a new decision empties what could be redone."""
        target = event.target_uuid or ""
        if event.kind is EventKind.DECIDE:
            step = self.undo.setdefault(event.step, ReviewStep(uuid=event.step, events=[]))
            step.events.append(event)
            self.redo.clear()
            if event.seconds_spent is not None:
                self.seconds.append(event.seconds_spent)
        elif event.kind is EventKind.UNDO and target in self.undo:
            self.redo[target] = self.undo.pop(target)
        elif event.kind is EventKind.REDO and target in self.redo:
            self.undo[target] = self.redo.pop(target)

    def pace(self) -> float | None:
        """Return decisions a minute by the time the cards were on screen."""
        total = sum(self.seconds)
        return 60.0 * len(self.seconds) / total if len(self.seconds) >= _PACE_AT_LEAST and total > 0 else None


def review_state(events: Sequence[ReviewEvent], reviewer: str) -> ReviewState:
    """
    Replay the log for one reviewer.

    Parameters
    ----------
    events : sequence of ReviewEvent
        The whole log of the project, in its order.
    reviewer : str
        Only their own decisions are theirs to undo.

    Returns
    -------
    ReviewState
        What ``ReviewLog`` has after these events.
    """
    return ReviewLog(events).state(reviewer)
