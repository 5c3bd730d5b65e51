"""The table of confused pairs on the noise page: every cell with a row in it, and what can be done with each."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from labelclean.review.label_names import LabelNames
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.ui import state
from labelclean.ui.elements import ROW_PIXELS, empty_state, note, subtitle
from labelclean.ui.navigation import go_to
from labelclean.ui.noise.map import open_pair
from labelclean.ui.pair_table import pair_table
from labelclean.ui.split_dialog import split_dialog

__all__ = ["draw_pairs"]

_BULK, _SPLIT = "Decide many at once", "Split off …"


def draw_pairs(project: ProjectRecord, run: StoredRun, decided: Collection[int], *, code: int | None = None) -> None:
    """Draw the table; of one class only, where its code is given."""
    table = pair_table(run, decided, code=code)
    if table.empty:
        empty_state("No class is mistaken for another", "The probabilities agree with every label.")
        return
    names = LabelNames.of(run.class_names).tokens
    subtitle("The most frequent mistakes" if code is None else f"Mistakes about {names[code]}")
    pairs = table.attrs["pairs"]
    table["More"] = [[_BULK, _SPLIT]] * len(table)
    event = st.dataframe(
        table,
        hide_index=True,
        key=f"pair-table-{code}",
        on_select="rerun",
        selection_mode="single-row",
        height=min(ROW_PIXELS * (len(table) + 1) + 2, 430),
        alt="Pairs of classes: truly, given, rows, share, decided",
        column_config={
            "Truly": st.column_config.TextColumn(width=124),
            "Given": st.column_config.TextColumn(width=124),
            "Rows": st.column_config.NumberColumn(format="localized", width=52, help="Rows in the queue of this pair."),
            "Share": st.column_config.NumberColumn(
                format="%.0f %%", width=54, help="Of the rows given this label, the share in this queue."
            ),
            "Decided": st.column_config.NumberColumn(
                format="localized", width=64, help="Of these rows, how many are decided."
            ),
            "More": st.column_config.ButtonColumn(
                "More",
                type="tertiary",
                width=52,
                help="Decide the rows of this pair at once, or split them off.",
                key="pair-more",
            ),
        },
    )
    note("Click a cell, or select a row here, to review exactly those rows.")
    click = state.widget_value("pair-more")
    if click is not None:
        _act(project, run, str(getattr(click, "label", "")), *pairs[int(getattr(click, "row", 0))])
    elif event["selection"]["rows"]:
        open_pair(run, *pairs[event["selection"]["rows"][0]])


def _act(project: ProjectRecord, run: StoredRun, label: str, given: int, true: int) -> None:
    queue = QueueFilter.of_pair(run.class_names[given], run.class_names[true])
    if label == _BULK:
        state.set_queue_filter(queue)
        go_to("bulk")
    names = LabelNames.of(run.class_names).tokens
    split_dialog(project, queue, why=f"given {names[given]}, suggested {names[true]}")
