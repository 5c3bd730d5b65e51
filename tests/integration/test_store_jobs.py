"""Jobs in the store, on a real SQLite file and on a real PostgreSQL server."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from labelclean.store.records import DatasetRecord, JobState, ProjectRecord
from labelclean.store.sql import SqlStore
from tests.store_examples import MOMENT


def test_a_new_job_waits(store: SqlStore, project: ProjectRecord) -> None:
    """A job begins in the queue, with its options."""
    job = store.create_job(project.id, "audit", {"n_folds": 5, "nested": {"x": [1]}})

    assert store.get_job(job.id) == job
    assert (job.state, job.kind, job.options) == (JobState.QUEUED, "audit", {"n_folds": 5, "nested": {"x": [1]}})
    assert (job.step, job.fraction, job.pid, job.message, job.fix) == ("", 0.0, None, "", "")
    assert (job.started_at, job.finished_at, job.is_finished) == (None, None, False)


def test_the_latest_job_is_the_one_made_last(store_url: str, dataset_record: DatasetRecord) -> None:
    """Jobs made in the same moment still have an order."""
    store = SqlStore.open(store_url, clock=lambda: MOMENT)
    project = store.create_project(name="Mail", dataset=dataset_record)

    made = [store.create_job(project.id, "audit", {}).id for _ in range(5)]

    latest = store.latest_job(project.id)
    assert latest is not None
    assert latest.id == made[-1]
    store.close()


def test_jobs_of_two_kinds_do_not_pass_for_each_other(store: SqlStore, project: ProjectRecord) -> None:
    """Who asks for the analysis does not get the learning that came after it."""
    audit = store.create_job(project.id, "audit", {})
    learn = store.create_job(project.id, "learn", {})

    assert store.latest_job(project.id) == audit
    assert store.latest_job(project.id, kind="learn") == learn


def test_a_job_runs_and_is_done(store_url: str, dataset_record: DatasetRecord) -> None:
    """Each report is a sign of life; start and end have their times."""
    ticks = iter(range(100))
    store = SqlStore.open(store_url, clock=lambda: MOMENT + timedelta(seconds=next(ticks)))
    project = store.create_project(name="Mail", dataset=dataset_record)  # tick 0
    job = store.create_job(project.id, "audit", {})  # tick 1

    store.update_job(job.id, state=JobState.RUNNING, pid=4321)  # tick 2
    store.update_job(job.id, state=JobState.RUNNING, step="Reading", fraction=0.25)  # tick 3
    store.update_job(job.id, fraction=0.5)  # tick 4
    store.update_job(job.id, state=JobState.DONE, fraction=1.0)  # tick 5

    found = store.get_job(job.id)
    assert (found.state, found.step, found.fraction, found.pid) == (JobState.DONE, "Reading", 1.0, 4321)
    assert [
        (moment - MOMENT).total_seconds() if moment else None
        for moment in (found.created_at, found.started_at, found.updated_at, found.finished_at)
    ] == [1, 2, 5, 5]
    store.close()


@pytest.mark.parametrize("final", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
def test_a_finished_job_stays_as_it_is(store: SqlStore, project: ProjectRecord, final: JobState) -> None:
    """Whoever reports late changes nothing, so a cancelled job never goes back to running."""
    job = store.create_job(project.id, "audit", {})
    store.update_job(job.id, state=final, message="first")
    before = store.get_job(job.id)

    for later in (*JobState, None):
        store.update_job(job.id, state=later, step="late", fraction=0.9, message="late", fix="late", pid=1)

    assert store.get_job(job.id) == before
    assert before.is_finished


def test_a_running_job_does_not_go_back_to_the_queue(store: SqlStore, project: ProjectRecord) -> None:
    """States only go forward."""
    job = store.create_job(project.id, "audit", {})
    store.update_job(job.id, state=JobState.RUNNING)

    store.update_job(job.id, state=JobState.QUEUED)

    assert store.get_job(job.id).state is JobState.RUNNING


def test_the_first_end_of_a_job_wins_under_threads(store: SqlStore, project: ProjectRecord) -> None:
    """A worker that is done and a user who cancels at once: one of them wins wholly."""
    for _ in range(10):
        job = store.create_job(project.id, "audit", {})
        start = threading.Barrier(2)

        def end(state: JobState, job_id: str = job.id, start: threading.Barrier = start) -> None:
            start.wait()
            store.update_job(job_id, state=state, message=state.value)

        with ThreadPoolExecutor(2) as pool:
            for answer in [pool.submit(end, state) for state in (JobState.DONE, JobState.CANCELLED)]:
                answer.result()

        found = store.get_job(job.id)
        assert found.is_finished
        assert found.message == found.state.value
