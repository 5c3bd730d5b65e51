"""Suspects go to annotation tools and come back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from labelclean.cli.app import run
from tests.annotation_tools import SUFFIXES, answered

TOOLS = list(SUFFIXES)
PARCEL = ("where is my parcel", "the parcel is late", "parcel has not arrived", "my parcel went missing")
REFUND = ("I want my money back", "please refund the money", "refund has not been paid", "money back for this")
WRONG = {5, 14, 30, 41}
SAYS_TIME = {"label-studio", "prodigy"}
PASSES_OVER = {"label-studio", "argilla", "prodigy"}


def lines_of(labels: dict[int, str]) -> list[str]:
    """Return a table of 48 messages in which some rows have another label."""
    lines = ["nr,message,topic"]
    for number in range(48):
        label = labels.get(number, ("parcel", "refund")[number % 2])
        lines.append(f'm{number:02},"{(PARCEL, REFUND)[number % 2][number % 4]}, case {number}",{label}')
    return lines


WRONG_LABELS = {number: ("refund", "parcel")[number % 2] for number in WRONG}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the messages, four of them with the other label, and the suspects that are found in them."""
    folder = tmp_path_factory.mktemp("found")
    (folder / "messages.csv").write_text("\r\n".join(lines_of(WRONG_LABELS)), encoding="utf-8", newline="")
    assert run(["find", str(folder / "messages.csv"), "--output", str(folder / "suspects.csv"), "--quiet"]) == 0
    return folder


@pytest.fixture
def desk(found: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy both files to a folder of their own, and work there."""
    for name in ("messages.csv", "suspects.csv"):
        (tmp_path / name).write_bytes((found / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def labelclean(line: str, *, code: int = 0) -> None:
    """Run one command."""
    assert run(line.split()) == code


def send(tool: str, *options: str) -> Path:
    """Send the suspects to a tool."""
    path = Path(f"tasks.{SUFFIXES[tool]}")
    labelclean(f"send messages.csv --suspects suspects.csv --to {tool} --output {path} {' '.join(options)} --quiet")
    return path


def changes() -> dict[int, dict[str, str]]:
    """Return the change log by row."""
    with Path("changes.csv").open(encoding="utf-8", newline="") as file:
        return {int(line["row"]): line for line in csv.DictReader(file)}


@pytest.mark.parametrize("tool", TOOLS)
def test_suspects_come_back_as_corrections(desk: Path, tool: str) -> None:
    """Find, send, annotate, receive, apply: the file has the annotators' labels, and no other byte differs."""
    tasks = send(tool, "--id nr")
    export = desk / f"export.{SUFFIXES[tool]}"
    answered(tool, tasks, {5: ["refund"], 14: ["refund"], 30: ["damage"], 41: None}, export)

    labelclean(f"receive {export.name} --data messages.csv --id nr --output changes.csv --quiet")
    labelclean("apply messages.csv --decisions changes.csv --output fixed.csv --quiet")

    log = changes()
    expected = {
        5: ("parcel", "refund", "accept"),
        14: ("refund", "refund", "keep"),
        30: ("refund", "damage", "relabel"),
    }
    if tool in PASSES_OVER:
        expected[41] = ("parcel", "parcel", "unsure")
    assert {row: (line["old"], line["new"], line["verdict"]) for row, line in log.items()} == expected
    assert {line["id"] for line in log.values()} <= {"m05", "m14", "m30", "m41"}
    assert all(bool(line["time"]) == (tool in SAYS_TIME) for line in log.values())
    assert all(line["error_probability"].startswith("0.") for line in log.values())
    fixed = "\r\n".join(lines_of({**WRONG_LABELS, 5: "refund", 30: "damage"}))
    assert (desk / "fixed.csv").read_bytes().decode() == fixed


def test_the_annotator_is_the_reviewer(desk: Path) -> None:
    """Who, when and how long stand in the log, in UTC."""
    answered("label-studio", send("label-studio"), {5: ["refund"]}, desk / "export.json")

    labelclean("receive export.json --data messages.csv --output changes.csv --quiet")

    line = changes()[5]
    assert (line["reviewer"], line["seconds_spent"]) == ("5", "2.5")
    assert line["time"].startswith("2026-04-01T10:00:")
    assert line["time"].endswith("Z")


def test_the_flagged_rows_are_sent_unless_others_are_wanted(desk: Path) -> None:
    """--top counts from the most suspect row, --all takes every row; the order is the ranking."""
    with (desk / "suspects.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    flagged = [int(line["row"]) for line in table if line["is_issue"] == "true"]

    by_default, on_request, top, everything = (
        [json.loads(line)["labelclean_row"] for line in send("doccano", options).read_text().splitlines()]
        for options in ("", "--issues-only", "--top 7", "--all")
    )

    assert set(flagged) == WRONG
    assert by_default == on_request == flagged
    assert top == [int(line["row"]) for line in table[:7]]
    assert everything == [int(line["row"]) for line in table]


def test_the_labels_are_written_for_tools_that_need_them(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Label Studio gets its configuration, doccano its labels; for the others there is none to write."""
    line = "send messages.csv --suspects suspects.csv --output tasks.json"
    labelclean(f"{line} --to label-studio --config labels.xml")
    labelclean(f"{line} --to doccano --config labels.json")
    labelclean(f"{line} --to prodigy --config labels.txt", code=2)

    assert '<Choice value="parcel"/>' in (desk / "labels.xml").read_text(encoding="utf-8")
    assert [label["text"] for label in json.loads((desk / "labels.json").read_text())] == ["parcel", "refund"]
    assert not (desk / "labels.txt").exists()
    assert "--config is for Label Studio and doccano" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--top 3 --all", "Only one of --top, --issues-only and --all"),
        ("--config tasks.json", "--output and --config must be two files"),
        ("--suspects messages.csv", "The suspects must have the columns"),
    ],
)
def test_impossible_wishes_are_refused(
    desk: Path, capsys: pytest.CaptureFixture[str], options: str, words: str
) -> None:
    """Nothing is written."""
    labelclean(f"send messages.csv --suspects suspects.csv --to label-studio --output tasks.json {options}", code=2)

    assert words in capsys.readouterr().err
    assert not (desk / "tasks.json").exists()


def test_suspects_of_another_file_are_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row that the file does not have, or has with another label, shows that they do not belong together."""
    whole = (desk / "messages.csv").read_text(encoding="utf-8")
    for text in (whole.replace('case 5",parcel', 'case 5",refund'), "\n".join(whole.splitlines()[:9])):
        (desk / "messages.csv").write_text(text, encoding="utf-8")
        labelclean("send messages.csv --suspects suspects.csv --to spacy --output tasks.jsonl", code=2)

    shown = capsys.readouterr().err
    assert "must have the label of its row, 5, as the file has it; they differ" in shown
    assert "must name a row of the file, which has 8; row" in shown
    assert not (desk / "tasks.jsonl").exists()


def test_several_annotators_are_counted(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those who agree decide; where they differ the row is unsure, or has the label that was submitted last."""
    tasks = send("doccano")
    answered("doccano", tasks, {5: ["refund"], 14: ["refund"], 30: ["parcel"]}, desk / "anna.jsonl")
    answered("doccano", tasks, {5: ["refund"], 14: ["parcel"]}, desk / "ben.jsonl")

    labelclean("receive anna.jsonl ben.jsonl --data messages.csv --output changes.csv")
    unsure = changes()
    shown = capsys.readouterr().err
    labelclean("receive anna.jsonl ben.jsonl --data messages.csv --conflicts last --output changes.csv")

    assert "Rows that several annotators labelled: 2; they agree on 1." in shown
    assert "annotators differ: row 14, 2 annotators, 2 labels" in shown
    assert {row: (line["verdict"], line["reviewer"]) for row, line in unsure.items()} == {
        5: ("accept", "ben"),
        14: ("unsure", "anna, ben"),
        30: ("accept", "anna"),
    }
    assert unsure[14]["note"] == "annotators differ"
    assert {row: (line["verdict"], line["new"]) for row, line in changes().items()} == {
        5: ("accept", "refund"),
        14: ("accept", "parcel"),
        30: ("accept", "parcel"),
    }


def test_rows_that_changed_are_reported_and_left_out(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited text, here or in the tool, and another label: each is named, and nothing is written unless asked."""
    tasks = send("label-studio")
    answered("label-studio", tasks, {5: ["refund"], 14: ["parcel"], 30: ["parcel"], 41: ["refund"]}, desk / "e.json")
    data = (desk / "messages.csv").read_text(encoding="utf-8")
    data = data.replace("case 14", "case 14, again").replace('case 30",refund', 'case 30",parcel')
    (desk / "messages.csv").write_text(data, encoding="utf-8")
    export = (desk / "e.json").read_text(encoding="utf-8").replace("case 41", "case 41?")
    (desk / "e.json").write_text(export, encoding="utf-8")

    labelclean("receive e.json --data messages.csv --output changes.csv", code=2)
    first = capsys.readouterr().err
    assert not (desk / "changes.csv").exists()
    labelclean("receive e.json --data messages.csv --output changes.csv --skip-changed")

    assert "left out: row 14" in first
    assert "another text stands in its place" in first
    assert "its label in the file is another one now" in first
    assert "its text was edited in the tool" in first
    assert "error: Every answered row must be in the data as it was sent; 3 are not." in first
    assert set(changes()) == {5}


def test_long_lists_are_cut(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of many rows the first 20 are named, and the rest is counted."""
    tasks = send("prodigy", "--all")
    answered("prodigy", tasks, {row: ["parcel"] for row in range(48)}, desk / "anna.jsonl")
    answered("prodigy", tasks, {row: ["refund"] for row in range(48)}, desk / "ben.jsonl")
    (desk / "ben.jsonl").write_text((desk / "ben.jsonl").read_text().replace("desk-5", "desk-6"))
    (desk / "other.csv").write_text((desk / "messages.csv").read_text().replace("case", "number"))

    labelclean("receive anna.jsonl ben.jsonl --data messages.csv --output -")
    differing = capsys.readouterr()
    labelclean("receive anna.jsonl --data other.csv --output changes.csv", code=2)
    changed = capsys.readouterr().err

    assert differing.err.count("annotators differ: row") == 20
    assert "annotators differ: 28 rows more" in differing.err
    assert differing.out.count("unsure") == 48
    assert changed.count("left out: row") == 20
    assert "left out: 28 rows more" in changed


def test_nothing_flagged_is_said(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty list of tasks is written, and what sends more is named."""
    text = (desk / "suspects.csv").read_text(encoding="utf-8")
    (desk / "suspects.csv").write_text(text.replace("true", "false"), encoding="utf-8")

    labelclean("send messages.csv --suspects suspects.csv --to label-studio --output -")

    shown = capsys.readouterr()
    assert json.loads(shown.out) == []
    assert "Wrote 0 tasks for Label Studio to standard output." in shown.err
    assert "No row is flagged: --top sends the most suspect ones, --all every row." in shown.err
    assert "Label Studio must know the labels: --config FILE" in shown.err


def test_rows_that_moved_are_found(desk: Path) -> None:
    """The text says which row it is, wherever it stands now."""
    answered("argilla", send("argilla"), {5: ["refund"]}, desk / "export.json")
    header, *rows = lines_of(WRONG_LABELS)
    (desk / "messages.csv").write_text("\n".join([header, *rows[::-1]]), encoding="utf-8")

    labelclean("receive export.json --from argilla --data messages.csv --output changes.csv --quiet")

    assert {row: line["new"] for row, line in changes().items()} == {47 - 5: "refund"}


def test_an_open_file_is_no_answer(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Tasks that nobody has answered yet are counted, and the log is empty; JSON Lines are written if named so."""
    answered("prodigy", send("prodigy"), {}, desk / "export.jsonl")

    labelclean("receive export.jsonl --data messages.csv --output changes.jsonl")

    assert "Prodigy: answered rows: 0 (none); tasks without an answer: 4." in capsys.readouterr().err
    assert (desk / "changes.jsonl").read_bytes() == b""


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ('{"text": "x", "cats": {"a": 1}}', "--from argilla", "export of Argilla; line 1 looks like one of spaCy"),
        ('[{"data": ', "", "The annotations must be JSON; line 1 is not"),
        ('{"text": "x", "label": ["a"]}', "", "Each task must say which row it is of"),
        ('{"text": "x", "cats": {"b": 1}, "labelclean_row": 99, "labelclean_text_hash": "0"}', "", "left out: row 99"),
    ],
)
def test_files_that_are_no_answers_are_refused(
    desk: Path, capsys: pytest.CaptureFixture[str], content: str, options: str, words: str
) -> None:
    """The message says what is wrong, and no log is written."""
    (desk / "export.jsonl").write_text(content, encoding="utf-8")

    labelclean(f"receive export.jsonl --data messages.csv --output changes.csv {options}", code=2)

    assert words in capsys.readouterr().err
    assert not (desk / "changes.csv").exists()


TAGS: list[list[str] | None] = [["parcel", "late"], [], ["refund"], ["late"], None, ["parcel"]]
SUSPECTS = """rank,row,given_label,suggested_label,label_quality,error_probability,is_issue
1,2,"[""refund""]","[""parcel"", ""refund""]",0.1,0.9,true
2,1,[],"[""late""]",0.2,0.8,true
3,0,"[""late"", ""parcel""]","[""parcel""]",0.3,0.7,true
4,5,"[""parcel""]","[""refund""]",0.4,0.6,true
5,3,"[""late""]","[""late""]",0.9,0.1,false
6,4,,"[""parcel""]",,,false
"""


def test_labels_that_spreadsheets_would_run_go_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are escaped in our own tables only: the tool and the corrected file have the label itself."""
    monkeypatch.chdir(tmp_path)
    labels = {number: ("=1+1", "-refund")[(number + (number in WRONG)) % 2] for number in range(48)}
    Path("messages.csv").write_text("\n".join(lines_of(labels)), encoding="utf-8")
    labelclean("find messages.csv --output suspects.csv --quiet")

    labelclean("send messages.csv --suspects suspects.csv --to doccano --output tasks.jsonl --quiet")
    tasks = {task["labelclean_row"]: task for task in map(json.loads, Path("tasks.jsonl").read_text().splitlines())}
    answered("doccano", Path("tasks.jsonl"), {5: ["-refund"], 14: ["=1+1"]}, Path("export.jsonl"))
    labelclean("receive export.jsonl --data messages.csv --output changes.csv --quiet")
    labelclean("apply messages.csv --decisions changes.csv --output fixed.csv --quiet")

    assert {line.split(",")[2] for line in Path("suspects.csv").read_text().splitlines()[1:]} == {"'=1+1", "'-refund"}
    assert tasks[5]["labelclean_given_label"] == "=1+1"
    assert tasks[5]["labelclean_suggested_label"] == "-refund"
    assert (changes()[5]["old"], changes()[5]["new"]) == ("'=1+1", "'-refund")
    fixed = "\n".join(lines_of({**labels, 5: "-refund", 14: "=1+1"}))
    assert Path("fixed.csv").read_text(encoding="utf-8") == fixed


@pytest.mark.parametrize("tool", TOOLS)
def test_label_sets_go_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str) -> None:
    """Several labels, none, one more and one less: the file's lists have what the annotators chose."""
    monkeypatch.chdir(tmp_path)
    records = [{"text": f"message {number}", "tags": tags} for number, tags in enumerate(TAGS)]
    Path("data.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    Path("suspects.csv").write_text(SUSPECTS, encoding="utf-8")
    reading = "--text text --label tags --label-spelling array --quiet"
    tasks, export = Path(f"tasks.{SUFFIXES[tool]}"), Path(f"export.{SUFFIXES[tool]}")
    labelclean(f"send data.jsonl --suspects suspects.csv --to {tool} --output {tasks} --all {reading}")
    answered(
        tool, tasks, {0: ["parcel", "late"], 2: ["refund", "parcel"], 1: ["new one"], 3: ["late", "refund"]}, export
    )

    labelclean(f"receive {export} --data data.jsonl --output changes.csv {reading}")
    labelclean(f"apply data.jsonl --decisions changes.csv --output fixed.jsonl {reading}")

    assert {row: line["verdict"] for row, line in changes().items()} == {
        0: "keep",
        1: "relabel",
        2: "accept",
        3: "relabel",
    }
    fixed = [json.loads(line)["tags"] for line in Path("fixed.jsonl").read_text().splitlines()]
    assert [fixed[0], fixed[4], fixed[5]] == [TAGS[0], None, ["parcel"]]
    assert [set(fixed[1]), set(fixed[2]), set(fixed[3])] == [{"new one"}, {"refund", "parcel"}, {"late", "refund"}]


def test_suspect_label_sets_come_back_as_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found in lists of labels is sent, and an annotator who agrees corrects exactly these lists."""
    monkeypatch.chdir(tmp_path)
    texts, wanted = [], []
    for number in range(120):
        parcel, refund = PARCEL[number // 3 % 4], REFUND[number // 3 % 4]
        texts.append((parcel, refund, f"{parcel} and {refund}")[number % 3] + f", case {number}")
        wanted.append((["parcel"], ["refund"], ["parcel", "refund"])[number % 3])
    given = [[] if number in {6, 31} else labels for number, labels in enumerate(wanted)]
    rows = [{"text": text, "tags": labels} for text, labels in zip(texts, given, strict=True)]
    Path("data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    labelclean("find data.jsonl --output suspects.csv --quiet")

    labelclean("send data.jsonl --suspects suspects.csv --to argilla --output tasks.json --quiet")
    sent = {task["metadata"]["labelclean_row"]: task for task in json.loads(Path("tasks.json").read_text())}
    suggested = {row: task["suggestions"]["label"]["value"] for row, task in sent.items()}
    answered("argilla", Path("tasks.json"), suggested, Path("export.json"))
    labelclean("receive export.json --data data.jsonl --output changes.csv --quiet")
    labelclean("apply data.jsonl --decisions changes.csv --output fixed.jsonl --quiet")

    assert set(sent) >= {6, 31}
    assert {line["verdict"] for line in changes().values()} == {"accept"}
    fixed = [json.loads(line)["tags"] for line in Path("fixed.jsonl").read_text().splitlines()]
    assert fixed[6] == ["parcel"]
    assert fixed[31] == ["refund"]


@pytest.mark.parametrize("tool", ["label-studio", "argilla", "prodigy"])
def test_no_label_can_be_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str) -> None:
    """Where texts have label sets, an answer without a label is the empty set, which is not the same as none."""
    monkeypatch.chdir(tmp_path)
    Path("data.jsonl").write_text('{"text": "a", "tags": ["late"]}\n{"text": "b", "tags": ["late", "parcel"]}\n')
    Path("suspects.csv").write_text(
        "".join(SUSPECTS.splitlines(keepends=True)[:1]) + '1,0,"[""late""]","[""parcel""]",0.1,0.9,true\n'
    )
    reading = "--text text --label tags --label-spelling array --quiet"
    labelclean(f"send data.jsonl --suspects suspects.csv --to {tool} --output tasks.json {reading}")
    answered(tool, Path("tasks.json"), {0: []}, Path("export.json"))

    labelclean(f"receive export.json --data data.jsonl --output changes.jsonl {reading}")

    (line,) = Path("changes.jsonl").read_text().splitlines()
    assert (json.loads(line)["new"], json.loads(line)["verdict"]) == ([], "relabel")
