"""The keys that travel with a row through an annotation tool, so that its answer finds back."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import Annotation, Record, SentRow

__all__ = ["PREFIX", "annotation_of", "number_of", "text_list", "text_of", "time_of", "trace_of"]

PREFIX = "labelclean_"
"""What our keys begin with, beside the tool's own."""


def trace_of(row: SentRow) -> dict[str, object]:
    """Return the keys of one row: flat, and only text and numbers, which every tool keeps."""
    found = {
        "row": row.row,
        "id": row.row_id,
        "text_hash": row.text_hash,
        "given_label": row.given_label,
        "suggested_label": row.suggested_label,
        "error_probability": row.error_probability,
        "rank": row.rank,
    }
    return {PREFIX + key: value for key, value in found.items() if value is not None}


def annotation_of(holder: Record, place: str, text: object) -> Annotation:
    """
    Return an annotation without its answer, from the keys that came back.

    Parameters
    ----------
    holder : mapping
        Where the tool keeps the keys.
    place : str
        Where the record stands, for messages.
    text : object
        The text that came back, if it is one.

    Raises
    ------
    FileContentError
        If the keys are missing or damaged.
    """
    row, text_hash = number_of(holder.get(f"{PREFIX}row")), text_of(holder.get(f"{PREFIX}text_hash"))
    if row is None or row < 0 or row != int(row) or not text_hash:
        raise FileContentError(
            f"Each task must say which row it is of, in {PREFIX}row and {PREFIX}text_hash; {place} does not.",
            fix="Use tasks that `labelclean send` wrote, and export them with their metadata.",
        )
    return Annotation(
        place=place,
        row=int(row),
        row_id=text_of(holder.get(f"{PREFIX}id")) or None,
        text_hash=text_hash,
        text=text if isinstance(text, str) else None,
        given_label=_optional(holder.get(f"{PREFIX}given_label")),
        suggested_label=_optional(holder.get(f"{PREFIX}suggested_label")),
        error_probability=number_of(holder.get(f"{PREFIX}error_probability")),
    )


def number_of(value: object) -> float | None:
    """Return a number that a tool may have turned into text, or None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def text_of(value: object) -> str:
    """Return text and whole numbers as text, and the empty text for all else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    try:
        return str(value)
    except ValueError:  # thousands of digits
        return ""


def text_list(value: object, place: str, what: str) -> tuple[str, ...]:
    """
    Return a list of labels.

    Raises
    ------
    FileContentError
        If the value is no list, or holds something else than text.
    """
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise FileContentError(
            f"Labels must be a list of texts in {what}; {place} has something else there.",
            fix="Export a project of text classification, with the labels that `labelclean send` gave it.",
        )
    return tuple(items)


def time_of(value: object) -> datetime | None:
    """Return a time, UTC, from ISO 8601 or the seconds since 1970; None for all else."""
    try:
        if isinstance(value, str):
            time = datetime.fromisoformat(value)
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        seconds = number_of(value)
        return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _optional(value: object) -> str | None:
    return value if isinstance(value, str) else None
