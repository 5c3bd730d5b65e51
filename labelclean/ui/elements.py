"""Pieces of pages: titles, figures, notices; every text put on the page here is escaped first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Literal

import streamlit as st

from labelclean.errors import LabelCleanError

__all__ = [
    "ROW_PIXELS",
    "count",
    "empty_state",
    "error_notice",
    "facts",
    "figures",
    "heading",
    "note",
    "notice",
    "number_of",
    "percent",
    "plain_markdown",
    "plate",
    "remarks",
    "size_of",
    "steps",
    "subtitle",
    "title",
]

ROW_PIXELS = 35
"""Height of a line of a table."""

NoticeKind = Literal["info", "warning", "error", "success"]

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&^=])")


def plain_markdown(text: str) -> str:
    """
    Return text that Streamlit's markdown (labels of buttons, options of pills) shows exactly as it stands.

    Every character with a meaning in markdown, in HTML, in maths, or in Streamlit's ``:name:`` forms is escaped; line
    ends become spaces.
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.splitlines()))


def count(number: float) -> str:
    """Return a whole number with thousands separators."""
    return f"{number:,.0f}"


def number_of(number: int, one: str, many: str) -> str:
    """Return a count with its noun, such as ``1 row`` or ``2,000 rows``."""
    return f"{count(number)} {one if number == 1 else many}"


def size_of(n_bytes: int) -> str:
    """Return the size of a file, such as ``1.2 MB``."""
    return f"{n_bytes / 1e6:,.1f} MB" if n_bytes >= 100_000 else f"{n_bytes / 1e3:,.1f} kB"  # noqa: PLR2004


def percent(share: float, *, digits: int = 0) -> str:
    """Return a share of 1 as per cent, such as ``87.5 %``."""
    return f"{100 * share:.{digits}f} %"


def title(text: str, lead: str = "") -> None:
    """Draw the page's title and one sentence under it."""
    lead_html = f'<p class="lc-lead">{escape(lead)}</p>' if lead else ""
    st.html(f'<h1 class="lc-title">{escape(text)}</h1>{lead_html}')


def subtitle(text: str) -> None:
    """Draw the title of a part of a page."""
    st.html(f'<h2 class="lc-subtitle">{escape(text)}</h2>')


def heading(text: str) -> None:
    """Draw a small heading over a list."""
    st.html(f'<h3 class="lc-heading">{escape(text)}</h3>')


def note(text: str) -> None:
    """Draw a quiet sentence."""
    st.html(f'<p class="lc-note">{escape(text)}</p>')


def figures(items: Iterable[tuple[str, str]]) -> None:
    """Draw numbers side by side, each with its meaning underneath."""
    cells = "".join(
        f'<div class="lc-figure"><b>{escape(value)}</b><span>{escape(meaning)}</span></div>' for value, meaning in items
    )
    st.html(f'<div class="lc-figures">{cells}</div>')


def notice(kind: NoticeKind, message: str, fix: str = "") -> None:
    """Draw a message with what to do next."""
    role = "alert" if kind == "error" else "status"
    fix_html = f"<p>{escape(fix)}</p>" if fix else ""
    st.html(f'<div class="lc-notice {kind}" role="{role}"><b>{escape(message)}</b>{fix_html}</div>')


def remarks(heading_text: str, items: Sequence[str]) -> None:
    """Draw what else there is to know: one sentence as a notice, several as a list in one."""
    if len(items) == 1:
        notice("info", items[0])
    elif items:
        lines = "".join(f"<li>{escape(item)}</li>" for item in items)
        st.html(f'<div class="lc-notice info" role="status"><b>{escape(heading_text)}</b><ul>{lines}</ul></div>')


def error_notice(error: LabelCleanError) -> None:
    """Draw what went wrong and how to go on."""
    notice("error", error.message, error.fix)


def empty_state(heading_text: str, body: str) -> None:
    """Draw what a page says when there is nothing to show yet."""
    st.html(f'<div class="lc-card lc-empty"><h2>{escape(heading_text)}</h2><p>{escape(body)}</p></div>')


def steps(items: Sequence[tuple[str, str]]) -> None:
    """Draw what to do one after the other, side by side."""
    cells = "".join(f"<li><b>{escape(name)}</b><span>{escape(what)}</span></li>" for name, what in items)
    st.html(f'<ol class="lc-steps">{cells}</ol>')


def plate(text: str, kind: Literal["given", "suggested"]) -> str:
    """Return a label as HTML in its voice: given amber and dotted, suggested teal and solid."""
    return f'<bdi class="lc-plate {kind}">{escape(text)}</bdi>'


def facts(rows: Sequence[tuple[str, str, str]]) -> None:
    """Draw a list of name, value and the reason for it."""
    body = "".join(
        f"<tr><th>{escape(name)}</th><td><bdi>{escape(value)}</bdi><small>{escape(reason)}</small></td></tr>"
        for name, value, reason in rows
    )
    st.html(f'<table class="lc-facts">{body}</table>')
