"""What a reviewer of label sets does again and again with one label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labelclean.arrays import FloatArray, IndexArray, Label, MaskArray
from labelclean.core.cell_reranking import LabelCellOdds
from labelclean.review.lesson_words import Habit, HabitKind

__all__ = ["set_habits"]

_HABITS = 3
_AT_LEAST = 3
_MOSTLY = 0.6
_SUSPECTED = 0.5


def set_habits(
    odds: LabelCellOdds,
    moves: FloatArray,
    rows: IndexArray,
    are_wrong: MaskArray,
    *,
    is_open: MaskArray,
    members: Sequence[Label],
) -> tuple[Habit, ...]:
    """
    Return what was decided most of the time where the audit doubted what was given of one label.

    Parameters
    ----------
    odds : LabelCellOdds
        What the audit knew.
    moves : ndarray of float64, shape (n_examples, n_shown)
        What the decisions changed.
    rows : ndarray of int64, shape (n_verdicts,)
        The decided rows.
    are_wrong : ndarray of bool, shape (n_verdicts, n_shown)
        Whether what was given of each label was wrong.
    is_open : ndarray of bool, shape (n_examples,)
        The undecided rows that have a set.
    members : sequence of hashable
        The labels.

    Returns
    -------
    tuple of Habit
        At most three, what concerns most rows first.
    """
    doubted = (odds.errors > _SUSPECTED) & (odds.codes >= 0)
    after = odds.log_odds + moves > 0.0
    kinds = odds.kinds
    habits: list[Habit] = []
    for kind in np.unique(kinds[rows][doubted[rows]]).tolist():
        asked = doubted[rows] & (kinds[rows] == kind)
        n_decided, n_wrong = int(asked.sum()), int((asked & are_wrong).sum())
        n_times = max(n_wrong, n_decided - n_wrong)
        if n_times < _AT_LEAST or n_times < _MOSTLY * n_decided:
            continue
        of_kind = is_open[:, np.newaxis] & (kinds == kind)
        name: HabitKind
        if 2 * n_wrong > n_decided:
            name = "drop" if kind % 2 else "add"
            n_more = int(np.count_nonzero(of_kind & after))
        else:
            name = "not_drop" if kind % 2 else "not_add"
            n_more = int(np.count_nonzero(of_kind & doubted & ~after))
        if n_more:
            label = members[kind // 2]
            habits.append(
                Habit(kind=name, label=label, other=label, n_times=n_times, n_decided=n_decided, n_more=n_more)
            )
    habits.sort(key=lambda habit: (habit.kind.startswith("not"), -habit.n_more, -habit.n_times))
    return tuple(habits[:_HABITS])
