"""The figures to reach, from the measures of all sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.detection_results import Measures
from tests.benchmarks.detection_sets import Kind

__all__ = ["GOALS", "REFERENCES", "Goal", "ScoredSet", "goal_lines"]

REFERENCES = ("reference, C=1", "reference, C=20")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ScoredSet:
    """The measures of every contender on one set."""

    name: str
    kind: Kind
    is_multi_label: bool
    runs: dict[str, Measures]

    @property
    def ours(self) -> Measures:
        """What labelclean reached."""
        return self.runs["labelclean"]

    def gain(self, *rivals: str) -> float:
        """Return labelclean's average precision over that of the best of these rivals."""
        best = max(self.runs[rival].average_precision for rival in rivals or REFERENCES)
        return self.ours.average_precision / best

    @property
    def wall_share(self) -> float:
        """Wall time over that of the faster reference."""
        return self.ours.wall_seconds / min(self.runs[rival].wall_seconds for rival in REFERENCES)

    @property
    def suggestion_gain(self) -> float:
        """How much more often the suggestion is right than the better reference's."""
        best = max(self.runs[rival].suggestion_accuracy for rival in REFERENCES)
        return self.ours.suggestion_accuracy - best

    @property
    def estimate_error(self) -> float:
        """Distance of the estimated number of errors from the true one, as a share of it."""
        return abs(self.ours.n_estimated / self.ours.n_errors - 1.0)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Goal:
    """
    One figure to reach.

    Attributes
    ----------
    title : str
        What is measured, on which sets.
    limit : float
        What it is to be.
    is_floor : bool, default=True
        Whether more is better.
    takes_part : callable
        Tells which sets count.
    figure : callable
        Sums these sets up.
    """

    title: str
    limit: float
    is_floor: bool = True
    takes_part: Callable[[ScoredSet], bool]
    figure: Callable[[Sequence[ScoredSet]], float]

    def is_reached(self, value: float) -> bool:
        """Tell whether the figure is on the right side of its limit."""
        return value >= self.limit if self.is_floor else value <= self.limit


def goal_lines(seeds: Sequence[Sequence[ScoredSet]]) -> list[list[str]]:
    """Return one line per goal: title, limit, figure (with its standard deviation over the seeds), reached or not."""
    return [_line(goal, [[each for each in sets if goal.takes_part(each)] for sets in seeds]) for goal in GOALS]


def _line(goal: Goal, seeds: Sequence[Sequence[ScoredSet]]) -> list[str]:
    limit = f"{'at least' if goal.is_floor else 'at most'} {goal.limit:g}"
    if not all(seeds):
        return [goal.title, limit, "-", "no set"]
    values = [goal.figure(sets) for sets in seeds]
    mean = float(np.mean(values))
    spread = f" ± {np.std(values):.3f}" if len(values) > 1 else ""
    return [goal.title, limit, f"{mean:.3f}{spread}", "reached" if goal.is_reached(mean) else "not reached"]


def _is_human(data: ScoredSet) -> bool:
    return data.kind == "human annotators"


def _is_injected(data: ScoredSet) -> bool:
    return data.kind == "injected" and not data.is_multi_label


def _is_injected_multi_label(data: ScoredSet) -> bool:
    return data.kind == "injected" and data.is_multi_label


def _lowest(sets: Sequence[ScoredSet]) -> float:
    return min(data.gain() for data in sets)


def _mean_gain(*rivals: str) -> Callable[[Sequence[ScoredSet]], float]:
    return lambda sets: float(np.exp(np.mean([np.log(data.gain(*rivals)) for data in sets])))


def _wall_share(rival: str) -> Callable[[Sequence[ScoredSet]], float]:
    def share(sets: Sequence[ScoredSet]) -> float:
        return sum(data.ours.wall_seconds for data in sets) / sum(data.runs[rival].wall_seconds for data in sets)

    return share


GOALS = (
    Goal(
        title="human annotators: AP over the better reference, lowest", limit=1.0, takes_part=_is_human, figure=_lowest
    ),
    Goal(
        title="human annotators: AP over the better reference, median",
        limit=1.1,
        takes_part=_is_human,
        figure=lambda sets: float(np.median([data.gain() for data in sets])),
    ),
    Goal(
        title="injected, one label: AP over C=1, geometric mean",
        limit=1.5,
        takes_part=_is_injected,
        figure=_mean_gain("reference, C=1"),
    ),
    Goal(
        title="injected, one label: AP over C=20, geometric mean",
        limit=1.25,
        takes_part=_is_injected,
        figure=_mean_gain("reference, C=20"),
    ),
    Goal(
        title="injected, one label: AP over the better reference, lowest",
        limit=1.0,
        takes_part=_is_injected,
        figure=_lowest,
    ),
    Goal(
        title="rules: AP over the better reference, geometric mean",
        limit=1.1,
        takes_part=lambda data: data.kind == "rules",
        figure=_mean_gain(),
    ),
    Goal(
        title="rules: AP over the better reference, lowest",
        limit=1.1,
        takes_part=lambda data: data.kind == "rules",
        figure=_lowest,
    ),
    Goal(
        title="knowledge base: AP over the better reference, lowest",
        limit=1.0,
        takes_part=lambda data: data.kind == "knowledge base",
        figure=_lowest,
    ),
    Goal(
        title="multi-label, real: AP of rows over the better reference, lowest",
        limit=1.1,
        takes_part=lambda data: data.is_multi_label and data.kind != "injected",
        figure=_lowest,
    ),
    Goal(
        title="multi-label, injected: AP of rows over the better reference, geometric mean",
        limit=1.4,
        takes_part=_is_injected_multi_label,
        figure=_mean_gain(),
    ),
    Goal(
        title="all sets: sum of the wall times over the sum of C=1's",
        limit=0.2,
        is_floor=False,
        takes_part=lambda _: True,
        figure=_wall_share("reference, C=1"),
    ),
    Goal(
        title="all sets: sum of the wall times over the sum of C=20's",
        limit=0.2,
        is_floor=False,
        takes_part=lambda _: True,
        figure=_wall_share("reference, C=20"),
    ),
    Goal(
        title="all sets: wall time over the faster reference's, highest",
        limit=0.6,
        is_floor=False,
        takes_part=lambda _: True,
        figure=lambda sets: max(data.wall_share for data in sets),
    ),
    Goal(
        title="injected, one label: right suggestions above the better reference's, mean",
        limit=0.05,
        takes_part=_is_injected,
        figure=lambda sets: float(np.mean([data.suggestion_gain for data in sets])),
    ),
    Goal(
        title="injected, one label: estimated number of errors off by, highest",
        limit=0.25,
        is_floor=False,
        takes_part=_is_injected,
        figure=lambda sets: max(data.estimate_error for data in sets),
    ),
    Goal(
        title="injected, multi-label: estimated number of wrong rows off by, highest",
        limit=0.25,
        is_floor=False,
        takes_part=_is_injected_multi_label,
        figure=lambda sets: max(data.estimate_error for data in sets),
    ),
    Goal(
        title="injected: ECE, highest",
        limit=0.06,
        is_floor=False,
        takes_part=lambda data: data.kind == "injected",
        figure=lambda sets: max(data.ours.calibration_error for data in sets),
    ),
)
"""Human annotators come first; the limits are those that the detector was built to reach."""
