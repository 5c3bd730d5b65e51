"""Files of one JSON object per line: read, and patch the value of one key."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from labelclean.arrays import Label
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.labels.cells import is_same_label, label_from_json, label_to_json
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import TableScan
from labelclean.io.text.records import (
    MAX_COLUMNS,
    PREVIEW_ROWS,
    RecordBatch,
    Sample,
    record_batches,
    split_lines,
)
from labelclean.io.text.text_file import read_blocks

__all__ = ["filled", "open_lines", "patch_value", "read_labels", "read_texts", "scan_lines", "text_of"]

_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_SAMPLE_CELLS = 2_000_000
_WHITE_SPACE = " \t\r\n"
_SURROGATE = re.compile("[\ud800-\udfff]")


def open_lines(path: Path, layout: FileLayout) -> Iterator[RecordBatch]:
    """Open a JSON Lines file for one pass over its lines."""
    return record_batches(read_blocks(path, layout), split_lines)


def filled(records: Sequence[str]) -> list[int]:
    """Return the positions of the lines that hold more than white space."""
    return [position for position, record in enumerate(records) if record.strip(_WHITE_SPACE)]


def scan_lines(path: Path, layout: FileLayout) -> TableScan:
    """Read a whole JSON Lines file once, so that every broken line is found."""
    columns: dict[str, None] = {}
    seen: set[tuple[str, ...]] = set()
    sample: list[dict[str, object]] = []
    bound, n_rows = Sample(), 0
    for batch in open_lines(path, layout):
        for position in filled(batch.records):
            row = _row_at(batch, position)
            n_rows += 1
            keys = tuple(row)
            if keys not in seen:
                seen.add(keys)
                columns.update(dict.fromkeys(keys))
                _check_columns(columns, keys, partial(batch.line_of, position))
                seen = seen if len(seen) < MAX_COLUMNS else set()
            if not bound.is_full:
                bound.add([batch.records[position]])
                sample.append(row)
    if not n_rows:
        raise FileContentError("The file must hold at least one JSON object; it is empty.", fix="Upload another file.")
    if not columns:
        raise FileContentError(
            "The JSON objects must have keys, such as text and label; they are all empty.", fix="Upload another file."
        )
    n_shown = max(PREVIEW_ROWS, _SAMPLE_CELLS // len(columns))
    cells = tuple(tuple(text_of(row.get(column)) for column in columns) for row in sample[:n_shown])
    return TableScan(columns=tuple(columns), n_rows=n_rows, sample=cells)


def read_texts(path: Path, layout: FileLayout, columns: Sequence[str]) -> list[list[str]]:
    """Return the values of some keys as text; a missing one is the empty text."""
    return _read(path, layout, columns, None)[0]


def read_labels(
    path: Path, layout: FileLayout, label_column: str, columns: Sequence[str]
) -> tuple[list[list[str]], list[Label | None]]:
    """Return the values of some keys as text and, from the same pass, the labels under one key."""
    return _read(path, layout, columns, label_column)


def text_of(value: object) -> str:
    """Return a JSON value as text: text as it is, a missing value as the empty text, others in their JSON spelling."""
    if isinstance(value, str):
        # Half a surrogate pair, written as an escape, could not be shown or stored.
        return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    if type(value) is int:  # not bool
        return str(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return _SURROGATE.sub("\ufffd", _ENCODER.encode(value))


def patch_value(batch: RecordBatch, position: int, label: Label | None, *, key: str, encoding: str) -> str:
    """
    Return a line with the value of one key replaced; the same line if it means that already.

    Parameters
    ----------
    batch : RecordBatch
        Lines of the file.
    position : int
        Which line of the batch.
    label : hashable or None
        The new label.
    key : str
        If it occurs twice, the last one counts, as when reading; if it is missing, it is added at the end.
    encoding : str
        The file's; what it cannot hold is escaped.

    Raises
    ------
    FileContentError
        If the line holds no JSON object.
    InvalidInputError
        If JSON has no such label.
    """
    row, record = _row_at(batch, position), batch.records[position]
    if _means(row.get(key), label):
        return record
    ascii_only = record.isascii() and "\\u" in record
    value = _spelled(label, encoding, ascii_only=ascii_only)
    members = list(_members(record))
    places = [(start, end) for name, start, end in members if name == key]
    if places:
        start, end = places[-1]
        return record[:start] + value + record[end:]
    member = _spelled(key, encoding, ascii_only=ascii_only)
    if not members:
        end = record.index("{") + 1
        return f"{record[:end]}{member}: {value}{record[end:]}"
    _name, start, _end = members[0]
    end = members[-1][2]
    comma, colon = (", ", ": ") if record[start - 1] in _WHITE_SPACE else (",", ":")
    return f"{record[:end]}{comma}{member}{colon}{value}{record[end:]}"


def _read(
    path: Path, layout: FileLayout, columns: Sequence[str], label_column: str | None
) -> tuple[list[list[str]], list[Label | None]]:
    lists: list[list[str]] = [[] for _ in columns]
    targets = [(column, cells.append) for column, cells in zip(columns, lists, strict=True)]
    labels: list[Label | None] = []
    for batch in open_lines(path, layout):
        for position in filled(batch.records):
            row = _row_at(batch, position)
            for column, append in targets:
                append(text_of(row.get(column)))
            if label_column is not None:
                try:
                    labels.append(label_from_json(row.get(label_column)))
                except InvalidInputError as error:
                    where = f" It stands in line {batch.line_of(position):,}."
                    raise FileContentError(error.message + where, fix=error.fix) from error
    return lists, labels


def _row_at(batch: RecordBatch, position: int) -> dict[str, object]:
    record = batch.records[position]
    try:
        row = _DECODER.decode(record)
    except (ValueError, RecursionError) as error:
        raise _broken(batch.line_of(position), error) from error
    if not isinstance(row, dict):
        raise _no_object(batch.line_of(position), row)
    return row


def _broken(line: int, error: Exception) -> FileContentError:
    where = f"line {line:,}"
    if isinstance(error, json.JSONDecodeError):
        where += f" is not, from column {error.colno:,} on"
    else:
        where += " cannot be read: it is nested too deeply or holds a number with too many digits"
    return FileContentError(
        f"Every line must be one whole JSON object; {where}.",
        fix="Correct that line; an object must not go over several lines.",
    )


def _no_object(line: int, row: object) -> FileContentError:
    kind = "an array" if isinstance(row, list) else "a single value"
    return FileContentError(
        f'Every line must be one JSON object, such as {{"text": ..., "label": ...}}; line {line:,} is {kind}.',
        fix="Save the data as JSON Lines: one object per line, with no brackets around them.",
    )


def _check_columns(columns: dict[str, None], keys: tuple[str, ...], line: Callable[[], int]) -> None:
    if any(_SURROGATE.search(key) for key in keys):
        raise FileContentError(
            f"Every key must be valid Unicode; one in line {line():,} holds half of a surrogate pair.",
            fix="Rename it.",
        )
    if len(columns) > MAX_COLUMNS:
        raise FileContentError(
            f"The objects must have at most {MAX_COLUMNS:,} different keys; line {line():,} goes over that.",
            fix="Leave out keys that are neither text, label nor id.",
        )


def _means(value: object, label: Label | None) -> bool:
    """Tell whether a value already means a label; what is no label at all does not."""
    try:
        return is_same_label(label_from_json(value), label)
    except InvalidInputError:
        return False


def _spelled(label: Label | None, encoding: str, *, ascii_only: bool) -> str:
    spelled = label_to_json(label, ascii_only=ascii_only)
    try:
        spelled.encode(encoding)
    except UnicodeEncodeError:
        return label_to_json(label, ascii_only=True)
    return spelled


def _members(record: str) -> Iterator[tuple[str, int, int]]:
    """Yield the keys of a valid object, and where their values begin and end."""
    at = _skip(record, record.index("{") + 1)
    while record[at] != "}":
        name, end = _DECODER.raw_decode(record, at)
        start = _skip(record, _skip(record, end) + 1)
        _value, end = _DECODER.raw_decode(record, start)
        yield name, start, end
        at = _skip(record, end)
        if record[at] == ",":
            at = _skip(record, at + 1)


def _skip(record: str, at: int) -> int:
    """Return the next place that is no white space."""
    while record[at] in _WHITE_SPACE:
        at += 1
    return at
