"""The tables of single labels, where texts have label sets, and of annotators."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from labelclean.review.label_set_names import member_token
from labelclean.store.run_records import StoredRun
from labelclean.ui.elements import ROW_PIXELS, note, subtitle

__all__ = ["annotator_table", "draw_annotators", "draw_label_table", "label_table"]


def label_table(run: StoredRun) -> pd.DataFrame:
    """Return one line per label, the one that is most often wrong first."""
    noise = sorted(run.label_noise, key=lambda each: -(each.n_missing + each.n_added))
    return pd.DataFrame(
        {
            "Label": [member_token(each.label) for each in noise],
            "Rows given": [each.n_given for each in noise],
            "Left out": [round(each.n_missing) for each in noise],
            "Share left out": [100 * each.missing_rate for each in noise],
            "Wrongly given": [round(each.n_added) for each in noise],
            "Share of rows given": [100 * each.n_added / max(each.n_given, 1) for each in noise],
        }
    )


def draw_label_table(run: StoredRun) -> None:
    """Draw how often each label is left out and wrongly given."""
    table = label_table(run)
    st.dataframe(
        table,
        hide_index=True,
        key="label-table",
        height=min(ROW_PIXELS * (len(table) + 1) + 2, 460),
        alt="One line per label: rows given, left out, wrongly given",
        column_config={
            "Rows given": st.column_config.NumberColumn(format="localized"),
            "Left out": st.column_config.NumberColumn(
                format="localized", help="Rows that are estimated to lack this label."
            ),
            "Share left out": _share("Left out, as a share of the rows to which it belongs."),
            "Wrongly given": st.column_config.NumberColumn(
                format="localized", help="Rows that are estimated to have this label wrongly."
            ),
            "Share of rows given": _share("Wrongly given, as a share of the rows that have it."),
        },
    )


def annotator_table(run: StoredRun) -> pd.DataFrame:
    """Return one line per annotator, the least reliable first; those of whom nothing is known last."""
    found = sorted(run.annotators, key=lambda each: (each.quality is None, each.quality or 0.0, each.name))
    return pd.DataFrame(
        {
            "Annotator": [each.name for each in found],
            "Rows labelled": [each.n_labels for each in found],
            "Reliability": [None if each.quality is None else 100 * each.quality for each in found],
            "Agrees with the consensus": [None if each.agreement is None else 100 * each.agreement for each in found],
            "Weakest in": ["–" if each.weakest is None else member_token(each.weakest) for each in found],
        }
    )


def draw_annotators(run: StoredRun) -> None:
    """Draw how good each annotator is, where that is known."""
    if not run.annotators:
        return
    subtitle("Annotator by annotator")
    note("How far each one's labels are to be trusted, by the others' labels and the texts.")
    table = annotator_table(run)
    st.dataframe(
        table,
        hide_index=True,
        key="annotator-table",
        height=min(ROW_PIXELS * (len(table) + 1) + 2, 320),
        alt="One line per annotator: rows labelled, reliability, agreement, weakest class",
        column_config={
            "Rows labelled": st.column_config.NumberColumn(format="localized"),
            "Reliability": _share("Estimated; low means that their labels need a second look."),
            "Agrees with the consensus": st.column_config.NumberColumn(format="%.0f %%"),
        },
    )


def _share(explained: str) -> ColumnConfig:
    return st.column_config.ProgressColumn(format="%.0f %%", min_value=0, max_value=100, color="orange", help=explained)
