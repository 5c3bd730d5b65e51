"""Classes with far fewer rows than the others."""

from __future__ import annotations

from collections.abc import Sequence

from labelclean.arrays import IndexArray, Label
from labelclean.issues.problem import DataProblem, problem_of

__all__ = ["class_imbalance"]

_FEW_ROWS = 5  # a class with fewer is hardly learnt, whatever the others have
_SMALL_SHARE = 0.1  # of the rows that a class has in the mean
_MIN_CLASSES = 2


def class_imbalance(rows_of_class: Sequence[tuple[Label, IndexArray]]) -> DataProblem | None:
    """
    Find classes that have fewer than five rows, or fewer than a tenth of what classes have in the mean.

    Where all classes are small, only those of less than half the mean count.

    Parameters
    ----------
    rows_of_class : sequence of (hashable, ndarray of int64)
        Each class and its rows; of label sets, those of each label, so that a row may be in several.

    Returns
    -------
    DataProblem or None
        The rows of the smallest class first; its score is its share of the mean. None where there are no such classes,
        or all are alike small.

    Examples
    --------
    >>> import numpy as np
    >>> found = class_imbalance([("a", np.arange(95)), ("b", np.arange(95, 99))])
    >>> found.rows, found.reasons
    (array([95, 96, 97, 98]), ('“b” has 4 rows; classes have 50 in the mean.',))
    """
    filled = [(name, rows) for name, rows in rows_of_class if len(rows)]
    if len(filled) < _MIN_CLASSES:
        return None
    mean = sum(len(rows) for _, rows in filled) / len(filled)
    found: dict[int, tuple[float, str]] = {}
    for name, rows in sorted(filled, key=lambda pair: len(pair[1])):
        if 2 * len(rows) >= mean or len(rows) >= max(_FEW_ROWS, _SMALL_SHARE * mean):
            break
        has = f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}"
        reason = f"“{name}” has {has}; classes have {mean:,.0f} in the mean."
        for row in rows.tolist():
            found.setdefault(row, (len(rows) / mean, reason))
    return problem_of(
        "class_imbalance", list(found), [score for score, _ in found.values()], [reason for _, reason in found.values()]
    )
