"""Problems: what else is wrong with the data, each kind with its rows one click away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from labelclean import jobs
from labelclean.issues.problem_words import PROBLEM_KINDS, PROBLEM_WORDS
from labelclean.store.records import JobState
from labelclean.ui import resources
from labelclean.ui.elements import count, empty_state, note, notice, number_of, percent, remarks, title
from labelclean.ui.gate import project_with_results
from labelclean.ui.guard import guarded
from labelclean.ui.problem_panel import draw_problem
from labelclean.ui.resource_desk import desk as desk_of
from labelclean.ui.resource_problems import latest_search, problem_report

if TYPE_CHECKING:
    from labelclean.issues.problem import ProblemReport
    from labelclean.store.records import ProjectRecord


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Problems")
    if opened is None:
        return
    project = opened[0]
    job = latest_search(project)
    if job is not None and not job.is_finished:
        _watch(job.id)
        return
    if job is not None and job.state is JobState.FAILED:
        notice("error", job.message or "The search stopped.", job.fix)
    report = problem_report(project)
    if report is None:
        title("Problems", "What else is wrong with the data, besides its labels.")
        empty_state("Nobody has looked yet", "This project was analysed before there was such a search.")
        _draw_start(project, "Look for problems", is_first=True)
        return
    _draw_report(project, report)


def _draw_report(project: ProjectRecord, report: ProblemReport) -> None:
    title("Problems", _lead(report))
    desk = desk_of(project)
    desk.catch_up(resources.workspace().store)
    decided = np.fromiter(desk.log.decisions, dtype=np.int64, count=len(desk.log.decisions))
    data = resources.dataset(project)
    for problem in report.problems:
        draw_problem(problem, data, decided)
    if not report.problems:
        empty_state("Nothing found", "The data have none of the problems that were looked for.")
    _draw_account(report)
    _draw_start(project, "Look again", is_first=False)


def _lead(report: ProblemReport) -> str:
    if not report.problems:
        return "Besides the labels, nothing was found that would spoil a model."
    rows = np.unique(np.concatenate([problem.rows for problem in report.problems]))
    kinds = number_of(len(report.problems), "kind", "kinds")
    return (
        f"Besides the labels: {kinds} of problem in {count(len(rows))} rows. "
        "Nothing is changed or left out until you decide so, and every decision can be undone."
    )


def _draw_account(report: ProblemReport) -> None:
    found = {problem.kind for problem in report.problems}
    clean = [PROBLEM_WORDS[kind].title.lower() for kind in report.checked if kind not in found]
    if clean:
        note(f"Looked for and not found: {', '.join(clean)}.")
    why = dict(report.left_out)
    remarks(
        "Not looked for",
        [f"{PROBLEM_WORDS[kind].title} not looked for: {why[kind]}" for kind in PROBLEM_KINDS if kind in why],
    )


def _draw_start(project: ProjectRecord, label: str, *, is_first: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="center" if is_first else "left"):
        if st.button(label, type="primary" if is_first else "tertiary", key="problems-search"):
            jobs.start_problem_search(resources.workspace(), project.id)
            st.rerun()


@st.fragment(run_every=1)
def _watch(job_id: str) -> None:
    with guarded():
        workspace = resources.workspace()
        job = jobs.watch(workspace, job_id)
        if job.is_finished:
            st.rerun()
        title("Problems", "Looking for other problems; the work goes on in the background.")
        st.progress(min(1.0, job.fraction), text=f"{job.step or 'Starting'} · {percent(job.fraction)}")
        if st.button("Cancel", key="problems-cancel"):
            jobs.cancel(workspace, job_id)
            st.rerun()


if __name__ == "__main__":
    render()
