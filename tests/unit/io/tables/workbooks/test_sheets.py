"""Which sheet of a workbook is read."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from labelclean.io.source import inspect_file


def _workbook(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ([], "data"),
        ([["Read me first"], ["Ask the team."]], "data"),
        ([["text", "label"]], "data"),
        ([["body", "topic"], ["b", "y"]], "first"),
    ],
)
def test_the_first_sheet_with_a_table_is_read(tmp_path: Path, first: list[list[str]], expected: str) -> None:
    """Empty sheets, notes of one column and lone headers are passed over."""
    path = _workbook(tmp_path / "book.xlsx", {"first": first, "data": [["text", "label"], ["a", "x"]]})

    found = inspect_file(path)

    assert found.layout.part == expected
    assert found.parts == ("first", "data")


def test_without_any_table_the_first_sheet_that_holds_something_is_read(tmp_path: Path) -> None:
    """A single column can be a table, too; the page then says what it lacks."""
    path = _workbook(tmp_path / "book.xlsx", {"first": [], "notes": [["note"], ["a"]]})

    assert inspect_file(path).layout.part == "notes"
