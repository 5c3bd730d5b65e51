"""The copies of a row as its card shows them, so that one decision can settle all of them."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import UNLABELLED, IndexArray
from labelclean.review.evidence_view import EvidenceViewer
from labelclean.review.payload import RowGroup
from labelclean.review.queue import ReviewedRun

__all__ = ["MAX_ROWS_ON_A_CARD", "group_codes", "row_group"]

MAX_ROWS_ON_A_CARD = 500
"""Most copies that are decided with one key; more is bulk work."""

_SHOWN_COPIES = 8
_SHOWN_LABELS = 12


def row_group(row: int, members: IndexArray, run: ReviewedRun, viewer: EvidenceViewer) -> RowGroup | None:
    """
    Return the copies of a row.

    Parameters
    ----------
    row : int
        The row on the card.
    members : ndarray of int64
        The rows of its group, itself among them or not.
    run : ReviewedRun
        The given labels.
    viewer : EvidenceViewer
        What knows the texts and the names of the labels.

    Returns
    -------
    RowGroup or None
        None where the row stands alone. Copies with another label than the row's come first among those shown. A
        group of more than ``MAX_ROWS_ON_A_CARD`` copies names none of them as rows: it is counted, not decided here.
    """
    others = members[members != row]
    if not len(others):
        return None
    own = run.labels[row]
    shown = others[np.argsort(run.labels[others] == own, kind="stable")][:_SHOWN_COPIES]
    codes = group_codes(np.append(others, row), run)
    return RowGroup(
        rows=others.tolist() if len(others) <= MAX_ROWS_ON_A_CARD else [],
        near=[viewer.near_text(copy, int(run.labels[copy])) for copy in shown.tolist()],
        labels=[(viewer.token(code), n_rows) for code, n_rows in codes[:_SHOWN_LABELS]],
        n_classes=len(codes),
        n_copies=len(others),
    )


def group_codes(members: IndexArray, run: ReviewedRun) -> list[tuple[int, int]]:
    """Return the codes of the labels given to some rows, each with its number of rows, most common first."""
    labels = run.labels[members]
    codes, counts = np.unique(labels[labels != UNLABELLED], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return list(zip(codes[order].tolist(), counts[order].tolist(), strict=True))
