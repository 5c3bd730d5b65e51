"""The filter of the review page: widgets that always say what the queue on screen asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import streamlit as st

from labelclean.arrays import Label
from labelclean.io.row_columns import other_columns
from labelclean.review.decisions import Verdict
from labelclean.review.filter_words import filter_words
from labelclean.review.label_set_names import member_token
from labelclean.review.queue_filter import AnyVerdict, QueueFilter
from labelclean.store.records import ProjectRecord
from labelclean.ui import state
from labelclean.ui.desk import Desk
from labelclean.ui.elements import heading, note
from labelclean.ui.queue_list import base_of
from labelclean.ui.resource_queues import column_values

__all__ = ["draw_filters"]

_VERDICTS: dict[str, str] = {
    "any": "any decision",
    "keep": "kept",
    "accept": "accepted",
    "relabel": "another label",
    "ambiguous": "ambiguous",
    "unsure": "unsure",
    "exclude": "excluded",
}
_MAX_TEXT = 200
_STEP = 5

_Range: TypeAlias = tuple[float, float]


def draw_filters(project: ProjectRecord, desk: Desk, current: QueueFilter) -> QueueFilter:
    """Draw the widgets, set to the filter in use, and return what they say now."""
    if _draw_words(desk, current):
        base = base_of(current)
        return base if base != current else QueueFilter()
    if current.rows:
        return current  # nothing else applies
    generation = _widget_set(desk, current)
    wanted = _draw_labels(desk, current, generation)
    wanted = replace(wanted, text=_draw_text(current, generation))
    wanted = _draw_range(wanted, generation)
    wanted = _draw_boxes(wanted, generation)
    with st.expander("More filters", expanded=_is_more_used(current)):
        wanted = _draw_more(project, desk, wanted, generation)
    state.remember("filter_shown", (desk.project_id, wanted))
    return wanted


def _draw_words(desk: Desk, current: QueueFilter) -> bool:
    """Say what is filtered, if anything is; return whether it shall be cleared."""
    words = filter_words(current, desk.names.token)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        heading("Filter")
        pressed = bool(words) and st.button("Clear", key="filter-clear", type="tertiary", help="Show the whole queue.")
    if words:
        note(words)
    return pressed


def _widget_set(desk: Desk, current: QueueFilter) -> str:
    """
    Return the key of the widgets: another one when a link or a click elsewhere changed the filter.

    What the widgets themselves changed keeps them, and with them the keyboard's focus.
    """
    number = state.recall("filter_widgets", int) or 0
    if state.recall("filter_shown", tuple) != (desk.project_id, current):
        number += 1
        state.remember("filter_widgets", number)
    return str(number)


def _draw_labels(desk: Desk, current: QueueFilter, generation: str) -> QueueFilter:
    """Draw the choice of labels: of label sets, single labels that the suggestion adds or removes."""
    members = desk.names.members
    if members is None:
        return replace(
            current,
            given=_choose_class(desk, "given label", current.given, f"filter-given-{generation}"),
            suggested=_choose_class(desk, "suggested label", current.suggested, f"filter-suggested-{generation}"),
        )
    return replace(
        current,
        adds=_choose_member(members, "label it adds", current.adds, f"filter-adds-{generation}"),
        removes=_choose_member(members, "label it removes", current.removes, f"filter-removes-{generation}"),
    )


def _choose_member(members: Mapping[str, Label], what: str, chosen: Label | None, key: str) -> Label | None:
    shown = None if chosen is None else member_token(chosen)
    token = _choose(what, sorted(members), shown, key)
    return None if token is None else chosen if token == shown else members.get(token)


def _choose(what: str, options: Sequence[str], chosen: str | None, key: str) -> str | None:
    """Draw a choice; what is chosen stays, also where it is none of the options: a link may name what is gone."""
    if chosen is not None and chosen not in options:
        options = (*options, chosen)
    return st.selectbox(
        what,
        options,
        index=None if chosen is None else options.index(chosen),
        placeholder=f"any {what}",
        label_visibility="collapsed",
        key=key,
    )


def _choose_class(desk: Desk, what: str, chosen: Label | None, key: str) -> Label | None:
    names = desk.names
    shown = None if chosen is None else names.token(chosen)
    token = _choose(what, _class_tokens(desk), shown, key)
    return None if token is None else chosen if token == shown else names.known_label(token)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Classes:
    """The classes to choose from, kept as long as those on offer are the same."""

    offered: tuple[str, ...]
    tokens: tuple[str, ...]


def _class_tokens(desk: Desk) -> tuple[str, ...]:
    """Return the classes of the run: those made by reviewers were never given nor suggested, no row would match."""
    offered = desk.offered
    if desk.names.members is not None:
        return offered
    known = state.recall("filter_classes", _Classes)
    if known is None or known.offered is not offered:
        of_run = {desk.names.token(name) for name in desk.run.class_names}
        known = _Classes(offered=offered, tokens=tuple(token for token in offered if token in of_run))
        state.remember("filter_classes", known)
    return known.tokens


def _draw_text(current: QueueFilter, generation: str) -> str:
    text = st.text_input(
        "Text contains",
        value=current.text,
        max_chars=_MAX_TEXT,
        placeholder="text contains …",
        label_visibility="collapsed",
        key=f"filter-text-{generation}",
    )
    return text if text == current.text else text.strip()


def _draw_range(current: QueueFilter, generation: str) -> QueueFilter:
    """Draw the range of the score; ends between two steps stay what they are until they are moved."""
    ends: _Range = (current.min_error_probability, current.max_error_probability)
    shown = (round(100 * ends[0]), max(round(100 * ends[0]), round(100 * ends[1])))
    low, high = st.slider(
        "How likely the label is wrong", 0, 100, shown, step=_STEP, format="%d %%", key=f"filter-range-{generation}"
    )
    return replace(
        current,
        min_error_probability=ends[0] if low == shown[0] else low / 100,
        max_error_probability=ends[1] if high == shown[1] else high / 100,
    )


def _draw_boxes(current: QueueFilter, generation: str) -> QueueFilter:
    """Draw the boxes that apply to this queue."""
    flagged, undecided = current.only_issues, current.undecided_only
    with st.container(horizontal=True, gap="small"):
        if replace(current, only_issues=True).asks_issues:
            flagged = st.checkbox("flagged", value=flagged, key=f"filter-flagged-{generation}")
        if replace(current, undecided_only=True).asks_undecided:
            undecided = st.checkbox("undecided", value=undecided, key=f"filter-undecided-{generation}")
    return replace(current, only_issues=flagged, undecided_only=undecided)


def _is_more_used(current: QueueFilter) -> bool:
    return bool(current.column or current.decided_by)


def _draw_more(project: ProjectRecord, desk: Desk, current: QueueFilter, generation: str) -> QueueFilter:
    """Draw what is wanted rarely."""
    wanted = current
    if desk.names.members is not None:
        wanted = replace(
            wanted,
            given=_choose_class(desk, "given set", current.given, f"filter-given-{generation}"),
            suggested=_choose_class(desk, "suggested set", current.suggested, f"filter-suggested-{generation}"),
        )
    wanted = replace(wanted, verdict=_choose_verdict(current, generation))
    names = desk.table.reviewer_names
    if names or current.decided_by:
        reviewer = _choose("reviewer", names, current.decided_by or None, f"filter-by-{generation}")
        wanted = replace(wanted, decided_by=reviewer or "")
    return _draw_column(project, wanted, generation)


def _choose_verdict(current: QueueFilter, generation: str) -> Verdict | AnyVerdict | None:
    shown = tuple(_VERDICTS.values())
    chosen = None if current.verdict is None else _VERDICTS[str(current.verdict)]
    picked = _choose("decision", shown, chosen, f"filter-verdict-{generation}")
    code = next((code for code, said in _VERDICTS.items() if said == picked), None)
    return "any" if code == "any" else None if code is None else Verdict(code)


def _draw_column(project: ProjectRecord, current: QueueFilter, generation: str) -> QueueFilter:
    """Draw the choice of another column of the file and, once one is chosen, of its value."""
    columns = other_columns(project.dataset.layout, project.dataset.roles)
    if not columns and not current.column:
        return current
    column = _choose("column", columns, current.column or None, f"filter-column-{generation}")
    if column is None:
        return replace(current, column="", value="")
    value = _choose_value(project, column, current, f"filter-value-{generation}-{column}")
    return replace(current, column="" if value is None else column, value=value or "")


def _choose_value(project: ProjectRecord, column: str, current: QueueFilter, key: str) -> str | None:
    """Draw the most frequent values; others can be typed."""
    counts = column_values(project, column)
    own = [current.value] if current.column == column else []
    options = tuple(dict.fromkeys([*counts, *own]))
    picked = st.selectbox(
        "value",
        options,
        index=options.index(current.value) if own else None,
        placeholder="value: choose or type",
        label_visibility="collapsed",
        accept_new_options=True,
        format_func=lambda value: value or "(empty)",
        key=key,
    )
    return None if picked is None else str(picked)
