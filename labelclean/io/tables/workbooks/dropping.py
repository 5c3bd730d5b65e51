"""Decide whether rows can be left out of a sheet: only where nothing in the workbook points at rows."""

from __future__ import annotations

import re
from collections.abc import Collection

from labelclean.errors import FileContentError
from labelclean.io.tables.workbooks.package import Workbook

__all__ = ["check_rows_can_go", "has_formulas"]

_WITHOUT_PLACES = {
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "phoneticPr"),
    *("printOptions", "pageMargins", "pageSetup", "headerFooter", "ignoredErrors"),
}
_NAMES = {
    "mergeCells": "merged cells",
    "conditionalFormatting": "conditional formats",
    "dataValidations": "data validations",
    "autoFilter": "a filter",
    "tableParts": "a table",
    "drawing": "charts or pictures",
    "legacyDrawing": "comments",
    "hyperlinks": "links",
    "sheetProtection": "protected cells",
}
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_ANCHOR = re.compile(rb"Anchor[\s>]")
_POINTING_PARTS = ("xl/charts/", "xl/pivot", "xl/chartsheets/", "xl/comments", "xl/threadedcomments", "xl/querytables")
_OVERLAP_BYTES = 64


def check_rows_can_go(book: Workbook, elements: Collection[str]) -> None:
    """
    Refuse to leave rows out where something would then point at other rows.

    Parameters
    ----------
    book : Workbook
        The workbook.
    elements : collection of str
        The elements of the sheet.

    Raises
    ------
    FileContentError
        If anything in the workbook points at rows; all of it is named.
    """
    found = sorted({*_in_sheet(book, elements), *_elsewhere(book)})
    if found:
        raise FileContentError(
            "Rows can be left out of a workbook only where nothing points at rows, so that nothing breaks; this one "
            f"has {', '.join(found)}.",
            fix="Export with the excluded rows kept, and delete them in a spreadsheet program; or save the sheet as "
            "CSV first.",
        )


def has_formulas(book: Workbook) -> bool:
    """Tell whether any sheet of a workbook holds a formula."""
    return any(_matches(book, sheet.part, _FORMULA) for sheet in book.sheets)


def _in_sheet(book: Workbook, elements: Collection[str]) -> list[str]:
    found = [name for name in elements if name not in _WITHOUT_PLACES]
    if "drawing" in found and not _holds(book, "xl/drawings/", _ANCHOR):
        found.remove("drawing")  # an empty one, as Google Sheets adds to every sheet
    return [_NAMES.get(name, f"“{name}”") for name in found]


def _elsewhere(book: Workbook) -> list[str]:
    found = []
    if book.has_names:
        found.append("named ranges")
    if any(name.lower().startswith(_POINTING_PARTS) for name in book.archive.namelist()):
        found.append("charts, pivot tables or comments")
    if has_formulas(book):
        found.append("formulas")
    return found


def _holds(book: Workbook, folder: str, pattern: re.Pattern[bytes]) -> bool:
    parts = [name for name in book.archive.namelist() if name.lower().startswith(folder) and name.endswith(".xml")]
    return any(_matches(book, part, pattern) for part in parts)


def _matches(book: Workbook, part: str, pattern: re.Pattern[bytes]) -> bool:
    tail = b""
    for block in book.blocks(part):
        if pattern.search(tail + block):
            return True
        tail = block[-_OVERLAP_BYTES:]
    return False
