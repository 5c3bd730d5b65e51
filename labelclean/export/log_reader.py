"""Reads a change log, CSV or JSON Lines, and says which line is wrong."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from labelclean.arrays import Label
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.export.change_log import COLUMNS, unescape_cell
from labelclean.export.label_words import read_label_json
from labelclean.export.planned import CORRECTING
from labelclean.review.decisions import Verdict

__all__ = ["LogEntry", "read_change_log"]

_NEEDED = ("row", "old", "new", "verdict")
_ESCAPED = ("id", "old", "new", "reviewer", "note")
_LONGEST_CELL = 2**31 - 1
_HASH = re.compile(r"[0-9a-f]{16}\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEntry:
    """
    One line of a change log.

    Attributes
    ----------
    line : int
        Where it stands in the log, from 1.
    row : int
        0-based record of the dataset's file.
    row_id : str or None
        The user's own id, if the log has one.
    old, new : hashable or None
        Label before and after; None for no label.
    verdict : Verdict
        What the reviewer said.
    reviewer : str
        Who said it.
    decided_at : datetime or None
        When, UTC.
    seconds_spent : float or None
        How long it took.
    error_probability : float or None
        What the reviewer was shown, 0 to 1.
    note : str
        The reviewer's remark.
    text_hash : str or None
        The fingerprint of the row's text; None in logs from before it was written.
    labels_are_text : bool
        True for CSV, where ``old`` and ``new`` are text whatever the label was; a label set is a JSON list there.
    """

    line: int
    row: int
    row_id: str | None
    old: Label | None
    new: Label | None
    verdict: Verdict
    reviewer: str
    decided_at: datetime | None
    seconds_spent: float | None
    error_probability: float | None
    note: str
    text_hash: str | None
    labels_are_text: bool


def read_change_log(path: Path) -> list[LogEntry]:
    """
    Read a change log in either form.

    The columns ``row``, ``old``, ``new`` and ``verdict`` must be there, in any order; the others may be missing, and
    columns that are not ours are ignored. A log that was opened and saved in a spreadsheet (semicolons or tabs, a byte
    order mark) is read as well.

    Parameters
    ----------
    path : Path
        The log.

    Returns
    -------
    list of LogEntry
        In the order of the log; empty for an empty file and for a header alone.

    Raises
    ------
    FileContentError
        If the file is not a change log, or a line of it is wrong; the message names the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", "surrogatepass")
    except OSError as error:
        raise FileContentError(f"The change log cannot be read: {error.strerror}.", fix="Check its path.") from error
    except UnicodeDecodeError as error:
        raise FileContentError(
            f"A change log must be UTF-8 text; byte {error.start:,} is not.", fix="Save it as CSV in UTF-8."
        ) from error
    if not text.strip():
        return []
    is_json = text.lstrip().startswith("{")
    records = _json_records(text) if is_json else _csv_records(text)
    entries = [_entry(line, values, labels_are_text=not is_json) for line, values in records]
    _check_rows_once(entries)
    return entries


def _csv_records(text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    csv.field_size_limit(_LONGEST_CELL)
    lines = _csv_lines(text)
    _, header = next(lines)
    columns = _checked_columns(header)
    for line, cells in lines:
        if len(cells) != len(columns):
            raise _bad(line, f"must have {len(columns):,} cells like the header; it has {len(cells):,}")
        values = dict(zip(columns, cells, strict=True))
        yield line, {name: unescape_cell(cell) if name in _ESCAPED else cell for name, cell in values.items()}


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each record that is not blank with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _bad(line, f"is not CSV: {error}") from error
        if cells:
            yield line, cells
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    """Return what parts the header: a comma, unless a spreadsheet saved the log with another character."""
    header = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=header.count)


def _checked_columns(columns: list[str]) -> list[str]:
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        raise FileContentError(
            f"A change log must have the columns {', '.join(_NEEDED)}; {', '.join(missing)} not found in its header.",
            fix="Use the change log of the Export page, CSV or JSONL.",
        )
    twice = [name for name in COLUMNS if columns.count(name) > 1]
    if twice:
        raise FileContentError(
            f"A change log must have each column once; {', '.join(twice)} is there twice.",
            fix="Use the change log of the Export page, CSV or JSONL.",
        )
    return columns


def _json_records(text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    # Not splitlines(): other line separators may stand inside a JSON string.
    for line, record in enumerate(text.split("\n"), start=1):
        if not record.strip():
            continue
        try:
            values = json.loads(record)
        except (ValueError, RecursionError) as error:
            raise _bad(line, "is not JSON") from error
        if not isinstance(values, dict):
            raise _bad(line, "must be a JSON object")
        missing = [name for name in _NEEDED if name not in values]
        if missing:
            raise _bad(line, f"must have the keys {', '.join(_NEEDED)}; {', '.join(missing)} not found")
        yield line, values


def _entry(line: int, values: Mapping[str, object], *, labels_are_text: bool) -> LogEntry:
    old, new = _label(line, "old", values), _label(line, "new", values)
    verdict = _verdict(line, values["verdict"])
    if verdict in CORRECTING and new is None:
        raise _bad(line, f"must name the new label, because its verdict is {verdict}; new is empty")
    return LogEntry(
        line=line,
        row=_row(line, values["row"]),
        row_id=_text(values.get("id")) or None,
        old=old,
        new=old if new is None else new,
        verdict=verdict,
        reviewer=_text(values.get("reviewer")),
        decided_at=_time(line, values.get("time")),
        seconds_spent=_number(line, "seconds_spent", values),
        error_probability=_number(line, "error_probability", values, most=1.0),
        note=_text(values.get("note")),
        text_hash=_hash(line, values.get("text_hash")),
        labels_are_text=labels_are_text,
    )


def _label(line: int, column: str, values: Mapping[str, object]) -> Label | None:
    try:
        return read_label_json(values[column])
    except InvalidInputError as error:
        raise _bad(line, f"must hold one label, or a list of labels, in {column}; {error.message}") from error


def _verdict(line: int, value: object) -> Verdict:
    try:
        return Verdict(str(value).strip())
    except ValueError as error:
        raise _bad(line, f"must have one of the verdicts {', '.join(Verdict)}; got another one") from error


def _row(line: int, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        row = value
    else:
        text = str(value).strip()
        row = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1  # noqa: PLR2004  (64 bits)
    if row < 0:
        raise _bad(line, "must have a row number, 0 or more; got something else")
    return row


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _hash(line: int, value: object) -> str | None:
    text = _text(value).strip()
    if not text:
        return None
    if not _HASH.match(text):
        raise _bad(line, "must have 16 hexadecimal digits in text_hash; got something else")
    return text


def _time(line: int, value: object) -> datetime | None:
    text = _text(value).strip()
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # the latter where UTC would be before the year 1
        raise _bad(line, "must have an ISO 8601 time, such as 2026-03-01T12:00:00Z; got something else") from error


def _number(line: int, column: str, values: Mapping[str, object], *, most: float = math.inf) -> float | None:
    text = _text(values.get(column)).strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and 0 <= number <= most):
        allowed = "0 or more" if most == math.inf else f"from 0 to {most:g}"
        raise _bad(line, f"must have a number {allowed} in {column}; got something else")
    return number


def _check_rows_once(entries: list[LogEntry]) -> None:
    first: dict[int, int] = {}
    for entry in entries:
        if entry.row in first:
            raise _bad(
                entry.line, f"must not repeat row {entry.row:,}, which line {first[entry.row]:,} decides already"
            )
        first[entry.row] = entry.line


def _bad(line: int, what: str) -> FileContentError:
    return FileContentError(
        f"Line {line:,} of the change log {what}.", fix="Correct that line, or export the log again."
    )
