"""Tests of the picture of error probabilities against verdicts."""

from __future__ import annotations

from labelclean.plots.palette import LIGHT
from labelclean.plots.yield_bands import draw_yield_bands
from labelclean.review.yield_figures import Band, Estimate

BANDS = (
    Band(low=0.0, high=0.05, n_decided=0, n_wrong=0, rate=Estimate(value=0.02, low=0.0, high=0.1, how="h"), n_left=900),
    Band(low=0.82, high=1.0, n_decided=40, n_wrong=30, rate=Estimate(value=0.7, low=0.6, high=0.8, how="h"), n_left=8),
)


def test_each_band_has_a_dot_with_its_interval_and_the_stretch_that_is_claimed() -> None:
    """The figures of the hand-made bands, nothing else."""
    figure = draw_yield_bands(BANDS, LIGHT)

    dots = figure.data[0]
    assert list(dots.x) == [0.02, 0.7]
    assert [round(reach, 6) for reach in dots.error_x.array] == [0.08, 0.1]
    assert [round(reach, 6) for reach in dots.error_x.arrayminus] == [0.02, 0.1]
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0.0, 0.05), (0.82, 1.0)]
    assert list(figure.layout.yaxis.ticktext) == ["0–5 %", "82–100 %"]


def test_a_dot_says_what_it_rests_on() -> None:
    """Verdicts, and how many rows are left."""
    said = draw_yield_bands(BANDS, LIGHT).data[0].hovertext[1]

    assert said == "70 % wrong (60–80)<br>30 of 40 verdicts said wrong<br>8 rows left"
