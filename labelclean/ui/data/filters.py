"""The line above the table of all rows: search, filters, order, columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import streamlit as st

from labelclean.review.table.query import COLUMN_PREFIX, PAGE_SIZES, DecisionFilter, TableQuery
from labelclean.ui import state
from labelclean.ui.elements import plain_markdown

if TYPE_CHECKING:
    from labelclean.ui.desk import Desk

__all__ = ["DECISION_WORDS", "SORT_WORDS", "draw_filters"]

DECISION_WORDS: dict[str, str] = {
    "keep": "kept",
    "accept": "suggestion taken",
    "relabel": "other label",
    "ambiguous": "ambiguous",
    "unsure": "unsure",
    "exclude": "excluded",
}
"""The verdicts in the column of decisions."""

SORT_WORDS: dict[str, str] = {
    "row": "row",
    "id": "id",
    "text": "text",
    "label": "label",
    "decision": "decision",
    "given": "given",
    "suggested": "suggested",
    "error": "wrong %",
    "reviewer": "reviewer",
}
"""What rows can be sorted by."""

_FILTER_WORDS = {"": "any decision", "undecided": "not decided", "any": "decided", **DECISION_WORDS}


def draw_filters(desk: Desk, current: TableQuery, others: Sequence[str]) -> TableQuery:
    """Draw the widgets, set to what is shown, and return what they say now; another search begins at page 1."""
    generation = _widget_set(desk, current)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            "Text contains", value=current.text, max_chars=200, width=230, key=f"table-text-{generation}"
        )
        given = _choose_given(desk, current, generation)
        decisions = list(get_args(DecisionFilter))
        decision = st.selectbox(
            "Decision",
            decisions,
            index=decisions.index(current.decision),
            format_func=lambda choice: _FILTER_WORDS[choice],
            width=150,
            key=f"table-decision-{generation}",
        )
        sort, is_descending = _choose_order(desk, current, others, generation)
        with st.popover("Columns", width=110):
            columns = st.multiselect(
                "Other columns of the file",
                list(others),
                default=[name for name in current.columns if name in others],
                max_selections=8,
                placeholder="none" if others else "The file has no others",
                disabled=not others,
                format_func=plain_markdown,
                key=f"table-columns-{generation}",
            )
            page_size = st.segmented_control(
                "Rows on a page", PAGE_SIZES, default=current.page_size, required=True, key=f"table-size-{generation}"
            )
    wanted = replace(
        current,
        text=text.strip(),
        given=None if given is None else desk.names.known_label(given),
        decision=decision,
        sort=sort,
        is_descending=is_descending,
        columns=tuple(columns),
        page_size=page_size or PAGE_SIZES[0],
    )
    if wanted != current:
        wanted = replace(wanted, page=1) if replace(wanted, columns=current.columns) != current else wanted
    state.remember("table_filter_shown", (desk.project_id, wanted.rows_asked, wanted.columns, wanted.page_size))
    return wanted


def _widget_set(desk: Desk, current: TableQuery) -> str:
    """Return the key of the widgets: another one when a link or a click elsewhere changed what is shown."""
    number = state.recall("table_filter_widgets", int) or 0
    shown = (desk.project_id, current.rows_asked, current.columns, current.page_size)
    if state.recall("table_filter_shown", tuple) != shown:
        number += 1
        state.remember("table_filter_widgets", number)
    return str(number)


def _choose_given(desk: Desk, current: TableQuery, generation: str) -> str | None:
    names = desk.names
    tokens = [names.token(name) for name in desk.run.class_names]
    token = None if current.given is None else names.token(current.given)
    return st.selectbox(
        "Given label",
        tokens,
        index=tokens.index(token) if token in tokens else None,
        placeholder="any",
        width=190,
        key=f"table-given-{generation}",
    )


def _choose_order(desk: Desk, current: TableQuery, others: Sequence[str], generation: str) -> tuple[str, bool]:
    keys = [key for key in SORT_WORDS if key != "id" or desk.dataset.row_ids is not None]
    keys += [f"{COLUMN_PREFIX}{name}" for name in others]
    sort = st.selectbox(
        "Sort by",
        keys,
        index=keys.index(current.sort) if current.sort in keys else 0,
        format_func=lambda key: SORT_WORDS.get(key, key.removeprefix(COLUMN_PREFIX)),
        width=150,
        key=f"table-sort-{generation}",
    )
    is_descending = st.toggle(
        "Descending",
        value=current.is_descending,
        key=f"table-descending-{generation}",
        help="Largest first, or Z to A. Rows without a value come last either way.",
    )
    return sort, is_descending
