"""``labelclean apply`` on the file that was reviewed, on other versions of it, and back again."""

from __future__ import annotations

import csv
import gzip
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from labelclean.dataset import text_hash
from tests.apply_folder import Folder

HEADER = "row,id,old,new,verdict,reviewer,time,seconds_spent,error_probability,note,text_hash"
ROWS = (
    ("m0", "Where is my parcel?", "parcel"),
    ("m1", "I want my money back, please", "parcel"),
    ("m2", 'The "fast" delivery took a week', "refund"),
    ("m3", "Please refund the whole sum", "refund"),
    ("m4", "My parcel went missing on the way", "parcel"),
)
DECISIONS = ((1, "parcel", "refund", "relabel"), (2, "refund", "parcel", "accept"), (4, "parcel", "parcel", "keep"))


@pytest.fixture
def folder(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Work in an empty folder with the reviewed file and its log, with and without ids."""
    monkeypatch.chdir(tmp_path)
    made = Folder(tmp_path, capfd)
    made.write("in.csv", table(ROWS))
    made.write("log.csv", log(DECISIONS, with_ids=True))
    made.write("plain.csv", log(DECISIONS, with_ids=False))
    return made


def table(rows: tuple[tuple[str, str, str], ...]) -> str:
    """Spell rows as CSV with needless quotes and CRLF."""
    lines = ['nr,message,"topic"']
    for row_id, text, label in rows:
        doubled = text.replace('"', '""')
        lines.append(f'{row_id},"{doubled}","{label}"')
    return "\r\n".join([*lines, ""])


def log(decisions: tuple[tuple[int, str, str, str], ...], *, with_ids: bool) -> str:
    """Spell a log as the export page does."""
    lines = [
        f"{row},{ROWS[row][0] if with_ids else ''},{old},{new},{verdict},Ana,2026-03-01T12:00:00Z,2,0.9,,"
        f"{text_hash(ROWS[row][1])}"
        for row, old, new, verdict in decisions
    ]
    return "\r\n".join([HEADER, *lines, ""])


def corrected(rows: tuple[tuple[str, str, str], ...]) -> str:
    """Spell rows as they are after the decisions."""
    new = {"m1": "refund", "m2": "parcel"}
    return table(tuple((row_id, text, new.get(row_id, label)) for row_id, text, label in rows))


SHUFFLED = (ROWS[4], ROWS[2], ("m9", "A new message", "refund"), ROWS[0], ROWS[1])


@pytest.mark.parametrize("decisions", ["log.csv", "plain.csv"])
def test_rows_are_found_wherever_they_are_now(folder: Folder, decisions: str) -> None:
    """By their ids, or by their texts; only their labels change."""
    folder.write("new.csv", table(SHUFFLED))

    folder.apply("new.csv", "--decisions", decisions, "-o", "out.csv")

    assert folder.read("out.csv").decode() == corrected(SHUFFLED)
    assert "Labels changed: 2, found in another place: 3. Wrote out.csv." in folder.err


@pytest.mark.parametrize("decisions", ["log.csv", "plain.csv"])
def test_undoing_gives_the_identical_file(folder: Folder, decisions: str) -> None:
    """There and back, byte for byte."""
    folder.apply("in.csv", "--decisions", decisions, "-o", "there.csv")
    folder.apply("there.csv", "--decisions", decisions, "-o", "back.csv", "--revert")

    assert folder.read("there.csv") != folder.read("in.csv")
    assert folder.read("back.csv") == folder.read("in.csv")
    assert "Labels changed: 2. Wrote back.csv." in folder.err


CHANGED = (
    ("m1", "I want my money back, now", "parcel"),
    ("m2", ROWS[2][1], "refund"),
    ("m4", ROWS[4][1], "lost"),
)


def test_a_changed_file_is_refused_row_by_row(folder: Folder) -> None:
    """One row was edited, one relabelled; nothing is written, and stderr names them without their texts."""
    folder.write("new.csv", table(CHANGED))

    folder.apply("new.csv", "--decisions", "log.csv", "-o", "out.csv", "--report", "report.csv", "--quiet", code=2)

    assert folder.err.splitlines() == [
        "row 1 (line 2 of the log): edited: its id is there with another text",
        "row 4 (line 4 of the log): relabelled: its label in the file is neither the old nor the new one of the log",
        (
            "error: The rows of the change log must be in the file as they were reviewed; 2 of 3 are not: 1 edited, "
            "1 relabelled. Nothing was written."
        ),
        "fix: Look at these rows; --skip-changed applies the others, --report FILE.csv lists them all.",
    ]
    assert "out.csv" not in folder.names()
    rows = list(csv.DictReader(folder.read("report.csv").decode().splitlines()))
    assert [(row["line"], row["status"], row["row_now"], row["label_now"]) for row in rows] == [
        ("2", "edited", "", ""),
        ("3", "change", "1", "refund"),
        ("4", "relabelled", "2", "lost"),
    ]


def test_the_rest_is_applied_on_request(folder: Folder) -> None:
    """--skip-changed leaves the named rows as they are."""
    folder.write("new.csv", table(CHANGED))

    folder.apply("new.csv", "--decisions", "log.csv", "-o", "out.csv", "--skip-changed")

    expected = (CHANGED[0], ("m2", ROWS[2][1], "parcel"), CHANGED[2])
    assert folder.read("out.csv").decode() == table(expected)
    assert "Labels changed: 1, found in another place: 2, not applied: 2." in folder.err


def test_at_most_twenty_rows_are_named(folder: Folder) -> None:
    """The report has all of them."""
    rows = "".join(f"m{number},text {number},a\n" for number in range(30))
    folder.write("many.csv", "nr,message,topic\n" + rows)
    lines = [f"{row},,a,b,accept,,,,,,{text_hash('another')[:-2]}{row:02}" for row in range(30)]
    folder.write("many_log.csv", "\n".join([HEADER, *lines, ""]))

    columns = ["--text", "message", "--label", "topic"]

    folder.apply("many.csv", "--decisions", "many_log.csv", "-o", "out.csv", "-q", *columns, code=2)

    said = folder.err.splitlines()
    assert sum(": edited: " in line for line in said) == 20
    assert said[20] == "and 10 more; --report writes all of them"
    assert "--text, --label and --id name its columns" in said[-1]


def test_a_dry_run_prints_what_would_change_and_writes_nothing(folder: Folder) -> None:
    """On standard output; with the exit code that the real run would have."""
    before = folder.names()
    folder.write("new.csv", table(SHUFFLED))

    folder.apply("new.csv", "--decisions", "log.csv", "--dry-run")

    assert folder.out.splitlines() == [
        'row 4 (line 2 of the log): "parcel" -> "refund", was row 1',
        'row 1 (line 3 of the log): "refund" -> "parcel", was row 2',
        "2 labels would change.",
    ]
    assert folder.names() == sorted([*before, "new.csv"])

    folder.write("new.csv", table(CHANGED))
    folder.apply("new.csv", "--decisions", "log.csv", "--dry-run", code=2)

    assert "1 label would change." in folder.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output", "log.csv"], "must not be an input file"),
        (["--output", "out.csv", "--report", "in.csv"], "must not be an input file"),
        (["--output", "out.csv", "--report", "./out.csv"], "--output and --report must be two files"),
        (["--output", "out.csv", "--revert", "--drop-excluded"], "--revert must go without --drop-excluded"),
        ([], "--output must name the file to write"),
    ],
)
def test_options_that_cannot_be_are_refused(folder: Folder, arguments: list[str], said: str) -> None:
    """Two lines on stderr, and nothing written."""
    before = {name: folder.read(name) for name in folder.names()}

    folder.apply("in.csv", "--decisions", "log.csv", *arguments, code=2)

    assert said in folder.err
    assert len(folder.err.splitlines()) == 2
    assert {name: folder.read(name) for name in folder.names()} == before


def test_an_older_log_says_that_texts_are_not_compared(folder: Folder) -> None:
    """It has no fingerprints."""
    folder.write("old.csv", "row,old,new,verdict\n1,parcel,refund,accept\n")

    folder.apply("in.csv", "--decisions", "old.csv", "-o", "out.csv")

    assert "Rows of the log without a text_hash, as in older logs: 1;" in folder.err
    assert folder.read("out.csv") == folder.read("in.csv").replace(b'back, please","parcel"', b'back, please","refund"')


def test_the_id_column_is_found_if_it_holds_ids_of_the_log(folder: Folder) -> None:
    """A column that merely looks like ids is none; the log's ids are left aside then, and this is said."""
    others = table(tuple((f"x{number}", text, label) for number, (_, text, label) in enumerate(ROWS)))
    folder.write("renamed.csv", others)

    folder.apply("in.csv", "--decisions", "log.csv", "-o", "out.csv")
    with_ids = folder.err
    folder.apply("renamed.csv", "--decisions", "log.csv", "-o", "out.csv")

    assert "id column: 'nr' (" in with_ids
    assert "--id names it" in folder.err
    assert "Labels changed: 2." in folder.err


def test_the_input_can_be_replaced_in_place(folder: Folder) -> None:
    """With --force only; through another file, which is gone afterwards."""
    folder.apply("in.csv", "--decisions", "log.csv", "-o", "in.csv", code=2)
    folder.apply("in.csv", "--decisions", "log.csv", "-o", "in.csv", "--force")

    assert folder.read("in.csv").decode() == corrected(ROWS)
    assert folder.names() == ["in.csv", "log.csv", "plain.csv"]


def test_a_disk_that_fills_up_leaves_the_old_file(folder: Folder) -> None:
    """The file is larger than the program may write; in place, so that the old file is the input."""
    rows = "".join(f"m{number},text number {number},parcel\n" for number in range(5000))
    content = "nr,message,topic\n" + rows
    folder.write("big.csv", content)
    folder.write("big_log.csv", f"{HEADER}\n4999,,parcel,refund,accept,,,,,,{text_hash('text number 4999')}\n")
    limit = len(content) // 2

    result = subprocess.run(
        [sys.executable, "-m", "labelclean", "apply", "big.csv", "--decisions", "big_log.csv", "-o", "big.csv",
         "--force", "--quiet", "--text", "message", "--label", "topic"],
        cwd=folder.path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert result.returncode == 2, result.stderr
    assert "cannot be written: File too large." in result.stderr
    assert folder.read("big.csv").decode() == content
    assert folder.names() == ["big.csv", "big_log.csv", "in.csv", "log.csv", "plain.csv"]


def test_a_label_that_the_encoding_lacks_is_refused_with_an_offer(folder: Folder) -> None:
    """UTF-8 on request; every other cell says the same then."""
    content = "nr,message,topic\r\nm0,größer,groß\r\nm1,kleiner,klein\r\n"
    folder.write("latin.csv", content.encode("cp1252"))
    folder.write("latin_log.csv", f"{HEADER}\r\n1,,klein,退款,relabel,,,,,,{text_hash('kleiner')}\r\n")
    options = ["latin.csv", "--decisions", "latin_log.csv", "-o", "out.csv", "--encoding", "cp1252", "-q"]
    columns = ["--text", "message", "--label", "topic"]

    folder.apply(*options, *columns, code=2)
    refused = folder.err
    assert "out.csv" not in folder.names()
    folder.apply(*options, *columns, "--to-utf8")

    assert "row 1" in refused
    assert "--to-utf8" in refused
    assert folder.read("out.csv").decode("utf-8-sig") == content.replace("klein\r", "退款\r")


def test_an_empty_log_can_still_change_the_encoding(folder: Folder) -> None:
    """Only the bytes differ."""
    content = "nr,message,topic\r\nm0,größer,groß\r\nm1,kleiner,klein\r\n"
    folder.write("latin.csv", content.encode("cp1252"))
    folder.write("empty.csv", "")
    columns = ["--text", "message", "--label", "topic"]

    folder.apply(
        "latin.csv", "--decisions", "empty.csv", "-o", "out.csv", "--encoding", "cp1252", "--to-utf8", *columns
    )

    assert folder.read("out.csv").decode("utf-8-sig") == content


FORMULAS = ("=cmd()", "+1-1", "@x", "\tx", "\rx", "-2+3")


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_dataset_stays_faithful_and_the_report_is_escaped(folder: Folder, formula: str) -> None:
    """A label like a formula is written as it is; in our own files it has an apostrophe in front."""
    content = f'nr,message,topic\r\nm0,hello,"{formula}"\r\nm1,bye,b\r\n'
    folder.write("odd.csv", content)
    entries = [
        {"row": 0, "old": formula, "new": "b", "verdict": "accept", "text_hash": text_hash("hello")},
        {"row": 1, "old": "b", "new": formula, "verdict": "accept", "text_hash": text_hash("bye")},
    ]
    folder.write("odd.jsonl", "".join(json.dumps(entry) + "\n" for entry in entries))
    options = ["odd.csv", "--decisions", "odd.jsonl", "--text", "message", "--label", "topic", "-q"]

    folder.apply(*options, "-o", "out.csv", "--report", "report.csv")

    quoted = f'"{formula}"' if formula != formula.strip() or "\r" in formula else formula
    assert folder.read("out.csv").decode() == f'nr,message,topic\r\nm0,hello,"b"\r\nm1,bye,{quoted}\r\n'
    report = list(csv.reader(folder.read("report.csv").decode().splitlines(keepends=True)))
    cells = [cell for row in report for cell in row]
    assert cells.count("'" + formula) == 3
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def spelled(rows: tuple[tuple[str, str, str], ...], name: str) -> bytes:
    """Spell rows in one of the formats."""
    objects = [{"nr": row_id, "message": text, "topic": label} for row_id, text, label in rows]
    makers: dict[str, Callable[[], bytes]] = {
        "in.tsv": lambda: "".join(["nr\tmessage\ttopic\n", *("\t".join(row) + "\n" for row in rows)]).encode(),
        "in.jsonl": lambda: "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in objects).encode(),
        "in.json": lambda: json.dumps(objects, indent=1).encode(),
        "columns.json": lambda: json.dumps({key: [row[key] for row in objects] for key in objects[0]}).encode(),
        "in.csv.gz": lambda: gzip.compress(table(rows).encode(), mtime=0),
    }
    return makers[name]()


@pytest.mark.parametrize("name", ["in.tsv", "in.jsonl", "in.json", "columns.json", "in.csv.gz"])
def test_every_text_format_goes_there_and_back(folder: Folder, name: str) -> None:
    """The same log, whatever the form of the file."""
    plain = tuple((row_id, text.replace('"', "'"), label) for row_id, text, label in ROWS)
    content = spelled(plain, name)
    folder.write(name, content)
    lines = [f"{row},,{old},{new},{verdict},,,,,,{text_hash(plain[row][1])}" for row, old, new, verdict in DECISIONS]
    folder.write("its_log.csv", "\n".join([HEADER, *lines, ""]))
    columns = ["--text", "message", "--label", "topic", "-q"]

    folder.apply(name, "--decisions", "its_log.csv", "-o", f"there_{name}", *columns)
    folder.apply(f"there_{name}", "--decisions", "its_log.csv", "-o", f"back_{name}", "--revert", *columns)

    there, back = folder.read(f"there_{name}"), folder.read(f"back_{name}")
    if name.endswith(".gz"):
        there, back, content = gzip.decompress(there), gzip.decompress(back), gzip.decompress(content)
    assert there != content
    assert back == content


def table_of(path: Path) -> list[dict[str, object]]:
    """Return the rows of a Parquet file or a workbook."""
    if path.suffix == ".parquet":
        rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
        return rows
    head, *cells = openpyxl.load_workbook(path).worksheets[0].values
    return [dict(zip(map(str, head), row, strict=True)) for row in cells]


def write_table(path: Path, rows: list[dict[str, object]]) -> None:
    """Write rows as a Parquet file or a workbook."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
        return
    book = openpyxl.Workbook()
    for cells in [list(rows[0]), *(list(row.values()) for row in rows)]:
        book.worksheets[0].append(cells)  # type: ignore[arg-type]  # text and numbers
    book.save(path)


@pytest.mark.parametrize("name", ["in.parquet", "in.xlsx"])
def test_binary_formats_go_there_and_back(folder: Folder, name: str) -> None:
    """With the same content; numbers stay numbers, although a CSV log spells them as text."""
    topics = {"parcel": 1, "refund": 2}
    rows: list[dict[str, object]] = [
        {"nr": row_id, "message": text, "topic": topics[label], "more": 0.5} for row_id, text, label in ROWS
    ]
    write_table(folder.path / name, rows)
    lines = [
        f"{row},,{topics[old]},{topics[new]},{verdict},,,,,,{text_hash(ROWS[row][1])}"
        for row, old, new, verdict in DECISIONS
    ]
    folder.write("its_log.csv", "\n".join([HEADER, *lines, ""]))
    columns = ["--text", "message", "--label", "topic", "-q"]

    folder.apply(name, "--decisions", "its_log.csv", "-o", f"there_{name}", *columns)
    folder.apply(f"there_{name}", "--decisions", "its_log.csv", "-o", f"back_{name}", "--revert", *columns)

    assert table_of(folder.path / f"there_{name}") == [
        {**row, "topic": {1: 2, 2: 1}.get(number, row["topic"])} for number, row in enumerate(rows)
    ]
    assert table_of(folder.path / f"back_{name}") == rows


def test_fasttext_lines_go_there_and_back(folder: Folder) -> None:
    """The labels stand before the text."""
    content = "__label__late __label__lost where is it\n__label__paid thanks a lot\nno label here\n"
    folder.write("in.ft", content)
    rows: list[tuple[str, list[str], list[str]]] = [
        ("where is it", ["late", "lost"], ["lost"]),
        ("thanks a lot", ["paid"], ["late"]),
    ]
    entries = [
        {"row": row, "old": old, "new": new, "verdict": "relabel", "text_hash": text_hash(text)}
        for row, (text, old, new) in enumerate(rows)
    ]
    folder.write("its.jsonl", "".join(json.dumps(entry) + "\n" for entry in entries))
    options = ["--decisions", "its.jsonl", "--format", "fasttext", "--label-spelling", "array", "-q"]

    folder.apply("in.ft", *options, "-o", "there.ft")
    folder.apply("there.ft", *options, "-o", "back.ft", "--revert")

    assert folder.read("there.ft").decode().splitlines()[:2] == [
        "__label__lost where is it", "__label__late thanks a lot",
    ]  # fmt: skip
    assert folder.read("back.ft").decode() == content


def test_what_most_annotators_say_is_corrected_in_a_column_of_its_own(folder: Folder) -> None:
    """The votes stay; undoing brings the old label into that column, which stays."""
    content = "message,ana,ben,cem\nhello,parcel,parcel,refund\nbye,refund,refund,refund\n"
    folder.write("votes.csv", content)
    folder.write("its.csv", f"{HEADER}\n0,,parcel,refund,relabel,,,,,,{text_hash('hello')}\n")
    options = ["--decisions", "its.csv", "--text", "message", "--annotators", "ana,ben,cem", "-q"]

    folder.apply("votes.csv", *options, "-o", "there.csv")
    folder.apply("there.csv", *options, "-o", "back.csv", "--revert")

    there, back = (folder.read(name).decode().splitlines() for name in ("there.csv", "back.csv"))
    assert there[0] == "message,ana,ben,cem,consensus_label"
    assert there[1] == "hello,parcel,parcel,refund,refund"
    assert back[1] == "hello,parcel,parcel,refund,parcel"
    assert [line.rpartition(",")[0] for line in back] == content.splitlines()


def test_a_formula_cell_is_not_overwritten(folder: Folder) -> None:
    """Its label is what it computes; the refusal names the row, and nothing is written."""
    book = openpyxl.Workbook()
    for row in [("message", "topic"), ("hello", "a"), ("bye", '=CONCAT("a","b")')]:
        book.worksheets[0].append(row)
    book.save(folder.path / "in.xlsx")
    folder.write("its.csv", f"{HEADER}\n1,,,a,relabel,,,,,,{text_hash('bye')}\n")

    folder.apply(
        "in.xlsx", "--decisions", "its.csv", "-o", "out.xlsx", "--text", "message", "--label", "topic", "-q", code=2
    )

    assert "formula" in folder.err
    assert "out.xlsx" not in folder.names()


def test_quotes_that_a_new_label_needed_stay(folder: Folder) -> None:
    """The one limit of undoing a table: the cell means the same, and keeps the quotes."""
    folder.write("bare.csv", "message,topic\nhello,parcel\nbye,refund\n")
    folder.write("bare_log.csv", f'{HEADER}\n0,,parcel,"a, b",relabel,,,,,,{text_hash("hello")}\n')
    columns = ["--text", "message", "--label", "topic"]

    folder.apply("bare.csv", "--decisions", "bare_log.csv", "-o", "there.csv", *columns)
    folder.apply("there.csv", "--decisions", "bare_log.csv", "-o", "back.csv", "--revert", *columns)

    assert folder.read("there.csv") == b'message,topic\nhello,"a, b"\nbye,refund\n'
    assert folder.read("back.csv") == b'message,topic\nhello,"parcel"\nbye,refund\n'


def test_label_sets_go_there_and_back(folder: Folder) -> None:
    """In their own order, with the separator and the space around it."""
    content = "message,tags\nhello,late | lost\nbye,lost\nwhat,\nthanks,late | lost | paid\n"
    folder.write("sets.csv", content)
    entries: list[dict[str, object]] = [
        {"row": 0, "old": ["late", "lost"], "new": ["lost", "paid"], "verdict": "relabel"},
        {"row": 2, "old": None, "new": ["late"], "verdict": "relabel"},
        {"row": 3, "old": ["paid", "late", "lost"], "new": ["paid"], "verdict": "accept"},
    ]
    texts = ["hello", "bye", "what", "thanks"]
    hashed = [{**entry, "text_hash": text_hash(texts[int(str(entry["row"]))])} for entry in entries]
    folder.write("sets.jsonl", "".join(json.dumps(entry) + "\n" for entry in hashed))
    options = ["--text", "message", "--label", "tags", "--label-spelling", "joined", "--label-separator", "|", "-q"]

    folder.apply("sets.csv", "--decisions", "sets.jsonl", "-o", "there.csv", *options)
    folder.apply("there.csv", "--decisions", "sets.jsonl", "-o", "back.csv", "--revert", *options)

    assert folder.read("there.csv").decode() == "message,tags\nhello,lost | paid\nbye,lost\nwhat,late\nthanks,paid\n"
    assert folder.read("back.csv").decode().splitlines()[:4] == content.splitlines()[:4]
    assert folder.read("back.csv").decode().splitlines()[4] == "thanks,paid | late | lost"
