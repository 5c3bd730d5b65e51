"""The figures of a review: whether the score is honest, and how fast decisions were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import plotly.graph_objects as go

from labelclean.plots.cell_text import plain_text
from labelclean.plots.palette import Palette
from labelclean.review.honesty import HonestyBand
from labelclean.review.pace import PaceStretch

__all__ = ["pace_chart", "reliability_chart"]

Figure: TypeAlias = go.Figure

_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_TRANSPARENT = "rgba(0,0,0,0)"


def reliability_chart(bands: Sequence[HonestyBand], *, palette: Palette) -> Figure:
    """
    Draw what the score said against what reviewers found.

    Parameters
    ----------
    bands : sequence of HonestyBand
        Bands with decisions, rising.
    palette : Palette
        Colours of the theme.

    Returns
    -------
    plotly Figure
        On the dotted diagonal the score is honest; below it, it is too bold. Lines are 95 % intervals.
    """
    figure = go.Figure()
    figure.add_trace(_line([0, 100], [0, 100], palette, dash="dot"))
    found = [100 * (band.wrong.value or 0.0) for band in bands]
    figure.add_trace(
        go.Scatter(
            x=[100 * band.predicted for band in bands],
            y=found,
            mode="markers",
            marker={"size": 11, "color": palette.accent},
            error_y={
                "type": "data",
                "array": [100 * band.wrong.high - value for band, value in zip(bands, found, strict=True)],
                "arrayminus": [value - 100 * band.wrong.low for band, value in zip(bands, found, strict=True)],
                "color": palette.accent,
                "thickness": 1.5,
                "width": 6,
            },
            hovertext=[
                f"said {100 * band.predicted:.0f} %, found {value:.0f} % wrong<br>{band.wrong.n:,} decisions"
                for band, value in zip(bands, found, strict=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    figure.update_layout(_layout(palette, height=320))
    figure.update_xaxes(_axis(palette, "the score says, % wrong", [-2, 102]))
    figure.update_yaxes(_axis(palette, "really wrong, %", [-2, 102]))
    return figure


def pace_chart(stretches: Sequence[PaceStretch], times: Sequence[str], *, palette: Palette) -> Figure:
    """
    Draw decisions a minute over time.

    Parameters
    ----------
    stretches : sequence of PaceStretch
        Those with decisions.
    times : sequence of str
        When each begins, as the reader's clock says it; all different.
    palette : Palette
        Colours of the theme.

    Returns
    -------
    plotly Figure
        One bar for each stretch whose pace is known; pauses take no room.
    """
    figure = go.Figure(
        go.Bar(
            x=[plain_text(time) for time in times],
            y=[stretch.per_minute or 0.0 for stretch in stretches],
            marker={"color": palette.accent, "cornerradius": 3},
            hovertext=[_pace_words(stretch, time) for stretch, time in zip(stretches, times, strict=True)],
            hoverinfo="text",
        )
    )
    figure.update_layout(_layout(palette, height=220), bargap=0.35 if len(stretches) > 1 else 0.8)
    figure.update_xaxes(
        {**_axis(palette, "", None), "type": "category", "nticks": 6, "tickangle": 0, "showgrid": False}
    )
    figure.update_yaxes(_axis(palette, "decisions a minute", None), rangemode="tozero")
    return figure


def _pace_words(stretch: PaceStretch, time: str) -> str:
    pace = "pace not known" if stretch.per_minute is None else f"{stretch.per_minute:.1f} a minute"
    return f"{plain_text(time)}<br>{stretch.n_decisions:,} decisions, {pace}"


def _line(xs: list[float], ys: list[float], palette: Palette, *, dash: str) -> Any:  # noqa: ANN401  (plotly has no types)
    return go.Scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"color": palette.soft_ink, "width": 1, "dash": dash},
        hoverinfo="skip",
        showlegend=False,
    )


def _layout(palette: Palette, *, height: int) -> dict[str, Any]:
    return {
        "paper_bgcolor": _TRANSPARENT,
        "plot_bgcolor": _TRANSPARENT,
        "font": {"family": _FONTS, "color": palette.ink, "size": 13},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "height": height,
        "dragmode": False,
        "hoverlabel": {
            "bgcolor": palette.card,
            "bordercolor": palette.hairline,
            "font": {"color": palette.ink, "size": 14, "family": _FONTS},
        },
    }


def _axis(palette: Palette, words: str, limits: list[float] | None) -> dict[str, Any]:
    return {
        "title": {"text": words, "font": {"color": palette.soft_ink, "size": 13}},
        "range": limits,
        "gridcolor": palette.hairline,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
        "tickfont": {"color": palette.soft_ink, "size": 12},
    }
