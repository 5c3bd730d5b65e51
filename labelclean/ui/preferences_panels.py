"""The parts of the page of preferences about text, colours and habits, and a sample of how it all looks."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from labelclean.review.preferences import LEARN_EVERY, LINE_WIDTHS, TEXT_SIZES, PaletteName, Preferences
from labelclean.ui.elements import note, plate, subtitle

__all__ = ["colours_chosen", "draw_sample", "habits_chosen", "reading_chosen"]

_PALETTES: dict[PaletteName, str] = {
    "standard": "Amber and teal",
    "colour_blind": "Orange and blue, for every kind of colour vision",
}
_SAMPLE = (
    ("", "The lamp I bought is "),
    ("given", "not here yet"),
    ("", ", can you tell me "),
    ("suggested", "how many days"),
    ("", " it takes? I ordered it on Monday and paid for the quick delivery, and nobody answers the telephone."),
)


def reading_chosen(stored: Preferences, generation: str) -> Preferences:
    """Draw size and width of the text under review; return what they say now."""
    subtitle("Reading")
    size = st.slider("Size of the text, in px", *TEXT_SIZES, value=stored.text_size, key=f"text-size-{generation}")
    width = st.slider(
        "Longest line, in em",
        *LINE_WIDTHS,
        value=stored.line_width,
        help="Two letters are about one em; lines of 30 to 40 em are easy on the eyes.",
        key=f"line-width-{generation}",
    )
    return replace(stored, text_size=size, line_width=width)


def colours_chosen(stored: Preferences, generation: str) -> Preferences:
    """Draw the choice of colours; return what it says now."""
    subtitle("Colours")
    names = list(_PALETTES)
    picked = st.radio(
        "Colours for given and suggested labels",
        names,
        index=names.index(stored.palette),
        format_func=_PALETTES.__getitem__,
        key=f"palette-{generation}",
    )
    tints = st.toggle(
        "Tint the words that speak for a label",
        value=stored.show_tints,
        help="Without tints the text stands plain; the sentence of why and the nearest texts stay.",
        key=f"tints-{generation}",
    )
    return replace(stored, palette=picked, show_tints=tints)


def habits_chosen(stored: Preferences, generation: str) -> Preferences:
    """Draw the choices about the queue; return what they say now."""
    subtitle("Review habits")
    blind = st.toggle("Hide the suggestion until I have decided", value=stored.blind, key=f"blind-{generation}")
    note("Blind review: your answer does not lean on the suggestion, so both can be compared. It takes longer.")
    learn_every = st.number_input(
        "Decisions before the queue learns from them",
        *LEARN_EVERY,
        value=stored.learn_every,
        step=10,
        key=f"learn-every-{generation}",
    )
    note("The rows that are left get a new order in the background; 0 leaves the order alone.")
    share = st.slider(
        "Control rows, in per cent of the cards",
        0,
        20,
        value=round(100 * stored.control_share),
        format="%d %%",
        key=f"control-share-{generation}",
    )
    note("Rows drawn at random, mixed in and marked: only they tell how right the labels are as a whole. 0 has none.")
    kept = stored.control_share if round(100 * stored.control_share) == share else share / 100
    return replace(stored, blind=blind, learn_every=int(learn_every), control_share=kept)


def draw_sample(preferences: Preferences) -> None:
    """Draw a text as the card would show it."""
    words = "".join(
        f'<mark class="lc-tint {side if preferences.show_tints else ""}">{escape(part)}</mark>'
        if side
        else escape(part)
        for side, part in _SAMPLE
    )
    suggested = (
        '<bdi class="lc-plate">shown once you decide</bdi>'
        if preferences.blind
        else plate("delivery_time", "suggested")
    )
    size, width = preferences.text_size, preferences.line_width
    st.html(
        f'<div class="lc-sample-card"><p>Given {plate("parcel_missing", "given")} Suggested {suggested}</p>'
        f'<p class="lc-sample-text" style="font-size:{size}px;max-width:{width}em">{words}</p></div>'
    )
