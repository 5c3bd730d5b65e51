"""A data directory with the analysed demo, and each page run without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from labelclean.home import Home
from labelclean.results import RowFacts
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import ComputedRun
from labelclean.workspace import Workspace

VIEWS = Path(__file__).parents[2] / "labelclean" / "ui" / "views"


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demo once; tests only read it."""
    root = tmp_path_factory.mktemp("demo")
    workspace = Workspace.open(Home.at(root))
    workspace.ensure_demo()
    workspace.close()
    return root


@pytest.fixture
def demo(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProjectRecord]:
    """Return the demo project, in the data directory that the pages use."""
    monkeypatch.setenv("LABELCLEAN_HOME", str(demo_home))
    st.cache_resource.clear()
    workspace = Workspace.open(Home.at(demo_home))
    yield next(project for project in workspace.store.list_projects() if project.is_demo)
    workspace.close()
    st.cache_resource.clear()


@pytest.fixture
def workspace(demo_home: Path) -> Iterator[Workspace]:
    """Return the workspace that the pages use."""
    opened = Workspace.open(Home.at(demo_home))
    yield opened
    opened.close()


@pytest.fixture
def make_project(workspace: Workspace, demo: ProjectRecord) -> Callable[..., ProjectRecord]:
    """Return what makes a project of its own over the demo's file and run, some fields of which may be others."""

    def make(evidence: tuple[RowFacts, ...] = (), **fields: object) -> ProjectRecord:
        own = workspace.store.create_project(name="Own", dataset=demo.dataset)
        run = workspace.store.load_run(demo.id)
        assert run is not None
        changed = replace(run, **fields)  # type: ignore[arg-type]  # each test names the fields it means
        workspace.store.save_run(own.id, ComputedRun(run=changed, evidence=evidence))
        return workspace.store.get_project(own.id)

    return make


@pytest.fixture
def view() -> Callable[..., AppTest]:
    """Return what runs one page with a project at hand."""

    def run(name: str, project: ProjectRecord | None = None, *, project_id: str = "", **params: str) -> AppTest:
        page = AppTest.from_file(str(VIEWS / f"{name}.py"), default_timeout=60)
        if project is not None or project_id:
            page.query_params["project"] = project.id if project is not None else project_id
        for key, value in params.items():
            page.query_params[key] = value
        return page.run()

    return run
