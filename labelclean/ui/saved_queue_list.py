"""The queues that a project keeps under a name, and the link that opens the queue on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.saved_queues import (
    MAX_NAME_LENGTH,
    SAVED_QUEUES_KEY,
    SavedQueue,
    delete_queue,
    rename_queue,
    save_queue,
    saved_from_json,
    saved_to_json,
)
from labelclean.store.sql import SqlStore
from labelclean.ui import state
from labelclean.ui.elements import error_notice, heading, note, plain_markdown
from labelclean.ui.navigation import draw_again

__all__ = ["draw_saved_queues", "draw_sharing"]

_SAVED = "saved_queues"
_WIDTH = 380


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """The saved queues as they were when a queue was shown first."""

    project_id: str
    queue_filter: QueueFilter
    saved: tuple[SavedQueue, ...]


def draw_saved_queues(project_id: str, current: QueueFilter, store: SqlStore) -> QueueFilter | None:
    """Draw the saved queues, if there are any; return the one that was pressed, or None."""
    saved = _saved(project_id, current, store)
    if not saved:
        return None
    pressed: QueueFilter | None = None
    with st.container(gap=None, key="saved-queues"):
        heading("Saved")
        for place, queue in enumerate(saved):
            mark = "on-" if queue.queue_filter == current else ""
            if st.button(plain_markdown(queue.name), key=f"queue-{mark}saved-{place}", width="stretch"):
                pressed = queue.queue_filter
    return pressed


def draw_sharing(project_id: str, current: QueueFilter, store: SqlStore) -> None:
    """Draw what saves the queue on screen, links to it, and renames and deletes saved ones."""
    with st.popover("Save or share"), st.container(width=_WIDTH):
        _draw_saving(project_id, current, store)
        note("A link that opens exactly this queue:")
        st.code(_link(project_id, current), language=None, wrap_lines=True)
        saved = _saved(project_id, current, store)
        if saved:
            _draw_changing(project_id, saved, store)


def _draw_saving(project_id: str, current: QueueFilter, store: SqlStore) -> None:
    with st.form("save-queue", clear_on_submit=True, border=False):
        name = st.text_input(
            "Save this queue as",
            max_chars=MAX_NAME_LENGTH,
            key="saved-queue-name",
            help="Everybody who reviews this project will see it.",
        )
        if st.form_submit_button("Save queue", key="saved-queue-save") and name.strip():
            _change(project_id, store, lambda saved: save_queue(saved, name, current))


def _draw_changing(project_id: str, saved: tuple[SavedQueue, ...], store: SqlStore) -> None:
    names = [queue.name for queue in saved]
    chosen = st.selectbox("Rename or delete", names, index=None, placeholder="a saved queue", key="saved-queue-chosen")
    if chosen is None:
        return
    new_name = st.text_input(
        "New name", value=chosen, max_chars=MAX_NAME_LENGTH, key=f"saved-queue-rename-{names.index(chosen)}"
    )
    with st.container(horizontal=True, gap="small"):
        renamed = st.button("Rename", key="saved-queue-do-rename", disabled=new_name.strip() in {"", chosen})
        deleted = st.button("Delete", key="saved-queue-delete")
    if renamed:
        _change(project_id, store, lambda queues: rename_queue(queues, chosen, new_name))
    elif deleted:
        _change(project_id, store, lambda queues: delete_queue(queues, chosen))


def _change(
    project_id: str, store: SqlStore, changed: Callable[[tuple[SavedQueue, ...]], tuple[SavedQueue, ...]]
) -> None:
    """Change the saved queues as they are now: somebody else may have saved one since they were shown."""
    try:
        saved = changed(saved_from_json(store.get_project_setting(project_id, SAVED_QUEUES_KEY)))
        store.set_project_setting(project_id, SAVED_QUEUES_KEY, saved_to_json(saved))
    except LabelCleanError as error:
        error_notice(error)
        return
    state.forget(_SAVED)
    draw_again()


def _saved(project_id: str, current: QueueFilter, store: SqlStore) -> tuple[SavedQueue, ...]:
    """Return the saved queues, read anew when another queue is shown: a decision asks for nothing."""
    known = state.recall(_SAVED, _Known)
    if known is None or (known.project_id, known.queue_filter) != (project_id, current):
        saved = saved_from_json(store.get_project_setting(project_id, SAVED_QUEUES_KEY))
        known = _Known(project_id=project_id, queue_filter=current, saved=saved)
        state.remember(_SAVED, known)
    return known.saved


def _link(project_id: str, queue_filter: QueueFilter) -> str:
    address = (st.context.url or "review").partition("?")[0]
    return f"{address}?{urlencode({'project': project_id, **queue_filter.to_params()})}"
