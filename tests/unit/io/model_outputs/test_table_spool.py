"""Tables in unnamed temporary files."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.errors import FileContentError, StoreError
from labelclean.io.model_outputs.table_spool import spool_blocks, spool_bytes, spool_rows, take_columns, take_rows

TABLE = np.arange(12, dtype=np.float32).reshape(4, 3)


def mapped(table: NDArray[np.float32], directory: Path) -> NDArray[np.float32]:
    """Return a table as a memory map."""
    found = spool_rows([table], shape=(len(table), table.shape[1]), dtype=np.float32, directory=directory)
    assert isinstance(found, np.memmap)
    return found


@pytest.mark.parametrize("n_rows", [4, -1])
def test_rows_come_back_as_they_were_written(tmp_path: Path, n_rows: int) -> None:
    """In pieces of any size and any order of cells; the number of rows may be unknown."""
    pieces = [TABLE[:1], np.asfortranarray(TABLE[1:3]), TABLE[3:3], TABLE[3:]]

    table = spool_rows(pieces, shape=(n_rows, 3), dtype=np.float64, directory=tmp_path)

    assert table.dtype == np.float64
    assert np.array_equal(table, TABLE)
    assert not table.flags.writeable


def test_the_file_has_no_name(tmp_path: Path) -> None:
    """So nothing is left, however the process ends."""
    table = mapped(TABLE, tmp_path)

    assert list(tmp_path.iterdir()) == []
    assert table[3, 2] == 11


def test_columns_one_after_the_other_are_a_table_as_well(tmp_path: Path) -> None:
    """As NumPy stores a table in Fortran order."""
    cells = TABLE.tobytes(order="F")

    table = spool_bytes([cells], shape=(4, 3), dtype=np.float32, fortran_order=True, directory=tmp_path)

    assert np.array_equal(table, TABLE)


def test_a_table_without_cells_is_an_array(tmp_path: Path) -> None:
    """Nothing can be mapped there."""
    assert spool_rows([], shape=(0, 3), dtype=np.float32, directory=tmp_path).shape == (0, 3)
    assert spool_rows([], shape=(-1, 3), dtype=np.float32, directory=tmp_path).shape == (0, 3)


@pytest.mark.parametrize("n_rows", [3, 5])
def test_more_or_fewer_rows_than_promised_are_refused(tmp_path: Path, n_rows: int) -> None:
    """A file that was cut off must not pass for a whole one."""
    with pytest.raises(FileContentError, match=f"{n_rows} x 3 values"):
        spool_rows([TABLE], shape=(n_rows, 3), dtype=np.float32, directory=tmp_path)


@pytest.mark.parametrize("can_reserve", [True, False])
def test_blocks_come_to_their_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_reserve: bool) -> None:
    """In any order; also where the system cannot reserve room in one go."""
    if not can_reserve:
        monkeypatch.delattr(os, "posix_fallocate")
    blocks = [
        (slice(2, 4), slice(0, 2), TABLE[2:, :2]),
        (slice(0, 4), slice(2, 3), TABLE[:, 2:]),
        (slice(0, 2), slice(0, 2), TABLE[:2, :2]),
    ]

    table = spool_blocks(blocks, shape=(4, 3), dtype=np.float32, directory=tmp_path)

    assert np.array_equal(table, TABLE)
    assert not table.flags.writeable
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rows", [slice(0, 3), slice(2, 6)])
def test_blocks_that_do_not_fill_the_table_are_refused(tmp_path: Path, rows: slice) -> None:
    """Rows that are missing, or beyond the last one."""
    with pytest.raises(FileContentError, match="4 x 3 values"):
        spool_blocks([(rows, slice(0, 3), TABLE[:3])], shape=(4, 3), dtype=np.float32, directory=tmp_path)


def test_no_blocks_make_a_table_without_cells(tmp_path: Path) -> None:
    """Nothing can be mapped there."""
    assert spool_blocks([], shape=(0, 3), dtype=np.float32, directory=tmp_path).shape == (0, 3)


def test_a_disk_without_room_for_blocks_is_said(tmp_path: Path) -> None:
    """Before anything is written: a petabyte."""
    with pytest.raises(StoreError, match=r"some 1,\d\d\d,\d\d\d,\d\d\d MB"):
        spool_blocks([], shape=(2**40, 128), dtype=np.float64, directory=tmp_path)


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the size that was needed and where; nothing stays."""

    class Full:
        """A file on a full disk."""

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def full(**_: Any) -> Full:
        return Full()

    monkeypatch.setattr(tempfile, "TemporaryFile", full)

    with pytest.raises(StoreError, match="No space left on device") as caught:
        spool_rows([TABLE], shape=(4, 3), dtype=np.float32, directory=tmp_path)

    assert "TMPDIR" in caught.value.fix
    assert list(tmp_path.iterdir()) == []


def test_an_error_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    """It passes through as it is."""

    def broken() -> Iterator[NDArray[np.float32]]:
        yield TABLE
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spool_rows(broken(), shape=(8, 3), dtype=np.float32, directory=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_rows_and_columns_of_an_array_stay_in_memory() -> None:
    """And are the very same object where nothing moves."""
    assert take_rows(TABLE, np.array([2, 0])).tolist() == TABLE[[2, 0]].tolist()
    assert take_columns(TABLE, [2, 0]).tolist() == TABLE[:, [2, 0]].tolist()
    assert not isinstance(take_columns(TABLE, [2, 0]), np.memmap)
    assert take_rows(TABLE, np.arange(4)) is TABLE
    assert take_columns(TABLE, [0, 1, 2]) is TABLE


def test_rows_and_columns_of_a_memory_map_stay_on_the_disk(tmp_path: Path) -> None:
    """More of them than are copied at once."""
    large = np.random.default_rng(0).random((700_000, 3), dtype=np.float32)
    order = np.random.default_rng(1).permutation(700_000)
    table = mapped(large, tmp_path)

    rows = take_rows(table, order, directory=tmp_path)
    columns = take_columns(table, [1, 2], directory=tmp_path)

    assert isinstance(rows, np.memmap)
    assert isinstance(columns, np.memmap)
    assert np.array_equal(rows, large[order])
    assert np.array_equal(columns, large[:, [1, 2]])
