"""The export page where a set without labels has no spelling in the file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from labelclean.config import AuditConfig
from labelclean.export import write_corrected_file
from labelclean.home import Home
from labelclean.io.layout import ColumnRoles, LabelSpelling
from labelclean.io.source import inspect_file
from labelclean.label_set import LabelSet
from labelclean.review.decisions import Verdict, current_decisions
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace
from tests.store_examples import decide

JOINED = LabelSpelling(kind="joined", separator="|")
CONTENT = "nr,text,labels\n" + "".join(
    f"{row},{text} parcel {row},{labels}\n"
    for row, (text, labels) in enumerate([("late", "late"), ("late broken", "late|broken"), ("broken", "broken")] * 8)
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectRecord:
    """Make an analysed project whose first row was decided to have no label."""
    monkeypatch.setenv("LABELCLEAN_HOME", str(tmp_path))
    st.cache_resource.clear()
    workspace = Workspace.open(Home.at(tmp_path))
    workspace.store.set_setting("demo_made", value=True)
    sha256, n_bytes = workspace.keep_file(io.BytesIO(CONTENT.encode()), max_bytes=10**6)
    layout = inspect_file(workspace.home.dataset_path(sha256), name="mine.csv").layout
    made = workspace.create_project(
        name="joined",
        file_name="mine.csv",
        sha256=sha256,
        n_bytes=n_bytes,
        layout=layout,
        roles=ColumnRoles(text="text", label="labels", row_id="nr", spelling=JOINED),
    )
    workspace.run_audit(made.id, AuditConfig(n_folds=3, n_explained=5))
    workspace.store.append_events(made.id, [decide("e0", 0, verdict=Verdict.RELABEL, label=LabelSet())])
    found = workspace.store.get_project(made.id)
    workspace.close()
    return found


def test_one_row_without_a_label_does_not_hold_up_the_file(
    view: Callable[..., AppTest], project: ProjectRecord
) -> None:
    """The page offers a lone separator for it, and without that says why the file cannot be written."""
    page = view("export", project)

    assert not page.exception
    assert "1 row is decided to have no label" in _html(page)
    assert _is_offered(page)

    page.checkbox(key="export-empty-set").uncheck().run()

    assert not _is_offered(page)
    assert "must have a cell that spells the empty set" in _html(page)


def test_the_lone_separator_stands_in_the_file_and_nothing_else_changes(project: ProjectRecord, tmp_path: Path) -> None:
    """It is what labelclean reads as a set without labels."""
    workspace = Workspace.open(Home.at(tmp_path))
    record = project.dataset
    roles = ColumnRoles(
        text="text",
        label="labels",
        row_id="nr",
        spelling=LabelSpelling(kind="joined", separator="|", empty_set="|"),
    )
    target = io.BytesIO()

    write_corrected_file(
        workspace.home.dataset_path(record.sha256),
        target,
        record.layout,
        roles,
        current_decisions(workspace.store.load_events(project.id)),
    )

    workspace.close()
    assert target.getvalue().decode() == CONTENT.replace("0,late parcel 0,late\n", "0,late parcel 0,|\n")


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def _is_offered(page: AppTest) -> bool:
    button = next(item for item in page.get("download_button") if item.proto.label == "Download the corrected file")
    return not button.proto.disabled
