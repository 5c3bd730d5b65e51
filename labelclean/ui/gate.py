"""The way into pages that show results: the project and its run, or a sentence on what is missing and a way on."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from labelclean import jobs
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.ui import resources, state
from labelclean.ui.elements import empty_state, title
from labelclean.ui.navigation import go_to

__all__ = ["draw_no_project", "project_with_results"]


def project_with_results(page_title: str) -> tuple[ProjectRecord, StoredRun] | None:
    """Return the project at hand and its results; where there are none, say why and return None."""
    project = state.current_project(resources.workspace())
    if project is None:
        draw_no_project(page_title)
        return None
    run = resources.stored_run(project)
    if run is None:
        _draw_no_results(page_title, project)
        return None
    return project, run


def draw_no_project(page_title: str) -> None:
    """Say that no project is open, or that the one asked for is gone."""
    title(page_title)
    if state.is_project_missing():
        empty_state(
            "This project does not exist",
            "It was deleted, or the link comes from another machine. The other projects are under Projects.",
        )
    else:
        empty_state("No project is open", "Open one under Projects, or add a file.")
    _draw_way("Go to Projects", "projects")


def _draw_no_results(page_title: str, project: ProjectRecord) -> None:
    title(page_title)
    job = resources.workspace().store.latest_job(project.id)
    if job is not None and not jobs.watch(resources.workspace(), job.id).is_finished:
        empty_state("The analysis is still running", "This page opens as soon as it is done.")
        _draw_way("See how far it is", "overview")
    else:
        empty_state("This project is not analysed yet", "Find its label errors first; the Overview page starts that.")
        _draw_way("Go to Overview", "overview")


def _draw_way(label: str, page: Literal["projects", "overview"]) -> None:
    with st.container(horizontal=True, horizontal_alignment="center"):
        if st.button(label, type="primary", key="gate-way"):
            go_to(page)
