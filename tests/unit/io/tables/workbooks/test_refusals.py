"""Workbooks that cannot be read faithfully and safely are refused, each in words of its own."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from labelclean.errors import FileContentError
from labelclean.io.tables.workbooks.format import EXCEL, sheet_names
from tests.unit.io.tables.excel_workbooks import MAIN, active_sheet, layout, rows_by_hand, save, save_by_hand, text_cell


def refused(path: Path, part: str = "") -> str:
    """Return the words with which a workbook is refused."""
    with pytest.raises(FileContentError) as caught:
        EXCEL.scan(path, layout(part))
    assert caught.value.fix
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("EncryptedPackage", "must be readable without a password; it is encrypted"),
        ("Workbook", "an old Excel workbook (.xls)"),
        ("WordDocument", "an old Office file"),
    ],
)
def test_compound_files_are_told_apart(tmp_path: Path, name: str, words: str) -> None:
    """Encrypted and old files begin alike; the names inside say which it is, also where blocks are cut."""
    path = tmp_path / "a.xlsx"
    filler = b"\x00" * ((1 << 18) - 10)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + filler + name.encode("utf-16-le") + filler)

    assert words in refused(path)


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("xl/vbaProject.bin", "must not hold macros"),
        ("xl/workbook.bin", "a binary one (.xlsb)"),
        ("XL/WORKSHEETS/SHEET1.XML", "two have the same"),
    ],
)
def test_members_that_do_not_belong_are_refused(tmp_path: Path, member: str, words: str) -> None:
    """Macros, binary parts, two parts of one name."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a")), extra={member: b"x"})

    assert words in refused(path)


def test_parts_with_a_password_are_refused(tmp_path: Path) -> None:
    """The archive's own kind of encryption."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a")))
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)

    assert "parts of it are encrypted" in refused(path)


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    """A part of 100 MB in 100 kB."""
    sheet = rows_by_hand(text_cell("B2", "a")) + " " * 100_000_000
    path = save_by_hand(tmp_path / "a.xlsx", sheet)

    assert re.search(r"at most 200 times its own size.* holds 100,\d{3},\d{3} bytes", refused(path))


def test_a_part_that_is_longer_than_it_says_is_refused(tmp_path: Path) -> None:
    """The list of members cannot hide a bomb."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a")))
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.rindex(b"PK\x01\x02") + 24, 100)
    path.write_bytes(content)

    assert "missing or damaged" in refused(path)


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.999])
def test_a_workbook_that_is_cut_off_is_refused(tmp_path: Path, keep: float) -> None:
    """Wherever the download ended."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", "a"]])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])

    assert "missing or damaged" in refused(path)


@pytest.mark.parametrize(
    "declared", ['<!ENTITY a "x">', '<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY % a "x">', ""]
)
def test_document_types_are_refused(tmp_path: Path, declared: str) -> None:
    """Entities could read other files or fill the memory; a workbook never has any."""
    sheet = f'<?xml version="1.0"?><!DOCTYPE worksheet [{declared}]><worksheet xmlns="{MAIN}"/>'
    path = save_by_hand(tmp_path / "a.xlsx", sheet)

    assert "declares a document type" in refused(path)


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("<sheetData><row>", "it breaks in line 1, column"),
        (f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{MAIN}"/>', "well-formed XML in UTF-8"),
        (f'<?xml version="1.0" encoding="latin-1"?><worksheet xmlns="{MAIN}"/>', "its encoding is not UTF-8"),
        ('<sheetData><row r="2"/><row r="2"/></sheetData>', "after row 2 there is one that is not"),
        ('<sheetData><row r="9999999"/></sheetData>', "1,048,576 at most"),
        ('<sheetData><row r="1"><c r="B1"/><c r="A1"/></row></sheetData>', "in row 1 there is one after B"),
        ('<sheetData><row r="1"><c r="XFE1"/></row></sheetData>', "there is one after its start"),
        (rows_by_hand('<c r="B2"><v>x</v></c>'), "cell B2 says that it is a number"),
        (rows_by_hand('<c r="B2"><v>1e999</v></c>'), "cell B2 holds a number without an end"),
        (rows_by_hand('<c r="B2"><v>nan</v></c>'), "cell B2 holds a number without an end"),
        (rows_by_hand('<c r="B2" t="s"><v>0</v></c>'), "cell B2 points to a shared text"),
        (rows_by_hand('<c r="B2" t="s"><v>-1</v></c>'), "cell B2 points to a shared text"),
        (rows_by_hand(text_cell("C2", "x")), "cell C2 is filled, and C1 is not"),
        (f'<sheetData><row r="4">{text_cell("B4", " ")}</row></sheetData>', "row 4 holds blanks"),
        ("<sheetData/>", "the sheet “Data” is empty"),
        (rows_by_hand(), "row 1 of “Data” is its header, and there is nothing below it"),
        (
            f'<sheetData><row r="3">{text_cell("B3", "x")}{text_cell("D3", "x")}</row></sheetData>',
            "the cells B3 and D3",
        ),
    ],
)
def test_sheets_that_are_no_tables_are_refused(tmp_path: Path, sheet: str, words: str) -> None:
    """Each with the place of the first fault."""
    path = save_by_hand(tmp_path / "a.xlsx", sheet)

    assert words in refused(path)


def test_a_shared_text_before_the_first_is_refused(tmp_path: Path) -> None:
    """Counting from the end would give another text."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand('<c r="B2" t="s"><v>-1</v></c>'), strings="<si><t>x</t></si>")

    assert "points to a shared text that the workbook does not have" in refused(path)


def test_more_than_ten_thousand_columns_are_refused(tmp_path: Path) -> None:
    """As in every format."""
    cells = "".join(f'<c t="inlineStr"><is><t>c{number}</t></is></c>' for number in range(10_001))
    path = save_by_hand(tmp_path / "a.xlsx", f"<sheetData><row>{cells}</row></sheetData>")

    assert "at most 10,000 columns; got 10,001" in refused(path)


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    """The fix lists the names."""
    path = save(tmp_path / "a.xlsx", [["text", "label"], ["one", "a"]])

    with pytest.raises(FileContentError, match="none of the name “Sums”") as caught:
        EXCEL.scan(path, layout("Sums"))

    assert caught.value.fix == "Choose one of its sheets: “Data”."


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_sheets_of_two_bytes_a_character_are_refused(tmp_path: Path, encoding: str) -> None:
    """With or without a byte order mark: what is patched in would be of one byte."""
    sheet = f'<worksheet xmlns="{MAIN}">{rows_by_hand(text_cell("B2", "a"))}</worksheet>'
    path = save_by_hand(tmp_path / "a.xlsx", "", extra={"xl/worksheets/sheet1.xml": sheet.encode(encoding)})

    assert "its encoding is not UTF-8" in refused(path)


def test_two_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    """The user could not say which one is meant."""
    again = '<sheets><sheet name="Data" sheetId="2" r:id="rId1"/></sheets>'
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a")), book=again)

    assert "sheets must have different names" in refused(path)


def test_more_than_ten_thousand_parts_are_refused(tmp_path: Path) -> None:
    """No workbook has so many."""
    extra = {f"xl/p{number}": b"" for number in range(10_000)}
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a")), extra=extra)

    assert "at most 10,000 parts; this one has 10,005" in refused(path)


def test_other_ways_of_packing_are_refused(tmp_path: Path) -> None:
    """Spreadsheet programs deflate or store."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a")))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/other.xml", "x")

    assert "must be deflated or stored" in refused(path)


def test_parts_before_the_start_of_the_file_are_refused(tmp_path: Path) -> None:
    """The list of members is said to begin later than it does."""
    path = save_by_hand(tmp_path / "a.xlsx", rows_by_hand(text_cell("B2", "a")))
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x05\x06") + 16
    struct.pack_into("<L", content, place, struct.unpack_from("<L", content, place)[0] + 1_000_000)
    path.write_bytes(content)

    assert "missing or damaged" in refused(path)


def test_a_workbook_with_a_chart_only_has_no_sheet_to_read(tmp_path: Path) -> None:
    """A chart sheet holds no cells."""
    book = openpyxl.Workbook()
    book.create_chartsheet("Chart")
    book.remove(active_sheet(book))
    book.save(tmp_path / "a.xlsx")

    with pytest.raises(FileContentError, match="at least one worksheet"):
        sheet_names(tmp_path / "a.xlsx")


def test_other_archives_are_no_workbooks(tmp_path: Path) -> None:
    """A zip archive without a workbook part."""
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("table.csv", "text,label\n")

    assert "there is no workbook part in it" in refused(tmp_path / "a.xlsx")
