"""The table of keys on the page of preferences: one field for each action, and why a key was refused."""

from __future__ import annotations

from html import escape

import streamlit as st

from labelclean.errors import InvalidInputError
from labelclean.review.card_keys import ACTIONS, NO_KEY, CardAction, key_name, normal_key
from labelclean.review.preferences import Preferences
from labelclean.ui.elements import error_notice, heading, note, subtitle

__all__ = ["keys_chosen"]

_HELP = (
    "Type one character, or Enter, Backspace, Delete, Left or Right; leave a field empty for no key. Letters mean the "
    "same small and large."
)


def keys_chosen(stored: Preferences, generation: str) -> Preferences:
    """
    Draw the table.

    Parameters
    ----------
    stored : Preferences
        What is in force.
    generation : str
        Part of the fields' names: another one makes them anew, set to what is in force.

    Returns
    -------
    Preferences
        With the keys as the fields say now; a key that cannot be is left as it was, and its field says why.
    """
    chosen = stored
    subtitle("Keys")
    note(_HELP)
    for section in dict.fromkeys(action.section for action in ACTIONS):
        heading(section)
        for action in ACTIONS:
            if action.section == section and not _is_digit(action):
                chosen = _row(chosen, action, generation)
    with st.expander("The nine likely classes"):
        for action in filter(_is_digit, ACTIONS):
            chosen = _row(chosen, action, generation)
    return chosen


def _is_digit(action: CardAction) -> bool:
    return action.name.startswith("class_")


def _row(chosen: Preferences, action: CardAction, generation: str) -> Preferences:
    """Draw one action with its field."""
    held = chosen.keys[action.name]
    with st.container(horizontal=True, vertical_alignment="center", key=f"key-row-{action.name}"):
        st.html(f'<p class="lc-key-words"><b>{escape(action.title)}</b><span>{escape(action.words)}</span></p>')
        typed = st.text_input(
            f"Key for {action.title}",
            value="" if held == NO_KEY else key_name(held),
            max_chars=12,
            placeholder="none",
            label_visibility="collapsed",
            width=96,
            key=f"key-{action.name}-{generation}",
        )
    if normal_key(typed.strip()) == held:
        return chosen
    try:
        return chosen.with_key(action.name, typed.strip())
    except InvalidInputError as error:
        error_notice(error)
        return chosen
