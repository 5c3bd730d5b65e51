"""What a reviewer changed in the table of all rows, as decisions like any other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from labelclean.arrays import Label
from labelclean.dataset import label_key
from labelclean.errors import InvalidInputError, ReviewConflictError
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict
from labelclean.review.label_names import LabelNames
from labelclean.review.outbox import MAX_NOTE_LENGTH

__all__ = ["CellEdits", "EditedRow", "decision_of_edit", "undo_of"]

_NAMESPACE = uuid.UUID("5f0e7a52-5d0a-4f0b-9f3d-3d1f6f5a7c11")


@dataclass(frozen=True, kw_only=True, slots=True)
class CellEdits:
    """
    The changed cells of one row; what is None was not changed.

    Attributes
    ----------
    label : str or None
        The token of the label that was chosen or typed; of a label set its labels with commas between them.
    verdict : Verdict or None
        What was chosen in the column of decisions.
    note : str or None
        The remark.
    """

    label: str | None = None
    verdict: Verdict | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EditedRow:
    """
    A row as the reviewer saw it when they changed it.

    Attributes
    ----------
    row : int
        0-based.
    given, suggested : hashable or None
        Its labels.
    error_probability : float or None
        What the table showed, 0 to 1.
    shown : ReviewEvent or None
        The decision that the table showed.
    """

    row: int
    given: Label | None
    suggested: Label | None
    error_probability: float | None
    shown: ReviewEvent | None


def decision_of_edit(
    edits: CellEdits,
    edited: EditedRow,
    *,
    names: LabelNames,
    in_force: ReviewEvent | None,
    reviewer: str,
    now: datetime,
    page: str,
) -> ReviewEvent | None:
    """
    Return the decision that changed cells amount to.

    The given label means keep, the suggested one accept, any other one relabel. A note goes to the decision that is
    there.

    Parameters
    ----------
    edits : CellEdits
        The changed cells.
    edited : EditedRow
        The row as it was shown.
    names : LabelNames
        The tokens that were shown; an unknown one is a new class.
    in_force : ReviewEvent or None
        The decision in force by now.
    reviewer : str
        Who is at the screen.
    now : datetime
        UTC.
    page : str
        Names the page and the place in the log at which it was drawn: the same edit there is the same decision.

    Returns
    -------
    ReviewEvent or None
        None where the row is decided so already.

    Raises
    ------
    ReviewConflictError
        If somebody else decided the row since it was shown.
    InvalidInputError
        If a new name cannot be one, or the cells say no decision.
    """
    _check_conflict(edited, in_force, reviewer)
    verdict, label = _decision(edits, edited, names, in_force)
    before = "" if in_force is None else in_force.note
    note = before if edits.note is None else edits.note.strip()[:MAX_NOTE_LENGTH]
    if in_force is not None and (in_force.verdict, _key(in_force.label), before) == (verdict, _key(label), note):
        return None
    named = "\n".join([page, str(edited.row), verdict.value, repr(_key(label)), note])
    return ReviewEvent(
        uuid=str(uuid.uuid5(_NAMESPACE, named)),
        row=edited.row,
        kind=EventKind.DECIDE,
        verdict=verdict,
        label=label,
        reviewer=reviewer,
        decided_at=now,
        error_probability=edited.error_probability,
        suggested_label=edited.suggested,
        note=note,
        source=DecisionSource.TABLE,
    )


def undo_of(events: Sequence[ReviewEvent], step: str, *, kind: EventKind, reviewer: str, now: datetime) -> ReviewEvent:
    """
    Return the event that takes a step back, or makes it again.

    Parameters
    ----------
    events : sequence of ReviewEvent
        The log so far: the same step is undone anew after it was redone.
    step : str
        The decision or batch.
    kind : EventKind
        Undo or redo.
    reviewer : str
        Whose step it is.
    now : datetime
        UTC.
    """
    last = events[-1].uuid if events else ""
    row = next((event.row for event in reversed(events) if event.step == step), 0)
    return ReviewEvent(
        uuid=str(uuid.uuid5(_NAMESPACE, f"{kind}\n{step}\n{last}")),
        row=row,
        kind=kind,
        target_uuid=step,
        reviewer=reviewer,
        decided_at=now,
        source=DecisionSource.TABLE,
    )


def _check_conflict(edited: EditedRow, in_force: ReviewEvent | None, reviewer: str) -> None:
    shown = None if edited.shown is None else edited.shown.uuid
    now = None if in_force is None else in_force.uuid
    if shown == now or (in_force is not None and in_force.reviewer == reviewer):
        return
    if in_force is None:
        raise ReviewConflictError(
            f"The decision of row {edited.row:,} was taken back while you were looking at it.",
            fix="Look at the row as it is now, then decide it again.",
        )
    raise ReviewConflictError(
        f"Row {edited.row:,} was decided by {in_force.reviewer} while you were looking at it.",
        fix="Look at their decision, then keep it or replace it.",
    )


def _decision(
    edits: CellEdits, edited: EditedRow, names: LabelNames, in_force: ReviewEvent | None
) -> tuple[Verdict, Label | None]:
    if edits.label is not None:
        label = names.label(edits.label)
        if edits.verdict in {Verdict.EXCLUDE, Verdict.AMBIGUOUS, Verdict.UNSURE}:
            return edits.verdict, None
        return _of_label(label, edited)
    if edits.verdict is None:
        if in_force is None or in_force.verdict is None:
            raise InvalidInputError(
                f"A note must belong to a decision; row {edited.row:,} has none yet.",
                fix="Choose its label or its decision first, then write the note.",
            )
        return in_force.verdict, in_force.label
    return _of_verdict(edits.verdict, edited, in_force)


def _of_label(label: Label, edited: EditedRow) -> tuple[Verdict, Label | None]:
    if edited.given is not None and _key(label) == _key(edited.given):
        return Verdict.KEEP, None
    if edited.suggested is not None and _key(label) == _key(edited.suggested):
        return Verdict.ACCEPT, label
    return Verdict.RELABEL, label


def _of_verdict(verdict: Verdict, edited: EditedRow, in_force: ReviewEvent | None) -> tuple[Verdict, Label | None]:
    if verdict is Verdict.ACCEPT and edited.suggested is not None:
        return _of_label(edited.suggested, edited)
    if verdict is Verdict.RELABEL:
        if in_force is not None and in_force.verdict is Verdict.RELABEL:
            return Verdict.RELABEL, in_force.label
        raise InvalidInputError(
            f"A new label must be named; none was for row {edited.row:,}.", fix="Choose it in the column Label."
        )
    if verdict is Verdict.KEEP and edited.given is None:
        raise InvalidInputError(
            f"Only a given label can be kept; row {edited.row:,} has none.", fix="Choose a label for it."
        )
    return verdict, None


def _key(label: Label | None) -> tuple[str, Label] | None:
    return None if label is None else label_key(label)
