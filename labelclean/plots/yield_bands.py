"""How often labels turn out wrong in each band of error probability, against what the model expects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.graph_objects import Figure

from labelclean.plots.palette import Palette
from labelclean.review.yield_figures import Band

__all__ = ["draw_yield_bands"]

_TRANSPARENT = "rgba(0,0,0,0)"
_FONTS = "Source Sans, Source Sans Pro, sans-serif"
_ROW_PIXELS = 34


def draw_yield_bands(bands: Sequence[Band], palette: Palette) -> Figure:
    """
    Draw one line for each band: the share of wrong labels among the rows left, and its interval.

    Parameters
    ----------
    bands : sequence of Band
        From the least to the most suspect.
    palette : Palette
        The colours of the theme.

    Returns
    -------
    plotly.graph_objects.Figure
        The grey stretch is what the model expects of the band; a dot on it says that its probabilities are honest.
    """
    names = [_band_name(band) for band in bands]
    figure = go.Figure(layout=_layout(len(bands), palette))
    for place, band in enumerate(bands):
        figure.add_shape(
            type="rect",
            x0=band.low,
            x1=band.high,
            y0=place - 0.3,
            y1=place + 0.3,
            fillcolor=palette.key_cap,
            line={"width": 0},
            layer="below",
        )
    rates = [band.rate for band in bands]
    figure.add_trace(
        go.Scatter(
            x=[rate.value for rate in rates],
            y=list(range(len(bands))),
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [rate.high - rate.value for rate in rates],
                "arrayminus": [rate.value - rate.low for rate in rates],
                "color": palette.accent,
                "thickness": 2,
                "width": 5,
            },
            mode="markers",
            marker={"color": palette.accent, "size": 9},
            hovertext=[_said(band) for band in bands],
            hoverinfo="text",
            showlegend=False,
        )
    )
    figure.update_yaxes(tickmode="array", tickvals=list(range(len(bands))), ticktext=names)
    return figure


def _band_name(band: Band) -> str:
    return f"{100 * band.low:.0f}–{100 * band.high:.0f} %"


def _said(band: Band) -> str:
    rate = band.rate
    return (
        f"{100 * rate.value:.0f} % wrong ({100 * rate.low:.0f}–{100 * rate.high:.0f})<br>"
        f"{band.n_wrong:,} of {band.n_decided:,} verdicts said wrong<br>{band.n_left:,} rows left"
    )


def _layout(n_bands: int, palette: Palette) -> dict[str, Any]:
    return {
        "paper_bgcolor": _TRANSPARENT,
        "plot_bgcolor": _TRANSPARENT,
        "font": {"family": _FONTS, "color": palette.ink, "size": 13},
        "margin": {"l": 84, "r": 24, "t": 8, "b": 32},
        "height": _ROW_PIXELS * n_bands + 40,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": palette.card,
            "bordercolor": palette.hairline,
            "align": "left",
            "font": {"color": palette.ink, "size": 14, "family": _FONTS},
        },
        "xaxis": {
            "range": [-0.02, 1.02],
            "tickmode": "array",
            "tickvals": [tenth / 10 for tenth in range(0, 11, 2)],
            "ticktext": [f"{10 * tenth} %" for tenth in range(0, 11, 2)],
            "gridcolor": palette.hairline,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"color": palette.soft_ink, "size": 13},
        },
        "yaxis": {"showgrid": False, "zeroline": False, "fixedrange": True},
    }
