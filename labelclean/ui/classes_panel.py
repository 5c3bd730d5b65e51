"""The part of the overview about the classes: which overlap, look alike or are rare, and how to change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from labelclean import jobs
from labelclean.issues.dataset_names import label_counts
from labelclean.review.class_overlaps import class_overlaps, label_overlaps
from labelclean.review.merging import merge_dataset, merges_in_force
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.rare_classes import RARE_RULE, rare_rows
from labelclean.ui import resources, state
from labelclean.ui.class_changes import draw_class_changes
from labelclean.ui.elements import note, notice, number_of, percent, subtitle
from labelclean.ui.merge_dialog import merge_dialog, rename_dialog
from labelclean.ui.name_choices import group_html, name_groups, names_in_order, shown_name
from labelclean.ui.navigation import go_to
from labelclean.ui.split_dialog import split_class_dialog
from labelclean.workspace import REVIEW_CONFIG

if TYPE_CHECKING:
    from labelclean.arrays import Label
    from labelclean.dataset import Dataset
    from labelclean.review.class_overlaps import ClassOverlap
    from labelclean.store.records import ProjectRecord
    from labelclean.store.run_records import StoredRun

__all__ = ["draw_classes_panel"]


def draw_classes_panel(project: ProjectRecord, run: StoredRun) -> None:
    """Draw what stands out about the classes, what can be done, and what was done."""
    events = resources.workspace().store.load_events(project.id)
    dataset = merge_dataset(resources.dataset(project), merges_in_force(events))
    subtitle("Classes")
    _draw_alike(project, dataset)
    _draw_overlaps(project, run)
    _draw_rare(run)
    _draw_actions(project, dataset)
    draw_class_changes(project, events)
    if project.dataset.pred_probs is None and resources.are_names_newer(project):
        notice(
            "info",
            "Names have changed since the analysis. Labels and suggestions show the names of now.",
            "Analyse again to have the rows judged with them; decisions stay.",
        )
        if st.button("Analyse again", key="merge-analyse"):
            jobs.start_audit(resources.workspace(), project.id, REVIEW_CONFIG)
            st.rerun()


def _draw_alike(project: ProjectRecord, dataset: Dataset) -> None:
    for place, group in enumerate(name_groups(dataset)):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(group_html(group), width="content")
            if st.button("Merge …", key=f"merge-group-{place}"):
                merge_dialog(project, names_in_order(group))
            note(group.reason)


def _draw_overlaps(project: ProjectRecord, run: StoredRun) -> None:
    if run.has_label_sets:
        overlaps = label_overlaps(run.label_confusions, run.label_noise)
    else:
        overlaps = class_overlaps(run.class_names, run.noise.noise_matrix, run.noise.confident_joint)
    for place, overlap in enumerate(overlaps):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            note(_overlap_words(overlap))
            if st.button("Review", key=f"overlap-review-{place}"):
                _review(run, overlap)
            if st.button("Merge …", key=f"overlap-merge-{place}"):
                merge_dialog(project, (overlap.first, overlap.second))


def _overlap_words(overlap: ClassOverlap) -> str:
    first, second = shown_name(overlap.first), shown_name(overlap.second)
    return (
        f"“{first}” and “{second}” are taken for each other both ways ({percent(overlap.share_first)} and "
        f"{percent(overlap.share_second)} of their rows): one clearer rule, or one name?"
    )


def _review(run: StoredRun, overlap: ClassOverlap) -> None:
    if run.has_label_sets:
        state.set_queue_filter(QueueFilter(removes=overlap.first, adds=overlap.second))
    else:
        state.set_queue_filter(QueueFilter.of_pair(overlap.first, overlap.second))
    go_to("review")


def _draw_rare(run: StoredRun) -> None:
    is_rare = rare_rows(run)
    n_rows = int(np.count_nonzero(is_rare))
    if not n_rows:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        note(f"{number_of(n_rows, 'row has a rare class', 'rows have a rare class')}. {RARE_RULE}")
        if st.button("Review them", key="classes-rare"):
            state.set_queue_filter(QueueFilter(kind="rare", only_issues=False))
            go_to("review")


def _draw_actions(project: ProjectRecord, dataset: Dataset) -> None:
    names, _ = label_counts(dataset)
    known: tuple[Label, ...] = tuple(names)
    what = "label" if dataset.has_label_sets else "class"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(f"Rename a {what} …", key="classes-rename"):
            rename_dialog(project, known)
        if st.button(f"Split a {what} …", key="classes-split"):
            split_class_dialog(project, known)
    with st.expander("Merge other names", key="merge-other"):
        chosen = st.multiselect(
            f"Names of one {what}",
            range(len(known)),
            format_func=lambda place: shown_name(known[place]),
            placeholder="choose two or more",
            key="merge-names",
        )
        if st.button("Merge …", key="merge-chosen", disabled=len(chosen) < 2):  # noqa: PLR2004  (one is no choice)
            merge_dialog(project, tuple(known[place] for place in chosen))
