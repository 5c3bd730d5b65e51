"""Bulk: a sample first, then the rest of a queue in one step, with the precision that was measured."""

from __future__ import annotations

import streamlit as st

from labelclean.review.bulk.decide import BulkAction
from labelclean.review.bulk.plan import BulkPlan
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.records import ProjectRecord
from labelclean.ui import resources, state
from labelclean.ui.bulk import desk as bulk_desk
from labelclean.ui.bulk.choices import choose_action, choose_size, choose_threshold
from labelclean.ui.bulk.entry import open_sample, rows_in_question
from labelclean.ui.bulk.steps import draw_decision, draw_done, draw_history, draw_pairs, draw_sample
from labelclean.ui.bulk.words import precision_words, rows_words
from labelclean.ui.desk import Desk
from labelclean.ui.elements import count, empty_state, heading, note, notice, number_of, title
from labelclean.ui.gate import project_with_results
from labelclean.ui.navigation import go_to
from labelclean.ui.resource_desk import desk as desk_of


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Decide many at once")
    if opened is None:
        return
    project = opened[0]
    state.follow_url()
    desk = desk_of(project)
    desk.catch_up(resources.workspace().store)
    title(
        "Decide many at once",
        "Decide a few rows by hand that chance picks; then the rest in one step, knowing how often that is right.",
    )
    draw_done(project, desk)
    queue_filter = rows_in_question(desk, state.queue_filter())
    if queue_filter.verdict is not None or queue_filter.decided_by:
        empty_state("These rows are decided already", "Only rows that nobody decided are decided at once.")
        if st.button("Take the likely errors", key="bulk-likely"):
            state.set_queue_filter(QueueFilter())
            st.rerun()
    else:
        _draw_steps(project, desk, queue_filter)
    draw_history(project, desk)


def _draw_steps(project: ProjectRecord, desk: Desk, queue_filter: QueueFilter) -> None:
    steps, preview = st.columns([5, 8], gap="large")
    with steps, st.container(key="card-bulk", gap="xsmall"):
        heading("1  Which rows")
        queue_filter = _choose_rows(desk, queue_filter)
        summary = st.container()
        heading("2  What to do with them")
        action = choose_action(desk)
        if action is None:
            notice("info", "Choose the label first.")
            return
        heading("3  A random sample first, by hand")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            size = choose_size()
            found = bulk_desk.plan(project, desk, queue_filter, action, size)
            if found.sample:
                _draw_way_to_sample(project, desk, action, found)
        with summary:
            note(f"{number_of(found.n_open, 'row', 'rows')} that nobody decided.")
        if found.sample:
            heading("4  Then the rest at once")
            draw_decision(project, desk, action, found)
    with preview:
        _draw_preview(desk, action, found)


def _choose_rows(desk: Desk, queue_filter: QueueFilter) -> QueueFilter:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        note(rows_words(queue_filter, desk.names))
        if st.button("Change", type="tertiary", key="bulk-filter", help="To the review page, where rows are filtered"):
            go_to("review")
    if not (queue_filter.unlabelled or queue_filter.rows):
        queue_filter = choose_threshold(queue_filter)
    state.set_queue_filter(queue_filter)
    state.write_filter_to_url(queue_filter)
    return queue_filter


def _draw_preview(desk: Desk, action: BulkAction, found: BulkPlan) -> None:
    with st.container(key="card-bulk-sample", gap="xsmall"):
        heading("The sample")
        if not found.sample:
            note("No row is left that nobody decided. Take a lower threshold or another filter.")
            return
        note(_progress(found))
        draw_sample(desk, found, action)
    if len(found.rest):
        with st.container(key="card-bulk-pairs", gap="xsmall"):
            draw_pairs(desk, found)


def _draw_way_to_sample(project: ProjectRecord, desk: Desk, action: BulkAction, found: BulkPlan) -> None:
    n_left = found.precision.n_undecided
    words = f"Decide {number_of(n_left, 'row', 'rows')}" if n_left else "Look at them again"
    if st.button(words, type="primary" if n_left else "secondary", key="bulk-sample"):
        queue_filter = state.queue_filter()
        bulk_desk.begin_sample(project, queue_filter, action, found)
        open_sample(desk, queue_filter, found.sample)


def _progress(found: BulkPlan) -> str:
    right = found.precision.right
    if not right.n:
        return "Nothing of it is decided yet. Its rows stay the same until it is."
    return f"{count(right.n)} of {count(len(found.sample))} decided: {precision_words(right)}."


if __name__ == "__main__":
    render()
