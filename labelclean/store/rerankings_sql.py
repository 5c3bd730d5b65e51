"""What decisions taught about a run: written to and read from its table, and laid over the run."""

from __future__ import annotations

import io
import uuid
import zipfile
from dataclasses import replace
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, delete, insert, select

from labelclean.errors import NotFoundError, StoreError
from labelclean.review.learning import LearnedRanking
from labelclean.store.label_json import labels_from_json, labels_to_json
from labelclean.store.lesson_json import account_from_json, account_to_json
from labelclean.store.noise_bytes import noise_from_bytes, noise_to_bytes
from labelclean.store.run_records import Lesson, StoredRun
from labelclean.store.tables import rerankings, runs

__all__ = ["apply_reranking", "drop_reranking", "replace_reranking"]


def replace_reranking(
    connection: Connection, project_id: str, run_id: str, learned: LearnedRanking, now: datetime
) -> str:
    """Store what was learnt about a run in the place of what was learnt before; return its id."""
    query = select(runs.c.number).where(runs.c.project_id == project_id, runs.c.id == run_id)
    number = connection.execute(query).scalar()
    if number is None:
        raise NotFoundError(
            "The results that were to be re-ranked do not exist any more.", fix="Reload the page and learn again."
        )
    connection.execute(delete(rerankings).where(rerankings.c.run_number == number))
    lesson_id = uuid.uuid4().hex
    connection.execute(
        insert(rerankings).values(
            run_number=number,
            id=lesson_id,
            n_verdicts=learned.n_verdicts,
            n_issues=int(np.count_nonzero(learned.is_issue)),
            new_labels=labels_to_json(learned.new_labels),
            moved=learned.moved,
            noise=noise_to_bytes(learned.noise),
            ranking=_ranking_to_bytes(learned),
            created_at=now,
            account=account_to_json(learned.account),
        )
    )
    return lesson_id


def drop_reranking(connection: Connection, project_id: str) -> None:
    """Forget what was learnt about the current run of a project."""
    numbers = select(runs.c.number).where(runs.c.project_id == project_id).scalar_subquery()
    connection.execute(delete(rerankings).where(rerankings.c.run_number == numbers))


def apply_reranking(connection: Connection, run_number: int, run: StoredRun) -> StoredRun:
    """Return the run as it ranks by what was learnt; the run itself where nothing was."""
    query = select(rerankings).where(rerankings.c.run_number == run_number)
    found = connection.execute(query).mappings().first()
    if found is None:
        return run
    ranking = _ranking_from_bytes(found["ranking"], run.n_examples)
    return replace(
        run,
        class_names=(*run.class_names, *labels_from_json(found["new_labels"])),
        suggested_labels=ranking["suggested_labels"].astype(np.int64),
        error_probabilities=ranking["error_probabilities"],
        is_issue=ranking["is_issue"],
        ranked_rows=ranking["ranked_rows"].astype(np.int64),
        noise=noise_from_bytes(found["noise"]),
        n_errors_interval=None,  # that of the audit does not hold for the new estimate
        lesson=Lesson(
            n_verdicts=found["n_verdicts"],
            moved=found["moved"],
            created_at=found["created_at"],
            account=account_from_json(found["account"]),
        ),
    )


_COLUMNS = ("suggested_labels", "error_probabilities", "is_issue", "ranked_rows")


def _ranking_to_bytes(learned: LearnedRanking) -> bytes:
    target = io.BytesIO()
    np.savez_compressed(
        target,
        suggested_labels=learned.suggested_labels.astype(np.int32),
        error_probabilities=learned.error_probabilities,
        is_issue=learned.is_issue,
        ranked_rows=learned.ranked_rows.astype(np.int32),
    )
    return target.getvalue()


def _ranking_from_bytes(content: bytes, n_examples: int) -> dict[str, np.ndarray]:
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            ranking = {name: arrays[name] for name in _COLUMNS}
    except (EOFError, KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise _damaged() from error
    if any(len(column) != n_examples for column in ranking.values()):
        raise _damaged()
    return ranking


def _damaged() -> StoreError:
    return StoreError("What was learnt from decisions must be whole; it is damaged.", fix="Run the audit again.")
