"""Preferences: keys, text, colours and the habits of the review screen."""

from __future__ import annotations

import streamlit as st

from labelclean.review.preferences import Preferences, load_preferences, save_preferences
from labelclean.store.sql import SqlStore
from labelclean.ui import resources, state, theme
from labelclean.ui.elements import title
from labelclean.ui.preferences_keys import keys_chosen
from labelclean.ui.preferences_panels import colours_chosen, draw_sample, habits_chosen, reading_chosen

_BEFORE = "preferences_before"
_WIDGETS = "preferences_widgets"


def render() -> None:
    """Draw the page."""
    store = resources.workspace().store
    reviewer = state.reviewer(store)
    stored = load_preferences(store, reviewer)
    title("Preferences", f"How the review screen looks and works for {reviewer}. Every change is saved at once.")
    head = st.container(horizontal=True, gap="small")
    chosen = _draw_choices(stored, f"{state.recall(_WIDGETS, int) or 0}-{reviewer}")
    if chosen != stored:
        state.forget(_BEFORE)
        _keep(store, reviewer, chosen)
    with head:
        _draw_reset(store, reviewer, chosen)


def _draw_choices(stored: Preferences, generation: str) -> Preferences:
    left, right = st.columns([1, 1], gap="medium")
    with right:
        with st.container(key="card-reading"):
            chosen = reading_chosen(stored, generation)
            sample = st.empty()
        with st.container(key="card-colours"):
            chosen = colours_chosen(chosen, generation)
        with st.container(key="card-habits"):
            chosen = habits_chosen(chosen, generation)
        with sample:
            draw_sample(chosen)
    with left, st.container(key="card-keys", gap="xsmall"):
        return keys_chosen(chosen, generation)


def _draw_reset(store: SqlStore, reviewer: str, stored: Preferences) -> None:
    """Draw the way back to the usual, and back again."""
    before = state.recall(_BEFORE, dict)
    if st.button("Back to defaults", key="preferences-reset", disabled=stored == Preferences()):
        state.remember(_BEFORE, stored.to_json())
        _use(store, reviewer, Preferences())
    if before is not None and st.button("Take that back", key="preferences-undo", type="tertiary"):
        state.forget(_BEFORE)
        _use(store, reviewer, Preferences.from_json(before))


def _use(store: SqlStore, reviewer: str, preferences: Preferences) -> None:
    """Keep other preferences, and have every field made anew from them."""
    state.remember(_WIDGETS, (state.recall(_WIDGETS, int) or 0) + 1)
    _keep(store, reviewer, preferences)
    st.rerun()


def _keep(store: SqlStore, reviewer: str, preferences: Preferences) -> None:
    save_preferences(store, reviewer, preferences)
    if theme.use_palette(preferences.palette):
        st.rerun()


if __name__ == "__main__":
    render()
