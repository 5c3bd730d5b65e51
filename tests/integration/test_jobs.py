"""Jobs: real processes over a real database; only the engine is replaced where a test needs to steer it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from labelclean import jobs
from labelclean.config import AuditConfig
from labelclean.errors import NotFoundError
from labelclean.store.records import JobRecord, JobState
from labelclean.worker import run_job
from labelclean.workspace import Workspace
from tests.job_projects import make_project, opened_workspace, until

# Stands in for the engine in the child process: what it does is written in a file, so that a test can steer it.
ENGINE = """
import os, signal, subprocess, sys, time, types
from pathlib import Path

def audit_dataset(dataset, *, embeddings, config, progress):
    place = Path(os.environ["TEST_ENGINE"])
    progress("Reading the words", 0.1)
    told = place.read_text()
    if told == "TypeError":
        raise TypeError("with a private text in it")
    if told == "InvalidInputError":
        from labelclean.errors import InvalidInputError
        raise InvalidInputError("There must be two classes; got one.", fix="Label more rows.")
    if told == "MemoryError":
        raise MemoryError
    if told == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if told == "helper":
        helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        place.with_name("helper").write_text(str(helper.pid))
    for number in range(2, 100_000):
        progress("Training", min(0.9, number / 100))
        place.with_name("reached").write_text(str(number))
        time.sleep(0.01)
    raise SystemExit("nobody stopped it")

sys.modules["labelclean.pipeline"] = types.SimpleNamespace(audit_dataset=audit_dataset)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Open a workspace; end whatever still runs at the end."""
    with opened_workspace(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def project_id(workspace: Workspace) -> str:
    """Make a project of 24 rows."""
    return make_project(workspace)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let child processes use the stand-in; it does what the returned file says, by default work without end."""
    folder = tmp_path / "engine"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(ENGINE)
    told = folder / "told"
    told.write_text("work")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("TEST_ENGINE", str(told))
    return told


def start_working(workspace: Workspace, project_id: str, engine: Path) -> JobRecord:
    """Start a job and wait until its engine is at work."""
    job = jobs.start_audit(workspace, project_id, AuditConfig())
    until(engine.with_name("reached").exists, "the engine works")
    return workspace.store.get_job(job.id)


def end_of(workspace: Workspace, job: JobRecord) -> JobRecord:
    """Wait for the end of a job."""
    until(lambda: jobs.watch(workspace, job.id).is_finished, "the job ends")
    return workspace.store.get_job(job.id)


def is_alive(pid: int) -> bool:
    """Tell whether a process exists and is more than a leftover entry in the table."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def until_gone(pid: int) -> None:
    """Wait for a process that has ended: it still has to give its memory back."""
    until(lambda: not is_alive(pid), "the process is gone")


def test_a_job_runs_to_its_end_and_stores_its_result(workspace: Workspace, project_id: str) -> None:
    """The real engine in a real process."""
    started = jobs.start_audit(workspace, project_id, AuditConfig(n_folds=3))

    ended = end_of(workspace, started)

    assert (started.kind, started.is_finished) == ("audit", False)
    assert (ended.state, ended.fraction, ended.message) == (JobState.DONE, 1.0, "")
    assert ended.pid not in {None, os.getpid()}
    run = workspace.store.load_run(project_id)
    assert run is not None
    assert (run.n_examples, run.config["n_folds"]) == (24, 3)
    assert jobs.log_path(workspace.home, ended.id).exists()
    assert not workspace.home.lock_path(jobs.job_lock(ended.id)).exists()


def test_a_job_just_started_is_never_taken_for_dead(
    workspace: Workspace, project_id: str, engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process has no command line for a moment after its birth; whoever watches then must not be misled."""
    monkeypatch.setattr(jobs, "_is_in_proc", LateCommandLine())

    job = jobs.start_audit(workspace, project_id, AuditConfig())

    assert engine.exists()
    assert not jobs.watch(workspace, job.id).is_finished
    jobs.cancel(workspace, job.id)


class LateCommandLine:
    """Shows no process at the first looks."""

    def __init__(self) -> None:
        self._n_looks = 0
        self._look = jobs._is_in_proc

    def __call__(self, pid: int, job_id: str) -> bool:
        """Look, but not too soon."""
        self._n_looks += 1
        return self._n_looks > 3 and self._look(pid, job_id)


def test_the_process_is_gone_after_its_end(workspace: Workspace, project_id: str) -> None:
    """Nor does it stay in the process table."""
    job = end_of(workspace, jobs.start_audit(workspace, project_id, AuditConfig(n_folds=2)))

    assert job.pid is not None
    until(lambda: not Path(f"/proc/{job.pid}").exists(), "the process is gone")


def test_progress_only_rises_and_names_the_step(workspace: Workspace, project_id: str, engine: Path) -> None:
    """Looked at until half is done."""
    job = jobs.start_audit(workspace, project_id, AuditConfig())
    seen: list[tuple[str, float]] = []

    def look() -> bool:
        now = jobs.watch(workspace, job.id)
        seen.append((now.step, now.fraction))
        return now.fraction > 0.5

    until(look, "half is done")

    fractions = [fraction for _, fraction in seen]
    assert fractions == sorted(fractions)
    assert seen[-1][0] == "Training"
    assert engine.exists()


def test_another_workspace_sees_the_same_progress_and_can_cancel(
    workspace: Workspace, project_id: str, engine: Path
) -> None:
    """A page that was reloaded, or a server that was restarted, goes on where the old one was."""
    job = start_working(workspace, project_id, engine)

    other = Workspace.open(workspace.home)
    latest = other.store.latest_job(project_id)
    assert latest is not None
    assert (latest.id, jobs.watch(other, latest.id).state) == (job.id, JobState.RUNNING)
    jobs.cancel(other, latest.id)
    other.close()

    assert workspace.store.get_job(job.id).state is JobState.CANCELLED
    assert job.pid is not None
    until_gone(job.pid)


def test_a_job_outlives_the_server_that_started_it(workspace: Workspace, project_id: str, engine: Path) -> None:
    """A real server process starts it and is killed; this one watches and cancels it."""
    code = (
        "import os, signal, sys; from pathlib import Path; from labelclean import jobs; "
        "from labelclean.config import AuditConfig; from labelclean.home import Home; "
        "from labelclean.workspace import Workspace; "
        "jobs.start_audit(Workspace.open(Home.at(Path(sys.argv[1]))), sys.argv[2], AuditConfig()); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    server = subprocess.run([sys.executable, "-c", code, str(workspace.home.root), project_id], check=False)
    assert server.returncode == -signal.SIGKILL
    until(engine.with_name("reached").exists, "the engine works")

    job = jobs.start_audit(workspace, project_id, AuditConfig())
    assert job.pid is not None
    assert (job.state, is_alive(job.pid)) == (JobState.RUNNING, True)

    assert jobs.cancel(workspace, job.id).state is JobState.CANCELLED
    until_gone(job.pid)


def test_cancelling_really_ends_the_process_and_keeps_nothing(
    workspace: Workspace, project_id: str, engine: Path
) -> None:
    """The job is cancelled, its process gone, no result stored; it stays so."""
    job = start_working(workspace, project_id, engine)
    assert job.pid is not None
    assert is_alive(job.pid)

    cancelled = jobs.cancel(workspace, job.id)

    assert cancelled.state is JobState.CANCELLED
    until_gone(job.pid)
    assert workspace.store.load_run(project_id) is None
    assert jobs.watch(workspace, job.id).state is JobState.CANCELLED
    assert jobs.cancel(workspace, job.id).state is JobState.CANCELLED
    assert not workspace.home.lock_path(jobs.job_lock(job.id)).exists()


def test_a_process_that_does_not_listen_is_killed(workspace: Workspace, project_id: str, engine: Path) -> None:
    """It ignores the request to end; two seconds later it is gone all the same."""
    engine.write_text("deaf")
    job = start_working(workspace, project_id, engine)
    assert job.pid is not None

    began = time.monotonic()
    jobs.cancel(workspace, job.id)
    seconds = time.monotonic() - began

    until_gone(job.pid)
    assert 1.9 < seconds < 10


def test_helpers_of_the_process_end_with_it(workspace: Workspace, project_id: str, engine: Path) -> None:
    """The whole group is ended, not only its leader."""
    engine.write_text("helper")
    job = start_working(workspace, project_id, engine)
    helper = int(engine.with_name("helper").read_text())
    assert is_alive(helper)

    jobs.cancel(workspace, job.id)

    until(lambda: not is_alive(helper), "the helper is gone")


def test_a_killed_process_is_noticed(workspace: Workspace, project_id: str, engine: Path) -> None:
    """As by kill -9 or the system short of memory."""
    job = start_working(workspace, project_id, engine)
    assert job.pid is not None

    os.kill(job.pid, signal.SIGKILL)
    ended = end_of(workspace, job)

    assert (ended.state, ended.message) == (JobState.FAILED, "The analysis ended unexpectedly.")
    assert f"{job.id}.log" in ended.fix
    assert workspace.store.load_run(project_id) is None


def test_a_stopped_process_says_so_itself(workspace: Workspace, project_id: str, engine: Path) -> None:
    """A request to end from outside, as when the machine goes down."""
    job = start_working(workspace, project_id, engine)
    assert job.pid is not None

    os.kill(job.pid, signal.SIGTERM)
    until(lambda: job.pid is not None and not is_alive(job.pid), "the process is gone")

    ended = workspace.store.get_job(job.id)
    assert (ended.state, ended.message) == (JobState.CANCELLED, "The analysis was stopped.")


def test_work_for_a_deleted_project_stops_by_itself(workspace: Workspace, project_id: str, engine: Path) -> None:
    """Nobody cancelled it."""
    job = start_working(workspace, project_id, engine)
    assert job.pid is not None

    workspace.delete_project(project_id)

    until(lambda: job.pid is not None and not is_alive(job.pid), "the process is gone")


def test_a_refusal_reaches_the_screen_in_its_own_words(workspace: Workspace, project_id: str, engine: Path) -> None:
    """Message and fix of our errors."""
    engine.write_text("InvalidInputError")

    ended = end_of(workspace, jobs.start_audit(workspace, project_id, AuditConfig()))

    assert (ended.state, ended.message) == (JobState.FAILED, "There must be two classes; got one.")
    assert ended.fix == "Label more rows."


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("TypeError", "The analysis stopped by an internal error (TypeError)."),
        ("MemoryError", "The analysis needs more memory than this machine has free."),
    ],
)
def test_other_errors_are_plain_on_the_screen_and_whole_in_the_log(
    workspace: Workspace, project_id: str, engine: Path, error: str, message: str
) -> None:
    """The traceback stands in the log alone."""
    engine.write_text(error)

    ended = end_of(workspace, jobs.start_audit(workspace, project_id, AuditConfig()))

    assert (ended.state, ended.message) == (JobState.FAILED, message)
    assert "private" not in ended.message + ended.fix
    log = jobs.log_path(workspace.home, ended.id).read_text()
    assert "Traceback" in log
    assert error in log


def test_a_project_has_one_running_job(workspace: Workspace, project_id: str, engine: Path) -> None:
    """A second start gives the first job; after its end there is a new one."""
    job = start_working(workspace, project_id, engine)

    assert jobs.start_audit(workspace, project_id, AuditConfig()).id == job.id

    jobs.cancel(workspace, job.id)
    again = jobs.start_audit(workspace, project_id, AuditConfig())
    assert again.id != job.id
    jobs.cancel(workspace, again.id)


def test_two_starts_at_once_make_one_job(workspace: Workspace, project_id: str, engine: Path) -> None:
    """Two browser tabs, two threads."""
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: jobs.start_audit(workspace, project_id, AuditConfig()), range(2)))

    assert engine.exists()
    assert both[0].id == both[1].id
    jobs.cancel(workspace, both[0].id)


def test_a_dead_job_does_not_stand_in_the_way_of_a_new_one(workspace: Workspace, project_id: str, engine: Path) -> None:
    """Its process was killed and nobody has looked since."""
    job = start_working(workspace, project_id, engine)
    assert job.pid is not None
    os.kill(job.pid, signal.SIGKILL)
    until(lambda: job.pid is not None and not is_alive(job.pid), "the process is gone")

    again = jobs.start_audit(workspace, project_id, AuditConfig())

    assert again.id != job.id
    assert workspace.store.get_job(job.id).state is JobState.FAILED


def test_a_process_with_the_same_number_is_not_mistaken_for_the_job(workspace: Workspace, project_id: str) -> None:
    """The number in the store now belongs to somebody else: this test. It is neither waited for nor ended."""
    job = workspace.store.create_job(project_id, "audit", {})
    workspace.store.update_job(job.id, state=JobState.RUNNING, pid=os.getpid())

    assert jobs.cancel(workspace, job.id).state is JobState.CANCELLED

    other = workspace.store.create_job(project_id, "audit", {})
    workspace.store.update_job(other.id, state=JobState.RUNNING, pid=os.getpid())
    assert jobs.watch(workspace, other.id).state is JobState.FAILED


def test_a_job_that_never_got_a_process_is_given_up(
    workspace: Workspace, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server was killed between the two; a job just made may still get one."""
    job = workspace.store.create_job(project_id, "audit", {})
    assert jobs.watch(workspace, job.id).state is JobState.QUEUED

    monkeypatch.setattr(jobs, "_START_SECONDS", 0.0)

    assert jobs.watch(workspace, job.id).state is JobState.FAILED


def test_a_job_cancelled_before_its_process_begins_does_nothing(workspace: Workspace, project_id: str) -> None:
    """The worker finds it cancelled."""
    job = jobs.start_audit(workspace, project_id, AuditConfig())
    cancelled = jobs.cancel(workspace, job.id)

    assert cancelled.state is JobState.CANCELLED
    assert workspace.store.load_run(project_id) is None


@pytest.mark.parametrize("find", [jobs._is_in_proc, jobs._is_in_ps])
def test_a_process_is_known_by_its_job(find: Callable[[int, str], bool]) -> None:
    """Both ways of looking: by /proc, and by ps as on macOS; a leftover entry is no process."""
    process = subprocess.Popen([sys.executable, "-c", "input()", "--job", "0123abcd"], stdin=subprocess.PIPE)
    try:
        until(lambda: find(process.pid, "0123abcd"), "it has its command line")
        assert not find(process.pid, "0123")
        process.kill()
        until(lambda: not find(process.pid, "0123abcd"), "its entry is only a leftover")
    finally:
        process.kill()
        process.communicate()
    assert not find(process.pid, "0123abcd")


def test_a_job_that_is_done_stays_done_when_cancelled(workspace: Workspace, project_id: str) -> None:
    """Too late."""
    job = end_of(workspace, jobs.start_audit(workspace, project_id, AuditConfig(n_folds=2)))

    assert jobs.cancel(workspace, job.id).state is JobState.DONE
    assert workspace.store.load_run(project_id) is not None


def test_a_result_that_is_ready_when_its_job_is_cancelled_is_not_stored(
    workspace: Workspace, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is about to save while the reviewer cancels: whoever has the lock first wins, here the reviewer."""
    job = workspace.store.create_job(project_id, "audit", dict(AuditConfig(n_folds=2).to_dict()))
    compute = Workspace.compute_run

    def cancelled_meanwhile(*arguments: object, **options: object) -> object:
        run = compute(*arguments, **options)  # type: ignore[arg-type]  # handed through
        workspace.store.update_job(job.id, state=JobState.CANCELLED)
        return run

    monkeypatch.setattr(Workspace, "compute_run", cancelled_meanwhile)
    before = signal.getsignal(signal.SIGTERM)
    code = run_job(workspace, job.id)

    assert code == 143
    assert signal.getsignal(signal.SIGTERM) is before
    assert workspace.store.load_run(project_id) is None


def test_unknown_jobs_and_projects_are_refused(workspace: Workspace) -> None:
    """They may have been deleted in another tab."""
    with pytest.raises(NotFoundError):
        jobs.watch(workspace, "none")
    with pytest.raises(NotFoundError):
        jobs.cancel(workspace, "none")
    with pytest.raises(NotFoundError):
        jobs.start_audit(workspace, "none", AuditConfig())
