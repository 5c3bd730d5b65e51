"""``labelclean find --pred-probs`` as its users run it: a process of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

CLASSES = ("billing", "refund", "shipping")
N_ROWS = 320
WRONG = {5, 30, 200}


def run(*arguments: object, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run ``labelclean find`` on the dataset and check its exit code."""
    result = subprocess.run(
        [sys.executable, "-m", "labelclean", "find", "messages.csv", "--output", "out.csv", *map(str, arguments)],
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


def probabilities() -> NDArray[np.float64]:
    """Return what a model that knows the true classes, and doubts every seventh row, thinks of the rows."""
    probs = np.full((N_ROWS, 3), 0.1)
    true = np.arange(N_ROWS) % 3
    probs[np.arange(N_ROWS), true] = 0.8
    probs[::7] = 0.3
    probs[np.arange(0, N_ROWS, 7), true[::7]] = 0.4
    return probs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write messages with three wrong labels and one missing label, and probabilities in several files."""
    with (tmp_path / "messages.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["nr", "message", "topic"])
        for row in range(N_ROWS):
            label = "" if row == 11 else CLASSES[(row + (row in WRONG)) % 3]
            writer.writerow([f"m{row:03}", f"please look at case {row}", label])
    probs = probabilities()
    np.save(tmp_path / "probs.npy", probs)
    np.save(tmp_path / "moved.npy", probs[:, [2, 0, 1]])
    table = pd.DataFrame(probs[:, [1, 2, 0]], columns=[CLASSES[code] for code in (1, 2, 0)])
    table.assign(key=[f"m{row:03}" for row in range(N_ROWS)]).iloc[::-1].to_parquet(tmp_path / "probs.parquet")
    table.to_csv(tmp_path / "table.csv", index=False)
    (tmp_path / "classes.txt").write_text("shipping\nbilling\nrefund\n", encoding="utf-8")
    return tmp_path


def suspects(folder: Path) -> list[dict[str, str]]:
    """Return the rows of the output."""
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--pred-probs", "probs.npy"],
        ["--pred-probs", "moved.npy", "--class-names", "shipping, billing,refund"],
        ["--pred-probs", "moved.npy", "--class-names", "classes.txt"],
        ["--pred-probs", "table.csv"],
        ["--pred-probs", "probs.parquet", "--pred-probs-id", "key", "--id", "nr"],
    ],
)
def test_every_kind_of_file_gives_the_same_suspects(folder: Path, arguments: list[str]) -> None:
    """The three wrong labels lead, with the numbers of the file."""
    run(*arguments, "--text", "message", "--label", "topic", cwd=folder)

    rows = suspects(folder)
    assert {int(line["row"]) for line in rows[:3]} == WRONG
    assert {int(line["row"]) for line in rows if line["is_issue"] == "true"} == WRONG
    assert [line["label_quality"] for line in rows[:3]] == ["0.1"] * 3
    assert (rows[-1]["row"], rows[-1]["suggested_label"]) == ("11", "shipping")


def test_what_was_understood_is_said_and_kept_in_the_summary(folder: Path) -> None:
    """Where the probabilities came from, in words on stderr and as JSON."""
    said = run("--pred-probs", "table.csv", "--label", "topic", "--summary", "summary.json", cwd=folder).stderr

    assert "probabilities: The 3 columns that are named like a class." in said
    assert "probabilities: Matched by name; the columns were in another order." in said
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    own = summary["pred_probs"]
    assert (own["source"], own["file"], own["format"], own["dtype"]) == ("file", "table.csv", "csv", "float64")
    assert own["reasons"]["class_order"].startswith("Matched by name")
    assert summary["n_issues"] == 3
    assert [warning.startswith("1 row has no label") for warning in summary["warnings"]] == [True]


def test_without_the_option_the_summary_names_our_own_model(folder: Path) -> None:
    """So that a reader of several summaries can tell them apart."""
    run("--label", "topic", "--text", "message", "--summary", "summary.json", cwd=folder)

    assert json.loads((folder / "summary.json").read_text(encoding="utf-8"))["pred_probs"] == {"source": "labelclean"}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda probs, _: probs[:, [1, 2, 0]],
            "what they fit: billing → refund, refund → shipping, shipping → billing.",
        ),
        (lambda probs, _: probs * 0.5, "do not sum to 1, first in row 0, where they sum to 0.5"),
        (lambda _, codes: np.eye(3)[codes], "trained on these very rows"),
        (lambda probs, _: np.full_like(probs, 0.25), "all 320 rows are the same"),
    ],
)
def test_what_looks_odd_is_a_warning_on_stderr_and_in_the_summary(folder: Path, make: Any, said: str) -> None:
    """Also where all else is quiet; the work goes on."""
    codes = np.array([(row + (row in WRONG)) % 3 for row in range(N_ROWS)])
    np.save(folder / "odd.npy", make(probabilities(), codes))

    result = run(
        "--pred-probs", "odd.npy", "--label", "topic", "--text", "message", "--summary", "s.json", "-q", cwd=folder
    )

    (line,) = [line for line in result.stderr.splitlines() if said in line]
    assert line.startswith("warning: ")
    assert line.removeprefix("warning: ") in json.loads((folder / "s.json").read_text(encoding="utf-8"))["warnings"]
    assert all(each.startswith("warning: ") for each in result.stderr.splitlines())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--pred-probs", "no.npy"], 3, "error: The file no.npy does not exist."),
        (["--pred-probs", "."], 2, "it is a directory"),
        (["--pred-probs", "messages.csv"], 2, "column of numbers for each class"),
        (["--pred-probs", "short.npy"], 2, "each of the 320 rows of the dataset; got 319"),
        (["--pred-probs", "wide.npy"], 2, "each of the 3 classes; got 4 columns without names"),
        (["--pred-probs", "nan.npy"], 2, "first in row 11"),
        (["--pred-probs", "probs.npy", "--class-names", "no.txt"], 3, "The file no.txt does not exist."),
        (["--pred-probs", "probs.npy", "--class-names", "a,refund,shipping"], 2, "there is none for 1 of 3: 'billing'"),
        (["--pred-probs", "probs.npy", "--class-names", "a,b"], 2, "each of the 3 columns"),
        (["--pred-probs", "probs.npy", "--class-names", "probs.npy"], 2, "must be UTF-8 text"),
        (["--pred-probs", "probs.npy", "--pred-probs-id", "key"], 2, "only be named in a table"),
        (["--pred-probs", "probs.parquet", "--pred-probs-id", "key"], 2, "if the dataset has some; it has none"),
        (["--class-names", "a,b"], 2, "--class-names must go with --pred-probs"),
        (["--pred-probs-id", "key"], 2, "--pred-probs-id must go with --pred-probs"),
        (["--pred-probs", "probs.npy", "--summary", "probs.npy"], 2, "must not be an input file"),
    ],
)
def test_a_refusal_has_its_exit_code_and_leaves_no_file(
    folder: Path, arguments: list[str], code: int, said: str
) -> None:
    """Two lines on stderr, nothing written."""
    probs = probabilities()
    np.save(folder / "short.npy", probs[:-1])
    np.save(folder / "wide.npy", np.column_stack([probs, probs[:, 0]]))
    probs[11, 0] = np.nan
    np.save(folder / "nan.npy", probs)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    result = run(*arguments, "--text", "message", "--label", "topic", cwd=folder, code=code)

    assert said in result.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_help_shows_how(tmp_path: Path) -> None:
    """The options, an example, and what the file may be."""
    shown = run("--help", cwd=tmp_path).stdout

    assert "--pred-probs probs.npy --class-names bad,fine,good" in shown
    assert "one column per class, named like the class" in shown
