"""Bad files as the command line meets them: each is refused in two lines, and nothing is written."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from labelclean.cli.app import run
from labelclean.dataset import text_hash
from labelclean.io import source
from labelclean.io.layout import FileSummary
from labelclean.io.source import inspect_file
from labelclean.io.text import unpacked

LOG = f"row,old,new,verdict,text_hash\n0,a,b,accept,{text_hash('text number 0')}\n"
ROWS = [(f"text number {row}", "ab"[row % 2]) for row in range(30)]
CSV = "".join(["text,label\n", *(f"{text},{label}\n" for text, label in ROWS)])
JSONL = "".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in ROWS)


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Return an archive with some members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


def workbook(*, label: str = "", member: tuple[str, bytes] | None = None) -> bytes:
    """Return an Excel workbook; its third label can be another one, and it can hold a further member."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [("text", "label"), *ROWS]:
        sheet.append(row)
    if label:
        sheet["B4"] = label
    content = io.BytesIO()
    book.save(content)
    if member is not None:
        with zipfile.ZipFile(content, "a") as archive:
            archive.writestr(*member)
    return content.getvalue()


def parquet() -> bytes:
    """Return a Parquet file."""
    content = io.BytesIO()
    pq.write_table(pa.table({"text": [text for text, _ in ROWS], "label": [label for _, label in ROWS]}), content)
    return content.getvalue()


def macros() -> bytes:
    """Return a workbook that says it has macros."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as plain, zipfile.ZipFile(content, "w") as archive:
        for name in plain.namelist():
            data = plain.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            archive.writestr(name, data)
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(100))
    return content.getvalue()


def objects() -> bytes:
    """Return a NumPy file that holds Python objects, which only unpickling could read."""
    content = io.BytesIO()
    np.save(content, np.array([{"text": "a"}, None], dtype=object), allow_pickle=True)
    return content.getvalue()


def bomb() -> bytes:
    """Return a small archive of a very large file."""
    return zipped(("bomb.csv", b"text,label\n" + b"a" * (50 << 20)))


def huge_cell() -> bytes:
    """Return a table whose last row has a cell of 50 MB."""
    return CSV.encode() + b"a" * (50 << 20) + b",a\n"


def huge_text() -> bytes:
    """Return JSON Lines whose last line has a text of 50 MB."""
    return JSONL.encode() + b'{"label": "a", "text": "' + b"a" * (50 << 20) + b'"}\n'


def started(command: str, name: str) -> int:
    """Run one of the commands on a file, and return its exit code."""
    columns = ["--text", "text", "--label", "label", "--quiet"]
    return run([*(part.format(file=name) for part in COMMANDS[command]), *columns])


BAD: dict[str, tuple[str, bytes | Callable[[], bytes], str]] = {
    "ragged row": ("in.csv", (CSV + "text,a,too,many\n" + CSV[11:]).encode(), "line 32"),
    "unterminated quote": ("in.csv", (CSV + '"never closed,a\n' + CSV[11:]).encode(), "line 32"),
    "NUL": ("in.csv", CSV.replace("number 7", "number\0007").encode(), "zero bytes"),
    "mixed encodings": ("in.csv", CSV.replace("number", "größer").encode() + "größer,a\n".encode("cp1252"), "line 32"),
    "column name twice": ("in.csv", CSV.replace("text,label", "text,text").encode(), "column"),
    "empty column name": (
        "in.csv",
        "".join(["text,,label\n", *(f"{text},x,{label}\n" for text, label in ROWS)]).encode(),
        "column",
    ),
    "10,001 columns": (
        "in.csv",
        (",".join(f"c{n}" for n in range(10_001)) + "\n" + ",".join(["x"] * 10_001) + "\n").encode(),
        "10,000",
    ),
    "JSON trailing comma": ("in.json", b'[{"text": "a", "label": "x"},]', "comma"),
    "JSON 1,000 deep": (
        "in.json",
        ('[{"text": "a", "label": ' + "[" * 1000 + "]" * 1000 + "}]").encode(),
        "nested",
    ),
    "JSON cut off": ("in.json", b'[{"text": "a", "label": "x"}, {"text": "b"', ""),
    "JSON NaN text": ("in.json", b'[{"text": NaNN, "label": "x"}]', ""),
    "JSONL broken line": ("in.jsonl", (JSONL + '{"text": "b", "label"\n' + JSONL).encode(), "line 31"),
    "JSONL line that is no object": ("in.jsonl", (JSONL + "[1, 2]\n" + JSONL).encode(), "line 31"),
    "gzip cut off": ("in.csv.gz", gzip.compress(CSV.encode() * 50)[:-40], ""),
    "gzip with a wrong sum": ("in.csv.gz", gzip.compress(CSV.encode())[:-8] + bytes(8), ""),
    "bzip2 cut off": ("in.csv.bz2", bz2.compress(CSV.encode())[:-20], ""),
    "Parquet cut off": ("in.parquet", parquet()[:-200], ""),
    "Parquet with a lying footer": ("in.parquet", parquet()[:-8] + b"\xff\xff\xff\x7fPAR1", ""),
    "zip with two members": ("in.zip", zipped(("a.csv", CSV.encode()), ("b.csv", CSV.encode())), ""),
    "zip bomb": ("in.zip", bomb, ""),
    "zip with a path out of the folder": ("in.zip", zipped(("../../in.csv", CSV.encode())), ""),
    "zip without members": ("in.zip", zipped(), ""),
    "encrypted Excel": ("in.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), ""),
    "Excel with macros": ("in.xlsm", macros, "macro"),
    "pickle": ("in.pkl", pickle.dumps({"text": ["a"] * 40, "label": ["x"] * 40}), ""),
    "NumPy objects": ("in.npy", objects, ""),
    "50 MB cell": ("in.csv", huge_cell, "line 32"),
    "50 MB text of JSON Lines": ("in.jsonl", huge_text, "line 31"),
    "empty file": ("in.csv", b"", "empty"),
    "blank file": ("in.csv", b"\n\n \n", "blank lines only"),
    "header alone": ("in.csv", b"text,label\n", ""),
    "random bytes": ("in.bin", bytes(range(256)) * 40, ""),
}
COMMANDS: dict[str, list[str]] = {
    "find": ["find", "{file}", "--output", "out.csv", "--summary", "out.json"],
    "apply": ["apply", "{file}", "--decisions", "log.csv", "--output", "out.csv", "--report", "report.csv"],
    "check": ["check", "{file}", "--json", "a.json", "--sarif", "a.sarif", "--junit", "a.xml"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flaw", BAD)
def test_a_bad_file_is_refused_in_two_lines_and_nothing_is_written(
    flaw: str, command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong, where, and what to do; exit code 2."""
    monkeypatch.chdir(tmp_path)
    name, make, words = BAD[flaw]
    content = make if isinstance(make, bytes) else make()
    Path(name).write_bytes(content)
    Path("log.csv").write_text(LOG, encoding="utf-8")

    code = started(command, name)

    said = capfd.readouterr()
    assert code == 2, said.err
    assert [line.partition(": ")[0] for line in said.err.splitlines()] == ["error", "fix"]
    assert words.lower() in said.err.lower()
    assert "Traceback" not in said.err
    assert said.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({name, "log.csv"})
    assert Path(name).read_bytes() == content


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_is_no_file(
    command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless it is one that Hugging Face datasets saved."""
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("log.csv").write_text(LOG, encoding="utf-8")

    code = run([*(part.format(file="folder") for part in COMMANDS[command]), "-q"])

    said = capfd.readouterr().err
    assert code == 2, said
    assert [line.partition(": ")[0] for line in said.splitlines()] == ["error", "fix"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "log.csv"]


WARNED: dict[str, tuple[str, bytes, str]] = {
    "JSON key twice": ("in.jsonl", (JSONL + '{"text": "b", "label": "a", "label": "b"}\n').encode(), "line 31"),
    "Excel with a formula as a label": ("in.xlsx", workbook(label='=CONCAT("a","b")'), "B4"),
    "byte order mark inside": ("in.csv", (CSV + "\ufeff" + CSV[11:].replace("text", "words")).encode(), "line 32"),
    "mixed line ends": ("in.csv", (CSV + CSV[11:].replace("\n", "\r\n").replace("text", "words")).encode(), "line 32"),
}


@pytest.mark.parametrize("flaw", WARNED)
def test_an_odd_file_is_read_and_the_oddity_is_said(
    flaw: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is but one way to read it; with no corrections it comes back as it is."""
    monkeypatch.chdir(tmp_path)
    name, content, words = WARNED[flaw]
    Path(name).write_bytes(content)
    Path("log.csv").write_text(LOG.replace("0,a,b,accept", "0,a,a,keep"), encoding="utf-8")

    codes = [started(command, name) for command in ("find", "check", "apply")]

    said = capfd.readouterr().err
    assert codes == [0, 0, 0], said
    assert words.lower() in said.lower()
    assert said.count("warning: ") >= 3
    assert Path("out.csv").read_bytes() == content


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_grows_between_two_readings_is_refused(
    command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a log does that somebody still writes to; nothing is written."""
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text(CSV, encoding="utf-8")
    Path("log.csv").write_text(LOG, encoding="utf-8")

    def growing(path: Path, **choices: Any) -> FileSummary:
        found = inspect_file(path, **choices)
        with path.open("a", encoding="utf-8") as grown:
            grown.write("one more row,a\n")
        return found

    monkeypatch.setattr(source, "inspect_file", growing)
    code = run(
        [*(part.format(file="in.csv") for part in COMMANDS[command]), "--text", "text", "--label", "label", "-q"]
    )

    said = capfd.readouterr().err
    assert code == 2, said
    assert "it was changed meanwhile" in said
    assert [line.partition(": ")[0] for line in said.splitlines()] == ["error", "fix"]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(("out", "a.", ".labelclean"))]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_archive_that_unpacks_beyond_all_bounds_is_refused(
    command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bounds are lowered here, so that the bomb is a small one."""
    monkeypatch.chdir(tmp_path)
    Path("log.csv").write_text(LOG, encoding="utf-8")
    Path("in.zip").write_bytes(zipped(("bomb.csv", b"text,label\n" + b"a,b\n" * (1 << 20))))
    monkeypatch.setattr(unpacked, "_ANY_RATIO_BYTES", 1 << 20)
    monkeypatch.setattr(unpacked, "_MAX_RATIO", 100)

    code = run(
        [*(part.format(file="in.zip") for part in COMMANDS[command]), "--text", "text", "--label", "label", "-q"]
    )

    said = capfd.readouterr().err
    assert code == 2, said
    assert "An archive may hold at most 100 times its own size" in said
    assert [line.partition(": ")[0] for line in said.splitlines()] == ["error", "fix"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.zip", "log.csv"]
