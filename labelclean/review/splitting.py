"""Splitting a class: the rows of a queue get a label of their own, as one step that is undone at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from labelclean.arrays import UNLABELLED, IndexArray, Label
from labelclean.dataset import label_key
from labelclean.label_set import LabelSet
from labelclean.review.bulk.decide import BulkAction, BulkKind, make_bulk
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, undone_uuids
from labelclean.review.merging import quoted_name
from labelclean.review.queue import ReviewedRun

__all__ = ["Split", "make_split", "split_note", "splits_of"]

_SPLIT = "split off "


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """
    A split of the log.

    Attributes
    ----------
    first : ReviewEvent
        One of its decisions; ``first.step`` names them all.
    n_rows : int
        Number of rows.
    is_undone : bool
        Whether it was taken back.
    """

    first: ReviewEvent
    n_rows: int
    is_undone: bool


def split_note(label: Label, why: str = "") -> str:
    """Return what the log says of a split; ``why`` says in words which rows were meant."""
    return f"{_SPLIT}{quoted_name(label)}{': ' if why else ''}{why}"


def make_split(
    run: ReviewedRun,
    rows: IndexArray,
    label: Label,
    *,
    instead_of: Label | None = None,
    decisions: Mapping[int, ReviewEvent],
    reviewer: str,
    now: datetime,
    why: str = "",
    batch: str | None = None,
) -> tuple[ReviewEvent, ...]:
    """
    Return the decisions that give rows a label of their own.

    Parameters
    ----------
    run : ReviewedRun
        The results of the audit, with the names of today.
    rows : ndarray of int64
        The rows; those that somebody decided are left alone.
    label : hashable
        Their label from now on, a new or an existing one.
    instead_of : hashable, optional
        Of label sets: the label that goes from each set; the others stay.
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.
    reviewer : str
        Who splits.
    now : datetime
        UTC.
    why : str, default=""
        Which rows these are, in words for the log.
    batch : str, optional
        A UUID, by default a new one.

    Returns
    -------
    tuple of ReviewEvent
        One for each row; empty where all are decided.
    """
    step = batch or str(uuid.uuid4())
    made: list[ReviewEvent] = []
    for part, given in _parts(run, rows, label):
        wanted = label if given is None else _in_its_place(given, label, instead_of)
        action = BulkAction(kind=BulkKind.GIVE, label=wanted)
        note = split_note(label, why)
        made += make_bulk(run, part, action, decisions=decisions, reviewer=reviewer, now=now, note=note, batch=step)
    return tuple(made)


def _parts(run: ReviewedRun, rows: IndexArray, label: Label) -> Iterable[tuple[IndexArray, LabelSet | None]]:
    """Return the rows at once; where texts have label sets, those of each set, since each becomes another one."""
    if not any(isinstance(name, LabelSet) for name in run.class_names) or isinstance(label, LabelSet):
        return [(rows, None)]
    codes = run.labels[rows]
    sets = ((code, LabelSet() if code == UNLABELLED else run.class_names[code]) for code in np.unique(codes).tolist())
    return [(rows[codes == code], given) for code, given in sets if isinstance(given, LabelSet)]


def _in_its_place(given: LabelSet, label: Label, instead_of: Label | None) -> LabelSet:
    gone = None if instead_of is None else label_key(instead_of)
    return LabelSet([*(name for name in given if label_key(name) != gone), label])


def splits_of(events: Iterable[ReviewEvent]) -> tuple[Split, ...]:
    """Return the splits of a log in its order, undone or not."""
    log = list(events)
    undone = undone_uuids(log)
    rows: dict[str, int] = {}
    first: dict[str, ReviewEvent] = {}
    for event in log:
        is_split = event.source is DecisionSource.BULK and event.note.startswith(_SPLIT)
        if event.kind is EventKind.DECIDE and event.batch is not None and is_split:
            rows[event.batch] = rows.get(event.batch, 0) + 1
            first.setdefault(event.batch, event)
    return tuple(Split(first=first[step], n_rows=rows[step], is_undone=step in undone) for step in first)
