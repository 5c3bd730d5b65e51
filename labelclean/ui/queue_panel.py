"""The left side of the review page: the queues with their sizes, the filter, the last decisions, the reviewer."""

from __future__ import annotations

import streamlit as st

from labelclean.review.queue_filter import QueueFilter
from labelclean.store.records import ProjectRecord
from labelclean.store.sql import SqlStore
from labelclean.ui import state
from labelclean.ui.bulk.entry import draw_bulk_entry
from labelclean.ui.desk import Desk
from labelclean.ui.elements import heading
from labelclean.ui.guideline_dialog import draw_guideline_button
from labelclean.ui.learn_panel import draw_learn_panel
from labelclean.ui.navigation import draw_again
from labelclean.ui.outlook_panel import draw_outlook_button
from labelclean.ui.queue_filters import draw_filters
from labelclean.ui.queue_list import draw_queue_list
from labelclean.ui.recent_list import draw_recent
from labelclean.ui.saved_queue_list import draw_saved_queues, draw_sharing
from labelclean.ui.split_dialog import draw_split_entry

__all__ = ["draw_queue_panel"]


def draw_queue_panel(project: ProjectRecord, desk: Desk, current: QueueFilter, reviewer: str, store: SqlStore) -> None:
    """Draw the panel; a choice in it shows another queue at once."""
    with st.container(key="side-panel", gap="small"):
        with st.container(gap="xxsmall"):
            heading("Queues")
            pressed = draw_queue_list(desk, current) or draw_saved_queues(project.id, current, store)
            if pressed is not None:
                desk.queue = None  # the same queue again is a new snapshot
                _use(pressed)
        with st.container(gap="xsmall"):
            wanted = draw_filters(project, desk, current)
            if wanted != current:
                _use(wanted)
            draw_bulk_entry(desk, current)
            draw_split_entry(project, desk, current)
        draw_outlook_button(desk)
        with st.container(horizontal=True, gap="xsmall"):
            draw_sharing(project.id, current, store)
            _draw_reviewer(reviewer, store)
            draw_guideline_button(project.id, store)
        with st.container(gap="xsmall"):
            draw_learn_panel(desk, store)  # below what always has the same height: its notes come and go
            draw_recent(desk)


def _draw_reviewer(reviewer: str, store: SqlStore) -> None:
    with st.popover("Reviewer"):
        name = st.text_input("Your name in the log", value=reviewer, max_chars=100, key="reviewer-name")
        if name.strip() and name.strip() != reviewer:
            state.set_reviewer(store, name)
            draw_again()


def _use(queue_filter: QueueFilter) -> None:
    state.set_queue_filter(queue_filter)
    draw_again()
