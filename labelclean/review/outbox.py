"""Reads what the review card sends: untrusted JSON in, checked review events out."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeGuard, cast

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError, LabelCleanError
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict
from labelclean.review.label_names import LabelNames

__all__ = ["MAX_GROUP_ROWS", "MAX_NOTE_LENGTH", "Outbox", "read_outbox"]

MAX_NOTE_LENGTH = 10_000
"""Longest note kept, in characters; the rest is cut off."""

MAX_GROUP_ROWS = 2_000
"""Most rows that one decision on a card covers; more is bulk work."""

_LONGEST_SECONDS = 3_600.0
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outbox:
    """
    What the browser sent: everything it does not yet know to be stored.

    Attributes
    ----------
    events : tuple of ReviewEvent
        The usable events in the order of the reviewer.
    refused : mapping of str to str
        By uuid, why an event was not usable. The others are not held up by it.
    queue : str
        Digest of the queue the reviewer sees; empty if unknown.
    at : int or None
        Index in that queue of the card on screen.
    row : int or None
        The row on that card: it names the place where the queue is another one by now.
    """

    events: tuple[ReviewEvent, ...] = ()
    refused: Mapping[str, str]
    queue: str = ""
    at: int | None = None
    row: int | None = None


def read_outbox(payload: object, *, names: LabelNames, n_examples: int, reviewer: str, now: datetime) -> Outbox:
    """
    Turn the card's outbox into review events.

    Parameters
    ----------
    payload : object
        What the component returned; None before the first decision.
    names : LabelNames
        The tokens the card was given; an unknown token of a decision is a new class.
    n_examples : int
        Number of rows; an event for any other row is refused.
    reviewer : str
        Who is at the screen.
    now : datetime
        The server's clock, UTC; stands in where the browser's time is missing or odd.

    Returns
    -------
    Outbox
        A malformed event is among the refused and never blocks the others.
    """
    if not isinstance(payload, Mapping):
        return Outbox(refused={})
    events: list[ReviewEvent] = []
    refused: dict[str, str] = {}
    listed = payload.get("events")
    for place, item in enumerate(listed if isinstance(listed, list) else []):
        try:
            event = _read_event(item, names=names, n_examples=n_examples, reviewer=reviewer, now=now)
            events.extend(_with_group(event, item, n_examples))
        except LabelCleanError as error:
            refused[_uuid_or_place(item, place)] = str(error)
    at = payload.get("at")
    queue, row = payload.get("queue"), payload.get("row")
    return Outbox(
        events=tuple(events),
        refused=refused,
        queue=queue if isinstance(queue, str) else "",
        at=at if _is_int(at) and at >= 0 else None,
        row=row if _is_int(row) and 0 <= row < n_examples else None,
    )


def _read_event(item: object, *, names: LabelNames, n_examples: int, reviewer: str, now: datetime) -> ReviewEvent:
    if not isinstance(item, Mapping):
        raise InvalidInputError(f"An event must be an object; got {type(item).__name__}.")
    kind = _read_kind(item.get("kind"))
    is_decision = kind is EventKind.DECIDE
    verdict = _read_verdict(item.get("verdict")) if is_decision else None
    return ReviewEvent(
        uuid=_read_uuid(item.get("uuid"), "uuid"),
        row=_read_row(item.get("row"), n_examples),
        kind=kind,
        verdict=verdict,
        label=_read_label(item.get("label"), names) if verdict in {Verdict.ACCEPT, Verdict.RELABEL} else None,
        target_uuid=None if is_decision else _read_uuid(item.get("target"), "target"),
        reviewer=reviewer,
        sequence=_read_sequence(item.get("seq")),
        decided_at=_read_time(item.get("decided_at"), now),
        seconds_spent=_clipped(item.get("seconds"), _LONGEST_SECONDS) if is_decision else None,
        error_probability=_clipped(item.get("error_probability"), 1.0) if is_decision else None,
        suggested_label=_read_suggestion(item.get("suggested"), names) if is_decision else None,
        note=_read_note(item.get("note")) if is_decision else "",
        source=_read_source(item.get("source")),
    )


def _with_group(event: ReviewEvent, item: object, n_examples: int) -> list[ReviewEvent]:
    """
    Return a decision and, where it is one for a group, the same decision for the group's other rows.

    Their uuids follow from its own, so that what is sent twice is stored once.
    """
    listed = cast("Mapping[str, object]", item).get("group")
    if event.kind is not EventKind.DECIDE or not isinstance(listed, list) or not listed:
        return [event]
    rows = [row for row in dict.fromkeys(_read_row(row, n_examples) for row in listed) if row != event.row]
    if len(rows) >= MAX_GROUP_ROWS:
        raise InvalidInputError(
            f"A group must have at most {MAX_GROUP_ROWS:,} rows; got {len(rows) + 1:,}.", fix="Decide it in bulk."
        )
    others = [
        replace(
            event,
            uuid=str(uuid.uuid5(uuid.UUID(event.uuid), str(row))),
            row=row,
            batch=event.uuid,
            source=DecisionSource.GROUP,
            seconds_spent=None,
            error_probability=None,
            suggested_label=None,
        )
        for row in rows
    ]
    return [replace(event, batch=event.uuid), *others] if others else [event]


def _read_source(value: object) -> DecisionSource:
    return DecisionSource.CONTROL if value == DecisionSource.CONTROL.value else DecisionSource.QUEUE


def _read_kind(value: object) -> EventKind:
    if isinstance(value, str) and value in set(EventKind):
        return EventKind(value)
    raise InvalidInputError("The kind of an event must be decide, undo or redo; got something else.")


def _read_verdict(value: object) -> Verdict:
    if isinstance(value, str) and value in set(Verdict):
        return Verdict(value)
    raise InvalidInputError(f"The verdict of a decision must be one of {', '.join(Verdict)}; got something else.")


def _read_uuid(value: object, field: str) -> str:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return value
    raise InvalidInputError(f"The {field} of an event must be a UUID in small letters; got something else.")


def _read_row(value: object, n_examples: int) -> int:
    if _is_int(value) and 0 <= value < n_examples:
        return value
    raise InvalidInputError(
        f"The row of an event must be a whole number below {n_examples:,}; got something else.",
        fix="Load the page again: the project may have changed since.",
    )


def _read_label(value: object, names: LabelNames) -> Label:
    if isinstance(value, str):
        return names.label(value)
    raise InvalidInputError("A correction must name the new label; got none.")


def _read_suggestion(value: object, names: LabelNames) -> Label | None:
    return names.known_label(value) if isinstance(value, str) else None


def _read_sequence(value: object) -> int:
    # The upper bound is what every database's integer holds.
    return min(value, 2**31 - 1) if _is_int(value) and value >= 0 else 0


def _read_time(value: object, now: datetime) -> datetime:
    """Read an ISO time; without an offset it counts as UTC, and an unusable one as now."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else now
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return now


def _clipped(value: object, highest: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return None
    return float(min(max(value, 0), highest))


def _read_note(value: object) -> str:
    if not isinstance(value, str):
        return ""
    # Halves of characters and NUL are legal in JSON, but no database takes them.
    clean = value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return clean.strip()[:MAX_NOTE_LENGTH]


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _uuid_or_place(item: object, place: int) -> str:
    """Name a refused event by its uuid, so that the browser can drop it; by its place in the list if it has none."""
    named = cast("Mapping[str, object]", item).get("uuid") if isinstance(item, Mapping) else None
    return named if isinstance(named, str) else f"#{place}"
