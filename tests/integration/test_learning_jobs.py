"""Learning from decisions in a process of its own, over a real database."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelclean import jobs
from labelclean.config import AuditConfig
from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file
from labelclean.store.records import JobRecord, JobState
from labelclean.workspace import Workspace
from tests.store_examples import decide

CONTENT = "text,label\n" + "".join(f"parcel {n},delivery\ninvoice {n},billing\n" for n in range(12))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Open a workspace."""
    opened = Workspace.open(Home.at(tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def project_id(workspace: Workspace) -> str:
    """Make a project of 24 rows and analyse it."""
    sha256, n_bytes = workspace.keep_file(io.BytesIO(CONTENT.encode()), max_bytes=10**6)
    project_id = workspace.create_project(
        name="Mine",
        file_name="mine.csv",
        sha256=sha256,
        n_bytes=n_bytes,
        layout=inspect_file(workspace.home.dataset_path(sha256), name="mine.csv").layout,
        roles=ColumnRoles(text="text", label="label"),
    ).id
    workspace.run_audit(project_id, AuditConfig(n_folds=3))
    return project_id


def end_of(workspace: Workspace, job: JobRecord) -> JobRecord:
    """Wait for the end of a job."""
    deadline = time.monotonic() + 60
    while not jobs.watch(workspace, job.id).is_finished:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return workspace.store.get_job(job.id)


def decide_rows(workspace: Workspace, project_id: str, n_rows: int) -> None:
    """Keep the given label of some rows."""
    workspace.store.append_events(project_id, [decide(f"e{row}", row) for row in range(n_rows)])


def test_learning_runs_beside_the_analysis_and_stores_a_lesson(workspace: Workspace, project_id: str) -> None:
    """A real process; the analysis stays the latest one, and the run what it was."""
    audit = workspace.store.create_job(project_id, "audit", {})
    decide_rows(workspace, project_id, 12)

    learned = end_of(workspace, jobs.start_learning(workspace, project_id))

    after = workspace.store.load_run(project_id)
    assert (learned.kind, learned.state) == ("learn", JobState.DONE)
    assert workspace.store.latest_job(project_id) == audit
    assert after is not None
    assert after.lesson is not None
    assert after.lesson.n_verdicts == 12
    assert after.lesson.account is not None


def test_learning_with_too_few_decisions_says_so(workspace: Workspace, project_id: str) -> None:
    """Nothing is stored then."""
    decide_rows(workspace, project_id, 3)

    learned = end_of(workspace, jobs.start_learning(workspace, project_id))

    assert learned.state is JobState.FAILED
    assert learned.message == "At least 10 decisions must say whether a label was wrong; got 3."
    assert workspace.store.get_project(project_id).lesson_id is None


def test_a_project_learns_once_at_a_time(workspace: Workspace, project_id: str) -> None:
    """Who asks meanwhile gets the job that is under way; cancelled, it leaves nothing."""
    decide_rows(workspace, project_id, 12)

    first, second = (jobs.start_learning(workspace, project_id) for _ in range(2))
    ended = jobs.cancel(workspace, first.id)

    assert first.id == second.id or first.is_finished
    assert ended.state in {JobState.CANCELLED, JobState.DONE}
    has_lesson = workspace.store.get_project(project_id).lesson_id is not None
    assert has_lesson is (ended.state is JobState.DONE)
