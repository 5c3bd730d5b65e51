"""The store: everything of value that outlives a browser tab, in SQLite or PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Self

from labelclean.explain.evidence import RowEvidence
from labelclean.issues.problem import DataProblem, ProblemReport
from labelclean.review.decisions import ReviewEvent
from labelclean.review.learning import LearnedRanking
from labelclean.store import (
    events_sql,
    evidence_sql,
    jobs_sql,
    problems_sql,
    projects_sql,
    rerankings_sql,
    runs_sql,
    settings_sql,
)
from labelclean.store.database import Database
from labelclean.store.known_logs import KnownLogs
from labelclean.store.migrate import bring_up_to_date
from labelclean.store.records import DatasetRecord, JobKind, JobRecord, JobState, ProjectRecord
from labelclean.store.run_records import ComputedRun, StoredRun

__all__ = ["SqlStore"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SqlStore:
    """
    Projects, runs, jobs and decisions in one database; any number of threads and processes may use it.

    Each method is one transaction: it happens wholly or not at all. Besides the errors named, each one raises
    StoreError if the database cannot be used.

    Parameters
    ----------
    database : Database
        Already brought up to date; ``SqlStore.open`` does both.
    clock : callable, optional
        Returns the time now, UTC.
    """

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._database = database
        self._clock = clock
        self._logs = KnownLogs()

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], datetime] = _utc_now) -> Self:
        """
        Open the database at an address; make its tables or bring them up to date if need be.

        Parameters
        ----------
        url : str
            ``sqlite:///path``, or ``postgresql://user:password@host/name``.
        clock : callable, optional
            Returns the time now, UTC.

        Raises
        ------
        StoreError
            If the database cannot be used, or was made by a newer version of the program.
        MissingExtraError
            If the driver for PostgreSQL is not installed.
        """
        database = Database(url)
        try:
            bring_up_to_date(database)
        except BaseException:
            database.close()
            raise
        return cls(database, clock=clock)

    def close(self) -> None:
        """Give all connections back; the store may be used again afterwards."""
        self._database.close()

    def create_project(self, *, name: str, dataset: DatasetRecord, is_demo: bool = False) -> ProjectRecord:
        """
        Store a dataset and a project over it.

        Raises
        ------
        InvalidInputError
            If the name is blank.
        """
        with self._database.writing() as connection:
            project_id = projects_sql.insert_project(
                connection, name=name, dataset=dataset, is_demo=is_demo, now=self._clock()
            )
            return projects_sql.to_project(projects_sql.find_project(connection, project_id), n_decided=0)

    def list_projects(self) -> list[ProjectRecord]:
        """Return all projects, newest activity first."""
        with self._database.reading() as connection:
            return [
                projects_sql.to_project(row, self._logs.n_decided_at(connection, row["id"], row["last_position"]))
                for row in projects_sql.find_projects(connection)
            ]

    def get_project(self, project_id: str) -> ProjectRecord:
        """
        Return one project.

        Raises
        ------
        NotFoundError
            If it does not exist.
        """
        with self._database.reading() as connection:
            row = projects_sql.find_project(connection, project_id)
            n_decided = self._logs.n_decided_at(connection, project_id, row["last_position"])
            return projects_sql.to_project(row, n_decided)

    def rename_project(self, project_id: str, name: str) -> None:
        """
        Give a project another name.

        Raises
        ------
        NotFoundError
            If it does not exist.
        InvalidInputError
            If the name is blank.
        """
        checked = projects_sql.checked_name(name)
        with self._database.writing() as connection:
            projects_sql.change_project(connection, project_id, self._clock(), name=checked)

    def delete_project(self, project_id: str) -> None:
        """
        Delete a project with its dataset record, run, decisions and jobs; the kept file is the workspace's business.

        Raises
        ------
        NotFoundError
            If it does not exist.
        """
        with self._database.writing() as connection:
            projects_sql.delete_project(connection, project_id)
        self._logs.forget(project_id)

    def set_bookmark(self, project_id: str, bookmark: dict[str, object]) -> None:
        """
        Remember where the reviewer is.

        Parameters
        ----------
        project_id : str
            The project.
        bookmark : dict
            Plain JSON values, such as ``{"filter": {...}, "row": 17}``.

        Raises
        ------
        NotFoundError
            If the project does not exist.
        """
        with self._database.writing() as connection:
            projects_sql.change_project(connection, project_id, self._clock(), bookmark=json.dumps(bookmark))

    def save_run(self, project_id: str, computed: ComputedRun) -> str:
        """
        Store what an audit found, in the place of what the one before found and of what was learnt about that.

        Parameters
        ----------
        project_id : str
            The project.
        computed : ComputedRun
            What the audit found; its evidence explains each row at most once.

        Returns
        -------
        str
            The id of the run.

        Raises
        ------
        NotFoundError
            If the project does not exist.
        """
        with self._database.writing() as connection:
            projects_sql.change_project(connection, project_id, self._clock())
            run_id, number = runs_sql.replace_run(connection, project_id, computed.run)
            evidence_sql.insert_evidence(connection, number, computed.evidence)
            if computed.signals is not None:
                evidence_sql.insert_signals(connection, number, computed.signals)
            if computed.problems is not None:
                problems_sql.insert_problems(connection, number, computed.problems)
            return run_id

    def load_run(self, project_id: str, *, as_learned: bool = True) -> StoredRun | None:
        """Return what the last audit found, ranked as decisions taught or as the audit did; None if there was none."""
        with self._database.reading() as connection:
            found = runs_sql.find_run(connection, project_id)
            if found is None:
                return None
            run, number = found
            return rerankings_sql.apply_reranking(connection, number, run) if as_learned else run

    def load_evidence(self, project_id: str, rows: Sequence[int]) -> dict[int, RowEvidence]:
        """Return what explains these rows, by row; those that the last audit did not explain are absent."""
        with self._database.reading() as connection:
            return evidence_sql.find_evidence(connection, project_id, rows)

    def load_signals(self, project_id: str) -> bytes | None:
        """Return what a re-ranking of the last audit starts from, packed; None if it left nothing to start from."""
        with self._database.reading() as connection:
            return evidence_sql.find_signals(connection, project_id)

    def save_lesson(self, project_id: str, run_id: str, learned: LearnedRanking) -> str:
        """
        Store what decisions taught about a run, in the place of what they taught before; the run stays as it is.

        Returns
        -------
        str
            The id of the lesson.

        Raises
        ------
        NotFoundError
            If the project does not exist, or has another run by now.
        """
        with self._database.writing() as connection:
            now = self._clock()
            projects_sql.change_project(connection, project_id, now)
            return rerankings_sql.replace_reranking(connection, project_id, run_id, learned, now)

    def drop_lesson(self, project_id: str) -> None:
        """
        Forget what decisions taught about the run of a project: it ranks as the audit did; the decisions stay.

        Raises
        ------
        NotFoundError
            If the project does not exist.
        """
        with self._database.writing() as connection:
            projects_sql.change_project(connection, project_id, self._clock())
            rerankings_sql.drop_reranking(connection, project_id)

    def save_problems(self, project_id: str, run_id: str, report: ProblemReport) -> None:
        """Store what else is wrong with the data of a run; raises NotFoundError if there is another run by now."""
        with self._database.writing() as connection:
            problems_sql.replace_problems(connection, project_id, run_id, report)

    def load_problems(self, project_id: str) -> ProblemReport | None:
        """Return what else is wrong with the data of a project's run; None where nobody has looked yet."""
        with self._database.reading() as connection:
            return problems_sql.find_problems(connection, project_id)

    def load_problem(self, project_id: str, kind: str) -> DataProblem | None:
        """Return one problem of the data, as ``issues.problem`` names it; None where it was not found."""
        with self._database.reading() as connection:
            return problems_sql.find_problem(connection, project_id, kind)

    def create_job(self, project_id: str, kind: JobKind, options: dict[str, object]) -> JobRecord:
        """
        Store a job that waits for its process.

        Parameters
        ----------
        project_id : str
            Whose work it is.
        kind : {"audit", "learn"}
            What is to be done.
        options : dict
            How; plain JSON values.

        Raises
        ------
        NotFoundError
            If the project does not exist.
        """
        with self._database.writing() as connection:
            return jobs_sql.insert_job(connection, project_id, kind, options, self._clock())

    def get_job(self, job_id: str) -> JobRecord:
        """
        Return one job.

        Raises
        ------
        NotFoundError
            If it does not exist.
        """
        with self._database.reading() as connection:
            return jobs_sql.find_job(connection, job_id)

    def latest_job(self, project_id: str, *, kind: JobKind = "audit") -> JobRecord | None:
        """Return the job of a kind that a project was given last, or None if it never had one."""
        with self._database.reading() as connection:
            return jobs_sql.find_latest_job(connection, project_id, kind)

    def update_job(
        self,
        job_id: str,
        *,
        state: JobState | None = None,
        step: str | None = None,
        fraction: float | None = None,
        pid: int | None = None,
        message: str | None = None,
        fix: str | None = None,
    ) -> None:
        """
        Note how far a job is; each call is a sign of life, what is None stays as it is.

        A job that is done, failed or cancelled stays as it is, whoever says otherwise later; nor does a running one
        go back to the queue.

        Raises
        ------
        NotFoundError
            If the job does not exist.
        """
        values: dict[str, object] = {"step": step, "fraction": fraction, "pid": pid, "message": message, "fix": fix}
        with self._database.writing() as connection:
            jobs_sql.change_job(connection, job_id, state, values, self._clock())

    def append_events(self, project_id: str, events: Sequence[ReviewEvent]) -> frozenset[str]:
        """
        Store events; those whose uuid is already there are left as they are. All are stored, or none.

        Returns
        -------
        frozenset of str
            All uuids that were given: they are in the store, or are of bulk decisions about rows decided by then.

        Raises
        ------
        NotFoundError
            If the project does not exist.
        ReviewConflictError
            If a uuid belongs to an event of another project.
        InvalidInputError
            If a label is neither text nor a number nor a bool, or a time does not say its zone.
        """
        with self._database.writing() as connection:
            events_sql.append_events(connection, project_id, events, self._clock())
        return frozenset(event.uuid for event in events)

    def load_events(self, project_id: str, *, after_position: int = 0) -> list[ReviewEvent]:
        """Return the events of a project in the order of the log, those after a position."""
        with self._database.reading() as connection:
            return events_sql.find_events(connection, project_id, after_position)

    def load_merge_events(self, project_id: str) -> list[ReviewEvent]:
        """Return the merges of names in a project, and the events that undo and redo them, in the order of the log."""
        with self._database.reading() as connection:
            return self._logs.merge_events(connection, project_id)

    def count_decided(self, project_id: str) -> int:
        """Return the number of rows with a decision in force."""
        with self._database.reading() as connection:
            return self._logs.n_decided(connection, project_id)

    def get_setting(self, key: str) -> object | None:
        """Return a value of the program itself, or None if it was never set."""
        with self._database.reading() as connection:
            return settings_sql.find_setting(connection, key)

    def set_setting(self, key: str, value: object) -> None:
        """Remember a value of the program itself; it must be plain JSON."""
        with self._database.writing() as connection:
            settings_sql.store_setting(connection, key, value)

    def get_project_setting(self, project_id: str, key: str) -> object | None:
        """Return a value that everybody at a project shares, or None if it was never set."""
        with self._database.reading() as connection:
            return settings_sql.find_project_setting(connection, project_id, key)

    def set_project_setting(self, project_id: str, key: str, value: object) -> None:
        """
        Remember a value that everybody at a project shares; it must be plain JSON.

        Raises
        ------
        NotFoundError
            If the project does not exist.
        """
        with self._database.writing() as connection:
            settings_sql.store_project_setting(connection, project_id, key, value)
