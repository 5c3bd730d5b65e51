"""The look: which theme the reader sees, and the style sheet built on its colours."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Literal

import streamlit as st

from labelclean.plots.palette import DARK, LIGHT, Palette

__all__ = ["PALETTES", "ThemeName", "apply_style", "current_theme"]

ThemeName = Literal["light", "dark"]

PALETTES: dict[ThemeName, Palette] = {"light": LIGHT, "dark": DARK}

_SHADOWS: dict[ThemeName, str] = {
    "light": "0 1px 2px rgba(29, 33, 39, .06), 0 4px 14px rgba(29, 33, 39, .06)",
    "dark": "0 1px 2px rgba(0, 0, 0, .3), 0 4px 14px rgba(0, 0, 0, .25)",
}


def current_theme() -> ThemeName:
    """Return the theme the reader sees now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def apply_style() -> None:
    """Put the style sheet on the page."""
    st.html(_style(current_theme()))


@cache
def _style(name: ThemeName) -> str:
    palette = PALETTES[name]
    values = {**asdict(palette), "on_suggested": palette.card, "shadow": _SHADOWS[name]}
    tokens = "".join(f"--lc-{token.replace('_', '-')}:{value};" for token, value in values.items())
    sheet = files("labelclean.ui").joinpath("style.css").read_text(encoding="utf-8")
    return f"<style>:root{{{tokens}}}\n{sheet}</style>"
