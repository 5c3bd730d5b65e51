"""One kind of problem of the data besides its labels: which rows have it, worst first, and why each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, MaskArray, freeze_fields
from labelclean.issues.problem_words import PROBLEM_KINDS, PROBLEM_WORDS, SPARE, ProblemKind

__all__ = ["PROBLEM_KINDS", "SPARE", "DataProblem", "ProblemKind", "ProblemReport", "problem_of"]

_ALONE = -1


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class DataProblem:
    """
    The rows that have one kind of problem.

    Attributes
    ----------
    kind : ProblemKind
        Which problem.
    rows : ndarray of int64, shape (n_rows,)
        Positions of the rows, worst first; where there are groups, group by group. Read-only.
    scores : ndarray of float64, shape (n_rows,)
        0 to 1 for each of them, low = bad. Read-only.
    reasons : tuple of str, length n_reasons
        The different reasons, one short sentence each.
    reason_codes : ndarray of int64, shape (n_rows,)
        Which of the reasons holds for each row. Read-only.
    marks : tuple of str, length n_reasons
        For each reason what to mark in the text; empty where there is nothing.
    groups : ndarray of int64, shape (n_rows,)
        The number of each row's group, the lowest position of its members; -1 where rows stand alone. Read-only.
    contradicts : ndarray of bool, shape (n_rows,)
        True where the row's group has more than one given label. Read-only.
    is_spare : ndarray of bool, shape (n_rows,)
        True where the row can go: of copies, one stays; where rows stand alone, all can. Read-only.
    """

    kind: ProblemKind
    rows: IndexArray
    scores: FloatArray
    reasons: tuple[str, ...]
    reason_codes: CodeArray
    marks: tuple[str, ...]
    groups: IndexArray
    contradicts: MaskArray
    is_spare: MaskArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def title(self) -> str:
        """Its name for people."""
        return PROBLEM_WORDS[self.kind].title

    @property
    def explanation(self) -> str:
        """What it means for a model, in one sentence."""
        return PROBLEM_WORDS[self.kind].explanation

    @property
    def advice(self) -> str:
        """What to do about it, in one sentence."""
        return PROBLEM_WORDS[self.kind].advice

    @property
    def n_rows(self) -> int:
        """Number of rows that have the problem."""
        return len(self.rows)

    @property
    def n_groups(self) -> int:
        """Number of groups; 0 where rows stand alone."""
        return len(np.unique(self.groups[self.groups >= 0]))

    @property
    def n_spare(self) -> int:
        """Number of rows that can go."""
        return int(np.count_nonzero(self.is_spare))

    @property
    def n_contradicting(self) -> int:
        """Number of rows in groups with more than one given label."""
        return int(np.count_nonzero(self.contradicts))

    def spare_alone(self) -> DataProblem:
        """Return the problem with the rows alone that can go."""
        return replace(
            self,
            rows=self.rows[self.is_spare],
            scores=self.scores[self.is_spare],
            reason_codes=self.reason_codes[self.is_spare],
            groups=self.groups[self.is_spare],
            contradicts=self.contradicts[self.is_spare],
            is_spare=self.is_spare[self.is_spare],
        )

    def reason_of(self, row: int) -> str:
        """Return why a row is among them; empty where it is not."""
        place = self._place_of(row)
        return "" if place is None else self.reasons[int(self.reason_codes[place])]

    def mark_of(self, row: int) -> str:
        """Return what to mark in the text of a row; empty where there is nothing."""
        place = self._place_of(row)
        return "" if place is None else self.marks[int(self.reason_codes[place])]

    def group_of(self, row: int) -> IndexArray:
        """Return the rows of a row's group in rising order, itself included; none where it stands alone."""
        place = self._place_of(row)
        if place is None or self.groups[place] < 0:
            return np.empty(0, dtype=np.int64)
        members: IndexArray = np.sort(self.rows[self.groups == self.groups[place]])
        return members

    def _place_of(self, row: int) -> int | None:
        places = np.flatnonzero(self.rows == row)
        return int(places[0]) if len(places) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemReport:
    """
    What was looked for in a dataset, and what was found.

    Attributes
    ----------
    problems : tuple of DataProblem
        One for each kind that was found, the worst kind first.
    checked : tuple of ProblemKind
        What was looked for.
    left_out : tuple of (ProblemKind, str)
        What was not looked for, and why, in one sentence each.
    """

    problems: tuple[DataProblem, ...] = ()
    checked: tuple[ProblemKind, ...] = ()
    left_out: tuple[tuple[ProblemKind, str], ...] = ()

    def get(self, kind: str) -> DataProblem | None:
        """Return the problem of a kind, or None if it was not found."""
        return next((problem for problem in self.problems if problem.kind == kind), None)


def problem_of(
    kind: ProblemKind,
    rows: Sequence[int] | IndexArray,
    scores: Sequence[float] | FloatArray,
    reasons: Sequence[str],
    *,
    marks: Sequence[str] = (),
    groups: IndexArray | None = None,
    contradicts: MaskArray | None = None,
    is_spare: MaskArray | None = None,
) -> DataProblem | None:
    """
    Put the rows of a problem in order.

    Parameters
    ----------
    kind : ProblemKind
        Which problem.
    rows : sequence of int
        Positions of rows, each at most once.
    scores : sequence of float
        0 to 1 for each row, low = bad.
    reasons : sequence of str
        Why, for each row.
    marks : sequence of str, optional
        What to mark in the text, for each row.
    groups, contradicts, is_spare : ndarray, optional
        For each row, as in ``DataProblem``; rows then stay in the order given.

    Returns
    -------
    DataProblem or None
        Worst first, among equals in file order, unless there are groups; None where there are no rows.

    Examples
    --------
    >>> found = problem_of("low_information", [4, 7], [0.5, 0.0], ["One word.", "No text."])
    >>> found.rows, found.reason_of(4)
    (array([7, 4]), 'One word.')
    """
    if not len(rows):
        return None
    places, worth = np.array(rows, dtype=np.int64), np.array(scores, dtype=np.float64)
    order = np.arange(len(places)) if groups is not None else np.lexsort((places, worth))
    pairs = list(zip(reasons, marks or [""] * len(places), strict=True))
    numbers = {pair: number for number, pair in enumerate(dict.fromkeys(pairs[place] for place in order.tolist()))}
    codes = np.fromiter((numbers[pair] for pair in pairs), dtype=np.int64, count=len(pairs))
    return DataProblem(
        kind=kind,
        rows=places[order],
        scores=worth[order],
        reasons=tuple(reason for reason, _ in numbers),
        reason_codes=codes[order],
        marks=tuple(mark for _, mark in numbers),
        groups=np.full(len(places), _ALONE) if groups is None else np.array(groups, dtype=np.int64),
        contradicts=np.zeros(len(places), dtype=np.bool_) if contradicts is None else np.array(contradicts),
        is_spare=np.ones(len(places), dtype=np.bool_) if is_spare is None else np.array(is_spare),
    )
