"""Each option about how a file is read has its effect: corrections land where it says."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from dataclasses import dataclass, field, fields
from pathlib import Path

import openpyxl
import pytest

from labelclean.cli.app import run
from labelclean.cli.reading import ReadingOptions
from labelclean.dataset import text_hash


@dataclass(frozen=True)
class Case:
    """
    A file, the options to read it, one correction, and the file after it.

    Without the options the correction does not land there: the command is refused, or writes something else.
    """

    content: str
    options: list[str]
    text: str
    old: str
    new: str
    expected: str
    row: int = 0
    row_id: str = ""
    encoding: str = "utf-8"
    further: list[str] = field(default_factory=list)
    """Options that stay in the other run."""


NAMES = "names.txt"
CASES = {
    "--text": Case(
        "title,body,label\nthe first one here,x,a\nthe second one here,y,b\n",
        ["--text", "body"],
        "x", "a", "b",
        "title,body,label\nthe first one here,x,b\nthe second one here,y,b\n",
    ),
    "--label": Case(
        "text,label,kind\nx,a,k\ny,b,l\n", ["--label", "kind"], "x", "k", "l", "text,label,kind\nx,a,l\ny,b,l\n"
    ),
    "--id": Case(
        "id,code,text,label\n7,8,x,a\n9,7,x,a\n", ["--id", "code"], "x", "a", "b",
        "id,code,text,label\n7,8,x,a\n9,7,x,b\n", row_id="7",
    ),
    "--format": Case(
        "__label__a,label\n__label__b,x\n__label__c,y\n",
        ["--format", "csv"],
        "__label__b", "x", "y",
        "__label__a,label\n__label__b,y\n__label__c,y\n",
        further=["--text", "__label__a", "--label", "label"],
    ),
    "--encoding": Case(
        "text,label\nCafé crème,a\nThé,b\n",
        ["--encoding", "cp850"],
        "Café crème", "a", "é",
        "text,label\nCafé crème,é\nThé,b\n",
        encoding="cp850",
    ),
    "--delimiter": Case(
        "text^label\nx^a\ny^b\n", ["--delimiter", "^"], "x", "a", "b^", 'text^label\nx^"b^"\ny^b\n'
    ),
    "--delimiter tab": Case(
        "text,label\tlabel\nx,a\ta\ny,b\tb\n",
        ["--delimiter", "tab"],
        "x,a", "a", "b",
        "text,label\tlabel\nx,a\tb\ny,b\tb\n",
        further=["--text", "text,label", "--label", "label"],
    ),
    "--part": Case(
        '{"old": [{"text": "x", "label": "a"}], "new": [{"text": "x", "label": "a"}]}\n',
        ["--part", "new"],
        "x", "a", "b",
        '{"old": [{"text": "x", "label": "a"}], "new": [{"text": "x", "label": "b"}]}\n',
    ),
    "--no-quoting": Case(
        'text,label\n"x" they said,a\n"y,b\n', ["--no-quoting"], '"y', "b", "c",
        'text,label\n"x" they said,a\n"y,c\n', row=1,
    ),
    "--quoting": Case(
        'text\tlabel\n"x" y\ta\n"z" w\tb\n', ["--quoting"], "x y", "a", "b", 'text\tlabel\n"x" y\tb\n"z" w\tb\n'
    ),
    "--label-spelling": Case(
        "text,label\nx,a|b\ny,a\nz,b\nw,b|a\n", ["--label-spelling", "plain"], "x", "a|b", "b",
        "text,label\nx,b\ny,a\nz,b\nw,b|a\n",
    ),
    "--label-separator": Case(
        "text,label\nx,a/b\ny,a\n", ["--label-separator", "/"], "x", '["a", "b"]', '["b", "c"]',
        "text,label\nx,b/c\ny,a\n",
    ),
    "--label-columns": Case(
        "text,late,broken,sent\nx,1,0,1\ny,0,1,1\nz,0,0,1\n",
        ["--label-columns", "late,broken"],
        "x", '["late"]', '["broken"]',
        "text,late,broken,sent\nx,0,1,1\ny,0,1,1\nz,0,0,1\n",
    ),
    "--label-columns of repeated": Case(
        "text,one,two\nx,a,b\ny,b,\n",
        ["--label-spelling", "repeated", "--label-columns", "one,two"],
        "y", '["b"]', '["b", "c"]',
        "text,one,two\nx,a,b\ny,b,c\n",
        row=1,
    ),
    "--label-names": Case(
        "text,label\nx,0\ny,1\n", ["--label-names", NAMES], "x", "late", "broken", "text,label\nx,1\ny,1\n"
    ),
    "--annotators": Case(
        "text,p,q,label\nx,a,a,c\ny,b,b,c\n", ["--annotators", "p,q"], "x", "a", "b",
        "text,p,q,label,consensus_label\nx,a,a,c,b\ny,b,b,c,b\n",
    ),
    "--annotator-column": Case(
        "nr,text,by,label\n1,x,p,a\n1,x,q,a\n2,y,p,b\n",
        ["--annotator-column", "by"],
        "x", "a", "b",
        "nr,text,by,label,consensus_label\n1,x,p,a,b\n1,x,q,a,b\n2,y,p,b,b\n",
        further=["--id", "nr"], row_id="1",
    ),
    "--consensus-column": Case(
        "text,p,q,agreed\nx,a,a,\ny,b,b,c\n",
        ["--consensus-column", "agreed"],
        "x", "a", "b",
        "text,p,q,agreed\nx,a,a,b\ny,b,b,c\n",
        further=["--annotators", "p,q"],
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own, with a file of names."""
    monkeypatch.chdir(tmp_path)
    Path(NAMES).write_text("late\nbroken\n", encoding="utf-8")


def apply(content: bytes, case: Case, options: list[str]) -> tuple[int, bytes]:
    """Apply the correction, and return the exit code and what was written."""
    Path("in.dat").write_bytes(content)
    with Path("log.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "id", "old", "new", "verdict", "text_hash"])
        writer.writerow([case.row, case.row_id, case.old, case.new, "relabel", text_hash(case.text)])
    Path("out.dat").unlink(missing_ok=True)
    code = run(["apply", "in.dat", "--decisions", "log.csv", "--output", "out.dat", "--quiet", *options])
    return code, Path("out.dat").read_bytes() if Path("out.dat").exists() else b""


@pytest.mark.parametrize("name", CASES)
def test_an_option_says_where_a_correction_lands(name: str) -> None:
    """With it the file has the new label in the right place; without it something else comes of it."""
    case = CASES[name]
    content, expected = case.content.encode(case.encoding), case.expected.encode(case.encoding)

    with_options = apply(content, case, [*case.options, *case.further])
    without = apply(content, case, case.further)

    assert with_options == (0, expected)
    assert without != (0, expected)


def test_every_option_of_reading_is_tried() -> None:
    """One that is added wants a case here; that about archives is tried below."""
    tried = {option for case in CASES.values() for option in case.options if option.startswith("--")}
    assert len(tried - {"--no-quoting"}) == len(fields(ReadingOptions)) - 1


PLAIN = Case("text,label\nx,a\ny,b\n", [], "x", "a", "b", "text,label\nx,b\ny,b\n")


def test_an_archive_can_be_named_or_denied(capfd: pytest.CaptureFixture[str]) -> None:
    """One with a program in front is known by its name only; without unpacking an archive is no text."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("in.csv", PLAIN.content)
    packed = gzip.compress(PLAIN.content.encode())

    code, written = apply(b"#!/bin/sh\nexit\n" + content.getvalue(), PLAIN, ["--compression", "zip"])
    denied, _ = apply(packed, PLAIN, ["--compression", "none"])
    guessed, repacked = apply(packed, PLAIN, [])

    assert code == guessed == 0
    assert zipfile.ZipFile(io.BytesIO(written)).read("in.csv") == PLAIN.expected.encode()
    assert gzip.decompress(repacked) == PLAIN.expected.encode()
    assert denied == 2
    assert "must be text; it looks like a gzip archive" in capfd.readouterr().err


def test_a_sheet_can_be_chosen() -> None:
    """The other one stays as it is."""
    book = openpyxl.Workbook()
    for sheet in (book.worksheets[0], book.create_sheet("second")):
        for row in (("text", "label"), ("x", "a"), ("y", "b")):
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)

    code, written = apply(content.getvalue(), PLAIN, ["--part", "second"])

    assert code == 0
    sheets = openpyxl.load_workbook(io.BytesIO(written)).worksheets
    assert [sheet["B2"].value for sheet in sheets] == ["a", "b"]


def test_options_count_for_find_as_well(capfd: pytest.CaptureFixture[str]) -> None:
    """The table on standard output has the labels by their names, and one line for each row of the chosen part."""
    rows = ", ".join(f'{{"text": "{("bad", "good")[row % 2]} film {row}", "label": {row % 2}}}' for row in range(30))
    Path("in.json").write_text(f'{{"none": [{{"text": "x", "label": 0}}], "some": [{rows}]}}', encoding="utf-8")

    options = ["--part", "some", "--label-names", "poor,fine", "--label-spelling", "names"]
    code = run(["find", "in.json", "--output", "-", "--quiet", "--folds", "3", *options])

    table = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert code == 0
    assert sorted(int(line["row"]) for line in table) == list(range(30))
    assert {(int(line["row"]) % 2, line["given_label"]) for line in table} == {(0, "poor"), (1, "fine")}
