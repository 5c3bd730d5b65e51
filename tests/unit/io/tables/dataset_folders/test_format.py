from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from labelclean.errors import FileContentError, InvalidInputError, StoreError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.dataset_folders.format import (
    ARROW_FOLDER,
    is_dataset_folder,
    pack_folder,
    split_names,
    unpack_folder,
)

FEATURES = {
    "text": {"dtype": "string", "_type": "Value"},
    "label": {"names": ["late", "broken"], "_type": "ClassLabel"},
    "tags": {"feature": {"names": ["fast", "slow"], "_type": "ClassLabel"}, "_type": "List"},
}
ROWS = pa.table(
    {
        "text": [f"Parcel {row} is not here." for row in range(6)],
        "label": [0, 1, None, 0, -1, 1],
        "tags": [[0], [], None, [0, 1], [1], []],
    }
)


def layout(part: str = "") -> FileLayout:
    """Return the layout of a folder."""
    return FileLayout(
        file_format="arrow", encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0, part=part
    )


def save(folder: Path, table: pa.Table = ROWS, *, n_files: int = 2, batch_rows: int = 2) -> Path:
    """Write a folder as ``datasets`` does."""
    folder.mkdir(parents=True)
    names = [f"data-{number:05}-of-{n_files:05}.arrow" for number in range(n_files)]
    metadata = {"huggingface": json.dumps({"info": {"features": FEATURES}})}
    table = table.replace_schema_metadata(metadata)
    share = -(-table.num_rows // n_files)
    for number, name in enumerate(names):
        with pa.ipc.new_stream(str(folder / name), table.schema) as writer:
            writer.write_table(table.slice(number * share, share), max_chunksize=batch_rows)
    state: dict[str, object] = {
        "_data_files": [{"filename": name} for name in names],
        "_fingerprint": "0123456789abcdef",
        "_format_columns": None,
        "_format_kwargs": {},
        "_split": None,
    }
    (folder / "state.json").write_text(json.dumps(state, indent=2))
    (folder / "dataset_info.json").write_text(json.dumps({"citation": "", "features": FEATURES}, indent=2))
    return folder


def save_splits(folder: Path) -> Path:
    """Write a folder with two splits."""
    save(folder / "train")
    save(folder / "test", ROWS.slice(0, 3), n_files=1)
    (folder / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    return folder


def write(
    path: Path,
    cells: Mapping[int, Mapping[str, CellValue]] | None = None,
    *,
    part: str = "",
    dropped: Sequence[int] = (),
    added: Mapping[str, Sequence[CellValue]] | None = None,
) -> tuple[int, dict[str, bytes]]:
    """Write a folder with changes; returns in how many rows cells changed, and the files of the archive."""
    target = io.BytesIO()
    edits = TableEdits(cells=cells or {}, dropped_rows=frozenset(dropped), added=added or {})
    n_changed = ARROW_FOLDER.write(path, target, layout(part), edits)
    with zipfile.ZipFile(target) as archive:
        assert all(member.compress_type == zipfile.ZIP_STORED for member in archive.infolist())
        return n_changed, {name: archive.read(name) for name in archive.namelist()}


def files_of(folder: Path) -> dict[str, bytes]:
    """Return all files of a directory by relative name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows_of(content: bytes) -> list[dict[str, object]]:
    """Return the rows of an Arrow stream."""
    rows: list[dict[str, object]] = pa.ipc.open_stream(content).read_all().to_pylist()
    return rows


def test_a_folder_reads_like_a_table(tmp_path: Path) -> None:
    """A class label is its number, with the names apart; lists of them are lists of names."""
    path = save(tmp_path / "reviews")

    found = ARROW_FOLDER.scan(path, layout())

    assert (found.columns, found.n_rows) == (("text", "label", "tags"), 6)
    assert found.kinds == ("text", "number", "list")
    assert dict(found.class_names) == {"label": ("late", "broken"), "tags": ("fast", "slow")}
    assert found.sample[3] == ("Parcel 3 is not here.", "0", '["fast", "slow"]')
    assert ARROW_FOLDER.read(path, layout(), ["tags", "label"]) == [
        [["fast"], [], None, ["fast", "slow"], ["slow"], []],
        [0, 1, None, 0, -1, 1],
    ]
    assert ARROW_FOLDER.read(path, layout(), ["label"], rows=[5, 2]) == [[None, 1]]


def test_only_files_with_changes_and_the_fingerprint_are_new(tmp_path: Path) -> None:
    """Every other file is the same byte for byte."""
    path = save(tmp_path / "reviews")
    old = files_of(path)

    n_changed, new = write(path, {4: {"label": 0, "tags": ["slow", "fast"]}, 5: {"label": 1}})

    assert n_changed == 1
    changed = {name for name in old if old[name] != new[name]}
    assert changed == {"data-00001-of-00002.arrow", "state.json"}
    state = json.loads(new["state.json"])
    assert state.pop("_fingerprint") != "0123456789abcdef"
    assert {**state, "_fingerprint": "0123456789abcdef"} == json.loads(old["state.json"])
    expected = rows_of(old["data-00001-of-00002.arrow"])
    expected[1] |= {"label": 0, "tags": [1, 0]}
    assert rows_of(new["data-00001-of-00002.arrow"]) == expected


def test_the_same_changes_give_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in the archive depends on the time; other changes have another fingerprint."""
    path = save(tmp_path / "reviews")

    first, again, other = (write(path, {0: {"label": label}})[1] for label in (1, 1, None))

    assert first == again
    assert first["state.json"] != other["state.json"]


def test_without_changes_all_files_are_the_same(tmp_path: Path) -> None:
    """The fingerprint too."""
    path = save(tmp_path / "reviews")

    n_changed, new = write(path)

    assert n_changed == 0
    assert new == files_of(path)


def test_a_new_name_is_appended_everywhere_the_split_lists_names(tmp_path: Path) -> None:
    """The numbers that are there keep their meaning."""
    path = save(tmp_path / "reviews")

    _, new = write(path, {1: {"label": "lost", "tags": ["odd", "fast"]}})

    info = json.loads(new["dataset_info.json"])["features"]
    assert info["label"]["names"] == ["late", "broken", "lost"]
    assert info["tags"]["feature"]["names"] == ["fast", "slow", "odd"]
    for name in ("data-00000-of-00002.arrow", "data-00001-of-00002.arrow"):
        metadata = pa.ipc.open_stream(new[name]).schema.metadata[b"huggingface"]
        assert json.loads(metadata)["info"]["features"] == info
    assert rows_of(new["data-00000-of-00002.arrow"])[1] == {
        "text": "Parcel 1 is not here.",
        "label": 2,
        "tags": [2, 0],
    }


def test_rows_go_and_columns_come(tmp_path: Path) -> None:
    """Files of which no row is left hold no rows; the features name the new column."""
    path = save(tmp_path / "reviews")

    _, new = write(path, dropped=[0, 3, 4, 5], added={"consensus": ["a", "b", None, "d", "e", "f"]})

    assert [row["consensus"] for row in rows_of(new["data-00000-of-00002.arrow"])] == ["b", None]
    assert rows_of(new["data-00001-of-00002.arrow"]) == []
    assert json.loads(new["dataset_info.json"])["features"]["consensus"] == {"dtype": "string", "_type": "Value"}


def test_one_split_is_chosen_and_the_others_stay(tmp_path: Path) -> None:
    """Without a choice it is the first one."""
    path = save_splits(tmp_path / "reviews")
    old = files_of(path)

    _, new = write(path, {0: {"label": 1}}, part="test")

    assert split_names(path) == ("train", "test")
    assert ARROW_FOLDER.scan(path, layout()).n_rows == 6
    assert ARROW_FOLDER.scan(path, layout("test")).n_rows == 3
    changed = {name for name in old if old[name] != new[name]}
    assert changed == {"test/data-00000-of-00001.arrow", "test/state.json"}
    with pytest.raises(InvalidInputError, match="there is no “dev”"):
        ARROW_FOLDER.scan(path, layout("dev"))


def test_a_folder_survives_its_archive(tmp_path: Path) -> None:
    """Packing twice gives the same bytes; the archive reads like the folder and unpacks to it."""
    path = save_splits(tmp_path / "reviews")
    archive, again = tmp_path / "reviews.zip", io.BytesIO()
    with archive.open("wb") as target:
        pack_folder(path, target)
    pack_folder(path, again)

    unpack_folder(archive, tmp_path / "unpacked")

    assert archive.read_bytes() == again.getvalue()
    assert is_dataset_folder(archive)
    assert split_names(archive) == ("train", "test")
    assert ARROW_FOLDER.scan(archive, layout("test")) == ARROW_FOLDER.scan(path, layout("test"))
    assert files_of(tmp_path / "unpacked") == files_of(path)
    with pytest.raises(InvalidInputError, match="must be a new one"):
        unpack_folder(archive, tmp_path / "unpacked")


def test_an_archive_may_hold_the_folder_under_its_name(tmp_path: Path) -> None:
    """As file managers pack it, deflated, with their own extras; names stay on the way back."""
    path = save(tmp_path / "reviews")
    archive = tmp_path / "reviews.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files_of(path).items():
            target.writestr(f"reviews/{name}", content)
        target.writestr("__MACOSX/reviews/._state.json", b"\0")

    _, new = write(archive, {0: {"label": 1}})
    unpack_folder(archive, tmp_path / "unpacked")

    assert ARROW_FOLDER.read(archive, layout(), ["label"])[0] == [0, 1, None, 0, -1, 1]
    assert sorted(new) == sorted(["__MACOSX/reviews/._state.json", *(f"reviews/{name}" for name in files_of(path))])
    assert files_of(tmp_path / "unpacked") == files_of(path)


def edit_state(folder: Path, **changes: object) -> None:
    """Change the state of a folder."""
    state = json.loads((folder / "state.json").read_text())
    (folder / "state.json").write_text(json.dumps(state | changes))


def cut(path: Path) -> None:
    """Take the second half of a file away."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def file_format_instead(path: Path) -> None:
    """Write the rows in Arrow's file format, which is not the stream."""
    with pa.ipc.new_file(str(path), ROWS.schema) as writer:
        writer.write_table(ROWS)


DATA = "data-00001-of-00002.arrow"


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda folder: (folder / DATA).unlink(), f"its file “{DATA}” is missing"),
        (lambda folder: (folder / "dataset_info.json").unlink(), "its file “dataset_info.json” is missing"),
        (lambda folder: (folder / "state.json").unlink(), "this one has neither"),
        (lambda folder: cut(folder / "state.json"), "“state.json” must say in JSON"),
        (lambda folder: (folder / "state.json").write_text("[" * 100_000), "“state.json” must say in JSON"),
        (lambda folder: edit_state(folder, _data_files=[]), "“state.json” must say in JSON"),
        (lambda folder: edit_state(folder, _data_files=[{"filename": "../x"}]), "“state.json” must say in JSON"),
        (lambda folder: edit_state(folder, _indices_files=[{"filename": "i"}]), "keeps another order"),
        (lambda folder: cut(folder / DATA), "one of its files is damaged"),
        (lambda folder: file_format_instead(folder / DATA), "an Arrow file of the other kind"),
        (lambda folder: shutil.copy(folder / "state.json", folder / DATA), "one of its files is damaged"),
    ],
)
def test_damaged_folders_are_refused(tmp_path: Path, harm: Callable[[Path], object], words: str) -> None:
    """Each kind of damage gets its own words."""
    path = save(tmp_path / "reviews")
    harm(path)

    with pytest.raises(FileContentError, match=words):
        ARROW_FOLDER.scan(path, layout())


def test_files_with_other_columns_are_refused(tmp_path: Path) -> None:
    """All files of a split are one table."""
    path = save(tmp_path / "reviews")
    with pa.ipc.new_stream(str(path / DATA), ROWS.select(["text"]).schema) as writer:
        writer.write_table(ROWS.select(["text"]))

    with pytest.raises(FileContentError, match="must have the same columns; they differ"):
        ARROW_FOLDER.scan(path, layout())


def test_types_that_datasets_does_not_write_are_refused(tmp_path: Path) -> None:
    """Damaged maps would end the whole program, not only the reading."""
    table = pa.table({"text": ["a"], "scores": pa.array([[("x", 1)]], pa.map_(pa.string(), pa.int8()))})
    path = save(tmp_path / "reviews", table, n_files=1)

    with pytest.raises(FileContentError, match="column “scores” has the type map<string, int8>"):
        ARROW_FOLDER.scan(path, layout())


def test_other_folders_and_archives_are_no_datasets(tmp_path: Path) -> None:
    """A folder of tables, an archive of one, and two datasets side by side."""
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "table.csv").write_text("text,label\n")
    with zipfile.ZipFile(tmp_path / "plain.zip", "w") as archive:
        archive.writestr("table.csv", "text,label\n")
    save(tmp_path / "two" / "one")
    save(tmp_path / "two" / "other")
    (tmp_path / "text.zip").write_bytes(b"PK\x03\x04 but no archive")

    found = [is_dataset_folder(tmp_path / name) for name in ("plain", "plain.zip", "two", "text.zip", "none")]

    assert found == [False] * 5
    with pytest.raises(FileContentError, match="this one has 2 deeper inside it"):
        split_names(tmp_path / "two")


@pytest.mark.parametrize("name", ["../state.json", "/state.json", "a/../../state.json", "C:/state.json", "..\\x"])
def test_names_that_lead_out_of_an_archive_are_refused(tmp_path: Path, name: str) -> None:
    """Nothing is unpacked, not even to a temporary folder that stays."""
    archive = tmp_path / "bad.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("state.json", "{}")
        target.writestr(name, "{}")

    with pytest.raises(FileContentError, match="the name of one leads out of it"):
        unpack_folder(archive, tmp_path / "unpacked")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.zip"]


def test_a_damaged_archive_leaves_nothing_behind(tmp_path: Path) -> None:
    """A wrong checksum is found while unpacking."""
    path = save(tmp_path / "reviews")
    archive = tmp_path / "reviews.zip"
    with archive.open("wb") as target:
        pack_folder(path, target)
    content = bytearray(archive.read_bytes())
    content[content.index(b"Parcel 1")] ^= 1
    archive.write_bytes(content)

    with pytest.raises(FileContentError, match="a file in it is damaged"):
        unpack_folder(archive, tmp_path / "unpacked")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["reviews", "reviews.zip"]


def test_impossible_changes_are_refused(tmp_path: Path) -> None:
    """Rows and columns must be the split's, numbers must have a name."""
    path = save(tmp_path / "reviews")

    with pytest.raises(InvalidInputError, match="6 rows counted from 0; got row 6"):
        write(path, {6: {"label": 0}})
    with pytest.raises(InvalidInputError, match="there is no “stars”"):
        write(path, {0: {"stars": 0}})
    with pytest.raises(FileContentError, match="row 0 would get number 2"):
        write(path, {0: {"label": 2}})
    with pytest.raises(InvalidInputError, match="the dataset has a column “label”"):
        write(path, added={"label": [0] * 6})
    with pytest.raises(InvalidInputError, match="“new” has 1"):
        write(path, added={"new": [0]})


class FullDisk(io.BytesIO):
    """A target with room for some bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, data: Any, /) -> int:
        """Fail as a full disk does."""
        self._room -= memoryview(data).nbytes
        if self._room < 0:
            raise OSError(28, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("room", [0, 500, 1_500, 2_500])
def test_a_full_disk_is_an_error_of_the_store(tmp_path: Path, room: int) -> None:
    """Wherever the room ends: in a copied file, in new rows, between them."""
    path = save(tmp_path / "reviews")

    with pytest.raises(StoreError, match="No space left on device"):
        ARROW_FOLDER.write(path, FullDisk(room), layout(), TableEdits(cells={0: {"label": 1}, 5: {"label": 0}}))
    with pytest.raises(StoreError, match="No space left on device"):
        pack_folder(path, FullDisk(room))
