"""The part of the upload page that lists names which look alike, to be merged when the project is made."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from labelclean.dataset import label_key
from labelclean.issues.dataset_names import find_similar_names, visible_name
from labelclean.review.merging import make_merge
from labelclean.ui import resources, state
from labelclean.ui.elements import count, notice, number_of, plain_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labelclean.arrays import Label
    from labelclean.dataset import Dataset
    from labelclean.issues.similar_names import NameGroup
    from labelclean.review.decisions import ReviewEvent

__all__ = ["choose_name", "draw_name_choices", "group_html", "name_groups", "names_in_order", "shown_name"]

_MOST_GROUPS = 20


def name_groups(dataset: Dataset) -> tuple[NameGroup, ...]:
    """Return the groups of names that look like one class each."""
    found = find_similar_names(dataset)
    return () if found is None else found.groups[:_MOST_GROUPS]


def names_in_order(group: NameGroup) -> tuple[Label, ...]:
    """Return the names of a group, the one that is proposed first."""
    others = sorted(zip(group.names, group.counts, strict=True), key=lambda pair: -pair[1])
    return (group.proposed, *(name for name, _ in others if name is not group.proposed))


def draw_name_choices(dataset: Dataset) -> list[ReviewEvent]:
    """Draw the names that look alike, if any; return the merges that were ticked."""
    groups = name_groups(dataset)
    if not groups:
        return []
    notice(
        "warning",
        f"{number_of(len(groups), 'class seems', 'classes seem')} to have several names.",
        "Tick what is to be merged when the project is made. Each merge is logged, and can be undone later.",
    )
    merges = []
    reviewer, now = state.reviewer(resources.workspace().store), datetime.now(UTC)
    for place, group in enumerate(groups):
        names = names_in_order(group)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(group_html(group), width="content")
            ticked = st.checkbox("merge into", key=f"upload-merge-{place}", help=group.reason)
            into = choose_name(names, key=f"upload-merge-into-{place}", disabled=not ticked)
        if ticked:
            merges.append(make_merge(names, into, reviewer=reviewer, now=now))
    return merges


def group_html(group: NameGroup) -> str:
    """Return the names of a group with their rows, the proposed one first."""
    counts = {label_key(name): n_rows for name, n_rows in zip(group.names, group.counts, strict=True)}
    return " ".join(
        f'<bdi class="lc-plate given">{escape(shown_name(name))}</bdi> '
        f'<span class="lc-meta">{count(counts[label_key(name)])}</span>'
        for name in names_in_order(group)
    )


def shown_name(name: Label) -> str:
    """Return a name with the space at its ends in sight."""
    shown = visible_name(name)
    n_before, n_behind = len(shown) - len(shown.lstrip(" ")), len(shown) - len(shown.rstrip(" "))
    return f"{'␣' * n_before}{shown.strip(' ')}{'␣' * n_behind}" if shown.strip(" ") else shown


def choose_name(names: Sequence[Label], *, key: str, disabled: bool = False) -> Label:
    """Draw a choice of one name; the first by default."""
    place = st.selectbox(
        "Name that stays",
        range(len(names)),
        format_func=lambda place: plain_markdown(shown_name(names[place])),
        key=key,
        disabled=disabled,
        label_visibility="collapsed",
        width=220,
    )
    return names[place]
