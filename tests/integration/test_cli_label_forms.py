"""Finding suspects in files with label sets or with the labels of several annotators."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from labelclean.cli.app import run

WORDS = {"late": "it came weeks too late", "broken": "the glass was broken"}
REVIEWS = (("dull", "slow", "bland"), ("bright", "quick", "lovely"))


@pytest.fixture(autouse=True)
def _room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def sets_file() -> str:
    """Return messages about a delay, a breakage, both or nothing; row 10, about a breakage, is said to be late."""
    about = [([], ["late"], ["broken"], ["late", "broken"])[row % 4] for row in range(120)]
    lines = ["nr,message,topics"]
    for row, names in enumerate(about):
        given = json.dumps(["late"] if row == 10 else names).replace('"', '""')
        lines.append(f'm{row},order {row}: {" and ".join(WORDS[name] for name in names) or "thanks"},"{given}"')
    lines.append("m120,a message that nobody looked at,")
    return "\n".join(lines) + "\n"


def review(row: int) -> str:
    """Return a review that is bad in even rows and good in odd ones."""
    return f"a {REVIEWS[row % 2][row // 2 % 3]} film about {row}"


def votes_of(row: int) -> dict[str, str]:
    """Return three votes, of which the third is missing in every fourth row; in row 10 two are wrong."""
    right, wrong = ("bad", "good")[row % 2], ("good", "bad")[row % 2]
    given = {"ann": right, "bob": right, "cid": right if row % 4 else ""}
    return given | ({"ann": wrong, "bob": wrong, "cid": right} if row == 10 else {})


def wide_file() -> str:
    """Return a table with a column for each annotator."""
    return "nr,text,ann,bob,cid\n" + "".join(
        f"r{row},{review(row)},{','.join(votes_of(row).values())}\n" for row in range(60)
    )


def long_file() -> str:
    """Return a table with a record for each vote."""
    votes = [(row, who, label) for row in range(60) for who, label in votes_of(row).items() if label]
    return "text_id,text,annotator,label\n" + "".join(
        f"r{row},{review(row)},{who},{label}\n" for row, who, label in votes
    )


def found(content: str, *options: str, code: int = 0) -> tuple[list[dict[str, str]], dict[str, object]]:
    """Return the table and the summary that ``labelclean find`` writes about a file."""
    Path("in.csv").write_text(content, encoding="utf-8")
    line = ["find", "in.csv", "--output", "out.csv", "--summary", "sum.json", "--folds", "3", *options]
    assert run(line) == code
    if code:
        return [], {}
    table = list(csv.DictReader(io.StringIO(Path("out.csv").read_text(encoding="utf-8"))))
    return table, json.loads(Path("sum.json").read_text(encoding="utf-8"))


def test_label_sets_are_found_and_counted(capfd: pytest.CaptureFixture[str]) -> None:
    """The spelling is guessed and said; sets are JSON lists in the table, in the order of the classes."""
    table, summary = found(sets_file())

    said = capfd.readouterr().err
    assert "labels: json_list (" in said
    assert "of 120 label sets are suspect; about " in said
    assert [int(line["rank"]) for line in table] == list(range(1, 122))
    assert sorted(int(line["row"]) for line in table) == list(range(121))
    assert (table[-1]["row"], table[-1]["given_label"], table[-1]["error_probability"]) == ("120", "", "")
    first = table[0]
    assert (first["row"], first["given_label"], first["suggested_label"]) == ("10", '["late"]', '["broken"]')
    assert first["is_issue"] == "true"
    assert float(first["label_quality"]) == 1 - float(first["error_probability"])
    assert (summary["n_rows"], summary["n_labelled"], summary["n_classes"]) == (121, 120, 2)
    classes = summary["classes"]
    assert isinstance(classes, list)
    assert [(each["label"], each["n_given"]) for each in classes] == [("broken", 59), ("late", 61)]
    assert (summary["pred_probs"], summary["embeddings"]) == ({"source": "labelclean"}, None)


@pytest.mark.parametrize(("content", "options"), [(wide_file(), ()), (long_file(), ("--id", "text_id"))])
def test_votes_are_found_in_both_forms(
    content: str, options: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    """The wrong majority leads; a row is a text, whether its votes stand in columns or in records."""
    table, summary = found(content, *options)

    said = capfd.readouterr().err
    assert "several annotators: " in said
    assert "The labels are those that most of 3 annotators gave; the votes stay as they are." in said
    assert len(table) == 60
    first = table[0]
    assert (first["row"], first["given_label"], first["suggested_label"]) == ("10", "good", "bad")
    assert (summary["n_rows"], summary["n_labelled"], summary["n_classes"]) == (60, 60, 2)
    annotators = summary["annotators"]
    assert isinstance(annotators, list)
    assert [(each["annotator"], each["n_votes"]) for each in annotators] == [("ann", 60), ("bob", 60), ("cid", 45)]
    qualities = [each["quality"] for each in annotators]
    assert all(0.5 < quality <= 1 for quality in qualities)


def test_both_forms_of_votes_give_the_same_table() -> None:
    """Byte for byte."""
    found(wide_file())
    wide = Path("out.csv").read_bytes()
    found(long_file())

    assert Path("out.csv").read_bytes() == wide


@pytest.mark.parametrize(
    ("content", "option", "kind"),
    [
        (sets_file(), "--pred-probs", "label sets"),
        (wide_file(), "--pred-probs", "several annotators"),
        (long_file(), "--pred-probs", "several annotators"),
        (wide_file(), "--embeddings", "several annotators"),
        (long_file(), "--embeddings", "several annotators"),
    ],
)
def test_what_is_for_single_labels_is_refused(
    content: str, option: str, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Before anything is written, whatever stands in the file of the option."""
    np.save("own.npy", np.full((len(content.splitlines()) - 1, 2), 0.5, dtype=np.float32))

    found(content, option, "own.npy", "--quiet", code=2)

    said = capfd.readouterr().err.splitlines()
    assert [line.partition(": ")[0] for line in said] == ["error", "fix"]
    assert f"{option} cannot be used for {kind}" in said[0]
    assert not Path("out.csv").exists()
    assert not Path("sum.json").exists()
