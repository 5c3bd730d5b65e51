"""Decisions as columns, so that counting a hundred thousand of them takes no loop for each question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, Label, MaskArray, freeze_fields
from labelclean.dataset import label_key
from labelclean.review.decision_table import VERDICT_CODES, GivenLabels
from labelclean.review.decisions import DecisionSource, ReviewEvent, Verdict

__all__ = ["LOOKED_AT", "SOURCE_CODES", "DecisionColumns"]

SOURCE_CODES = {source: code for code, source in enumerate(DecisionSource)}
"""The code of what led to a decision in ``DecisionColumns.sources``."""

LOOKED_AT = frozenset({DecisionSource.QUEUE, DecisionSource.CONTROL, DecisionSource.TABLE})
"""Sources of decisions about rows that somebody looked at one by one."""

_CORRECTIONS = {Verdict.ACCEPT, Verdict.RELABEL}


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class DecisionColumns:
    """
    Some decisions, one place each.

    Attributes
    ----------
    rows : ndarray of int64
        Rows of the dataset.
    verdicts, sources : ndarray of int8
        ``VERDICT_CODES`` and ``SOURCE_CODES``.
    given, labels : ndarray of int64
        Codes in ``class_names`` of the label in the file and of the one decided; -1 = none. A decision that leaves the
        label has the given one.
    reviewers : ndarray of int64
        Codes in ``reviewer_names``.
    times : ndarray of float64
        Seconds since 1970, UTC.
    seconds : ndarray of float64
        How long the card was on screen; NaN where it is not known.
    error_probabilities : ndarray of float64
        What the card showed; NaN where it showed none.
    class_names : tuple of hashable
        The classes of the run, then those that reviewers made.
    reviewer_names : tuple of str
        In the order of their first decision.
    """

    rows: IndexArray
    verdicts: NDArray[np.int8]
    sources: NDArray[np.int8]
    given: CodeArray
    labels: CodeArray
    reviewers: CodeArray
    times: FloatArray
    seconds: FloatArray
    error_probabilities: FloatArray
    class_names: tuple[Label, ...]
    reviewer_names: tuple[str, ...]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @classmethod
    def of(cls, run: GivenLabels, events: Iterable[ReviewEvent]) -> Self:
        """Return the columns of some decisions; those about rows that the run does not have are left out."""
        decided = [event for event in events if event.verdict is not None and 0 <= event.row < len(run.labels)]
        names = {label_key(name): code for code, name in enumerate(run.class_names)}
        labels_of = list(run.class_names)
        people: dict[str, int] = {}
        rows = np.fromiter((event.row for event in decided), dtype=np.int64, count=len(decided))
        given = np.asarray(run.labels[rows], dtype=np.int64)
        labels = given.copy()
        for place, event in enumerate(decided):
            if event.verdict in _CORRECTIONS and event.label is not None:
                key = label_key(event.label)
                if key not in names:
                    names[key] = len(labels_of)
                    labels_of.append(event.label)
                labels[place] = names[key]
        return cls(
            rows=rows,
            verdicts=np.array([VERDICT_CODES[event.verdict] for event in decided if event.verdict], dtype=np.int8),
            sources=np.array([SOURCE_CODES[event.source] for event in decided], dtype=np.int8),
            given=given,
            labels=labels,
            reviewers=np.array([people.setdefault(event.reviewer, len(people)) for event in decided], dtype=np.int64),
            times=np.array([event.decided_at.timestamp() for event in decided], dtype=np.float64),
            seconds=_floats(event.seconds_spent for event in decided),
            error_probabilities=_floats(event.error_probability for event in decided),
            class_names=tuple(labels_of),
            reviewer_names=tuple(people),
        )

    def __len__(self) -> int:
        """Return the number of decisions."""
        return len(self.rows)

    def take(self, mask: MaskArray) -> Self:
        """Return some of the decisions."""
        return type(self)(
            rows=self.rows[mask],
            verdicts=self.verdicts[mask],
            sources=self.sources[mask],
            given=self.given[mask],
            labels=self.labels[mask],
            reviewers=self.reviewers[mask],
            times=self.times[mask],
            seconds=self.seconds[mask],
            error_probabilities=self.error_probabilities[mask],
            class_names=self.class_names,
            reviewer_names=self.reviewer_names,
        )

    @property
    def is_looked_at(self) -> MaskArray:
        """True where somebody looked at the row by itself."""
        found: MaskArray = np.isin(self.sources, [SOURCE_CODES[source] for source in LOOKED_AT])
        return found

    def has_verdict(self, *verdicts: Verdict) -> MaskArray:
        """Return for each decision whether it is one of these."""
        found: MaskArray = np.isin(self.verdicts, [VERDICT_CODES[verdict] for verdict in verdicts])
        return found

    @property
    def is_correction(self) -> MaskArray:
        """True where the decision changes the label, or gives one."""
        changed: MaskArray = self.labels != self.given
        return changed

    @property
    def tells(self) -> MaskArray:
        """True where the decision says whether the given label is right: there is one, and it is kept or corrected."""
        said: MaskArray = (self.given != UNLABELLED) & self.has_verdict(Verdict.KEEP, Verdict.ACCEPT, Verdict.RELABEL)
        return said


def _floats(values: Iterable[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
