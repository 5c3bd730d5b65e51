"""Which fold each row is held out in: every class spread evenly, duplicates kept together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray
from labelclean.errors import InvalidInputError

__all__ = ["NO_FOLD", "FoldSplits", "Splits", "assign_folds", "group_numbers", "groups_of_labelled"]

NO_FOLD = -1
"""The fold of a row without a label: it is held out of all of them."""


class Splits(Protocol):
    """For each split the rows to train on, and the rows to judge."""

    def __len__(self) -> int:
        """Return the number of splits."""

    def __getitem__(self, fold: int, /) -> tuple[IndexArray, IndexArray]:
        """Return positions of rows."""


@dataclass(frozen=True, eq=False, slots=True)
class FoldSplits:
    """
    The splits that hold out each fold once, made when asked for: many folds of many rows would not fit the memory.

    Attributes
    ----------
    folds : ndarray of int64, shape (n_examples,)
        As ``assign_folds`` gives them; rows without a fold are neither trained on nor judged.

    Examples
    --------
    >>> train, test = FoldSplits(np.array([0, 1, -1, 0]))[0]
    >>> train.tolist(), test.tolist()
    ([1], [0, 3])
    """

    folds: IndexArray

    def __len__(self) -> int:
        """Return the number of folds, 0 where no row has one."""
        return int(self.folds.max(initial=NO_FOLD)) + 1

    def __getitem__(self, fold: int, /) -> tuple[IndexArray, IndexArray]:
        """Return the rows of the other folds, and those of this one."""
        return np.flatnonzero((self.folds != fold) & (self.folds != NO_FOLD)), np.flatnonzero(self.folds == fold)


def assign_folds(labels: CodeArray, groups: IndexArray, *, n_folds: int, random_state: int = 0) -> IndexArray:
    """
    Deal groups of rows to folds.

    Class by class, the groups are shuffled and dealt one by one to the fold that holds the fewest rows of the class;
    among equals to the smallest fold, then to the first. A group goes with the class most of its rows are given.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number share a fold.
    n_folds : int
        Wanted number of folds, 2 or more; fewer are used where there are fewer groups with a label.
    random_state : int, default=0
        Seed of the shuffle.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Fold of each row, from 0 and without gaps; -1 for rows without a label.

    Examples
    --------
    >>> folds = assign_folds(np.array([0, 0, 1, 1, -1]), np.arange(5), n_folds=2)
    >>> sorted(folds[:2].tolist()), sorted(folds[2:4].tolist()), int(folds[4])
    ([0, 1], [0, 1], -1)
    """
    folds = np.full(len(labels), NO_FOLD, dtype=np.int64)
    labelled = np.flatnonzero(labels != UNLABELLED)
    if not labelled.size:
        return folds
    _, group_of = np.unique(groups[labelled], return_inverse=True)
    n_groups = int(group_of.max()) + 1
    fold_of_group = _deal(
        _main_classes(labels[labelled], group_of, n_groups),
        np.bincount(group_of, minlength=n_groups),
        n_folds=min(n_folds, n_groups),
        random_state=random_state,
    )
    folds[labelled] = fold_of_group[group_of]
    return folds


def group_numbers(groups: object, n_examples: int) -> IndexArray:
    """
    Return a number for each row's group.

    Parameters
    ----------
    groups : sequence of hashable, length n_examples, or None
        Rows with the same value belong together; None where each row is on its own.
    n_examples : int
        Number of rows.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Numbers by first appearance, so that the names of the groups do not matter.

    Raises
    ------
    InvalidInputError
        If the lengths differ.

    Examples
    --------
    >>> group_numbers(["anna", "ben", "anna"], 3)
    array([0, 1, 0])
    """
    if groups is None:
        return np.arange(n_examples, dtype=np.int64)
    values = groups.tolist() if hasattr(groups, "tolist") else list(cast("Sequence[object]", groups))
    if len(values) != n_examples:
        raise InvalidInputError(
            f"groups must have one value for each of the {n_examples:,} rows; got {len(values):,}.",
            fix="Give each row its own value where it belongs to no group.",
        )
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)


def groups_of_labelled(groups: IndexArray, labels: CodeArray) -> IndexArray:
    """
    Count groups by their first row with a label, as if there were no other rows.

    Parameters
    ----------
    groups : ndarray of int64, shape (n_examples,)
        As ``group_numbers`` gives them.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Numbers of rows without a label say nothing.

    Examples
    --------
    >>> groups_of_labelled(np.array([0, 1, 0, 1]), np.array([-1, 0, 0, 1]))
    array([0, 0, 1, 0])
    """
    labelled = np.flatnonzero(labels != UNLABELLED)
    if len(labelled) == len(labels):
        return groups
    numbers = groups.copy()
    numbers[labelled] = group_numbers(groups[labelled], len(labelled))
    return numbers


def _main_classes(labels: CodeArray, group_of: IndexArray, n_groups: int) -> CodeArray:
    """Return the class most rows of each group are given; among equals the first class."""
    pairs, counts = np.unique(np.stack([group_of, labels]), axis=1, return_counts=True)
    order = np.lexsort((-pairs[1], counts, pairs[0]))  # the last entry of each group is its winner
    main = np.empty(n_groups, dtype=np.int64)
    main[pairs[0, order]] = pairs[1, order]
    return main


def _deal(main_classes: CodeArray, sizes: IndexArray, *, n_folds: int, random_state: int) -> IndexArray:
    generator = np.random.default_rng(random_state)
    fold_of_group = np.empty(len(sizes), dtype=np.int64)
    totals = [0] * n_folds
    for code in np.unique(main_classes):
        members = generator.permutation(np.flatnonzero(main_classes == code))
        of_class = [0] * n_folds
        for group in members.tolist():
            fold = min(range(n_folds), key=lambda f: (of_class[f], totals[f], f))
            fold_of_group[group] = fold
            of_class[fold] += int(sizes[group])
            totals[fold] += int(sizes[group])
    return fold_of_group
