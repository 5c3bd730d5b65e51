"""The left side of the review page without a browser: filters, the sentence about them, saved queues, links."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from labelclean.config import AuditConfig
from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.saved_queues import SAVED_QUEUES_KEY, SavedQueue, saved_to_json
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace
from tests.queue_cases import decision

View = Callable[..., AppTest]
MakeProject = Callable[..., ProjectRecord]


def _press(page: AppTest, key: str) -> AppTest:
    return next(button for button in page.button if button.key == key).click().run()


def _box(page: AppTest, label: str) -> object:
    return next(box.value for box in page.selectbox if box.label == label)


def _pressed_queues(page: AppTest) -> list[str]:
    return [button.label for button in page.button if str(button.key).startswith("queue-on-")]


def _notes(page: AppTest) -> str:
    return " ".join(html.proto.body for html in page.get("html"))


def test_a_filter_is_said_in_a_sentence_and_can_be_cleared(view: View, demo: ProjectRecord) -> None:
    """Nobody searches for rows that a forgotten filter hides."""
    page = view("review", demo, given="refund", max="0.5")
    said = _notes(page)

    _press(page, "filter-clear")

    assert "Flagged rows, undecided, given “refund”, 0 to 50 % likely wrong." in said
    assert "given" not in page.query_params
    assert not [button for button in page.button if button.key == "filter-clear"]
    assert page.slider[0].value == (0, 100)


def test_a_link_with_every_condition_sets_the_widgets(
    view: View, make_project: MakeProject, workspace: Workspace
) -> None:
    """What the queue asks for is what the widgets say, those in the expander too."""
    project = make_project()
    workspace.store.append_events(project.id, [decision(3, reviewer="Ada")])

    page = view("review", project, min="0.2", max="0.83", verdict="keep", by="Ada", q="ça & +")

    assert page.slider[0].value == (20, 83)
    assert (_box(page, "decision"), _box(page, "reviewer")) == ("kept", "Ada")
    assert page.text_input[0].value == "ça & +"
    assert not page.checkbox  # neither applies to decided rows
    assert page.query_params["max"] == "0.83"


def test_a_class_that_is_gone_stays_in_the_filter_of_a_link(view: View, demo: ProjectRecord) -> None:
    """A link never opens more than it says."""
    page = view("review", demo, given="merged away", suggested="refund")

    assert [box.value for box in page.selectbox][:2] == ["merged away", "refund"]
    assert page.query_params["given"] == "merged away"
    assert "Flagged rows, undecided, given “merged away”, suggested “refund”." in _notes(page)


def test_choosing_a_decision_and_a_reviewer_filters(
    view: View, make_project: MakeProject, workspace: Workspace
) -> None:
    """Both are found under "More filters"."""
    project = make_project()
    workspace.store.append_events(
        project.id, [decision(row, reviewer=name, uuid=f"panel-{name}") for row, name in enumerate(["Ada", "Bo"])]
    )
    page = view("review", project)

    next(box for box in page.selectbox if box.label == "reviewer").select("Bo").run()
    next(box for box in page.selectbox if box.label == "decision").select("kept").run()

    assert (page.query_params["by"], page.query_params["verdict"]) == ("Bo", "keep")
    assert "Label kept, decided by Bo." in _notes(page)


def test_the_queue_that_a_filter_narrows_stays_marked(view: View, demo: ProjectRecord) -> None:
    """The reviewer sees which queue the filter is about."""
    narrowed = view("review", demo, given="refund")
    of_rows = view("review", demo, rows="3-4")

    assert _pressed_queues(narrowed) == [f"Likely errors :gray[{demo.n_issues}]"]
    assert _pressed_queues(of_rows) == []
    assert "Only 2 chosen rows." in _notes(of_rows)


def test_a_queue_can_be_saved_opened_renamed_and_deleted(view: View, make_project: MakeProject) -> None:
    """By everybody who reviews the project: the next session finds it."""
    project = make_project()
    page = view("review", project, given="refund", all="1")
    page.text_input(key="saved-queue-name").set_value("Refunds *first*")
    _press(page, "saved-queue-save")

    later = view("review", project)
    _press(later, "queue-saved-0")
    opened = dict(later.query_params)
    later.selectbox(key="saved-queue-chosen").select("Refunds *first*").run()
    later.text_input(key="saved-queue-rename-0").set_value("Refunds").run()
    _press(later, "saved-queue-do-rename")
    renamed = [button.label for button in later.button if str(button.key).endswith("saved-0")]
    later.selectbox(key="saved-queue-chosen").select("Refunds").run()
    _press(later, "saved-queue-delete")

    assert (opened["given"], opened["all"]) == ("refund", "1")
    assert renamed == ["Refunds"]
    assert not [button for button in later.button if "saved-0" in str(button.key)]


def test_a_name_of_a_saved_queue_is_shown_as_it_stands(
    view: View, make_project: MakeProject, workspace: Workspace
) -> None:
    """No markup in it is one."""
    project = make_project()
    saved = SavedQueue(name="**all** :red[x]", queue_filter=QueueFilter(given="refund"))
    workspace.store.set_project_setting(project.id, SAVED_QUEUES_KEY, saved_to_json([saved]))

    page = view("review", project)

    assert next(button.label for button in page.button if button.key == "queue-saved-0") == r"\*\*all\*\* \:red\[x\]"


def test_damaged_saved_queues_do_not_break_the_page(
    view: View, make_project: MakeProject, workspace: Workspace
) -> None:
    """They are left out."""
    project = make_project()
    workspace.store.set_project_setting(project.id, SAVED_QUEUES_KEY, [{"name": 1}, "x"])

    assert not view("review", project).exception


def test_the_link_names_the_queue_on_screen(view: View, demo: ProjectRecord) -> None:
    """Spelled for an address bar."""
    page = view("review", demo, given="refund", q="50 % & more")

    link = page.code[0].value

    assert link.endswith(f"?project={demo.id}&given=refund&q=50+%25+%26+more")


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data directory with one analysed project: two contradicting near-copies, and a column of countries."""
    root = tmp_path_factory.mktemp("queues")
    workspace = Workspace.open(Home.at(root))
    workspace.store.set_setting("demo_made", value=True)
    sha256, n_bytes = workspace.keep_file(io.BytesIO(_csv()), max_bytes=10**6)
    layout = inspect_file(workspace.home.dataset_path(sha256), name="mine.csv").layout
    project = workspace.create_project(
        name="Small",
        file_name="mine.csv",
        sha256=sha256,
        n_bytes=n_bytes,
        layout=layout,
        roles=ColumnRoles(text="text", label="label"),
    )
    workspace.run_audit(project.id, AuditConfig(n_folds=3, n_explained=5))
    workspace.close()
    return root


def _csv() -> bytes:
    things = ("lamp", "chair", "mirror", "carpet", "kettle", "wardrobe", "sofa", "blanket", "table", "vase")
    lines = ["text,label,country"]
    for place, thing in enumerate(things):
        lines.append(f"When will the {thing} get here at last?,delivery,{'PT' if place % 2 else 'ES'}")
        lines.append(f"Please send the money for the {thing} back to me,refund,{'PT' if place < 7 else ''}")
    lines.append("Somebody has to tell me what that invoice is about,refund,DE")
    lines.append("Somebody has to tell me what that invoice is about!,delivery,DE")
    return "\n".join(lines).encode()


@pytest.fixture
def small(small_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProjectRecord]:
    """Return that project, in the data directory that the pages use."""
    monkeypatch.setenv("LABELCLEAN_HOME", str(small_home))
    st.cache_resource.clear()
    workspace = Workspace.open(Home.at(small_home))
    yield workspace.store.list_projects()[0]
    workspace.close()
    st.cache_resource.clear()


def test_contradictions_have_a_queue_with_one_card_for_each_group(view: View, small: ProjectRecord) -> None:
    """The two rows that differ in one character are one entry."""
    page = view("review", small)

    _press(page, "queue-contradictions")

    assert _pressed_queues(page) == ["Contradictions :gray[1]"]
    assert page.query_params["kind"] == "contradictions"


def test_a_value_of_another_column_filters(view: View, small: ProjectRecord) -> None:
    """First the column, then one of its values, the most frequent one first; an empty cell is a value, too."""
    page = view("review", small, all="1")

    next(box for box in page.selectbox if box.label == "column").select("country").run()
    unfiltered = dict(page.query_params)
    offered = next(list(box.options) for box in page.selectbox if box.label == "value")
    next(box for box in page.selectbox if box.label == "value").select("DE").run()

    assert offered == ["PT", "ES", "(empty)", "DE"]
    assert "column" not in unfiltered
    assert (page.query_params["column"], page.query_params["value"]) == ("country", "DE")
    assert "All rows, undecided, country is “DE”." in _notes(page)
