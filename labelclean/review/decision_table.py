"""The decisions in force as columns over all rows; a new decision costs a step, and counting all of them no loop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, Label, MaskArray
from labelclean.dataset import label_key
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.log import ReviewLog

__all__ = ["UNDECIDED", "VERDICT_CODES", "DecisionTable", "GivenLabels"]

UNDECIDED = -1
"""The code of rows without a decision in force."""

VERDICT_CODES: Mapping[Verdict, int] = {verdict: code for code, verdict in enumerate(Verdict)}
"""The code of each verdict in ``DecisionTable.verdicts``."""

_CORRECTIONS = frozenset({Verdict.ACCEPT, Verdict.RELABEL})
_NOBODY = -1


class GivenLabels(Protocol):
    """The labels that were there before the review."""

    @property
    def class_names(self) -> tuple[Label, ...]:
        """The classes as the user spells them."""

    @property
    def labels(self) -> CodeArray:
        """Given class codes; -1 where no label was given."""


class DecisionTable:
    """
    The decisions in force, by row.

    Parameters
    ----------
    given : GivenLabels
        The labels before the review, and their classes.

    Attributes
    ----------
    verdicts : ndarray of int8, shape (n_examples,)
        ``VERDICT_CODES``; ``UNDECIDED`` where there is no decision in force.
    labels : ndarray of int64, shape (n_examples,)
        The labels by now: the corrected ones where a decision corrects them, else those given. Classes that reviewers
        made have codes after those of the run; -1 = no label.
    has_changed : ndarray of bool, shape (n_examples,)
        True where the decision in force changes the label, or gives one.
    reviewers : ndarray of int32, shape (n_examples,)
        Whose decision it is, as ``reviewer_code`` gives it.
    touched : list of int
        Rows whose decision changed, in the order of the changes; grows, so that others can follow.
    """

    def __init__(self, given: GivenLabels) -> None:
        n_examples = len(given.labels)
        self.verdicts: NDArray[np.int8] = np.full(n_examples, UNDECIDED, dtype=np.int8)
        self.labels: CodeArray = np.array(given.labels, dtype=np.int64)
        self.has_changed: MaskArray = np.zeros(n_examples, dtype=np.bool_)
        self.reviewers: NDArray[np.int32] = np.full(n_examples, _NOBODY, dtype=np.int32)
        self.touched: list[int] = []
        self._given = given.labels
        self._codes = {label_key(label): code for code, label in enumerate(given.class_names)}
        self._reviewer_codes: dict[str, int] = {}
        self._n_changes = 0

    @classmethod
    def of(cls, given: GivenLabels, decisions: Mapping[int, ReviewEvent]) -> DecisionTable:
        """Return the table of some decisions in force."""
        table = cls(given)
        for row, event in decisions.items():
            table._set(row, event)
        return table

    def follow(self, log: ReviewLog) -> None:
        """Take over what the log says since it was asked last."""
        for row in log.changed_rows[self._n_changes :]:
            self._set(row, log.decisions.get(row))
        self._n_changes = len(log.changed_rows)

    @property
    def is_decided(self) -> MaskArray:
        """True for each row with a decision in force."""
        decided: MaskArray = self.verdicts != UNDECIDED
        return decided

    def has_verdict(self, verdict: Verdict) -> MaskArray:
        """Return for each row whether it is decided so."""
        found: MaskArray = self.verdicts == VERDICT_CODES[verdict]
        return found

    def reviewer_code(self, reviewer: str) -> int:
        """Return the code of a reviewer in ``reviewers``; one that no row has where they decided nothing."""
        return self._reviewer_codes.get(reviewer, _NOBODY - 1)

    @property
    def reviewer_names(self) -> tuple[str, ...]:
        """All whose decisions are or were in force, in the order of their first one."""
        return tuple(self._reviewer_codes)

    def _set(self, row: int, event: ReviewEvent | None) -> None:
        if not 0 <= row < len(self.verdicts):
            return  # a decision about a file that had more rows
        given = self._given[row]
        if event is None or event.verdict is None:
            self.verdicts[row], self.reviewers[row], self.labels[row] = UNDECIDED, _NOBODY, given
        else:
            self.verdicts[row] = VERDICT_CODES[event.verdict]
            self.reviewers[row] = self._reviewer_codes.setdefault(event.reviewer, len(self._reviewer_codes))
            self.labels[row] = self._label_code(event, int(given))
        self.has_changed[row] = self.labels[row] != given
        self.touched.append(row)

    def _label_code(self, event: ReviewEvent, given: int) -> int:
        if event.verdict not in _CORRECTIONS or event.label is None:
            return given
        return self._codes.setdefault(label_key(event.label), len(self._codes))
