"""Label sets, votes and merged names on the pages of an analysed project, without a browser."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from labelclean.config import AuditConfig
from labelclean.home import Home
from labelclean.io.layout import ColumnRoles, LabelSpelling, VoteColumns
from labelclean.io.source import inspect_file
from labelclean.label_set import LabelSet
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.review.merging import make_merge, merges_in_force
from labelclean.store.label_confusions import LabelConfusion
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import ComputedRun
from labelclean.workspace import Workspace
from tests.label_files import ONE_HOT_LABELS, named_csv, one_hot_csv, votes_csv
from tests.store_examples import MOMENT, decide

View = Callable[..., AppTest]
SETS = ColumnRoles(
    text="message", label="late", row_id="nr", spelling=LabelSpelling(kind="one_hot", columns=ONE_HOT_LABELS)
)
VOTES = ColumnRoles(text="message", label="kim", row_id="nr", votes=VoteColumns(columns=("kim", "lee", "sam")))
NAMES = ColumnRoles(text="message", label="topic", row_id="nr")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data directory with one analysed project of each kind."""
    root = tmp_path_factory.mktemp("labels")
    workspace = Workspace.open(Home.at(root))
    workspace.store.set_setting("demo_made", value=True)
    for name, content, roles in (
        ("sets", one_hot_csv(), SETS), ("votes", votes_csv(), VOTES), ("names", named_csv(), NAMES),
    ):  # fmt: skip
        sha256, n_bytes = workspace.keep_file(io.BytesIO(content), max_bytes=10**6)
        layout = inspect_file(workspace.home.dataset_path(sha256), name="mine.csv").layout
        project = workspace.create_project(
            name=name, file_name=f"{name}.csv", sha256=sha256, n_bytes=n_bytes, layout=layout, roles=roles
        )
        workspace.run_audit(project.id, AuditConfig(n_folds=3, n_explained=20))
    workspace.close()
    return root


@pytest.fixture
def opened(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Return the workspace that the pages use."""
    monkeypatch.setenv("LABELCLEAN_HOME", str(home))
    st.cache_resource.clear()
    workspace = Workspace.open(Home.at(home))
    yield workspace
    workspace.close()
    st.cache_resource.clear()


def _project(workspace: Workspace, name: str) -> ProjectRecord:
    return next(project for project in workspace.store.list_projects() if project.name == name)


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def test_the_overview_of_label_sets_goes_label_by_label(view: View, opened: Workspace) -> None:
    """Rows given, left out and wrongly given; there are no classes to be confused."""
    page = view("overview", _project(opened, "sets"))

    assert not page.exception
    assert "label sets look wrong" in _html(page) or "No label stands out" in _html(page)
    table = page.dataframe[0].value
    assert sorted(table["Label"]) == sorted(ONE_HOT_LABELS)
    assert list(table.columns[1:4]) == ["Rows given", "Left out", "Share left out"]


def test_the_noise_page_of_label_sets_shows_the_rates_of_each_label(view: View, opened: Workspace) -> None:
    """Each label can be wrong in two ways: bars, and a table of the same numbers."""
    page = view("noise", _project(opened, "sets"))

    assert not page.exception
    assert "wrongly given, and which are left out" in _html(page)
    assert len(page.dataframe[-1].value) == 3
    assert page.get("plotly_chart")[0].key == "label-rates"


def test_label_sets_teach_as_single_labels_do(view: View, opened: Workspace) -> None:
    """The button waits for a handful of decisions."""
    page = view("review", _project(opened, "sets"))

    assert not page.exception
    assert page.button(key="learn-now").disabled
    assert "From 10 decisions on; 0 so far." in _html(page)


def test_a_label_without_a_column_stops_the_download_with_its_row(view: View, opened: Workspace) -> None:
    """What the file cannot spell is said before the button is pressed; then it can be pressed again."""
    project = _project(opened, "sets")
    opened.store.append_events(
        project.id, [decide("new", 7, verdict=Verdict.RELABEL, label=LabelSet(["late", "unheard of"]))]
    )

    refused = view("export", project)
    opened.store.append_events(
        project.id, [decide("other", 7, verdict=Verdict.RELABEL, label=LabelSet(["late", "refund"]))]
    )
    allowed = view("export", project)

    assert not refused.exception
    assert "unheard of" in _html(refused)
    assert "row 7" in _html(refused)
    assert refused.get("download_button")[0].proto.disabled
    assert not allowed.get("download_button")[0].proto.disabled


def test_a_label_that_the_encoding_lacks_can_be_written_as_utf8(view: View, opened: Workspace) -> None:
    """The row is named, and the download waits for the tick."""
    lines = "".join(f"das Päckchen {row} fehlt;{'Größe' if row % 2 else 'Rückgabe'}\n" for row in range(40))
    sha256, n_bytes = opened.keep_file(io.BytesIO(f"text;label\n{lines}".encode("cp1252")), max_bytes=10**6)
    layout = inspect_file(opened.home.dataset_path(sha256), name="mine.csv").layout
    project = opened.create_project(
        name="latin",
        file_name="mine.csv",
        sha256=sha256,
        n_bytes=n_bytes,
        layout=layout,
        roles=ColumnRoles(text="text", label="label"),
    )
    opened.run_audit(project.id, AuditConfig(n_folds=3))
    opened.store.append_events(project.id, [decide("far", 5, verdict=Verdict.RELABEL, label="退款")])

    page = view("export", opened.store.get_project(project.id))
    before = page.get("download_button")[0].proto.disabled
    page.checkbox(key="export-utf8").check().run()

    assert not page.exception
    assert "The new label of row 5 cannot be written in cp1252." in _html(page)
    assert before
    assert not page.get("download_button")[0].proto.disabled


def test_the_overview_of_votes_tells_how_good_each_annotator_is(view: View, opened: Workspace) -> None:
    """The least reliable first."""
    page = view("overview", _project(opened, "votes"))

    assert not page.exception
    assert "what all annotators say" in _html(page)
    table = page.dataframe[1].value
    assert table["Annotator"].iloc[0] == "sam"
    assert table["Reliability"].is_monotonic_increasing


def test_the_export_of_votes_says_where_corrections_go(view: View, opened: Workspace) -> None:
    """The column is new, and the votes stay."""
    page = view("export", _project(opened, "votes"))

    assert not page.exception
    assert "Corrections go to the column “consensus_label”, which is added" in _html(page)


def test_the_dialog_says_how_many_rows_a_merge_changes(view: View, opened: Workspace) -> None:
    """Before anything is done; pressing it belongs to the test in a browser."""
    page = view("overview", _project(opened, "names"))
    listed = _html(page)

    page.button(key="merge-group-0").click().run()

    assert not page.exception
    assert "refund␣" in listed
    assert "Undo takes it back whole" in _html(page)
    assert "merge-yes" in [button.key for button in page.button]


def _merged(opened: Workspace) -> tuple[ProjectRecord, ReviewEvent]:
    """Return the project with its names merged, whatever tests did before."""
    project = _project(opened, "names")
    events = opened.store.load_merge_events(project.id)
    if not merges_in_force(events):
        merge = make_merge(["Refund", "refund "], "refund", reviewer="kim", now=MOMENT)
        opened.store.append_events(project.id, [merge])
        return project, merge
    return project, merges_in_force(events)[0]


def test_a_merge_is_undone_and_redone_with_one_press_each(view: View, opened: Workspace) -> None:
    """It is listed with who did it; each press is one event; a new page shows the same."""
    project, merge = _merged(opened)
    page = view("overview", project)
    listed = _html(page)

    page.button(key=f"merge-turn-{merge.uuid}").click().run()
    undone = opened.store.load_merge_events(project.id)
    again = view("overview", project)
    again.button(key=f"merge-turn-{merge.uuid}").click().run()

    assert "Merged “Refund”, “refund ” into “refund”" in listed
    assert "kim, " in listed
    assert "Names have changed since the analysis." in listed
    assert ", undone" in _html(page)
    assert merges_in_force(undone) == ()
    events = opened.store.load_merge_events(project.id)
    assert [event.kind for event in events[-2:]] == [EventKind.UNDO, EventKind.REDO]
    assert [event.uuid for event in merges_in_force(events)] == [merge.uuid]


def test_merged_names_are_one_class_on_all_pages(view: View, opened: Workspace) -> None:
    """The class table, the noise and the card know one name; the export lists each row."""
    project, _ = _merged(opened)

    overview, noise = view("overview", project), view("noise", project)
    review, export = view("review", project), view("export", project)

    assert not any(page.exception for page in (overview, noise, review, export))
    names = [name for name in overview.dataframe[0].value["Class"] if name.strip().lower() == "refund"]
    assert names == ["refund"]
    changes = export.dataframe[0].value
    assert set(changes["Old label"]) == {"Refund", "refund "}
    assert set(changes["New label"]) == {"refund"}
    assert changes["Note"].str.startswith("merged").all()


def test_pairs_of_labels_given_for_each_other_are_a_map_and_a_table(view: View, opened: Workspace) -> None:
    """Each pair has the rows of its queue; where there is none, a sentence says so."""
    project = _project(opened, "sets")
    run = opened.store.load_run(project.id)
    assert run is not None
    own = opened.store.create_project(name="pairs", dataset=project.dataset)
    pairs = (LabelConfusion(given="late", meant="refund", n_rows=3, n_estimated=2.4),)
    opened.store.save_run(own.id, ComputedRun(run=replace(run, label_confusions=pairs)))
    none = opened.store.create_project(name="no pairs", dataset=project.dataset)
    opened.store.save_run(none.id, ComputedRun(run=replace(run, label_confusions=())))

    page = view("noise", opened.store.get_project(own.id))
    empty = view("noise", opened.store.get_project(none.id))

    assert not page.exception
    table = next(element.value for element in page.dataframe if "Meant" in element.value)
    assert table[["Given", "Meant", "Estimated", "Flagged"]].to_numpy().tolist() == [["late", "refund", 2, 3]]
    assert {chart.key for chart in page.get("plotly_chart")} == {"label-rates", "label-confusions"}
    assert "No label is estimated to stand in the place of another one." in _html(empty)
