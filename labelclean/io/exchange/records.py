"""Files of JSON objects as annotation tools write them: an array, or one object per line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import Record

__all__ = ["read_records", "write_array", "write_lines"]

_ZIP = b"PK\x03\x04"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_FIX = "Export the annotations again, and pass the file on as it is."


def read_records(path: Path) -> Iterator[tuple[str, Record]]:
    """
    Give each object of a file with the place where it stands.

    Parameters
    ----------
    path : Path
        A JSON array of objects, or JSON Lines, in UTF-8.

    Yields
    ------
    tuple of str and mapping
        The place, such as ``task 3`` or ``line 7``, and the object.

    Raises
    ------
    FileContentError
        If the file cannot be read, is not JSON, or holds something else than objects.
    """
    text = _read_text(path)
    start = text.lstrip()[:1]
    if not start:
        raise FileContentError("The annotations must hold at least one task; the file is empty.", fix=_FIX)
    if start == "[":
        yield from _array_records(text)
    else:
        yield from _line_records(text)


def write_array(records: Iterable[Record], target: BinaryIO) -> None:
    """Write a JSON array, one object on each line, without holding all of them."""
    target.write(b"[")
    for number, record in enumerate(records):
        target.write(b",\n" if number else b"\n")
        target.write(_encoded(record))
    target.write(b"\n]\n")


def write_lines(records: Iterable[Record], target: BinaryIO) -> None:
    """Write JSON Lines."""
    target.writelines(_encoded(record) + b"\n" for record in records)


def _encoded(record: Record) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:  # half of a character, which JSON can spell only as an escape
        return json.dumps(record, allow_nan=False).encode()


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileContentError(
            f"The annotations cannot be read: {error.strerror or type(error).__name__}.", fix="Check the path."
        ) from error
    if content.startswith(_ZIP):
        raise FileContentError(
            "The annotations must be JSON; this file is a zip archive.",
            fix="Unpack it, and name the files in it, one for each annotator.",
        )
    if content.startswith(_ZLIB):
        raise FileContentError(
            "The annotations must be JSON; this file is binary, like spaCy's DocBin (.spacy).",
            fix="Write one JSON object per line in spaCy, with the text and the cats of each document, and the keys "
            "that begin with labelclean_.",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileContentError(
            f"The annotations must be UTF-8 text; byte {error.start:,} is not.", fix="Save them as UTF-8."
        ) from error


def _array_records(text: str) -> Iterator[tuple[str, Record]]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise FileContentError(
            f"The annotations must be JSON; line {error.lineno:,} is not, from column {error.colno:,} on.", fix=_FIX
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise FileContentError(
            "The annotations must be JSON that can be read; they are nested too deeply or hold a number with too many "
            "digits.",
            fix=_FIX,
        ) from error
    if not found:
        raise FileContentError("The annotations must hold at least one task; the array is empty.", fix=_FIX)
    for number, record in enumerate(found, start=1):
        yield f"task {number:,}", _checked(record, f"task {number:,}")


def _line_records(text: str) -> Iterator[tuple[str, Record]]:
    # Not splitlines(): other line separators may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError, MemoryError) as error:
            raise FileContentError(
                f"The annotations must be a JSON array, or have one JSON object on each line; line {number:,} is "
                "neither.",
                fix=_FIX,
            ) from error
        yield f"line {number:,}", _checked(record, f"line {number:,}")


def _checked(record: object, place: str) -> Record:
    if not isinstance(record, dict):
        raise FileContentError(f"Each task must be a JSON object; {place} is something else.", fix=_FIX)
    return record
