"""The guideline on the review page: its panel beside the card, and the dialog that adds, changes or removes it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.review.card_keys import NO_KEY, key_name
from labelclean.review.guideline import (
    MAX_GUIDELINE_BYTES,
    load_guideline,
    previous_guideline,
    read_guideline,
    save_guideline,
)
from labelclean.review.preferences import Preferences
from labelclean.store.sql import SqlStore
from labelclean.ui import state
from labelclean.ui.components.guideline.guideline import guideline_panel
from labelclean.ui.elements import error_notice, note
from labelclean.ui.guard import guarded

__all__ = ["draw_guideline", "draw_guideline_button", "draw_guideline_fields"]

_FIELD = "guideline-text"
_ERROR = "guideline_error"


def draw_guideline(project_id: str, preferences: Preferences, store: SqlStore) -> bool:
    """Mount the panel of the guideline, folded unless it was open; tell whether there is one."""
    text = load_guideline(store, project_id)
    if text:
        key = preferences.keys["guideline"]
        with st.container(key="guideline-place"):
            guideline_panel(
                text,
                project_id=project_id,
                shortcut="" if key == NO_KEY else key_name(key),
                key=f"guideline-{project_id}",
            )
    return bool(text)


def draw_guideline_button(project_id: str, store: SqlStore) -> None:
    """Draw the way to the dialog."""
    if st.button("Guideline", key="guideline-edit", help="Add, change or remove the text beside the card"):
        state.fill(_FIELD, load_guideline(store, project_id))
        state.forget(_ERROR)
        _edit(project_id, store)


@st.dialog("Guideline", width="medium")
def _edit(project_id: str, store: SqlStore) -> None:
    with guarded():
        draw_guideline_fields(project_id, store)


def draw_guideline_fields(project_id: str, store: SqlStore) -> None:
    """Draw what the dialog holds: the text, a file to take it from, and what to do with it."""
    note(
        "How the labels are meant, in Markdown: headings, lists, tables, bold, code. It stands beside the card for "
        "everyone who reviews this project."
    )
    st.file_uploader(
        f"Take it from a text file of at most {MAX_GUIDELINE_BYTES // 1000} kB",
        type=["md", "markdown", "txt"],
        key="guideline-file",
        max_upload_size=1,
        on_change=_take_file,
    )
    text = st.text_area("Text of the guideline", key=_FIELD, height=300)
    problem = state.recall(_ERROR, LabelCleanError)
    if problem is not None:
        error_notice(problem)
    with st.container(horizontal=True):
        if st.button("Save", type="primary", key="guideline-save"):
            _save(project_id, store, text)
        if load_guideline(store, project_id) and st.button("Remove", key="guideline-remove"):
            _save(project_id, store, "")
        _draw_way_back(project_id, store)


def _draw_way_back(project_id: str, store: SqlStore) -> None:
    """Offer the text before the last change, where the field does not show it already."""
    before = previous_guideline(store, project_id)
    if before and before != state.widget_value(_FIELD):
        st.button("Bring the previous one back", key="guideline-back", on_click=_filler(before), type="tertiary")


def _filler(text: str) -> Callable[[], None]:
    return lambda: state.fill(_FIELD, text)


def _take_file() -> None:
    """Put what was dropped into the field; nothing is kept before Save."""
    state.forget(_ERROR)
    file = state.widget_value("guideline-file")
    if file is None:
        return
    try:
        state.fill(_FIELD, read_guideline(file.getvalue()))  # type: ignore[attr-defined]
    except LabelCleanError as error:
        state.remember(_ERROR, error)


def _save(project_id: str, store: SqlStore, text: str) -> None:
    try:
        save_guideline(store, project_id, text)
    except LabelCleanError as error:
        error_notice(error)
        return
    st.rerun()
