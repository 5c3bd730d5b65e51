"""The look: which theme and colours the reader sees, and the style sheet built on them."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from importlib.resources import files

import streamlit as st

from labelclean.plots.palette import DARK, LIGHT, Palette, PaletteName, ThemeName, palette_of
from labelclean.ui import state

__all__ = ["PALETTES", "ThemeName", "apply_style", "current_palette", "current_theme", "use_palette"]

PALETTES: dict[ThemeName, Palette] = {"light": LIGHT, "dark": DARK}

_SHADOWS: dict[ThemeName, str] = {
    "light": "0 1px 2px rgba(29, 33, 39, .06), 0 4px 14px rgba(29, 33, 39, .06)",
    "dark": "0 1px 2px rgba(0, 0, 0, .3), 0 4px 14px rgba(0, 0, 0, .25)",
}
_CHOSEN = "palette"


def current_theme() -> ThemeName:
    """Return the theme the reader sees now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def current_palette() -> Palette:
    """Return the colours the reader sees now: for plots, which no style sheet reaches."""
    return palette_of(current_theme(), _chosen())


def use_palette(name: PaletteName) -> bool:
    """Have the pages of this session in the colours the reviewer chose; tell whether these are others than before."""
    is_other = name != _chosen()
    state.remember(_CHOSEN, name)
    return is_other


def apply_style() -> None:
    """Put the style sheet on the page."""
    st.html(_style(current_theme(), _chosen()))


def _chosen() -> PaletteName:
    return "colour_blind" if state.recall(_CHOSEN, str) == "colour_blind" else "standard"


@cache
def _style(theme: ThemeName, name: PaletteName) -> str:
    palette = palette_of(theme, name)
    values = {**asdict(palette), "on_suggested": palette.card, "shadow": _SHADOWS[theme]}
    tokens = "".join(f"--lc-{token.replace('_', '-')}:{value};" for token, value in values.items())
    sheet = files("labelclean.ui").joinpath("style.css").read_text(encoding="utf-8")
    return f"<style>:root{{{tokens}}}\n{sheet}</style>"
