from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet as pq

from labelclean.errors import FileContentError, LabelCleanError
from labelclean.io.tables.parquet_files.footer import read_footer
from labelclean.io.tables.parquet_files.thrift import BINARY, I32, I64, ThriftList, ThriftStruct, parse, serialise
from tests.unit.io.tables.parquet_cases import read, saved, scan, write

TABLE = pa.table(
    {
        "text": ["a", "é", None, "d"] * 3,
        "label": ["x", "y", None, "x"] * 3,
        "tags": [["a"], [], None, ["b", None]] * 3,
        "kind": pa.array(["p", "q", None, "p"] * 3).dictionary_encode(),
    }
)


def content_of(table: pa.Table, **options: object) -> bytes:
    """Return a table as a Parquet file."""
    target = io.BytesIO()
    pq.write_table(table, target, **options)
    return target.getvalue()


def with_footer(content: bytes, footer: ThriftStruct) -> bytes:
    """Return a file with another footer."""
    n_bytes = int.from_bytes(content[-8:-4], "little")
    new = serialise(footer)
    return content[: -8 - n_bytes] + new + len(new).to_bytes(4, "little") + b"PAR1"


def footer_of(content: bytes) -> ThriftStruct:
    """Return a file's footer."""
    n_bytes = int.from_bytes(content[-8:-4], "little")
    return parse(content[-8 - n_bytes : -8])


def refused(folder: Path, content: bytes, words: str) -> None:
    """Check that a file is refused with these words."""
    path = folder / "bad.parquet"
    path.write_bytes(content)
    with pytest.raises(FileContentError, match=words):
        scan(path)


def test_a_footer_is_written_as_it_was_read() -> None:
    """Fields that we do not know are kept, so the bytes are the same."""
    content = content_of(TABLE, row_group_size=5, write_page_index=True)
    n_bytes = int.from_bytes(content[-8:-4], "little")

    assert serialise(footer_of(content)) == content[-8 - n_bytes : -8]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content[:-20], "the end of this one, of [0-9,]+ bytes, is missing or damaged"),
        (lambda content: content[:6], "of 6 bytes, is missing"),
        (lambda content: b"PAR2" + content[4:], "must begin with “PAR1”"),
        (lambda content: content[:-4] + b"PARE", "it is encrypted"),
        (lambda content: content[:-8] + b"\xff\xff\xff\x7fPAR1", "is missing or damaged"),
        (lambda content: content[:-8] + b"\0\0\0\0PAR1", "damaged"),
    ],
)
def test_files_that_are_cut_or_something_else_are_refused(tmp_path: Path, change: object, words: str) -> None:
    """Each gets its own message."""
    assert callable(change)

    refused(tmp_path, change(content_of(TABLE)), words)


def test_encrypted_columns_and_columns_in_other_files_are_refused(tmp_path: Path) -> None:
    """The footer says so."""
    content = content_of(TABLE)
    encrypted, elsewhere = footer_of(content), footer_of(content)
    encrypted.put(8, 12, ThriftStruct())
    elsewhere.structs(4)[0].structs(1)[0].put(1, BINARY, b"part-0.parquet")

    refused(tmp_path, with_footer(content, encrypted), "it is encrypted")
    refused(tmp_path, with_footer(content, elsewhere), "some stand in other files")


def test_a_footer_that_lies_is_refused(tmp_path: Path) -> None:
    """Places outside the file, and row counts that do not add up, are found before anything is read."""
    content = content_of(TABLE)
    outside, too_many, negative, no_rows = (footer_of(content) for _ in range(4))
    outside.structs(4)[0].structs(1)[0].struct(3).put(7, I64, 1 << 40)
    too_many.put(3, I64, 1 << 60)
    negative.structs(4)[0].structs(1)[0].struct(3).put(9, I64, -1)
    no_rows.put(4, 9, parse(serialise(no_rows)).fields[4][1])
    no_rows.structs(4)[0].put(3, I64, 13)
    no_rows.put(3, I64, 13)

    refused(tmp_path, with_footer(content, outside), "it points outside the file")
    refused(tmp_path, with_footer(content, too_many), "another number of rows than it says")
    refused(tmp_path, with_footer(content, negative), "it points outside the file")
    refused(tmp_path, with_footer(content, no_rows), "damaged|as many rows as its footer says")


def test_a_schema_tree_that_cannot_be_is_refused(tmp_path: Path) -> None:
    """Nesting without an end would break the readers."""
    content = content_of(TABLE)
    deep, short = footer_of(content), footer_of(content)
    level = deep.structs(2)[1].copy()
    level.put(5, I32, 1)
    deep.put_structs(2, [deep.structs(2)[0], *[level] * 5_000, *deep.structs(2)[1:]])
    short.structs(2)[0].put(5, I32, 9)

    refused(tmp_path, with_footer(content, deep), "nested too deeply")
    refused(tmp_path, with_footer(content, short), "its schema ends too early")


def test_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    """LZO is in the format's definition, but nobody writes it any more."""
    content = content_of(TABLE)
    footer = footer_of(content)
    for chunk in footer.structs(4)[0].structs(1):
        chunk.struct(3).put(4, I32, 3)

    refused(tmp_path, with_footer(content, footer), "a compression or an encoding that cannot be read here")


def test_tables_without_rows_or_columns_are_refused(tmp_path: Path) -> None:
    """There is nothing to work on."""
    refused(tmp_path, content_of(TABLE.slice(0, 0)), "at least one row")
    refused(tmp_path, content_of(pa.table({})), "it has none")


def test_names_must_differ_and_be_few(tmp_path: Path) -> None:
    """Of two columns with the same name one could not be chosen."""
    twice = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    wide = pa.table({f"c{number}": ["a"] for number in range(10_001)})

    refused(tmp_path, content_of(twice), "2 columns are named “text”")
    refused(tmp_path, content_of(wide), "at most 10,000 columns; got 10,001")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    """As for every other format."""
    with pytest.raises(FileContentError, match="no file at the given path"):
        read_footer(tmp_path / "none.parquet")
    with pytest.raises(FileContentError, match="it names a folder"):
        read_footer(tmp_path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder to all examples of a property."""
    return tmp_path_factory.mktemp("damaged")


def test_row_groups_without_rows_are_passed_over(tmp_path: Path) -> None:
    """Some writers leave them; they are kept."""
    path = tmp_path / "table.parquet"
    with pq.ParquetWriter(path, TABLE.schema) as writer:
        for part in (TABLE.slice(0, 2), TABLE.slice(0, 0), TABLE.slice(2, 1)):
            writer.write_table(part)

    n_changed, content = write(path, {2: {"label": "z"}})

    assert scan(path).n_rows == 3
    assert n_changed == 1
    file = pq.ParquetFile(io.BytesIO(content))
    assert [file.metadata.row_group(group).num_rows for group in range(3)] == [2, 0, 1]
    assert file.read().column("label").to_pylist() == ["x", "y", "z"]


def test_lists_in_the_form_of_old_writers_can_be_corrected(tmp_path: Path) -> None:
    """They have one level of the schema less; the pages are the same, and the schema stays as it was."""
    tags = pa.array([["a"], [], None], pa.list_(pa.field("element", pa.string(), nullable=False)))
    content = content_of(pa.table({"tags": tags}), store_schema=False)
    footer = footer_of(content)
    root, top, _, element = footer.structs(2)
    element.put(3, I32, 2)  # repeated
    element.put(4, BINARY, b"array")
    footer.put_structs(2, [root, top, element])
    meta = footer.structs(4)[0].structs(1)[0].struct(3)
    meta.put(3, 9, ThriftList(BINARY, [b"tags", b"array"]))
    path = tmp_path / "old.parquet"
    path.write_bytes(with_footer(content, footer))

    n_changed, new = write(path, {1: {"tags": ["b", "c"]}})

    assert read(path, "tags") == [[["a"], [], None]]
    assert n_changed == 1
    file = pq.ParquetFile(io.BytesIO(new))
    assert file.schema.equals(pq.ParquetFile(path).schema)
    assert file.schema.column(0).path == "tags.array"
    assert file.read().column("tags").to_pylist() == [["a"], ["b", "c"], None]


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32), in_footer=st.booleans())
def test_damage_gives_no_error_but_our_own(folder: Path, seed: int, *, in_footer: bool) -> None:
    """Whatever bytes are flipped, scanning, reading and writing end, or say what is wrong."""
    content = bytearray(saved(folder, TABLE, row_group_size=5).read_bytes())
    chance = np.random.default_rng(seed)
    lowest = len(content) - 8 - int.from_bytes(content[-8:-4], "little") if in_footer else 0
    for _ in range(chance.integers(1, 5)):
        content[int(chance.integers(lowest, len(content)))] = int(chance.integers(256))
    path = folder / "damaged.parquet"
    path.write_bytes(content)

    for work in (
        lambda: scan(path),
        lambda: read(path, "text", "tags", "kind"),
        lambda: write(path, {0: {"label": "z", "kind": "z"}, 7: {"tags": ["z"]}}),
        lambda: write(path, dropped=[1], added={"new": ["z"] * 12}),
    ):
        try:
            work()
        except LabelCleanError as error:
            assert error.fix  # noqa: PT017  (many errors, each must say what to do)
