"""What follows from the logs of projects, remembered: what was read of a log is not read again."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection, select

from labelclean.review.decisions import EventKind, ReviewEvent
from labelclean.store.events_sql import find_merge_events
from labelclean.store.tables import decisions, projects

__all__ = ["KnownLogs"]


class KnownLogs:
    """
    Counts the decided rows of each project and knows its merges; reads only what is newer than what it knows.

    A log is only ever appended to, so what was read of it stays right, whoever writes more.
    """

    def __init__(self) -> None:
        self._known: dict[str, _KnownLog] = {}
        self._lock = Lock()

    def n_decided(self, connection: Connection, project_id: str) -> int:
        """Return the number of rows with a decision in force; 0 if the project does not exist."""
        return self.n_decided_at(connection, project_id, _last_position(connection, project_id))

    def n_decided_at(self, connection: Connection, project_id: str, position: int) -> int:
        """Return the number of rows with a decision in force, where the last position is known."""
        with self._lock:
            return len(self._followed(connection, project_id, position).decided)

    def merge_events(self, connection: Connection, project_id: str) -> list[ReviewEvent]:
        """Return the events that are about names, not about a row."""
        position = _last_position(connection, project_id)
        with self._lock:
            return list(self._followed(connection, project_id, position).merges)

    def forget(self, project_id: str) -> None:
        """Drop what is known of a deleted project."""
        with self._lock:
            self._known.pop(project_id, None)

    def _followed(self, connection: Connection, project_id: str, position: int) -> _KnownLog:
        """Return what is known of a log after it was read up to a position."""
        known = self._known.setdefault(project_id, _KnownLog())
        if known.position > position:
            known = _KnownLog()  # a reader of an older state, in another thread, knows less than is remembered
        if known.position < position:
            known.follow(connection, project_id, position)
        return known


@dataclass(kw_only=True, slots=True)
class _KnownLog:
    """
    A log as far as it was read, with only what tells whether a decision is in force.

    ``of_row`` holds uuid and batch of each decision about a row, ``rows_of`` the rows of each of these.
    """

    position: int = 0
    decided: set[int] = field(default_factory=set)
    merges: list[ReviewEvent] = field(default_factory=list)
    of_row: dict[int, list[tuple[str, str | None]]] = field(default_factory=dict)
    rows_of: dict[str, list[int]] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)

    def follow(self, connection: Connection, project_id: str, position: int) -> None:
        """Read on up to a position."""
        log = decisions.c
        query = (
            select(log.uuid, log.row, log.kind, log.target_uuid, log.batch)
            .where(log.project_id == project_id, log.position > self.position, log.position <= position)
            .order_by(log.position)
        )
        rows = list(connection.execute(query))
        merges = find_merge_events(connection, project_id, after_position=self.position)
        for uuid, row, kind, target, batch in rows:
            if kind == EventKind.DECIDE:
                self._decide(row, uuid, batch)
            elif kind != EventKind.MERGE:
                self._turn(target, is_undone=kind == EventKind.UNDO)
        self.merges.extend(merge for merge in merges if (merge.position or 0) <= position)
        self.position = position

    def _decide(self, row: int, uuid: str, batch: str | None) -> None:
        self.of_row.setdefault(row, []).append((uuid, batch))
        for name in filter(None, (uuid, batch)):
            self.rows_of.setdefault(name, []).append(row)
        self._settle(row)

    def _turn(self, target: str, *, is_undone: bool) -> None:
        if is_undone:
            self.undone.add(target)
        else:
            self.undone.discard(target)
        for row in self.rows_of.get(target, ()):
            self._settle(row)

    def _settle(self, row: int) -> None:
        if any(uuid not in self.undone and batch not in self.undone for uuid, batch in self.of_row[row]):
            self.decided.add(row)
        else:
            self.decided.discard(row)


def _last_position(connection: Connection, project_id: str) -> int:
    position = connection.execute(select(projects.c.last_position).where(projects.c.id == project_id)).scalar()
    return int(position or 0)
