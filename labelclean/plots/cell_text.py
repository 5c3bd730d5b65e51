"""The words and numbers in and around the cells of a heat map."""

from __future__ import annotations

import html
from typing import Literal

from labelclean.arrays import Label
from labelclean.plots.palette import Palette, contrast_ratio

__all__ = ["LONGEST_NAME", "NoiseKind", "hover_text", "percent_text", "plain_text", "short_name", "text_color"]

NoiseKind = Literal["given_if_true", "true_if_given", "joint", "meant_if_given", "decided_if_given"]
"""
P(given | true), P(true | given), or P(given, true); of label sets, P(the true label belongs in the place of the given
one | given); of decided rows, the share that was decided so. Each matrix is indexed [given, true].
"""

LONGEST_NAME = 24
"""Characters of a class name that fit beside the cells."""

_LONGEST_HOVER_NAME = 300
_READABLE = 4.5
_WHOLE_PERCENTS_FROM = 0.0995
_SHARE_OF = {
    "given_if_true": "of the rows that truly are {true}<br>are given {given}",
    "true_if_given": "of the rows given {given}<br>truly are {true}",
    "joint": "of all rows are given {given}<br>and truly are {true}",
    "meant_if_given": "of the rows with {given}<br>should have {true} in its place",
    "decided_if_given": "of the decided rows given {given}<br>were decided to be {true}",
}


def plain_text(text: str) -> str:
    """
    Return text that plotly shows letter for letter.

    Plotly reads a few HTML tags and entities in labels, turns line breaks into tags, and sets text between dollar
    signs as mathematics. It knows the entities for ``&``, ``<`` and ``>`` and those with a number, but not ``&quot;``.
    """
    one_line = " ".join(text.splitlines()) if "\n" in text or "\r" in text else text
    return html.escape(one_line, quote=False).replace("$", "&#36;")


def hover_text(given: Label, true: Label, share: float, kind: NoiseKind, n_rows: int | None) -> str:
    """Return what one cell says, in words; ``n_rows`` is the estimated number of its rows."""
    words = _SHARE_OF[kind].format(given=_bold(given), true=_bold(true))
    is_counted = kind == "decided_if_given"
    about = "" if is_counted else "about "
    rows = "" if n_rows is None else f"<br>{about}{n_rows:,} row{'' if n_rows == 1 else 's'}"
    said = f"{percent_text(share, kind) or _least(share, kind)} % {words}{rows}"
    return said if is_counted else f"Estimated: {said}"


def _bold(name: Label) -> str:
    text = str(name)
    return f"<b>{plain_text(text if len(text) <= _LONGEST_HOVER_NAME else text[:_LONGEST_HOVER_NAME] + '…')}</b>"


def percent_text(share: float, kind: NoiseKind) -> str:
    """Whole percents; shares of all rows are small, so they get one decimal. Empty where it would round to nothing."""
    decimals = 1 if kind == "joint" and share < _WHOLE_PERCENTS_FROM else 0
    text = f"{100 * share:.{decimals}f}"
    return text if float(text) > 0 else ""


def _least(share: float, kind: NoiseKind) -> str:
    if share <= 0:
        return "0"
    return "under 0.1" if kind == "joint" else "under 1"


def short_name(name: str) -> str:
    """Return a class name as it fits beside a figure."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def text_color(cell: str, palette: Palette) -> str:
    """Return the theme's text colour that reads best on a cell; pure black or white where neither reaches 4.5 : 1."""
    best = max((palette.ink, palette.card), key=lambda color: contrast_ratio(color, cell))
    if contrast_ratio(best, cell) >= _READABLE:
        return best
    return max(("#000000", "#FFFFFF"), key=lambda color: contrast_ratio(color, cell))
