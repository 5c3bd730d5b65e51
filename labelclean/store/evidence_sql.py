"""What explains single rows, and what a re-ranking starts from: kept with a run, read only as far as it is needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import Connection, insert, select

from labelclean.errors import StoreError
from labelclean.explain.evidence import RowEvidence
from labelclean.results import RowFacts
from labelclean.store.tables import evidence, runs, signals

__all__ = ["find_evidence", "find_signals", "insert_evidence", "insert_signals"]

_ROWS_A_CHUNK = 2_000


def insert_evidence(connection: Connection, run_number: int, facts: Iterable[RowFacts]) -> None:
    """Store what was found about some rows of a run."""
    rows = (
        {"run_number": run_number, "row": each.row, "content": json.dumps(each.to_dict(), separators=(",", ":"))}
        for each in facts
    )
    while chunk := list(islice(rows, _ROWS_A_CHUNK)):
        connection.execute(insert(evidence), chunk)


def find_evidence(connection: Connection, project_id: str, rows: Sequence[int]) -> dict[int, RowEvidence]:
    """Return what was found about these rows by the current run of a project; rows not explained are absent."""
    query = (
        select(evidence.c.row, evidence.c.content)
        .join(runs, runs.c.number == evidence.c.run_number)
        .where(runs.c.project_id == project_id, evidence.c.row.in_(rows))
    )
    return {row: _read(content) for row, content in connection.execute(query)} if rows else {}


def insert_signals(connection: Connection, run_number: int, content: bytes) -> None:
    """Store what a re-ranking of a run starts from."""
    connection.execute(insert(signals).values(run_number=run_number, content=content))


def find_signals(connection: Connection, project_id: str) -> bytes | None:
    """Return what was stored for the current run of a project, if anything was."""
    query = select(signals.c.content).join(runs, runs.c.number == signals.c.run_number)
    return connection.execute(query.where(runs.c.project_id == project_id)).scalar()


def _read(content: str) -> RowEvidence:
    try:
        return RowEvidence.from_dict(json.loads(content))
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError("The stored evidence must be whole; it is damaged.", fix="Run the audit again.") from error
