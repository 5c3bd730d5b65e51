"""Groups of rows whose texts are the same or nearly so, and which of the groups contradict themselves."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import CodeArray, IndexArray, MaskArray, freeze
from labelclean.review.decision_table import UNDECIDED, VERDICT_CODES, DecisionTable
from labelclean.review.decisions import Verdict

__all__ = ["ContradictionCount", "CopyGroups", "counted_labels"]

_NO_LABEL = -1


class CopyGroups:
    """
    The groups of near-copies that have at least two rows.

    Parameters
    ----------
    groups : ndarray of int64, shape (n_examples,)
        For each row the number of its group, as ``near_duplicate_groups`` gives them.

    Attributes
    ----------
    rows : ndarray of int64, shape (n_rows,)
        The rows that are in groups of at least two, group by group, in file order within each.
    starts : ndarray of int64, shape (n_groups,)
        Where in ``rows`` each group begins.
    """

    def __init__(self, groups: IndexArray) -> None:
        n_examples = len(groups)
        sizes = np.bincount(groups, minlength=n_examples)
        in_groups = np.flatnonzero(sizes[groups] > 1)
        self.rows: IndexArray = in_groups[np.argsort(groups[in_groups], kind="stable")].astype(np.int64)
        numbers = groups[self.rows]
        self.starts: IndexArray = np.flatnonzero(np.diff(numbers, prepend=-1)).astype(np.int64)
        self._numbers = numbers[self.starts]
        self._groups = groups
        for array in (self.rows, self.starts, self._numbers):
            freeze(array)

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.starts)

    @property
    def sizes(self) -> IndexArray:
        """Number of rows of each group."""
        return np.diff(self.starts, append=len(self.rows)).astype(np.int64)

    def index_of(self, row: int) -> int | None:
        """Return which of the groups a row is in, or None where it stands alone."""
        index = int(np.searchsorted(self._numbers, self._groups[row]))
        return index if index < len(self) and self._numbers[index] == self._groups[row] else None

    def members(self, index: int) -> IndexArray:
        """Return the rows of one of the groups, in file order."""
        end = self.starts[index + 1] if index + 1 < len(self) else len(self.rows)
        found: IndexArray = self.rows[self.starts[index] : end]
        return found

    def group_of(self, row: int) -> IndexArray:
        """Return the rows of a row's group in file order, itself included; only itself where it stands alone."""
        index = self.index_of(row)
        return np.array([row], dtype=np.int64) if index is None else self.members(index)

    def contradicting(self, labels: CodeArray) -> MaskArray:
        """
        Tell which groups have more than one label.

        Parameters
        ----------
        labels : ndarray of int64, shape (n_examples,)
            Class codes; -1 = no label, which contradicts nothing.

        Returns
        -------
        ndarray of bool, shape (n_groups,)
        """
        if not len(self):
            return np.zeros(0, dtype=np.bool_)
        own = labels[self.rows]
        lowest = np.minimum.reduceat(np.where(own == _NO_LABEL, np.iinfo(np.int64).max, own), self.starts)
        found: MaskArray = np.maximum.reduceat(own, self.starts) > lowest
        return found

    def n_dissenting(self, labels: CodeArray) -> IndexArray:
        """
        Count in each group the rows with another label than the most common one.

        Parameters
        ----------
        labels : ndarray of int64, shape (n_examples,)
            Class codes; -1 = no label, which dissents from nothing.

        Returns
        -------
        ndarray of int64, shape (n_groups,)
        """
        group_of_place = np.repeat(np.arange(len(self)), self.sizes)
        counts = (labels[self.rows] != _NO_LABEL) & self.contradicting(labels)[group_of_place]
        groups, own = group_of_place[counts], labels[self.rows[counts]]
        n_labels = int(own.max(initial=0)) + 1
        pairs, n_each = np.unique(groups * n_labels + own, return_counts=True)
        most = np.zeros(len(self), dtype=np.int64)
        np.maximum.at(most, pairs // n_labels, n_each)
        dissenting: IndexArray = np.bincount(groups, minlength=len(self)) - most
        return dissenting


def counted_labels(table: DecisionTable) -> CodeArray:
    """Return the labels that can contradict each other: those by now, without those of excluded rows."""
    return np.where(table.has_verdict(Verdict.EXCLUDE), _NO_LABEL, table.labels)


class ContradictionCount:
    """
    How many groups contradict themselves and have a row that nobody decided; follows the decisions step by step.

    Parameters
    ----------
    groups : CopyGroups
        The groups of near-copies.
    table : DecisionTable
        The decisions to follow.
    """

    def __init__(self, groups: CopyGroups, table: DecisionTable) -> None:
        self._groups = groups
        self._table = table
        self._seen = len(table.touched)
        undecided = np.zeros(0, dtype=np.bool_)
        if len(groups):
            undecided = np.logical_or.reduceat(table.verdicts[groups.rows] == UNDECIDED, groups.starts)
        self._is_open: MaskArray = groups.contradicting(counted_labels(table)) & undecided
        self._n_open = int(np.count_nonzero(self._is_open))

    def n_open(self) -> int:
        """Return the number of groups to decide, after all decisions so far."""
        touched = {self._groups.index_of(row) for row in self._table.touched[self._seen :]}
        self._seen = len(self._table.touched)
        for index in touched:
            if index is not None:
                self._settle(index)
        return self._n_open

    def _settle(self, index: int) -> None:
        rows = self._groups.members(index)
        verdicts = self._table.verdicts[rows]
        counts = (verdicts != VERDICT_CODES[Verdict.EXCLUDE]) & (self._table.labels[rows] != _NO_LABEL)
        labels = self._table.labels[rows][counts]
        is_open = len(labels) > 0 and bool(np.any(labels != labels[0])) and bool(np.any(verdicts == UNDECIDED))
        self._n_open += int(is_open) - int(self._is_open[index])
        self._is_open[index] = is_open
