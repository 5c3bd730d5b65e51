"""Jobs: what is written to and read from their table, and which state may follow which."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, literal, select, update

from labelclean.errors import NotFoundError
from labelclean.store.column_types import UtcDateTime
from labelclean.store.projects_sql import lock_project
from labelclean.store.records import FINISHED_STATES, JobKind, JobRecord, JobState
from labelclean.store.tables import jobs

__all__ = ["change_job", "find_job", "find_latest_job", "insert_job"]


def insert_job(
    connection: Connection, project_id: str, kind: JobKind, options: dict[str, object], now: datetime
) -> JobRecord:
    """Store a job that waits for its process."""
    lock_project(connection, project_id)
    job_id = uuid.uuid4().hex
    connection.execute(
        insert(jobs).values(
            id=job_id,
            project_id=project_id,
            kind=kind,
            options=json.dumps(options),
            state=JobState.QUEUED.value,
            step="",
            fraction=0.0,
            message="",
            fix="",
            created_at=now,
            updated_at=now,
        )
    )
    return find_job(connection, job_id)


def find_job(connection: Connection, job_id: str) -> JobRecord:
    """Return one job; raise NotFoundError if there is none."""
    row = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
    if row is None:
        raise _job_missing()
    return _to_job(row)


def find_latest_job(connection: Connection, project_id: str, kind: JobKind) -> JobRecord | None:
    """Return the job of a kind that a project was given last, if it has any."""
    of_kind = select(jobs).where(jobs.c.project_id == project_id, jobs.c.kind == kind)
    row = connection.execute(of_kind.order_by(jobs.c.number.desc()).limit(1)).mappings().first()
    return None if row is None else _to_job(row)


def change_job(
    connection: Connection, job_id: str, state: JobState | None, values: dict[str, object], now: datetime
) -> None:
    """
    Set some columns of a job and its last sign of life; a finished job stays as it is.

    Who comes first wins: the state is looked at by the same command that changes it.
    """
    changes = {name: value for name, value in values.items() if value is not None}
    if state is not None:
        changes["state"] = state.value
    if state is JobState.RUNNING:
        changes["started_at"] = func.coalesce(jobs.c.started_at, literal(now, UtcDateTime))
    if state in FINISHED_STATES:
        changes["finished_at"] = now
    open_states = (
        [JobState.QUEUED.value] if state is JobState.QUEUED else [JobState.QUEUED.value, JobState.RUNNING.value]
    )
    changed = connection.execute(
        update(jobs).where(jobs.c.id == job_id, jobs.c.state.in_(open_states)).values(updated_at=now, **changes)
    )
    if changed.rowcount == 0:
        find_job(connection, job_id)  # tells a job that is over from one that was never there


def _to_job(row: RowMapping) -> JobRecord:
    return JobRecord(
        id=row["id"],
        project_id=row["project_id"],
        kind=row["kind"],
        options=json.loads(row["options"]),
        state=JobState(row["state"]),
        step=row["step"],
        fraction=row["fraction"],
        pid=row["pid"],
        message=row["message"],
        fix=row["fix"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        updated_at=row["updated_at"],
        finished_at=row["finished_at"],
    )


def _job_missing() -> NotFoundError:
    return NotFoundError("The job does not exist, or no longer exists.", fix="Go back to the project and start again.")
