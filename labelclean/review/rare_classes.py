"""Which classes have so few rows that each of their labels counts."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import UNLABELLED, Label, MaskArray
from labelclean.label_set import LabelSet
from labelclean.review.decision_table import GivenLabels

__all__ = ["RARE_RULE", "rare_rows"]

_ROWS_AT_LEAST = 5
_SHARE_OF_AVERAGE = 0.05

RARE_RULE = "A class is rare if fewer than 5 rows have it, or less than a twentieth of what the average class has."
"""How ``rare_rows`` decides, for people."""


def rare_rows(run: GivenLabels) -> MaskArray:
    """
    Tell which rows have a rare class.

    Parameters
    ----------
    run : GivenLabels
        The given labels and their classes.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
        True where the given class is rare; of a label set, where one of its labels is.

    Notes
    -----
    A class is rare if fewer than 5 rows have it, so that not every part of a split into five has one, or less than a
    twentieth of what the average class has. Both are choices.
    """
    counts = np.bincount(run.labels[run.labels != UNLABELLED], minlength=len(run.class_names))
    is_rare = _rare_sets(run.class_names, counts.tolist()) if _are_sets(run.class_names) else _is_rare(counts)
    # One more for the rows without a label, whose code is -1.
    found: MaskArray = np.append(is_rare, np.False_)[run.labels]
    return found


def _are_sets(class_names: tuple[Label, ...]) -> bool:
    return bool(class_names) and isinstance(class_names[0], LabelSet)


def _is_rare(counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> MaskArray:
    given = counts[counts > 0]
    limit = max(_ROWS_AT_LEAST, _SHARE_OF_AVERAGE * float(given.mean())) if len(given) else 0.0
    rare: MaskArray = counts < limit
    return rare


def _rare_sets(class_names: tuple[Label, ...], counts: list[int]) -> MaskArray:
    """Count each label over all sets it is in; a set is rare where one of its labels is."""
    sets = [_keys(name) for name in class_names]
    totals: dict[tuple[type, Label], int] = {}
    for keys, count in zip(sets, counts, strict=True):
        for key in keys:
            totals[key] = totals.get(key, 0) + count
    is_rare = dict(zip(totals, _is_rare(np.array(list(totals.values()), dtype=np.int64)).tolist(), strict=True))
    return np.array([any(is_rare[key] for key in keys) for keys in sets], dtype=np.bool_)


def _keys(name: Label) -> list[tuple[type, Label]]:
    return [(type(label), label) for label in name.labels] if isinstance(name, LabelSet) else []
