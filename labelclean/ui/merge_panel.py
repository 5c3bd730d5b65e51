"""The part of the overview where names of one class are merged, and merges are undone and redone."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from labelclean import jobs
from labelclean.dataset import label_key
from labelclean.issues.dataset_names import label_counts
from labelclean.review.decisions import EventKind, current_decisions, undone_uuids
from labelclean.review.merging import make_merge, merge_dataset, merge_effect, merges_in_force, quoted_name, turn_merge
from labelclean.ui import resources, state
from labelclean.ui.clock import moment
from labelclean.ui.elements import note, notice, number_of, subtitle
from labelclean.ui.guard import guarded
from labelclean.ui.name_choices import choose_name, group_html, name_groups, names_in_order, shown_name
from labelclean.workspace import REVIEW_CONFIG

if TYPE_CHECKING:
    from labelclean.arrays import Label
    from labelclean.review.decisions import ReviewEvent
    from labelclean.store.records import ProjectRecord

__all__ = ["draw_merge_panel"]


def draw_merge_panel(project: ProjectRecord) -> None:
    """Draw names that look alike, what was merged, and the way to merge any names."""
    events = resources.workspace().store.load_merge_events(project.id)
    dataset = merge_dataset(resources.dataset(project), merges_in_force(events))
    groups = name_groups(dataset)
    made = [event for event in events if event.kind is EventKind.MERGE]
    if groups or made:
        subtitle("Names that look alike")
    for place, group in enumerate(groups):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(group_html(group), width="content")
            if st.button("Merge …", key=f"merge-group-{place}"):
                _merge_dialog(project, names_in_order(group))
            note(group.reason)
    undone = undone_uuids(events)
    for merge in made:
        _draw_merge(project, merge, is_undone=merge.uuid in undone)
    if project.dataset.pred_probs is None and resources.are_names_newer(project):
        notice(
            "info",
            "Names have changed since the analysis. Labels and suggestions show the names of now.",
            "Analyse again to have the rows judged with them; decisions stay.",
        )
        if st.button("Analyse again", key="merge-analyse"):
            jobs.start_audit(resources.workspace(), project.id, REVIEW_CONFIG)
            st.rerun()
    with st.expander("Merge other names", key="merge-other"):
        names, _ = label_counts(dataset)
        chosen = st.multiselect(
            "Names of one class",
            range(len(names)),
            format_func=lambda place: shown_name(names[place]),
            placeholder="choose two or more",
            key="merge-names",
        )
        if st.button("Merge …", key="merge-chosen", disabled=len(chosen) < 2):  # noqa: PLR2004  (one is no choice)
            _merge_dialog(project, tuple(names[place] for place in chosen))


def _draw_merge(project: ProjectRecord, merge: ReviewEvent, *, is_undone: bool) -> None:
    said = f"{merge.note[:1].upper()}{merge.note[1:]}"
    who = f"{merge.reviewer}, {moment(merge.decided_at)}" + (", undone" if is_undone else "")
    state_class = "lc-merge undone" if is_undone else "lc-merge"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            f'<span class="{state_class}"><bdi>{escape(said)}</bdi> <small>{escape(who)}</small></span>',
            width="content",
        )
        kind = EventKind.REDO if is_undone else EventKind.UNDO
        if st.button("Redo" if is_undone else "Undo", key=f"merge-turn-{merge.uuid}"):
            _append(project, turn_merge(merge, kind, reviewer=_reviewer(), now=datetime.now(UTC)))


@st.dialog("Merge names")
def _merge_dialog(project: ProjectRecord, names: tuple[Label, ...]) -> None:
    with guarded():
        _draw_dialog(project, names)


def _draw_dialog(project: ProjectRecord, names: tuple[Label, ...]) -> None:
    store = resources.workspace().store
    events = store.load_events(project.id)
    note("One class, one name. Which one stays?")
    into = choose_name(names, key="merge-into")
    effect = merge_effect(
        names,
        into,
        dataset=resources.dataset(project),
        decisions=current_decisions(events),
        merges=merges_in_force(events),
    )
    going = ", ".join(quoted_name(name) for name in names if label_key(name) != label_key(into))
    notice(
        "info",
        f"{number_of(effect.n_rows, 'row', 'rows')} with {going} will read {quoted_name(into)}.",
        "It is one entry in the log; Undo takes it back whole. The file itself changes only on export.",
    )
    if effect.n_kept:
        note(
            f"{number_of(effect.n_kept, 'row', 'rows')} that a person gave another label "
            f"{'keeps' if effect.n_kept == 1 else 'keep'} it."
        )
    with st.container(horizontal=True):
        if st.button("Merge", type="primary", key="merge-yes"):
            _append(project, make_merge(names, into, reviewer=_reviewer(), now=datetime.now(UTC)))
        if st.button("Cancel", key="merge-no"):
            st.rerun()


def _append(project: ProjectRecord, event: ReviewEvent) -> None:
    resources.workspace().store.append_events(project.id, [event])
    st.rerun()


def _reviewer() -> str:
    return state.reviewer(resources.workspace().store)
