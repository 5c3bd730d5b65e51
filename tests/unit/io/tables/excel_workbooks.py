"""Small workbooks for tests: by openpyxl, or by hand where it would not write such XML."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from labelclean.io.layout import FileLayout

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WHEN = (2024, 1, 2, 3, 4, 6)


def layout(part: str = "") -> FileLayout:
    """Return what is known of a workbook before it is read."""
    return FileLayout(
        file_format="xlsx", encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0, part=part
    )


def save(path: Path, rows: Sequence[Sequence[object]], *, title: str = "Data") -> Path:
    """Write a workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = active_sheet(book)
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def active_sheet(book: openpyxl.Workbook) -> Worksheet:
    """Return the sheet that is open, which is one with cells."""
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return sheet


def save_by_hand(
    path: Path, sheet: str, *, strings: str | None = None, book: str = "", extra: dict[str, bytes] | None = None
) -> Path:
    """Write a workbook whose one sheet has just this XML inside of its root."""
    relation = f'<Relationship Id="rId{{}}" Type="{_OFFICE}/{{}}" Target="{{}}"/>'
    related = relation.format(1, "worksheet", "worksheets/sheet1.xml")
    related += "" if strings is None else relation.format(2, "sharedStrings", "/xl/sharedStrings.xml")
    if not sheet.startswith("<?xml"):
        sheet = f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relation.format(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">{book}<sheets>'
        '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    if strings is not None:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **(extra or {})}.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
    return path


def text_cell(reference: str, text: str) -> str:
    """Return the XML of a cell with a text of its own."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def rows_by_hand(*labels: str) -> str:
    """Return the XML of rows whose texts are "one", "two", ... and whose label cells are given, for column B."""
    names = ("one", "two", "three", "four")
    header = f'<row r="1">{text_cell("A1", "text")}{text_cell("B1", "label")}</row>'
    body = "".join(
        f'<row r="{row}">{text_cell(f"A{row}", names[row - 2])}{label}</row>'
        for row, label in enumerate(labels, start=2)
    )
    return f"<sheetData>{header}{body}</sheetData>"


def sheet_xml(content: bytes) -> str:
    """Return the XML of the first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def raw_members(content: bytes) -> dict[str, tuple[object, ...]]:
    """Return, in their order, what an archive says of its members, and the compressed bytes themselves."""
    found: dict[str, tuple[object, ...]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            header = content[member.header_offset : member.header_offset + 30]
            n_name, n_extra = struct.unpack("<2H", header[26:])
            begin = member.header_offset + 30 + n_name + n_extra
            raw = content[begin : begin + member.compress_size]
            found[member.filename] = (member.date_time, member.CRC, member.external_attr, member.extra, raw)
    return found
