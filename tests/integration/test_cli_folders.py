"""Folders as Hugging Face ``datasets`` saves them, on the command line."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import datasets  # type: ignore[import-untyped]
import pytest

_LOG = "row,id,old,new,verdict\n1,,late,broken,accept\n"


def _run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "labelclean", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """Return a directory with a saved dataset and a change log for it."""
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["late", "broken"])}
    )
    texts = [f"parcel {row} came {('late', 'in pieces')[row % 2]}" for row in range(60)]
    saved = datasets.Dataset.from_dict({"text": texts, "label": [0, 0, *([0, 1] * 29)]}, features=features)
    saved.save_to_disk(tmp_path / "saved")
    (tmp_path / "log.csv").write_text(_LOG, encoding="utf-8")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    return tmp_path


def test_a_folder_comes_back_as_a_folder(room: Path) -> None:
    """Only the corrected label is another one."""
    ended = _run("apply", "saved", "--decisions", "log.csv", "--output", "fixed", folder=room)

    assert ended.returncode == 0, ended.stderr
    before, after = datasets.load_from_disk(room / "saved"), datasets.load_from_disk(room / "fixed")
    assert after.features == before.features
    assert [row for row in range(60) if before[row] != after[row]] == [1]
    assert after[1]["label"] == 1


def test_without_decisions_every_file_of_the_folder_is_the_same(room: Path) -> None:
    """Byte for byte."""
    ended = _run("apply", "saved", "--decisions", "empty.csv", "--output", "same", folder=room)

    assert ended.returncode == 0, ended.stderr
    names = sorted(path.name for path in (room / "saved").iterdir())
    assert names == sorted(path.name for path in (room / "same").iterdir())
    assert all((room / "saved" / name).read_bytes() == (room / "same" / name).read_bytes() for name in names)


def test_a_name_that_ends_in_zip_gives_an_archive(room: Path) -> None:
    """As on standard output."""
    ended = _run("apply", "saved", "--decisions", "log.csv", "--output", "fixed.zip", folder=room)

    assert ended.returncode == 0, ended.stderr
    with zipfile.ZipFile(room / "fixed.zip") as archive:
        assert "dataset_info.json" in {Path(name).name for name in archive.namelist()}


def test_suspects_are_found_in_a_folder(room: Path) -> None:
    """Its class names stand for the numbers."""
    ended = _run("find", "saved", "--output", "suspects.csv", "--folds", "3", folder=room)

    assert ended.returncode == 0, ended.stderr
    assert (room / "suspects.csv").read_text(encoding="utf-8").splitlines()[1].startswith("1,1,late,broken,")


def test_nothing_is_written_where_something_is(room: Path) -> None:
    """A folder is never written over."""
    (room / "taken").mkdir()

    ended = _run("apply", "saved", "--decisions", "log.csv", "--output", "taken", folder=room)

    assert ended.returncode == 2
    assert "does not exist yet" in ended.stderr
    assert list((room / "taken").iterdir()) == []


def test_another_folder_is_refused(room: Path) -> None:
    """It says what kind of folder it could be."""
    (room / "plain").mkdir()

    ended = _run("find", "plain", "--output", "suspects.csv", folder=room)

    assert ended.returncode == 2
    assert "as Hugging Face datasets saves it; it is another directory" in ended.stderr
    assert not (room / "suspects.csv").exists()
