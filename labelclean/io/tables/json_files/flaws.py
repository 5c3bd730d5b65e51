"""Say in plain words what is wrong with a text that should be JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from labelclean.io.tables.json_files.values import MAX_DEPTH, WHITE_SPACE

__all__ = ["Flaw", "find_flaw"]

_WINDOW = 200
_LONG_NUMBER = re.compile(r"\d{4301,}")
_NUMBER = "a number is spelled in a way that JSON does not have, such as +1, 01, 1. or .5"
_QUOTES_FIX = "Put every key and every text in double quotes, as programs that write JSON do."

_Where: TypeAlias = Callable[[bool, bool, str], bool]
_NOT_JSON: tuple[tuple[re.Pattern[str], _Where, str, str], ...] = (
    (
        re.compile(r"//|/\*|#"),
        lambda *_: True,
        "there is a comment, which JSON does not have",
        "Take the comments away.",
    ),
    (re.compile("'"), lambda *_: True, "a single quote stands where a double quote must", _QUOTES_FIX),
    (
        re.compile("\ufeff"),
        lambda *_: True,
        "a byte order mark stands there",
        "Remove it; it is left where files were joined.",
    ),
    (
        re.compile(r"(?:True|False|None|undefined|nan|inf|TRUE|FALSE|NULL|Null)\b"),
        lambda is_key, *_: not is_key,
        "a value is spelled as in another language",
        "Write true, false or null.",
    ),
    (
        re.compile(r"[\d.eExX_]"),
        lambda _is_key, is_number_begun, _message: is_number_begun,
        _NUMBER,
        "Correct it, or put quotes around it.",
    ),
    (
        re.compile(r"[-+.]"),
        lambda _is_key, _is_number_begun, message: message.startswith("Expecting value"),
        _NUMBER,
        "Correct it, or put quotes around it.",
    ),
)
"""What stands there, where it can, what is wrong with it, and what to do."""

_BY_MESSAGE = (
    (
        "Unterminated",
        "a text begins that has no closing quote",
        "Close it; a quote mark or line break inside a text must be written as an escape.",
    ),
    (
        "Invalid control character",
        "a text holds a line break, a tab or another control character as it is",
        r"Write line breaks as \n and tabs as \t.",
    ),
    ("Invalid", "a backslash is followed by no escape that JSON has", r"Write a backslash itself as \\."),
    ("Extra data", "there is more after the end of the first value", ""),
    ("Expecting property name", "a key stands without quotes, or is missing", _QUOTES_FIX),
    (
        "Expecting ','",
        "a comma or a closing bracket is missing",
        "Correct it; a quote mark inside a text needs a backslash before it.",
    ),
    ("Expecting ':'", "a colon is missing between a key and its value", "Correct it."),
)
"""The beginning of the decoder's own message, what is wrong, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flaw:
    """
    What is wrong, where, and what to do.

    Attributes
    ----------
    what : str
        The end of a sentence that begins with the place.
    fix : str
        The next step; empty where the format of the file decides it.
    at : int or None
        0-based position in the text; None where it is not known.
    is_end : bool
        Whether the text is right as far as it goes, but not complete.
    """

    what: str
    fix: str = ""
    at: int | None = None
    is_end: bool = False


def find_flaw(text: str, error: Exception) -> Flaw:
    """
    Say why a text could not be decoded.

    Parameters
    ----------
    text : str
        What was to be decoded.
    error : Exception
        What decoding it raised.

    Returns
    -------
    Flaw
        The reason, in words that quote nothing from the text.
    """
    if isinstance(error, RecursionError):
        return Flaw(
            what=f"it is nested too deeply; {MAX_DEPTH:,} objects and arrays inside each other are allowed",
            fix="Flatten the data; text, label and id should stand near the outside.",
        )
    if not isinstance(error, json.JSONDecodeError):
        long_number = _LONG_NUMBER.search(text)
        return Flaw(
            what="a number has too many digits; 4,300 are allowed",
            fix="Put quotes around numbers that are only names, such as ids.",
            at=long_number.start() if long_number else None,
        )
    return _flaw_in_text(text, error) or _flaw_by_message(error)


def _flaw_in_text(text: str, error: json.JSONDecodeError) -> Flaw | None:
    """Recognise what people and other programs write that is not JSON, by what stands at the place."""
    at, message = error.pos, error.msg
    if message.startswith(("Unterminated", "Invalid")):
        return None
    rest = text[at : at + _WINDOW]
    at += len(rest) - len(rest.lstrip(WHITE_SPACE))
    rest = rest.lstrip(WHITE_SPACE)
    before = text[max(0, at - _WINDOW) : at].rstrip(WHITE_SPACE)[-1:]
    if message.startswith("Illegal trailing comma") or (before == "," and rest[:1] in {"]", "}"}):
        return Flaw(what="a comma stands before a closing bracket", fix="Take that comma away.", at=at)
    if not rest:
        return Flaw(what="it ends too early", at=at, is_end=True)
    is_key = message.startswith("Expecting property name")
    is_number_begun = message.startswith("Expecting ','") and before.isdigit()
    for pattern, is_possible, what, fix in _NOT_JSON:
        if pattern.match(rest) and is_possible(is_key, is_number_begun, message):
            return Flaw(what=what, fix=fix, at=at)
    return None


def _flaw_by_message(error: json.JSONDecodeError) -> Flaw:
    for beginning, what, fix in _BY_MESSAGE:
        if error.msg.startswith(beginning):
            return Flaw(what=what, fix=fix, at=error.pos, is_end=beginning == "Unterminated")
    return Flaw(what="what stands there is no JSON value", fix="Correct it; texts need double quotes.", at=error.pos)
