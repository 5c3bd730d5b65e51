"""Cut the text of a list, in JSON or as Python prints it, into its elements."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable

from labelclean.arrays import Label
from labelclean.io.labels.pieces import Pieces
from labelclean.io.labels.problem import CellProblem, element_of

__all__ = ["json_elements", "split_json_list", "split_python_list"]

_MOST_CHARACTERS = 1_000_000
_DECODER = json.JSONDecoder()
_JSON_OPENED = re.compile(r"[ \t\r\n]*\[[ \t\r\n]*")
_JSON_GAP = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
_PYTHON_OPENED = re.compile(r"\s*[\[({]\s*")
_PYTHON_GAP = re.compile(r"\s*,\s*|\s+")  # NumPy prints its arrays without commas
_PYTHON_CLOSED = re.compile(r"\s*,?\s*[\])}]\s*")
_PYTHON_ELEMENT = re.compile(
    r"""[uU]?(?:'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)")"""
    r"""|(?P<whole>[+-]?\d+)(?![\d.eE])|(?P<fraction>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"""
    r"""|(?P<word>True|False|None|nan)""",
    re.DOTALL,
)
_PYTHON_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(.))", re.DOTALL)
_PYTHON_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\n": ""}
_WORDS = {"True": True, "False": False, "None": None, "nan": None}
_BRACKETS = {"[": "]", "(": ")", "{": "}"}

_Reader = Callable[[str, int], "tuple[int, Label | None] | None"]


def json_elements(cell: str) -> list[Label | None] | None:
    """
    Return the labels of a JSON list, None among them where an element stands for nothing; None for ``null``.

    Raises
    ------
    CellProblem
        If the text is no JSON list of texts, numbers and true/false.
    """
    _check_length(cell)
    try:
        values = json.loads(cell)
    except (ValueError, RecursionError):
        raise _no_list("JSON", "text that is no JSON") from None
    if values is None:
        return None
    if not isinstance(values, list):
        raise _no_list("JSON", "JSON that is no list")
    return [element_of(value) for value in values]


def split_json_list(cell: str) -> Pieces:
    """
    Cut the text of a JSON list into its elements.

    Raises
    ------
    CellProblem
        If the text is no JSON list of texts, numbers and true/false.
    """
    opened = _JSON_OPENED.match(cell)
    if json_elements(cell) is None or opened is None:
        raise _no_list("JSON", "no list")
    return _cut(cell, opened.end(), _read_json, _JSON_GAP)


def split_python_list(cell: str) -> Pieces:
    """
    Cut what Python prints for a list, tuple, set or NumPy array of labels into its elements.

    Raises
    ------
    CellProblem
        If the text is nothing of the kind.
    """
    _check_length(cell)
    if cell.strip() == "set()":
        return Pieces(lead=cell, items=(), gaps=(), tail="")
    opened = _PYTHON_OPENED.match(cell)
    if opened is None:
        raise _no_list("Python", "no list")
    pieces = _cut(cell, opened.end(), _read_python, _PYTHON_GAP)
    closed = _PYTHON_CLOSED.fullmatch(pieces.tail)
    if closed is None or _BRACKETS[opened.group().strip()] not in pieces.tail:
        raise _no_list("Python", "something between its elements, or a list that is not closed")
    return pieces


def _cut(cell: str, start: int, read: _Reader, gap: re.Pattern[str]) -> Pieces:
    items: list[tuple[str, Label | None]] = []
    between: list[str] = []
    position = end = start
    while (found := read(cell, position)) is not None:
        between.append(cell[end:position])
        end, label = found
        items.append((cell[position:end], label))
        following = gap.match(cell, end)
        if following is None:
            break
        position = following.end()
    return Pieces(lead=cell[:start], items=tuple(items), gaps=tuple(between[1:]), tail=cell[end:])


def _read_json(cell: str, position: int) -> tuple[int, Label | None] | None:
    if cell.startswith("]", position):
        return None
    value, end = _DECODER.raw_decode(cell, position)
    return end, element_of(value)


def _read_python(cell: str, position: int) -> tuple[int, Label | None] | None:
    match = _PYTHON_ELEMENT.match(cell, position)
    if match is None:
        return None
    single, double, whole, fraction, word = match.group("single", "double", "whole", "fraction", "word")
    value: object
    if word is not None:
        value = _WORDS[word]
    elif whole is not None or fraction is not None:
        value = _number(whole, fraction)
    else:
        value = _PYTHON_ESCAPE.sub(_unescaped, double if single is None else single)
    return match.end(), element_of(value)


def _number(whole: str | None, fraction: str) -> int | float:
    try:
        return float(fraction) if whole is None else int(whole)
    except ValueError:
        raise _no_list("Python", "a number of thousands of digits") from None


def _unescaped(match: re.Match[str]) -> str:
    *numbers, octal, letter = match.groups()
    code = next((int(number, 16) for number in numbers if number is not None), None)
    if code is None and octal is not None:
        code = int(octal, 8)
    if code is not None:
        if code > sys.maxunicode:
            raise _no_list("Python", "an escape that stands for no character")
        return chr(code)
    return _PYTHON_LETTERS.get(letter, letter if letter in "\\'\"" else f"\\{letter}")


def _check_length(cell: str) -> None:
    if len(cell) > _MOST_CHARACTERS:
        raise CellProblem(
            f"A cell that spells a list of labels must have at most {_MOST_CHARACTERS:,} characters",
            f"{len(cell):,}",
            fix="Choose another label column.",
        )


def _no_list(kind: str, found: str) -> CellProblem:
    return CellProblem(
        f"Each label cell must spell a {kind} list of texts, numbers and true/false",
        found,
        fix="Correct the cell, or choose how the labels are spelled: as plain labels, joined, or as another list.",
    )
