"""The append-only log of review events: what is written to and read from the table of decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, select

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError, ReviewConflictError
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict, current_decisions
from labelclean.store.database import insert_into
from labelclean.store.label_json import label_from_json, label_to_json, labels_from_json, labels_to_json
from labelclean.store.projects_sql import change_project, lock_project
from labelclean.store.tables import decisions

__all__ = ["append_events", "find_events", "find_merge_events"]

_UUIDS_A_QUERY = 500
_LARGEST = 2**63 - 1
_NO_TIME = datetime.min.replace(tzinfo=UTC)


def append_events(connection: Connection, project_id: str, events: Sequence[ReviewEvent], now: datetime) -> None:
    """
    Store those events whose uuid is not there yet, in the given order.

    Bulk decisions leave out the rows that somebody decided by now: nobody looked at them one by one.

    Raises
    ------
    NotFoundError
        If the project does not exist.
    ReviewConflictError
        If a uuid belongs to an event of another project.
    """
    last = lock_project(connection, project_id)  # so that positions rise in the order of the commits
    events = _without_decided(connection, project_id, events)
    rows = [
        _to_row(event, project_id=project_id, position=position, received_at=now)
        for position, event in enumerate(events, start=last + 1)
    ]
    if not rows:
        return
    connection.execute(insert_into(connection, decisions).on_conflict_do_nothing(index_elements=["uuid"]), rows)
    newest = _newest_position(connection, project_id, [event.uuid for event in events])
    if newest > last:
        change_project(connection, project_id, now, last_position=newest)


def _without_decided(connection: Connection, project_id: str, events: Sequence[ReviewEvent]) -> list[ReviewEvent]:
    """Return the events but for bulk decisions about rows that are decided."""
    if not any(map(_is_of_bulk, events)):
        return list(events)
    decided = current_decisions(_find_bare_events(connection, project_id, 0))
    return [event for event in events if event.row not in decided or not _is_of_bulk(event)]


def _is_of_bulk(event: ReviewEvent) -> bool:
    return event.source is DecisionSource.BULK and event.kind is EventKind.DECIDE


def _newest_position(connection: Connection, project_id: str, uuids: list[str]) -> int:
    newest = 0
    for start in range(0, len(uuids), _UUIDS_A_QUERY):
        query = select(decisions.c.project_id, decisions.c.position).where(
            decisions.c.uuid.in_(uuids[start : start + _UUIDS_A_QUERY])
        )
        for owner, position in connection.execute(query):
            if owner != project_id:
                raise ReviewConflictError(
                    "An event must belong to one project; its uuid is that of an event of another project.",
                    fix="Give every event a uuid of its own.",
                )
            newest = max(newest, position)
    return newest


def find_events(connection: Connection, project_id: str, after_position: int) -> list[ReviewEvent]:
    """Return the events after a position, in the order of the log."""
    query = (
        select(decisions)
        .where(decisions.c.project_id == project_id, decisions.c.position > after_position)
        .order_by(decisions.c.position)
    )
    return [_to_event(row) for row in connection.execute(query).mappings()]


def find_merge_events(connection: Connection, project_id: str, *, after_position: int = 0) -> list[ReviewEvent]:
    """Return the events after a position that are about names, not about a row."""
    query = (
        select(decisions)
        .where(decisions.c.project_id == project_id, decisions.c.position > after_position, decisions.c.row < 0)
        .order_by(decisions.c.position)
    )
    return [_to_event(row) for row in connection.execute(query).mappings()]


def _find_bare_events(connection: Connection, project_id: str, after_position: int) -> list[ReviewEvent]:
    """Return the events with only what tells whether a decision is in force: half the time, half the memory."""
    query = (
        select(decisions.c.uuid, decisions.c.row, decisions.c.kind, decisions.c.target_uuid, decisions.c.batch)
        .where(decisions.c.project_id == project_id, decisions.c.position > after_position)
        .where(decisions.c.kind != EventKind.MERGE.value)
        .order_by(decisions.c.position)
    )
    return [
        ReviewEvent(
            uuid=uuid,
            row=row,
            kind=EventKind(kind),
            verdict=Verdict.KEEP if kind == EventKind.DECIDE else None,  # any verdict is a decision
            target_uuid=target_uuid,
            batch=batch,
            decided_at=_NO_TIME,
        )
        for uuid, row, kind, target_uuid, batch in connection.execute(query)
    ]


def _to_row(event: ReviewEvent, *, project_id: str, position: int, received_at: datetime) -> dict[str, object]:
    lowest = 0 if event.kind is EventKind.DECIDE else -1
    if not (lowest <= event.row <= _LARGEST and 0 <= event.sequence <= _LARGEST):
        raise InvalidInputError(
            f"An event's row and sequence must be from 0 to {_LARGEST:,}; got {event.row:,} and {event.sequence:,}.",
            fix="Reload the page.",
        )
    return {
        "uuid": event.uuid,
        "project_id": project_id,
        "position": position,
        "row": event.row,
        "kind": event.kind.value,
        "verdict": None if event.verdict is None else event.verdict.value,
        "label": _json_or_none(event.label),
        "target_uuid": event.target_uuid,
        "reviewer": event.reviewer,
        "sequence": event.sequence,
        "decided_at": event.decided_at,
        "received_at": received_at,
        "seconds_spent": event.seconds_spent,
        "error_probability": event.error_probability,
        "suggested_label": _json_or_none(event.suggested_label),
        "note": event.note,
        "merged": labels_to_json(event.merged) if event.merged else None,
        "batch": event.batch,
        "source": event.source.value,
    }


def _to_event(row: RowMapping) -> ReviewEvent:
    return ReviewEvent(
        uuid=row["uuid"],
        row=row["row"],
        kind=EventKind(row["kind"]),
        verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
        label=_label_or_none(row["label"]),
        target_uuid=row["target_uuid"],
        reviewer=row["reviewer"],
        sequence=row["sequence"],
        decided_at=row["decided_at"],
        seconds_spent=row["seconds_spent"],
        error_probability=row["error_probability"],
        suggested_label=_label_or_none(row["suggested_label"]),
        note=row["note"],
        merged=() if row["merged"] is None else labels_from_json(row["merged"]),
        batch=row["batch"],
        source=DecisionSource(row["source"]),
        position=row["position"],
    )


def _json_or_none(label: Label | None) -> str | None:
    return None if label is None else label_to_json(label)


def _label_or_none(text: str | None) -> Label | None:
    return None if text is None else label_from_json(text)
