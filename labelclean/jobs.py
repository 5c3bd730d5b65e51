"""Long work in processes of their own: start it, watch it, cancel it; a restarted server goes on watching."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from labelclean.config import AuditConfig
from labelclean.errors import StoreError
from labelclean.home import Home
from labelclean.store.records import JobKind, JobRecord, JobState
from labelclean.store.sql import SqlStore

__all__ = [
    "JobHost",
    "cancel",
    "job_lock",
    "log_path",
    "seconds_left",
    "start_audit",
    "start_learning",
    "start_problem_search",
    "watch",
]

_START_SECONDS = 15.0
_TERMINATE_SECONDS = 2.0
_KILL_SECONDS = 10.0
_POLL_SECONDS = 0.02
_LEAST_FRACTION = 0.05
_SAID: dict[JobKind, str] = {
    "audit": "The analysis",
    "learn": "Learning from the decisions",
    "problems": "The search for problems",
}


class JobHost(Protocol):
    """What jobs need of the workspace, their neighbour."""

    @property
    def home(self) -> Home:
        """The data directory."""

    @property
    def store(self) -> SqlStore:
        """The database."""


def log_path(home: Home, job_id: str) -> Path:
    """Return where the process of a job writes what it prints."""
    return home.logs / f"{job_id}.log"


def job_lock(job_id: str) -> str:
    """Return the lock under which a job's result is stored or the job cancelled: one of the two, never both."""
    return f"job-{job_id}"


def start_audit(workspace: JobHost, project_id: str, config: AuditConfig) -> JobRecord:
    """
    Start an audit in a process of its own, which outlives this one.

    Parameters
    ----------
    workspace : JobHost
        The data directory and the store.
    project_id : str
        The project.
    config : AuditConfig
        Options.

    Returns
    -------
    JobRecord
        The new job; or the one that is running already, since a project has one at a time.

    Raises
    ------
    NotFoundError
        If the project does not exist.
    StoreError
        If no process can be started.
    """
    return _start(workspace, project_id, "audit", dict(config.to_dict()))


def start_learning(workspace: JobHost, project_id: str) -> JobRecord:
    """
    Start learning from the decisions of a project in a process of its own; the reviewer need not wait for it.

    Parameters
    ----------
    workspace : JobHost
        The data directory and the store.
    project_id : str
        The project.

    Returns
    -------
    JobRecord
        The new job; or the one that is learning already, since a project has one at a time. An audit of the project
        may go on beside it: what is then learnt about the results before it is not used.

    Raises
    ------
    NotFoundError
        If the project does not exist.
    StoreError
        If no process can be started.
    """
    return _start(workspace, project_id, "learn", {})


def start_problem_search(workspace: JobHost, project_id: str) -> JobRecord:
    """
    Start looking for problems in the data of a project that was analysed before there was such a search.

    Returns
    -------
    JobRecord
        The new job; or the one that is looking already.

    Raises
    ------
    NotFoundError
        If the project does not exist.
    StoreError
        If no process can be started.
    """
    return _start(workspace, project_id, "problems", {})


def _start(workspace: JobHost, project_id: str, kind: JobKind, options: dict[str, object]) -> JobRecord:
    with workspace.home.locked("start"):
        latest = workspace.store.latest_job(project_id, kind=kind)
        if latest is not None and not watch(workspace, latest.id).is_finished:
            return workspace.store.get_job(latest.id)
        job = workspace.store.create_job(project_id, kind, options)
        try:
            pid = _spawn(workspace.home, job.id)
        except OSError as error:
            failure = StoreError(
                f"{_SAID[kind]} cannot be started: {error.strerror or type(error).__name__}.",
                fix="Make room on the disk and in memory, then start it again.",
            )
            workspace.store.update_job(job.id, state=JobState.FAILED, message=failure.message, fix=failure.fix)
            raise failure from error
        workspace.store.update_job(job.id, pid=pid)
    return workspace.store.get_job(job.id)


def watch(workspace: JobHost, job_id: str) -> JobRecord:
    """
    Return how far a job is; one whose process is gone is marked failed.

    Raises
    ------
    NotFoundError
        If the job does not exist.
    """
    job = workspace.store.get_job(job_id)
    if job.is_finished or _may_still_run(job):
        return job
    # It may have finished between the two looks; a finished job then stays as it is.
    workspace.store.update_job(
        job_id,
        state=JobState.FAILED,
        message=f"{_SAID[job.kind]} ended unexpectedly.",
        fix="Start it again. If it ends again, the machine may be short of memory; "
        f"see the log {log_path(workspace.home, job_id).name} in {workspace.home.logs}.",
    )
    _forget_lock(workspace, job_id)
    return workspace.store.get_job(job_id)


def cancel(workspace: JobHost, job_id: str) -> JobRecord:
    """
    Cancel a job and end its process; nothing of it is kept.

    Returns
    -------
    JobRecord
        Cancelled; or as it is, if it had ended before.

    Raises
    ------
    NotFoundError
        If the job does not exist.
    StoreError
        If the process does not end.
    """
    job = workspace.store.get_job(job_id)
    if not job.is_finished:
        with workspace.home.locked(job_lock(job_id)):
            workspace.store.update_job(job_id, state=JobState.CANCELLED)
        job = workspace.store.get_job(job_id)
    if job.state is JobState.CANCELLED:
        _end_process(job)
        _forget_lock(workspace, job_id)
    return job


def seconds_left(job: JobRecord, now: datetime) -> float | None:
    """
    Estimate how long a running job still needs, from what it did so far.

    Parameters
    ----------
    job : JobRecord
        The job.
    now : datetime
        UTC.

    Returns
    -------
    float or None
        Seconds; None while less than 5 % is done, and when the job does not run.
    """
    if job.state is not JobState.RUNNING or job.started_at is None or job.fraction < _LEAST_FRACTION:
        return None
    elapsed = max(0.0, (now - job.started_at).total_seconds())
    return elapsed * (1.0 - min(1.0, job.fraction)) / job.fraction


def _spawn(home: Home, job_id: str) -> int:
    """Start the process of a job in a session, and so in a process group, of its own; return its id."""
    package_root = str(Path(__file__).resolve().parent.parent)
    paths = [package_root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    with log_path(home, job_id).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  (our own program; the id is the store's)
            # -P: nothing in the working directory can pass for a module.
            [sys.executable, "-P", "-m", "labelclean.worker", "--job", job_id, "--home", str(home.root)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=home.root,
            env={
                **os.environ,
                "LABELCLEAN_HOME": str(home.root),
                "PYTHONUNBUFFERED": "1",
                "PYTHONPATH": os.pathsep.join(paths),
            },
            start_new_session=True,
        )
    # For a moment a new process has no command line yet, and would be taken for one that is gone.
    deadline = time.monotonic() + _TERMINATE_SECONDS
    while process.poll() is None and not _is_process_of(process.pid, job_id) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS / 10)
    # Someone must wait for a child, or it stays in the process table after its end.
    threading.Thread(target=process.wait, name=f"reap-{process.pid}", daemon=True).start()
    return process.pid


def _may_still_run(job: JobRecord) -> bool:
    if job.pid is None:
        return (datetime.now(UTC) - job.created_at).total_seconds() < _START_SECONDS
    return _is_process_of(job.pid, job.id)


def _is_process_of(pid: int, job_id: str) -> bool:
    """
    Tell whether a process is alive and the one of a job.

    Its command line names the job, so another process that was given the same number later is not mistaken for it.
    A process that ended and was not waited for has no command line.
    """
    return _is_in_proc(pid, job_id) if _PROC_SELF.exists() else _is_in_ps(pid, job_id)


_PROC_SELF = Path("/proc/self/cmdline")


def _is_in_proc(pid: int, job_id: str) -> bool:
    try:
        command_line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return job_id.encode() in command_line.split(b"\0")


def _is_in_ps(pid: int, job_id: str) -> bool:
    """Ask the program that every Unix has; macOS has no /proc."""
    shown = subprocess.run(  # noqa: S603  (no shell; the number is a number)
        ["/bin/ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    return bool(shown) and not shown[0].startswith("Z") and job_id in shown


def _forget_lock(workspace: JobHost, job_id: str) -> None:
    """Remove the lock's file when a job is over; who still waits for the old one finds that it is."""
    with suppress(OSError):
        workspace.home.lock_path(job_lock(job_id)).unlink()


def _end_process(job: JobRecord) -> None:
    if job.pid is None or not _is_process_of(job.pid, job.id):
        return
    _signal_group(job.pid, signal.SIGTERM)
    if not _ends_within(job, _TERMINATE_SECONDS):
        _signal_group(job.pid, signal.SIGKILL)
        if not _ends_within(job, _KILL_SECONDS):
            raise StoreError(
                f"{_SAID[job.kind]} was cancelled, but its process {job.pid} does not end.",
                fix="End the process by hand, or restart the machine. Its result is not used.",
            )
    # Helpers of the process, if it had any, must not outlive it.
    _signal_group(job.pid, signal.SIGKILL)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _ends_within(job: JobRecord, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while job.pid is not None and _is_process_of(job.pid, job.id):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
