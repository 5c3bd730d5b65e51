"""Runs and their suspects: what is written to and read from their tables, a million rows if need be."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, RowMapping, Select, delete, insert, select

from labelclean.errors import StoreError
from labelclean.store.cells_bytes import cells_from_bytes, cells_to_bytes
from labelclean.store.facts_json import (
    annotators_from_json,
    annotators_to_json,
    label_noise_from_json,
    label_noise_to_json,
)
from labelclean.store.label_confusions import confusions_from_json, confusions_to_json
from labelclean.store.label_json import labels_from_json, labels_to_json
from labelclean.store.noise_bytes import noise_from_bytes, noise_to_bytes
from labelclean.store.run_records import StoredRun
from labelclean.store.tables import runs, suspects

__all__ = ["find_run", "replace_run"]

_Suspect: TypeAlias = tuple[object, ...]  # one value for each column of the table, in its order

_ROWS_A_CHUNK = 20_000
_ROWS_READ_AT_ONCE = 2_000  # they stay in the processor's cache until they are in arrays
_CODE = np.dtype("<i4")
_PROB = np.dtype("<f4")


def replace_run(connection: Connection, project_id: str, run: StoredRun) -> tuple[str, int]:
    """Store a run in the place of the project's run before it; return its id and its number."""
    connection.execute(delete(runs).where(runs.c.project_id == project_id))
    run_id = uuid.uuid4().hex
    inserted = connection.execute(
        insert(runs).values(
            id=run_id,
            project_id=project_id,
            config=json.dumps(run.config),
            class_names=labels_to_json(run.class_names),
            n_examples=run.n_examples,
            n_issues=run.n_issues,
            n_likely=run.likely_labels.shape[1],
            noise=noise_to_bytes(run.noise),
            created_at=run.created_at,
            statement=run.statement,
            n_errors_low=None if run.n_errors_interval is None else run.n_errors_interval[0],
            n_errors_high=None if run.n_errors_interval is None else run.n_errors_interval[1],
            label_noise=label_noise_to_json(run.label_noise),
            annotators=annotators_to_json(run.annotators),
            label_cells=cells_to_bytes(run.label_cells),
            label_confusions=confusions_to_json(run.label_confusions),
        )
    )
    number: int = inserted.inserted_primary_key[0]  # type: ignore[index]  # a single insert has one
    if connection.dialect.name == "postgresql":
        _copy_suspects(connection, _suspect_rows(run, number))
    else:
        _insert_suspects(connection, _suspect_rows(run, number))
    return run_id, number


def find_run(connection: Connection, project_id: str) -> tuple[StoredRun, int] | None:
    """Return the current run of a project as the audit made it, and its number, if there is one."""
    found = connection.execute(select(runs).where(runs.c.project_id == project_id)).mappings().first()
    if found is None:
        return None
    low, high = found["n_errors_low"], found["n_errors_high"]
    arrays = _read_suspects(connection, found)
    run = StoredRun(
        config=json.loads(found["config"]),
        class_names=labels_from_json(found["class_names"]),
        labels=arrays.labels,
        suggested_labels=arrays.suggested_labels,
        label_quality_scores=arrays.label_quality_scores,
        error_probabilities=arrays.error_probabilities,
        is_issue=arrays.is_issue,
        ranked_rows=arrays.ranked_rows,
        likely_labels=arrays.likely_labels,
        likely_probs=arrays.likely_probs,
        noise=noise_from_bytes(found["noise"]),
        created_at=found["created_at"],
        statement=found["statement"] or "",
        n_errors_interval=None if low is None or high is None else (int(low), int(high)),
        label_noise=label_noise_from_json(found["label_noise"]),
        annotators=annotators_from_json(found["annotators"]),
        label_cells=cells_from_bytes(found["label_cells"]),
        label_confusions=confusions_from_json(found["label_confusions"]),
    )
    return run, int(found["number"])


def _insert_suspects(connection: Connection, chunks: Iterable[list[_Suspect]]) -> None:
    # The driver takes tuples as they are: a third of the time of one dictionary for each row.
    command = str(insert(suspects).compile(dialect=connection.dialect))
    for chunk in chunks:
        connection.exec_driver_sql(command, chunk)


def _copy_suspects(connection: Connection, chunks: Iterable[list[_Suspect]]) -> None:
    driver: Any = connection.connection.driver_connection
    names = ", ".join(f'"{column.name}"' for column in suspects.columns)
    with driver.cursor() as cursor, cursor.copy(f"COPY suspects ({names}) FROM STDIN") as copy:
        for chunk in chunks:
            for row in chunk:
                copy.write_row(row)


def _suspect_rows(run: StoredRun, number: object) -> Iterator[list[_Suspect]]:
    for start in range(0, run.n_examples, _ROWS_A_CHUNK):
        rows = run.ranked_rows[start : start + _ROWS_A_CHUNK]
        columns = (
            [number] * len(rows),
            range(start + 1, start + len(rows) + 1),
            rows.tolist(),
            run.labels[rows].tolist(),
            run.suggested_labels[rows].tolist(),
            _none_for_nan(run.label_quality_scores[rows]),
            _none_for_nan(run.error_probabilities[rows]),
            run.is_issue[rows].tolist(),
            _packed(run.likely_labels[rows].astype(_CODE)),
            _packed(run.likely_probs[rows].astype(_PROB)),
        )
        yield list(zip(*columns, strict=True))


def _none_for_nan(values: NDArray[np.float64]) -> list[float | None]:
    plain: list[float | None] = values.tolist()
    for place in np.flatnonzero(np.isnan(values)):
        plain[place] = None
    return plain


def _packed(table: NDArray[np.generic]) -> list[bytes]:
    content, width = table.tobytes(), table.shape[1] * table.itemsize
    return [content[row * width : (row + 1) * width] for row in range(len(table))]


class _SuspectArrays:
    """The arrays of a run while they are filled, chunk by chunk."""

    def __init__(self, n_examples: int, n_likely: int) -> None:
        self.n_filled = 0
        self.ranked_rows = np.empty(n_examples, dtype=np.int64)
        self.labels = np.empty(n_examples, dtype=np.int64)
        self.suggested_labels = np.empty(n_examples, dtype=np.int64)
        self.label_quality_scores = np.empty(n_examples, dtype=np.float64)
        self.error_probabilities = np.empty(n_examples, dtype=np.float64)
        self.is_issue = np.empty(n_examples, dtype=np.bool_)
        self.likely_labels = np.empty((n_examples, n_likely), dtype=np.int64)
        self.likely_probs = np.empty((n_examples, n_likely), dtype=np.float32)

    def add(self, chunk: Sequence[Sequence[Any]]) -> None:
        """Take the next suspects, in the order of their ranks."""
        rows, given, suggested, quality, probability, is_issue, codes, probs = zip(*chunk, strict=True)
        place = np.array(rows, dtype=np.int64)
        self.ranked_rows[self.n_filled : self.n_filled + len(place)] = place
        self.labels[place] = given
        self.suggested_labels[place] = suggested
        self.label_quality_scores[place] = np.array(quality, dtype=np.float64)  # NULL becomes NaN
        self.error_probabilities[place] = np.array(probability, dtype=np.float64)
        self.is_issue[place] = is_issue
        n_likely = self.likely_labels.shape[1]
        self.likely_labels[place] = np.frombuffer(b"".join(codes), dtype=_CODE).reshape(-1, n_likely)
        self.likely_probs[place] = np.frombuffer(b"".join(probs), dtype=_PROB).reshape(-1, n_likely)
        self.n_filled += len(place)


def _read_suspects(connection: Connection, run: RowMapping) -> _SuspectArrays:
    arrays = _SuspectArrays(int(run["n_examples"]), int(run["n_likely"]))
    query = select(*suspects.c[2:]).where(suspects.c.run_number == run["number"]).order_by(suspects.c.rank)
    for chunk in _plain_chunks(connection, query):
        arrays.add(chunk)
    if arrays.n_filled != len(arrays.labels):
        raise StoreError(
            f"The stored run must have {len(arrays.labels):,} rows; got {arrays.n_filled:,}.",
            fix="Run the audit again.",
        )
    return arrays


def _plain_chunks(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield what a query finds, in chunks; of SQLite as the driver has it: a third of the time at a million rows."""
    if connection.dialect.name != "sqlite":
        yield from connection.execution_options(yield_per=_ROWS_A_CHUNK).execute(query).partitions()
        return
    command = str(query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(command)
        while chunk := cursor.fetchmany(_ROWS_READ_AT_ONCE):
            yield chunk
