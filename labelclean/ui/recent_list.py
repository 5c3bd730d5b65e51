"""The last decisions beside the card: each opens its row, so that it can be decided again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.ui.elements import count, heading, plain_markdown
from labelclean.ui.row_links import open_row

if TYPE_CHECKING:
    from labelclean.ui.desk import Desk

__all__ = ["draw_recent"]

_SHOWN = 3
_SAID = {
    Verdict.KEEP: "kept",
    Verdict.AMBIGUOUS: "ambiguous",
    Verdict.UNSURE: "unsure",
    Verdict.EXCLUDE: "excluded",
}


def draw_recent(desk: Desk) -> None:
    """Draw the newest decisions; nothing where there are none."""
    recent = desk.recent[:_SHOWN]
    if not recent:
        return
    heading("Last decisions")
    with st.container(gap=None):
        for place, event in enumerate(recent):
            voice, said = _said(event, desk)
            text = f"row {count(event.row)} :gray[{plain_markdown(said)}]"
            if st.button(text, key=f"recent-{voice}-{place}", width="stretch"):
                open_row(event.row, back="review")


def _said(event: ReviewEvent, desk: Desk) -> tuple[str, str]:
    """Return the voice in which a decision is told, and the words."""
    if event.label is not None and event.verdict in {Verdict.ACCEPT, Verdict.RELABEL}:
        return "suggested", desk.names.token(event.label)
    said = "" if event.verdict is None else _SAID.get(event.verdict, "")
    return "given" if event.verdict is Verdict.KEEP else "plain", said
