"""The page about annotation tools: what it says to type works."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from labelclean.cli.app import run
from tests.annotation_tools import answered

PAGE = Path(__file__).parents[2] / "assets" / "docs" / "exchange.md"
PARCEL = ("where is my parcel", "the parcel is late", "parcel has not arrived", "my parcel went missing")
REFUND = ("I want my money back", "please refund the money", "refund has not been paid", "money back for this")


def commands(part: str) -> list[list[str]]:
    """Return the commands of one part of the page."""
    blocks = re.findall(r"^```sh\n(.*?)^```", part, re.DOTALL | re.MULTILINE)
    return [line.split() for block in blocks for line in block.splitlines()]


def parts() -> list[str]:
    """Return the page by headings."""
    return re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def exports_of(receive: list[str]) -> list[Path]:
    """Return the files that ``labelclean receive`` is given."""
    first_option = next(place for place, word in enumerate(receive) if word.startswith("--"))
    return [Path(name) for name in receive[2:first_option]]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with the dataset of the page, in which two labels are wrong."""
    monkeypatch.chdir(tmp_path)
    rows = ["text,label"]
    for number in range(48):
        text = f"{(PARCEL, REFUND)[number % 2][number % 4]}, case {number}"
        rows.append(f'"{text}",{("parcel", "refund")[number % 2 if number not in {5, 30} else 1 - number % 2]}')
    (tmp_path / "reviews.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_every_command_of_the_page_works(desk: Path) -> None:
    """In the order of the page, with annotators who agree to every suggestion, the file ends up without the errors."""
    tasks, tool = Path(), ""
    n_applied = 0
    for command in (command for part in parts() for command in commands(part)):
        assert command[0] == "labelclean"
        if command[1] == "send":
            tasks, tool = Path(command[command.index("--output") + 1]), command[command.index("--to") + 1]
        if command[1] == "receive":
            for export in exports_of(command):
                answered(tool, tasks, {5: ["refund"], 30: ["parcel"]}, export)
        if command[1] == "find" and command[2] == "export.json":
            labelled_export(Path("export.json"))

        assert run(command[1:]) == 0, command

        if command[1] == "apply":
            n_applied += 1
            fixed = (desk / "fixed.csv").read_text(encoding="utf-8").splitlines()[1:]
            assert [line.rpartition(",")[2] for line in fixed] == ["parcel", "refund"] * 24
            (desk / "fixed.csv").unlink()
    assert n_applied == 5
    assert (desk / "suspects_of_export.csv").is_file()


def labelled_export(path: Path) -> None:
    """Write what Label Studio exports of a project in which every text was labelled."""
    with Path("reviews.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tasks = [
        {
            "id": number,
            "data": {"text": row["text"]},
            "annotations": [{"result": [{"type": "choices", "value": {"choices": [row["label"]]}}], "completed_by": 1}],
        }
        for number, row in enumerate(rows)
    ]
    path.write_text(json.dumps(tasks), encoding="utf-8")


def test_each_tool_has_its_part() -> None:
    """Sending, receiving and applying are shown for all five."""
    shown = {part.splitlines()[0]: [command[1] for command in commands(part)] for part in parts()}

    tools = ("Label Studio", "Argilla", "doccano", "Prodigy", "spaCy")
    assert {tool: shown[tool] for tool in tools} == {tool: ["send", "receive", "apply"] for tool in tools}
