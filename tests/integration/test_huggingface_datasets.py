"""Datasets that Hugging Face ``datasets`` saved: read by us, corrected, and loaded by it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.dataset_folders.format import ARROW_FOLDER, is_dataset_folder, split_names, unpack_folder
from labelclean.io.tables.parquet_files.format import PARQUET


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep ``datasets`` from the network and from the user's own folder."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))


def reviews() -> Any:
    """Return a dataset with single labels and lists of labels."""
    import datasets  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to load, and read after the fixture)

    features = datasets.Features(
        {
            "text": datasets.Value("string"),
            "label": datasets.ClassLabel(names=["late", "broken"]),
            "tags": datasets.List(datasets.ClassLabel(names=["fast", "slow"])),
            "score": datasets.Value("float32"),
        }
    )
    rows = {
        "text": [f"Parcel {row} is not here." for row in range(2_500)],
        "label": [None if row % 7 == 0 else row % 2 for row in range(2_500)],
        "tags": [[[], [0], [1, 0]][row % 3] for row in range(2_500)],
        "score": [row / 4 for row in range(2_500)],
    }
    return datasets.Dataset.from_dict(rows, features=features)


def layout(part: str = "") -> FileLayout:
    """Return the layout of a folder."""
    return FileLayout(
        file_format="arrow", encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0, part=part
    )


def corrected(folder: Path, cells: dict[int, dict[str, CellValue]], *, part: str = "") -> Any:
    """Write a folder with changes, and load what comes of it."""
    import datasets  # noqa: PLC0415  (see above)

    archive = folder.with_suffix(".zip")
    with archive.open("wb") as target:
        ARROW_FOLDER.write(folder, target, layout(part), TableEdits(cells=cells))
    unpack_folder(archive, folder.with_name("corrected"))
    return datasets.load_from_disk(str(folder.with_name("corrected")))


def test_a_saved_dataset_comes_back_but_for_the_corrected_labels(tmp_path: Path) -> None:
    """Values and features are the same; the fingerprint is not."""
    before = reviews()
    before.save_to_disk(str(tmp_path / "reviews"), num_shards=3)

    after = corrected(tmp_path / "reviews", {1: {"label": 0}, 2_000: {"tags": ["slow"], "label": None}})

    rows = before.to_list()
    rows[1]["label"] = 0
    rows[2_000] |= {"tags": [1], "label": None}
    assert after.to_list() == rows
    assert after.features == before.features
    assert after._fingerprint != before._fingerprint


def test_a_dataset_with_splits_comes_back(tmp_path: Path) -> None:
    """Also one whose rows were filtered; only the chosen split changes."""
    import datasets  # noqa: PLC0415  (see above)

    some = reviews().filter(lambda row: row["label"] == 1).shuffle(seed=0)
    before = datasets.DatasetDict({"train": reviews().select(range(10)), "test": some})
    before.save_to_disk(str(tmp_path / "reviews"))

    assert is_dataset_folder(tmp_path / "reviews")
    assert split_names(tmp_path / "reviews") == ("train", "test")
    assert ARROW_FOLDER.read(tmp_path / "reviews", layout("test"), ["text"])[0] == some["text"][:]
    after = corrected(tmp_path / "reviews", {3: {"label": "lost"}}, part="test")

    assert after["train"].to_list() == before["train"].to_list()
    assert after["test"].features["label"].names == ["late", "broken", "lost"]
    rows = before["test"].to_list()
    rows[3]["label"] = 2
    assert after["test"].to_list() == rows


def test_parquet_files_of_datasets_keep_their_features(tmp_path: Path) -> None:
    """Loading the corrected file gives class labels again, and a consensus column if one was added."""
    import datasets  # noqa: PLC0415  (see above)

    before = reviews().select(range(20))
    before.to_parquet(str(tmp_path / "reviews.parquet"))
    names = PARQUET.scan(tmp_path / "reviews.parquet", layout()).class_names
    edits = TableEdits(cells={1: {"label": "late"}}, added={"consensus": ["x"] * 20})
    with (tmp_path / "corrected.parquet").open("wb") as target:
        PARQUET.write(tmp_path / "reviews.parquet", target, layout(), edits)

    after = datasets.Dataset.from_parquet(str(tmp_path / "corrected.parquet"), cache_dir=str(tmp_path / "cache"))

    assert dict(names) == {"label": ("late", "broken"), "tags": ("fast", "slow")}
    assert after.features == {**before.features, "consensus": datasets.Value("string")}
    rows = [row | {"consensus": "x"} for row in before.to_list()]
    rows[1]["label"] = 0
    assert after.to_list() == rows
