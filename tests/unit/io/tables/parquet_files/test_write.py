from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from pyarrow import parquet as pq

from labelclean.errors import FileContentError, InvalidInputError, StoreError
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.parquet_files.format import PARQUET
from tests.unit.io.tables.parquet_cases import LAYOUT, read, saved, scan, table_of, write

REVIEWS = pa.table(
    {
        "text": [f"It came {row} days late." for row in range(12)],
        "label": ["late", "broken", None] * 4,
        "stars": pa.array([1, 2, 3] * 4, pa.int8()),
    }
)


def chunk_bytes(content: bytes, group: int, leaf: int) -> bytes:
    """Return the pages of one leaf column in one row group."""
    chunk = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(group).column(leaf)
    start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
    return content[start : start + chunk.total_compressed_size]


def test_only_pages_of_the_label_in_changed_row_groups_are_new(tmp_path: Path) -> None:
    """All other pages are the same bytes, and the schema and all metadata are the same."""
    table = REVIEWS.replace_schema_metadata({"made by": "hand"})
    path = saved(tmp_path, table, row_group_size=5, compression={"text": "zstd", "label": "gzip", "stars": "none"})

    n_changed, content = write(path, {6: {"label": "lost"}})

    old = path.read_bytes()
    same = [
        [chunk_bytes(old, group, leaf) == chunk_bytes(content, group, leaf) for leaf in range(3)] for group in range(3)
    ]
    assert same == [[True, True, True], [True, False, True], [True, True, True]]
    assert n_changed == 1
    labels = ["late", "broken", None] * 4
    labels[6] = "lost"
    assert table_of(content).equals(table.set_column(1, "label", pa.array(labels)), check_metadata=True)
    assert pq.ParquetFile(io.BytesIO(content)).metadata.row_group(1).column(1).compression == "GZIP"


def test_without_changes_the_file_is_the_same_bytes(tmp_path: Path) -> None:
    """What is copied piece by piece is put together as it was."""
    path = saved(tmp_path, REVIEWS, row_group_size=5)

    n_changed, content = write(path, {0: {"label": "late"}, 2: {"label": None}})

    assert n_changed == 0
    assert content == path.read_bytes()


def test_page_indexes_and_checksums_are_kept(tmp_path: Path) -> None:
    """A reader that jumps by the page index, or checks every page, still can."""
    path = saved(tmp_path, REVIEWS, row_group_size=5, write_page_index=True, write_page_checksum=True)

    _, content = write(path, {6: {"label": "lost"}})

    file = pq.ParquetFile(io.BytesIO(content), page_checksum_verification=True)
    chunks = [file.metadata.row_group(group).column(leaf) for group in range(3) for leaf in range(3)]
    assert all(chunk.has_offset_index and chunk.has_column_index for chunk in chunks)
    assert file.read().column("label").to_pylist()[5:8] == [None, "lost", "broken"]
    assert write_again(tmp_path, content) == content


def write_again(folder: Path, content: bytes) -> bytes:
    """Take a file apart and put it together once more."""
    path = folder / "again.parquet"
    path.write_bytes(content)
    return write(path, {0: {"label": "late"}})[1]


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_encodings_and_the_version_of_pages_are_kept(tmp_path: Path, version: str) -> None:
    """A label column without a dictionary stays without, in the encoding it had."""
    path = saved(
        tmp_path,
        REVIEWS,
        use_dictionary=False,
        column_encoding={"label": "DELTA_BYTE_ARRAY", "stars": "DELTA_BINARY_PACKED"},
        data_page_version=version,
        write_statistics=["text"],
    )

    _, content = write(path, {1: {"label": "lost", "stars": 9}})

    old, new = (pq.ParquetFile(source).metadata.row_group(0) for source in (path, io.BytesIO(content)))
    for leaf in range(3):
        assert new.column(leaf).encodings == old.column(leaf).encodings
        assert new.column(leaf).is_stats_set == old.column(leaf).is_stats_set


def test_a_sort_key_that_changed_is_one_no_longer(tmp_path: Path) -> None:
    """Only the row groups in which the sorting column changed stop saying that they are sorted by it."""
    keys = [pq.SortingColumn(2), pq.SortingColumn(1)]
    path = saved(tmp_path, REVIEWS, row_group_size=6, sorting_columns=keys)

    _, content = write(path, {0: {"label": "lost"}})

    groups = pq.ParquetFile(io.BytesIO(content)).metadata
    assert [groups.row_group(group).sorting_columns for group in range(2)] == [(keys[0],), tuple(keys)]


def test_a_new_category_is_appended(tmp_path: Path) -> None:
    """The categories of pandas keep their order, those without a row too."""
    path = tmp_path / "table.parquet"
    labels = pd.Categorical(["low", "high", None], categories=["low", "middle", "high"], ordered=True)
    pd.DataFrame({"text": list("abc"), "label": labels}, index=[5, 9, 9]).to_parquet(path)

    n_changed, content = write(path, {2: {"label": "extreme"}})

    frame = pd.read_parquet(io.BytesIO(content))
    assert n_changed == 1
    assert frame.index.tolist() == [5, 9, 9]
    assert frame["label"].tolist() == ["low", "high", "extreme"]
    assert frame["label"].cat.categories.tolist() == ["low", "middle", "high", "extreme"]
    assert frame["label"].cat.ordered
    described = json.loads(table_of(content).schema.metadata[b"pandas"])["columns"]
    assert described[1]["metadata"] == {"num_categories": 4, "ordered": True}
    known = write(path, {2: {"label": "middle"}})[1]
    assert table_of(known).schema.metadata == table_of(path.read_bytes()).schema.metadata


@pytest.mark.parametrize(
    ("array", "new", "expected"),
    [
        (pa.array([["a"], None, ["b", "c"]]), ["c", "d"], [["a"], ["c", "d"], ["b", "c"]]),
        (pa.array([[1], None, [2]], pa.large_list(pa.int16())), [], [[1], [], [2]]),
        (pa.array([["a"], None, []], pa.list_(pa.string_view())), ["z"], [["a"], ["z"], []]),
        (pa.array([{"a": 1, "b": 0}, None, None]), {"b": 1}, [{"a": 1, "b": 0}, {"a": None, "b": 1}, None]),
        (pa.array([[("a", 1)], None, []], pa.map_(pa.string(), pa.int8())), {"z": 2}, [[("a", 1)], [("z", 2)], []]),
        (pa.array([Decimal("1.50"), None, None]), "2.25", [Decimal("1.50"), Decimal("2.25"), None]),
        (pa.array(["a", None, "b"], pa.string_view()), "z", ["a", "z", "b"]),
        (pa.array([b"a", None, b"b"]), "é", [b"a", b"\xc3\xa9", b"b"]),
        (pa.array([True, None, False]), False, [True, False, False]),
        (pa.array([1.5, None, None], pa.float32()), 2, [1.5, 2.0, None]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_new_values_of_every_type_are_held(
    tmp_path: Path, array: pa.Array, new: CellValue, expected: list[object]
) -> None:
    """A value goes in as it is read, and its neighbours stay."""
    table = pa.table({"x": array, "text": list("abc")})

    n_changed, content = write(saved(tmp_path, table), {1: {"x": new}})

    assert n_changed == 1
    assert table_of(content).column("x").to_pylist() == expected
    assert table_of(content).schema == table.schema


@pytest.mark.parametrize(
    ("array", "new", "why"),
    [
        (pa.array([1, 2]), "7", "is text"),
        (pa.array([1, 2]), True, "is true or false"),
        (pa.array([1, 2], pa.int8()), 128, "outside its range"),
        (pa.array([1, 2], pa.uint16()), -1, "outside its range"),
        (pa.array(["a", "b"]), 7, "is a number"),
        (pa.array(["a", "b"]), "\ud800", "half of a character"),
        (pa.array([True, False]), 1, "is a number"),
        (pa.array([1.5, 2.5], pa.float32()), 0.1, "would round"),
        (pa.array([["a"], ["b"]]), "a", "is text"),
        (pa.array([["a"], ["b"]]), ["a", 1], "is a number"),
        (pa.array([{"a": 1}, {"a": 0}]), {"b": 1}, "1 names that it has no place for"),
        (pa.array([Decimal("1.50"), None]), "2.255", "does not spell one"),
        (pa.array([["a"], ["b"]], pa.list_(pa.string(), 1)), ["a", "b"], "a list of 2, not of 1"),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_a_value_that_a_type_cannot_hold_is_refused(tmp_path: Path, array: pa.Array, new: CellValue, why: str) -> None:
    """Nothing is turned into another type; the row is named."""
    with pytest.raises(FileContentError, match=rf"“x” must hold values of its type, .* row 1 .*{why}"):
        write(saved(tmp_path, pa.table({"x": array})), {1: {"x": new}})


def test_a_column_that_must_be_filled_takes_no_null(tmp_path: Path) -> None:
    """A schema that says so is kept."""
    table = pa.table({"x": ["a", "b"]}, schema=pa.schema([pa.field("x", pa.string(), nullable=False)]))

    with pytest.raises(FileContentError, match="row 0 is missing, and the column must have a value in every row"):
        write(saved(tmp_path, table), {0: {"x": None}})


def test_a_name_that_a_class_label_lacks_is_refused(tmp_path: Path) -> None:
    """Names go in as their positions; the metadata of a Parquet file does not grow."""
    features = {"label": {"names": ["late", "broken"], "_type": "ClassLabel"}}
    table = pa.table({"text": ["a", "b"], "label": [0, 1]}).replace_schema_metadata(
        {"huggingface": json.dumps({"info": {"features": features}})}
    )
    path = saved(tmp_path, table)

    assert table_of(write(path, {0: {"label": "broken"}})[1]).column("label").to_pylist() == [1, 1]
    with pytest.raises(FileContentError, match="one of the 2 names that the file lists for it; the new label of row 1"):
        write(path, {1: {"label": "lost"}})
    with pytest.raises(FileContentError, match="row 1 would get number 2"):
        write(path, {1: {"label": 2}})


def test_dropped_rows_are_gone_everywhere(tmp_path: Path) -> None:
    """A row group without rows left is gone as well; the range of pandas ends where the rows do."""
    path = tmp_path / "table.parquet"
    REVIEWS.to_pandas().to_parquet(path, row_group_size=5)

    n_changed, content = write(path, {0: {"label": "x"}, 11: {"label": "y"}}, dropped=[0, 5, 6, 7, 8, 9])

    assert n_changed == 1
    assert scan_bytes(tmp_path, content) == 6
    file = pq.ParquetFile(io.BytesIO(content))
    assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [4, 2]
    frame = pd.read_parquet(io.BytesIO(content))
    assert frame["text"].tolist() == [f"It came {row} days late." for row in (1, 2, 3, 4, 10, 11)]
    assert frame["label"].tolist()[-1] == "y"
    assert frame.index.equals(pd.RangeIndex(6))


def scan_bytes(folder: Path, content: bytes) -> int:
    """Look through a file, and return how many rows it has."""
    path = folder / "scanned.parquet"
    path.write_bytes(content)
    return scan(path).n_rows


def test_added_columns_stand_behind_the_others(tmp_path: Path) -> None:
    """pandas, pyarrow and datasets find the new column in their own metadata."""
    features = {"text": {"dtype": "string", "_type": "Value"}}
    frame = pd.DataFrame({"text": ["a", "b", "c"]}, index=[4, 4, 2])
    table = pa.Table.from_pandas(frame)
    hf = {b"huggingface": json.dumps({"info": {"features": features}}).encode()}
    path = saved(tmp_path, table.replace_schema_metadata({**table.schema.metadata, **hf}), row_group_size=2)

    n_changed, content = write(path, added={"consensus": ["x", None, "é"], "tags": [["p", "q"], [], None]}, dropped=[0])

    found = table_of(content)
    assert n_changed == 0
    assert found.schema.names == ["text", "__index_level_0__", "consensus", "tags"]
    assert pd.read_parquet(io.BytesIO(content))["consensus"].fillna("").tolist() == ["", "é"]
    assert found.column("tags").to_pylist() == [[], None]
    described = json.loads(found.schema.metadata[b"huggingface"])["info"]["features"]
    assert described["consensus"] == {"dtype": "string", "_type": "Value"}
    assert described["tags"] == {"feature": {"dtype": "string", "_type": "Value"}, "_type": "List"}
    columns = json.loads(found.schema.metadata[b"pandas"])["columns"]
    assert [column["name"] for column in columns] == ["text", None, "consensus", "tags"]


def test_old_times_far_away_survive_dropped_rows(tmp_path: Path) -> None:
    """The year 9999, which databases write for 'never', is outside of Arrow's nanoseconds."""
    never = dt.datetime.fromisoformat("9999-12-31T23:59:59.000004")
    table = pa.table({"when": pa.array([None, never], pa.timestamp("us")), "text": ["a", "b"]})
    path = saved(tmp_path, table, use_deprecated_int96_timestamps=True)

    _, content = write(path, dropped=[0])

    file = pq.ParquetFile(io.BytesIO(content), coerce_int96_timestamp_unit="us")
    assert file.schema.column(0).physical_type == "INT96"
    assert file.read().column("when").to_pylist() == [never]
    assert read(path, "when") == [[None, "9999-12-31 23:59:59.000004"]]


@pytest.mark.parametrize(
    ("edits", "error", "words"),
    [
        (TableEdits(cells={12: {"label": "x"}}), InvalidInputError, "12 rows counted from 0; got row 12"),
        (TableEdits(dropped_rows=frozenset([-1])), InvalidInputError, "got row -1"),
        (TableEdits(cells={0: {"no": "x"}}), FileContentError, "there is no “no”"),
        (TableEdits(added={"label": ["x"] * 12}), InvalidInputError, "the file has a column “label”"),
        (TableEdits(added={"new": ["x"]}), InvalidInputError, "each of the 12 rows; “new” has 1"),
        (TableEdits(added={"new": ["x", 1] * 6}), InvalidInputError, "of these: int, str"),
    ],
)
def test_impossible_changes_are_refused(tmp_path: Path, edits: TableEdits, error: type[Exception], words: str) -> None:
    """Rows and columns must be the file's; a new column needs a new name and values of one kind."""
    with pytest.raises(error, match=words):
        PARQUET.write(saved(tmp_path, REVIEWS), io.BytesIO(), LAYOUT, edits)


class FullDisk(io.BytesIO):
    """A target without room."""

    def write(self, data: object, /) -> int:
        """Fail as a full disk does."""
        del data
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_an_error_of_the_store(tmp_path: Path) -> None:
    """It is not the file's fault."""
    with pytest.raises(StoreError, match="No space left on device"):
        PARQUET.write(saved(tmp_path, REVIEWS), FullDisk(), LAYOUT, TableEdits(cells={0: {"label": "x"}}))
