"""
The process of one job: ``python -m labelclean.worker --job ID --home PATH``.

Exit codes: 0 done, 1 failed (the store says why), 2 wrong arguments, 143 cancelled or stopped from outside.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from labelclean.config import AuditConfig
from labelclean.errors import FileContentError, LabelCleanError, NotFoundError, RunCancelledError, StoreError
from labelclean.home import Home
from labelclean.jobs import job_lock, log_path
from labelclean.store.lessons import compute_lesson
from labelclean.store.problem_search import search_problems
from labelclean.store.records import JobKind, JobRecord, JobState
from labelclean.workspace import Workspace

__all__ = ["ThrottledProgress", "main", "run_job"]

DONE, FAILED, STOPPED = 0, 1, 143

_WRITES_PER_SECOND = 5
_SECONDS_BETWEEN_SAME_STEP = 0.25
_LOOK_SECONDS = 1.0
_NICER = 5
_SAID: dict[JobKind, str] = {
    "audit": "The analysis",
    "learn": "Learning from the decisions",
    "problems": "The search for problems",
}

_log = logging.getLogger("labelclean.worker")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job that the arguments name; return the exit code."""
    parser = argparse.ArgumentParser(prog="labelclean.worker", description="Runs one job of labelclean.")
    parser.add_argument("--job", required=True, help="id of the job in the store")
    parser.add_argument("--home", required=True, type=Path, help="the data directory")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    signal.signal(signal.SIGTERM, _stop)
    try:
        workspace = Workspace.open(Home.at(arguments.home))
        try:
            return run_job(workspace, arguments.job)
        finally:
            workspace.close()
    except RunCancelledError:
        return STOPPED
    except LabelCleanError:
        _log.exception("The job could not be run.")
        return FAILED


def run_job(workspace: Workspace, job_id: str) -> int:
    """
    Do the work of one job and tell the store how it went.

    Parameters
    ----------
    workspace : Workspace
        The data directory and the store.
    job_id : str
        A job that waits for its process; one that is over is left alone.

    Returns
    -------
    int
        The exit code of the process.
    """
    store = workspace.store
    job = store.get_job(job_id)
    if job.is_finished:
        return STOPPED if job.state is JobState.CANCELLED else DONE
    store.update_job(job_id, state=JobState.RUNNING, pid=os.getpid(), step="Starting", fraction=0.0)
    _log.info("Job %s begins.", job_id)
    try:
        with _Lookout(workspace, job_id):
            return _WORK[job.kind](workspace, job)
    except RunCancelledError:
        return _end(workspace, job_id, JobState.CANCELLED, f"{_SAID[job.kind]} was stopped.")
    except LabelCleanError as error:
        return _end(workspace, job_id, JobState.FAILED, error.message, fix=error.fix)
    except MemoryError:
        _log.exception("Job %s ran out of memory.", job_id)
        return _end(
            workspace,
            job_id,
            JobState.FAILED,
            f"{_SAID[job.kind]} needs more memory than this machine has free.",
            fix="Close other programs, or use fewer rows.",
        )
    except Exception as error:  # noqa: BLE001  (whatever it is, the screen must learn of it)
        _log.exception("Job %s stopped by an internal error.", job_id)
        return _end(
            workspace,
            job_id,
            JobState.FAILED,
            f"{_SAID[job.kind]} stopped by an internal error ({type(error).__name__}).",
            fix=f"See the log {log_path(workspace.home, job_id).name} in {workspace.home.logs}.",
        )


class ThrottledProgress:
    """
    Progress that never falls and is written at most five times a second.

    Parameters
    ----------
    write : callable
        Is given the step and the fraction.
    clock : callable, optional
        Returns seconds that only grow.
    """

    def __init__(self, write: Callable[[str, float], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._written: deque[float] = deque(maxlen=_WRITES_PER_SECOND)
        self._step = ""
        self._fraction = 0.0

    def __call__(self, step: str, fraction: float) -> None:
        """Take note of the step now under way, and write it if it is time to."""
        now = self._clock()
        self._fraction = max(self._fraction, min(1.0, fraction))
        if len(self._written) == _WRITES_PER_SECOND and now - self._written[0] < 1.0:
            return
        if step == self._step and self._written and now - self._written[-1] < _SECONDS_BETWEEN_SAME_STEP:
            return
        self._step = step
        self._written.append(now)
        self._write(step, self._fraction)


class _Lookout:
    """While the block runs, looks every second whether the job was cancelled or deleted; then stops the process."""

    def __init__(self, workspace: Workspace, job_id: str) -> None:
        self._workspace = workspace
        self._job_id = job_id
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="lookout", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            if self._is_unwanted() and not self._over.is_set():
                os.kill(os.getpid(), signal.SIGTERM)
                return

    def _is_unwanted(self) -> bool:
        try:
            return self._workspace.store.get_job(self._job_id).state is JobState.CANCELLED
        except NotFoundError:
            return True
        except StoreError:
            return False  # the database is busy; look again


def _progress_of(workspace: Workspace, job: JobRecord) -> ThrottledProgress:
    def write(step: str, fraction: float) -> None:
        # A figure that cannot be written now is not worth the whole work.
        with suppress(StoreError):
            workspace.store.update_job(job.id, step=step, fraction=fraction)

    return ThrottledProgress(write)


def _audit(workspace: Workspace, job: JobRecord) -> int:
    progress = _progress_of(workspace, job)
    run = workspace.compute_run(job.project_id, AuditConfig.from_dict(job.options), progress)
    with suppress(FileContentError, StoreError):  # they are read at first use then, if they can be
        workspace.row_columns(workspace.store.get_project(job.project_id), progress)
    workspace.store.update_job(job.id, step="Saving the results")
    return _save(workspace, job, lambda: workspace.store.save_run(job.project_id, run))


def _learn(workspace: Workspace, job: JobRecord) -> int:
    with suppress(OSError):
        os.nice(_NICER)  # nobody waits for it
    run_id, learned = compute_lesson(workspace.store, job.project_id)
    return _save(workspace, job, lambda: workspace.store.save_lesson(job.project_id, run_id, learned))


def _search(workspace: Workspace, job: JobRecord) -> int:
    project = workspace.store.get_project(job.project_id)
    run = workspace.store.load_run(project.id, as_learned=False)
    if run is None or project.run_id is None:
        raise NotFoundError("This project has no results yet.", fix="Analyse it on the Overview page.")
    run_id, dataset = project.run_id, workspace.merged_dataset(project)
    found = search_problems(dataset, run, lambda: workspace.row_columns(project), _progress_of(workspace, job))
    return _save(workspace, job, lambda: workspace.store.save_problems(project.id, run_id, found))


_WORK: dict[JobKind, Callable[[Workspace, JobRecord], int]] = {
    "audit": _audit,
    "learn": _learn,
    "problems": _search,
}


def _save(workspace: Workspace, job: JobRecord, save: Callable[[], object]) -> int:
    """Store the result, unless the job was cancelled; from here on it is either one or the other."""
    with workspace.home.locked(job_lock(job.id)):
        if workspace.store.get_job(job.id).is_finished:
            return STOPPED
        # Who asks to stop from now on waits for the lock, or comes too late.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        save()
        workspace.store.update_job(job.id, state=JobState.DONE, fraction=1.0, step="Done")
    with suppress(OSError):
        workspace.home.lock_path(job_lock(job.id)).unlink()
    _log.info("Job %s is done.", job.id)
    return DONE


def _end(workspace: Workspace, job_id: str, state: JobState, message: str, *, fix: str = "") -> int:
    """Tell the store how the job ended; it may be gone with its project."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _log.info("Job %s ends: %s", job_id, state)
    with suppress(NotFoundError):
        workspace.store.update_job(job_id, state=state, message=message, fix=fix)
    return STOPPED if state is JobState.CANCELLED else FAILED


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (the signature of signal handlers)
    raise RunCancelledError("The analysis was stopped from outside.", fix="Start it again.")


def _leave(code: int) -> None:
    """End at once: threads that still compute a cancelled run need not be waited for."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    with suppress(OSError):
        os.nice(5)  # the reviewer's screen comes first
    _leave(main())
