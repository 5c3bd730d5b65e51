"""What decisions about label sets did to each label."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, Label
from labelclean.label_set import LabelSet
from labelclean.review.decision_columns import DecisionColumns
from labelclean.review.decisions import Verdict

__all__ = ["LabelStatistics", "label_statistics"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelStatistics:
    """
    The decisions about one label of label sets.

    Attributes
    ----------
    label : hashable
        The label.
    n_decided : int
        Rows given it whose set was kept or corrected.
    n_removed : int
        Of those, how many lost it.
    n_added : int
        Rows not given it that have it by decision.
    """

    label: Label
    n_decided: int
    n_removed: int
    n_added: int


def label_statistics(columns: DecisionColumns) -> tuple[LabelStatistics, ...]:
    """
    Count what became of each label.

    Parameters
    ----------
    columns : DecisionColumns
        Decisions in force about rows with label sets.

    Returns
    -------
    tuple of LabelStatistics
        Labels that some decision was about, the most changed first; empty where the labels are no sets.
    """
    telling = columns.take(columns.has_verdict(Verdict.KEEP, Verdict.ACCEPT, Verdict.RELABEL))
    pairs, counts = np.unique(np.stack([telling.given, telling.labels]), axis=1, return_counts=True)
    decided, removed, added = Counter[Label](), Counter[Label](), Counter[Label]()
    for (given, now), n_rows in zip(pairs.T.tolist(), counts.tolist(), strict=True):
        before, after = _members(columns, given), _members(columns, now)
        decided.update(dict.fromkeys(before, n_rows))
        removed.update(dict.fromkeys((label for label in before if label not in after), n_rows))
        added.update(dict.fromkeys((label for label in after if label not in before), n_rows))
    names = dict.fromkeys([*decided, *added])
    order = sorted(names, key=lambda label: (-removed[label] - added[label], -decided[label], str(label)))
    return tuple(
        LabelStatistics(label=label, n_decided=decided[label], n_removed=removed[label], n_added=added[label])
        for label in order
    )


def _members(columns: DecisionColumns, code: int) -> LabelSet:
    label = None if code == UNLABELLED else columns.class_names[code]
    return label if isinstance(label, LabelSet) else LabelSet()
