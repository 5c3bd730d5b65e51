"""What was changed in the table of all rows: stored once as decisions, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from labelclean.errors import InvalidInputError, LabelCleanError
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict
from labelclean.review.label_set_names import NO_LABELS
from labelclean.review.log import ReviewStep
from labelclean.review.table.edits import CellEdits, EditedRow, decision_of_edit, undo_of
from labelclean.ui.data.table import shown_row

if TYPE_CHECKING:
    from labelclean.review.ports import ReviewStore
    from labelclean.ui.desk import Desk

__all__ = ["ShownPage", "last_step", "store_edits", "turn_step"]


@dataclass(kw_only=True)
class ShownPage:
    """
    A page of the table as the reviewer sees it.

    Attributes
    ----------
    project_id : str
        Whose rows.
    key : str
        Of the editable table.
    rows : list of int
        The row of each line.
    shown : dict of int to ReviewEvent
        The decisions that it shows, by row.
    position : int
        How far the log was read when it was drawn.
    done : dict of tuple to object
        The changed cells, by line and column, that were dealt with; the browser names them until it sees the answer.
    """

    project_id: str
    key: str
    rows: list[int]
    shown: dict[int, ReviewEvent]
    position: int
    done: dict[tuple[int, str], object] = field(default_factory=dict)

    def new_cells(self, edited: Mapping[int, Mapping[str, object]]) -> dict[int, dict[str, object]]:
        """Return the changed cells that were not dealt with yet, by line; from now on they are."""
        cells = {(line, name): value for line, values in edited.items() for name, value in values.items()}
        new: dict[int, dict[str, object]] = {}
        for (line, name), value in cells.items():
            if line < len(self.rows) and ((line, name) not in self.done or self.done[line, name] != value):
                new.setdefault(line, {})[name] = value
        self.done = cells
        return new


def store_edits(
    desk: Desk, store: ReviewStore, page: ShownPage, edited: Mapping[int, Mapping[str, object]], reviewer: str
) -> list[LabelCleanError]:
    """
    Store what was changed since the page was drawn.

    Parameters
    ----------
    desk : Desk
        Knows the newest decisions.
    store : ReviewStore
        Where they are stored.
    page : ShownPage
        What the reviewer saw.
    edited : mapping
        The changed cells by line and column.
    reviewer : str
        Who changed them.

    Returns
    -------
    list of LabelCleanError
        Why some changes were not taken.
    """
    events: list[ReviewEvent] = []
    refused: list[LabelCleanError] = []
    for line, cells in page.new_cells(edited).items():
        row = page.rows[line]
        given, suggested, error = shown_row(desk, row)
        shown = EditedRow(row=row, given=given, suggested=suggested, error_probability=error, shown=page.shown.get(row))
        try:
            event = decision_of_edit(
                _edits_of(cells, row),
                shown,
                names=desk.names,
                in_force=desk.log.decisions.get(row),
                reviewer=reviewer,
                now=datetime.now(UTC),
                page=f"{desk.project_id}:{page.position}",
            )
        except LabelCleanError as refusal:
            refused.append(refusal)
            continue
        if event is not None:
            events.append(event)
    if events:
        store.append_events(desk.project_id, events)
        desk.catch_up(store)
    return refused


def last_step(steps: Sequence[ReviewStep]) -> ReviewStep | None:
    """Return the newest of a reviewer's steps, if it was made in the table."""
    newest = steps[-1] if steps else None
    return newest if newest is not None and newest.first.source is DecisionSource.TABLE else None


def turn_step(desk: Desk, store: ReviewStore, step: ReviewStep, kind: EventKind, reviewer: str) -> None:
    """Take a step back, or make it again."""
    event = undo_of(desk.log.events, step.uuid, kind=kind, reviewer=reviewer, now=datetime.now(UTC))
    store.append_events(desk.project_id, [event])
    desk.catch_up(store)


def _edits_of(cells: Mapping[str, object], row: int) -> CellEdits:
    """Read changed cells, which come from the browser."""
    label, verdict, note = cells.get("label"), cells.get("decision"), cells.get("note")
    if "label" in cells and label is None:
        raise InvalidInputError(
            f"A row must keep a label; the one of row {row:,} was emptied.",
            fix="Choose another label, or “excluded” in the column Decision.",
        )
    if "decision" in cells and verdict not in set(Verdict):
        raise InvalidInputError(
            f"A decision must be one of the list; the one of row {row:,} was emptied.",
            fix="Take it back with the button Undo.",
        )
    return CellEdits(
        label=_token_of(label) if "label" in cells else None,
        verdict=Verdict(str(verdict)) if "decision" in cells else None,
        note=str(note or "") if "note" in cells else None,
    )


def _token_of(label: object) -> str:
    """Return what a label cell says as one token; a list of labels with commas between them."""
    return (", ".join(map(str, label)) or NO_LABELS) if isinstance(label, list) else str(label)
