"""On the review page: the way to deciding many rows at once, and from a sample back to it."""

from __future__ import annotations

import streamlit as st

from labelclean.review.queue_filter import QueueFilter
from labelclean.ui import state
from labelclean.ui.bulk.desk import sample_filter
from labelclean.ui.desk import Desk
from labelclean.ui.elements import note, number_of
from labelclean.ui.navigation import go_to

__all__ = ["draw_bulk_entry", "open_sample", "rows_in_question"]

_BEFORE = "bulk_before"


def open_sample(desk: Desk, queue_filter: QueueFilter, sample: tuple[int, ...]) -> None:
    """Show the queue of a sample; the review page leads back to the filter it was drawn from."""
    state.remember(_BEFORE, (desk.project_id, sample, queue_filter))
    state.set_queue_filter(sample_filter(sample))
    desk.queue = None
    go_to("review")


def rows_in_question(desk: Desk, current: QueueFilter) -> QueueFilter:
    """Return the filter that a sample was drawn from where the sample is the queue at hand, else that queue."""
    kept = state.recall(_BEFORE, tuple)
    if kept is None or kept[0] != desk.project_id or current != sample_filter(kept[1]):
        return current
    before: QueueFilter = kept[2]
    return before


def draw_bulk_entry(desk: Desk, current: QueueFilter) -> None:
    """Draw the button to the bulk page; while a sample is decided, the way back and how far it is."""
    before = rows_in_question(desk, current)
    if before != current:
        n_left = sum(row not in desk.log.decisions for row in current.rows)
        note(f"A random sample: {number_of(n_left, 'row', 'rows')} left." if n_left else "The sample is decided.")
        if st.button(
            "Back to many at once",
            icon=":material/arrow_back:",
            type="secondary" if n_left else "primary",
            key="bulk-back",
            width="stretch",
        ):
            state.set_queue_filter(before)
            go_to("bulk")
    elif (
        current.verdict is None
        and not (current.decided_by or current.rows)
        and st.button("Decide many at once", key="bulk-open", width="stretch")
    ):
        go_to("bulk")
