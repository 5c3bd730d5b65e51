"""The dialogs that merge names of one class, and that give a class another name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from labelclean.dataset import label_key
from labelclean.errors import InvalidInputError
from labelclean.review.decisions import current_decisions
from labelclean.review.label_names import LabelNames
from labelclean.review.merging import make_merge, merge_effect, merges_in_force, quoted_name
from labelclean.review.renaming import make_rename, name_taken
from labelclean.ui import resources, state
from labelclean.ui.elements import note, notice, number_of
from labelclean.ui.guard import guarded
from labelclean.ui.name_choices import choose_name, shown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labelclean.arrays import Label
    from labelclean.review.decisions import ReviewEvent
    from labelclean.store.records import ProjectRecord

__all__ = ["append_event", "current_reviewer", "merge_dialog", "rename_dialog"]


@st.dialog("Merge names")
def merge_dialog(project: ProjectRecord, names: tuple[Label, ...]) -> None:
    """Ask which of some names stays, and say what the merge changes."""
    with guarded():
        note("One class, one name. Which one stays?")
        into = choose_name(names, key="merge-into")
        going = [name for name in names if label_key(name) != label_key(into)]
        _draw_effect(project, going, into)
        with st.container(horizontal=True):
            if st.button("Merge", type="primary", key="merge-yes"):
                append_event(project, make_merge(names, into, reviewer=current_reviewer(), now=datetime.now(UTC)))
            if st.button("Cancel", key="merge-no"):
                st.rerun()


@st.dialog("Rename a class")
def rename_dialog(project: ProjectRecord, known: tuple[Label, ...]) -> None:
    """Ask for a class and its new name; where the name is another class's, offer to merge the two."""
    with guarded():
        names = LabelNames.of(known)
        place = st.selectbox(
            "Class",
            range(len(known)),
            index=None,
            format_func=lambda place: shown_name(known[place]),
            placeholder="choose one",
            key="rename-class",
        )
        text = st.text_input("New name", max_chars=500, key="rename-name")
        if place is None or not text.strip():
            return
        label, taken = known[place], name_taken(text, names.labels)
        if taken is not None and label_key(taken) == label_key(label):
            note("That is its name.")
        elif taken is not None:
            _offer_merge(project, label, taken)
        else:
            _draw_rename(project, label, text, names.labels)


def _draw_rename(project: ProjectRecord, label: Label, text: str, known: Sequence[Label]) -> None:
    try:
        rename = make_rename(label, text, known=known, reviewer=current_reviewer(), now=datetime.now(UTC))
    except InvalidInputError as error:
        notice("error", error.message, error.fix)
        return
    if rename.label is not None:
        _draw_effect(project, [label], rename.label)
    if project.dataset.roles.spelling.kind == "one_hot":
        notice(
            "warning",
            "Each label of this file is a column, and the file has no column of the new name.",
            "The corrected file can be written only after the rename is undone; the change log holds it.",
        )
    if st.button("Rename", type="primary", key="rename-yes"):
        append_event(project, rename)


def _offer_merge(project: ProjectRecord, label: Label, taken: Label) -> None:
    notice(
        "warning",
        f"There is a class {quoted_name(taken)} already.",
        "Renaming would make the two one class: that is a merge.",
    )
    _draw_effect(project, [label], taken)
    if st.button("Merge them instead", type="primary", key="rename-merge"):
        append_event(project, make_merge([label], taken, reviewer=current_reviewer(), now=datetime.now(UTC)))


def _draw_effect(project: ProjectRecord, going: Sequence[Label], into: Label) -> None:
    events = resources.workspace().store.load_events(project.id)
    effect = merge_effect(
        going,
        into,
        dataset=resources.dataset(project),
        decisions=current_decisions(events),
        merges=merges_in_force(events),
    )
    said = ", ".join(map(quoted_name, going))
    notice(
        "info",
        f"{number_of(effect.n_rows, 'row', 'rows')} with {said} will read {quoted_name(into)}.",
        "It is one entry in the log; Undo takes it back whole. The file itself changes only on export.",
    )
    if effect.n_kept:
        note(
            f"{number_of(effect.n_kept, 'row', 'rows')} that a person gave another label "
            f"{'keeps' if effect.n_kept == 1 else 'keep'} it."
        )


def append_event(project: ProjectRecord, event: ReviewEvent) -> None:
    """Store an event and draw the page again."""
    resources.workspace().store.append_events(project.id, [event])
    st.rerun()


def current_reviewer() -> str:
    """Return the name under which this session logs."""
    return state.reviewer(resources.workspace().store)
