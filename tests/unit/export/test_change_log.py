"""The change log: written in two forms, read back, and replayed on the file it belongs to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelclean.errors import FileContentError
from labelclean.export import (
    CellChange,
    change_log_csv,
    change_log_jsonl,
    read_change_log,
)
from labelclean.export.change_log import escape_cell, unescape_cell
from labelclean.label_set import LabelSet
from labelclean.review.decisions import Verdict

TIME = datetime(2026, 3, 1, 12, 30, 15, 250000, tzinfo=UTC)
HEADER = "row,id,old,new,verdict,reviewer,time,seconds_spent,error_probability,note,text_hash"


def change(row: int = 2, /, **values: object) -> CellChange:
    """Make one entry; what a test does not speak of is ordinary."""
    usual: dict[str, object] = {
        "row": row,
        "row_id": f"m{row}",
        "old": "billing",
        "new": "refund",
        "verdict": Verdict.ACCEPT,
        "reviewer": "ana",
        "decided_at": TIME,
        "seconds_spent": 2.5,
        "error_probability": 0.875,
        "note": "",
        "text_hash": "00c0ffee00c0ffee",
    }
    return CellChange(**{**usual, **values})  # type: ignore[arg-type]  # each test gives the right kinds


@pytest.fixture
def log(tmp_path: Path) -> Callable[[bytes | str], Path]:
    """Write a log file."""

    def write(content: bytes | str) -> Path:
        path = tmp_path / "log"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


Log = Callable[[bytes | str], Path]


def test_csv_has_one_record_per_decision_with_the_documented_columns() -> None:
    """Written out by hand."""
    text = change_log_csv([change(note="see, rule 3"), change(7, new="billing", verdict=Verdict.KEEP)]).decode()

    assert text.split("\r\n") == [
        HEADER,
        '2,m2,billing,refund,accept,ana,2026-03-01T12:30:15.250000Z,2.5,0.875,"see, rule 3",00c0ffee00c0ffee',
        "7,m7,billing,billing,keep,ana,2026-03-01T12:30:15.250000Z,2.5,0.875,,00c0ffee00c0ffee",
        "",
    ]


def test_jsonl_has_one_object_per_decision_and_keeps_the_kind_of_labels() -> None:
    """Numbers, bools and missing labels stay what they are."""
    lines = change_log_jsonl([change(old=1, new=True), change(3, old=None, row_id=None)]).decode().splitlines()

    assert json.loads(lines[0]) == {
        "row": 2,
        "id": "m2",
        "old": 1,
        "new": True,
        "verdict": "accept",
        "reviewer": "ana",
        "time": "2026-03-01T12:30:15.250000Z",
        "seconds_spent": 2.5,
        "error_probability": 0.875,
        "note": "",
        "text_hash": "00c0ffee00c0ffee",
    }
    assert (json.loads(lines[1])["old"], json.loads(lines[1])["id"]) == (None, None)


def test_times_are_written_in_utc() -> None:
    """A clock two hours east, and one without a zone."""
    east = datetime(2026, 3, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    naive = datetime(2026, 3, 1, 12, 0)  # noqa: DTZ001  (a time without a zone counts as UTC)

    times = [json.loads(change_log_jsonl([change(decided_at=time)]))["time"] for time in (east, naive)]

    assert times == ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"]


def test_numbers_that_json_cannot_hold_are_left_out() -> None:
    """NaN is not JSON."""
    line = change_log_jsonl([change(error_probability=float("nan"), seconds_spent=float("inf"))])

    assert b"NaN" not in line
    assert json.loads(line)["error_probability"] is None


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@sum", "\tx", "\rx", "'=x", "''+x"])
@pytest.mark.parametrize("column", ["note", "reviewer", "old", "new", "row_id"])
def test_no_cell_of_the_csv_log_begins_like_a_formula(column: str, text: str) -> None:
    """A spreadsheet would run it; with an apostrophe in front it is text."""
    record = list(csv.reader(io.StringIO(change_log_csv([change(2, **{column: text})]).decode(), newline="")))[1]

    assert record.count("'" + text) == 1
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in record)


def test_plain_numbers_keep_their_sign_without_an_apostrophe() -> None:
    """The labels -1 and +1 are no formulas, and other programs read them."""
    assert [escape_cell(text) for text in ("-1", "+1", "-0.5", "-1+2", "-", "-1\n")] == [
        "-1",
        "+1",
        "-0.5",
        "'-1+2",
        "'-",
        "'-1\n",
    ]


@given(st.text(alphabet="'=+-@\t\r1. a"))
def test_every_cell_survives_escaping(text: str) -> None:
    """Reading gives back what was written, whatever it begins with."""
    assert unescape_cell(escape_cell(text)) == text


@pytest.mark.parametrize("write", [change_log_csv, change_log_jsonl])
def test_a_log_is_read_back_as_it_was_written(write: Callable[[list[CellChange]], bytes], log: Log) -> None:
    """Quotes, line breaks, formulas, spaces and other scripts come back in both forms."""
    changes = [
        change(old="=SUM(A1)", new="refund ", note='"quoted"\r\nsecond line', reviewer="=ana"),
        change(4, old=None, new="退款", row_id="-7", note="\u2028 and 'tis"),
        change(5, verdict=Verdict.EXCLUDE, new="billing", row_id=None, seconds_spent=None, error_probability=None),
    ]

    entries = read_change_log(log(write(changes)))

    assert [(e.row, e.row_id, e.old, e.new, e.verdict, e.reviewer, e.note) for e in entries] == [
        (2, "m2", "=SUM(A1)", "refund ", Verdict.ACCEPT, "=ana", '"quoted"\r\nsecond line'),
        (4, "-7", None, "退款", Verdict.ACCEPT, "ana", "\u2028 and 'tis"),
        (5, None, "billing", "billing", Verdict.EXCLUDE, "ana", ""),
    ]
    assert [(e.decided_at, e.seconds_spent, e.error_probability) for e in entries[1:]] == [
        (TIME, 2.5, 0.875),
        (TIME, None, None),
    ]


def test_a_label_set_is_a_json_list_in_csv_and_an_array_in_jsonl(log: Log) -> None:
    """The empty set is a label; the empty cell and null are none."""
    changes = [change(old=LabelSet(["late", "broken"]), new=LabelSet()), change(3, old=None, new=LabelSet(["late"]))]

    cells = list(csv.DictReader(io.StringIO(change_log_csv(changes).decode(), newline="")))
    values = [json.loads(line) for line in change_log_jsonl(changes).decode().splitlines()]
    entries = read_change_log(log(change_log_jsonl(changes)))

    assert [(row["old"], row["new"]) for row in cells] == [('["late", "broken"]', "[]"), ("", '["late"]')]
    assert [(row["old"], row["new"]) for row in values] == [(["late", "broken"], []), (None, ["late"])]
    assert [(entry.old, entry.new) for entry in entries] == [
        (LabelSet(["late", "broken"]), LabelSet()),
        (None, LabelSet(["late"])),
    ]


@pytest.mark.parametrize("write", [change_log_csv, change_log_jsonl])
def test_the_fingerprint_of_the_text_comes_back(write: Callable[[list[CellChange]], bytes], log: Log) -> None:
    """It is the last column; logs from before it have none."""
    entries = read_change_log(log(write([change(), change(3, text_hash=None)])))
    older = read_change_log(log("row,old,new,verdict\n1,a,b,accept\n"))

    assert [entry.text_hash for entry in [*entries, *older]] == ["00c0ffee00c0ffee", None, None]


def test_a_verdict_that_keeps_the_label_may_come_with_a_merged_name(log: Log) -> None:
    """The reviewer kept the label, and its name was merged into another one; without a new label the old one stays."""
    entries = read_change_log(log("row,old,new,verdict\n1,Refund,refund,keep\n2,a,,keep\n"))

    assert [(entry.old, entry.new) for entry in entries] == [("Refund", "refund"), ("a", "a")]


@pytest.mark.parametrize("write", [change_log_csv, change_log_jsonl])
def test_half_a_character_does_not_break_the_log(write: Callable[[list[CellChange]], bytes], log: Log) -> None:
    """JSON can bring in lone surrogates, which UTF-8 cannot hold as such."""
    entries = read_change_log(log(write([change(old="a\ud800")])))

    assert entries[0].old == "a\ud800"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", (HEADER + "\r\n").encode(), HEADER.encode()])
def test_an_empty_log_holds_no_decisions(content: bytes, log: Log) -> None:
    """No bytes at all, blank lines, or a header alone."""
    assert read_change_log(log(content)) == []


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_log_saved_by_a_spreadsheet_is_read(delimiter: str, log: Log) -> None:
    """Another delimiter, a byte order mark, other columns, another order."""
    rows = [["verdict", "new", "old", "row", "mine"], ["relabel", "refund", "billing", "2", "x"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)

    entries = read_change_log(log(b"\xef\xbb\xbf" + text.encode()))

    assert [(e.row, e.old, e.new, e.verdict, e.decided_at) for e in entries] == [
        (2, "billing", "refund", Verdict.RELABEL, None)
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("row,old,new\n1,a,b\n", "verdict not found"),
        ("row,row,old,new,verdict\n", "row is there twice"),
        ("row,old,new,verdict\n1,a,b,accept\n2,a,b\n", "Line 3 .* 4 cells like the header; it has 3"),
        ('row,old,new,verdict\n1,"a\nb",b,accept\nx,a,b,accept\n', "Line 4 .* row number"),
        ("row,old,new,verdict\n-1,a,b,accept\n", "Line 2 .* row number"),
        ("row,old,new,verdict\n1,a,b,approve\n", "Line 2 .* one of the verdicts keep, accept"),
        ("row,old,new,verdict\n1,a,,accept\n", "Line 2 .* must name the new label"),
        ("row,old,new,verdict,text_hash\n1,a,b,accept,1.2E+15\n", "Line 2 .* 16 hexadecimal digits in text_hash"),
        ("row,old,new,verdict,text_hash\n1,a,b,accept,00C0FFEE00C0FFEE\n", "Line 2 .* 16 hexadecimal digits"),
        ("row,old,new,verdict\n1,a,b,accept\n1,a,c,accept\n", "Line 3 .* repeat row 1, which line 2"),
        ('row,old,new,verdict\n1,"a,b,accept\n', "Line 2 .* is not CSV"),
        ("row,old,new,verdict,time\n1,a,b,accept,yesterday\n", "Line 2 .* ISO 8601"),
        ("row,old,new,verdict,time\n1,a,b,accept,0001-01-01T00:00:00+14:00\n", "Line 2 .* ISO 8601"),
        ("row,old,new,verdict,seconds_spent\n1,a,b,accept,-3\n", "Line 2 .* 0 or more in seconds_spent"),
        ("row,old,new,verdict,error_probability\n1,a,b,accept,1.5\n", "Line 2 .* from 0 to 1 in error_probability"),
        ('{"row": 1, "old": "a", "new": "b"}\n', "Line 1 .* verdict not found"),
        ('{"row": 1, "old": "a", "new": "b", "verdict": "accept"}\n{"row": \n', "Line 2 .* is not JSON"),
        ('{"row": 1, "old": [["a"]], "new": "b", "verdict": "accept"}\n', "Line 1 .* in old; got a list that does"),
        ('{"row": 1, "old": ["a", null], "new": "b", "verdict": "accept"}\n', "Line 1 .* in old; got a list that"),
        ('{"row": 1, "old": "a", "new": {"a": 1}, "verdict": "accept"}\n', "Line 1 .* in new; got an object"),
        ('{"row": true, "old": "a", "new": "b", "verdict": "accept"}\n', "Line 1 .* row number"),
        ("nothing like a log", "columns row, old, new, verdict"),
        (b"\xff\xfe\x00row", "must be UTF-8"),
    ],
)
def test_a_bad_log_is_refused_with_its_line(content: bytes | str, words: str, log: Log) -> None:
    """Each fault has its own message; the fix says what to do."""
    with pytest.raises(FileContentError, match=words) as caught:
        read_change_log(log(content))

    assert caught.value.fix


def test_messages_never_hold_what_the_log_says(log: Log) -> None:
    """Labels and notes may be private."""
    with pytest.raises(FileContentError) as caught:
        read_change_log(log("row,old,new,verdict\n1,secret,b,private\n"))

    assert "secret" not in str(caught.value)
    assert "private" not in str(caught.value)


def test_a_log_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the system's reason."""
    with pytest.raises(FileContentError, match="No such file"):
        read_change_log(tmp_path / "none.csv")
