"""Noise and classes in the whole app: every cell leads to its rows; classes are renamed and split, and it is undone."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file
from labelclean.workspace import REVIEW_CONFIG, Workspace
from tests.e2e.driver import App

pytestmark = pytest.mark.e2e

N_CLASSES = 77
CELLS = """(plot) => {
    const trace = plot.data.findIndex((trace) => trace.customdata);
    const points = plot._fullData[trace], layout = plot._fullLayout;
    return plot.data[trace].customdata.map((cell, at) => [
        cell[0], cell[1],
        layout.xaxis.d2p(points.x[at]) + layout.xaxis._offset, layout.yaxis.d2p(points.y[at]) + layout.yaxis._offset,
    ]);
}"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with the demo and a project of 77 classes, some of them given for the next one."""
    root = tmp_path_factory.mktemp("classes")
    workspace = Workspace.open(Home.at(root))
    workspace.ensure_demo()
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["text", "label"])
    for row in range(10 * N_CLASSES):
        code = row % N_CLASSES
        given = (code + 1) % N_CLASSES if row // N_CLASSES == code % 10 else code
        writer.writerow([f"about word{code} and thing{code} for the {row} time", f"class {given:02}"])
    sha256, n_bytes = workspace.keep_file(io.BytesIO(table.getvalue().encode()), max_bytes=10**6)
    layout = inspect_file(workspace.home.dataset_path(sha256), name="many.csv").layout
    project = workspace.create_project(
        name="many",
        file_name="many.csv",
        sha256=sha256,
        n_bytes=n_bytes,
        layout=layout,
        roles=ColumnRoles(text="text", label="label"),
    )
    workspace.run_audit(project.id, REVIEW_CONFIG)
    workspace.close()
    return root


def _chart(app: App, project: str) -> Locator:
    app.open(f"noise?project={project}")
    chart = app.page.locator(".js-plotly-plot").first
    chart.wait_for(timeout=30_000)
    app.settle()
    return chart


def test_any_cell_of_seventy_seven_classes_opens_exactly_its_queue(app: App) -> None:
    """All cells are there; those near the corners are hit off their centre."""
    project = str(app.query("SELECT id FROM projects WHERE name = 'many'")[0]["id"])
    cells, opened = [(76, 3), (1, 0)], []

    for cell in cells:
        chart = _chart(app, project)
        places = {(given, true): (x, y) for given, true, x, y in chart.evaluate(CELLS)}
        assert len(places) == N_CLASSES * (N_CLASSES - 1)
        x, y = places[cell]
        chart.click(position={"x": x + 2, "y": y - 2})
        expect(app.page).to_have_url(re.compile(r"/review\?"))
        opened.append(app.page.evaluate("['given', 'suggested'].map((key) => new URL(location).searchParams.get(key))"))

    assert opened == [[f"class {given:02}", f"class {true:02}"] for given, true in cells]


def _pick(app: App, label: str, option: str) -> None:
    dialog = app.page.get_by_role("dialog")
    dialog.get_by_label(label).click()
    app.page.keyboard.type(option)
    app.page.get_by_role("option", name=option, exact=True).first.click()


def test_a_class_is_renamed_and_a_taken_name_leads_to_a_merge(app: App) -> None:
    """The dialog says what will be; the page lists it with its undo, which takes it back."""
    project = app.demo_id()
    app.open(f"overview?project={project}")
    app.settle()
    dialog = app.page.get_by_role("dialog")

    app.page.get_by_role("button", name="Rename a class").click()
    _pick(app, "Class", "refund")
    dialog.get_by_label("New name").fill("login_problem")
    dialog.get_by_label("New name").press("Enter")
    expect(dialog.get_by_role("button", name="Merge them instead")).to_be_visible()
    dialog.get_by_label("New name").fill("money back")
    dialog.get_by_label("New name").press("Enter")
    dialog.get_by_role("button", name="Rename", exact=True).click()
    expect(app.page.get_by_text("Renamed “refund” to “money back”")).to_be_visible()
    app.page.get_by_role("button", name="Undo").click()
    expect(app.page.get_by_role("button", name="Redo")).to_be_visible()

    kinds = [entry["kind"] for entry in app.decisions(project, 2)]
    assert kinds == ["merge", "undo"]


def test_rows_are_split_off_by_their_text_as_one_step(app: App) -> None:
    """As many rows as the dialog says get the new label; one press takes all of it back."""
    project = app.demo_id()
    before = len(app.decisions(project, 0))
    app.open(f"overview?project={project}")
    app.settle()
    dialog = app.page.get_by_role("dialog")

    app.page.get_by_role("button", name="Split a class").click()
    _pick(app, "Class", "refund")
    dialog.get_by_label("Text contains").fill("refund")
    dialog.get_by_label("Text contains").press("Enter")
    dialog.get_by_label("Their label from now on").click()
    app.page.keyboard.type("lost parcel")
    app.page.keyboard.press("Enter")
    button = dialog.get_by_role("button", name="Split off")
    said = button.text_content() or ""
    button.click()
    expect(app.page.get_by_text("Split off “lost parcel”: given refund, text contains “refund”")).to_be_visible()
    made = app.decisions(project, before + 1)[before:]

    assert said == f"Split off {len(made)} rows"
    assert {entry["label"] for entry in made} == {'"lost parcel"'}
    assert {(entry["batch"], entry["source"]) for entry in made} == {(made[0]["batch"], "bulk")}
