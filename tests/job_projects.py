"""A small project whose analysis runs in a real process, for the tests of jobs."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file
from labelclean.workspace import Workspace

__all__ = ["make_project", "opened_workspace", "until"]

CONTENT = "text,label\n" + "".join(f"parcel {n},delivery\ninvoice {n},billing\n" for n in range(12))


@contextmanager
def opened_workspace(root: Path) -> Iterator[Workspace]:
    """Open a workspace; end whatever still runs in it at the end."""
    opened = Workspace.open(Home.at(root))
    yield opened
    for project in opened.store.list_projects():
        job = opened.store.latest_job(project.id)
        if job is not None and job.pid is not None and not job.is_finished:
            with suppress(ProcessLookupError):
                os.killpg(job.pid, signal.SIGKILL)
    opened.close()


def make_project(workspace: Workspace) -> str:
    """Make a project of 24 rows, and return its id."""
    sha256, n_bytes = workspace.keep_file(io.BytesIO(CONTENT.encode()), max_bytes=10**6)
    layout = inspect_file(workspace.home.dataset_path(sha256), name="mine.csv").layout
    return workspace.create_project(
        name="Mine",
        file_name="mine.csv",
        sha256=sha256,
        n_bytes=n_bytes,
        layout=layout,
        roles=ColumnRoles(text="text", label="label"),
    ).id


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until something is so; fail after a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)
