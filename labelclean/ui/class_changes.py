"""The list of what was merged, renamed and split, by whom and when, each with the way back."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from labelclean.review.bulk.decide import turn_bulk
from labelclean.review.decisions import EventKind, undone_uuids
from labelclean.review.merging import turn_merge
from labelclean.review.splitting import Split, splits_of
from labelclean.ui.clock import moment
from labelclean.ui.elements import note, number_of
from labelclean.ui.merge_dialog import append_event, current_reviewer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labelclean.review.decisions import ReviewEvent
    from labelclean.store.records import ProjectRecord

__all__ = ["draw_class_changes"]

_MOST_SHOWN = 20


def draw_class_changes(project: ProjectRecord, events: Sequence[ReviewEvent]) -> None:
    """Draw the changes, the newest last."""
    undone = undone_uuids(events)
    changes: list[tuple[int, ReviewEvent | Split]] = [
        (event.position or 0, event) for event in events if event.kind is EventKind.MERGE
    ]
    changes += [(split.first.position or 0, split) for split in splits_of(events)]
    changes.sort(key=lambda pair: pair[0])
    if len(changes) > _MOST_SHOWN:
        note(f"The last {_MOST_SHOWN} of {len(changes):,} changes.")
    for _, change in changes[-_MOST_SHOWN:]:
        if isinstance(change, Split):
            _draw_split(project, change)
        else:
            _draw_merge(project, change, is_undone=change.uuid in undone)


def _draw_merge(project: ProjectRecord, merge: ReviewEvent, *, is_undone: bool) -> None:
    if _draw_change(merge, merge.note, key=f"merge-turn-{merge.uuid}", is_undone=is_undone):
        append_event(project, turn_merge(merge, _turn(is_undone), reviewer=current_reviewer(), now=datetime.now(UTC)))


def _draw_split(project: ProjectRecord, split: Split) -> None:
    said = f"{split.first.note} ({number_of(split.n_rows, 'row', 'rows')})"
    if _draw_change(split.first, said, key=f"split-turn-{split.first.step}", is_undone=split.is_undone):
        kind = _turn(split.is_undone)
        append_event(project, turn_bulk(split.first, kind, reviewer=current_reviewer(), now=datetime.now(UTC)))


def _turn(is_undone: bool) -> EventKind:
    return EventKind.REDO if is_undone else EventKind.UNDO


def _draw_change(event: ReviewEvent, said: str, *, key: str, is_undone: bool) -> bool:
    """Draw one change; return whether it is to be turned."""
    who = f"{event.reviewer}, {moment(event.decided_at)}" + (", undone" if is_undone else "")
    state_class = "lc-merge undone" if is_undone else "lc-merge"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            f'<span class="{state_class}"><bdi>{escape(said[:1].upper() + said[1:])}</bdi> '
            f"<small>{escape(who)}</small></span>",
            width="content",
        )
        return st.button("Redo" if is_undone else "Undo", key=key)
