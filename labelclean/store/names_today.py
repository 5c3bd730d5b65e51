"""What the labels of a run are called today, after merges of names, some older and some newer than the run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from labelclean.arrays import Label
from labelclean.dataset import label_key
from labelclean.label_set import LabelSet
from labelclean.review.decisions import ReviewEvent
from labelclean.review.merging import merged_label, single_names

__all__ = ["NamesToday"]


class NamesToday:
    """
    Turns the labels that a run knows into those of today.

    A name that rows have today can be older than the merges in force: one of them may have turned it into another
    name before a later one brought it up again. Only merges made since the run are about such a name.

    Parameters
    ----------
    merges : sequence of ReviewEvent
        The merges in force, in the order of the log.
    class_names : iterable of hashable
        The labels that rows have today.
    made_at : datetime
        When the run was made, UTC.
    """

    def __init__(self, merges: Sequence[ReviewEvent], class_names: Iterable[Label], made_at: datetime) -> None:
        self._merges = merges
        self._newer = [merge for merge in merges if merge.decided_at >= made_at]
        self._today = {label_key(single) for name in class_names for single in single_names(name)}
        self._known: dict[tuple[str, Label], Label] = {}

    def __call__(self, label: Label) -> Label:
        """Return what a label of the run is called today; in a set, each of its labels."""
        if isinstance(label, LabelSet):
            return LabelSet(map(self, label))
        key = label_key(label)
        if key not in self._known:
            self._known[key] = merged_label(label, self._newer if key in self._today else self._merges)
        return self._known[key]
