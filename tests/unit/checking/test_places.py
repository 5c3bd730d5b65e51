"""Where a row stands in its file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labelclean.checking.places import find_places
from labelclean.dataset import Dataset
from labelclean.io.layout import FileLayout

LAYOUT = FileLayout(
    file_format="csv", encoding="utf-8", byte_order_mark=False, delimiter=",", columns=("text", "label"), n_rows=3
)
DATASET = Dataset.from_labels(["x", "y", "z"], ["a", "b", "a"])


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a table into a folder below the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my data").mkdir()
    path = tmp_path / "my data" / "in.csv"
    path.write_text('text,label\n"x\n",a\ny,b\nz,a\n', encoding="utf-8")
    return path


def test_a_file_is_named_from_the_current_folder_on(source: Path) -> None:
    """Whether its path was given whole or not; as an address its space is spelled out."""
    whole = find_places(source, LAYOUT, DATASET, [1])
    short = find_places(Path("my data/in.csv"), LAYOUT, DATASET, [1])

    assert whole == short
    assert (whole.name, whole.uri, whole.lines) == ("my data/in.csv", "my%20data/in.csv", {1: 4})


def test_a_file_elsewhere_is_named_without_its_folders(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are nobody's business."""
    (source.parent / "below").mkdir()
    monkeypatch.chdir(source.parent / "below")

    assert find_places(source, LAYOUT, DATASET, []).name == "in.csv"


def test_a_text_with_several_records_stands_where_its_first_one_does(source: Path) -> None:
    """In a file with one record for each vote: records 0 and 2 are of text 0, record 1 of text 1."""
    votes = replace(Dataset.from_labels(["x", "y"], ["a", "b"]), records=np.array([0, 1, 0]))

    assert find_places(source, LAYOUT, votes, [0, 1]).lines == {0: 2, 1: 4}
