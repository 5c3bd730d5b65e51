"""Looks for problems in the data of a run, whatever is missing: nothing here may spoil the analysis."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from labelclean.dataset import Dataset
from labelclean.errors import LabelCleanError
from labelclean.issues.problem import ProblemReport
from labelclean.protocols import Progress
from labelclean.store.run_records import StoredRun

if TYPE_CHECKING:
    from labelclean.io.row_columns import RowColumns

__all__ = ["search_problems"]

_log = logging.getLogger("labelclean.store")

_STEP = "Looking for other problems"
_MOST_VALUES = 20  # of a column that may say which split a row belongs to


def search_problems(
    dataset: Dataset, run: StoredRun, columns: Callable[[], RowColumns], progress: Progress
) -> ProblemReport:
    """
    Look for problems in the data of a run.

    Parameters
    ----------
    dataset : Dataset
        The data that the run is about.
    run : StoredRun
        What the audit found; its held-out probabilities tell which texts are ambiguous.
    columns : callable
        Returns the other columns of the file; where it fails, no split is looked for.
    progress : Progress
        Told the step and the fraction done; it may raise ``RunCancelledError``.
    """
    # Imported where used: the screen has this module too, and does not need scikit-learn.
    from labelclean.issues.find_problems import LikelyClasses, find_problems  # noqa: PLC0415

    progress(_STEP, 0.0)
    likely = LikelyClasses(labels=run.likely_labels, probs=run.likely_probs, class_names=run.class_names)
    found = find_problems(dataset, likely=likely, columns=_possible_splits(columns), progress=progress)
    progress(_STEP, 1.0)
    return found


def _possible_splits(columns: Callable[[], RowColumns]) -> dict[str, list[str]]:
    """Return the columns with few different values; none where the file's columns cannot be read."""
    try:
        found = columns()
        return {
            name: found.column(name)
            for name in found.names
            if 1 < len(found.values(name, limit=_MOST_VALUES + 1)) <= _MOST_VALUES
        }
    except LabelCleanError as error:
        _log.warning("The other columns cannot be looked at: %s", error.message)
        return {}
