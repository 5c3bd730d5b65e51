"""Queues that a project keeps under a name, for everybody who reviews it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labelclean.errors import InvalidInputError
from labelclean.review.queue_filter import QueueFilter

__all__ = [
    "MAX_NAME_LENGTH",
    "MAX_SAVED_QUEUES",
    "SAVED_QUEUES_KEY",
    "SavedQueue",
    "delete_queue",
    "rename_queue",
    "save_queue",
    "saved_from_json",
    "saved_to_json",
]

SAVED_QUEUES_KEY = "saved_queues"
"""Under which a project's settings keep them."""

MAX_NAME_LENGTH = 60
MAX_SAVED_QUEUES = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedQueue:
    """
    A filter with a name.

    Attributes
    ----------
    name : str
        One line, not empty.
    queue_filter : QueueFilter
        What it asks for.
    """

    name: str
    queue_filter: QueueFilter


def save_queue(saved: Sequence[SavedQueue], name: str, queue_filter: QueueFilter) -> tuple[SavedQueue, ...]:
    """
    Return the queues with one more.

    Parameters
    ----------
    saved : sequence of SavedQueue
        Those so far.
    name : str
        As typed; one that is taken is given to this filter instead.
    queue_filter : QueueFilter
        What the queue asks for.

    Returns
    -------
    tuple of SavedQueue
        In the order of their saving.

    Raises
    ------
    InvalidInputError
        If the name is empty or too long, or there are too many already.
    """
    wanted = SavedQueue(name=_checked_name(name), queue_filter=queue_filter)
    if any(queue.name == wanted.name for queue in saved):
        return tuple(wanted if queue.name == wanted.name else queue for queue in saved)
    if len(saved) >= MAX_SAVED_QUEUES:
        raise InvalidInputError(
            f"A project must have at most {MAX_SAVED_QUEUES} saved queues; it has {len(saved)}.",
            fix="Delete one that is no longer needed.",
        )
    return (*saved, wanted)


def rename_queue(saved: Sequence[SavedQueue], name: str, new_name: str) -> tuple[SavedQueue, ...]:
    """
    Return the queues with one under another name; those saved under the new name before are gone.

    Raises
    ------
    InvalidInputError
        If the new name is empty or too long.
    """
    new = _checked_name(new_name)
    kept = [queue for queue in saved if queue.name == name or queue.name != new]
    return tuple(
        SavedQueue(name=new, queue_filter=queue.queue_filter) if queue.name == name else queue for queue in kept
    )


def delete_queue(saved: Sequence[SavedQueue], name: str) -> tuple[SavedQueue, ...]:
    """Return the queues without one."""
    return tuple(queue for queue in saved if queue.name != name)


def saved_to_json(saved: Sequence[SavedQueue]) -> list[dict[str, object]]:
    """Return the queues as plain values, for JSON."""
    return [{"name": queue.name, "params": queue.queue_filter.to_params()} for queue in saved]


def saved_from_json(value: object) -> tuple[SavedQueue, ...]:
    """Return the queues that ``saved_to_json`` gave; what is damaged is left out."""
    entries = value if isinstance(value, list) else []
    found = (_from_entry(entry) for entry in entries)
    return tuple(queue for queue in found if queue is not None)


def _from_entry(entry: object) -> SavedQueue | None:
    if not isinstance(entry, dict):
        return None
    name, params = entry.get("name"), entry.get("params")
    if not isinstance(name, str) or not name.strip() or not isinstance(params, dict):
        return None
    texts = {str(key): text for key, text in params.items() if isinstance(text, str)}
    return SavedQueue(name=name, queue_filter=QueueFilter.from_params(texts))


def _checked_name(name: str) -> str:
    plain = " ".join(name.split())
    if not 0 < len(plain) <= MAX_NAME_LENGTH:
        raise InvalidInputError(
            f"The name of a queue must have 1 to {MAX_NAME_LENGTH} characters; got {len(plain)}.",
            fix="Type a short name.",
        )
    return plain
