"""What the reviewer chooses on the bulk page: the threshold, the action and the size of the sample."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.review.bulk.decide import BulkAction, BulkKind
from labelclean.review.bulk.sample import LARGEST_SAMPLE, SMALLEST_SAMPLE, USUAL_SAMPLE
from labelclean.review.label_set_names import member_token
from labelclean.review.queue_filter import QueueFilter
from labelclean.ui import state
from labelclean.ui.bulk.words import kind_words
from labelclean.ui.desk import Desk
from labelclean.ui.elements import error_notice

__all__ = ["choose_action", "choose_size", "choose_threshold", "label_name"]

_SINGLE = (BulkKind.ACCEPT, BulkKind.KEEP, BulkKind.GIVE, BulkKind.EXCLUDE)
_OF_SETS = (BulkKind.ACCEPT, BulkKind.KEEP, BulkKind.ADD, BulkKind.REMOVE, BulkKind.EXCLUDE)
_NEED_LABEL = {BulkKind.GIVE, BulkKind.ADD, BulkKind.REMOVE}


def choose_threshold(current: QueueFilter) -> QueueFilter:
    """Draw the slider; return the filter with what it says."""
    shown = round(100 * current.min_error_probability)
    chosen = st.slider("At least this likely to be wrong", 0, 100, shown, step=1, format="%d %%", key="bulk-threshold")
    return current if chosen == shown else replace(current, min_error_probability=chosen / 100)


def choose_action(desk: Desk) -> BulkAction | None:
    """Draw the actions; return the chosen one, or None while it lacks its label."""
    are_sets = desk.names.members is not None
    kinds = _OF_SETS if are_sets else _SINGLE
    before = state.recall("bulk_kind", str)
    kind = st.radio(
        "What to do with them",
        kinds,
        index=next((place for place, kind in enumerate(kinds) if kind.value == before), 0),
        format_func=lambda kind: kind_words(kind, are_sets=are_sets),
        label_visibility="collapsed",
        key="bulk-kind",
    )
    state.remember("bulk_kind", kind.value)
    if kind not in _NEED_LABEL:
        return BulkAction(kind=kind)
    label = _choose_label(desk, kind)
    return None if label is None else BulkAction(kind=kind, label=label)


def choose_size() -> int:
    """Draw the size of the sample."""
    before = state.recall("bulk_size", int) or USUAL_SAMPLE
    size = st.number_input(
        "Rows in the sample", SMALLEST_SAMPLE, LARGEST_SAMPLE, before, step=5, key="bulk-size", width=160
    )
    state.remember("bulk_size", int(size))
    return int(size)


def label_name(desk: Desk, action: BulkAction) -> str:
    """Return the name of the label that an action gives, adds or removes."""
    if action.label is None:
        return ""
    return desk.names.token(action.label) if action.kind is BulkKind.GIVE else member_token(action.label)


def _choose_label(desk: Desk, kind: BulkKind) -> Label | None:
    members = desk.names.members
    tokens = list(desk.offered if members is None else members)
    before = state.recall("bulk_label", str)
    picked = st.selectbox(
        "Label",
        tokens,
        index=tokens.index(before) if before in tokens else None,
        placeholder="choose a label" if kind is BulkKind.REMOVE else "choose a label, or type a new one",
        accept_new_options=kind is not BulkKind.REMOVE,
        label_visibility="collapsed",
        key="bulk-label",
    )
    if picked is None:
        return None
    state.remember("bulk_label", picked)
    if members is not None and picked in members:
        return members[picked]
    try:
        named = desk.names.label(picked)
    except InvalidInputError as error:
        error_notice(error)
        return None
    if members is None:
        return named
    inside = tuple(getattr(named, "labels", ()))
    return inside[0] if len(inside) == 1 else None
