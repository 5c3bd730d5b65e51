"""Projects and their datasets: what is written to and read from their tables."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from labelclean.errors import InvalidInputError, NotFoundError
from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.store.records import DatasetRecord, EmbeddingsRecord, PredProbsRecord, ProjectRecord
from labelclean.store.tables import datasets, projects, rerankings, runs

__all__ = [
    "change_project",
    "checked_name",
    "delete_project",
    "find_project",
    "find_projects",
    "insert_project",
    "lock_project",
    "project_missing",
    "to_project",
]


def project_missing() -> NotFoundError:
    """Return the error about a project that is not there."""
    return NotFoundError("The project does not exist, or no longer exists.", fix="Go back to the list of projects.")


def checked_name(name: str) -> str:
    """Return a project's name without the space around it; refuse one that is blank."""
    stripped = name.strip()
    if not stripped:
        raise InvalidInputError("A project's name must not be blank.", fix="Type a name.")
    return stripped


def insert_project(connection: Connection, *, name: str, dataset: DatasetRecord, is_demo: bool, now: datetime) -> str:
    """Store a dataset and a project over it; return the project's id."""
    dataset_id, project_id = uuid.uuid4().hex, uuid.uuid4().hex
    connection.execute(
        insert(datasets).values(
            id=dataset_id,
            sha256=dataset.sha256,
            file_name=dataset.file_name,
            n_bytes=dataset.n_bytes,
            layout=json.dumps(dataset.layout.to_dict()),
            roles=json.dumps(dataset.roles.to_dict()),
            pred_probs=None if dataset.pred_probs is None else json.dumps(dataset.pred_probs.to_dict()),
            embeddings=None if dataset.embeddings is None else json.dumps(dataset.embeddings.to_dict()),
        )
    )
    connection.execute(
        insert(projects).values(
            id=project_id,
            dataset_id=dataset_id,
            name=checked_name(name),
            is_demo=is_demo,
            bookmark="{}",
            last_position=0,
            created_at=now,
            updated_at=now,
        )
    )
    return project_id


_FULL_PROJECT = (
    select(
        projects,
        datasets.c.sha256,
        datasets.c.file_name,
        datasets.c.n_bytes,
        datasets.c.layout,
        datasets.c.roles,
        datasets.c.pred_probs,
        datasets.c.embeddings,
        runs.c.id.label("run_id"),
        rerankings.c.id.label("lesson_id"),
        func.coalesce(rerankings.c.n_issues, runs.c.n_issues).label("n_issues"),
    )
    .join(datasets, datasets.c.id == projects.c.dataset_id)
    .outerjoin(runs, runs.c.project_id == projects.c.id)
    .outerjoin(rerankings, rerankings.c.run_number == runs.c.number)
)


def find_projects(connection: Connection) -> list[RowMapping]:
    """Return all projects, newest activity first."""
    newest_first = _FULL_PROJECT.order_by(projects.c.updated_at.desc(), projects.c.created_at.desc(), projects.c.id)
    return list(connection.execute(newest_first).mappings())


def find_project(connection: Connection, project_id: str) -> RowMapping:
    """Return one project; raise NotFoundError if there is none."""
    row = connection.execute(_FULL_PROJECT.where(projects.c.id == project_id)).mappings().first()
    if row is None:
        raise project_missing()
    return row


def to_project(row: RowMapping, n_decided: int) -> ProjectRecord:
    """Turn what was found into a record."""
    return ProjectRecord(
        id=row["id"],
        name=row["name"],
        dataset=DatasetRecord(
            sha256=row["sha256"],
            file_name=row["file_name"],
            n_bytes=row["n_bytes"],
            layout=FileLayout.from_dict(json.loads(row["layout"])),
            roles=ColumnRoles.from_dict(json.loads(row["roles"])),
            pred_probs=None if row["pred_probs"] is None else PredProbsRecord.from_dict(json.loads(row["pred_probs"])),
            embeddings=None if row["embeddings"] is None else EmbeddingsRecord.from_dict(json.loads(row["embeddings"])),
        ),
        is_demo=row["is_demo"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        bookmark=json.loads(row["bookmark"]),
        n_issues=row["n_issues"],
        n_decided=n_decided,
        run_id=row["run_id"],
        lesson_id=row["lesson_id"],
    )


def lock_project(connection: Connection, project_id: str) -> int:
    """Keep others from changing a project until the transaction ends; return the last position of its log."""
    # SQLite knows no row locks and needs none: its writers come one after the other.
    query = select(projects.c.last_position).where(projects.c.id == project_id).with_for_update()
    position = connection.execute(query).scalar()
    if position is None:
        raise project_missing()
    return int(position)


def change_project(connection: Connection, project_id: str, now: datetime, **values: object) -> None:
    """Set some columns of a project and the time of its last activity."""
    changed = connection.execute(update(projects).where(projects.c.id == project_id).values(updated_at=now, **values))
    if changed.rowcount == 0:
        raise project_missing()


def delete_project(connection: Connection, project_id: str) -> None:
    """Delete a project with its runs, decisions, jobs (the tables say so themselves) and its dataset."""
    query = select(projects.c.dataset_id).where(projects.c.id == project_id).with_for_update()
    dataset_id = connection.execute(query).scalar()
    if dataset_id is None:
        raise project_missing()
    connection.execute(delete(projects).where(projects.c.id == project_id))
    connection.execute(delete(datasets).where(datasets.c.id == dataset_id))
