"""What stands in a cell of a sheet: its place, and its value out of and into XML."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.tables.contract import CellValue

__all__ = ["MAX_CELL_CHARACTERS", "CellReader", "cell_xml", "column_letters", "column_number", "unescaped"]

MAX_CELL_CHARACTERS = 32_767
_LETTERS = re.compile("[A-Z]{1,3}")
_WHOLE = re.compile("-?[0-9]+")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EXACT_BELOW = 1 << 53
_MOST_DIGITS = 300
_LEAP_DAY_1900, _END_OF_DATES = 60, 2_958_466


def column_letters(column: int) -> str:
    """Return the letters of a column, "A" for 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(reference: str) -> int:
    """Return the column of a reference such as "B7", 1 for "A"; 0 where it is none."""
    match = _LETTERS.match(reference)
    number = 0
    for letter in match.group() if match else "":
        number = number * 26 + ord(letter) - 64
    return number


def unescaped(text: str) -> str:
    """Return text with ``_x000D_`` and the like, which stand for characters that XML lacks, undone."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


@dataclass(frozen=True, kw_only=True, slots=True)
class CellReader:
    """
    Turns what the XML of cells says into values.

    Attributes
    ----------
    strings : sequence of str
        The workbook's shared strings.
    date_styles : mapping of int to str
        "date" or "time" for the styles that show a number so.
    counts_from_1904 : bool
        Whether day 0 of the dates is in 1904.
    """

    strings: Sequence[str]
    date_styles: dict[int, str]
    counts_from_1904: bool

    def value(self, kind: str, raw: str, style: int, place: tuple[int, int]) -> CellValue:
        """
        Return the value of a cell.

        Parameters
        ----------
        kind : str
            Its attribute ``t``.
        raw : str
            The text of its value, or of its inline string.
        style : int
            Its style.
        place : tuple of int
            Column and row, for messages.

        Raises
        ------
        FileContentError
            If the value is none of its kind.
        """
        if kind == "s":
            return self._string(raw, place) if raw else None
        if kind in {"str", "inlineStr"}:
            return unescaped(raw)
        raw = raw.strip()
        if not raw:
            return None
        if kind == "b":
            return raw in {"1", "true"}
        return raw if kind in {"e", "d"} else self._number(raw, style, place)

    def _string(self, raw: str, place: tuple[int, int]) -> str:
        try:
            # A position that is negative would count from the end.
            return self.strings[int(raw)] if raw[:1] != "-" else self.strings[len(self.strings)]
        except (ValueError, IndexError) as error:
            raise _bad_cell(place, "points to a shared text that the workbook does not have") from error

    def _number(self, raw: str, style: int, place: tuple[int, int]) -> CellValue:
        try:
            number = int(raw) if _WHOLE.fullmatch(raw) and len(raw) < _MOST_DIGITS else float(raw)
        except ValueError as error:
            raise _bad_cell(place, "says that it is a number and holds something else") from error
        if isinstance(number, float) and not math.isfinite(number):
            raise _bad_cell(place, "holds a number without an end")
        if style in self.date_styles:
            return _date_text(number, self.date_styles[style], counts_from_1904=self.counts_from_1904)
        if isinstance(number, float) and number.is_integer() and abs(number) < _EXACT_BELOW:
            return int(number)
        return number


def cell_xml(reference: str, style: str, prefix: str, value: CellValue, *, shared: int | None = None) -> bytes:
    """
    Return the XML of a cell.

    Parameters
    ----------
    reference : str
        Its place, such as "B7".
    style : str
        The number of its style; empty where it has none.
    prefix : str
        The prefix of the sheet's elements with its colon; most often empty.
    value : cell value
        Text, a number, true/false, or None.
    shared : int, optional
        Where the text stands among the workbook's shared strings; by default it is written into the cell.

    Raises
    ------
    InvalidInputError
        If a cell cannot hold the value.
    """
    start = f'<{prefix}c r="{reference}"' + (f' s="{escape(style)}"' if style else "")
    if value is None:
        return f"{start}/>".encode()
    if shared is not None:
        kind, content = "s", f"<{prefix}v>{shared}</{prefix}v>"
    elif isinstance(value, bool):
        kind, content = "b", f"<{prefix}v>{int(value)}</{prefix}v>"
    elif isinstance(value, (int, float)):
        kind, content = "", f"<{prefix}v>{_number_text(value, reference)}</{prefix}v>"
    else:
        text = _escaped(value, reference)
        kind = "inlineStr"
        content = f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'
    return (start + (f' t="{kind}"' if kind else "") + f">{content}</{prefix}c>").encode()


def _number_text(value: float, reference: str) -> str:
    if isinstance(value, int) and abs(value) > _EXACT_BELOW:
        raise InvalidInputError(
            f"A number in a workbook must have at most 15 digits to stay what it is; the new label of cell {reference} "
            "has more.",
            fix="Choose another label, or make the labels of this column text.",
        )
    if not math.isfinite(value):
        raise InvalidInputError(
            f"A number in a workbook must be finite; the new label of cell {reference} is not.",
            fix="Choose another label.",
        )
    return repr(value)


def _escaped(value: CellValue, reference: str) -> str:
    if not isinstance(value, str):
        raise InvalidInputError(
            f"A cell of a workbook must hold text, a number, or true/false; the new label of cell {reference} is of "
            "another kind.",
            fix="Choose how labels are spelled in this column, for example joined with a separator.",
        )
    if len(value) > MAX_CELL_CHARACTERS:
        raise InvalidInputError(
            f"A cell of a workbook must hold at most {MAX_CELL_CHARACTERS:,} characters; the new label of cell "
            f"{reference} has {len(value):,}.",
            fix="Choose a shorter label.",
        )
    if _SURROGATE.search(value):
        raise InvalidInputError(
            f"A label must be whole characters; the new one of cell {reference} holds half of one.",
            fix="Choose another label.",
        )
    return escape(_TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", value))


def _date_text(number: float, shown: str, *, counts_from_1904: bool) -> CellValue:
    """Return a date or time as ISO text; a number that is none stays a number."""
    if not 0 <= number < _END_OF_DATES or (not counts_from_1904 and int(number) == _LEAP_DAY_1900):
        return number
    milliseconds = round(number * 86_400_000)
    if shown == "time" and number < 1:
        moment = datetime(1900, 1, 1) + timedelta(milliseconds=milliseconds)  # noqa: DTZ001  (cells know no zone)
        return moment.time().isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    # Spreadsheets believe in 29 February 1900, so that the days before it count from one day later.
    first_day = (1904, 1, 1) if counts_from_1904 else (1899, 12, 30 + (number < _LEAP_DAY_1900))
    try:
        moment = datetime(*first_day) + timedelta(milliseconds=milliseconds)  # noqa: DTZ001  (cells know no zone)
    except OverflowError:
        return number
    if milliseconds % 86_400_000 == 0 and shown == "date":
        return moment.date().isoformat()
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def _bad_cell(place: tuple[int, int], what: str) -> FileContentError:
    column, row = place
    return FileContentError(
        f"Every cell must hold what it says; cell {column_letters(column)}{row} {what}.",
        fix="Open the workbook in a spreadsheet program, save it again, and upload that file.",
    )
