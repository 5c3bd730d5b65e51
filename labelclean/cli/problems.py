"""What else is wrong with the data of a file, one line for each kind of problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from labelclean.cli.reporting import note, shown_progress

if TYPE_CHECKING:
    from labelclean.dataset import Dataset
    from labelclean.issues.problem import DataProblem

__all__ = ["note_problems"]


def note_problems(dataset: Dataset, columns: Mapping[str, Sequence[str]], *, quiet: bool) -> None:
    """
    Look for problems of the data and say what was found, the worst kind first.

    Parameters
    ----------
    dataset : Dataset
        The data as read.
    columns : mapping of str to sequence of str
        Columns that may say which split a row belongs to.
    quiet : bool
        Whether to show no progress.
    """
    from labelclean.issues.find_problems import find_problems  # noqa: PLC0415  (the engine takes a second to import)

    with shown_progress(quiet=quiet) as progress:
        report = find_problems(dataset, columns=columns, progress=progress)
    for problem in report.problems:
        note(f"problem: {problem.title}: {_counted(problem)}.")
    if not report.problems:
        note("No other problems were found in the data.")


def _counted(problem: DataProblem) -> str:
    parts = [f"{problem.n_rows:,} {'row' if problem.n_rows == 1 else 'rows'}"]
    if problem.n_groups:
        parts.append(f"{problem.n_groups:,} {'group' if problem.n_groups == 1 else 'groups'}")
    if problem.n_contradicting:
        parts.append(f"{problem.n_contradicting:,} of them under different labels")
    return ", ".join(parts)
