"""Embeddings from files and arrays, and what is said where they do not fit."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from labelclean.errors import FileContentError, InvalidInputError, LabelCleanWarning
from labelclean.io.model_outputs import embeddings as module
from labelclean.io.model_outputs.embeddings import check_embeddings, read_embeddings

TABLE = np.random.default_rng(0).standard_normal((6, 4))
SINGLE = TABLE.astype(np.float32)
IDS = [f"m{number}" for number in range(6)]


def _lists(path: Path, table: NDArray[Any] = TABLE, **others: Any) -> Path:
    """Write a Parquet file with a column of lists after other columns."""
    pd.DataFrame({**others, "vector": list(table)}).to_parquet(path)
    return path


def _packed(array: NDArray[Any], *, allow_pickle: bool = False) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=allow_pickle)
    return file.getvalue()


def _archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


def test_single_precision_is_only_mapped(tmp_path: Path) -> None:
    """The numbers stay on the disk."""
    np.save(tmp_path / "mine.npy", SINGLE)

    found = read_embeddings(tmp_path / "mine.npy", 6)

    assert isinstance(found.base, np.memmap)
    np.testing.assert_array_equal(found, SINGLE)


@pytest.mark.parametrize("kind", ["f8", ">f4", "f2", "i8", "u1", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_numbers_of_other_types_become_single_precision(tmp_path: Path, kind: str, order: Any) -> None:
    """Whatever their order in the file."""
    table = np.array(np.abs(TABLE) * 3, dtype=kind, order=order)
    np.save(tmp_path / "mine", table)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LabelCleanWarning)
        found = read_embeddings(tmp_path / "mine.npy", 6)

    assert found.dtype == np.dtype("=f4")
    np.testing.assert_array_equal(found, table.astype(np.float32))


def test_the_name_does_not_decide_what_a_file_is(tmp_path: Path) -> None:
    """The first bytes do."""
    (tmp_path / "mine.csv").write_bytes(_packed(SINGLE))

    np.testing.assert_array_equal(read_embeddings(tmp_path / "mine.csv", 6), SINGLE)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_an_archive_with_one_array_is_read(tmp_path: Path, save: Any) -> None:
    """Whatever the array is called."""
    save(tmp_path / "mine.npz", anything=TABLE)

    np.testing.assert_array_equal(read_embeddings(tmp_path / "mine.npz", 6), SINGLE)


def test_of_several_arrays_the_one_named_embeddings_is_read(tmp_path: Path) -> None:
    """Others may be in the archive."""
    np.savez(tmp_path / "mine.npz", ids=np.arange(6), embeddings=TABLE)

    np.testing.assert_array_equal(read_embeddings(tmp_path / "mine.npz", 6), SINGLE)


@pytest.mark.parametrize("kind", ["list", "large_list", "fixed_size_list"])
@pytest.mark.parametrize("precision", ["float16", "float32", "float64"])
def test_a_column_of_lists_is_read(tmp_path: Path, kind: str, precision: str) -> None:
    """Lists of any kind, and of any precision."""
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415

    value = pa.from_numpy_dtype(precision)
    types = {"list": pa.list_(value), "large_list": pa.large_list(value), "fixed_size_list": pa.list_(value, 4)}
    rows = pa.array(list(TABLE.astype(precision)), type=types[kind])
    pq.write_table(pa.table({"id": IDS, "vector": rows}), tmp_path / "mine.parquet", row_group_size=4)

    found = read_embeddings(tmp_path / "mine.parquet", 6)

    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, TABLE.astype(precision).astype(np.float32))


def test_one_of_several_columns_of_lists_is_named(tmp_path: Path) -> None:
    """Else it is asked for."""
    path = _lists(tmp_path / "mine", other=list(TABLE[:, :2]))

    np.testing.assert_array_equal(read_embeddings(path, 6, column="other"), SINGLE[:, :2])
    with pytest.raises(FileContentError, match=r"one column of lists of numbers; it has 2: 'other', 'vector'"):
        read_embeddings(path, 6)
    with pytest.raises(InvalidInputError, match="no such column 'third'"):
        read_embeddings(path, 6, column="third")


def test_row_ids_put_the_rows_in_order(tmp_path: Path) -> None:
    """The file may have more rows than the dataset."""
    path = _lists(tmp_path / "mine", TABLE[[3, 1, 5, 0, 4, 2]], id=["m3", "m1", "m5", "m0", "m4", "m2"])

    np.testing.assert_array_equal(read_embeddings(path, 6, row_id="id", row_ids=IDS), SINGLE)
    np.testing.assert_array_equal(read_embeddings(path, 2, row_id="id", row_ids=["m4", "m1"]), SINGLE[[4, 1]])


def test_row_ids_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """One that is missing, a dataset without ids, a column that is not there."""
    path = _lists(tmp_path / "mine", id=IDS)

    with pytest.raises(InvalidInputError, match="1 are not there, first that of row 1"):
        read_embeddings(path, 2, row_id="id", row_ids=["m0", "x"])
    with pytest.raises(InvalidInputError, match="if the dataset has some"):
        read_embeddings(path, 6, row_id="id")
    with pytest.raises(InvalidInputError, match="there is no 'key'"):
        read_embeddings(path, 6, row_id="key", row_ids=IDS)


@pytest.mark.parametrize("options", [{"row_id": "id"}, {"column": "vector"}])
def test_columns_can_only_be_named_in_parquet(tmp_path: Path, options: Any) -> None:
    """An array has none."""
    np.save(tmp_path / "mine.npy", SINGLE)

    with pytest.raises(InvalidInputError, match="only be named in a Parquet file"):
        read_embeddings(tmp_path / "mine.npy", 6, **options)


@pytest.mark.parametrize("write", ["npy", "npz", "parquet"])
def test_another_number_of_rows_is_refused(tmp_path: Path, write: str) -> None:
    """With both numbers."""
    path = tmp_path / f"mine.{write}"
    if write == "parquet":
        _lists(path)
    else:
        path.write_bytes(_packed(SINGLE) if write == "npy" else _archive(embeddings=_packed(SINGLE)))

    with pytest.raises(InvalidInputError, match="one row for each of the 7 rows of the dataset; got 6"):
        read_embeddings(path, 7)


def test_lists_of_different_lengths_are_refused_with_the_row(tmp_path: Path) -> None:
    """The first list says how long they are."""
    pd.DataFrame({"vector": [[1.0, 2.0], [1.0], [3.0, 4.0]]}).to_parquet(tmp_path / "mine")

    with pytest.raises(FileContentError, match="hold 2 numbers, as the first one does; that of row 1 holds 1"):
        read_embeddings(tmp_path / "mine", 3)


def test_a_missing_number_in_a_list_is_refused_with_the_row(tmp_path: Path) -> None:
    """It is read as NaN."""
    pd.DataFrame({"vector": [[1.0, 2.0], [1.0, None]]}).to_parquet(tmp_path / "mine")

    with pytest.raises(InvalidInputError, match="the first is row 1"):
        read_embeddings(tmp_path / "mine", 2)


def test_a_table_without_lists_is_refused(tmp_path: Path) -> None:
    """Columns of numbers or of lists of words are no embeddings."""
    pd.DataFrame({"a": [1.0], "words": [["x"]]}).to_parquet(tmp_path / "mine")

    with pytest.raises(FileContentError, match="it has none"):
        read_embeddings(tmp_path / "mine", 1)
    with pytest.raises(InvalidInputError, match="no such column 'a'"):
        read_embeddings(tmp_path / "mine", 1, column="a")


_OBJECTS = _packed(np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
_HUGE = _packed(SINGLE).replace(b"(6, 4)", b"(6, 4000000000)").replace(b" " * 10 + b"\n", b"\n", 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "another kind"),
        (b"1,2\n3,4\n", "another kind"),
        (b"\x93NUMPY\x01\x00", "damaged, cut off"),
        (_packed(SINGLE)[:-8], "damaged, cut off"),
        (_OBJECTS, "holds Python objects"),
        (_archive(embeddings=_OBJECTS), "holds Python objects"),
        (_archive(embeddings=_packed(SINGLE)[:-8]), "damaged"),
        (_archive(embeddings=b"nothing"), "damaged"),
        (_archive(embeddings=_HUGE), "damaged"),
        (_archive(embeddings=_packed(SINGLE))[:-30], "damaged"),
        (_archive(a=_packed(SINGLE), b=_packed(SINGLE)), "one that is named embeddings; it has 2: 'a', 'b'"),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (b"PAR1 and nothing else", "must be a Parquet table"),
    ],
)
def test_a_file_that_is_damaged_or_of_another_kind_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """Without unpickling anything, and without taking the memory that a header promises."""
    (tmp_path / "mine").write_bytes(content)

    with pytest.raises(FileContentError, match=message):
        read_embeddings(tmp_path / "mine", 6)


def test_an_archive_without_arrays_is_refused(tmp_path: Path) -> None:
    """A file of another kind in a ZIP."""
    with zipfile.ZipFile(tmp_path / "mine", "w") as archive:
        archive.writestr("readme.txt", "nothing")

    with pytest.raises(FileContentError, match="it has none"):
        read_embeddings(tmp_path / "mine", 6)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """As for every other file."""
    with pytest.raises(FileContentError, match="There is no file"):
        read_embeddings(tmp_path / "none", 6)


def test_an_array_in_single_precision_stays_the_callers() -> None:
    """It is not copied, and not written to."""
    table = SINGLE.copy()

    found = check_embeddings(table, 6)

    assert np.shares_memory(found, table)
    np.testing.assert_array_equal(table, SINGLE)


@pytest.mark.parametrize("given", [TABLE.tolist(), pd.DataFrame(TABLE), TABLE])
def test_lists_and_frames_become_arrays(given: ArrayLike) -> None:
    """In single precision."""
    np.testing.assert_array_equal(check_embeddings(given, 6), SINGLE)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (SINGLE[:, 0], r"table of rows and dimensions; got an array of shape \(6,\)"),
        (SINGLE[:, :0], r"got an array of shape \(6, 0\)"),
        (SINGLE[np.newaxis], r"got an array of shape \(1, 6, 4\)"),
        (SINGLE[:5], "each of the 6 rows of the dataset; got 5"),
        ([[1.0, 2.0], [3.0]], "rows have different lengths"),
        (np.array([["a", "b"]] * 6), "must be numbers; got values of type <U1"),
        (TABLE.astype(object), "must be numbers; got values of type object"),
        (TABLE + 1j, "must be numbers; got values of type complex128"),
        (sparse.csr_array(SINGLE), "must be numbers; got values of type object"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused(given: Any, message: str) -> None:
    """With what was given instead."""
    with pytest.raises(InvalidInputError, match=message):
        check_embeddings(given, 6)


@pytest.mark.parametrize(("value", "kind"), [(np.nan, "f4"), (np.inf, "f4"), (-np.inf, "f8"), (1e39, "f8")])
def test_numbers_that_are_not_finite_are_refused_with_the_first_row(value: float, kind: str) -> None:
    """Also those that single precision cannot hold; blocks of one row give the same."""
    table = TABLE.astype(kind)
    table[2, 1] = table[2, 3] = table[4, 0] = value

    with pytest.raises(InvalidInputError, match="2 rows hold NaN, infinity or more, the first is row 2"):
        check_embeddings(table, 6)


def test_rows_are_looked_at_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 4 is in the third block of two rows."""
    monkeypatch.setattr(module, "_BLOCK_BYTES", 2 * 8 * 4)
    table = TABLE.copy()
    np.testing.assert_array_equal(check_embeddings(table, 6), SINGLE)
    table[4, 0] = np.nan

    with pytest.raises(InvalidInputError, match=r"1 row holds .* the first is row 4"):
        check_embeddings(table, 6)


def test_rows_of_zeros_are_warned_of() -> None:
    """They mean that there is no embedding; columns that are the same but for them are constant all the same."""
    table = SINGLE.copy()
    table[[1, 3]] = 0.0

    with pytest.warns(LabelCleanWarning, match="2 rows are all zeros in the embeddings, the first is row 1") as caught:
        check_embeddings(table, 6)

    assert len(caught) == 1
    assert caught[0].filename == __file__


def test_constant_columns_are_warned_of() -> None:
    """Also where rows without an embedding stand between."""
    table = SINGLE.copy()
    table[:, [1, 2]] = 0.5
    table[3] = 0.0

    with pytest.warns(LabelCleanWarning) as caught:
        check_embeddings(table, 6)

    assert [str(each.message) for each in caught] == [
        "1 row is all zeros in the embeddings, the first is row 3; the embeddings say nothing about such rows.",
        "2 of 4 columns are the same in every row of the embeddings and tell nothing; the first is column 1.",
    ]


def test_all_zeros_are_warned_of_once() -> None:
    """Every row lacks one."""
    with pytest.warns(LabelCleanWarning, match="6 rows are all zeros") as caught:
        check_embeddings(np.zeros((6, 3)), 6)

    assert len(caught) == 1
