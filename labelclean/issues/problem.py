"""One kind of problem of the data besides its labels: which rows have it, worst first, and why each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, MaskArray, freeze_fields

__all__ = ["PROBLEM_KINDS", "DataProblem", "ProblemKind", "ProblemReport"]

ProblemKind: TypeAlias = Literal[
    "split_overlap",
    "label_leaks",
    "near_duplicates",
    "encoding_damage",
    "odd_language",
    "low_information",
    "outliers",
    "ambiguous",
    "class_imbalance",
]
"""What may be wrong with the data besides its labels."""

PROBLEM_KINDS: tuple[ProblemKind, ...] = get_args(ProblemKind)
"""All kinds in the order of how much they spoil, the worst first."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class DataProblem:
    """
    The rows that have one kind of problem.

    Attributes
    ----------
    kind : ProblemKind
        Which problem.
    title : str
        Its name for people.
    explanation : str
        One sentence: what it means for a model.
    advice : str
        One sentence: what to do about it.
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
    """

    kind: ProblemKind
    title: str
    explanation: str
    advice: str
    rows: IndexArray
    scores: FloatArray
    reasons: tuple[str, ...]
    reason_codes: CodeArray
    marks: tuple[str, ...]
    groups: IndexArray
    contradicts: MaskArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_rows(self) -> int:
        """Number of rows that have the problem."""
        return len(self.rows)

    @property
    def n_groups(self) -> int:
        """Number of groups; 0 where rows stand alone."""
        return len(np.unique(self.groups[self.groups >= 0]))

    @property
    def n_contradicting(self) -> int:
        """Number of rows in groups with more than one given label."""
        return int(np.count_nonzero(self.contradicts))

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
