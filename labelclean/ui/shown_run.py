"""A new ranking of the rows, but for those that a reviewer has on screen or has seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labelclean.arrays import IndexArray
from labelclean.dataset import label_key
from labelclean.store.run_records import StoredRun

__all__ = ["keep_shown"]


def keep_shown(new: StoredRun, old: StoredRun, rows: IndexArray) -> StoredRun:
    """
    Return a run in which some rows still say what they said before.

    Parameters
    ----------
    new : StoredRun
        As decisions taught.
    old : StoredRun
        The same run as it was shown.
    rows : ndarray of int64
        The rows whose cards were sent to the browser. One whose suggestion is a class that no longer exists gets the
        new suggestion.

    Returns
    -------
    StoredRun
        The new run, with the old suggestions, error probabilities and flags of these rows.
    """
    if not len(rows):
        return new
    codes = {label_key(name): code for code, name in enumerate(new.class_names)}
    becomes = np.array([codes.get(label_key(name), -1) for name in old.class_names], dtype=np.int64)
    before = becomes[old.suggested_labels[rows]]
    suggested = new.suggested_labels.copy()
    suggested[rows] = np.where(before < 0, suggested[rows], before)
    probabilities, flags = new.error_probabilities.copy(), new.is_issue.copy()
    probabilities[rows], flags[rows] = old.error_probabilities[rows], old.is_issue[rows]
    return replace(new, suggested_labels=suggested, error_probabilities=probabilities, is_issue=flags)
