"""Jobs over the user's own probabilities, in real processes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelclean import jobs
from labelclean.config import AuditConfig
from labelclean.store.records import JobRecord, JobState, PredProbsRecord
from labelclean.workspace import Workspace
from tests.job_projects import make_project, opened_workspace, until


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Open a workspace; end whatever still runs at the end."""
    with opened_workspace(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def own_project_id(workspace: Workspace) -> str:
    """Make a project over the same rows and a table of probabilities, in the order of its row ids."""
    dataset = workspace.store.get_project(make_project(workspace)).dataset
    lines = "".join(f"{row},{0.9 - 0.8 * (row % 2):.2f},{0.1 + 0.8 * (row % 2):.2f}\n" for row in range(24))
    table = f"row,delivery,billing\n{lines}".replace("\n6,0.90,0.10", "\n6,0.02,0.98")
    sha256, n_bytes = workspace.keep_file(io.BytesIO(table.encode()), max_bytes=10**6)
    return workspace.create_project(
        name="Own",
        file_name="mine.csv",
        sha256=dataset.sha256,
        n_bytes=dataset.n_bytes,
        layout=dataset.layout,
        roles=dataset.roles,
        pred_probs=PredProbsRecord(sha256=sha256, file_name="probs.csv", n_bytes=n_bytes),
    ).id


def analyse(workspace: Workspace, project_id: str) -> JobRecord:
    """Let a real process analyse a project; return its job when it is over."""
    job = jobs.start_audit(workspace, project_id, AuditConfig())
    until(lambda: jobs.watch(workspace, job.id).is_finished, "the job is over")
    return workspace.store.get_job(job.id)


def test_a_job_uses_the_own_probabilities_of_its_project(workspace: Workspace, own_project_id: str) -> None:
    """In a real process, and again when the project is analysed anew."""
    for _ in range(2):
        assert analyse(workspace, own_project_id).state is JobState.DONE

        run = workspace.store.load_run(own_project_id)
        assert run is not None
        assert run.is_issue.nonzero()[0].tolist() == [6]
        assert run.label_quality_scores[6] == pytest.approx(0.02)


def test_a_job_whose_probabilities_do_not_fit_says_so(workspace: Workspace, own_project_id: str) -> None:
    """The screen gets the sentence and the way out."""
    own = workspace.store.get_project(own_project_id).dataset.pred_probs
    assert own is not None
    workspace.home.dataset_path(own.sha256).write_text("delivery,refund\n0.5,0.5\n")

    ended = analyse(workspace, own_project_id)

    assert ended.state is JobState.FAILED
    assert "none for 1 of 2: 'billing'" in ended.message
    assert ended.fix
