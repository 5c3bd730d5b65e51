"""Workbooks are read cell for cell as a spreadsheet program shows what they hold."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from labelclean.errors import FileContentError
from labelclean.io.tables.contract import TableEdits
from labelclean.io.tables.workbooks.format import EXCEL, first_sheet, sheet_names
from tests.unit.io.tables.excel_workbooks import active_sheet, layout, rows_by_hand, save, save_by_hand, text_cell


def test_a_sheet_is_a_table_under_its_first_row_that_is_not_empty(tmp_path: Path) -> None:
    """Blank rows above, between and below do not count, nor does formatting."""
    path = save(
        tmp_path / "a.xlsx",
        [[], [None, "text", "label"], [None, "one", "a"], [], [None, "two", "b"], [None, "", None], [None, None, ""]],
    )

    scan = EXCEL.scan(path, layout())

    assert scan.columns == ("text", "label")
    assert scan.n_rows == 2
    assert scan.sample == (("one", "a"), ("two", "b"))
    assert scan.warnings == ()


def test_row_names_of_pandas_are_a_column(tmp_path: Path) -> None:
    """Its first cell is empty; the name is made up, as for CSV, and a correction leaves that cell empty."""
    path = tmp_path / "a.xlsx"
    pd.DataFrame({"text": ["one", "two"], "Unnamed: 0": ["a", "b"]}, index=[5, 6]).to_excel(path)
    target = io.BytesIO()

    scan = EXCEL.scan(path, layout())
    cells = EXCEL.read(path, layout(), scan.columns)
    n_changed = EXCEL.write(path, target, layout(), TableEdits(cells={1: {"Unnamed: 0": "c"}}, added={"new": [1, 2]}))

    assert scan.columns == ("Unnamed: 0.1", "text", "Unnamed: 0")
    assert scan.kinds == ("number", "text", "text")
    assert scan.sample == (("5", "one", "a"), ("6", "two", "b"))
    assert cells == [[5, 6], ["one", "two"], ["a", "b"]]
    rows = active_sheet(openpyxl.load_workbook(target)).iter_rows(values_only=True)
    assert (n_changed, list(rows)) == (
        1,
        [(None, "text", "Unnamed: 0", "new"), (5, "one", "a", 1), (6, "two", "c", 2)],
    )


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([["text", None, "label"], ["one", 1, "a"]], "B2"),
        ([["text", "label"], ["one", "a", "beside"]], "C2"),
        ([[None, None, "text", "label"], ["x", 0, "one", "a"]], "A2"),
        ([[None, "a title"], ["text", "label"], ["one", "a"]], "A2"),
    ],
)
def test_only_the_column_beside_the_first_name_may_be_without_one(
    tmp_path: Path, rows: list[list[object]], cell: str
) -> None:
    """Cells between the columns, to their right, or further to their left belong to none; nor does what is titled."""
    path = save(tmp_path / "a.xlsx", rows)

    with pytest.raises(FileContentError, match=f"cell {cell} is filled"):
        EXCEL.scan(path, layout())


def test_each_type_of_cell_is_read_as_its_value(tmp_path: Path) -> None:
    """Text, numbers, true and false, errors; an empty cell is None."""
    values = ["007", 7, 7.5, True, False, None, "1e5", -3, 10**15, "=x"]
    path = save(tmp_path / "a.xlsx", [["text", "label"], *(["t", value] for value in values[:-1])])

    (labels,) = EXCEL.read(path, layout(), ["label"])

    assert [(type(label), label) for label in labels] == [(type(value), value) for value in values[:-1]]


def test_whole_numbers_with_a_point_are_whole(tmp_path: Path) -> None:
    """``7.0`` and ``1E2`` are 7 and 100; a number too long to be exact stays as near as it was."""
    cells = ('<c r="B2"><v>7.0</v></c>', '<c r="B3"><v>1E2</v></c>', '<c r="B4"><v>1E+300</v></c>')
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(*cells))

    (labels,) = EXCEL.read(path, layout(), ["label"])

    assert [(type(label), label) for label in labels] == [(int, 7), (int, 100), (float, 1e300)]


def test_dates_are_read_as_iso_text(tmp_path: Path) -> None:
    """Whatever way the sheet shows them; amounts of hours are numbers."""
    path = save(
        tmp_path / "a.xlsx",
        [
            ["text", "label"],
            ["day", dt.date(2024, 2, 29)],
            ["moment", dt.datetime(2024, 2, 29, 23, 59, 59)],  # noqa: DTZ001  (cells know no zone)
            ["time", dt.time(7, 5)],
            ["amount", dt.timedelta(hours=36)],
        ],
    )

    (labels,) = EXCEL.read(path, layout(), ["label"])

    assert labels == ["2024-02-29", "2024-02-29T23:59:59", "07:05:00", 1.5]


def test_text_in_pieces_is_one_text_without_reading_aids(tmp_path: Path) -> None:
    """Formats inside a cell part it in the file only; how to read its characters is no part of it."""
    strings = (
        "<si><t>text</t></si><si><t>label</t></si>"
        "<si><r><t>re</t></r><r><rPr><b/></rPr><t xml:space='preserve'>fund </t></r></si>"
        "<si><t>課</t><rPh sb='0' eb='1'><t>カ</t></rPh></si>"
    )
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>{text}</v></c><c r="B{row}" t="s"><v>{label}</v></c></row>'
        for row, text, label in ((1, 0, 1), (2, 2, 3))
    )
    path = save_by_hand(tmp_path / "a.xlsx", f"<sheetData>{cells}</sheetData>", strings=strings)

    assert EXCEL.read(path, layout(), ["label", "text"]) == [["課"], ["refund "]]


def test_rich_text_of_openpyxl_is_read(tmp_path: Path) -> None:
    """An inline string in pieces."""
    book = openpyxl.Workbook()
    sheet = active_sheet(book)
    sheet.append(["text", "label"])
    sheet.append(["one", "a"])
    sheet["B2"] = CellRichText("re", TextBlock(InlineFont(b=True), "fund"))
    book.save(tmp_path / "a.xlsx")

    assert EXCEL.read(tmp_path / "a.xlsx", layout(), ["label"]) == [["refund"]]


def test_escaped_characters_are_undone(tmp_path: Path) -> None:
    """``_x000A_`` is a line feed, and ``_x005F_`` keeps it from being one."""
    path = save_by_hand(
        tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a_x000A_b"), text_cell("B3", "a_x005F_x000A_b"))
    )

    assert EXCEL.read(path, layout(), ["label"]) == [["a\nb", "a_x000A_b"]]


def test_formulas_are_read_as_their_last_results_with_a_warning(tmp_path: Path) -> None:
    """One that was never computed is empty, and that is said."""
    cells = (
        '<c r="B2" t="str"><f>LOWER("A")</f><v>a</v></c>',
        '<c r="B3"><f>1+1</f><v>2</v></c>',
        '<c r="B4"><f>1+2</f></c>',
    )
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(*cells))

    scan = EXCEL.scan(path, layout())

    assert EXCEL.read(path, layout(), ["label"]) == [["a", 2, None]]
    assert len(scan.warnings) == 3
    assert "“label” holds formulas (3 cells, the first is B2); their last results are read" in scan.warnings[0]
    assert "“label” holds formulas without a result (cell B4)" in scan.warnings[1]
    assert "they show their last results until" in scan.warnings[2]


def test_errors_are_text_with_a_warning(tmp_path: Path) -> None:
    """``#N/A`` is what the cell shows."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand('<c r="B2" t="e"><v>#N/A</v></c>'))

    assert EXCEL.read(path, layout(), ["label"]) == [["#N/A"]]
    assert EXCEL.scan(path, layout()).warnings == (
        "Column “label” holds errors such as #N/A (cell B2); they are read as text.",
    )


def test_cells_that_a_merged_area_covers_are_empty(tmp_path: Path) -> None:
    """Even where a program left values in them, in the sample as well."""
    sheet = rows_by_hand(text_cell("B2", "a"), text_cell("B3", "stale"), text_cell("B4", "b"))
    path = save_by_hand(tmp_path / "a.xlsx", f'{sheet}<mergeCells><mergeCell ref="B2:B3"/></mergeCells>')

    scan = EXCEL.scan(path, layout())

    assert EXCEL.read(path, layout(), ["label"]) == [["a", None, "b"]]
    assert EXCEL.read(path, layout(), ["label"], rows=[1, 2]) == [[None, "b"]]
    assert scan.sample == (("one", "a"), ("two", ""), ("three", "b"))
    assert len(scan.warnings) == 1


def test_some_rows_are_read_without_the_others(tmp_path: Path) -> None:
    """In rising order, whatever columns are asked for."""
    path = save(tmp_path / "a.xlsx", [["id", "text", "label"], *([n, f"t{n}", n % 2] for n in range(9))])

    assert EXCEL.read(path, layout(), ["label", "id"], rows={7, 2}) == [[0, 1], [2, 7]]


def test_kinds_say_what_the_columns_hold(tmp_path: Path) -> None:
    """Dates are text; a column of several kinds is mixed, and one without any value missing."""
    rows: list[list[object]] = [["a", "b", "c", "d", "e"], ["x", 1, True, 1, None], ["y", 2.5, False, "x", None]]
    path = save(tmp_path / "a.xlsx", rows)

    assert EXCEL.scan(path, layout()).kinds == ("text", "number", "bool", "mixed", "missing")


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    """A filter hides rows; they are data all the same."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", "a"], ["two", "b"]])
    book = openpyxl.load_workbook(path)
    active_sheet(book).row_dimensions[2].hidden = True
    book.save(path)

    scan = EXCEL.scan(path, layout())

    assert scan.n_rows == 2
    assert scan.warnings == ("In the workbook, 1 row is hidden; it is read like the others.",)


def test_the_first_visible_sheet_that_is_not_empty_is_the_default(tmp_path: Path) -> None:
    """All sheets can be chosen, hidden ones too."""
    path = save(tmp_path / "a.xlsx", [["secret", "label"], ["one", "a"]], title="Hidden")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Blank")
    sheet = book.create_sheet("Shown")
    sheet.append(["text", "label"])
    sheet.append(["two", "b"])
    book["Hidden"].sheet_state = "hidden"
    book.active = 2
    book.save(path)

    assert sheet_names(path) == ("Hidden", "Blank", "Shown")
    assert first_sheet(path) == "Shown"
    assert EXCEL.scan(path, layout()).columns == ("text", "label")
    assert EXCEL.scan(path, layout("Hidden")).columns == ("secret", "label")


def test_formats_beside_the_table_are_nothing(tmp_path: Path) -> None:
    """An empty cell needs no name of a column."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a") + '<c r="D2" s="0"/>'))

    assert EXCEL.scan(path, layout()).columns == ("text", "label")


def test_the_sample_ends_where_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All rows are read and counted all the same."""
    monkeypatch.setattr("labelclean.io.text.records.SAMPLE_ROWS", 2)
    path = save(tmp_path / "a.xlsx", [["text", "label"], *(["t", number] for number in range(5))])

    scan = EXCEL.scan(path, layout())

    assert scan.n_rows == 5
    assert scan.sample == (("t", "0"), ("t", "1"))


def test_names_of_columns_are_the_text_of_the_header(tmp_path: Path) -> None:
    """A number or true is named as it is shown."""
    path = save(tmp_path / "a.xlsx", [["text", 2024, True], ["one", "a", "b"]])

    assert EXCEL.scan(path, layout()).columns == ("text", "2024", "TRUE")


def test_a_column_that_is_gone_is_named(tmp_path: Path) -> None:
    """The file changed since it was uploaded."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", "a"]])

    with pytest.raises(FileContentError, match="there is no “topic”"):
        EXCEL.read(path, layout(), ["topic"])
