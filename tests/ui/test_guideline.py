"""The guideline and the other columns on the review page, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from labelclean.review.guideline import load_guideline, save_guideline
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import ComputedRun
from labelclean.ui.desk import Desk
from labelclean.workspace import Workspace

View = Callable[..., AppTest]


@pytest.fixture
def own(workspace: Workspace, demo: ProjectRecord) -> ProjectRecord:
    """Return a project over the demo's file in which the column of ids is one of the other columns."""
    roles = replace(demo.dataset.roles, row_id=None)
    project = workspace.store.create_project(name="Own", dataset=replace(demo.dataset, roles=roles))
    run = workspace.store.load_run(demo.id)
    assert run is not None
    workspace.store.save_run(project.id, ComputedRun(run=run, evidence=()))
    return workspace.store.get_project(project.id)


def _desk(page: AppTest) -> Desk:
    desk = page.session_state["labelclean.desk"]
    assert isinstance(desk, Desk)
    return desk


def _fields(project_id: str) -> None:
    """Draw what the dialog holds; a dialog itself closes with every step of a test without a browser."""
    from labelclean.ui import resources  # noqa: PLC0415  (runs as a script of its own)
    from labelclean.ui.guideline_dialog import draw_guideline_fields  # noqa: PLC0415

    draw_guideline_fields(project_id, resources.workspace().store)


def _dialog(project: ProjectRecord) -> AppTest:
    return AppTest.from_function(_fields, args=(project.id,), default_timeout=60).run()


def test_a_guideline_is_kept_removed_and_brought_back(
    view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """The card learns that there is one; what was removed by mistake is one press away."""
    project = make_project()
    dialog = _dialog(project)

    dialog.text_area(key="guideline-text").set_value("# Rules").run()
    dialog.button(key="guideline-save").click().run()
    kept, shown = load_guideline(workspace.store, project.id), _desk(view("review", project)).has_guideline
    dialog.button(key="guideline-remove").click().run()
    removed = load_guideline(workspace.store, project.id)
    dialog.text_area(key="guideline-text").set_value("").run()
    dialog.button(key="guideline-back").click().run()

    assert not dialog.exception
    assert (kept, shown, removed) == ("# Rules", True, "")
    assert dialog.text_area(key="guideline-text").value == "# Rules"


def test_a_guideline_that_is_too_large_is_refused_in_the_dialog(
    make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """The old one stays."""
    project = make_project()
    save_guideline(workspace.store, project.id, "# Rules")
    dialog = _dialog(project)

    dialog.text_area(key="guideline-text").set_value("x" * 200_001).run()
    dialog.button(key="guideline-save").click().run()

    assert "must not be larger than 200 kB" in " ".join(element.proto.body for element in dialog.get("html"))
    assert load_guideline(workspace.store, project.id) == "# Rules"


def test_the_card_is_given_the_other_columns_of_the_file(view: View, own: ProjectRecord) -> None:
    """Text and label are on the card already; what else the row has stands in the panel."""
    page = view("review", own)

    columns = _desk(page).columns

    assert columns is not None
    assert columns.of_row(0) == [{"name": "id", "value": "m0001"}]


def test_a_file_without_other_columns_has_no_panel(view: View, demo: ProjectRecord) -> None:
    """Nothing is offered that would be empty."""
    page = view("review", demo)

    assert _desk(page).columns is None
