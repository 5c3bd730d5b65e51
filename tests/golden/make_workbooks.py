"""
Make the workbooks among the golden files again: ``python -m tests.golden.make_workbooks``.

The same version of openpyxl gives the same bytes. What must come of each file stands beside it and is written by hand.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

FOLDER = Path(__file__).parent / "files" / "excel"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
WHEN = (2024, 1, 2, 3, 4, 6)
LIE = struct.pack("<L", 3_900_000_000)
_SAVED_AT = re.compile(rb"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")
Rows = Sequence[Sequence[object]]


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    files = {**plain_tables(), **furnished(), **tables_by_hand(), **refused()}
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)


def plain_tables() -> dict[str, bytes]:
    """Return workbooks with one small sheet."""
    texts: Rows = [
        *(["text", "label"], ["typed as text", "007"], ["a number", 7], ["a whole number with a point", 7.0]),
        *(["half", 0.5], ["true", True], ["looks like a number", "1e5"], ["missing?", "NA"]),
        *(["long", "12345678901234567890"], ["empty", None], ["plus", "+1"]),
    ]
    dates: Rows = [
        *(
            ["text", "label"],
            ["a day", dt.date(2024, 2, 29)],
            ["a moment", dt.datetime.fromisoformat("2024-02-29T13:05")],
        ),
        *(["a time", dt.time(7, 30)], ["before 1900 went wrong", 1], ["typed", "2024-02-30"]),
    ]
    two: Rows = [["text", "label"], ["one", "a"], ["two", None], ["three", "b"]]
    four: Rows = [["text", "label"], ["one", "a"], ["two", "b"], ["three", "c"], ["four", "a"]]
    one_hot: Rows = [
        *(["text", "late", "broken", "rude"], ["Late and broken", True, True, False]),
        *(["Nothing of it", False, False, False], ["Rude", False, False, True]),
    ]
    return {
        "literal_cells.xlsx": _repacked(_book(texts, _as_typed), _with_a_point),
        "dates.xlsx": _book(dates, lambda sheet: _show(sheet, "B5", "d.m.yyyy")),
        "dates_from_1904.xlsx": _book([["text", "label"], ["a day", dt.date(2024, 2, 29)]], _count_from_1904),
        "merged_labels.xlsx": _book(two, lambda sheet: sheet.merge_cells("B2:B3")),
        "hidden_rows.xlsx": _book(four, _hide),
        "title_above.xlsx": _book([["Tickets of 2024"], ["text", "label"], ["one", "a"]]),
        "same_names.xlsx": _book([["text", "label", "label"], ["one", "a", "b"]]),
        "header_only.xlsx": _book([["text", "label"]]),
        "empty_sheets.xlsx": _book([]),
        "no_such_sheet.xlsx": _book([["text", "label"], ["one", "a"]]),
        "one_hot.xlsx": _book(one_hot),
        "row_names.xlsx": _book([[None, "text", "label"], [0, "one", "a"], [1, "two", "b"]]),
    }


def furnished() -> dict[str, bytes]:
    """Return a workbook with several sheets and all that points at cells."""
    book = openpyxl.Workbook()
    notes = book.worksheets[0]
    notes.title, notes.sheet_state = "Notes", "hidden"
    notes.append(["Draft, see the next sheet"])
    book.create_sheet("Blank")
    sheet = book.create_sheet("Tickets")
    for row in (
        *(["id", "text", "label", "score"], [11, "My parcel is late", "delivery", 0.5]),
        *([12, "The box was crushed", "damage", 1], [13, "Where is my money", "refund", 1.5]),
        [14, "It never came", "delivery", 2],
    ):
        sheet.append(row)
    sheet["B2"].comment = Comment("looked at", "me")
    sheet["C3"].font, sheet["C3"].fill = Font(bold=True), PatternFill("solid", fgColor="FFFF00")
    choices = DataValidation(type="list", formula1='"delivery,damage,refund"')
    choices.add("C2:C5")
    sheet.add_data_validation(choices)
    red = PatternFill("solid", bgColor="FF0000")
    rule = CellIsRule(operator="greaterThan", formula=["1"], fill=red)  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add("D2:D5", rule)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=4, min_row=1, max_row=5), titles_from_data=True)
    sheet.add_chart(chart, "F2")
    sheet.freeze_panes, sheet.auto_filter.ref, sheet.column_dimensions["B"].width = "A2", "A1:D5", 44
    sums = book.create_sheet("Sums")
    sums["A1"] = "=SUM(Tickets!D2:D5)"
    sums.merge_cells("B2:C3")
    book.active = 2
    content = _saved(book)
    return {"several_sheets.xlsx": content, "dropped_where_things_point.xlsx": content}


def tables_by_hand() -> dict[str, bytes]:
    """Return workbooks whose XML openpyxl would not write."""
    formulas = _by_hand(
        _header()
        + f'<row r="2">{_text("A2", "one")}<c r="B2" t="str"><f>LOWER("PAY")</f><v>pay</v></c></row>'
        + f'<row r="3">{_text("A3", "two")}{_text("B3", "pay")}</row>'
        + f'<row r="4">{_text("A4", "three")}<c r="B4"><f>1+1</f></c></row>',
        before='<dimension ref="A1:B4"/>',
    )
    filled = f'<c r="B2"><f t="array" ref="B2:B3">A2:A3</f><v>1</v></c></row><row r="3">{_text("A3", "two")}'
    cmd = f'<row r="2">{_text("A2", "=HYPERLINK(1)")}<c r="B2" s="0" t="inlineStr"><is><t>=cmd()</t></is></c></row>'
    return {
        "formula_labels.xlsx": formulas,
        "formula_labels_beside.xlsx": formulas,
        "array_formula.xlsx": _by_hand(
            f'{_header()}<row r="2">{_text("A2", "one")}{filled}<c r="B3"><v>2</v></c></row>'
        ),
        "formula_texts.xlsx": _by_hand(f'{_header()}{cmd}<row r="3">{_text("A3", "@x")}{_text("B3", "-1")}</row>'),
        "prefixed_names.xlsx": _packed_by_hand(PREFIXED),
        "entities.xlsx": _packed_by_hand(
            '<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
            f'<!ENTITY c SYSTEM "file:///etc/hostname">]><worksheet xmlns="{MAIN}"><sheetData><row r="1">'
            f"{_text('A1', 'text')}{_text('B1', '&b;')}</row></sheetData></worksheet>"
        ),
    }


def refused() -> dict[str, bytes]:
    """Return files that are damaged, dangerous, or of other kinds."""
    sound = _book([["text", "label"], ["one", "a"]])
    damaged = bytearray(sound)
    damaged[sound.index(b"xl/worksheets/sheet1.xml") + 30] ^= 0x55
    return {
        "macros.xlsm": _repacked(sound, extra={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 not a real one"}),
        "binary.xlsb": _repacked(sound, extra={"xl/workbook.bin": b"\x83\x01\x00"}),
        "cut_off.xlsx": sound[: len(sound) * 2 // 3],
        "damaged_part.xlsx": bytes(damaged),
        "bomb.xlsx": _lying(sound),
        "encrypted.xlsx": _compound(["EncryptedPackage", "EncryptionInfo"]),
        "old.xls": _compound(["Workbook"]),
    }


PREFIXED = f"""<?xml version="1.0" encoding="UTF-8"?>
<x:worksheet xmlns:x="{MAIN}">
  <!-- by hand -->
  <x:cols><x:col min="2" max="2" width="20" style="0"/></x:cols>
  <x:sheetData>
    <x:row/>
    <x:row spans="1:2">
      <x:c t="inlineStr"><x:is><x:t>text</x:t></x:is></x:c>
      <x:c t="inlineStr"><x:is><x:r><x:t>la</x:t></x:r><x:r><x:rPr><x:b/></x:rPr><x:t>bel</x:t></x:r>"""
PREFIXED += """<x:rPh sb="0" eb="1"><x:t>aid</x:t></x:rPh></x:is></x:c>
    </x:row>
    <x:row><x:c t="inlineStr"><x:is><x:t>one &lt;two&gt;</x:t></x:is></x:c>
    <x:c t='str' s='0'><x:v>a</x:v></x:c ></x:row>
    <x:row r="7" spans='1:1'><x:c t="inlineStr"><x:is><x:t><![CDATA[<c r="B7">]]></x:t></x:is></x:c></x:row>
    <x:row><x:c r="A8"/><x:c r="B8" s="0"/></x:row>
    <x:row><x:c t="inlineStr"><x:is><x:t>three_x000A_lines_x005F_x000A_</x:t></x:is></x:c>"""
PREFIXED += """<x:c t="b"><x:v>1</x:v></x:c></x:row>
  </x:sheetData>
</x:worksheet>
"""


def _book(rows: Rows, change: Callable[[Worksheet], object] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    if change is not None:
        change(book.worksheets[0])
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    book.properties.creator = "labelclean"
    book.properties.created = book.properties.modified = dt.datetime.fromisoformat("2024-01-01")
    target = io.BytesIO()
    book.save(target)
    return _repacked(target.getvalue(), lambda _name, data: _SAVED_AT.sub(b"2024-01-02T03:04:06Z", data))


def _repacked(
    content: bytes,
    change: Callable[[str, bytes], bytes] = lambda _name, data: data,
    *,
    extra: Mapping[str, bytes] | None = None,
) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: change(name, archive.read(name)) for name in archive.namelist()}
    return _zipped({**members, **(extra or {})})


def _zipped(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _text(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _header() -> str:
    return f'<row r="1">{_text("A1", "text")}{_text("B1", "label")}</row>'


def _by_hand(rows: str, *, before: str = "") -> bytes:
    return _packed_by_hand(
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def _packed_by_hand(sheet: str) -> bytes:
    types = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{SHEET_TYPE}.{kind}+xml"/>'
        for part, kind in (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"))
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    defaults = (
        f'<Default Extension="rels" ContentType="{rels}"/><Default Extension="xml" ContentType="application/xml"/>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{defaults}{types}</Types>',
        "_rels/.rels": _relations("officeDocument", "/xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    return _zipped({name: text.encode() for name, text in parts.items()})


def _relations(kind: str, target: str) -> str:
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'


def _as_typed(sheet: Worksheet) -> None:
    for cell in sheet["B"]:
        cell.number_format = "@" if isinstance(cell.value, str) else "General"


def _with_a_point(name: str, content: bytes) -> bytes:
    """Write the second 7 with a point."""
    if not name.endswith("sheet1.xml"):
        return content
    first, seven, rest = content.partition(b"<v>7</v>")
    return first + seven + rest.replace(b"<v>7</v>", b"<v>7.0</v>", 1)


def _show(sheet: Worksheet, cell: str, number_format: str) -> None:
    sheet[cell].number_format = number_format


def _count_from_1904(sheet: Worksheet) -> None:
    assert sheet.parent is not None
    sheet.parent.epoch = CALENDAR_MAC_1904
    sheet["B2"].value = dt.date(2024, 2, 29)


def _hide(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["A"].hidden = True


def _lying(content: bytes) -> bytes:
    """Return an archive that says of its sheet that it is 3.9 GB long."""
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offset = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    changed[offset + 22 : offset + 26] = LIE
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    changed[place + 24 : place + 28] = LIE
    return bytes(changed)


def _compound(names: Sequence[str]) -> bytes:
    """Return a compound file, as old and encrypted workbooks are, with empty streams of these names."""
    free, end, own = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<10L", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    table = struct.pack("<2L", own, end)
    entries = b""
    for number, name in enumerate(["Root Entry", *names]):
        spelled = (name + "\0").encode("utf-16-le")
        links = struct.pack("<HBB3L", len(spelled), 2 if number else 5, 1, free, free, free if number else 1)
        entries += spelled.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<LQ", end, 0)
    return head.ljust(512, b"\xff") + table.ljust(512, b"\xff") + entries.ljust(512, b"\0")


if __name__ == "__main__":
    main()
