"""Data: all rows in a table, where a label can be changed in place."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from labelclean.errors import LabelCleanError, NotFoundError, StoreError
from labelclean.review.preferences import load_preferences
from labelclean.review.table.query import TableQuery
from labelclean.store.records import ProjectRecord
from labelclean.ui import resources, state
from labelclean.ui.data.edits import ShownPage, store_edits
from labelclean.ui.data.filters import draw_filters
from labelclean.ui.data.grid import draw_grid, grid_key, new_generation, opened_line
from labelclean.ui.data.line import draw_line, turned
from labelclean.ui.desk import Desk
from labelclean.ui.elements import empty_state, error_notice, note, title
from labelclean.ui.gate import project_with_results
from labelclean.ui.guard import guarded
from labelclean.ui.navigation import draw_again
from labelclean.ui.resource_columns import row_columns
from labelclean.ui.resource_desk import desk as desk_of
from labelclean.ui.resource_table import rows_in_order
from labelclean.ui.row_links import open_row


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Data")
    if opened is None:
        return
    state.follow_table_url()
    title("Data", "All rows. A label changed here is a decision like any other: logged, undone with one click.")
    _screen(opened[0])


@st.fragment
def _screen(project: ProjectRecord) -> None:
    """Draw search, table and pages; only this part runs again after a change."""
    with guarded():
        try:
            _draw_screen(project)
        except NotFoundError:
            st.rerun()  # deleted in another tab: the whole page says so


def _draw_screen(project: ProjectRecord) -> None:
    desk, store = desk_of(project), resources.workspace().store
    desk.catch_up(store)
    reviewer = state.reviewer(store)
    desk.preferences = load_preferences(store, reviewer)
    refused = _take_edits(desk, reviewer)
    columns = row_columns(project)
    wanted = draw_filters(desk, turned(state.table_query()), () if columns is None else columns.names)
    rows = rows_in_order(project, desk, wanted)
    n_pages = max(1, -(-len(rows) // wanted.page_size))
    wanted = replace(wanted, page=min(wanted.page, n_pages))
    state.set_table_query(wanted)
    draw_line(desk, wanted, rows, reviewer, n_pages=n_pages)
    for error in refused:
        error_notice(error)
    if not len(rows):
        _draw_nothing(wanted)
        return
    first = (wanted.page - 1) * wanted.page_size
    shown = [int(row) for row in rows[first : first + wanted.page_size]]
    key = grid_key(desk, shown, wanted.columns)
    line = opened_line(key)
    if line is not None and line < len(shown):
        open_row(shown[line], back="data")
    draw_grid(desk, key, shown, columns, wanted.columns)
    note(
        "To change a label, a decision or a note, double-click its cell or press Enter on it; Esc leaves it as it was. "
        "Double-click a text to read all of it. A click on the head of a column sorts this page alone."
    )


def _take_edits(desk: Desk, reviewer: str) -> list[LabelCleanError]:
    """Store what was changed in the table, and return why something was not."""
    page = state.recall("table_page", ShownPage)
    edited = {} if page is None or page.project_id != desk.project_id else state.edited_cells(page.key)
    if page is None or not edited:
        return []
    try:
        refused = store_edits(desk, resources.workspace().store, page, edited, reviewer)
    except StoreError as error:
        page.done = {}  # what is still in the table is tried again at the next run
        return [error]
    if refused:
        new_generation()  # the cells show again what is in force
    return refused


def _draw_nothing(query: TableQuery) -> None:
    empty_state("No row matches", "Search for less, or take a filter away.")
    with st.container(horizontal=True, horizontal_alignment="center"):
        if st.button("Show all rows", type="primary", key="table-reset"):
            state.set_table_query(TableQuery(columns=query.columns, page_size=query.page_size))
            draw_again()


if __name__ == "__main__":
    render()
