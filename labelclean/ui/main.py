"""The app: one frame around the pages; nothing that goes wrong inside a page shows a traceback."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Literal

import streamlit as st

from labelclean.home import asset_path
from labelclean.review.preferences import load_preferences
from labelclean.ui import resources, state, theme
from labelclean.ui.elements import count
from labelclean.ui.guard import guarded
from labelclean.ui.navigation import page_path

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator
    from streamlit.navigation.page import Page as StreamlitPage

    from labelclean.store.records import ProjectRecord

__all__ = ["main"]


def main() -> None:
    """Draw the app once; Streamlit calls this on every interaction."""
    st.set_page_config(
        page_title="labelclean",
        page_icon=str(asset_path("logo/favicon.png")),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    # What hangs in the header takes no room on the page.
    frame = st.container(key="frame")
    style = frame.container()
    with style:
        theme.apply_style()
    st.logo(str(asset_path(f"logo/wordmark-{theme.current_theme()}.svg")), size="large")
    with guarded():
        _use_colours(style)
        project = state.current_project(resources.workspace())
        page = st.navigation(_pages(project), position="top")
        with frame:
            _draw_where(project)
            with st.container(key="gear"):
                st.page_link(page_path("preferences"), label="Preferences", icon=":material/settings:")
        if page.url_path not in {"review", "bulk"}:
            state.leave_review()
        if page.url_path != "data":
            state.leave_table()
        page.run()


def _use_colours(style: DeltaGenerator) -> None:
    """Have the page in the colours the reviewer chose."""
    store = resources.workspace().store
    if theme.use_palette(load_preferences(store, state.reviewer(store)).palette):
        with style:
            theme.apply_style()


def _pages(project: ProjectRecord | None) -> list[StreamlitPage]:
    """All pages, always, so that a deep link works; those that make no sense yet are not in the menu."""
    has_project: Literal["visible", "hidden"] = "visible" if project is not None else "hidden"
    has_run: Literal["visible", "hidden"] = "visible" if project is not None and project.has_run else "hidden"
    return [
        st.Page(page_path("projects"), title="Projects", default=True),
        st.Page(page_path("upload"), title="Upload"),
        st.Page(page_path("overview"), title="Overview", visibility=has_project),
        st.Page(page_path("noise"), title="Noise", visibility=has_run),
        st.Page(page_path("problems"), title="Problems", visibility=has_run),
        st.Page(page_path("data"), title="Data", visibility=has_run),
        st.Page(page_path("review"), title="Review", visibility=has_run),
        st.Page(page_path("bulk"), title="Decide many at once", visibility="hidden"),
        st.Page(page_path("statistics"), title="Statistics", visibility=has_run),
        st.Page(page_path("export"), title="Export", visibility=has_run),
        st.Page(page_path("preferences"), title="Preferences", visibility="hidden"),
    ]


def _draw_where(project: ProjectRecord | None) -> None:
    if project is None:
        return
    rows = count(project.dataset.layout.n_rows)
    st.html(
        f'<div class="lc-where"><bdi title="{escape(project.name)}">{escape(project.name)}</bdi>'
        f"<span>· {rows} rows</span></div>"
    )
