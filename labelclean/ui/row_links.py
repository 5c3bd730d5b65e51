"""One click from wherever a row is shown to its card, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import streamlit as st

from labelclean.review.queue_filter import QueueFilter
from labelclean.ui import state
from labelclean.ui.desk import Desk
from labelclean.ui.elements import count
from labelclean.ui.navigation import PageName, draw_again, go_to, page_path

__all__ = ["draw_row_links", "draw_way_back", "open_row", "open_selected", "queue_of_row"]

_WAY_BACK = "way_back"
_NAMES: dict[str, str] = {
    "overview": "Overview",
    "noise": "Noise",
    "problems": "Problems",
    "data": "Data",
    "review": "the queue",
    "bulk": "Decide many at once",
    "statistics": "Statistics",
    "export": "Export",
}


def queue_of_row(row: int) -> QueueFilter:
    """Return the queue of one row, whether or not it is decided."""
    return QueueFilter(rows=(row,), undecided_only=False, only_issues=False)


def open_row(row: int, *, back: PageName) -> NoReturn:
    """
    Show the card of a row now.

    Parameters
    ----------
    row : int
        0-based row of the dataset.
    back : PageName
        Where the reader is: the review page offers the way back there.
    """
    kept, current = state.recall(_WAY_BACK, tuple), state.queue_filter()
    if back != "review":
        params = state.table_query().to_params() if back == "data" else {}
        state.remember(_WAY_BACK, (row, back, params, QueueFilter()))
    elif kept is not None and current == queue_of_row(kept[0]):
        state.remember(_WAY_BACK, (row, *kept[1:]))  # from one such row to the next: the way back is the first one's
    else:
        state.remember(_WAY_BACK, (row, back, {}, current))
    state.set_queue_filter(queue_of_row(row))
    desk = state.recall("desk", Desk)
    if desk is not None:
        desk.queue = None  # the same row again begins at its card, not at the end behind it
    if back == "review":
        draw_again()
    go_to("review")


def open_selected(rows: Sequence[int], selected: Sequence[int], *, back: PageName) -> None:
    """
    Show the card of the line that was selected in a table, if any.

    Parameters
    ----------
    rows : sequence of int
        The row of each line.
    selected : sequence of int
        The lines that are selected, as the table says it.
    back : PageName
        Where the table is.
    """
    if selected and 0 <= selected[0] < len(rows):
        open_row(int(rows[selected[0]]), back=back)


def draw_row_links(rows: Sequence[int], *, back: PageName, key: str) -> None:
    """Draw a way to the card of each of some rows that are shown above."""
    if not rows:
        return
    with st.container(horizontal=True, gap="small"):
        for row in dict.fromkeys(rows):
            if st.button(f"Open row {count(row)}", key=f"{key}-{row}", type="tertiary"):
                open_row(row, back=back)


def draw_way_back(current: QueueFilter) -> None:
    """Draw the way back to where the row at hand was opened from; nothing if it was not."""
    kept = state.recall(_WAY_BACK, tuple)
    if kept is None:
        return
    row, back, params, before = kept
    if current != queue_of_row(row):
        state.forget(_WAY_BACK)  # the reader has gone on
        return
    if st.button(f"Back to {_NAMES.get(back, back)}", icon=":material/arrow_back:", key="way-back", width="stretch"):
        state.forget(_WAY_BACK)
        state.set_queue_filter(before)
        if back == "review":
            draw_again()
        st.switch_page(str(page_path(back)), query_params={**state.url_params(with_queue=False), **params})
