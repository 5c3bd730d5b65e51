"""The line between search and table: how many rows there are, the way to others, new classes, and undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.review.decisions import EventKind, Verdict
from labelclean.review.table.query import TableQuery
from labelclean.ui import resources, state
from labelclean.ui.data.edits import last_step, turn_step
from labelclean.ui.data.filters import DECISION_WORDS
from labelclean.ui.elements import count, error_notice, note, number_of, plain_markdown
from labelclean.ui.navigation import draw_again

if TYPE_CHECKING:
    from labelclean.arrays import IndexArray
    from labelclean.review.log import ReviewStep
    from labelclean.ui.desk import Desk

__all__ = ["draw_line", "find_row", "turned"]

_SOUGHT = "table_sought"


def draw_line(desk: Desk, query: TableQuery, rows: IndexArray, reviewer: str, *, n_pages: int) -> None:
    """Draw the line; what is asked for in it is done at once."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _draw_range(query, len(rows))
        _draw_pages(query, n_pages)
        _draw_jump(desk, query, rows)
        if desk.names.members is None:
            _draw_new_class(desk)
        _draw_undo(desk, reviewer)


def _draw_range(query: TableQuery, n_rows: int) -> None:
    first = (query.page - 1) * query.page_size
    last = min(n_rows, first + query.page_size)
    shown = f"<b>{count(first + 1)}–{count(last)}</b> of " if n_rows > query.page_size else ""
    what = "matching row" if query.is_filtered else "row"
    total = number_of(n_rows, what, f"{what}s")
    st.html(f'<p class="lc-note lc-page-range">{shown}{total}</p>', width="content")


def find_row(desk: Desk, asked: str) -> int | None:
    """Return the row with an id, or with a number as the table shows it; None where there is none."""
    ids = desk.dataset.row_ids
    if ids is not None and asked in ids:
        return ids.index(asked)
    digits = asked.replace(",", "").removeprefix("row ")
    is_row = digits.isascii() and digits.isdigit() and int(digits) < desk.dataset.n_examples
    return int(digits) if is_row else None


def _draw_jump(desk: Desk, query: TableQuery, rows: IndexArray) -> None:
    what = "row number" if desk.dataset.row_ids is None else "row number or id"
    number = state.recall("table_jumps", int) or 0
    asked = st.text_input(
        "Go to row",
        placeholder="go to row" if desk.dataset.row_ids is None else "go to row or id",
        label_visibility="collapsed",
        width=150,
        max_chars=200,
        key=f"table-jump-{number}",
    ).strip()
    if not asked:
        return
    row = find_row(desk, asked)
    if row is None:
        st.markdown(f":red[There is no {what} like this.]", width="content")
        return
    places = np.flatnonzero(rows == row)
    # A row that the filters leave out is shown among all rows.
    base = query if len(places) else TableQuery(page_size=query.page_size, columns=query.columns)
    place = int(places[0]) if len(places) else row
    state.remember(_SOUGHT, row)
    state.remember("table_jumps", number + 1)
    state.remember("table_said", f"Row {count(row)} is line {place % query.page_size + 1} of this page.")
    state.set_table_query(replace(base, page=place // query.page_size + 1))
    draw_again()


def _draw_new_class(desk: Desk) -> None:
    with st.popover("New class", help="A name that the column Label does not offer yet."):
        number = state.recall("table_new_number", int) or 0
        name = st.text_input("Its name", max_chars=500, key=f"table-new-{number}", placeholder="Type it, then Enter")
        if not name.strip():
            return
        try:
            token = desk.names.token(desk.names.label(name))
        except LabelCleanError as error:
            error_notice(error)
            return
        made = tuple(state.recall("table_new_names", tuple) or ())
        state.remember("table_new_names", (*made, token))
        state.remember("table_new_number", number + 1)
        state.remember("table_said", f"“{token}” can be chosen in the column Label now.")
        draw_again()


def _draw_undo(desk: Desk, reviewer: str) -> None:
    at_hand = desk.state(reviewer)
    undo, redo = last_step(at_hand.undo), last_step(at_hand.redo)
    # Both are always there: a line that grew would move the table away from under the pointer.
    if _draw_step(desk, undo, "Undo", ":material/undo:") and undo is not None:
        _turn(desk, undo, EventKind.UNDO, reviewer)
    if _draw_step(desk, redo, "Redo", ":material/redo:") and redo is not None:
        _turn(desk, redo, EventKind.REDO, reviewer)
    said = state.recall("table_said", str) or ("" if undo is None else f"Saved: {_step_words(desk, undo)}")
    state.forget("table_said")
    with st.container(key="table-said"):
        note(said)


def _draw_step(desk: Desk, step: ReviewStep | None, name: str, icon: str) -> bool:
    about = None if step is None else plain_markdown(_step_words(desk, step))
    return st.button(name, icon=icon, key=f"table-{name.lower()}", help=about, disabled=step is None)


def _turn(desk: Desk, step: ReviewStep, kind: EventKind, reviewer: str) -> None:
    turn_step(desk, resources.workspace().store, step, kind, reviewer)
    draw_again()


def _step_words(desk: Desk, step: ReviewStep) -> str:
    event = step.first
    said = DECISION_WORDS.get(event.verdict or "", "")
    if event.label is not None and event.verdict in {Verdict.ACCEPT, Verdict.RELABEL}:
        said = desk.names.token(event.label)
    return f"row {count(event.row)}, {said}"


def turned(query: TableQuery) -> TableQuery:
    """Return the page that was asked for below the table, before anything is drawn of the one before."""
    page = state.widget_value(_pager_key(query))
    if not isinstance(page, int) or page == query.page:
        return query
    turned = replace(query, page=page)
    state.remember("table_pager_shown", _pager_shows(turned))
    return turned


def _draw_pages(query: TableQuery, n_pages: int) -> None:
    if n_pages > 1:
        key = _pager_key(query)
        state.remember("table_pager_shown", _pager_shows(query))
        st.pagination(n_pages, default=query.page, key=key)


def _pager_key(query: TableQuery) -> str:
    """Return the key of the row of pages: another one when something else turned the page."""
    number = state.recall("table_pager", int) or 0
    if state.recall("table_pager_shown", tuple) != _pager_shows(query):
        number += 1
        state.remember("table_pager", number)
    return f"table-pager-{number}"


def _pager_shows(query: TableQuery) -> tuple[object, ...]:
    return query.rows_asked, query.page_size, query.page
