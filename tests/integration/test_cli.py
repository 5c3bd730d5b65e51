"""The command line as its users run it: a process of its own."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

COLUMNS = ["rank", "row", "given_label", "suggested_label", "label_quality", "error_probability", "is_issue"]
PARCEL = ("where is my parcel", "the parcel is late", "parcel has not arrived", "my parcel went missing")
REFUND = ("I want my money back", "please refund the money", "refund has not been paid", "money back for this")


def run(*arguments: object, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run ``labelclean`` and check its exit code."""
    result = subprocess.run(
        [sys.executable, "-m", "labelclean", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100"},
        check=False,
    )
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    return result


def records() -> list[tuple[str, str, str]]:
    """Return 48 messages with an id; rows 5 and 30 have the other label, row 11 has none."""
    rows = []
    for number in range(48):
        topic = number % 2
        text = f"{(PARCEL, REFUND)[topic][number % 4]}, case {number}"
        label = ("parcel", "refund")[topic if number not in {5, 30} else 1 - topic]
        rows.append((f"m{number:02}", text, "" if number == 11 else label))
    return rows


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Write the messages with odd bytes: a byte order mark, CRLF, semicolons, needless quotes, no last newline."""
    lines = ["nr;message;topic", *(f'{nr};"{text}";{label}' for nr, text, label in records())]
    path = tmp_path / "messages.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    return path


def read_table(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text)))


def test_find_writes_every_row_most_suspect_first(dataset: Path, tmp_path: Path) -> None:
    """The two planted errors lead, the unlabelled row comes last, and no row is lost."""
    run("find", dataset.name, "--text", "message", "--label", "topic", "--id", "nr", "-o", "out.csv", cwd=tmp_path)

    table = read_table((tmp_path / "out.csv").read_text(encoding="utf-8"))
    assert list(table[0]) == COLUMNS
    assert sorted(int(line["row"]) for line in table) == list(range(48))
    assert [int(line["rank"]) for line in table] == list(range(1, 49))
    assert {table[0]["row"], table[1]["row"]} == {"5", "30"}
    assert {table[0]["is_issue"], table[1]["is_issue"]} == {"true"}
    assert {line["suggested_label"] for line in table if line["row"] == "5"} == {"refund"}
    probabilities = [float(line["error_probability"]) for line in table[:-1]]
    assert probabilities == sorted(probabilities, reverse=True)
    last = table[-1]
    assert (last["row"], last["given_label"], last["suggested_label"]) == ("11", "", "refund")
    assert (last["label_quality"], last["error_probability"], last["is_issue"]) == ("", "", "false")


def test_find_gives_the_same_bytes_again(dataset: Path, tmp_path: Path) -> None:
    """Same input, same options, same output."""
    first = run("find", dataset, "--output", "-", "--text", "message", "--label", "topic", cwd=tmp_path)
    second = run("find", dataset, "--output", "-", "--text", "message", "--label", "topic", cwd=tmp_path)

    assert first.stdout == second.stdout


def test_find_guesses_columns_and_says_so(dataset: Path, tmp_path: Path) -> None:
    """Columns that are left out are guessed; the guess and its reason stand on stderr, data alone on stdout."""
    result = run("find", dataset, "--output", "-", cwd=tmp_path)

    assert "text column: 'message' (" in result.stderr
    assert "label column: 'topic' (" in result.stderr
    assert len(read_table(result.stdout)) == 48


def test_quiet_says_nothing_but_warnings(dataset: Path, tmp_path: Path) -> None:
    """A script that reads the output is not disturbed."""
    result = run("find", dataset, "--output", "-", "--quiet", cwd=tmp_path)

    assert [line for line in result.stderr.splitlines() if not line.startswith("warning: ")] == []


def test_the_summary_says_what_was_found(dataset: Path, tmp_path: Path) -> None:
    """The totals of the run as JSON."""
    run(
        "find", dataset, "--output", "out.csv", "--summary", "summary.json", "--folds", "4", "--seed", "7", cwd=tmp_path
    )

    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert (summary["n_rows"], summary["n_labelled"], summary["n_unlabelled"]) == (48, 47, 1)
    assert [(each["label"], each["n_given"]) for each in summary["classes"]] == [("parcel", 24), ("refund", 23)]
    assert (summary["config"]["n_folds"], summary["config"]["random_state"]) == (4, 7)
    assert summary["version"] == "0.1.0"


def test_the_filter_can_be_chosen(dataset: Path, tmp_path: Path) -> None:
    """The flags are those of the filter, the ranking stays, and the summary tells which it was."""
    for name, options in (("plain", []), ("chosen", ["--filter-by", "predicted_neq_given", "--counting", "paper"])):
        run("find", dataset, "--output", f"{name}.csv", "--summary", f"{name}.json", *options, cwd=tmp_path)

    plain, chosen = (read_table((tmp_path / f"{name}.csv").read_text(encoding="utf-8")) for name in ("plain", "chosen"))
    config = json.loads((tmp_path / "chosen.json").read_text(encoding="utf-8"))["config"]
    assert [row["row"] for row in chosen] == [row["row"] for row in plain]
    assert all(
        (row["is_issue"] == "true") == (row["given_label"] not in {"", row["suggested_label"]}) for row in chosen
    )
    assert (config["filter_by"], config["counting"]) == ("predicted_neq_given", "paper")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["find", "no.csv", "--output", "o.csv"], 3, "error: The file no.csv does not exist."),
        (["find", ".", "--output", "o.csv"], 2, "it is another directory"),
        (["find", "messages.csv"], 2, "--output"),
        (["find", "messages.csv", "--output", "o.csv", "--label", "subject"], 2, "must name a column; got 'subject'."),
        (["find", "messages.csv", "--output", "o.csv", "--folds", "1"], 2, "from 2 to 50; got 1.\nfix: "),
        (["find", "messages.csv", "--output", "o.csv", "--filter-by", "best"], 2, "prune_by_noise_rate"),
        (["find", "messages.csv", "--output", "no/o.csv"], 2, "must go into a directory that exists"),
        (["find", "messages.csv", "--output", "messages.csv"], 2, "must not be an input file"),
        (["find", "messages.csv", "--output", "o", "--summary", "./o"], 2, "must be two files"),
        (["find", "messages.csv", "--output", "-", "--summary", "-"], 2, "must be two files"),
        (["find", "messages.csv", "--output", "o" * 300], 2, "File name too long"),
        (["apply", "messages.csv", "--decisions", "empty.csv", "--output", "empty.csv"], 2, "must not be an input"),
        (["find", "empty.csv", "--output", "o.csv"], 2, "error: "),
        (["apply", "messages.csv", "--decisions", "no.csv", "--output", "o.csv"], 3, "no.csv does not exist."),
        (["find", "messages.csv", "--output", "o.csv", "--format", "xml"], 2, "xml"),
        (["frobnicate"], 2, "frobnicate"),
        (["--port", "0"], 2, "port"),
    ],
)  # fmt: skip
def test_a_refusal_has_its_exit_code_and_leaves_no_file(
    dataset: Path, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    """What is wrong stands on stderr; stdout and the directory stay as they were."""
    (tmp_path / "empty.csv").write_bytes(b"")
    before = dataset.read_bytes()

    result = run(*arguments, cwd=tmp_path, code=code)

    assert said in result.stderr
    assert result.stdout == ""
    assert dataset.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.csv", "messages.csv"]


@pytest.mark.parametrize("command", [[], ["start"], ["find"], ["apply"], ["check"]])
def test_help_has_examples_and_exit_codes(command: list[str], tmp_path: Path) -> None:
    """Each command explains itself, on stdout."""
    result = run(*command, "--help", cwd=tmp_path)

    assert re.search(r"Examples:\n +labelclean", result.stdout)
    assert "130  interrupted (Ctrl+C)" in result.stdout
    assert result.stderr == ""


def test_the_version_is_said(tmp_path: Path) -> None:
    """One line, for bug reports."""
    assert run("--version", cwd=tmp_path).stdout == "labelclean 0.1.0\n"


def write_log(path: Path, *lines: str) -> Path:
    """Write a change log by hand, as the export page gives it."""
    header = "row,id,old,new,verdict,reviewer,time,seconds_spent,error_probability,note"
    path.write_text("\r\n".join([header, *lines, ""]), encoding="utf-8", newline="")
    return path


CORRECTIONS = (
    "5,m05,parcel,refund,accept,Ana,2026-03-01T12:00:00Z,3.2,0.97,",
    "6,m06,parcel,parcel,keep,Ana,2026-03-01T12:00:05Z,2,0.4,clear",
    "8,m08,parcel,parcel,exclude,Ana,2026-03-01T12:00:09Z,2,0.4,",
    '30,m30,refund,"late; ""parcel""",relabel,Ana,2026-03-01T12:00:12Z,4,0.9,new class',
)


def test_apply_changes_the_corrected_cells_and_no_other_byte(dataset: Path, tmp_path: Path) -> None:
    """Byte order mark, line ends, quotes and the missing last newline stay; a new cell is quoted where it must be."""
    log = write_log(tmp_path / "log.csv", *CORRECTIONS)
    before = dataset.read_bytes()

    result = run("apply", dataset, "--decisions", log, "-o", "fixed.csv", "--label", "topic", cwd=tmp_path)

    text_5, text_30 = (records()[row][1].encode() for row in (5, 30))
    assert before.count(b'"' + text_5 + b'";parcel\r\n') == 1
    expected = before.replace(b'"' + text_5 + b'";parcel\r\n', b'"' + text_5 + b'";refund\r\n')
    expected = expected.replace(b'"' + text_30 + b'";refund\r\n', b'"' + text_30 + b'";"late; ""parcel"""\r\n')
    assert (tmp_path / "fixed.csv").read_bytes() == expected
    assert dataset.read_bytes() == before
    assert "Labels changed: 2." in result.stderr
    assert result.stdout == ""


def test_apply_drops_excluded_rows_on_request_only(dataset: Path, tmp_path: Path) -> None:
    """The row decided to be excluded is left out with --drop-excluded."""
    log = write_log(tmp_path / "log.csv", CORRECTIONS[2])
    before = dataset.read_bytes()
    line = f'm08;"{records()[8][1]}";parcel\r\n'.encode()

    run("apply", dataset, "--decisions", log, "-o", "kept.csv", "--label", "topic", cwd=tmp_path)
    run("apply", dataset, "--decisions", log, "-o", "dropped.csv", "--label", "topic", "--drop-excluded", cwd=tmp_path)

    assert (tmp_path / "kept.csv").read_bytes() == before
    assert before.count(line) == 1
    assert (tmp_path / "dropped.csv").read_bytes() == before.replace(line, b"")


@pytest.mark.parametrize(
    "content", [b"", b"row,id,old,new,verdict,reviewer,time,seconds_spent,error_probability,note\r\n"]
)
def test_an_empty_log_gives_the_identical_file(dataset: Path, tmp_path: Path, content: bytes) -> None:
    """Nothing decided, nothing changed."""
    (tmp_path / "log.csv").write_bytes(content)

    run("apply", dataset, "--decisions", "log.csv", "--output", "fixed.csv", cwd=tmp_path)

    assert (tmp_path / "fixed.csv").read_bytes() == dataset.read_bytes()


def test_a_log_can_be_applied_twice(dataset: Path, tmp_path: Path) -> None:
    """The second time every row has its new label already."""
    log = write_log(tmp_path / "log.csv", *CORRECTIONS)
    run("apply", dataset, "--decisions", log, "-o", "fixed.csv", "--label", "topic", cwd=tmp_path)

    result = run("apply", "fixed.csv", "--decisions", log, "-o", "twice.csv", "--label", "topic", cwd=tmp_path)

    assert "Labels changed: 0, already as wanted: 2." in result.stderr
    assert (tmp_path / "twice.csv").read_bytes() == (tmp_path / "fixed.csv").read_bytes()


def test_apply_replaces_its_input_only_when_forced(dataset: Path, tmp_path: Path) -> None:
    """The original is worth more than convenience."""
    log = write_log(tmp_path / "log.csv", CORRECTIONS[0])
    before = dataset.read_bytes()

    run("apply", dataset, "--decisions", log, "-o", dataset, "--label", "topic", cwd=tmp_path, code=2)
    unchanged = dataset.read_bytes()
    run("apply", dataset, "--decisions", log, "-o", dataset, "--label", "topic", "--force", cwd=tmp_path)

    assert unchanged == before
    assert dataset.read_bytes() != before


def test_apply_writes_to_standard_output(dataset: Path, tmp_path: Path) -> None:
    """The bytes alone, so that they can be piped on."""
    log = write_log(tmp_path / "log.csv")

    result = run("apply", dataset, "--decisions", log, "--output", "-", "--quiet", cwd=tmp_path)

    assert result.stdout.encode() == dataset.read_bytes().replace(b"\r\n", b"\n")
    assert result.stderr == ""


def test_labels_of_a_json_file_keep_their_kind(tmp_path: Path) -> None:
    """The number 1 becomes the number 2, although a CSV log spells both as text."""
    lines = [json.dumps({"text": f"message {number}", "label": number % 3}) for number in range(9)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    log = write_log(tmp_path / "log.csv", "1,,1,2,accept,Ana,,,,")

    run("apply", "in.jsonl", "--decisions", log, "-o", "out.jsonl", "--label", "label", cwd=tmp_path)

    lines[1] = '{"text": "message 1", "label": 2}'
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "\n".join(lines) + "\n"


def test_a_reader_that_stops_early_ends_the_command_quietly(dataset: Path, tmp_path: Path) -> None:
    """As in ``labelclean find ... | head -1``; the code is the one shells give for a closed pipe."""
    command = [sys.executable, "-m", "labelclean", "find", str(dataset), "--output", "-", "--quiet"]
    read_end, write_end = os.pipe()
    os.close(read_end)

    result = subprocess.run(command, cwd=tmp_path, stdout=write_end, stderr=subprocess.PIPE, check=False)

    os.close(write_end)
    assert result.returncode == 141
    assert result.stderr.startswith(b"warning: 1 row has no label")
    assert result.stderr.count(b"\n") == 1


def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    """UTF-8 can be told for sure, other encodings cannot; a wrong one would spoil texts without a word."""
    rows = [f"größe {number},{'ab'[number % 2]}\n" for number in range(20)]
    (tmp_path / "in.csv").write_bytes(("text,label\n" + "".join(rows)).encode("cp1252"))

    guessed = run("find", "in.csv", "--output", "out.csv", cwd=tmp_path)
    chosen = run("find", "in.csv", "--output", "out.csv", "--encoding", "cp1252", cwd=tmp_path)

    assert re.search(r"^encoding: 'cp1252' \(.*\); --encoding changes it$", guessed.stderr, re.MULTILINE)
    assert "encoding" not in chosen.stderr
