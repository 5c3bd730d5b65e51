"""The part of the upload page that lists names which look alike, to be merged when the project is made."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from labelclean.review.label_set_names import member_token
from labelclean.review.merging import make_merge
from labelclean.ui import resources, state
from labelclean.ui.elements import notice, number_of, plain_markdown
from labelclean.ui.name_groups import NameGroup, similar_groups

if TYPE_CHECKING:
    from labelclean.arrays import Label
    from labelclean.dataset import Dataset
    from labelclean.review.decisions import ReviewEvent

__all__ = ["choose_name", "draw_name_choices", "group_html"]

_MOST_GROUPS = 20


def draw_name_choices(dataset: Dataset) -> list[ReviewEvent]:
    """Draw the names that look alike, if any; return the merges that were ticked."""
    groups = similar_groups(dataset)
    if not groups:
        return []
    notice(
        "warning",
        f"{number_of(len(groups), 'class seems', 'classes seem')} to have several names.",
        "Tick what is to be merged when the project is made. Each merge is logged, and can be undone later.",
    )
    merges = []
    reviewer, now = state.reviewer(resources.workspace().store), datetime.now(UTC)
    for place, group in enumerate(groups[:_MOST_GROUPS]):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(group_html(group), width="content")
            ticked = st.checkbox("merge into", key=f"upload-merge-{place}")
            into = choose_name(group.names, key=f"upload-merge-into-{place}", disabled=not ticked)
        if ticked:
            merges.append(make_merge(group.names, into, reviewer=reviewer, now=now))
    return merges


def group_html(group: NameGroup) -> str:
    """Return the names of a group with their rows."""
    return " ".join(
        f'<bdi class="lc-plate given exact">{escape(_visible(name))}</bdi> <span class="lc-meta">{n_rows:,}</span>'
        for name, n_rows in zip(group.names, group.counts, strict=True)
    )


def choose_name(names: tuple[Label, ...], *, key: str, disabled: bool = False) -> Label:
    """Draw a choice of one name; the first by default."""
    place = st.selectbox(
        "Name that stays",
        range(len(names)),
        format_func=lambda place: plain_markdown(_visible(names[place])),
        key=key,
        disabled=disabled,
        label_visibility="collapsed",
        width=220,
    )
    return names[place]


def _visible(name: Label) -> str:
    """Return a name with the space at its ends in sight."""
    token = member_token(name)
    return token.replace("\u00a0", "⍽").replace("\t", "→")
