"""The dialogs that split a class: undecided rows get a label of their own, as one step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from labelclean.label_set import LabelSet
from labelclean.review.filter_words import filter_words
from labelclean.review.label_names import LabelNames
from labelclean.review.queue import build_queue
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.renaming import single_labels
from labelclean.review.splitting import make_split
from labelclean.ui import resource_desk, resources, state
from labelclean.ui.elements import note, number_of
from labelclean.ui.guard import guarded

if TYPE_CHECKING:
    from labelclean.arrays import IndexArray, Label
    from labelclean.dataset import Dataset
    from labelclean.store.records import ProjectRecord
    from labelclean.ui.desk import Desk

__all__ = ["draw_split_entry", "split_class_dialog", "split_dialog"]

_SAMPLE = 5
_SAMPLE_SEED = 0
_LONGEST_TEXT = 160


@st.dialog("Split off rows", width="medium")
def split_dialog(
    project: ProjectRecord, queue_filter: QueueFilter, *, why: str, instead_of: Label | None = None
) -> None:
    """
    Ask for the label that the undecided rows of a queue get.

    ``why`` says in words which rows these are; it stands in the log. Of label sets, ``instead_of`` is the label that
    goes from each set.
    """
    with guarded():
        desk = _desk(project)
        _draw_split(project, desk, _rows_of(desk, queue_filter), why, instead_of)


@st.dialog("Split a class", width="medium")
def split_class_dialog(project: ProjectRecord, known: tuple[Label, ...]) -> None:
    """Ask for a class and for what sets some of its rows apart, then for the label that these rows get."""
    with guarded():
        desk, names = _desk(project), LabelNames.of(known).tokens
        place = st.selectbox(
            "Class", range(len(known)), index=None, format_func=lambda at: names[at], key="split-class"
        )
        with st.container(horizontal=True):
            text = st.text_input("Text contains", max_chars=200, key="split-text").strip()
            suggested = st.selectbox(
                "Suggested instead", range(len(known)), index=None, format_func=lambda at: names[at], key="split-to"
            )
        column, value = _choose_value(project)
        if place is None or not (text or suggested is not None or value):
            note("Choose a class, and what sets the rows apart that are to be split off.")
            return
        label, other = known[place], None if suggested is None else known[suggested]
        rows = _rows_of_class(desk, label, QueueFilter(text=text, column=column, value=value, only_issues=False), other)
        parts = [
            f"given {names[place]}",
            *([f"suggested {names[suggested]}"] if suggested is not None else ()),
            *([f"text contains “{text}”"] if text else ()),
            *([f"{column} is “{value}”"] if value else ()),
        ]
        _draw_split(project, desk, rows, ", ".join(parts), label)


def draw_split_entry(project: ProjectRecord, desk: Desk, current: QueueFilter) -> None:
    """Draw, beside a queue that is about one class, the button that splits its rows off."""
    label = current.removes if desk.run.has_label_sets else current.given
    if label is None or not current.asks_undecided:
        return
    if st.button("Split these rows off …", key="split-open", width="stretch"):
        why = filter_words(current, desk.names.token).rstrip(".")
        split_dialog(project, current, why=why[:1].lower() + why[1:], instead_of=label)


def _choose_value(project: ProjectRecord) -> tuple[str, str]:
    """Draw the choice of another column of the file and its value; two empty strings where none is chosen."""
    roles, columns = project.dataset.roles, project.dataset.layout.columns
    others = [column for column in columns if column not in {roles.text, roles.label, *roles.spelling.columns}]
    if not others:
        return "", ""
    with st.container(horizontal=True):
        column = st.selectbox("Other column", others, index=None, key="split-column")
        value = st.text_input("Its value", disabled=column is None, key="split-value").strip()
    return (column, value) if column is not None and value else ("", "")


def _desk(project: ProjectRecord) -> Desk:
    desk = resource_desk.desk(project)
    desk.catch_up(resources.workspace().store)
    return desk


def _rows_of(desk: Desk, queue_filter: QueueFilter) -> IndexArray:
    return build_queue(desk.run, desk.sources, queue_filter, desk.table).rows


def _rows_of_class(desk: Desk, label: Label, queue_filter: QueueFilter, suggested: Label | None) -> IndexArray:
    """Return the undecided rows of a class; of label sets, those whose set has the label."""
    if not desk.run.has_label_sets:
        return _rows_of(desk, replace(queue_filter, given=label, suggested=suggested))
    rows = _rows_of(desk, replace(queue_filter, adds=suggested))
    has_label = np.array([isinstance(name, LabelSet) and label in name for name in desk.run.class_names] + [False])
    chosen: IndexArray = rows[has_label[desk.run.labels[rows]]]  # -1 finds the last one
    return chosen


def _draw_split(project: ProjectRecord, desk: Desk, rows: IndexArray, why: str, instead_of: Label | None) -> None:
    if not len(rows):
        note("There is no undecided row like that.")
        return
    store = resources.workspace().store
    note(f"{number_of(len(rows), 'undecided row', 'undecided rows')}: {why}. For example:")
    _draw_sample(desk.dataset, rows)
    label = _choose_label(desk)
    if label is None:
        return
    has_sets = desk.run.has_label_sets
    with st.container(horizontal=True):
        if st.button(f"Split off {number_of(len(rows), 'row', 'rows')}", type="primary", key="split-yes"):
            made = make_split(
                desk.run,
                rows,
                label,
                instead_of=instead_of if has_sets else None,
                decisions=desk.log.decisions,
                reviewer=state.reviewer(store),
                now=datetime.now(UTC),
                why=why,
            )
            store.append_events(project.id, made)
            desk.queue = None  # those rows are decided now
            st.rerun()
        if st.button("Cancel", key="split-no"):
            st.rerun()
    note("It is one step in the log, listed under Classes on the Overview page; Undo takes it back whole.")


def _draw_sample(dataset: Dataset, rows: IndexArray) -> None:
    drawn = np.random.default_rng(_SAMPLE_SEED).choice(rows, size=min(_SAMPLE, len(rows)), replace=False)
    texts = (" ".join(dataset.texts[row].split()) for row in sorted(drawn.tolist()))
    items = "".join(
        f"<li><bdi>{escape(text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT].rstrip() + '…')}</bdi></li>"
        for text in texts
    )
    st.html(f'<ul class="lc-samples">{items}</ul>')


def _choose_label(desk: Desk) -> Label | None:
    """Draw the choice of a label, an existing or a new one; None while there is none."""
    singles = [name for name in single_labels(desk.names.labels) if not isinstance(name, LabelSet)]
    names = LabelNames.of(singles)
    typed = st.selectbox(
        "Their label from now on",
        names.tokens,
        index=None,
        accept_new_options=True,
        placeholder="choose one, or type a new name …",
        key="split-label",
    )
    return None if typed is None else names.label(typed)
