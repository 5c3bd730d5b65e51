"""The table of all rows without a browser; the cells of its grid are changed as the browser would say it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from labelclean.review.decisions import EventKind, ReviewEvent, Verdict, current_decisions
from labelclean.review.preferences import Preferences, save_preferences
from labelclean.store.records import ProjectRecord
from labelclean.ui import state
from labelclean.workspace import Workspace

MakeProject = Callable[..., ProjectRecord]
View = Callable[..., AppTest]


@pytest.fixture
def grid(monkeypatch: pytest.MonkeyPatch) -> list[pd.DataFrame]:
    """Return the tables that were drawn, the last one last."""
    drawn: list[pd.DataFrame] = []
    draw = st.data_editor

    def draw_and_note(data: object, **options: object) -> object:
        drawn.append(data.data)  # type: ignore[attr-defined]  # a Styler
        return draw(data, **options)  # type: ignore[call-overload]  # what the page asks for

    monkeypatch.setattr(st, "data_editor", draw_and_note)
    return drawn


@pytest.fixture
def edit(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return what changes cells of one line of the table that is on the screen."""

    def change(page: AppTest, line: int, **cells: object) -> AppTest:
        monkeypatch.setattr(state, "edited_cells", lambda _key: {line: dict(cells)})
        page.run()
        return page

    return change


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def _said(page: AppTest) -> str:
    return " ".join(element.value for element in page.markdown)


def _param(page: AppTest, name: str) -> str:
    value = page.query_params[name]
    return value if isinstance(value, str) else value[0]


def test_all_rows_are_shown_page_by_page_in_file_order(
    view: View, demo: ProjectRecord, grid: list[pd.DataFrame]
) -> None:
    """The first 50 of them, with their given labels."""
    page = view("data", demo)

    assert not page.exception
    assert grid[-1]["row"].tolist() == list(range(50))
    assert grid[-1]["label"].tolist() == grid[-1]["given"].tolist()
    assert "<b>1–50</b> of 617 rows" in _html(page)


def test_rows_are_sorted_in_both_directions(view: View, demo: ProjectRecord, grid: list[pd.DataFrame]) -> None:
    """By error probability the most suspect first; the address keeps it."""
    page = view("data", demo, sort="-error")
    descending = grid[-1]["error"].tolist()
    page.toggle[0].set_value(False).run()

    assert descending == sorted(descending, reverse=True)
    assert grid[-1]["error"].is_monotonic_increasing
    assert _param(page, "sort") == "error"


@pytest.mark.parametrize("sort", ["id", "text", "given", "label", "suggested", "decision", "reviewer"])
def test_every_order_shows_every_row_once(view: View, demo: ProjectRecord, grid: list[pd.DataFrame], sort: str) -> None:
    """Whatever the rows are sorted by."""
    page = view("data", demo, sort=f"-{sort}", size="200")
    rows = [*grid[-1]["row"]]
    for number in (2, 3, 4):
        page = view("data", demo, sort=f"-{sort}", size="200", page=str(number))
        rows += [*grid[-1]["row"]]

    assert not page.exception
    assert sorted(rows) == list(range(617))


def test_search_and_filter_leave_rows_out(view: View, demo: ProjectRecord, grid: list[pd.DataFrame]) -> None:
    """Case does not count; another search begins at page 1."""
    page = view("data", demo, page="3")
    page.text_input[0].set_value("PARCEL").run()
    page.selectbox[0].set_value("refund").run()

    assert grid[-1]["text"].str.lower().str.contains("parcel").all()
    assert set(grid[-1]["given"]) == {"refund"}
    assert _param(page, "q") == "PARCEL"
    assert "page" not in page.query_params


def test_a_search_without_a_hit_offers_the_way_back(view: View, demo: ProjectRecord, grid: list[pd.DataFrame]) -> None:
    """No empty grid."""
    page = view("data", demo, q="no such words")
    said = _html(page)
    page.button(key="table-reset").click().run()

    assert "No row matches" in said
    assert len(grid[-1]) == 50


def test_a_page_behind_the_last_one_is_the_last_one(view: View, demo: ProjectRecord, grid: list[pd.DataFrame]) -> None:
    """617 rows are 13 pages of 50."""
    page = view("data", demo, page="99")

    assert _param(page, "page") == "13"
    assert grid[-1]["row"].tolist() == list(range(600, 617))


@pytest.mark.parametrize("asked", ["300", "m0301", "row 300"])
def test_a_row_is_found_by_number_and_by_id(
    view: View, demo: ProjectRecord, grid: list[pd.DataFrame], asked: str
) -> None:
    """Its page opens, whatever was searched before."""
    page = view("data", demo, q="coupon")
    page.text_input(key="table-jump-0").set_value(asked).run()

    assert not page.exception
    assert 300 in grid[-1]["row"].tolist()
    assert _param(page, "page") == "7"


def test_a_row_that_is_not_there_is_said_to_be_missing(view: View, demo: ProjectRecord) -> None:
    """The table stays where it is."""
    page = view("data", demo)
    page.text_input(key="table-jump-0").set_value("617").run()

    assert "There is no row number or id like this." in _said(page)


def test_a_changed_label_is_stored_once_and_undone_again(
    view: View, make_project: MakeProject, workspace: Workspace, grid: list[pd.DataFrame], edit: Callable[..., AppTest]
) -> None:
    """A run of the page that sees the same cell again stores nothing."""
    project = make_project()
    page = view("data", project)

    edit(page, 3, label="a new class")
    page.run()
    stored = workspace.store.load_events(project.id)
    shown = [grid[-1][name].tolist()[3] for name in ("label", "decision")]
    page.button(key="table-undo").click().run()

    assert not page.exception
    assert [(event.row, event.verdict, event.label, event.source) for event in stored] == [
        (3, Verdict.RELABEL, "a new class", "table")
    ]
    assert shown == ["a new class", "relabel"]
    assert current_decisions(workspace.store.load_events(project.id)) == {}
    assert grid[-1]["label"].tolist()[3] == grid[-1]["given"].tolist()[3]


def test_a_row_decided_by_somebody_else_meanwhile_is_not_overwritten(
    view: View, make_project: MakeProject, workspace: Workspace, grid: list[pd.DataFrame], edit: Callable[..., AppTest]
) -> None:
    """The page says who it was, and shows their decision."""
    project = make_project()
    page = view("data", project)
    theirs = ReviewEvent(
        uuid="11111111-1111-1111-1111-111111111111",
        row=0,
        kind=EventKind.DECIDE,
        verdict=Verdict.EXCLUDE,
        reviewer="Lee",
        decided_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    workspace.store.append_events(project.id, [theirs])

    edit(page, 0, label="refund")

    assert "Row 0 was decided by Lee while you were looking at it." in _html(page)
    assert len(workspace.store.load_events(project.id)) == 1
    assert grid[-1]["decision"].tolist()[0] == "exclude"


def test_an_emptied_label_is_refused_with_a_sentence(
    view: View, make_project: MakeProject, workspace: Workspace, edit: Callable[..., AppTest]
) -> None:
    """No decision says: no label."""
    project = make_project()
    page = view("data", project)

    edit(page, 0, label=None)

    assert "A row must keep a label" in _html(page)
    assert workspace.store.load_events(project.id) == []


def test_rows_stay_in_place_while_they_are_decided(
    view: View, make_project: MakeProject, grid: list[pd.DataFrame], edit: Callable[..., AppTest]
) -> None:
    """Among the undecided rows a decision does not pull the next one under the pointer."""
    project = make_project()
    page = view("data", project, decision="undecided")
    before = grid[-1]["row"].tolist()

    edit(page, 1, decision="exclude")

    assert grid[-1]["row"].tolist() == before
    assert grid[-1]["decision"].tolist()[1] == "exclude"


def test_unknown_error_probabilities_stand_last(
    view: View, make_project: MakeProject, workspace: Workspace, demo: ProjectRecord, grid: list[pd.DataFrame]
) -> None:
    """Rows without a label have none; they do not pretend to be certain."""
    run = workspace.store.load_run(demo.id)
    assert run is not None
    errors = np.array(run.error_probabilities)
    errors[0] = np.nan
    project = make_project(error_probabilities=errors)

    view("data", project, sort="error", page="13")

    assert grid[-1]["row"].tolist()[-1] == 0


def test_blind_mode_hides_suggestions_until_a_row_is_decided(
    view: View, make_project: MakeProject, workspace: Workspace, grid: list[pd.DataFrame], edit: Callable[..., AppTest]
) -> None:
    """What the card does not give away, the table does not either."""
    project = make_project()
    reviewer = state.reviewer(workspace.store)
    save_preferences(workspace.store, reviewer, Preferences(blind=True))
    page = view("data", project)

    edit(page, 2, decision="unsure")
    save_preferences(workspace.store, reviewer, Preferences())

    assert [bool(token) for token in grid[-1]["suggested"][:4]] == [False, False, True, False]
    assert grid[-1]["error"].notna().tolist()[:4] == [False, False, True, False]


def test_without_a_project_the_page_says_what_to_do(view: View, demo: ProjectRecord) -> None:
    """A deep link without a project is no error."""
    assert demo.has_run

    page = view("data")

    assert not page.exception
    assert "No project is open" in _html(page)
