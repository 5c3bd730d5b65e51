"""What was decided of the labels so far, given label by decided label."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from labelclean.arrays import UNLABELLED, CountMatrix, IndexArray
from labelclean.dataset import label_key
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.queue import ReviewedRun

__all__ = ["decided_codes", "decided_counts"]


def decided_codes(run: ReviewedRun, decisions: Mapping[int, ReviewEvent]) -> tuple[IndexArray, IndexArray]:
    """
    Return the rows of which a person said the class, and that class.

    Parameters
    ----------
    run : ReviewedRun
        The results of the audit.
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.

    Returns
    -------
    rows, codes : ndarray of int64
        Labelled rows that were kept, accepted or relabelled, in row order, and the code of the class they are after
        it. Classes that the run does not know, new ones of a reviewer, are left out.
    """
    codes = {label_key(name): code for code, name in enumerate(run.class_names)}
    found: list[tuple[int, int]] = []
    for row in sorted(decisions):
        event, given = decisions[row], int(run.labels[row])
        if given == UNLABELLED:
            continue
        if event.verdict is Verdict.KEEP:
            found.append((row, given))
        elif event.verdict in {Verdict.ACCEPT, Verdict.RELABEL} and event.label is not None:
            code = codes.get(label_key(event.label))
            if code is not None:
                found.append((row, code))
    table = np.array(found, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def decided_counts(run: ReviewedRun, decisions: Mapping[int, ReviewEvent]) -> CountMatrix:
    """
    Count the rows of which a person said the class.

    Returns
    -------
    ndarray of int64, shape (n_classes, n_classes)
        Rows, indexed [given, decided]; see ``decided_codes``.
    """
    n_classes = len(run.class_names)
    rows, decided = decided_codes(run, decisions)
    keys = run.labels[rows] * n_classes + decided
    return np.bincount(keys, minlength=n_classes * n_classes).astype(np.int64).reshape(n_classes, n_classes)
