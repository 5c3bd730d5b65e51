"""The figures of the statistics page."""

from __future__ import annotations

import pytest

from labelclean.plots.palette import LIGHT
from labelclean.plots.review_charts import pace_chart, reliability_chart
from labelclean.review.honesty import HonestyBand
from labelclean.review.pace import PaceStretch
from labelclean.review.shares import share_of


def test_each_band_is_a_point_with_its_interval() -> None:
    """What the score said lies to the right, what was found upwards; the dotted line joins the corners."""
    wrong = share_of(6, 10)
    band = HonestyBand(low=0.8, high=1.0, predicted=0.9, wrong=wrong, taken=share_of(5, 10))

    line, points = reliability_chart([band], palette=LIGHT).data

    assert (list(line.x), list(line.y), line.line.dash) == ([0, 100], [0, 100], "dot")
    assert (list(points.x), list(points.y)) == ([90.0], [60.0])
    assert points.error_y.array[0] == pytest.approx(100 * wrong.high - 60.0)
    assert points.error_y.arrayminus[0] == pytest.approx(60.0 - 100 * wrong.low)
    assert points.hovertext[0] == "said 90 %, found 60 % wrong<br>10 decisions"


def test_each_stretch_is_a_bar() -> None:
    """A stretch whose pace is not known has no height, and says so."""
    stretches = [
        PaceStretch(start=0.0, n_decisions=30, per_minute=7.5),
        PaceStretch(start=60.0, n_decisions=2, per_minute=None),
    ]

    (bars,) = pace_chart(stretches, ["10:00", "10:01"], palette=LIGHT).data

    assert list(bars.y) == [7.5, 0.0]
    assert list(bars.hovertext) == ["10:00<br>30 decisions, 7.5 a minute", "10:01<br>2 decisions, pace not known"]
