"""The measures of one contender on one set, and their lines in the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from labelclean.arrays import FloatArray
from tests.benchmarks.detection_child import Outcome
from tests.benchmarks.detection_measures import (
    average_precision,
    calibration_error,
    flag_f1,
    precision_at_n_errors,
    recall_in_first,
)
from tests.benchmarks.detection_sets import LabelledSet

__all__ = ["COLUMNS", "Measured", "Measures", "measure", "render", "table_line"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Measures:
    """
    How well one contender did on the rows whose true label is known; NaN where it does not apply.

    Attributes
    ----------
    average_precision, cell_average_precision : float
        Of the ranking of the rows; of that of the cells of multi-label data.
    precision, recall : float
        Share of errors among as many first rows as there are errors; share of the errors in the first tenth.
    suggestion_accuracy : float
        Share of the wrong rows whose suggested class, or whole set of labels, is the true one.
    f1 : float
        Of the flags.
    n_estimated, n_errors : float
        Estimated and true number of wrong rows; where not all are known, the part of the estimate that the error
        probabilities put there.
    calibration_error : float
        Expected calibration error of the error probability, bins of equal width.
    cpu_seconds, wall_seconds, peak_mib : float
        What it took.
    """

    average_precision: float
    cell_average_precision: float
    precision: float
    recall: float
    suggestion_accuracy: float
    f1: float
    n_estimated: float
    n_errors: float
    calibration_error: float
    cpu_seconds: float
    wall_seconds: float
    peak_mib: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """
    What one part took, and what it found.

    Attributes
    ----------
    wall_seconds, cpu_seconds, peak_mib : float
        Time on the clock, processor time, largest memory of the process.
    average_precision : float
        Of the ranking against the planted errors.
    recall : float
        Share of the planted errors in the first part of the queue.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float
    average_precision: float
    recall: float


COLUMNS: dict[str, tuple[str, int]] = {
    "average_precision": ("AP", 3),
    "cell_average_precision": ("AP of cells", 3),
    "precision": ("precision at errors", 3),
    "recall": ("recall in 10 %", 3),
    "suggestion_accuracy": ("suggestion right", 3),
    "f1": ("F1 of flags", 3),
    "n_estimated": ("estimated", 0),
    "n_errors": ("errors", 0),
    "calibration_error": ("ECE", 3),
    "cpu_seconds": ("CPU s", 1),
    "wall_seconds": ("wall s", 1),
    "peak_mib": ("peak MiB", 0),
}
"""Each measure's title and decimals, in the order of the table."""


def measure(data: LabelledSet, outcome: Outcome) -> Measures:
    """Score what was found against the truth."""
    found, known = outcome.findings, data.is_known
    wrong, probs = data.is_wrong[known], found.error_probabilities[known]
    cells = found.cell_error_probabilities
    right = (found.suggested == data.true)[known & data.is_wrong]
    return Measures(
        average_precision=average_precision(probs, wrong),
        cell_average_precision=_of_cells(data, cells) if cells.size else float("nan"),
        precision=precision_at_n_errors(probs, wrong),
        recall=recall_in_first(probs, wrong),
        suggestion_accuracy=float(right.reshape(len(right), -1).all(axis=1).mean()) if len(right) else float("nan"),
        f1=flag_f1(found.is_issue[known], wrong),
        n_estimated=found.n_errors * float(probs.sum() / max(found.error_probabilities.sum(), 1e-300)),
        n_errors=float(np.count_nonzero(wrong)),
        calibration_error=calibration_error(probs, wrong),
        cpu_seconds=outcome.cost.cpu_seconds,
        wall_seconds=outcome.cost.wall_seconds,
        peak_mib=outcome.cost.peak_mib,
    )


def table_line(runs: Sequence[Measures]) -> list[str]:
    """Return one cell per column: the mean over the runs, and their standard deviation where there are several."""
    return [_cell([getattr(run, field.name) for run in runs], COLUMNS[field.name][1]) for field in fields(Measures)]


def render(header: Sequence[str], lines: Sequence[Sequence[str]], *, is_markdown: bool) -> str:
    """Return a table, either for a document or with its columns in line for a terminal."""
    if is_markdown:
        return "\n".join(f"| {' | '.join(line)} |" for line in [header, ["---"] * len(header), *lines])
    widths = [max(map(len, column)) for column in zip(header, *lines, strict=True)]
    rows = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in [header, *lines])
    return "\n".join(row.rstrip() for row in rows)


def _of_cells(data: LabelledSet, cells: FloatArray) -> float:
    return average_precision(cells.ravel(), (data.given != data.true).ravel())


def _cell(values: Sequence[float], n_decimals: int) -> str:
    if np.isnan(values).any():
        return "-"
    mean = f"{np.mean(values):,.{n_decimals}f}"
    return mean if len(values) == 1 else f"{mean} ± {np.std(values):,.{n_decimals}f}"
