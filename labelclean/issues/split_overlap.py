"""Texts that stand in more than one split of a dataset, such as train and test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from labelclean.arrays import CodeArray, IndexArray
from labelclean.issues.duplicates import summarise_duplicates
from labelclean.issues.problem import DataProblem, problem_of

__all__ = ["find_split_column", "is_split_name", "split_overlap"]

_NAMES = frozenset({"split", "splits", "set", "fold", "folds", "partition", "subset", "data_split", "dataset_split"})
_SPLITS = frozenset(
    {"train", "training", "test", "testing", "dev", "development", "val", "valid", "validation", "eval", "evaluation"}
    | {"holdout", "held-out", "heldout", "unlabeled", "unlabelled"}
)
_MOST_SPLITS = 20
_TWO = 2


def is_split_name(column: str) -> bool:
    """
    Tell whether a column is called like one that holds splits.

    Examples
    --------
    >>> is_split_name("Split"), is_split_name("text")
    (True, False)
    """
    return column.strip().casefold().replace(" ", "_") in _NAMES


def find_split_column(columns: Mapping[str, Sequence[str]]) -> str | None:
    """
    Return the column that says which split each row belongs to.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The other columns of the file.

    Returns
    -------
    str or None
        The first that is called split, set, fold, partition or the like, or else the first whose values are names of
        splits; it has 2 to 20 values. None where there is none.

    Examples
    --------
    >>> find_split_column({"source": ["web", "app"], "part": ["train", "Test"]})
    'part'
    """
    values = {name: {value.strip().casefold() for value in cells} - {""} for name, cells in columns.items()}
    named = [name for name, found in values.items() if is_split_name(name) and _TWO <= len(found) <= _MOST_SPLITS]
    filled = [name for name, found in values.items() if len(found) >= _TWO and found <= _SPLITS]
    return next(iter([*named, *filled]), None)


def split_overlap(groups: IndexArray, splits: Sequence[str], labels: CodeArray) -> DataProblem | None:
    """
    Find texts with a copy, or a near-copy, in another split.

    Parameters
    ----------
    groups : ndarray of int64, shape (n_examples,)
        As ``near_duplicate_groups`` gives them.
    splits : sequence of str, length n_examples
        The split of each row; blank where it has none.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.

    Returns
    -------
    DataProblem or None
        All rows of groups in more than one split, group by group: those with different labels first, then the larger
        ones. Those in the largest split can go. None where splits have no text in common.

    Examples
    --------
    >>> found = split_overlap(np.array([0, 0, 2]), ["train", "test", "test"], np.array([0, 0, 1]))
    >>> found.rows, found.reason_of(0)
    (array([0, 1]), 'In train; a copy is in test.')
    """
    names = [value.strip() for value in splits]
    sizes = np.bincount(groups, minlength=len(names))
    copied = np.flatnonzero(sizes[groups] > 1)
    splits_of: dict[int, set[str]] = {}
    for row, group in zip(copied.tolist(), groups[copied].tolist(), strict=True):
        splits_of.setdefault(group, set()).update(filter(None, [names[row]]))
    shared = np.array(sorted(group for group, found in splits_of.items() if len(found) >= _TWO), dtype=np.int64)
    rows = np.flatnonzero(np.isin(groups, shared))
    contradicts = np.zeros(len(names), dtype=np.bool_)
    contradicts[summarise_duplicates(groups, labels).contradicting_rows] = True
    ranked = rows[np.lexsort((rows, groups[rows], -sizes[groups[rows]], ~contradicts[rows]))]
    largest = min(Counter(filter(None, names)).items(), key=lambda pair: (-pair[1], pair[0]))[0] if len(rows) else ""
    return problem_of(
        "split_overlap",
        ranked,
        np.where(contradicts[ranked], 0.0, 0.5),
        [
            _reason(names[row], splits_of[group])
            for row, group in zip(ranked.tolist(), groups[ranked].tolist(), strict=True)
        ],
        groups=groups[ranked],
        contradicts=contradicts[ranked],
        is_spare=np.fromiter((names[row] == largest for row in ranked.tolist()), dtype=np.bool_, count=len(ranked)),
    )


def _reason(own: str, found: set[str]) -> str:
    others = sorted(found - {own})
    where = others[0] if len(others) == 1 else f"{', '.join(others[:-1])} and {others[-1]}"
    return f"In {own}; a copy is in {where}." if own else f"Copies of it are in {where}."
