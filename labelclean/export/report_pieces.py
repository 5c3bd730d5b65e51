"""Pieces that the parts of the report share: labels in their voice, numbers, times, and sections."""

from __future__ import annotations

from datetime import datetime

from labelclean.arrays import Label
from labelclean.export.label_words import label_text
from labelclean.export.safe_html import as_text, element

__all__ = ["given_label", "more", "new_label", "number", "paragraph", "section", "time_text", "user_text"]


def section(title: str, *parts: str, classes: str = "") -> str:
    """Return a part of the report; what it is made of is safe HTML already."""
    return element("section", element("h2", as_text(title)) + "".join(parts), classes)


def paragraph(text: str, classes: str = "") -> str:
    """Return a sentence."""
    return element("p", as_text(text), classes)


def given_label(label: Label | None) -> str:
    """Return a given label in its voice."""
    return element("span", as_text(label_text(label)), "given user") if label is not None else element("i", "no label")


def new_label(label: Label | None) -> str:
    """Return a new label in its voice."""
    return element("span", as_text(label_text(label)), "new user")


def user_text(text: str) -> str:
    """Return what the user wrote."""
    return element("span", as_text(text), "user")


def number(value: int) -> str:
    """Return a whole number."""
    return f"{value:,}"


def time_text(time: datetime) -> str:
    """Return a time with its zone."""
    return as_text(f"{time:%Y-%m-%d %H:%M} {time.strftime('%Z')}".rstrip())


def more(n_left_out: int, what: str) -> str:
    """Return how many lines a list leaves out; nothing where it is whole."""
    return paragraph(f"And {number(n_left_out)} more {what}: see the change log.", "note") if n_left_out > 0 else ""
