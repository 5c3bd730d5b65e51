"""Noise: which class is mistaken for which; a click opens the review queue of exactly those rows."""

from __future__ import annotations

from typing import Literal

import numpy as np
import streamlit as st

from labelclean.dataset import label_key
from labelclean.plots.confused import drawn_classes
from labelclean.plots.noise import noise_heat_map
from labelclean.review.label_names import LabelNames
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.ui import resources, state, theme
from labelclean.ui.elements import ROW_PIXELS, count, empty_state, figures, note, percent, subtitle, title
from labelclean.ui.facts_tables import draw_label_table
from labelclean.ui.gate import project_with_results
from labelclean.ui.navigation import go_to
from labelclean.ui.pair_table import pair_table

Kind = Literal["given_if_true", "true_if_given", "joint"]
KINDS: dict[str, Kind] = {"Given if true": "given_if_true", "True if given": "true_if_given", "Joint": "joint"}
MUTUAL_SHARE = 0.02
LEADS: dict[Kind, str] = {
    "given_if_true": "Of the rows that truly are the class on the left, the share given the class on top, in %.",
    "true_if_given": "Of the rows given the class on top, the share that truly is the class on the left, in %.",
    "joint": "Of all rows, the share that truly is the class on the left and was given the class on top, in %.",
}


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Noise")
    if opened is None:
        return
    project, run = opened
    if run.has_label_sets:
        _draw_label_sets(run)
        return
    chart, side = st.columns([5, 4], gap="large")
    with side:
        _draw_side(project, run)
    with chart:
        _draw_chart(run)


def _draw_label_sets(run: StoredRun) -> None:
    title(
        "Which labels are wrongly given, and which are left out",
        "A text may have any number of labels here, so each label can be wrong in two ways.",
    )
    figures(
        [
            (count(sum(noise.n_missing for noise in run.label_noise)), "labels left out (estimated)"),
            (count(sum(noise.n_added for noise in run.label_noise)), "labels wrongly given (estimated)"),
            (count(run.noise.n_label_errors), "rows with a wrong set (estimated)"),
        ]
    )
    draw_label_table(run)
    note("A label that is often left out may lack a clear rule when to give it; the review page shows the rows.")


def _draw_chart(run: StoredRun) -> None:
    heading, kind_slot = st.container(), st.container(horizontal=True, vertical_alignment="center")
    with kind_slot:
        name = st.segmented_control(
            "Matrix",
            list(KINDS),
            default="Given if true",
            key="noise-kind",
            required=True,
            label_visibility="collapsed",
        )
        hide = st.toggle("Hide the diagonal", value=True, key="noise-diagonal")
    kind = KINDS[name or "Given if true"]
    with heading:
        title("Which class is mistaken for which", LEADS[kind] + (" The diagonal is hidden." if hide else ""))
        n_drawn, n_classes = len(drawn_classes(run.noise.joint, run.noise.confident_joint)), len(run.class_names)
        if n_drawn < n_classes:
            note(f"Drawn are the {n_drawn} most confused of {n_classes:,} classes; the table has the pairs of all.")
    matrix = {
        "given_if_true": run.noise.noise_matrix,
        "true_if_given": run.noise.inverse_noise_matrix,
        "joint": run.noise.joint,
    }[kind]
    figure = noise_heat_map(
        matrix,
        LabelNames.of(run.class_names).tokens,
        palette=theme.current_palette(),
        hide_diagonal=hide,
        kind=kind,
        selected=_selected(run),
        counts=run.noise.confident_joint,
    )
    event = st.plotly_chart(
        figure,
        theme=None,
        key=f"noise-map-{kind}",
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False, "displaylogo": False},
        alt="Heat map of the noise matrix; the table beside it holds the same cells",
    )
    points = event["selection"]["points"]
    if points:
        given, true = (int(code) for code in points[0]["customdata"][:2])
        _open_queue(run, given, true)


def _selected(run: StoredRun) -> tuple[int, int] | None:
    """Return the cell whose queue is open on the review page."""
    queue = state.queue_filter()
    if queue.given is None or queue.suggested is None:
        return None
    codes = {label_key(name): code for code, name in enumerate(run.class_names)}
    given, true = codes.get(label_key(queue.given)), codes.get(label_key(queue.suggested))
    return None if given is None or true is None else (given, true)


def _draw_side(project: ProjectRecord, run: StoredRun) -> None:
    figures(
        [
            (count(run.noise.n_label_errors), "label errors (estimated)"),
            (percent(run.noise.label_accuracy, digits=1), "label accuracy (estimated)"),
        ]
    )
    note("Estimates of the whole data; the table counts the rows in which the models suggest another class.")
    table = pair_table(run, resources.decided_rows(project))
    if table.empty:
        empty_state("No class is mistaken for another", "The probabilities agree with every label.")
        return
    subtitle("The most frequent mistakes")
    event = st.dataframe(
        table,
        hide_index=True,
        key="pair-table",
        on_select="rerun",
        selection_mode="single-row",
        height=min(ROW_PIXELS * (len(table) + 1) + 2, 430),
        alt="Pairs of classes: truly, given, rows, share, decided",
        column_config={
            "Rows": st.column_config.NumberColumn(format="localized", help="Rows in the queue of this pair."),
            "Share": st.column_config.NumberColumn(
                format="%.0f %%", help="Of the rows given this label, the share in this queue."
            ),
            "Decided": st.column_config.NumberColumn(format="localized", help="Of these rows, how many are decided."),
        },
    )
    rows = event["selection"]["rows"]
    if rows:
        _open_queue(run, *table.attrs["pairs"][rows[0]])
    note("Click a cell, or select a row here, to review exactly those rows.")
    _draw_advice(run)


def _draw_advice(run: StoredRun) -> None:
    """Say which classes are taken for each other both ways: there a rule may be missing, not attention."""
    names = LabelNames.of(run.class_names).tokens
    both = np.minimum(run.noise.noise_matrix, run.noise.noise_matrix.T)
    pairs = np.argwhere(np.triu(both, k=1) > MUTUAL_SHARE)
    for first, second in sorted(pairs.tolist(), key=lambda pair: -both[pair[0], pair[1]])[:2]:
        note(
            f"{names[first]} and {names[second]} are taken for each other in both directions: "
            "the two may need one clearer rule, or one name."
        )


def _open_queue(run: StoredRun, given: int, true: int) -> None:
    state.set_queue_filter(QueueFilter.of_pair(run.class_names[given], run.class_names[true]))
    go_to("review")


if __name__ == "__main__":
    render()
