"""Bulk: a sample first, then the rest of a queue in one step, with the precision that was measured."""

from __future__ import annotations

import streamlit as st

from labelclean.review.bulk import BulkAction
from labelclean.review.bulk_plan import BulkPlan
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.records import ProjectRecord
from labelclean.ui import bulk_desk, resources, state
from labelclean.ui.bulk_choices import choose_action, choose_size, choose_threshold
from labelclean.ui.bulk_entry import open_sample
from labelclean.ui.bulk_steps import draw_decision, draw_history, draw_pairs, draw_sample
from labelclean.ui.bulk_words import precision_words, rows_words
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
    queue_filter = state.queue_filter()
    if queue_filter.verdict is not None or queue_filter.decided_by:
        empty_state("These rows are decided already", "Only rows that nobody decided are decided at once.")
        if st.button("Take the likely errors", key="bulk-likely"):
            state.set_queue_filter(QueueFilter())
            st.rerun()
    else:
        _draw_steps(project, desk, queue_filter)
    draw_history(project, desk)


def _draw_steps(project: ProjectRecord, desk: Desk, queue_filter: QueueFilter) -> None:
    chosen, preview = st.columns([2, 3], gap="large")
    with chosen:
        with st.container(key="card-bulk-rows"):
            heading("1  Which rows")
            queue_filter = _choose_rows(desk, queue_filter)
            summary = st.container()
        with st.container(key="card-bulk-action"):
            heading("2  What to do with them")
            action = choose_action(desk)
    if action is None:
        with preview:
            notice("info", "Choose the label first.")
        return
    with preview, st.container(key="card-bulk-sample"):
        heading("3  Decide a random sample first")
        size_slot, button_slot = st.columns([2, 3], vertical_alignment="bottom")
        with size_slot:
            size = choose_size()
    found = bulk_desk.plan(project, desk, queue_filter, action, size)
    with summary:
        note(f"{number_of(found.n_open, 'row', 'rows')} that nobody decided.")
    with preview:
        _draw_done(project)
        with st.container(key="card-bulk-table"):
            _draw_table(desk, action, found)
        if found.sample:
            with button_slot:
                _draw_way_to_sample(project, desk, action, found)
            with st.container(key="card-bulk-decide"):
                heading("4  Decide the rest")
                draw_decision(project, desk, action, found)
    with chosen:
        if len(found.rest):
            with st.container(key="card-bulk-pairs"):
                draw_pairs(desk, found)


def _choose_rows(desk: Desk, queue_filter: QueueFilter) -> QueueFilter:
    note(rows_words(queue_filter, desk.names))
    if not (queue_filter.unlabelled or queue_filter.rows):
        queue_filter = choose_threshold(queue_filter)
    state.set_queue_filter(queue_filter)
    state.write_filter_to_url(queue_filter)
    if st.button("Change the filter", key="bulk-filter"):
        go_to("review")
    return queue_filter


def _draw_table(desk: Desk, action: BulkAction, found: BulkPlan) -> None:
    if not found.sample:
        note("No row is left that nobody decided. Take a lower threshold or another filter.")
        return
    note(_progress(found))
    draw_sample(desk, found, action)


def _draw_way_to_sample(project: ProjectRecord, desk: Desk, action: BulkAction, found: BulkPlan) -> None:
    n_left = found.precision.n_undecided
    words = f"Decide the {number_of(n_left, 'row', 'rows')} of the sample" if n_left else "Look at the sample again"
    if st.button(words, type="primary" if n_left else "secondary", key="bulk-sample", width="stretch"):
        queue_filter = state.queue_filter()
        bulk_desk.begin_sample(project, queue_filter, action, found)
        open_sample(desk, queue_filter, found.sample)


def _progress(found: BulkPlan) -> str:
    right = found.precision.right
    if not right.n:
        return "Nothing of it is decided yet. Its rows stay the same until it is."
    return f"{count(right.n)} of {count(len(found.sample))} decided, {precision_words(right)} so far."


def _draw_done(project: ProjectRecord) -> None:
    done = state.recall("bulk_done", tuple)
    if done is not None and done[0] == project.id:
        notice("success", f"{number_of(done[1], 'row', 'rows')} decided at once.", "Undo stands below.")


if __name__ == "__main__":
    render()
