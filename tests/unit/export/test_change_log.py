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

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.errors import FileContentError
from labelclean.export import (
    CellChange,
    change_log_csv,
    change_log_jsonl,
    corrections_from_log,
    excluded_from_log,
    read_change_log,
)
from labelclean.export.change_log import escape_cell, unescape_cell
from labelclean.review.decisions import Verdict

TIME = datetime(2026, 3, 1, 12, 30, 15, 250000, tzinfo=UTC)
HEADER = "row,id,old,new,verdict,reviewer,time,seconds_spent,error_probability,note"


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
        '2,m2,billing,refund,accept,ana,2026-03-01T12:30:15.250000Z,2.5,0.875,"see, rule 3"',
        "7,m7,billing,billing,keep,ana,2026-03-01T12:30:15.250000Z,2.5,0.875,",
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
        ("row,old,new,verdict\n1,a,b,keep\n", "Line 2 .* old and new differ"),
        ("row,old,new,verdict\n1,a,b,accept\n1,a,c,accept\n", "Line 3 .* repeat row 1, which line 2"),
        ('row,old,new,verdict\n1,"a,b,accept\n', "Line 2 .* is not CSV"),
        ("row,old,new,verdict,time\n1,a,b,accept,yesterday\n", "Line 2 .* ISO 8601"),
        ("row,old,new,verdict,time\n1,a,b,accept,0001-01-01T00:00:00+14:00\n", "Line 2 .* ISO 8601"),
        ("row,old,new,verdict,seconds_spent\n1,a,b,accept,-3\n", "Line 2 .* 0 or more in seconds_spent"),
        ("row,old,new,verdict,error_probability\n1,a,b,accept,1.5\n", "Line 2 .* from 0 to 1 in error_probability"),
        ('{"row": 1, "old": "a", "new": "b"}\n', "Line 1 .* verdict not found"),
        ('{"row": 1, "old": "a", "new": "b", "verdict": "accept"}\n{"row": \n', "Line 2 .* is not JSON"),
        ('{"row": 1, "old": ["a"], "new": "b", "verdict": "accept"}\n', "Line 1 .* one label in old; got a list"),
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


def replayed(log: Log, content: bytes | str, labels: list[Label | None], ids: list[str] | None = None) -> object:
    """Read a log and replay it on a dataset."""
    dataset = Dataset.from_labels(["text"] * len(labels), labels, row_ids=ids)
    return corrections_from_log(read_change_log(log(content)), dataset)


def test_only_labels_that_differ_become_corrections(log: Log) -> None:
    """Kept, excluded and already right rows are none."""
    content = (
        "row,old,new,verdict\n0,a,b,accept\n1,a,a,keep\n2,b,b,exclude\n3,b,b,accept\n4,,new one,relabel\n"
        "5,a,,ambiguous\n"
    )

    assert replayed(log, content, ["a", "a", "b", "b", None, "a"]) == {0: "b", 4: "new one"}
    assert excluded_from_log(read_change_log(log(content))) == {2}


def test_text_of_a_csv_log_means_the_class_it_spells(log: Log) -> None:
    """The dataset's classes are numbers and bools, so the texts 1 and true are these."""
    content = "row,old,new,verdict\n0,1,2,accept\n1,2,true,accept\n2,true,1.5,accept\n3,1.5,9,accept\n"

    corrections = replayed(log, content, [1, 2, True, 1.5])

    assert corrections == {0: 2, 1: True, 2: 1.5, 3: "9"}
    assert isinstance(corrections, dict)
    assert [type(label) for label in corrections.values()] == [int, bool, float, str]


def test_text_that_spells_two_classes_is_refused(log: Log) -> None:
    """The text 1 and the number 1 look the same in CSV; the JSONL form tells them apart."""
    labels: list[Label | None] = [1, "1", "a"]

    with pytest.raises(FileContentError, match=r"Line 2 .* spells 2 classes"):
        replayed(log, "row,old,new,verdict\n2,a,1,accept\n", labels)

    corrections = replayed(log, '{"row": 2, "old": "a", "new": 1, "verdict": "accept"}\n', labels)

    assert corrections == {2: 1}


def test_json_labels_match_by_kind(log: Log) -> None:
    """The number 1 is not the text 1."""
    with pytest.raises(FileContentError, match=r"old labels .* 1 differ: row 0"):
        replayed(log, '{"row": 0, "old": 1, "new": "b", "verdict": "accept"}\n', ["1", "b"])


def test_a_log_of_another_file_is_refused_with_the_first_rows(log: Log) -> None:
    """Seven rows differ, five are listed."""
    content = "row,old,new,verdict\n" + "".join(f"{row},x,b,accept\n" for row in range(7))

    with pytest.raises(FileContentError, match=r"7 differ: row 0 \(line 2\), .*row 4 \(line 6\) and 2 more"):
        replayed(log, content, ["a"] * 7)


def test_kept_rows_must_match_as_well(log: Log) -> None:
    """A keep of another label shows that the log belongs to another file."""
    with pytest.raises(FileContentError, match="old labels"):
        replayed(log, "row,old,new,verdict\n0,x,x,keep\n", ["a"])


def test_a_row_beyond_the_file_is_refused(log: Log) -> None:
    """The file has two rows, 0 and 1."""
    with pytest.raises(FileContentError, match=r"has 2 rows; it speaks of row 2"):
        replayed(log, "row,old,new,verdict\n2,a,b,accept\n", ["a", "a"])


def test_ids_must_match_where_both_have_them(log: Log) -> None:
    """The same label under another id is another row."""
    content = "row,id,old,new,verdict\n0,m1,a,b,accept\n"

    with pytest.raises(FileContentError, match=r"ids .* 1 differ: row 0"):
        replayed(log, content, ["a"], ["m9"])

    assert replayed(log, content, ["a"], ["m1"]) == {0: "b"}
    assert replayed(log, content, ["a"]) == {0: "b"}
    assert replayed(log, "row,old,new,verdict\n0,a,b,accept\n", ["a"], ["m9"]) == {0: "b"}
