"""Tell JSON Lines, an array of objects and an object of columns apart by their first text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress

from labelclean.io.layout import FileFormat
from labelclean.io.tables.json_files.shapes import unfit_shape
from labelclean.io.tables.json_files.values import DECODER, WHITE_SPACE

__all__ = ["recognise_json"]

_LINE_SUFFIXES = frozenset({".jsonl", ".ndjson", ".jsonlines"})
_JSON_SUFFIXES = frozenset({".json", *_LINE_SUFFIXES})
_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
_ARRAY_OF_OBJECTS = re.compile(r'\[\s*\{\s*["}]')
_JSON_LIKE = re.compile(r"""[\[{"]|//|/\*|-?\d|(?:true|false|null)\b""")
_LINES = "The file begins with a JSON object, as files of one object per line do."
_ARRAY = "The file is a JSON array, which holds one object per row."
_PART = "The file is a JSON object with an array of objects inside."
_COLUMNS = "The file is a JSON object whose values are columns of equal length."
_MANY = 10
_NAMED = "The name of the file ends as those of JSON files do."


def recognise_json(sample: str, *, is_whole: bool, suffix: str) -> tuple[FileFormat, str] | None:
    """
    Tell which kind of JSON a file is, by its content first and the suffix of its name second.

    Parameters
    ----------
    sample : str
        The file's first text.
    is_whole : bool
        Whether that is all of it.
    suffix : str
        Of the file's name, in lower case with its dot; empty if there is none.

    Returns
    -------
    tuple of str, or None
        The format and the reason in one sentence; None if the file looks like no JSON. A file that is broken JSON
        is some kind of JSON, so that reading it can say what is wrong.

    Notes
    -----
    A lone object in one line is one row of JSON Lines, unless its values are columns or an array of objects and the
    name does not end in ``.jsonl``. Objects that go over several lines and follow each other are taken for JSON Lines,
    whose reader refuses them with the line.
    """
    text = sample.lstrip(WHITE_SPACE + "\ufeff")
    if text.startswith("["):
        return _recognise_array(text, suffix)
    if text.startswith("{"):
        return _recognise_object(text, suffix, is_whole=is_whole)
    if suffix in _JSON_SUFFIXES and (not text or _JSON_LIKE.match(text)):
        return "jsonl", _NAMED
    return None


def _recognise_array(text: str, suffix: str) -> tuple[FileFormat, str] | None:
    value, end = _first_value(text)
    rest = text[end:].lstrip(WHITE_SPACE)
    if suffix in _LINE_SUFFIXES and value is not None and rest.startswith("["):
        return "jsonl", _NAMED
    is_array = value is not None and rest[:1] in {"", "[", "{"} and suffix not in _TABLE_SUFFIXES
    return ("json", _ARRAY) if is_array or suffix in _JSON_SUFFIXES or _ARRAY_OF_OBJECTS.match(text) else None


def _recognise_object(text: str, suffix: str, *, is_whole: bool) -> tuple[FileFormat, str] | None:
    value, end = _first_value(text)
    if not isinstance(value, dict):
        if suffix in _TABLE_SUFFIXES:
            return None
        return ("jsonl", _LINES) if is_whole or suffix in _LINE_SUFFIXES else _by_beginning(text)
    is_alone = is_whole and not text[end:].strip(WHITE_SPACE)
    if suffix in _LINE_SUFFIXES or not is_alone:
        return "jsonl", _LINES
    if _are_columns(value) or unfit_shape(value) is not None:  # the reader of columns says what is wrong
        return "json_columns", _COLUMNS
    if any(_is_of_objects(member) for member in value.values()):
        return "json", _PART
    return "jsonl", _LINES


def _by_beginning(text: str) -> tuple[FileFormat, str]:
    """Tell by as many members as the sample holds: by the first that goes on, or if all of many are objects."""
    at, n_objects = 1, 0
    with suppress(ValueError, RecursionError, IndexError):
        while True:
            key = re.compile(r"[\s,]*").match(text, at)
            at = DECODER.raw_decode(text, key.end() if key else at)[1]
            colon = re.compile(r"\s*:\s*").match(text, at)
            at = colon.end() if colon else at
            if _ARRAY_OF_OBJECTS.match(text, at):
                return "json", _PART
            if text[at] in "[{" and _ends_open(text, at):
                return "json_columns", _COLUMNS
            member, at = DECODER.raw_decode(text, at)
            n_objects = n_objects + 1 if isinstance(member, dict) and n_objects >= 0 else -1
    return ("json_columns", _COLUMNS) if n_objects > _MANY else ("jsonl", _LINES)


def _ends_open(text: str, at: int) -> bool:
    """Tell whether the value at a place is still open where the text ends."""
    try:
        DECODER.raw_decode(text, at)
    except json.JSONDecodeError:
        return "\n{" not in text
    except (ValueError, RecursionError):
        return False
    return False


def _first_value(text: str) -> tuple[object, int]:
    with suppress(ValueError, RecursionError):
        return DECODER.raw_decode(text)
    return None, 0


def _are_columns(value: Mapping[str, object]) -> bool:
    """Tell whether the members of an object are columns: at least two, equally long, and not single cells."""
    arrays = [member for member in value.values() if isinstance(member, list)]
    if arrays:
        lengths = {len(member) for member in arrays}
        return len(arrays) > 1 and len(lengths) == 1 and not all(map(_is_of_objects, arrays))
    keys = [tuple(member) for member in value.values() if isinstance(member, dict)]
    return len(keys) > 1 and len(keys) == len(value) and len({frozenset(names) for names in keys}) == 1


def _is_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)
