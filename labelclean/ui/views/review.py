"""Review: the queues at the left, the card at the right; one key decides."""

from __future__ import annotations

import streamlit as st

from labelclean.errors import NotFoundError, StoreError
from labelclean.review.other_columns import ColumnsReader
from labelclean.review.outbox import Outbox
from labelclean.review.preferences import load_preferences
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.records import ProjectRecord
from labelclean.ui import resources, state
from labelclean.ui.components.review_card.card import received_outbox, review_card
from labelclean.ui.desk import Desk
from labelclean.ui.elements import error_notice
from labelclean.ui.gate import project_with_results
from labelclean.ui.guard import guarded
from labelclean.ui.guideline_dialog import draw_guideline
from labelclean.ui.learn_panel import learn_when_due, watch_learning
from labelclean.ui.queue_panel import draw_queue_panel
from labelclean.ui.resource_columns import row_columns
from labelclean.ui.resource_desk import desk as desk_of
from labelclean.ui.row_links import draw_way_back


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Review")
    if opened is None:
        return
    state.follow_url()
    _draw_guideline(opened[0])
    _screen(opened[0])
    watch_learning(opened[0])


def _draw_guideline(project: ProjectRecord) -> None:
    """Draw what stays while cards change, and give the desk what is read once for all of them."""
    desk = desk_of(project)
    store = resources.workspace().store
    desk.has_guideline = draw_guideline(project.id, load_preferences(store, state.reviewer(store)), store)
    columns = row_columns(project)
    if desk.columns is None and columns is not None and columns.names:
        desk.columns = ColumnsReader(read=columns.row)


@st.fragment
def _screen(project: ProjectRecord) -> None:
    """Draw queues and card; only this part runs again after a decision."""
    with guarded():
        try:
            _draw_screen(project)
        except NotFoundError:
            st.rerun()  # deleted in another tab: the whole page says so


def _draw_screen(project: ProjectRecord) -> None:
    desk = desk_of(project)
    store = resources.workspace().store
    reviewer = state.reviewer(store)
    desk.preferences = load_preferences(store, reviewer)
    key = f"review-card-{project.id}"
    try:
        outbox, stored = desk.receive(received_outbox(key), store, reviewer)
    except StoreError as error:
        # The card stays: it keeps the decisions and sends them again.
        error_notice(error)
        outbox, stored = Outbox(refused={}), frozenset()
    learn_when_due(desk, store)
    queue_filter = state.queue_filter()
    if desk.queue is None or desk.queue.queue_filter != queue_filter:
        row, order = _where_they_were(project, desk, queue_filter, outbox)
        desk.show(queue_filter, reviewer, row=row, order=order)
    state.write_filter_to_url(queue_filter)
    _keep_place(project, desk, queue_filter)
    with st.container(key="review-desk"):
        side, main = st.columns([1, 4.1], gap="medium")
    with main:
        review_card(desk.card_data(reviewer, outbox, stored, store), key=key)
    with side:
        draw_way_back(queue_filter)
        draw_queue_panel(project, desk, queue_filter, reviewer, store)


def _where_they_were(
    project: ProjectRecord, desk: Desk, queue_filter: QueueFilter, outbox: Outbox
) -> tuple[int | None, str | None]:
    """Return the row to begin at, and in which order it was reached; a card that outlived the server knows best."""
    if len(queue_filter.rows) == 1:
        return queue_filter.rows[0], None  # a row that was asked for is shown, decided or not
    if project.bookmark.get("filter", {}) != queue_filter.to_params():
        return None, None
    row, order = project.bookmark.get("row"), project.bookmark.get("order")
    if desk.queue is None and outbox.row is not None:
        row = outbox.row
    return row if isinstance(row, int) else None, order if isinstance(order, str) else None


def _keep_place(project: ProjectRecord, desk: Desk, queue_filter: QueueFilter) -> None:
    bookmark: dict[str, object] = {"filter": queue_filter.to_params(), "row": desk.row, "order": desk.order}
    if state.recall("bookmark", dict) != bookmark:
        resources.workspace().store.set_bookmark(project.id, bookmark)
        state.remember("bookmark", bookmark)


if __name__ == "__main__":
    render()
