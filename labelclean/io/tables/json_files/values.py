"""JSON values in Python: how they are decoded, shown, compared and spelled."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from labelclean.errors import InvalidInputError
from labelclean.io.tables.contract import CellKind, CellValue

__all__ = [
    "DECODER",
    "KINDS",
    "MAX_DEPTH",
    "UNSHOWABLE",
    "WHITE_SPACE",
    "canonical",
    "check_depth",
    "decode",
    "has_unshowable",
    "no_value",
    "spell",
    "text_of",
]

WHITE_SPACE = " \t\r\n"
MAX_DEPTH = 100
"""Objects and arrays inside each other; far below what would exhaust Python's stack."""
UNSHOWABLE = re.compile("[\0\ud800-\udfff]")
"""What can be neither shown nor stored: NUL characters and half surrogate pairs, both written as escapes."""
KINDS: Mapping[type, CellKind] = MappingProxyType(
    {
        str: "text",
        int: "number",
        float: "number",
        bool: "bool",
        list: "list",
        dict: "object",
        type(None): "missing",
    }
)

_LINE_ENDS = frozenset({"\n", "\r\n", "\r"})
_NESTING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|([\[{])|([\]}])', re.DOTALL)
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_ENCODER = json.JSONEncoder(ensure_ascii=False)


def no_value(_constant: str) -> None:
    """Read ``NaN``, ``Infinity`` and ``-Infinity``, which JSON does not have, as missing."""


DECODER = json.JSONDecoder(parse_constant=no_value)


def decode(text: str, decoder: json.JSONDecoder) -> object:
    """
    Return the value of a text that is one JSON value, with white space around it.

    Raises
    ------
    ValueError
        If it is not; a ``json.JSONDecodeError`` if the place is known.
    RecursionError
        If it is nested more deeply than ``MAX_DEPTH``.
    """
    start = 0 if text[:1] == "{" else len(text) - len(text.lstrip(WHITE_SPACE))
    value, end = decoder.raw_decode(text, start)
    if end < len(text) and text[end:] not in _LINE_ENDS:
        rest = text[end:].lstrip(WHITE_SPACE)
        if rest:
            raise json.JSONDecodeError("Extra data", text, len(text) - len(rest))
    if end > 2 * MAX_DEPTH:
        check_depth(text, 0, end)
    return value


def check_depth(text: str, start: int, end: int) -> None:
    """Raise a ``RecursionError`` for a value that is nested more deeply than ``MAX_DEPTH``."""
    # Each level takes two brackets; most values are too short to be checked further.
    if end - start <= 2 * MAX_DEPTH or text.count("[", start, end) + text.count("{", start, end) <= MAX_DEPTH:
        return
    depth = 0
    for match in _NESTING.finditer(text, start, end):
        depth += (match[1] is not None) - (match[2] is not None)
        if depth > MAX_DEPTH:
            raise RecursionError


def text_of(value: object) -> str:
    """Return a JSON value as text: text as it is, a missing value as the empty text, others in their JSON spelling."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else UNSHOWABLE.sub("\ufffd", value)
    if type(value) is int:  # not bool
        return str(value)
    if value is None or _is_nan(value):
        return ""
    return UNSHOWABLE.sub("\ufffd", _ENCODER.encode(value))


def has_unshowable(value: object, text: str) -> bool:
    """Tell whether a value, spelled by a text, holds a NUL character or half of a surrogate pair."""
    return _NUL.search(text) is not None or UNSHOWABLE.search(_ENCODER.encode(value)) is not None


def canonical(value: CellValue) -> str:
    """Return a text that is the same for values that mean the same; ``1``, ``1.0``, ``true`` and ``"1"`` differ."""
    if isinstance(value, Mapping):
        members = sorted(f"{spell(str(key), is_ascii=True)}:{canonical(item)}" for key, item in value.items())
        return f"{{{','.join(members)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(canonical, value))}]"
    return spell(value, is_ascii=True)


def spell(value: CellValue, *, is_ascii: bool, comma: str = ", ", colon: str = ": ") -> str:
    """
    Return the JSON spelling of a cell's value; a missing one is ``null``.

    Parameters
    ----------
    value : object
        Text, a number, true/false, None, a list of such values, or a mapping of text to them.
    is_ascii : bool
        Whether to escape what is not ASCII.
    comma, colon : str
        What stands between items, and between a key and its value.

    Raises
    ------
    InvalidInputError
        If JSON has no such value.
    """
    if isinstance(value, Mapping):
        members = (
            f"{_spell_text(key, is_ascii)}{colon}{spell(item, is_ascii=is_ascii, comma=comma, colon=colon)}"
            for key, item in value.items()
        )
        return f"{{{comma.join(members)}}}"
    if isinstance(value, list | tuple):
        items = (spell(item, is_ascii=is_ascii, comma=comma, colon=colon) for item in value)
        return f"[{comma.join(items)}]"
    return _spell_scalar(value, is_ascii=is_ascii)


def _spell_scalar(value: CellValue, *, is_ascii: bool) -> str:
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is None or _is_nan(plain):
        return "null"
    if isinstance(plain, str):
        return _spell_text(plain, is_ascii)
    if isinstance(plain, float) and math.isinf(plain):
        # JSON has no name for it; a number that is too large reads as infinite.
        return "1e999" if plain > 0 else "-1e999"
    if isinstance(plain, bool | int | float):
        return json.dumps(plain)
    raise InvalidInputError(
        f"A cell of a JSON file must be text, a number, true/false, a list or an object; got {type(value).__name__}.",
        fix="Use a value of one of these kinds.",
    )


def _spell_text(value: object, is_ascii: bool) -> str:
    if not isinstance(value, str):
        raise InvalidInputError(
            f"Every key of a JSON object must be text; got {type(value).__name__}.", fix="Use text as keys."
        )
    return json.dumps(value, ensure_ascii=is_ascii)


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)
