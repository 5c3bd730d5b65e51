"""``labelclean find --problems``: one line for each kind of problem of the data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from labelclean.cli.problems import note_problems
from labelclean.dataset import Dataset

WORDS = ("lamp", "table", "chair", "mirror", "phone")


def found_in(path: Path, *options: str) -> list[str]:
    """Run ``find`` over a file and return the lines about problems."""
    command = [sys.executable, "-m", "labelclean", "find", path.name, "--text", "text", "--label", "label", *options]
    done = subprocess.run([*command, "--output", "out.csv"], cwd=path.parent, capture_output=True, check=True)
    return [line for line in done.stderr.decode().splitlines() if line.startswith("problem:")]


def test_each_kind_of_problem_is_one_line_where_it_is_asked_for(tmp_path: Path) -> None:
    """The worst first; without the option there is none."""
    rows = [f"please send my {word} number {row} back,{'ab'[row % 2]},train" for row in range(6) for word in WORDS]
    rows += ["the cafÃ© is closed,a,train", "Where is it,a,train", "where is it,b,test"]
    path = tmp_path / "data.csv"
    path.write_text("\n".join(["text,label,split", *rows]) + "\n", encoding="utf-8")

    asked, silent = found_in(path, "--problems"), found_in(path, "--quiet")

    assert asked[0].startswith("problem: Overlap of splits: 2 rows, 1 group, 2 of them under different labels.")
    assert "problem: Damaged characters: 1 row." in asked
    assert silent == []


def test_nothing_found_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """So that nobody wonders whether it was looked for."""
    note_problems(Dataset.from_labels(["one text", "another message"], ["a", "b"]), {}, quiet=True)

    assert capsys.readouterr().err.strip() == "No other problems were found in the data."
