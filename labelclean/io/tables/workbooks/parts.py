"""Read what all sheets of a workbook share: its texts, and which styles show a number as a date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from labelclean.io.tables.workbooks.cells import CellReader, unescaped
from labelclean.io.tables.workbooks.package import Workbook
from labelclean.io.tables.workbooks.xml import local_name, parse_part

__all__ = ["SharedStrings", "cell_reader", "read_strings"]

_DATES, _TIMES, _BOTH = {14, 15, 16, 17, *range(27, 37), *range(50, 59)}, {18, 19, 20, 21, 45, 47}, {22}
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_HALF_OF_DAY = re.compile("am/pm|a/p", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedStrings:
    """
    The texts that cells point to.

    Attributes
    ----------
    texts : list of str
        By position, without their formats.
    formatted : set of int
        Positions of those that have formats of their own inside.
    """

    texts: list[str]
    formatted: set[int]

    def positions(self, wanted: set[str]) -> dict[str, int]:
        """Return where texts stand that have no formats inside, for those that are there."""
        return {
            text: position
            for position, text in reversed(list(enumerate(self.texts)))
            if text in wanted and position not in self.formatted
        }


def cell_reader(book: Workbook, strings: SharedStrings) -> CellReader:
    """Return what turns the cells of a workbook into values."""
    return CellReader(
        strings=strings.texts, date_styles=_read_date_styles(book), counts_from_1904=book.counts_from_1904
    )


def read_strings(book: Workbook) -> SharedStrings:
    """Read the texts that all sheets share."""
    found = _StringElements()
    if book.strings_part:
        parse_part(book.strings_part, book.blocks(book.strings_part), found.start, end=found.end, text=found.text)
    return SharedStrings(texts=found.texts, formatted=found.formatted)


class _StringElements:
    """The elements of the shared strings, one after the other."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.formatted: set[int] = set()
        self._pieces: list[str] = []
        self._is_text = self._is_reading_aid = False

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        element = local_name(name)
        if element == "t":
            self._is_text = not self._is_reading_aid
        elif element == "rPh":
            self._is_reading_aid = True
        if element in {"r", "rPh"}:
            self.formatted.add(len(self.texts))

    def text(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        element = local_name(name)
        if element == "t":
            self._is_text = False
        elif element == "rPh":
            self._is_reading_aid = False
        elif element == "si":
            self.texts.append(unescaped("".join(self._pieces)))
            self._pieces.clear()


def _read_date_styles(book: Workbook) -> dict[int, str]:
    found = _StyleElements()
    if book.styles_part:
        parse_part(book.styles_part, book.blocks(book.styles_part), found.start, end=found.end)
    shown = {style: _shown_as(number, found.formats) for style, number in enumerate(found.styles)}
    return {style: kind for style, kind in shown.items() if kind}


class _StyleElements:
    """The elements of the styles that say how numbers are shown."""

    def __init__(self) -> None:
        self.formats: dict[str, str] = {}
        self.styles: list[str] = []
        self._list = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = local_name(name)
        if element in {"numFmts", "cellXfs", "dxfs", "cellStyleXfs"}:
            self._list = element
        elif element == "numFmt" and self._list == "numFmts":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element == "xf" and self._list == "cellXfs":
            self.styles.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if local_name(name) == self._list:
            self._list = ""


def _shown_as(number: str, formats: Mapping[str, str]) -> str:
    """Return "date", "time" or "both" for a number format that shows one, else nothing."""
    code = formats.get(number)
    if code is None:
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0  # noqa: PLR2004
        return "date" if known in _DATES else "time" if known in _TIMES else "both" if known in _BOTH else ""
    code = _NOT_SHOWN.sub("", code).partition(";")[0]
    if _ELAPSED.search(code):  # hours that go on after 24: an amount, no moment
        return ""
    code = _BRACKETS.sub("", code).lower()
    has_date = any(letter in code for letter in "dy") or ("m" in code and not any(letter in code for letter in "hs"))
    has_time = bool(_HALF_OF_DAY.search(code)) or any(letter in code for letter in "hs")
    return "both" if has_date and has_time else "date" if has_date else "time" if has_time else ""
