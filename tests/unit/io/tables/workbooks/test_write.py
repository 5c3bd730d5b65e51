"""A workbook comes back with nothing but the corrected cells changed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.workbooks.format import EXCEL
from tests.unit.io.tables.excel_workbooks import (
    MAIN,
    active_sheet,
    layout,
    raw_members,
    rows_by_hand,
    save,
    save_by_hand,
    sheet_xml,
    text_cell,
)


def write(path: Path, cells: dict[int, dict[str, CellValue]], **others: object) -> tuple[int, bytes]:
    """Return how many rows changed, and the new workbook."""
    target = io.BytesIO()
    edits = TableEdits(cells=cells, **others)  # type: ignore[arg-type]  # by name
    n_changed = EXCEL.write(path, target, layout(), edits)
    return n_changed, target.getvalue()


def column_of(content: bytes, letter: str) -> list[object]:
    """Return what openpyxl sees in a column of the first sheet."""
    return [cell.value for cell in active_sheet(openpyxl.load_workbook(io.BytesIO(content)))[letter]]


@pytest.fixture
def furnished(tmp_path: Path) -> Path:
    """Save a workbook with all that such files may hold beside cells."""
    path = save(
        tmp_path / "a.xlsx",
        [["id", "text", "label", "score"], *([n, f"text {n} <&>", "ab"[n % 2], n / 2] for n in range(8))],
    )
    book = openpyxl.load_workbook(path)
    sheet = active_sheet(book)
    sheet["B3"].comment = Comment("looked at", "me")
    sheet["C3"].font = Font(bold=True)
    sheet.column_dimensions["B"].width = 44
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = "A1:D9"
    choices = DataValidation(type="list", formula1='"a,b"')
    choices.add("C2:C9")
    sheet.add_data_validation(choices)
    red = PatternFill("solid", bgColor="FF0000")
    rule = CellIsRule(operator="greaterThan", formula=["1"], fill=red)  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add("D2:D9", rule)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=4, min_row=1, max_row=9), titles_from_data=True)
    sheet.add_chart(chart, "G2")
    picture = io.BytesIO()
    Picture.new("RGB", (4, 4)).save(picture, "png")
    sheet.add_image(Image(picture), "G20")
    sums = book.create_sheet("Sums")
    sums["A1"] = "=SUM(Data!D2:D9)"
    sums.merge_cells("B2:C3")
    book.save(path)
    return path


def test_only_the_sheet_changes_and_all_other_parts_keep_their_very_bytes(furnished: Path) -> None:
    """Charts, pictures, comments, styles, other sheets: compressed bytes, order, times and attributes are the same."""
    before = raw_members(furnished.read_bytes())

    n_changed, written = write(furnished, {0: {"label": "b"}, 3: {"label": "new & <odd>"}})

    after = raw_members(written)
    assert n_changed == 2
    assert list(after) == list(before)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]
    assert zipfile.ZipFile(io.BytesIO(written)).testzip() is None


def test_a_spreadsheet_program_finds_everything_as_it_was(furnished: Path) -> None:
    """Values, formulas, formats, widths, comments, validations, conditional formats, charts and pictures."""
    _, written = write(furnished, {1: {"label": "c"}})

    old, new = openpyxl.load_workbook(furnished), openpyxl.load_workbook(io.BytesIO(written))
    was, now = old["Data"], new["Data"]
    differences = {
        cell.coordinate: cell.value
        for row in now.iter_rows()
        for cell in row
        if (cell.value, cell.style_id) != (was[cell.coordinate].value, was[cell.coordinate].style_id)
    }
    assert differences == {"C3": "c"}
    assert now["C3"].font.b
    assert now["B3"].comment is not None
    assert now["B3"].comment.text == "looked at"
    assert now.column_dimensions["B"].width == 44
    assert (now.freeze_panes, now.auto_filter.ref) == ("A2", "A1:D9")
    assert [str(choice.sqref) for choice in now.data_validations.dataValidation] == ["C2:C9"]
    assert [str(rules.sqref) for rules in now.conditional_formatting] == ["D2:D9"]
    assert (len(now._charts), len(now._images)) == (1, 1)  # type: ignore[attr-defined]  # no other way to count them
    assert new["Sums"]["A1"].value == "=SUM(Data!D2:D9)"
    assert str(new["Sums"].merged_cells) == "B2:C3"


def test_the_bytes_around_a_changed_cell_stay(tmp_path: Path) -> None:
    """Whatever way the sheet is laid out; a text that the workbook has already is pointed to."""
    strings = "<si><t>text</t></si><si><t>label</t></si><si><t>a</t></si><si><t>b</t></si>"
    sheet = (
        "<!-- by hand -->\n<sheetData >\n"
        "<row r='1'><c r='A1' t='s'><v>0</v></c><c t='s'><v>1</v></c></row>\n"
        "<row r='2' spans='1:2' ><c r='A2' s='0' t='s'><v>2</v></c> <c s='0' r='B2' t='s' ><v>2</v></c ></row >\n"
        "<row r='3'><c r='A3' t='s'><v>2</v></c><c r='B3'/><c r='C3'/></row>\n"
        "</sheetData>\n<!-- end -->"
    )
    path = save_by_hand(tmp_path / "a.xlsx", sheet, strings=strings)

    n_changed, written = write(path, {0: {"label": "b"}, 1: {"label": "new"}})

    expected = sheet.replace("<c s='0' r='B2' t='s' ><v>2</v></c >", '<c r="B2" s="0" t="s"><v>3</v></c>').replace(
        "<c r='B3'/>", '<c r="B3" t="inlineStr"><is><t xml:space="preserve">new</t></is></c>'
    )
    assert n_changed == 2
    assert sheet_xml(written) == f'<worksheet xmlns="{MAIN}">{expected}</worksheet>'


def test_a_text_with_formats_of_its_own_is_not_pointed_to(tmp_path: Path) -> None:
    """The label would look like another cell's text."""
    strings = "<si><t>text</t></si><si><t>label</t></si><si><r><rPr><b/></rPr><t>a</t></r></si><si><t>b</t></si>"
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>{text}</v></c><c r="B{row}" t="s"><v>{label}</v></c></row>'
        for row, text, label in ((1, 0, 1), (2, 3, 2), (3, 3, 3))
    )
    path = save_by_hand(tmp_path / "a.xlsx", f"<sheetData>{cells}</sheetData>", strings=strings)

    n_changed, written = write(path, {0: {"label": "a"}, 1: {"label": "a"}})

    assert n_changed == 1
    assert '<c r="B2" t="s"><v>2</v></c>' in sheet_xml(written)
    assert '<c r="B3" t="inlineStr"><is><t xml:space="preserve">a</t></is></c>' in sheet_xml(written)


def test_new_values_keep_their_type(tmp_path: Path) -> None:
    """Numbers, true and false, text that looks like them, nothing; a cell that was not there is put in its place."""
    path = save(
        tmp_path / "a.xlsx", [["text", "label", "note"], *(["t", "x", "n"] for _ in range(6)), ["t", None, "n"]]
    )
    values: list[CellValue] = [7, 0.25, True, "7", None, " a\n", "put in"]

    n_changed, written = write(path, {row: {"label": value} for row, value in enumerate(values)})

    assert n_changed == 7
    assert column_of(written, "B")[1:] == values
    assert column_of(written, "C")[1:] == ["n"] * 7


def test_characters_that_xml_lacks_are_escaped_and_come_back(tmp_path: Path) -> None:
    """Also text that looks like such an escape."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", "x"], ["two", "x"]])

    _, written = write(path, {0: {"label": "a\x01\rb"}, 1: {"label": "_x000D_"}})

    again = tmp_path / "b.xlsx"
    again.write_bytes(written)
    assert "a_x0001__x000D_b" in sheet_xml(written)
    assert EXCEL.read(again, layout(), ["label"]) == [["a\x01\rb", "_x000D_"]]


def test_a_cell_that_reads_like_its_new_value_is_no_change(tmp_path: Path) -> None:
    """Nothing is written anew; 7 and "7" are two values."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", 7], ["two", "b"], ["three", None]])

    n_changed, written = write(path, {0: {"label": 7}, 1: {"label": "b"}, 2: {"label": None}})

    assert n_changed == 0
    assert sheet_xml(written) == sheet_xml(path.read_bytes())
    assert write(path, {0: {"label": "7"}})[0] == 1


def test_added_columns_stand_behind_the_others(furnished: Path) -> None:
    """Their cells are the last of their rows, and the range of used cells grows."""
    values = [None if n == 2 else f"v{n}" for n in range(8)]

    n_changed, written = write(furnished, {}, added={"consensus": values})

    sheet = active_sheet(openpyxl.load_workbook(io.BytesIO(written)))
    assert n_changed == 0
    assert column_of(written, "E") == ["consensus", *values]
    assert column_of(written, "D") == ["score", *(n / 2 for n in range(8))]
    assert sheet.calculate_dimension() == "A1:E9"
    assert '<dimension ref="A1:E9"' in sheet_xml(written)


def test_an_added_column_needs_a_name_of_its_own(tmp_path: Path) -> None:
    """Two columns cannot have one name."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", "a"]])

    with pytest.raises(InvalidInputError, match="“label” has none"):
        write(path, {}, added={"label": ["b"]})


def test_rows_can_be_left_out_where_nothing_points_at_rows(tmp_path: Path) -> None:
    """The rows below move up, blank ones as well."""
    rows: list[list[object]] = [["text", "label"], ["one", "a"], ["two", "b"], [], ["three", "a"], ["four", 4]]
    path = save(tmp_path / "a.xlsx", rows)

    n_changed, written = write(path, {2: {"label": "c"}, 0: {"label": "gone"}}, dropped_rows=frozenset({0, 1}))

    assert n_changed == 1
    assert column_of(written, "A") == ["text", None, "three", "four"]
    assert column_of(written, "B") == ["label", None, "c", 4]
    assert '<dimension ref="A1:B4"' in sheet_xml(written)


def test_rows_are_not_left_out_where_something_points_at_them(furnished: Path) -> None:
    """All that stands in the way is named."""
    with pytest.raises(FileContentError) as caught:
        write(furnished, {}, dropped_rows=frozenset({1}))

    for word in ("a filter", "charts", "comments", "conditional formats", "data validations", "formulas"):
        assert word in caught.value.message


@pytest.mark.parametrize(
    ("beside", "word"),
    [
        ('<mergeCells><mergeCell ref="D1:D2"/></mergeCells>', "merged cells"),
        ('<hyperlinks><hyperlink ref="A2"/></hyperlinks>', "links"),
        ('<tableParts count="1"/>', "a table"),
        ("<rowBreaks/>", "“rowBreaks”"),
    ],
)
def test_each_thing_that_points_at_rows_keeps_them(tmp_path: Path, beside: str, word: str) -> None:
    """Also what is not known yet."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a"), text_cell("B3", "b")) + beside)

    with pytest.raises(FileContentError, match=word):
        write(path, {}, dropped_rows=frozenset({1}))


def test_an_empty_drawing_does_not_keep_rows(tmp_path: Path) -> None:
    """Google Sheets adds one to every sheet."""
    sheet = rows_by_hand(text_cell("B2", "a"), text_cell("B3", "b")) + "<drawing/>"
    empty, full = b"<wsDr/>", b"<wsDr><oneCellAnchor ></oneCellAnchor></wsDr>"
    path = save_by_hand(tmp_path / "a.xlsx", sheet, extra={"xl/drawings/drawing1.xml": empty})
    drawn = save_by_hand(tmp_path / "b.xlsx", sheet, extra={"xl/drawings/drawing1.xml": full})

    _, written = write(path, {}, dropped_rows=frozenset({0}))

    assert '<row r="2"><c r="A2" t="inlineStr"><is><t>two</t>' in sheet_xml(written)
    with pytest.raises(FileContentError, match="charts or pictures"):
        write(drawn, {}, dropped_rows=frozenset({0}))


@pytest.mark.parametrize("odd", ["<![CDATA[<c r='B9'>]]>", "<!-- <c r='B9'> -->x"])
def test_rows_with_raw_sections_do_not_move(tmp_path: Path, odd: str) -> None:
    """What looks like a cell in them is none."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a"), text_cell("B3", odd)))

    with pytest.raises(FileContentError, match="a comment or a raw section"):
        write(path, {}, dropped_rows=frozenset({0}))


def test_a_byte_order_mark_does_not_shift_the_cells(tmp_path: Path) -> None:
    """It is kept, and so is everything else."""
    sheet = f'\ufeff<worksheet xmlns="{MAIN}">{rows_by_hand(text_cell("B2", "ä"), text_cell("B3", "b"))}</worksheet>'
    path = save_by_hand(tmp_path / "a.xlsx", "", extra={"xl/worksheets/sheet1.xml": sheet.encode()})

    _, written = write(path, {0: {"label": 7}})

    assert sheet_xml(written) == sheet.replace(text_cell("B2", "ä"), '<c r="B2"><v>7</v></c>')


def test_a_sheet_beyond_the_bounds_of_plain_archives_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From 4 GiB on they are of another kind; here the bound is lower."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", "a"]])
    monkeypatch.setattr("labelclean.io.tables.workbooks.archive._IN_ZIP64", 100)

    with pytest.raises(FileContentError, match="below 4 GiB"):
        write(path, {0: {"label": "c"}})


def test_two_members_in_one_place_are_not_copied(tmp_path: Path) -> None:
    """One of them could not be moved."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a")), extra={"other1": b"x", "other2": b"x"})
    content = bytearray(path.read_bytes())
    first, second = (content.rindex(b"PK\x01\x02", 0, content.rindex(name)) for name in (b"other1", b"other2"))
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(content)

    with pytest.raises(FileContentError, match="laid out in another way"):
        write(path, {0: {"label": "c"}})


def test_named_ranges_keep_rows(tmp_path: Path) -> None:
    """They are outside of the sheet."""
    names = '<definedNames><definedName name="x">Data!$A$2</definedName></definedNames>'
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a"), text_cell("B3", "b")), book=names)

    with pytest.raises(FileContentError, match="named ranges"):
        write(path, {}, dropped_rows=frozenset({1}))


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('<c r="B2" t="str"><f>LOWER("A")</f><v>a</v></c>', "row 0, cell B2, holds a formula"),
        ('<c r="B2"><f t="array" ref="B2:B3">A2</f></c>', "row 0, cell B2, holds a formula"),
    ],
)
def test_formulas_are_not_overwritten(tmp_path: Path, cell: str, words: str) -> None:
    """The formula would be lost, and what it reads is what is wrong."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(cell, text_cell("B3", "b")))

    with pytest.raises(FileContentError, match=words):
        write(path, {0: {"label": "c"}})


def test_cells_inside_a_merged_area_are_not_filled(tmp_path: Path) -> None:
    """No one would see the label; the area's first cell can be corrected."""
    sheet = rows_by_hand(text_cell("B2", "a"), "", text_cell("B4", "b"))
    path = save_by_hand(tmp_path / "a.xlsx", f'{sheet}<mergeCells><mergeCell ref="B2:B3"/></mergeCells>')

    with pytest.raises(FileContentError, match="cell B3 is part of a merged area"):
        write(path, {1: {"label": "c"}})

    assert write(path, {0: {"label": "c"}})[0] == 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (["a"], "must hold text, a number, or true/false; the new label of cell B2"),
        (10**16 + 1, "at most 15 digits"),
        (float("inf"), "must be finite"),
        ("x" * 32_768, "at most 32,767 characters; the new label of cell B2 has 32,768"),
        ("\ud800", "half of one"),
    ],
)
def test_values_that_a_cell_cannot_hold_are_refused(tmp_path: Path, value: CellValue, words: str) -> None:
    """Rather than changed."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", "a"]])

    with pytest.raises(InvalidInputError, match=words):
        write(path, {0: {"label": value}})


@pytest.mark.parametrize("row", [2, -1, 99])
def test_a_row_that_is_not_in_the_sheet_is_refused(tmp_path: Path, row: int) -> None:
    """The decisions belong to another file."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", "a"], ["two", "b"]])

    with pytest.raises(InvalidInputError, match=f"which has 2 rows counted from 0; got row {row}"):
        write(path, {row: {"label": "c"}})


def test_nothing_is_written_where_the_work_fails(furnished: Path) -> None:
    """The sheet is made first, the archive around it only then."""
    target = io.BytesIO()

    with pytest.raises(InvalidInputError):
        EXCEL.write(furnished, target, layout(), TableEdits(cells={7: {"label": "c"}, 99: {"label": "c"}}))

    assert target.getvalue() == b""


def test_a_full_disk_is_not_taken_for_a_damaged_workbook(furnished: Path) -> None:
    """Whoever opened the target says what is to be done about it."""

    class FullDisk(io.BytesIO):
        def write(self, _data: object) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left on device"):
        EXCEL.write(furnished, FullDisk(), layout(), TableEdits(cells={0: {"label": "c"}}))


def test_an_archive_with_something_before_it_is_not_copied(tmp_path: Path) -> None:
    """Its places could not be kept."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", "a"]])
    path.write_bytes(b"#!/bin/sh\n" + path.read_bytes())

    with pytest.raises(FileContentError, match="laid out in another way"):
        write(path, {0: {"label": "c"}})
