"""One decision for many rows that nobody looked at one by one: what it says of each, and the events it makes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from labelclean.arrays import UNLABELLED, IndexArray, Label
from labelclean.dataset import label_key
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict
from labelclean.review.queue_sources import ReviewedRun

__all__ = ["BulkAction", "BulkKind", "agrees", "bulk_rows", "make_bulk", "turn_bulk"]


class BulkKind(StrEnum):
    """What a bulk decision does with each row."""

    ACCEPT = "accept"
    """The suggested label, or set of labels, is right."""
    KEEP = "keep"
    """The given label is right."""
    GIVE = "give"
    """One label is right for all of them."""
    ADD = "add"
    """Of label sets: one label belongs into all of them."""
    REMOVE = "remove"
    """Of label sets: one label belongs into none of them."""
    EXCLUDE = "exclude"
    """The rows do not belong into the data."""


_NEED_LABEL = {BulkKind.GIVE, BulkKind.ADD, BulkKind.REMOVE}


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkAction:
    """
    What to do with many rows at once.

    Attributes
    ----------
    kind : BulkKind
        What is done.
    label : hashable or None
        The label to give (of label sets: a whole set), to add or to remove; None for the other kinds.
    """

    kind: BulkKind
    label: Label | None = None

    def __post_init__(self) -> None:
        """Refuse a label that is missing or means nothing."""
        if (self.label is None) == (self.kind in _NEED_LABEL):
            wanted = "name a label" if self.kind in _NEED_LABEL else "have no label of its own"
            raise InvalidInputError(f"The action {self.kind.value!r} must {wanted}; got the opposite.")

    def label_for(self, given: Label | None, suggested: Label) -> Label | None:
        """
        Return the label a row has afterwards.

        Parameters
        ----------
        given : hashable or None
            Its label in the file; None where it has none.
        suggested : hashable
            The label that is suggested for it.

        Returns
        -------
        hashable or None
            None where the row would stay without a label.

        Examples
        --------
        >>> BulkAction(kind=BulkKind.ADD, label="late").label_for(LabelSet(["broken"]), LabelSet())
        LabelSet(['broken', 'late'])
        """
        if self.kind is BulkKind.ACCEPT:
            return suggested
        if self.kind is BulkKind.GIVE:
            return self.label
        if self.kind is BulkKind.ADD:
            return LabelSet([*_members(given), self.label])
        if self.kind is BulkKind.REMOVE and given is not None:
            gone = label_key(self.label)
            return LabelSet(label for label in _members(given) if label_key(label) != gone)
        return given


def bulk_rows(
    run: ReviewedRun, rows: IndexArray, action: BulkAction, decisions: Mapping[int, ReviewEvent]
) -> IndexArray:
    """
    Return the rows that a bulk decision would decide.

    Parameters
    ----------
    run : ReviewedRun
        The results of the audit.
    rows : ndarray of int64
        The rows in question.
    action : BulkAction
        What is done with them.
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.

    Returns
    -------
    ndarray of int64
        In the same order, each once: those that nobody decided, and, where the action leaves the given label, those
        that have one.
    """
    unique, first = np.unique(rows, return_index=True)
    if len(unique) < len(rows):
        rows = rows[np.sort(first)]
    decided = np.fromiter(decisions, dtype=np.int64, count=len(decisions))
    free = rows[~np.isin(rows, decided)]
    if action.kind in {BulkKind.KEEP, BulkKind.REMOVE}:
        free = free[run.labels[free] != UNLABELLED]
    return free


def make_bulk(
    run: ReviewedRun,
    rows: IndexArray,
    action: BulkAction,
    *,
    decisions: Mapping[int, ReviewEvent],
    reviewer: str,
    now: datetime,
    note: str = "",
    batch: str | None = None,
) -> tuple[ReviewEvent, ...]:
    """
    Return the decisions that do one thing to many rows, as one step that is undone at once.

    Parameters
    ----------
    run : ReviewedRun
        The results of the audit, whose suggestions are meant.
    rows : ndarray of int64
        The rows in question, such as those of a queue. Rows that somebody decided are left alone.
    action : BulkAction
        What is done with them. Giving one label to all rows of a queue also splits a class: the label may be new.
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.
    reviewer : str
        Who decides.
    now : datetime
        UTC.
    note : str, default=""
        Why; goes into every event. How a sample came out stands at its beginning: see ``SamplePrecision.note``.
    batch : str, optional
        A UUID, by default a new one. The same batch makes the same events again, which the store keeps once.

    Returns
    -------
    tuple of ReviewEvent
        One for each row; empty where there is nothing left to decide. A row whose label stays is kept, one that gets
        the suggested label is accepted.

    Raises
    ------
    InvalidInputError
        If a row is not in the run.

    Notes
    -----
    The store leaves rows alone that were decided since ``decisions`` was read, too.
    """
    if len(rows) and not 0 <= int(rows.min()) <= int(rows.max()) < len(run.labels):
        raise InvalidInputError(f"The rows of a bulk decision must be below {len(run.labels):,}; got another one.")
    step = batch or str(uuid.uuid4())
    space = uuid.UUID(step)
    verdicts = _Verdicts(run, action)
    return tuple(
        ReviewEvent(
            uuid=str(uuid.uuid5(space, str(row))),
            row=row,
            kind=EventKind.DECIDE,
            verdict=verdict,
            label=label,
            reviewer=reviewer,
            decided_at=now,
            error_probability=None if np.isnan(probability) else probability,
            suggested_label=run.class_names[suggested],
            note=note,
            batch=step,
            source=DecisionSource.BULK,
        )
        for row, probability, suggested, (verdict, label) in verdicts.of(bulk_rows(run, rows, action, decisions))
    )


def turn_bulk(first: ReviewEvent, kind: EventKind, *, reviewer: str, now: datetime) -> ReviewEvent:
    """Return the event that undoes or redoes a bulk decision whole, of which ``first`` is one of the decisions."""
    return ReviewEvent(
        uuid=str(uuid.uuid4()), row=first.row, kind=kind, target_uuid=first.step, reviewer=reviewer, decided_at=now
    )


def agrees(event: ReviewEvent, action: BulkAction, *, given: Label | None, suggested: Label) -> bool:
    """
    Tell whether a reviewer who looked at a row did what a bulk decision would do.

    Parameters
    ----------
    event : ReviewEvent
        Their decision.
    action : BulkAction
        What the bulk decision would do.
    given : hashable or None
        The label in the file.
    suggested : hashable
        The label that is suggested.

    Returns
    -------
    bool
        Whether the row ends up with the label the action gives it (of adding or removing one label: with or without
        that label, whatever else the reviewer changed in the set). Unsure, ambiguous and excluded rows do not agree
        with a label; only excluded ones agree with excluding.
    """
    if action.kind is BulkKind.EXCLUDE:
        return event.verdict is Verdict.EXCLUDE
    if event.verdict not in {Verdict.KEEP, Verdict.ACCEPT, Verdict.RELABEL}:
        return False
    label = given if event.verdict is Verdict.KEEP else event.label
    if action.kind in {BulkKind.ADD, BulkKind.REMOVE}:
        has = label_key(action.label) in {label_key(member) for member in _members(label)}
        return has is (action.kind is BulkKind.ADD)
    wanted = action.label_for(given, suggested)
    return None not in {label, wanted} and label_key(label) == label_key(wanted)


class _Verdicts:
    """What an action says of rows; worked out once for each pair of given and suggested label."""

    def __init__(self, run: ReviewedRun, action: BulkAction) -> None:
        self._run = run
        self._action = action
        self._known: dict[tuple[int, int], tuple[Verdict, Label | None]] = {}

    def of(self, rows: IndexArray) -> Iterable[tuple[int, float, int, tuple[Verdict, Label | None]]]:
        """Return row, error probability, code of the suggestion, and the decision."""
        givens, suggestions = self._run.labels[rows].tolist(), self._run.suggested_labels[rows].tolist()
        probabilities = self._run.error_probabilities[rows].tolist()
        for row, probability, given, suggested in zip(rows.tolist(), probabilities, givens, suggestions, strict=True):
            if (given, suggested) not in self._known:
                self._known[given, suggested] = self._decide(given, suggested)
            yield row, probability, suggested, self._known[given, suggested]

    def _decide(self, given_code: int, suggested_code: int) -> tuple[Verdict, Label | None]:
        if self._action.kind is BulkKind.EXCLUDE:
            return Verdict.EXCLUDE, None
        given = None if given_code == UNLABELLED else self._run.class_names[given_code]
        suggested = self._run.class_names[suggested_code]
        label = self._action.label_for(given, suggested)
        if label is None or (given is not None and label_key(label) == label_key(given)):
            return Verdict.KEEP, None
        return (Verdict.ACCEPT if label_key(label) == label_key(suggested) else Verdict.RELABEL), label


def _members(label: Label | None) -> tuple[Label, ...]:
    return label.labels if isinstance(label, LabelSet) else () if label is None else (label,)
