"""The guideline as a Streamlit component: its browser side joined from its parts, and a typed way to mount it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

__all__ = ["NAME", "guideline_panel", "script", "style"]

NAME = "labelclean_guideline"

_PARTS = (("review_card", "dom.js"), ("guideline", "markdown.js"), ("guideline", "guideline.js"))
"""The parts of the browser side; one scope, joined in this order, and only the last one exports."""

_MOUNT = '<div class="labelclean-mount">\n</div>'


def script() -> str:
    """Return the browser side as one module."""
    return "\n".join(_read(room, part) for room, part in _PARTS)


def style() -> str:
    """Return the style sheet."""
    return _read("guideline", "guideline.css")


def guideline_panel(text: str, *, project_id: str, shortcut: str, key: str) -> None:
    """
    Mount the panel; it shows itself when the card asks for it.

    Parameters
    ----------
    text : str
        Markdown.
    project_id : str
        Under which the browser remembers whether the panel is open.
    shortcut : str
        The key that opens and folds it, as it is printed; empty for none.
    key : str
        Always the same for the same place on the page.
    """
    _component()(key=key, data={"text": text, "project": project_id, "shortcut": shortcut})


@cache
def _component() -> ComponentRenderer:
    """Register once; Streamlit brings the definition back itself where a new runtime lacks it."""
    return st.components.v2.component(NAME, html=_MOUNT, css=style(), js=script())


def _read(room: str, name: str) -> str:
    return files(f"labelclean.ui.components.{room}").joinpath(name).read_text(encoding="utf-8")
