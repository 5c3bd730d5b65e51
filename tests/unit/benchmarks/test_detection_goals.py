"""The figures that the detection benchmark sums up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.benchmarks.detection_goals import GOALS, ScoredSet, goal_lines
from tests.benchmarks.detection_results import Measures, render, table_line
from tests.benchmarks.detection_sets import Kind

PLAIN = Measures(
    average_precision=0.5,
    cell_average_precision=float("nan"),
    precision=0.5,
    recall=0.5,
    suggestion_accuracy=0.5,
    f1=0.5,
    n_estimated=100.0,
    n_errors=100.0,
    calibration_error=0.05,
    cpu_seconds=1.0,
    wall_seconds=10.0,
    peak_mib=1.0,
)


def test_a_gain_is_over_the_better_reference() -> None:
    """0.6 over 0.4 and 0.5 is 1.2; the wall time is compared with the faster one."""
    data = _set("a", ours=0.6, first=0.4, second=0.5)

    assert data.gain() == pytest.approx(1.2)
    assert data.gain("reference, C=1") == pytest.approx(1.5)
    assert data.wall_share == pytest.approx(2.0 / 10.0)


def test_goals_count_only_their_sets() -> None:
    """Two injected sets with gains 1.2 and 0.8 over the better one: lowest 0.8; nobody else's figure is there."""
    lines = _figures([_set("a", ours=0.6, first=0.4, second=0.5), _set("b", ours=0.4, first=0.4, second=0.5)])

    assert lines["injected, one label: AP over the better reference, lowest"] == ("0.800", "not reached")
    assert lines["injected, one label: AP over C=1, geometric mean"] == (f"{1.5**0.5:.3f}", "not reached")
    assert lines["rules: AP over the better reference, lowest"] == ("-", "no set")
    assert lines["all sets: sum of the wall times over the sum of C=1's"] == ("0.200", "reached")


def test_an_estimate_may_be_off_to_either_side() -> None:
    """130 of 100 and 70 of 100 are both off by 0.3."""
    title = "injected, one label: estimated number of errors off by, highest"
    for estimated in (130.0, 70.0):
        data = _set("a", ours=0.5, first=0.5, second=0.5)
        data.runs["labelclean"] = replace(data.ours, n_estimated=estimated)

        assert _figures([data])[title] == ("0.300", "not reached")


def test_several_seeds_show_mean_and_spread() -> None:
    """Gains of 1.2 and 1.0: 1.1 give or take 0.1."""
    first = [_set("a", ours=0.6, first=0.4, second=0.5, kind="human annotators")]
    second = [_set("a", ours=0.5, first=0.4, second=0.5, kind="human annotators")]

    line = goal_lines([first, second])[1]

    assert line == [GOALS[1].title, "at least 1.1", "1.100 ± 0.100", "reached"]


def test_a_line_of_the_table_has_a_dash_where_a_measure_does_not_apply() -> None:
    """Mean and standard deviation where there are several runs."""
    assert table_line([PLAIN])[:3] == ["0.500", "-", "0.500"]
    assert table_line([PLAIN, replace(PLAIN, average_precision=0.7)])[0] == "0.600 ± 0.100"


def test_a_table_is_drawn_for_a_document_or_for_a_terminal() -> None:
    """The same cells."""
    header, lines = ["set", "AP"], [["long name", "0.5"], ["b", "1"]]

    assert render(header, lines, is_markdown=True) == "| set | AP |\n| --- | --- |\n| long name | 0.5 |\n| b | 1 |"
    assert render(header, lines, is_markdown=False) == "set        AP\nlong name  0.5\nb          1"


def _set(name: str, *, ours: float, first: float, second: float, kind: Kind = "injected") -> ScoredSet:
    runs = {
        "labelclean": replace(PLAIN, average_precision=ours, wall_seconds=2.0),
        "reference, C=1": replace(PLAIN, average_precision=first),
        "reference, C=20": replace(PLAIN, average_precision=second, wall_seconds=20.0),
    }
    return ScoredSet(name=name, kind=kind, is_multi_label=False, runs=runs)


def _figures(sets: list[ScoredSet]) -> dict[str, tuple[str, str]]:
    return {title: (figure, verdict) for title, _, figure, verdict in goal_lines([sets])}
