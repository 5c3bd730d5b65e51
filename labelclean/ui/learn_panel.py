"""The part of the review page where the ranking learns from the decisions so far, and goes back to the audit's own."""

from __future__ import annotations

import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.review.learning import LEARN_FROM, usable_decisions
from labelclean.store.lessons import learn_from_decisions
from labelclean.store.run_records import Lesson
from labelclean.store.sql import SqlStore
from labelclean.ui import state
from labelclean.ui.clock import moment
from labelclean.ui.desk import Desk
from labelclean.ui.elements import count, error_notice, note, number_of

__all__ = ["draw_learn_panel"]

_HINT_AFTER = 50
_HELP = (
    "Puts the rows that are left into a new order, and corrects their suggestions and error probabilities, by what "
    "you decided so far: kept labels as right, accepted and changed ones as wrong. Your decisions stay as they are. "
    "“Original order” takes it back."
)


def draw_learn_panel(desk: Desk, reviewer: str, store: SqlStore) -> None:
    """Draw the button, when it was last used, and the way back; pressing either shows a new queue."""
    if desk.run.has_label_sets:
        note("The order does not learn from decisions about label sets yet.")
        return
    n_usable = usable_decisions(desk.state(reviewer).decisions, desk.run.labels)
    lesson = desk.run.lesson
    with st.container(gap="xsmall", key="learn"):
        pressed = st.button(
            "Learn from my decisions",
            key="learn-now",
            help=_HELP,
            disabled=n_usable < LEARN_FROM,
            width="stretch",
        )
        if lesson is None:
            _say_how_far(n_usable)
        else:
            _say_when(lesson, n_usable)
        went_back = lesson is not None and st.button("Original order", key="learn-undo", type="tertiary")
        if pressed:
            _learn(desk, store)
        elif went_back:
            _go_back(desk, store)


def _say_how_far(n_usable: int) -> None:
    if n_usable < LEARN_FROM:
        note(f"From {LEARN_FROM} decisions on; {count(n_usable)} so far.")
    elif n_usable >= _HINT_AFTER:
        note(f"{count(n_usable)} decisions can improve the order of the rows that are left.")


def _say_when(lesson: Lesson, n_usable: int) -> None:
    when = f"Learned {moment(lesson.created_at)} from {number_of(lesson.n_verdicts, 'decision', 'decisions')}."
    n_new = n_usable - lesson.n_verdicts
    note(f"{when} {count(n_new)} new ones since: learn again?" if n_new >= _HINT_AFTER else when)


def _learn(desk: Desk, store: SqlStore) -> None:
    try:
        with st.spinner("Learning …"):
            learn_from_decisions(store, desk.project_id)
    except LabelCleanError as error:
        error_notice(error)
        return
    _begin_anew(desk, store)


def _go_back(desk: Desk, store: SqlStore) -> None:
    try:
        store.drop_lesson(desk.project_id)
    except LabelCleanError as error:
        error_notice(error)
        return
    _begin_anew(desk, store)


def _begin_anew(desk: Desk, store: SqlStore) -> None:
    """Show the new queue from its first undecided row: the place in the old one means nothing in it."""
    store.set_bookmark(desk.project_id, {})
    state.forget("bookmark")
    st.rerun()
