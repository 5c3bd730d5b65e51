"""Renaming a class: a merge of one name into a new one, with its own words in the log."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from labelclean.arrays import Label
from labelclean.dataset import label_key
from labelclean.errors import InvalidInputError
from labelclean.review.decisions import ReviewEvent
from labelclean.review.label_names import LabelNames
from labelclean.review.merging import make_merge, quoted_name, single_names

__all__ = ["make_rename", "name_taken", "single_labels"]


def single_labels(class_names: Iterable[Label]) -> tuple[Label, ...]:
    """Return the labels there are, each once: those in the sets where texts have label sets."""
    found = {label_key(single): single for name in class_names for single in single_names(name)}
    return tuple(found.values())


def name_taken(text: str, known: Sequence[Label]) -> Label | None:
    """Return the label that a name already belongs to, or None if it is new."""
    names = LabelNames.of(known)
    taken = names.known_label(text)
    return names.known_label(text.strip()) if taken is None else taken


def make_rename(
    label: Label, text: str, *, known: Sequence[Label], reviewer: str, now: datetime, event_uuid: str | None = None
) -> ReviewEvent:
    """
    Return the event that gives a class another name.

    Parameters
    ----------
    label : hashable
        The class; a single label where texts have label sets.
    text : str
        Its new name, as typed.
    known : sequence of hashable
        The labels there are now; see ``single_labels``.
    reviewer : str
        Who renames.
    now : datetime
        UTC.
    event_uuid : str, optional
        By default a new one.

    Returns
    -------
    ReviewEvent
        A merge of the one name into the new one, whose note says that it renames. It is undone like a merge.

    Raises
    ------
    InvalidInputError
        If the name belongs to a class already, is empty, too long, or not one line of printable text.
    """
    names = LabelNames.of(known)
    if name_taken(text, names.labels) is not None:
        raise InvalidInputError(
            "The new name of a class must not be that of a class there is; got one that is taken.",
            fix="Merge the two classes instead, or choose another name.",
        )
    renamed = names.label(text)
    event = make_merge([label], renamed, reviewer=reviewer, now=now, event_uuid=event_uuid or str(uuid.uuid4()))
    return replace(event, note=f"renamed {quoted_name(label)} to {quoted_name(renamed)}")
