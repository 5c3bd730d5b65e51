"""How rows are cut, and who works on them."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from labelclean.core.chunks import Chunking, read_rows, row_chunks
from labelclean.errors import ConfigError


def test_chunks_cover_every_row_once_and_hold_at_least_one() -> None:
    """16 bytes a row: three, one and all rows at a time."""
    table = np.zeros((5, 2))

    assert list(row_chunks(table, chunk_bytes=48)) == [slice(0, 3), slice(3, 5)]
    assert list(row_chunks(table, chunk_bytes=1)) == [slice(i, i + 1) for i in range(5)]
    assert list(row_chunks(table)) == [slice(0, 5)]
    assert list(row_chunks(np.zeros(5), chunk_bytes=32)) == [slice(0, 4), slice(4, 5)]
    assert list(row_chunks(np.zeros((0, 2)))) == []


@pytest.mark.parametrize(
    ("given", "read"), [("f2", "f4"), ("f4", "f4"), (">f4", "f4"), ("f8", "f8"), (">f8", "f8"), (">f2", "f4")]
)
def test_rows_are_read_in_native_single_or_double_precision(given: str, read: str) -> None:
    """One row after the other in memory, whatever the table's order."""
    table = np.asfortranarray(np.arange(6).reshape(3, 2) / 8).astype(given)

    found = read_rows(table, slice(1, 3))

    assert found.dtype == np.dtype(read)
    assert found.flags.c_contiguous
    assert found.tolist() == [[0.25, 0.375], [0.5, 0.625]]


@pytest.mark.parametrize(("chunk_bytes", "n_threads", "name"), [(0, None, "chunk_bytes"), (8, 0, "n_threads")])
def test_sizes_and_threads_below_1_are_refused(chunk_bytes: int, n_threads: int | None, name: str) -> None:
    """There is no half a thread."""
    with pytest.raises(ConfigError, match=f"{name} must be 1 or more; got 0"):
        Chunking(chunk_bytes=chunk_bytes, n_threads=n_threads)


def test_results_come_in_row_order_whoever_is_first() -> None:
    """The first chunk waits until the last one is done."""
    last_is_done = threading.Event()

    def work(rows: slice) -> int:
        if rows.start == 0:
            assert last_is_done.wait(timeout=30)
        if rows.stop == 4:
            last_is_done.set()
        return int(rows.start)

    found = list(Chunking(chunk_bytes=8, n_threads=4).each(work, np.zeros((4, 1))))

    assert found == [0, 1, 2, 3]
