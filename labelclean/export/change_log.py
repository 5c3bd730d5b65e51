"""
The change log: one line per decision in force, as CSV and as JSON Lines.

The columns are ``row`` (0-based record of the input), ``id`` (the user's own, if any), ``old`` and ``new`` (label
before and after; the same where the verdict leaves it), ``verdict``, ``reviewer``, ``time`` (ISO 8601, UTC),
``seconds_spent``, ``error_probability`` (0 to 1), ``note`` and ``text_hash`` (the first 16 hexadecimal digits of the
SHA-256 of the text, by which the row is found in another version of the file). In JSON Lines a label keeps its JSON
type, and a label set is an array; in CSV a label is text, and a label set a JSON list. No label is empty or null, the
empty set is ``[]``.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return as a formula. In CSV
such a cell gets one apostrophe in front, and so does a cell that already has apostrophes before such a character; a
plain number, such as the label ``-1``, stays as it is. ``read_change_log`` takes exactly that apostrophe away again,
so every text survives the round trip.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from labelclean.export.label_words import label_json, label_text
from labelclean.export.planned import CellChange

__all__ = ["COLUMNS", "change_log_csv", "change_log_jsonl", "escape_cell", "unescape_cell"]

COLUMNS = (
    "row",
    "id",
    "old",
    "new",
    "verdict",
    "reviewer",
    "time",
    "seconds_spent",
    "error_probability",
    "note",
    "text_hash",
)
"""The columns of the log, in order."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]\d+(\.\d+)?\Z", re.ASCII)


def change_log_csv(changes: Iterable[CellChange]) -> bytes:
    """
    Return the log as CSV.

    Parameters
    ----------
    changes : iterable of CellChange
        As ``planned_changes`` gives them.

    Returns
    -------
    bytes
        UTF-8 without a byte order mark, commas, CRLF; a header and one record for each entry.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for change in changes:
        seconds, probability = _finite(change.seconds_spent), _finite(change.error_probability)
        writer.writerow(
            [
                change.row,
                escape_cell(change.row_id or ""),
                escape_cell(label_text(change.old)),
                escape_cell(label_text(change.new)),
                change.verdict.value,
                escape_cell(change.reviewer),
                _utc(change.decided_at),
                "" if seconds is None else seconds,
                "" if probability is None else probability,
                escape_cell(change.note),
                change.text_hash or "",
            ]
        )
    # Halves of characters can stand in JSON; they are written so that reading gives them back.
    return text.getvalue().encode("utf-8", "surrogatepass")


def change_log_jsonl(changes: Iterable[CellChange]) -> bytes:
    """
    Return the log as JSON Lines.

    Parameters
    ----------
    changes : iterable of CellChange
        As ``planned_changes`` gives them.

    Returns
    -------
    bytes
        UTF-8, one object on each line with the keys of ``COLUMNS``; what is not known is null.
    """
    return b"".join(_json_line(_json_values(change)) for change in changes)


def escape_cell(text: str) -> str:
    """
    Return a cell that no spreadsheet runs as a formula.

    Examples
    --------
    >>> [escape_cell(text) for text in ("=1+1", "refund", "-1", "'=1+1")]
    ["'=1+1", 'refund', '-1', "''=1+1"]
    """
    return "'" + text if _looks_like_formula(text) else text


def unescape_cell(cell: str) -> str:
    """
    Return the text that ``escape_cell`` was given.

    Examples
    --------
    >>> [unescape_cell(cell) for cell in ("'=1+1", "'tis", "''=1+1")]
    ['=1+1', "'tis", "'=1+1"]
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _looks_like_formula(text: str) -> bool:
    return bool(_FORMULA.match(text)) and not _PLAIN_NUMBER.match(text)


def _json_values(change: CellChange) -> dict[str, object]:
    return {
        "row": change.row,
        "id": change.row_id,
        "old": label_json(change.old),
        "new": label_json(change.new),
        "verdict": change.verdict.value,
        "reviewer": change.reviewer,
        "time": _utc(change.decided_at),
        "seconds_spent": _finite(change.seconds_spent),
        "error_probability": _finite(change.error_probability),
        "note": change.note,
        "text_hash": change.text_hash,
    }


def _json_line(values: dict[str, object]) -> bytes:
    try:
        line = json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a character, which JSON can spell only as an escape
        line = json.dumps(values).encode()
    return line + b"\n"


def _utc(time: datetime | None) -> str | None:
    """Return ISO 8601 with a Z; a time without a zone is UTC already, and None is not known."""
    if time is None:
        return None
    zoned = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _finite(number: float | None) -> float | None:
    """Return a number that JSON can hold, or None."""
    return None if number is None or not math.isfinite(number) else float(number)
