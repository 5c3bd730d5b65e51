"""The projects page without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from labelclean import jobs
from labelclean.demos import LABEL_SET_DEMO
from labelclean.home import Home
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def test_the_demo_is_listed_with_its_progress(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """Name, rows, likely errors and decided rows of each project are on the page."""
    page = view("projects", demo)

    assert not page.exception
    assert "Demo: support messages" in _html(page)
    assert f"{demo.n_issues} likely errors · 0 decided" in _html(page)


def test_the_first_step_says_which_files_can_be_added(
    view: Callable[..., AppTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than text tables, and several labels in a row; shown where the demo is the only project."""
    monkeypatch.setenv("LABELCLEAN_HOME", str(tmp_path))
    st.cache_resource.clear()

    page = view("projects")

    assert "CSV, JSON, Parquet, Excel and more, with a text and its label or labels in each row" in _html(page)


def test_the_demo_with_label_sets_is_one_press_away(
    view: Callable[..., AppTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pressing it makes the project, whose labels are sets, and begins the analysis."""
    monkeypatch.setenv("LABELCLEAN_HOME", str(tmp_path))
    st.cache_resource.clear()
    page = view("projects")

    page.button(key="projects-add-demo").click().run()

    workspace = Workspace.open(Home.at(tmp_path))
    made = next(project for project in workspace.store.list_projects() if project.name == LABEL_SET_DEMO.name)
    assert made.is_demo
    assert workspace.load_dataset(made).has_label_sets
    job = workspace.store.latest_job(made.id)
    assert job is not None
    jobs.cancel(workspace, job.id)
    workspace.close()


def test_delete_asks_first(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """The delete button opens a question and deletes nothing yet."""
    page = view("projects", demo)

    page.button(key=f"delete-{demo.id}").click().run()

    assert page.button(key="delete-no").label == "Keep it"
    assert "deleted for good" in _html(page)
    assert "Demo: support messages" in _html(page)
