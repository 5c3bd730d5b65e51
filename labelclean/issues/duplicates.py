"""Rows that have the same text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray, freeze

__all__ = ["DuplicateSummary", "exact_duplicate_groups", "summarise_duplicates"]


def exact_duplicate_groups(texts: Sequence[str]) -> IndexArray:
    """
    Give rows with the same text the same number.

    Texts are the same if they differ in white space only. Rows without any text are not duplicates of each other:
    they share nothing a model could learn from.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        The first row of each row's group.

    Examples
    --------
    >>> exact_duplicate_groups(["where is it", "refund", " where  is it", "", ""])
    array([0, 1, 0, 3, 4])
    """
    first_row: dict[str, int] = {}
    groups = np.arange(len(texts), dtype=np.int64)
    for row, text in enumerate(texts):
        folded = " ".join(text.split())
        if folded:
            groups[row] = first_row.setdefault(folded, row)
    return groups


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class DuplicateSummary:
    """
    The rows that share their text with another row.

    Attributes
    ----------
    rows : ndarray of int64
        All of them, in file order. Read-only.
    n_groups : int
        Number of different texts among them.
    contradicting_rows : ndarray of int64
        Those in groups that carry more than one label, in file order. Read-only.
    """

    rows: IndexArray
    n_groups: int
    contradicting_rows: IndexArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze(self.rows)
        freeze(self.contradicting_rows)


def summarise_duplicates(groups: IndexArray, labels: CodeArray) -> DuplicateSummary:
    """
    Tell which rows are duplicates, and which of them contradict each other.

    Parameters
    ----------
    groups : ndarray of int64, shape (n_examples,)
        As ``exact_duplicate_groups`` or ``near_duplicate_groups`` gives them.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given, which contradicts nothing.

    Returns
    -------
    DuplicateSummary
        The rows and their counts.
    """
    n_examples = len(groups)
    sizes = np.bincount(groups, minlength=n_examples)
    labelled = labels != UNLABELLED
    lowest = np.full(n_examples, np.iinfo(np.int64).max)
    highest = np.full(n_examples, -1)
    np.minimum.at(lowest, groups[labelled], labels[labelled])
    np.maximum.at(highest, groups[labelled], labels[labelled])
    contradicting = (highest > lowest)[groups]
    return DuplicateSummary(
        rows=np.flatnonzero(sizes[groups] > 1).astype(np.int64),
        n_groups=int(np.count_nonzero(sizes > 1)),
        contradicting_rows=np.flatnonzero(contradicting).astype(np.int64),
    )
