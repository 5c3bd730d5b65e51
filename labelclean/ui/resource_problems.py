"""What all browser sessions share of a project's other problems; caches, as ``resources`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from labelclean import jobs
from labelclean.ui import resources

if TYPE_CHECKING:
    from labelclean.issues.problem import ProblemReport
    from labelclean.store.records import JobRecord, ProjectRecord
    from labelclean.workspace import Workspace

__all__ = ["latest_search", "problem_report"]


@st.cache_resource(max_entries=3, show_spinner=False)
def _report(project_id: str, run_id: str, search: tuple[str, str], _workspace: Workspace) -> ProblemReport | None:
    return _workspace.store.load_problems(project_id)


def problem_report(project: ProjectRecord) -> ProblemReport | None:
    """Return what else is wrong with the data of a project; None where nobody has looked yet."""
    job = resources.workspace().store.latest_job(project.id, kind="problems")
    search = ("", "") if job is None else (job.id, str(job.state))
    return _report(project.id, str(project.run_id), search, resources.workspace())


def latest_search(project: ProjectRecord) -> JobRecord | None:
    """Return the search for problems that was started last from the page, as far as it is now."""
    workspace = resources.workspace()
    job = workspace.store.latest_job(project.id, kind="problems")
    return None if job is None else jobs.watch(workspace, job.id)
