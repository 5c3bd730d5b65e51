"""Bars to both sides: how often something was wrongly given, and how often it was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import plotly.graph_objects as go

from labelclean.plots.cell_text import plain_text, short_name
from labelclean.plots.palette import Palette

__all__ = ["BarSide", "two_sided_bars"]

Figure: TypeAlias = go.Figure

_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_TRANSPARENT = "rgba(0,0,0,0)"
_BAR_PIXELS = 26
_ROOM = 1.28  # for the numbers behind the bars


@dataclass(frozen=True, kw_only=True, slots=True)
class BarSide:
    """
    The bars of one side.

    Attributes
    ----------
    title : str
        What they count; stands above them.
    values : sequence of float
        One for each name, 0 or more.
    said : sequence of str
        What each bar says in words when it is pointed at.
    keys : sequence of int
        What a click on each bar reports, as ``customdata=[side, key]``; the side is 0 on the left, 1 on the right.
    """

    title: str
    values: Sequence[float]
    said: Sequence[str]
    keys: Sequence[int]


def two_sided_bars(names: Sequence[str], left: BarSide, right: BarSide, *, palette: Palette) -> Figure:
    """
    Draw one line for each name, with a bar to the left and one to the right.

    Left is the voice of what was given (amber, dotted), right that of what is suggested (teal, solid). Both sides have
    one scale. Names are shown letter for letter, whatever they hold.

    Parameters
    ----------
    names : sequence of str
        From top to bottom.
    left, right : BarSide
        The bars.
    palette : Palette
        Colours of the theme.

    Returns
    -------
    plotly Figure
        On a transparent ground.
    """
    most = max([*left.values, *right.values, 1.0])
    figure = go.Figure([_bars(left, 0, palette), _bars(right, 1, palette)])
    figure.update_layout(
        paper_bgcolor=_TRANSPARENT,
        plot_bgcolor=_TRANSPARENT,
        font={"family": _FONTS, "color": palette.ink, "size": 13},
        margin={"l": 8, "r": 8, "t": 42, "b": 4},
        height=_BAR_PIXELS * len(names) + 48,
        barmode="overlay",
        bargap=0.3,
        showlegend=False,
        dragmode=False,
        hovermode="closest",
        hoverlabel={
            "bgcolor": palette.card,
            "bordercolor": palette.hairline,
            "align": "left",
            "font": {"color": palette.ink, "size": 14, "family": _FONTS},
        },
        xaxis={
            "range": [-_ROOM * most, _ROOM * most],
            "visible": False,
            "fixedrange": True,
        },
        yaxis={
            "tickmode": "array",
            "tickvals": list(range(len(names))),
            "ticktext": [plain_text(short_name(name)) for name in names],
            "range": [len(names) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
            "ticklabelstandoff": 6,
            "tickfont": {"color": palette.ink, "size": 13},
        },
        annotations=[
            _heading(left.title, "right", -0.02 * most, palette.given),
            _heading(right.title, "left", 0.02 * most, palette.suggested),
        ],
        shapes=[
            {
                "type": "line",
                "x0": 0,
                "x1": 0,
                "y0": -0.5,
                "y1": len(names) - 0.5,
                "line": {"color": palette.hairline, "width": 1},
            }
        ],
    )
    return figure


def _bars(side: BarSide, place: int, palette: Palette) -> Any:  # noqa: ANN401  (plotly has no types)
    color = (palette.given, palette.suggested)[place]
    shown = {"marker": {"opacity": 1.0}}
    return go.Bar(
        x=[value if place else -value for value in side.values],
        y=list(range(len(side.values))),
        orientation="h",
        marker=_dotted(color, palette.given_ground) if not place else {"color": color},
        text=[f"{value:,.0f}" if value >= 0.5 else "" for value in side.values],  # noqa: PLR2004  (rounds to nothing)
        textposition="outside",
        textfont={"color": palette.soft_ink, "size": 12},
        cliponaxis=False,
        customdata=[[place, key] for key in side.keys],
        hovertext=[plain_text(said) for said in side.said],
        hoverinfo="text",
        selected=shown,
        unselected=shown,
    )


def _dotted(color: str, ground: str) -> dict[str, Any]:
    return {
        "color": ground,
        "line": {"color": color, "width": 1},
        "pattern": {"shape": ".", "fgcolor": color, "bgcolor": ground, "size": 6, "solidity": 0.3},
    }


def _heading(text: str, anchor: str, x: float, color: str) -> dict[str, Any]:
    return {
        "text": plain_text(text),
        "x": x,
        "y": 1.0,
        "yref": "paper",
        "yshift": 22,
        "xanchor": anchor,
        "showarrow": False,
        "font": {"color": color, "size": 13, "family": _FONTS},
    }
