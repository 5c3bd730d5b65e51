"""Merging names of one class: what a merge changes in the labels, and what the decisions mean after it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from labelclean.arrays import UNLABELLED, Label
from labelclean.dataset import Dataset, VoteTable, label_key, sorted_classes
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict, undone_uuids
from labelclean.review.label_set_names import member_token

__all__ = [
    "MergeEffect",
    "decisions_with_merges",
    "make_merge",
    "merge_dataset",
    "merge_effect",
    "merged_label",
    "merges_in_force",
    "names_gone",
    "quoted_name",
    "single_names",
    "turn_merge",
]

_CORRECTING = {Verdict.ACCEPT, Verdict.RELABEL}


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeEffect:
    """
    What a merge would do.

    Attributes
    ----------
    n_rows : int
        Rows whose label changes.
    n_kept : int
        Rows with one of the names that keep it, because a person gave them another label.
    """

    n_rows: int
    n_kept: int


def make_merge(
    names: Iterable[Label], into: Label, *, reviewer: str, now: datetime, event_uuid: str | None = None
) -> ReviewEvent:
    """
    Return the event that turns some names into one.

    Parameters
    ----------
    names : iterable of hashable
        The names that go; the one that stays may be among them.
    into : hashable
        The name that stays.
    reviewer : str
        Who merges.
    now : datetime
        UTC.
    event_uuid : str, optional
        By default a new one.

    Returns
    -------
    ReviewEvent
        Its note says in words what was done.

    Raises
    ------
    InvalidInputError
        If no name but the one that stays is given.
    """
    going = tuple(name for name in names if label_key(name) != label_key(into))
    if not going:
        raise InvalidInputError(
            "A merge must turn at least one name into another; got only the one that stays.",
            fix="Choose two or more names.",
        )
    said = ", ".join(map(quoted_name, going))
    return ReviewEvent(
        uuid=event_uuid or str(uuid.uuid4()),
        row=-1,
        kind=EventKind.MERGE,
        label=into,
        merged=going,
        reviewer=reviewer,
        decided_at=now,
        note=f"merged {said} into {quoted_name(into)}",
    )


def quoted_name(name: Label) -> str:
    """Return a name in quotes, with the space at its ends in them."""
    return f"“{name}”" if isinstance(name, str) else f"“{member_token(name)}”"


def turn_merge(merge: ReviewEvent, kind: EventKind, *, reviewer: str, now: datetime) -> ReviewEvent:
    """Return the event that undoes or redoes a merge, with all its rows at once."""
    return ReviewEvent(
        uuid=str(uuid.uuid4()), row=-1, kind=kind, target_uuid=merge.uuid, reviewer=reviewer, decided_at=now
    )


def merges_in_force(events: Iterable[ReviewEvent]) -> tuple[ReviewEvent, ...]:
    """Return the merges that nobody undid, in the order of the log."""
    log = list(events)
    undone = undone_uuids(log)
    return tuple(event for event in log if event.kind is EventKind.MERGE and event.uuid not in undone)


def names_gone(merges: Sequence[ReviewEvent]) -> tuple[Label, ...]:
    """Return the names that are other ones after the merges."""
    names = [name for merge in merges for name in merge.merged]
    return tuple(name for name in names if label_key(_merged_name(name, merges)) != label_key(name))


def merged_label(label: Label, merges: Sequence[ReviewEvent]) -> Label:
    """Return a label after some merges, one after the other; in a set, each of its labels."""
    if isinstance(label, LabelSet):
        return LabelSet(_merged_name(name, merges) for name in label)
    return _merged_name(label, merges)


def _merged_name(name: Label, merges: Sequence[ReviewEvent]) -> Label:
    for merge in merges:
        if merge.label is not None and label_key(name) in {label_key(gone) for gone in merge.merged}:
            name = merge.label
    return name


def merge_dataset(dataset: Dataset, merges: Sequence[ReviewEvent]) -> Dataset:
    """Return a dataset with the names as they are after the merges; the same one where they change nothing."""
    merged = [merged_label(name, merges) for name in dataset.class_names]
    if not _changed(dataset.class_names, merged):
        return dataset
    class_names = sorted_classes(merged)
    codes = {label_key(name): code for code, name in enumerate(class_names)}
    new_codes = np.array([*(codes[label_key(name)] for name in merged), UNLABELLED], dtype=np.int64)
    votes = dataset.votes
    return replace(
        dataset,
        class_names=class_names,
        labels=new_codes[dataset.labels],  # -1 finds the last one
        votes=None
        if votes is None
        else VoteTable(annotators=votes.annotators, codes=new_codes[votes.codes].astype(np.int32)),
    )


def decisions_with_merges(
    decisions: Mapping[int, ReviewEvent], merges: Sequence[ReviewEvent], dataset: Dataset
) -> dict[int, ReviewEvent]:
    """
    Return what the decisions and the merges in force say of each row, for the export.

    Parameters
    ----------
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.
    merges : sequence of ReviewEvent
        The merges in force, in the order of the log.
    dataset : Dataset
        The file as it is.

    Returns
    -------
    dict of int to ReviewEvent
        The decisions; a row that a person gave another label keeps that one, under the name that later merges of the
        log gave it. Every other row with a merged name gets the name that stays, whether its label was confirmed, is
        unclear, or was never looked at.
    """
    in_force = {row: _renamed_since(decision, merges) for row, decision in decisions.items()}
    changes = _changes(dataset.class_names, merges)
    for row in np.flatnonzero(np.isin(dataset.labels, list(changes))).tolist():
        decision = in_force.get(row)
        if decision is not None and decision.verdict in _CORRECTING:
            continue
        label, merge = changes[int(dataset.labels[row])]
        in_force[row] = _of_merge(row, label, merge) if decision is None else _with_merge(decision, label, merge)
    return in_force


def merge_effect(
    names: Collection[Label],
    into: Label,
    *,
    dataset: Dataset,
    decisions: Mapping[int, ReviewEvent],
    merges: Sequence[ReviewEvent] = (),
) -> MergeEffect:
    """
    Count the rows that a merge would change.

    Parameters
    ----------
    names : collection of hashable
        The names that go.
    into : hashable
        The name that stays.
    dataset : Dataset
        The file as it is.
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.
    merges : sequence of ReviewEvent, default=()
        The merges in force before it.
    """
    keys = {label_key(name) for name in names} - {label_key(into)}
    now = [merged_label(name, merges) for name in dataset.class_names]
    codes = [code for code, name in enumerate(now) if keys & {label_key(single) for single in single_names(name)}]
    has_name = np.isin(dataset.labels, codes)
    n_rows, n_kept = int(np.count_nonzero(has_name)), 0
    for row, decision in decisions.items():
        label = _renamed_since(decision, merges).label
        if decision.verdict not in _CORRECTING or label is None:
            continue
        if keys & {label_key(single) for single in single_names(label)}:
            n_rows += not has_name[row]  # a person gave it the name that goes now
        elif has_name[row]:
            n_rows, n_kept = n_rows - 1, n_kept + 1
    return MergeEffect(n_rows=n_rows, n_kept=n_kept)


def single_names(label: Label) -> tuple[Label, ...]:
    """Return the names in a label: those of a set, else the label itself."""
    return label.labels if isinstance(label, LabelSet) else (label,)


def _changes(class_names: Sequence[Label], merges: Sequence[ReviewEvent]) -> dict[int, tuple[Label, ReviewEvent]]:
    """Return, by code, the new label and the last merge that had a part in it."""
    changes: dict[int, tuple[Label, ReviewEvent]] = {}
    for code, name in enumerate(class_names):
        now = name
        for merge in merges:
            after = merged_label(now, [merge])
            if label_key(after) != label_key(now):
                now = after
                changes[code] = (now, merge)
        if code in changes and label_key(now) == label_key(name):
            del changes[code]  # merged there and back again
    return changes


def _renamed_since(decision: ReviewEvent, merges: Sequence[ReviewEvent]) -> ReviewEvent:
    """Return a correction with the name that its label has today: merges after it in the log change it too."""
    if decision.verdict not in _CORRECTING or decision.label is None or decision.position is None:
        return decision
    for merge in merges:
        if merge.position is not None and merge.position > decision.position and decision.label is not None:
            label = merged_label(decision.label, [merge])
            if label_key(label) != label_key(decision.label):
                decision = _with_merge(decision, label, merge)
    return decision


def _changed(before: Sequence[Label], after: Sequence[Label]) -> bool:
    return any(label_key(old) != label_key(new) for old, new in zip(before, after, strict=True))


def _of_merge(row: int, label: Label, merge: ReviewEvent) -> ReviewEvent:
    return ReviewEvent(
        uuid=merge.uuid,
        row=row,
        kind=EventKind.DECIDE,
        verdict=Verdict.RELABEL,
        label=label,
        reviewer=merge.reviewer,
        decided_at=merge.decided_at,
        note=merge.note,
        merged=merge.merged,
    )


def _with_merge(decision: ReviewEvent, label: Label, merge: ReviewEvent) -> ReviewEvent:
    note = "; ".join(filter(None, (decision.note, merge.note)))
    return replace(decision, label=label, merged=merge.merged, note=note)
