"""The part of the review page where the order learns from the decisions, by itself or on request, and goes back."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from labelclean import jobs
from labelclean.errors import LabelCleanError, StoreError
from labelclean.review.learning import LEARN_FROM
from labelclean.review.lesson_words import LessonAccount, account_words
from labelclean.store.records import JobRecord, JobState, ProjectRecord
from labelclean.store.run_records import Lesson
from labelclean.store.sql import SqlStore
from labelclean.ui import resources, state
from labelclean.ui.clock import moment
from labelclean.ui.desk import Desk
from labelclean.ui.elements import count, error_notice, note, number_of
from labelclean.ui.guard import guarded

__all__ = ["draw_learn_panel", "learn_when_due", "watch_learning"]

_PAUSED = "learning_paused"
_HELP = (
    "Puts the rows that are left into a new order, and corrects their suggestions and error probabilities, by what "
    "you decided so far: kept labels as right, accepted and changed ones as wrong. The card on screen and the next "
    "ones stay as they are, and so do your decisions. “Original order” takes it back."
)


def learn_when_due(desk: Desk, store: SqlStore) -> None:
    """Start learning in a process of its own after each batch of decisions, as the preferences have it."""
    every, n_verdicts = desk.preferences.learn_every, desk.n_verdicts
    learned = 0 if desk.run.lesson is None else desk.run.lesson.n_verdicts
    if not every or n_verdicts - max(learned, desk.learn_asked_at) < max(every, LEARN_FROM) or not _can_learn(desk):
        return
    desk.learn_asked_at = n_verdicts
    if store.get_project_setting(desk.project_id, _PAUSED) is True:
        return
    with suppress(StoreError):  # the next batch tries again; nobody waits for this one
        jobs.start_learning(resources.workspace(), desk.project_id)


def draw_learn_panel(desk: Desk, store: SqlStore) -> None:
    """Draw the button, what was learned last, and the way back."""
    if not _can_learn(desk):
        note("The order learns from decisions about label sets after the next analysis.")
        return
    n_verdicts, lesson = desk.n_verdicts, desk.run.lesson
    job = _latest_job(desk, store)
    is_running = job is not None and not job.is_finished
    with st.container(gap="xsmall", key="learn"):
        pressed = st.button(
            "Learn from my decisions",
            key="learn-now",
            help=_HELP,
            disabled=n_verdicts < LEARN_FROM or is_running,
            width="stretch",
        )
        if is_running:
            note("Learning; go on, the next cards stay.")
        elif job is not None and job.state is JobState.FAILED and _is_newer(job, lesson):
            note(f"{job.message} {job.fix}".strip())
        if lesson is None:
            _say_how_far(desk, n_verdicts, is_running=is_running)
        else:
            _say_when(lesson)
        with st.container(horizontal=True, gap="small"):
            if lesson is not None and lesson.account is not None:
                _draw_account(lesson.account, desk)
            stopped = is_running and st.button("Stop learning", key="learn-stop", type="tertiary")
            went_back = lesson is not None and st.button("Original order", key="learn-undo", type="tertiary")
        if pressed:
            _learn(desk, store)
        elif went_back:
            _go_back(desk, store)
        elif stopped and job is not None:
            jobs.cancel(resources.workspace(), job.id)
            st.rerun()


def watch_learning(project: ProjectRecord) -> None:
    """Look every second whether learning is over, only while it goes on; outside of any other fragment."""
    job = resources.workspace().store.latest_job(project.id, kind="learn")
    if job is not None and not jobs.watch(resources.workspace(), job.id).is_finished:
        _watch(job.id)


@st.fragment(run_every=1)
def _watch(job_id: str) -> None:
    with guarded():
        is_over = jobs.watch(resources.workspace(), job_id).is_finished
    if is_over:
        st.rerun()


def _can_learn(desk: Desk) -> bool:
    return not desk.run.has_label_sets or desk.run.label_cells is not None


def _latest_job(desk: Desk, store: SqlStore) -> JobRecord | None:
    job = store.latest_job(desk.project_id, kind="learn")
    return None if job is None else jobs.watch(resources.workspace(), job.id)


def _is_newer(job: JobRecord, lesson: Lesson | None) -> bool:
    return lesson is None or job.created_at > lesson.created_at


def _say_how_far(desk: Desk, n_verdicts: int, *, is_running: bool) -> None:
    every = desk.preferences.learn_every
    if n_verdicts < LEARN_FROM:
        note(f"From {LEARN_FROM} decisions on; {count(n_verdicts)} so far.")
    elif every and not is_running:
        note(f"By itself after every {number_of(max(every, LEARN_FROM), 'decision', 'decisions')}.")


def _say_when(lesson: Lesson) -> None:
    note(f"Learned {moment(lesson.created_at)} from {number_of(lesson.n_verdicts, 'decision', 'decisions')}.")


def _draw_account(account: LessonAccount, desk: Desk) -> None:
    with st.popover("Learned"):
        for sentence in account_words(account, desk.names):
            note(sentence)


def _learn(desk: Desk, store: SqlStore) -> None:
    try:
        store.set_project_setting(desk.project_id, _PAUSED, value=False)
        desk.learn_asked_at = desk.n_verdicts
        jobs.start_learning(resources.workspace(), desk.project_id)
    except LabelCleanError as error:
        error_notice(error)
        return
    st.rerun()


def _go_back(desk: Desk, store: SqlStore) -> None:
    """Take the audit's own order, from its first undecided row; it learns again on request only."""
    try:
        store.set_project_setting(desk.project_id, _PAUSED, value=True)
        store.drop_lesson(desk.project_id)
        store.set_bookmark(desk.project_id, {})
    except LabelCleanError as error:
        error_notice(error)
        return
    desk.queue = None
    state.forget("bookmark")
    st.rerun()
