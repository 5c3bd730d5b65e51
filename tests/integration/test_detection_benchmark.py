"""The detection benchmark runs from the files to the table."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import detection
from tests.benchmarks.detection_contenders import RANKING_ONLY
from tests.benchmarks.detection_goals import GOALS

WORDS = {
    "fruit": "apple pear plum cherry grape lemon fig peach melon quince",
    "tool": "hammer saw drill wrench pliers chisel rasp vice awl plane",
}


def test_every_contender_is_measured_on_a_made_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """120 rows of two classes with no word in common, eleven of them wrong: everybody finds nearly all first."""
    _write_made_set(tmp_path / "made__mix10.csv")

    detection.main(["--data", str(tmp_path), "--markdown"])

    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    header, runs = lines[0], [dict(zip(lines[0], line, strict=True)) for line in lines[2:6]]
    assert header[:3] == ["set", "who", "AP"]
    assert [run["who"] for run in runs] == ["labelclean", "reference, C=1", "reference, C=20", RANKING_ONLY]
    assert min(float(run["AP"]) for run in runs) > 0.9
    assert min(float(run["suggestion right"]) for run in runs) > 0.9
    assert {run["errors"] for run in runs} == {"11"}
    assert all(float(run["peak MiB"]) > 10 for run in runs)
    goals = lines[-len(GOALS) :]
    assert [line[0] for line in goals] == [goal.title for goal in GOALS]
    assert goals[0][2:] == ["-", "no set"]
    assert float(goals[2][2]) == pytest.approx(float(runs[0]["AP"]) / float(runs[1]["AP"]), abs=0.002)


def test_a_kept_reference_is_not_run_again_and_only_is_one_contender(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two seeds: the spread is shown; with one contender alone there are no goals."""
    _write_made_set(tmp_path / "made__mix10.csv")
    options = ["--data", str(tmp_path), "--keep", str(tmp_path / "kept"), "--only", "reference, C=1", "--seeds", "2"]

    detection.main(options)
    first = capsys.readouterr().out
    written = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "kept").iterdir()}
    detection.main(options)

    assert capsys.readouterr().out == first
    assert " ± " in first
    assert "goal" not in first
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "kept").iterdir()} == written
    assert len(written) == 2


def _write_made_set(path: Path) -> None:
    generator = np.random.default_rng(0)
    names = list(WORDS)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "given_label", "true_label"])
        for row in range(120):
            true = names[row % 2]
            given = names[1 - row % 2] if row % 11 == 5 else true
            words = generator.choice(WORDS[true].split(), size=4, replace=False)
            writer.writerow([row, " ".join(words), given, true])
