"""Near-duplicates as a problem of the data: groups of rows that say the same, under one label or under several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray, MaskArray
from labelclean.issues.duplicates import summarise_duplicates
from labelclean.issues.near_duplicates import near_duplicate_groups
from labelclean.issues.problem import DataProblem, problem_of
from labelclean.protocols import Progress, no_progress

__all__ = ["near_copies"]

_OTHER_LABEL = "Other rows say the same, and carry another label."
_SAME_LABEL = "Other rows say the same, and carry the same label."
_SCORE_OTHER, _SCORE_SAME = 0.0, 0.5


def near_copies(
    texts: Sequence[str],
    labels: CodeArray,
    *,
    groups: IndexArray | None = None,
    progress: Progress = no_progress,
) -> DataProblem | None:
    """
    Find rows whose texts are the same or nearly so.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given, which contradicts nothing.
    groups : ndarray of int64, shape (n_examples,), optional
        As ``near_duplicate_groups`` gives them, where they are known already.
    progress : Progress, optional
        Told the fraction done.

    Returns
    -------
    DataProblem or None
        Groups whose labels contradict each other first, then the larger ones, then in file order. Of groups that do
        not, all rows but one can go. None where each text is there once.

    Examples
    --------
    >>> found = near_copies(["Where is it?", "where is it?", "Thanks"], np.array([0, 1, 0]))
    >>> found.rows, found.groups, found.n_contradicting
    (array([0, 1]), array([0, 0]), 2)
    """
    own = near_duplicate_groups(texts, progress=progress) if groups is None else groups
    summary = summarise_duplicates(own, labels)
    if not len(summary.rows):
        return None
    contradicts = np.zeros(len(texts), dtype=np.bool_)
    contradicts[summary.contradicting_rows] = True
    sizes = np.bincount(own, minlength=len(texts))
    rows = summary.rows
    order = np.lexsort((rows, own[rows], -sizes[own[rows]], ~contradicts[rows]))
    ranked = rows[order]
    return problem_of(
        "near_duplicates",
        ranked,
        np.where(contradicts[ranked], _SCORE_OTHER, _SCORE_SAME),
        [_OTHER_LABEL if other else _SAME_LABEL for other in contradicts[ranked].tolist()],
        groups=own[ranked],
        contradicts=contradicts[ranked],
        is_spare=~contradicts[ranked] & ~_kept(own, labels)[ranked],
    )


def _kept(groups: IndexArray, labels: CodeArray) -> MaskArray:
    """Tell which rows stay when copies go: the first of each group that has a label, or else the first."""
    order = np.lexsort((np.arange(len(groups)), labels == UNLABELLED, groups))
    is_first = np.ones(len(groups), dtype=np.bool_)
    is_first[1:] = groups[order][1:] != groups[order][:-1]
    kept = np.zeros(len(groups), dtype=np.bool_)
    kept[order[is_first]] = True
    return kept
