"""The editable table of all rows: one page of it, what was changed in it, and the way from a line to its card."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.table.query import COLUMN_PREFIX
from labelclean.ui import state
from labelclean.ui.data.edits import ShownPage
from labelclean.ui.data.filters import DECISION_WORDS
from labelclean.ui.data.table import data_table
from labelclean.ui.elements import ROW_PIXELS
from labelclean.ui.theme import current_palette

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.elements.lib.column_types import ButtonColumnResult, ColumnConfig

    from labelclean.io.row_columns import RowColumns
    from labelclean.ui.desk import Desk

__all__ = ["draw_grid", "grid_key", "new_generation", "opened_line"]

_MOST_LINES = 15
_EDITABLE = frozenset({"label", "decision", "note"})


def grid_key(desk: Desk, rows: Sequence[int], names: Sequence[str]) -> str:
    """Return the key of the table of these rows: another page is another table."""
    said = f"{desk.project_id}:{desk.run_id}:{list(rows)}:{list(names)}"
    return f"table-{hashlib.sha256(said.encode()).hexdigest()[:16]}-{state.recall('table_generation', int) or 0}"


def new_generation() -> None:
    """Have the table drawn anew, without what was typed into it."""
    state.remember("table_generation", (state.recall("table_generation", int) or 0) + 1)


def opened_line(key: str) -> int | None:
    """Return the line whose card was asked for just now."""
    click = state.widget_value(f"{key}-open")
    line = getattr(click, "row", None)
    return line if isinstance(line, int) else None


def draw_grid(desk: Desk, key: str, rows: list[int], columns: RowColumns | None, names: Sequence[str]) -> None:
    """Draw a page of the table, and remember what it shows."""
    decisions, sought = desk.log.decisions, state.recall("table_sought", int)
    table = data_table(desk, rows, columns, names, decisions)
    st.data_editor(
        _styled(table, rows, sought),
        hide_index=True,
        key=key,
        num_rows="fixed",
        placeholder="",
        height=ROW_PIXELS * (min(len(rows), _MOST_LINES) + 1) + 3,
        disabled=[name for name in table.columns if name not in _EDITABLE],
        column_config=_column_config(desk, key, table),
        alt="All rows of the data: label, decision and note can be changed in place",
    )
    shown: dict[int, ReviewEvent] = {row: decisions[row] for row in rows if row in decisions}
    kept = state.recall("table_page", ShownPage)
    done = kept.done if kept is not None and kept.key == key else {}
    page = ShownPage(
        project_id=desk.project_id, key=key, rows=rows, shown=shown, position=desk.log.last_position, done=done
    )
    state.remember("table_page", page)


def _styled(table: pd.DataFrame, rows: Sequence[int], sought: int | None) -> object:
    """Give labels their two voices, and the row that was looked for its mark."""
    palette = current_palette()
    style = table.style.set_properties(subset=["given"], color=palette.given)
    style = style.set_properties(subset=["suggested"], color=palette.suggested)
    if sought in rows:
        line = [rows.index(sought)] if sought is not None else []
        marked = [name for name in table.columns if name not in _EDITABLE]
        style = style.set_properties(subset=(line, marked), **{"background-color": palette.key_cap})
    return style


def _column_config(
    desk: Desk, key: str, table: pd.DataFrame
) -> dict[str, ColumnConfig | ButtonColumnResult | str | None]:
    others = [name for name in table.columns if name.startswith(COLUMN_PREFIX)]
    return {
        "row": st.column_config.NumberColumn("Row", format="localized", pinned=True, width=60),
        "id": st.column_config.TextColumn("Id", width=72),
        "text": st.column_config.TextColumn("Text", width=276, help="Double-click a text to read the whole of it."),
        "label": _label_column(desk, table),
        "decision": st.column_config.SelectboxColumn(
            "Decision",
            options=[verdict.value for verdict in Verdict],
            format_func=lambda verdict: DECISION_WORDS[str(verdict)],
            width=104,
            help="Double-click to change it. Undo takes it back.",
        ),
        "given": st.column_config.TextColumn("Given", width=118, help="The label in the file."),
        "suggested": st.column_config.TextColumn("Suggested", width=118),
        "error": st.column_config.NumberColumn(
            "Wrong", format="%.0f %%", width=66, help="How likely the given label is wrong (estimated)."
        ),
        "note": st.column_config.TextColumn("Note", width=90, max_chars=2_000, help="Belongs to a decision."),
        "reviewer": st.column_config.TextColumn("Reviewer", width=90),
        "open": st.column_config.ButtonColumn("Card", width=72, type="secondary", key=f"{key}-open"),
        **{name: st.column_config.TextColumn(name.removeprefix(COLUMN_PREFIX)) for name in others},
    }


def _label_column(desk: Desk, table: pd.DataFrame) -> ColumnConfig:
    help_text = "The label by now. Double-click, or press Enter, to choose another one: that is a decision."
    made = tuple(state.recall("table_new_names", tuple) or ())
    members = desk.names.members
    if members is not None:
        return st.column_config.MultiselectColumn(
            "Label", options=[*members, *made], accept_new_options=True, width=190, help=help_text
        )
    present = [label for label in table["label"] if label is not None]
    options = list(dict.fromkeys([*desk.offered, *present, *made]))
    return st.column_config.SelectboxColumn("Label", options=options, width=134, help=help_text)
