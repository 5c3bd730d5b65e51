"""Noise: which class is mistaken for which; a click opens the review queue of exactly those rows."""

from __future__ import annotations

import streamlit as st

from labelclean.plots.confused import MOST_DRAWN
from labelclean.review.decisions import current_decisions
from labelclean.store.run_records import StoredRun
from labelclean.ui import resources
from labelclean.ui.elements import count, figures, note, percent
from labelclean.ui.gate import project_with_results
from labelclean.ui.navigation import go_to
from labelclean.ui.noise.map import draw_noise_map
from labelclean.ui.noise.one_class import draw_class_search
from labelclean.ui.noise.pairs import draw_pairs
from labelclean.ui.noise.sets import draw_noise_of_sets

_WIDE_FROM = 41
"""From so many classes on, the cells are large enough only on the whole width of the page."""


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Noise")
    if opened is None:
        return
    project, run = opened
    if run.has_label_sets:
        draw_noise_of_sets(project, run)
        _draw_way_to_classes()
        return
    decisions = current_decisions(resources.workspace().store.load_events(project.id))
    is_wide = _WIDE_FROM <= len(run.class_names) <= MOST_DRAWN
    if is_wide:
        draw_noise_map(run, decisions, heading=st.container())
    chart, side = st.columns([5, 4], gap="large")
    with chart:
        heading, above, below = st.container(), st.container(), st.container()
        # Where not all classes are drawn, the search is the way to the others.
        with above if len(run.class_names) > MOST_DRAWN else below:
            code = draw_class_search(run)
        if not is_wide:
            with below if len(run.class_names) > MOST_DRAWN else above:
                draw_noise_map(run, decisions, heading=heading)
    with side:
        _draw_figures(run)
        draw_pairs(project, run, decisions.keys(), code=code)
        _draw_way_to_classes()


def _draw_figures(run: StoredRun) -> None:
    figures(
        [
            (count(run.noise.n_label_errors), "label errors (estimated)"),
            (percent(run.noise.label_accuracy, digits=1), "label accuracy (estimated)"),
        ]
    )
    note("Estimates of the whole data; the table counts the rows in which the models suggest another class.")


def _draw_way_to_classes() -> None:
    if st.button("Merge, rename and split classes", key="noise-classes", type="tertiary"):
        go_to("overview")


if __name__ == "__main__":
    render()
