"""Whatever a table holds, a workbook gives it back, and corrections change nothing else."""

from __future__ import annotations

import io
import tempfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.workbooks.cells import column_letters, column_number
from labelclean.io.tables.workbooks.format import EXCEL
from tests.unit.io.tables.excel_workbooks import active_sheet, layout, save

# What openpyxl itself cannot write is left out: control characters.
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda text: not text.startswith("=") and not text.startswith("#") and text.isprintable()
)
VALUES = st.one_of(
    TEXTS, st.integers(-(2**53), 2**53), st.booleans(), st.integers(-(2**40), 2**40).map(lambda eighths: eighths / 8)
)
ANY_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(deadline=None, max_examples=25)
@given(
    labels=st.lists(st.none() | VALUES, min_size=1, max_size=12),
    corrections=st.dictionaries(st.integers(0, 11), st.none() | VALUES | ANY_TEXTS, max_size=5),
    block_bytes=st.sampled_from([1 << 18, 97]),
)
def test_corrections_read_as_what_they_are_and_all_else_as_before(
    labels: list[CellValue], corrections: dict[int, CellValue], block_bytes: int
) -> None:
    """For every type of label, and wherever blocks are cut."""
    corrections = {row: label for row, label in corrections.items() if row < len(labels)}
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("labelclean.io.tables.workbooks.package._BLOCK_BYTES", block_bytes)
        path = save(Path(folder) / "a.xlsx", [["text", "label", "note"], *(["t", label, 1] for label in labels)])
        (before,) = EXCEL.read(path, layout(), ["label"])
        target = io.BytesIO()

        n_changed = EXCEL.write(
            path, target, layout(), TableEdits(cells={row: {"label": label} for row, label in corrections.items()})
        )

        again = Path(folder) / "b.xlsx"
        again.write_bytes(target.getvalue())
        texts, after, notes = EXCEL.read(again, layout(), ["text", "label", "note"])
    wanted = [_plain(corrections.get(row, label)) for row, label in enumerate(labels)]
    assert _typed(before) == _typed([_plain(label) for label in labels])
    assert _typed(after) == _typed(wanted)
    assert n_changed <= len(corrections)
    assert (texts, notes) == (["t"] * len(labels), [1] * len(labels))


@settings(deadline=None, max_examples=30)
@given(moment=st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)), is_old=st.booleans())  # noqa: DTZ001
def test_dates_are_what_openpyxl_reads(moment: datetime, is_old: bool) -> None:
    """In both ways of counting days, to the second."""
    moment = max(moment.replace(microsecond=0), datetime(1904, 1, 2))  # noqa: DTZ001  (cells know no zone)
    book = openpyxl.Workbook()
    if is_old:
        book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001  (cells know no zone)
    for row in (["text", "label"], ["t", moment], ["t", moment.date()]):
        active_sheet(book).append(row)
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "a.xlsx")

        (labels,) = EXCEL.read(Path(folder) / "a.xlsx", layout(), ["label"])

    assert labels == [moment.isoformat(), moment.date().isoformat()]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "1899-12-31"), (1, "1900-01-01"), (59, "1900-02-28"), (60, 60), (61, "1900-03-01"), (-1, -1), (1e9, 1e9)],
)
def test_days_around_a_day_that_never_was(tmp_path: Path, days: float, expected: object) -> None:
    """Spreadsheets believe in 29 February 1900; what is no day stays a number."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["t", days]])
    book = openpyxl.load_workbook(path)
    active_sheet(book)["B2"].number_format = "yyyy-mm-dd"
    book.save(path)

    assert EXCEL.read(path, layout(), ["label"]) == [[expected]]


def test_a_day_after_the_last_year_stays_a_number(tmp_path: Path) -> None:
    """Counted from 1904, the year 10000 comes four years earlier."""
    book = openpyxl.Workbook()
    book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001  (cells know no zone)
    active_sheet(book).append(["text", "label"])
    active_sheet(book).append(["t", 2_958_000])
    active_sheet(book)["B2"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "a.xlsx")

    assert EXCEL.read(tmp_path / "a.xlsx", layout(), ["label"]) == [[2_958_000]]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("d.m.yy", "2024-02-29"),
        ("[$-407]d. mmmm yyyy;@", "2024-02-29"),
        ("m", "2024-02-29"),
        ('yyyy"-"mm hh:mm', "2024-02-29T00:00:00"),
        ("h:mm AM/PM", "2024-02-29T00:00:00"),
        ("[h]:mm", 45351),
        ("General", 45351),
        ('0 "days"', 45351),
        ("[Red]0.00", 45351),
        ("#,##0\\d", 45351),
        ("0_d", 45351),
    ],
)
def test_the_format_decides_whether_a_number_is_a_date(tmp_path: Path, shown: str, expected: object) -> None:
    """Letters in quotes, brackets and after a backslash are no parts of a date."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["t", 45351]])
    book = openpyxl.load_workbook(path)
    active_sheet(book)["B2"].number_format = shown
    book.save(path)

    assert EXCEL.read(path, layout(), ["label"]) == [[expected]]


@given(column=st.integers(1, 16_384))
def test_letters_of_columns_come_back_as_numbers(column: int) -> None:
    """``A`` is 1 and ``XFD`` the last."""
    assert column_number(f"{column_letters(column)}7") == column


def test_letters_of_columns_go_on_after_z() -> None:
    """By hand."""
    assert [column_letters(column) for column in (1, 26, 27, 702, 703, 16_384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert column_number("7") == 0


def _plain(value: CellValue) -> CellValue:
    """Return a value as a workbook holds it: whole numbers without a point; the empty text is nothing to openpyxl."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _typed(values: list[CellValue]) -> list[tuple[str, CellValue]]:
    return [(type(value).__name__, value) for value in values]
