"""The queue of contradictions: one row for each group of near-copies that have different labels."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import IndexArray, MaskArray
from labelclean.review.copy_groups import CopyGroups, counted_labels
from labelclean.review.decision_table import UNDECIDED, DecisionTable
from labelclean.review.queue_sources import ReviewedRun

__all__ = ["contradicting_rows"]


def contradicting_rows(
    run: ReviewedRun, copies: CopyGroups, table: DecisionTable, keep: MaskArray
) -> tuple[IndexArray, MaskArray]:
    """
    Return the rows that stand for the groups whose labels contradict each other.

    A corrected row counts with its new label, an excluded one not at all: a group whose labels are the same by now is
    solved. So is one whose rows are all decided: whoever kept different labels meant it.

    Parameters
    ----------
    run : ReviewedRun
        The ranking, and the labels given.
    copies : CopyGroups
        The groups of near-copies.
    table : DecisionTable
        The decisions in force.
    keep : ndarray of bool, shape (n_examples,)
        The rows that meet the other conditions; a group is there if one of its rows does.

    Returns
    -------
    ndarray of int64, shape (n_groups,)
        For each group its most suspect row, of those that nobody decided where there are any. The groups where most
        rows have another label than the most common one come first; among equals the most suspect one.
    ndarray of bool, shape (n_groups,)
        True where the group is to be decided; False where it contradicted itself and is solved.
    """
    labels = counted_labels(table)
    now = copies.contradicting(labels)
    ever = np.repeat(now | copies.contradicting(run.labels), copies.sizes)
    chosen = ever & keep[copies.rows]
    rows = copies.rows[chosen]
    groups = np.repeat(np.arange(len(copies)), copies.sizes)[chosen]
    undecided = table.verdicts[rows] == UNDECIDED
    is_open = undecided & now[groups]
    stands = is_open | ~undecided  # of a solved group a row that was decided: progress counts it as done
    rows, groups, is_open = rows[stands], groups[stands], is_open[stands]
    ranks = np.empty(len(run.labels), dtype=np.int64)
    ranks[run.ranked_rows] = np.arange(len(run.ranked_rows))
    best = np.lexsort((ranks[rows], ~is_open, groups))
    first = best[np.flatnonzero(np.diff(groups[best], prepend=-1))]
    order = np.lexsort((ranks[rows[first]], -copies.n_dissenting(labels)[groups[first]]))
    found: IndexArray = rows[first[order]]
    return found, is_open[first[order]]
