"""The review card as a Streamlit component: its browser side joined from its parts, and a typed way to mount it."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from labelclean.review.card_keys import ACTIONS
from labelclean.review.payload import CardData

__all__ = ["NAME", "PARTS", "received_outbox", "review_card", "script", "style"]

NAME = "labelclean_review_card"

PARTS = (
    "dom.js",
    "outbox.js",
    "keyboard.js",
    "veil.js",
    "desk.js",
    "finder.js",
    "chips.js",
    "setpad.js",
    "note.js",
    "group.js",
    "history.js",
    "outlook.js",
    "leaving.js",
    "screentime.js",
    "theme.js",
    "evidence.js",
    "panels.js",
    "layout.js",
    "paint.js",
    "preferences.js",
    "card.js",
)
"""The parts of the browser side; one scope, joined in this order, and only the last one exports."""

_MOUNT = '<div class="labelclean-mount">\n</div>'


def script() -> str:
    """Return the browser side as one module; it begins with the actions, so that each is named in one place alone."""
    actions = json.dumps([asdict(action) for action in ACTIONS], ensure_ascii=True)
    return "\n".join([f"const CARD_ACTIONS = {actions};", *(_read(part) for part in PARTS)])


def style() -> str:
    """Return the style sheet."""
    return "\n".join(_read(sheet) for sheet in ("card.css", "rich.css"))


def received_outbox(key: str) -> object:
    """
    Return what the card sent, before it is mounted in this run of the page.

    Parameters
    ----------
    key : str
        The key of the card.

    Returns
    -------
    object
        Untrusted JSON for ``review.outbox.read_outbox``; None before the first decision.
    """
    state = st.session_state.get(key)
    return None if state is None else state.get("outbox")


def review_card(data: CardData, *, key: str) -> object:
    """
    Mount the card.

    Parameters
    ----------
    data : CardData
        As ``review.session.build_card_data`` returns it, after the received events were stored.
    key : str
        Always the same for the same place on the page: the browser side lives as long as its key does.

    Returns
    -------
    object
        The outbox as the browser sent it, the same that ``received_outbox`` gives; None before the first decision.
    """
    result = _component()(key=key, data=data, on_outbox_change=_no_callback)
    return result.get("outbox")


@cache
def _component() -> ComponentRenderer:
    """Register once; Streamlit brings the definition back itself where a new runtime lacks it."""
    return st.components.v2.component(NAME, html=_MOUNT, css=style(), js=script())


def _read(name: str) -> str:
    return files("labelclean.ui.components.review_card").joinpath(name).read_text(encoding="utf-8")


def _no_callback() -> None:
    """Do nothing; its being there makes ``outbox`` a state of the component from the first run."""
