"""The workspace: real files and a real database in a directory of the test's own."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelclean import workspace as workspace_module
from labelclean.config import AuditConfig
from labelclean.demos import MESSAGES_DEMO
from labelclean.errors import FileContentError, InvalidInputError, NotFoundError, StoreError
from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file
from labelclean.store.records import PredProbsRecord, ProjectRecord
from labelclean.workspace import Workspace

ROLES = ColumnRoles(text="text", label="label", row_id="id")
ROWS = [
    *((f"the parcel number {n} has not arrived", "delivery") for n in range(12)),
    *((f"the invoice {n} charges me twice", "billing") for n in range(12)),
]
CONTENT = ("id,text,label\n" + "".join(f"m{n},{text},{label}\n" for n, (text, label) in enumerate(ROWS))).encode()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Make an empty data directory."""
    return Home.at(tmp_path / "home")


@pytest.fixture
def workspace(home: Home) -> Iterator[Workspace]:
    """Open a workspace in it."""
    opened = Workspace.open(home)
    yield opened
    opened.close()


@pytest.fixture
def demo_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a small file in the place of the demo dataset."""
    path = tmp_path / "assets" / "demo.csv"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    monkeypatch.setattr(workspace_module, "asset_path", lambda name: path)  # noqa: ARG005  (one file for every name)
    return path


def kept(home: Home) -> list[str]:
    """Return what lies among the kept files."""
    return sorted(path.name for path in home.datasets.iterdir())


def add_project(workspace: Workspace, content: bytes = CONTENT, name: str = "Mine") -> ProjectRecord:
    """Keep a file and make a project over it."""
    sha256, n_bytes = workspace.keep_file(io.BytesIO(content), max_bytes=10**6)
    layout = inspect_file(workspace.home.dataset_path(sha256), name="mine.csv").layout
    return workspace.create_project(
        name=name, file_name="mine.csv", sha256=sha256, n_bytes=n_bytes, layout=layout, roles=ROLES
    )


def probs_file(classes: tuple[str, ...] = ("billing", "delivery")) -> bytes:
    """Return an .npz with a model's probabilities: sure of every row, against the label of row 3."""
    probs = np.tile([0.1, 0.9], (24, 1))
    probs[12:] = [0.8, 0.2]
    probs[3] = [0.95, 0.05]
    buffer = io.BytesIO()
    np.savez(buffer, pred_probs=probs, class_names=np.array(classes))
    return buffer.getvalue()


def add_own_project(workspace: Workspace, content: bytes, **options: Any) -> ProjectRecord:
    """Keep a dataset and probabilities, and make a project over both."""
    plain = add_project(workspace, name="Plain")
    sha256, n_bytes = workspace.keep_file(io.BytesIO(content), max_bytes=10**6)
    own = PredProbsRecord(sha256=sha256, file_name="probs.npz", n_bytes=n_bytes, **options)
    made = workspace.create_project(
        name="Own",
        file_name="mine.csv",
        sha256=plain.dataset.sha256,
        n_bytes=plain.dataset.n_bytes,
        layout=plain.dataset.layout,
        roles=ROLES,
        pred_probs=own,
    )
    workspace.delete_project(plain.id)
    return made


class Broken(io.BytesIO):
    """A stream that gives one block and then fails."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error
        self._n_reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Give bytes once."""
        self._n_reads += 1
        if self._n_reads > 1:
            raise self._error
        return b"x" * (size or 1)


def test_a_file_is_kept_under_the_hash_of_its_bytes(workspace: Workspace) -> None:
    """More than one block, and no other file left."""
    content = os.urandom(2**20 + 5)

    sha256, n_bytes = workspace.keep_file(io.BytesIO(content), max_bytes=len(content))

    assert (sha256, n_bytes) == (hashlib.sha256(content).hexdigest(), 2**20 + 5)
    assert workspace.home.dataset_path(sha256).read_bytes() == content
    assert kept(workspace.home) == [sha256]


def test_the_same_bytes_are_kept_once(workspace: Workspace) -> None:
    """A second upload finds them there."""
    first = workspace.keep_file(io.BytesIO(CONTENT), max_bytes=10**6)

    assert workspace.keep_file(io.BytesIO(CONTENT), max_bytes=10**6) == first
    assert kept(workspace.home) == [SHA256]


def test_a_file_over_the_limit_is_refused_and_nothing_stays(workspace: Workspace) -> None:
    """The message names the limit, the fix what to do."""
    with pytest.raises(FileContentError, match=r"at most 2,000,000 bytes \(2 MB\)") as caught:
        workspace.keep_file(io.BytesIO(b"x" * 2_000_001), max_bytes=2_000_000)

    assert "path on this machine" in caught.value.fix
    assert kept(workspace.home) == []


def test_an_upload_that_is_cut_off_leaves_nothing(workspace: Workspace) -> None:
    """Whatever broke it passes through."""
    with pytest.raises(KeyboardInterrupt):
        workspace.keep_file(Broken(KeyboardInterrupt()), max_bytes=10**9)

    assert kept(workspace.home) == []


def test_a_full_disk_is_said_and_leaves_nothing(workspace: Workspace) -> None:
    """The system's reason and what to do."""
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(StoreError, match="No space left on device") as caught:
        workspace.keep_file(Broken(error), max_bytes=10**9)

    assert "LABELCLEAN_HOME" in caught.value.fix
    assert kept(workspace.home) == []


def test_parts_of_killed_uploads_are_removed_after_a_day(home: Home) -> None:
    """A fresh part may still be written by another process."""
    old, fresh = home.datasets / "old.part", home.datasets / "fresh.part"
    old.touch()
    fresh.touch()
    os.utime(old, (1_000_000_000, 1_000_000_000))

    Workspace.open(home).close()

    assert kept(home) == ["fresh.part"]


def test_a_project_keeps_what_is_needed_to_read_its_file(workspace: Workspace) -> None:
    """Texts, labels and ids come back from the kept file."""
    project = add_project(workspace)

    dataset = workspace.load_dataset(workspace.store.get_project(project.id))

    assert dataset.texts == tuple(text for text, _ in ROWS)
    assert [dataset.given_label(row) for row in (0, 12)] == ["delivery", "billing"]
    assert dataset.row_ids is not None
    assert dataset.row_ids[23] == "m23"


def test_a_project_over_a_file_that_is_not_kept_is_refused(workspace: Workspace) -> None:
    """For instance when it was discarded meanwhile."""
    project = add_project(workspace)

    with pytest.raises(StoreError, match="not there"):
        workspace.create_project(
            name="Other",
            file_name="x.csv",
            sha256="0" * 64,
            n_bytes=1,
            layout=project.dataset.layout,
            roles=project.dataset.roles,
        )

    assert len(workspace.store.list_projects()) == 1


def test_a_kept_file_that_vanished_is_said(workspace: Workspace) -> None:
    """Someone emptied the directory by hand."""
    project = add_project(workspace)
    workspace.home.dataset_path(SHA256).unlink()

    with pytest.raises(StoreError, match="not there") as caught:
        workspace.load_dataset(project)

    assert caught.value.fix == "Add the file again."


def test_an_audit_is_stored_with_its_options(workspace: Workspace) -> None:
    """The run can be loaded again; progress never falls and ends at one."""
    project = add_project(workspace)
    seen: list[float] = []

    workspace.run_audit(project.id, AuditConfig(n_folds=3), lambda step, fraction: seen.append(fraction))  # noqa: ARG005  (the words do not matter here)

    run = workspace.store.load_run(project.id)
    assert run is not None
    assert (run.class_names, run.n_examples, run.config["n_folds"]) == (("billing", "delivery"), 24, 3)
    assert workspace.store.get_project(project.id).has_run
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)


def test_an_audit_uses_the_own_probabilities_each_time(workspace: Workspace) -> None:
    """No model is trained, at the first analysis as at the second."""
    project = add_own_project(workspace, probs_file())

    for _ in range(2):
        workspace.run_audit(project.id, AuditConfig())

        run = workspace.store.load_run(project.id)
        assert run is not None
        assert np.flatnonzero(run.is_issue).tolist() == [3]
        assert np.allclose(run.label_quality_scores[[0, 3, 12]], [0.9, 0.05, 0.8])
        assert run.class_names == ("billing", "delivery")


def test_an_audit_takes_the_classes_that_were_named(workspace: Workspace) -> None:
    """Also one that no row was given, from an array that names none."""
    probs = np.column_stack([np.full(24, 0.01), np.tile([0.94, 0.05], (24, 1))])
    probs[12:] = [0.01, 0.05, 0.94]
    buffer = io.BytesIO()
    np.save(buffer, probs)
    project = add_own_project(workspace, buffer.getvalue(), class_names=("returns", "delivery", "billing"))

    workspace.run_audit(project.id, AuditConfig())

    run = workspace.store.load_run(project.id)
    assert run is not None
    assert run.class_names == ("billing", "delivery", "returns")
    assert np.allclose(run.label_quality_scores, 0.94)


def test_probabilities_that_do_not_fit_stop_the_audit(workspace: Workspace) -> None:
    """With the reason that the file's reader gives."""
    project = add_own_project(workspace, probs_file(("billing", "refund")))

    with pytest.raises(InvalidInputError, match="none for 1 of 2: 'delivery'"):
        workspace.run_audit(project.id, AuditConfig())


def test_own_probabilities_live_as_long_as_their_project(workspace: Workspace, home: Home) -> None:
    """They are neither discarded nor taken for an abandoned upload; they go with the project."""
    project = add_own_project(workspace, probs_file())
    own = project.dataset.pred_probs
    assert own is not None
    for path in home.datasets.iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))

    workspace.discard_file(own.sha256)
    Workspace.open(home).close()
    assert kept(home) == sorted([SHA256, own.sha256])

    workspace.delete_project(project.id)
    assert kept(home) == []


def test_probabilities_that_two_projects_use_stay(workspace: Workspace, home: Home) -> None:
    """As with datasets."""
    first, second = (add_own_project(workspace, probs_file()) for _ in range(2))
    own = second.dataset.pred_probs
    assert own is not None

    workspace.delete_project(first.id)

    assert kept(home) == sorted([SHA256, own.sha256])


def test_abandoned_probabilities_are_removed_after_a_day(workspace: Workspace, home: Home) -> None:
    """As other uploads are."""
    sha256, _ = workspace.keep_file(io.BytesIO(probs_file()), max_bytes=10**6)
    os.utime(home.dataset_path(sha256), (1_000_000_000, 1_000_000_000))

    Workspace.open(home).close()

    assert kept(home) == []


def test_a_project_over_probabilities_that_are_not_kept_is_refused(workspace: Workspace) -> None:
    """For instance when they were discarded meanwhile."""
    project = add_project(workspace)

    with pytest.raises(StoreError, match="not there"):
        workspace.create_project(
            name="Other",
            file_name="x.csv",
            sha256=SHA256,
            n_bytes=1,
            layout=project.dataset.layout,
            roles=ROLES,
            pred_probs=PredProbsRecord(sha256="0" * 64, file_name="p.npy", n_bytes=1),
        )

    assert len(workspace.store.list_projects()) == 1


def test_an_audit_of_a_missing_project_is_refused(workspace: Workspace) -> None:
    """Nothing is stored."""
    with pytest.raises(NotFoundError):
        workspace.run_audit("none", AuditConfig())


def test_deleting_a_project_removes_its_file(workspace: Workspace) -> None:
    """Nothing of the user's data stays, neither file nor log."""
    project = add_project(workspace)
    job = workspace.store.create_job(project.id, "audit", {})
    (workspace.home.logs / f"{job.id}.log").touch()

    workspace.delete_project(project.id)

    assert kept(workspace.home) == []
    assert list(workspace.home.logs.iterdir()) == []
    assert workspace.store.list_projects() == []


def test_a_file_that_another_project_uses_stays(workspace: Workspace) -> None:
    """Two projects over the same bytes."""
    first, second = add_project(workspace), add_project(workspace, name="Second")

    workspace.delete_project(first.id)
    assert kept(workspace.home) == [SHA256]

    workspace.delete_project(second.id)
    assert kept(workspace.home) == []


def test_deleting_a_missing_project_is_refused(workspace: Workspace) -> None:
    """It may have been deleted in another tab."""
    with pytest.raises(NotFoundError):
        workspace.delete_project("none")


def test_an_upload_that_became_no_project_can_be_discarded(workspace: Workspace) -> None:
    """Once, twice, but never while a project uses it."""
    sha256, _ = workspace.keep_file(io.BytesIO(b"nothing"), max_bytes=100)
    add_project(workspace)

    for _ in range(2):
        workspace.discard_file(sha256)
        workspace.discard_file(SHA256)

    assert kept(workspace.home) == [SHA256]


@pytest.mark.usefixtures("demo_file")
def test_the_first_start_makes_an_analysed_demo(workspace: Workspace) -> None:
    """It is ready to review."""
    demo = workspace.ensure_demo()

    assert demo is not None
    assert (demo.name, demo.is_demo, demo.has_run) == (MESSAGES_DEMO.name, True, True)
    assert demo.dataset.roles == ROLES
    assert workspace.ensure_demo() is None
    assert len(workspace.store.list_projects()) == 1


@pytest.mark.usefixtures("demo_file")
def test_a_deleted_demo_does_not_come_back(workspace: Workspace, home: Home) -> None:
    """Neither at once nor after a restart."""
    demo = workspace.ensure_demo()
    assert demo is not None
    workspace.delete_project(demo.id)

    assert workspace.ensure_demo() is None
    restarted = Workspace.open(home)
    assert restarted.ensure_demo() is None
    assert restarted.store.list_projects() == []
    restarted.close()


def test_a_demo_that_was_interrupted_is_finished_at_the_next_start(
    workspace: Workspace, demo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The project was made, then the program was killed before its analysis."""
    assert demo_file.exists()

    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Workspace, "run_audit", killed)
        with pytest.raises(KeyboardInterrupt):
            workspace.ensure_demo()

    demo = workspace.ensure_demo()

    assert demo is not None
    assert demo.has_run
    assert len(workspace.store.list_projects()) == 1


def test_a_missing_demo_file_does_not_keep_the_program_from_starting(workspace: Workspace, demo_file: Path) -> None:
    """Then there is no demo."""
    demo_file.unlink()

    assert workspace.ensure_demo() is None


def test_two_programs_started_at_once_make_one_demo(home: Home) -> None:
    """Two real processes, the bundled file, one fresh data directory."""
    code = (
        "import sys; from pathlib import Path; from labelclean.home import Home; "
        "from labelclean.workspace import Workspace; "
        "print(Workspace.open(Home.at(Path(sys.argv[1]))).ensure_demo() is not None)"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(home.root)], stdout=subprocess.PIPE, text=True) for _ in "ab"
    ]

    answers = sorted(process.communicate(timeout=120)[0].strip() for process in both)

    assert answers == ["False", "True"]
    opened = Workspace.open(home)
    projects = opened.store.list_projects()
    opened.close()
    assert [(project.name, project.has_run) for project in projects] == [(MESSAGES_DEMO.name, True)]
