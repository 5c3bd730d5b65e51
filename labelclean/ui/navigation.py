"""Where the pages are, and how one leads to another."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException

from labelclean.ui import state

__all__ = ["PageName", "draw_again", "go_to", "page_path"]

PageName = Literal[
    "projects",
    "upload",
    "overview",
    "noise",
    "problems",
    "data",
    "review",
    "bulk",
    "statistics",
    "export",
    "preferences",
]


def page_path(name: PageName) -> Path:
    """Return the file of a page; absolute, because the app is started from more than one script."""
    return Path(__file__).parent / "views" / f"{name}.py"


def go_to(name: PageName) -> NoReturn:
    """
    Show another page now.

    Its URL is set here and at once: set by the page itself, it would be one more step for the browser's Back button.
    """
    st.switch_page(str(page_path(name)), query_params=state.url_params(with_queue=name in {"review", "bulk"}))


def draw_again() -> NoReturn:
    """Run the fragment at hand again; the whole page where the fragment runs as a part of it."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()
