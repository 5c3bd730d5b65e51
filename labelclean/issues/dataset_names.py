"""Names in a dataset that look like one class, and the rows that have the rarer spellings."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, IndexArray, Label, freeze_fields
from labelclean.dataset import Dataset, sorted_classes
from labelclean.issues.similar_names import NameGroup, similar_class_names
from labelclean.label_set import LabelSet

__all__ = ["SimilarNames", "find_similar_names", "label_counts", "visible_name"]

_NAME_CHARACTERS = 40


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SimilarNames:
    """
    Groups of names that look like one class each.

    Attributes
    ----------
    groups : tuple of NameGroup
        Their codes are positions in ``names``.
    names : tuple of hashable
        All classes; where texts have label sets, the labels inside of them.
    rows : ndarray of int64
        The examples with a name that is not the proposed one of its group, in rising order. Read-only.
    """

    groups: tuple[NameGroup, ...]
    names: tuple[Label, ...]
    rows: IndexArray

    def __post_init__(self) -> None:
        """Make the array read-only."""
        freeze_fields(self)


def find_similar_names(dataset: Dataset) -> SimilarNames | None:
    """
    Find classes whose names look like one, or None if there are none.

    Parameters
    ----------
    dataset : Dataset
        Of label sets the labels inside are compared; of several annotators, all their votes count.

    Returns
    -------
    SimilarNames or None
        The groups and the rows they are about.
    """
    names, counts = label_counts(dataset)
    groups = similar_class_names(names, counts)
    if not groups:
        return None
    dropped = LabelSet(
        name for group in groups for name in group.names if LabelSet([name]) != LabelSet([group.proposed])
    )
    is_about = np.array(
        [any(label in dropped for label in _labels_of(name)) for name in dataset.class_names] + [False], dtype=bool
    )
    rows = is_about[dataset.labels]  # the last place stands for rows without a label
    if dataset.votes is not None:
        rows = rows | is_about[dataset.votes.codes].any(axis=1)
    return SimilarNames(groups=groups, names=names, rows=np.flatnonzero(rows))


def label_counts(dataset: Dataset) -> tuple[tuple[Label, ...], tuple[int, ...]]:
    """
    Return all labels of a dataset in class order, and how many rows (or votes) have each.

    Examples
    --------
    >>> label_counts(Dataset.from_labels(["a", "b"], [LabelSet(["x"]), LabelSet(["x", "y"])]))
    (('x', 'y'), (2, 1))
    """
    codes = dataset.labels if dataset.votes is None else dataset.votes.codes
    n_rows = np.bincount(codes[codes != UNLABELLED], minlength=dataset.n_classes).tolist()
    if not dataset.has_label_sets:
        return dataset.class_names, tuple(n_rows)
    counts: dict[LabelSet, int] = {}  # under a set of one, 1 and True are two keys
    for label_set, count in zip(dataset.class_names, n_rows, strict=True):
        for label in _labels_of(label_set):
            alone = LabelSet([label])
            counts[alone] = counts.get(alone, 0) + count
    names = sorted_classes(label for alone in counts for label in alone)
    return names, tuple(counts[LabelSet([name])] for name in names)


def visible_name(name: Label) -> str:
    r"""
    Return a name in which space at the ends stays, and characters that cannot be seen have their code.

    Examples
    --------
    >>> visible_name("re\u200bfund "), visible_name(7)
    ('re<U+200B>fund ', '7')
    """
    shown = "".join(
        character
        if character == " " or (character.isprintable() and unicodedata.category(character) not in {"Cf", "Zs"})
        else f"<U+{ord(character):04X}>"
        for character in str(name)[: _NAME_CHARACTERS + 1]
    )
    return f"{shown[:_NAME_CHARACTERS]}…" if len(str(name)) > _NAME_CHARACTERS else shown


def _labels_of(name: Label) -> Sequence[Label]:
    return name.labels if isinstance(name, LabelSet) else (name,)
