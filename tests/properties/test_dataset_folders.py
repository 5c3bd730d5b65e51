"""Folders of datasets of any schema: what is written back is the edited table; damage gives no error but our own."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from labelclean.errors import LabelCleanError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import TableEdits
from labelclean.io.tables.dataset_folders.format import ARROW_FOLDER, is_dataset_folder, split_names
from tests.arrow_tables import Example, examples

LAYOUT = FileLayout(file_format="arrow", encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0)
FEATURES = {"label": {"names": ["x", "y"], "_type": "ClassLabel"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder to all examples of a property."""
    return tmp_path_factory.mktemp("dataset")


def files_of(table: pa.Table, batch_rows: int) -> dict[str, bytes]:
    """Return the files of a dataset."""
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table, max_chunksize=batch_rows)
    state = {"_data_files": [{"filename": "data.arrow"}], "_fingerprint": "0" * 16}
    return {
        "data.arrow": stream.getvalue(),
        "dataset_info.json": json.dumps({"features": FEATURES}).encode(),
        "state.json": json.dumps(state).encode(),
    }


def save(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files to a folder."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@settings(deadline=None, max_examples=40)
@given(example=examples(), batch_rows=st.integers(1, 6))
def test_what_comes_back_is_the_edited_table(folder: Path, example: Example, batch_rows: int) -> None:
    """Every value but the edited ones is the same, and so is the schema."""
    assume(not any(pa.types.is_map(field.type) for field in example.table.schema))
    path = save(folder, files_of(example.table, batch_rows))
    target = io.BytesIO()

    ARROW_FOLDER.write(path, target, LAYOUT, TableEdits(cells=example.cells, dropped_rows=example.dropped))

    with zipfile.ZipFile(target) as archive:
        new = pa.ipc.open_stream(archive.read("data.arrow")).read_all()
    new.validate(full=True)
    assert new.schema.equals(example.table.schema, check_metadata=True)
    assert new.to_pylist() == example.edited.to_pylist()
    if example.table.num_rows:
        assert ARROW_FOLDER.scan(path, LAYOUT).n_rows == example.table.num_rows


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(["data.arrow", "dataset_info.json", "state.json", "zip"]))
def test_damage_gives_no_error_but_our_own(folder: Path, seed: int, name: str) -> None:
    """Whatever bytes are flipped, looking, reading and writing end, or say what is wrong."""
    table = pa.table({"text": ["a", "é", None], "label": [0, 1, None], "tags": [["p"], [], None]})
    files = files_of(table, 2)
    path = folder
    if name == "zip":
        path = folder / "dataset.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in files.items():
                archive.writestr(member, content)
        path.write_bytes(damaged(path.read_bytes(), seed))
    else:
        save(folder, files | {name: damaged(files[name], seed)})

    is_dataset_folder(path)
    for work in (
        lambda: split_names(path),
        lambda: ARROW_FOLDER.scan(path, LAYOUT),
        lambda: ARROW_FOLDER.read(path, LAYOUT, ["text", "tags"]),
        lambda: ARROW_FOLDER.write(path, io.BytesIO(), LAYOUT, TableEdits(cells={1: {"label": "z", "tags": ["q"]}})),
        lambda: ARROW_FOLDER.write(path, io.BytesIO(), LAYOUT, TableEdits(dropped_rows=frozenset([0]))),
    ):
        try:
            work()
        except LabelCleanError as error:
            assert error.fix  # noqa: PT017  (many errors, each must say what to do)


def damaged(content: bytes, seed: int) -> bytes:
    """Change some bytes."""
    chance = np.random.default_rng(seed)
    new = bytearray(content)
    for _ in range(chance.integers(1, 4)):
        new[int(chance.integers(len(new)))] = int(chance.integers(256))
    return bytes(new)
