"""The heat map of which class is mistaken for which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import plotly.graph_objects as go

from labelclean.arrays import CodeArray, CountMatrix, Label, ProbMatrix
from labelclean.plots.cell_sizes import CellSizes
from labelclean.plots.cell_text import (
    LONGEST_NAME,
    NoiseKind,
    hover_text,
    percent_text,
    plain_text,
    short_name,
    text_color,
)
from labelclean.plots.confused import ConfusedPair, confused_pairs, drawn_classes
from labelclean.plots.palette import Palette, blend

__all__ = ["ConfusedPair", "NoiseKind", "confused_pairs", "drawn_classes", "noise_heat_map"]

Figure: TypeAlias = go.Figure

_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_TRANSPARENT = "rgba(0,0,0,0)"


def noise_heat_map(
    matrix: ProbMatrix,
    class_names: Sequence[Label],
    *,
    palette: Palette,
    hide_diagonal: bool,
    kind: NoiseKind = "given_if_true",
    selected: tuple[int, int] | None = None,
    counts: CountMatrix | None = None,
) -> Figure:
    """
    Draw a noise matrix: rows are true classes, columns given classes.

    Every drawn cell has a point with ``customdata=[given_code, true_code]``, because a heat map itself reports no
    clicks. Class names are shown letter for letter, whatever they hold.

    Parameters
    ----------
    matrix : ndarray of float, shape (n_classes, n_classes)
        Shares, 0 to 1, indexed [given, true].
    class_names : sequence of hashable, length n_classes
        The classes as they should be shown; long ones are shortened at the sides and whole in the hover text.
    palette : Palette
        Colours of the theme.
    hide_diagonal : bool
        Hatch the cells of right labels instead of showing their (much greater) shares.
    kind : {"given_if_true", "true_if_given", "joint"}, default="given_if_true"
        What the shares mean; it changes the words only.
    selected : tuple of int and int, optional
        ``(given_code, true_code)`` of the cell to outline; ignored where that cell is not drawn.
    counts : ndarray of int64, shape (n_classes, n_classes), optional
        Estimated rows, indexed [given, true], for the hover text.

    Returns
    -------
    plotly Figure
        On a transparent ground.
    """
    codes = drawn_classes(matrix, counts)
    grid = _Grid(matrix, codes, hide_diagonal=hide_diagonal, kind=kind)
    figure = go.Figure(_cell_traces(grid, palette))
    if hide_diagonal and len(codes):
        figure.add_trace(_hatched_diagonal(len(codes), palette))
    figure.add_trace(_click_points(grid, class_names, counts))
    figure.update_layout(_layout(codes, class_names, palette))
    if selected is not None:
        _outline(figure, codes, selected, palette)
    return figure


class _Grid:
    """The drawn cells: rows true, columns given, as positions on the page."""

    def __init__(self, matrix: ProbMatrix, codes: CodeArray, *, hide_diagonal: bool, kind: NoiseKind) -> None:
        self.codes = codes
        self.kind = kind
        self.shares = np.asarray(matrix, dtype=np.float64)[np.ix_(codes, codes)].T
        self.shown = ~np.eye(len(codes), dtype=bool) if hide_diagonal else np.ones((len(codes),) * 2, dtype=bool)
        greatest = float(self.shares[self.shown].max(initial=0.0))
        self.strengths = (
            np.sqrt(np.minimum(self.shares / greatest, 1.0)) if greatest > 0 else np.zeros_like(self.shares)
        )


def _cell_traces(grid: _Grid, palette: Palette) -> list[Any]:
    """One heat map for each colour of the numbers, since a heat map has a single font; every cell is in one of them."""
    scale = [[0.0, palette.card], [1.0, palette.given]]
    colors = np.array(
        [[text_color(blend(palette.card, palette.given, x), palette) for x in row] for row in grid.strengths],
        dtype=object,
    ).reshape(grid.shares.shape)
    numbers = np.array([[percent_text(x, grid.kind) for x in row] for row in grid.shares], dtype=object)
    size = CellSizes.of(len(grid.codes)).number
    return [
        go.Heatmap(
            z=np.where(mine, grid.strengths, np.nan),
            text=np.where(mine, numbers.reshape(grid.shares.shape), ""),
            texttemplate="%{text}" if size else "",
            textfont={"color": color, "size": size or 1, "family": _FONTS},
            colorscale=scale,
            zmin=0.0,
            zmax=1.0,
            xgap=2,
            ygap=2,
            showscale=False,
            hoverinfo="skip",
        )
        for color in sorted(set(colors[grid.shown]))
        for mine in [grid.shown & (colors == color)]
    ]


def _hatched_diagonal(n_classes: int, palette: Palette) -> Any:  # noqa: ANN401  (plotly has no types)
    """Lines without markers, so that a selection never dims them."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for at in range(n_classes):
        left, right = at - 0.48, at + 0.48
        xs += [left, right, right, left, left, None]
        ys += [left, left, right, right, left, None]
    return go.Scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=palette.ground,
        fillpattern={
            "shape": "\\",
            "fgcolor": palette.soft_ink,
            "bgcolor": palette.ground,
            "size": 5,
            "solidity": 0.12,
        },
        hoverinfo="skip",
        showlegend=False,
    )


def _click_points(grid: _Grid, class_names: Sequence[Label], counts: CountMatrix | None) -> Any:  # noqa: ANN401  (plotly has no types)
    """Invisible squares over the cells; they stay invisible when a selection would dim or raise them."""
    true_at, given_at = np.nonzero(grid.shown)
    given, true = grid.codes[given_at], grid.codes[true_at]
    unseen = {"marker": {"opacity": 0.0}}
    return go.Scatter(
        x=given_at,
        y=true_at,
        mode="markers",
        marker={
            "symbol": "square",
            "size": CellSizes.of(len(grid.codes)).cell - 4,
            "color": _TRANSPARENT,
            "opacity": 0.0,
        },
        selected=unseen,
        unselected=unseen,
        customdata=np.column_stack([given, true]).tolist(),
        hovertext=[
            hover_text(class_names[g], class_names[t], share, grid.kind, None if counts is None else int(counts[g, t]))
            for g, t, share in zip(given, true, grid.shares[grid.shown], strict=True)
        ],
        hoverinfo="text",
        showlegend=False,
    )


def _layout(codes: CodeArray, class_names: Sequence[Label], palette: Palette) -> dict[str, Any]:
    sizes = CellSizes.of(len(codes))
    names = [plain_text(short_name(str(class_names[code]))) for code in codes]
    axis = {
        "tickmode": "array",
        "tickvals": list(range(len(codes))),
        "ticktext": names,
        "ticks": "",
        "range": [-0.5, len(codes) - 0.5],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
        "constrain": "domain",
        "tickfont": {"color": palette.ink, "size": sizes.name},
    }
    longest = max((len(str(class_names[code])) for code in codes), default=0)
    return {
        "paper_bgcolor": _TRANSPARENT,
        "plot_bgcolor": _TRANSPARENT,
        "font": {"family": _FONTS, "color": palette.ink},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "height": sizes.cell * len(codes) + 8 * min(longest, LONGEST_NAME) + 24,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": palette.card,
            "bordercolor": palette.hairline,
            "align": "left",
            "font": {"color": palette.ink, "size": 14, "family": _FONTS},
        },
        "dragmode": False,
        "xaxis": {**axis, "side": "top", "tickangle": -90, "constraintoward": "left"},
        "yaxis": {
            **axis,
            "range": [len(codes) - 0.5, -0.5],
            "scaleanchor": "x",
            "constraintoward": "top",
            "ticklabelstandoff": 6,
        },
    }


def _outline(figure: Figure, codes: CodeArray, selected: tuple[int, int], palette: Palette) -> None:
    places = {int(code): at for at, code in enumerate(codes)}
    if selected[0] not in places or selected[1] not in places:
        return
    x, y = places[selected[0]], places[selected[1]]
    for color, reach, width in ((palette.accent, 0.5, 2.5), (palette.card, 0.45, 1.0)):
        figure.add_shape(
            type="rect",
            x0=x - reach,
            x1=x + reach,
            y0=y - reach,
            y1=y + reach,
            line={"color": color, "width": width},
        )
