"""The left side of the review page: the queues with their sizes, the filter, the last decisions, the reviewer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from html import escape

import streamlit as st

from labelclean.arrays import UNLABELLED, Label
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.sql import SqlStore
from labelclean.ui import state
from labelclean.ui.desk import Desk
from labelclean.ui.elements import count, heading, plain_markdown
from labelclean.ui.learn_panel import draw_learn_panel
from labelclean.ui.navigation import draw_again

__all__ = ["draw_queue_panel"]

QUEUES: dict[str, tuple[str, QueueFilter]] = {
    "likely": ("Likely errors", QueueFilter()),
    "unsure": ("Unsure", QueueFilter(verdict=Verdict.UNSURE)),
    "ambiguous": ("Ambiguous", QueueFilter(verdict=Verdict.AMBIGUOUS)),
    "unlabelled": ("No label yet", QueueFilter(unlabelled=True)),
    "decided": ("Decided", QueueFilter(verdict="any")),
    "all": ("All rows", QueueFilter(only_issues=False, undecided_only=False)),
}
ALWAYS_SHOWN = {"likely", "all"}
SAID = {
    Verdict.KEEP: "kept",
    Verdict.AMBIGUOUS: "ambiguous",
    Verdict.UNSURE: "unsure",
    Verdict.EXCLUDE: "excluded",
}
N_RECENT = 3


def draw_queue_panel(desk: Desk, current: QueueFilter, reviewer: str, store: SqlStore) -> None:
    """Draw the panel; a choice in it shows another queue at once."""
    with st.container(gap="xsmall"):
        heading("Queues")
        _draw_queues(desk, current, reviewer)
    with st.container(gap="xsmall"):
        heading("Filter")
        wanted = _draw_filter(desk, current)
        if wanted != current:
            _use(wanted)
    with st.container(gap="xsmall"):
        draw_learn_panel(desk, reviewer, store)
    with st.container(gap="xsmall"):
        _draw_recent(desk)
    with st.popover("Reviewer", width="stretch"):
        name = st.text_input("Your name in the log", value=reviewer, max_chars=100, key="reviewer-name")
        if name.strip() and name.strip() != reviewer:
            state.set_reviewer(store, name)
            draw_again()


def _draw_queues(desk: Desk, current: QueueFilter, reviewer: str) -> None:
    sizes = _queue_sizes(desk, reviewer)
    with st.container(gap=None):
        for name, (label, queue) in QUEUES.items():
            if not sizes[name] and name not in ALWAYS_SHOWN and queue != current:
                continue
            mark = "on-" if queue == current else ""
            text = f"{plain_markdown(label)} :gray[{count(sizes[name])}]"
            if st.button(text, key=f"queue-{mark}{name}", width="stretch"):
                desk.queue = None  # the same queue again is a new snapshot
                _use(queue)


def _queue_sizes(desk: Desk, reviewer: str) -> dict[str, int]:
    decisions = desk.state(reviewer).decisions
    verdicts = Counter(event.verdict for event in decisions.values())
    flagged_done = sum(bool(desk.run.is_issue[row]) for row in decisions)
    unlabelled_done = sum(int(desk.run.labels[row]) == UNLABELLED for row in decisions)
    return {
        "likely": desk.run.n_issues - flagged_done,
        "unsure": verdicts[Verdict.UNSURE],
        "ambiguous": verdicts[Verdict.AMBIGUOUS],
        "unlabelled": desk.dataset.n_unlabelled - unlabelled_done,
        "decided": len(decisions),
        "all": desk.dataset.n_examples,
    }


def _draw_filter(desk: Desk, current: QueueFilter) -> QueueFilter:
    """Draw the widgets, set to the filter in use, and return what they say now."""
    generation = _widget_set(desk, current)
    given = _choose_class(desk, "given label", current.given, f"filter-given-{generation}")
    suggested = _choose_class(desk, "suggested label", current.suggested, f"filter-suggested-{generation}")
    text = st.text_input(
        "Text contains",
        value=current.text,
        max_chars=200,
        placeholder="text contains …",
        label_visibility="collapsed",
        key=f"filter-text-{generation}",
    )
    shown = round(100 * current.min_error_probability)
    minimum = st.slider(
        "At least this likely to be wrong", 0, 100, shown, step=5, format="%d %%", key=f"filter-min-{generation}"
    )
    with st.container(horizontal=True, gap="small"):
        flagged = st.checkbox("flagged", value=current.only_issues, key=f"filter-flagged-{generation}")
        undecided = st.checkbox("undecided", value=current.undecided_only, key=f"filter-undecided-{generation}")
    wanted = replace(
        current,
        given=given,
        suggested=suggested,
        text=text.strip(),
        min_error_probability=current.min_error_probability if minimum == shown else minimum / 100,
        only_issues=flagged,
        undecided_only=undecided,
    )
    state.remember("filter_shown", (desk.project_id, wanted))
    return wanted


def _widget_set(desk: Desk, current: QueueFilter) -> str:
    """
    Return the key of the widgets: another one when a link or a click elsewhere changed the filter.

    What the widgets themselves changed keeps them, and with them the keyboard's focus.
    """
    number = state.recall("filter_widgets", int) or 0
    if state.recall("filter_shown", tuple) != (desk.project_id, current):
        number += 1
        state.remember("filter_widgets", number)
    return str(number)


def _choose_class(desk: Desk, what: str, chosen: Label | None, key: str) -> Label | None:
    # Classes made by reviewers were never given nor suggested: no row would match.
    names = desk.names
    tokens = list(desk.offered)
    if names.members is None:
        of_run = {names.token(name) for name in desk.run.class_names}
        tokens = [token for token in tokens if token in of_run]
    token = None if chosen is None else names.token(chosen)
    picked = st.selectbox(
        what,
        tokens,
        index=tokens.index(token) if token in tokens else None,
        placeholder=f"any {what}",
        label_visibility="collapsed",
        key=key,
    )
    return None if picked is None else names.known_label(picked)


def _use(queue_filter: QueueFilter) -> None:
    state.set_queue_filter(queue_filter)
    draw_again()


def _draw_recent(desk: Desk) -> None:
    recent = desk.recent[:N_RECENT]
    if not recent:
        return
    heading("Last decisions")
    lines = "".join(f"<tr><td>row {count(event.row)}</td>{_said(event, desk)}</tr>" for event in recent)
    st.html(f'<table class="lc-decisions">{lines}</table>')


def _said(event: ReviewEvent, desk: Desk) -> str:
    if event.label is not None and event.verdict in {Verdict.ACCEPT, Verdict.RELABEL}:
        name = escape(desk.names.token(event.label))
        return f'<td class="suggested" title="{name}"><bdi>{name}</bdi></td>'
    kind = "given" if event.verdict is Verdict.KEEP else ""
    return f'<td class="{kind}">{SAID.get(event.verdict, "") if event.verdict else ""}</td>'
