"""The heat map of the noise page: which class is mistaken for which; a click opens the queue of the cell."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from labelclean.arrays import CountMatrix, ProbMatrix
from labelclean.dataset import label_key
from labelclean.plots.cell_text import NoiseKind
from labelclean.plots.confused import drawn_classes
from labelclean.plots.noise import noise_heat_map
from labelclean.review.decided_labels import decided_codes, decided_counts
from labelclean.review.decisions import ReviewEvent
from labelclean.review.label_names import LabelNames
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.run_records import StoredRun
from labelclean.ui import state, theme
from labelclean.ui.elements import note, number_of, title
from labelclean.ui.navigation import go_to

__all__ = ["PLOT_CONFIG", "draw_noise_map", "open_pair"]

PLOT_CONFIG = {"displayModeBar": False, "displaylogo": False}
_KINDS: dict[str, NoiseKind] = {
    "Given if true": "given_if_true",
    "True if given": "true_if_given",
    "Joint": "joint",
}
_DECIDED = "Decided so far"
_LEADS: dict[NoiseKind, str] = {
    "given_if_true": "Of the rows that truly are the class on the left, the share given the class on top, in %.",
    "true_if_given": "Of the rows given the class on top, the share that truly is the class on the left, in %.",
    "joint": "Of all rows, the share that truly is the class on the left and was given the class on top, in %.",
    "decided_if_given": "Of the rows you decided that were given the class on top, "
    "the share decided to be the class on the left, in %.",
}
_ENOUGH_DECISIONS = 20


def draw_noise_map(run: StoredRun, decisions: Mapping[int, ReviewEvent], *, heading: DeltaGenerator) -> None:
    """Draw the map with the choice of what it shows; what it says goes into the heading."""
    choices = st.container(horizontal=True, vertical_alignment="center")
    decided = decided_counts(run, decisions)
    n_decided = int(decided.sum())
    names = [*_KINDS, _DECIDED] if n_decided >= _ENOUGH_DECISIONS else list(_KINDS)
    with choices:
        name = st.segmented_control(
            "Matrix", names, default=names[0], key="noise-kind", required=True, label_visibility="collapsed"
        )
        hide = st.toggle("Hide the diagonal", value=True, key="noise-diagonal")
    kind = "decided_if_given" if name == _DECIDED else _KINDS[name or names[0]]
    matrix, counts = _matrix(run, kind, decided)
    with heading:
        title("Which class is mistaken for which", _LEADS[kind] + (" The diagonal is hidden." if hide else ""))
        if kind == "decided_if_given":
            rows = number_of(n_decided, "row", "rows")
            note(f"Counted over {rows}. Most were looked at because they were suspects, so more of them are wrong.")
        n_drawn, n_classes = len(drawn_classes(matrix, counts)), len(run.class_names)
        if n_drawn < n_classes:
            note(
                f"Drawn are the {n_drawn} most confused of {n_classes:,} classes. "
                "Look up any other one; the table has the pairs of all."
            )
    given_true = _draw_figure(run, matrix, counts, kind, hide=hide)
    if given_true is not None and kind == "decided_if_given":
        _open_decided(run, decisions, *given_true)
    elif given_true is not None:
        open_pair(run, *given_true)


def _matrix(run: StoredRun, kind: NoiseKind, decided: CountMatrix) -> tuple[ProbMatrix, CountMatrix]:
    if kind == "decided_if_given":
        return decided / np.maximum(decided.sum(axis=1, keepdims=True), 1), decided
    noise = run.noise
    matrix = {
        "given_if_true": noise.noise_matrix,
        "true_if_given": noise.inverse_noise_matrix,
        "joint": noise.joint,
    }[kind]
    return matrix, noise.confident_joint


def _draw_figure(
    run: StoredRun, matrix: ProbMatrix, counts: CountMatrix, kind: NoiseKind, *, hide: bool
) -> tuple[int, int] | None:
    """Draw the map; return the cell that was clicked."""
    figure = noise_heat_map(
        matrix,
        LabelNames.of(run.class_names).tokens,
        palette=theme.current_palette(),
        hide_diagonal=hide,
        kind=kind,
        selected=_selected(run),
        counts=counts,
    )
    event = st.plotly_chart(
        figure,
        theme=None,
        key=f"noise-map-{kind}",
        on_select="rerun",
        selection_mode="points",
        config=PLOT_CONFIG,
        alt="Heat map of the noise matrix; the table beside it holds the same cells",
    )
    points = event["selection"]["points"]
    if not points:
        return None
    given, true = points[0]["customdata"][:2]
    return int(given), int(true)


def _selected(run: StoredRun) -> tuple[int, int] | None:
    """Return the cell whose queue is open on the review page."""
    queue = state.queue_filter()
    if queue.given is None or queue.suggested is None:
        return None
    codes = {label_key(name): code for code, name in enumerate(run.class_names)}
    given, true = codes.get(label_key(queue.given)), codes.get(label_key(queue.suggested))
    return None if given is None or true is None else (given, true)


def open_pair(run: StoredRun, given: int, true: int) -> None:
    """Show the queue of the rows given one class for which the other one is suggested."""
    state.set_queue_filter(QueueFilter.of_pair(run.class_names[given], run.class_names[true]))
    go_to("review")


def _open_decided(run: StoredRun, decisions: Mapping[int, ReviewEvent], given: int, decided: int) -> None:
    """Show the rows given one class that were decided to be the other one."""
    rows, codes = decided_codes(run, decisions)
    chosen = rows[(codes == decided) & (run.labels[rows] == given)]
    if len(chosen):
        state.set_queue_filter(QueueFilter(rows=tuple(chosen.tolist()), only_issues=False, undecided_only=False))
        go_to("review")
