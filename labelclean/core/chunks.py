"""How a table is cut into row chunks that fit the processor's cache, and worked on by one or more threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import ProbMatrix
from labelclean.errors import ConfigError

__all__ = ["BLOCK_ROWS", "CHUNK_BYTES", "Chunking", "read_rows", "row_chunks", "take_rows"]

CHUNK_BYTES = 512 * 1024
"""About the size of a core's own cache; no result depends on it."""

BLOCK_ROWS = 16_384
"""Rows of which single numbers are worked on together; no result depends on it."""

_MAX_ROWS = 1 << 20  # keeps the integer sums of a chunk exact, see thresholds.py
_CELLS_WORTH_A_THREAD = 10_000_000
_MOST_THREADS = 8  # past that they wait for memory

_Result = TypeVar("_Result")


def row_chunks(pred_probs: NDArray[np.generic], *, chunk_bytes: int = CHUNK_BYTES) -> Iterator[slice]:
    """
    Cut the rows of a table into slices of about ``chunk_bytes``.

    Parameters
    ----------
    pred_probs : ndarray, shape (n_examples, n_columns) or (n_examples,)
        The table; it may be a memory map.
    chunk_bytes : int, default=524288
        Wanted size of one chunk in bytes; a chunk always holds at least one row.

    Yields
    ------
    slice
        Consecutive slices that cover every row once.

    Examples
    --------
    >>> list(row_chunks(np.zeros((5, 4)), chunk_bytes=64))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    n_examples = len(pred_probs)
    row_bytes = pred_probs.itemsize * (pred_probs.shape[1] if pred_probs.ndim > 1 else 1)
    n_rows = min(max(1, chunk_bytes // max(1, row_bytes)), _MAX_ROWS)
    for start in range(0, n_examples, n_rows):
        yield slice(start, min(start + n_rows, n_examples))


def read_rows(pred_probs: NDArray[np.floating], rows: slice) -> ProbMatrix:
    """
    Return one chunk as the processor likes it: rows one after the other, single or double precision.

    Parameters
    ----------
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Any precision, memory order and byte order.
    rows : slice
        Which rows.

    Returns
    -------
    ndarray of float32 or float64, shape (n_rows, n_classes)
        The same values; a view where nothing had to be changed, so it must not be written to. Half precision becomes
        single.

    Examples
    --------
    >>> read_rows(np.eye(2, dtype=np.float16), slice(0, 1)).dtype
    dtype('float32')
    """
    if pred_probs.itemsize > np.dtype(np.float32).itemsize:
        return np.ascontiguousarray(pred_probs[rows], dtype=np.float64)
    return np.ascontiguousarray(pred_probs[rows], dtype=np.float32)


def take_rows(table: NDArray[np.floating], rows: NDArray[np.integer]) -> NDArray[np.floating]:
    """
    Return a copy of some rows, in any order.

    Parameters
    ----------
    table : ndarray of float, shape (n_examples, n_columns)
        Where they stand, in any memory order.
    rows : ndarray of int, shape (n_rows,)
        Which rows.

    Returns
    -------
    ndarray of float, shape (n_rows, n_columns)
        In the table's own precision.

    Examples
    --------
    >>> take_rows(np.eye(2), np.array([1]))
    array([[0., 1.]])
    """
    # Taking copies whole rows, twice as fast as an index, but would first copy a table in another memory order.
    return table.take(rows, axis=0) if table.flags.c_contiguous and table.flags.aligned else table[rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunking:
    """
    How the rows are cut and by how many threads they are worked on; no result depends on either.

    Attributes
    ----------
    chunk_bytes : int, default=524288
        Wanted size of one chunk, in bytes, 1 or more.
    n_threads : int or None, default=None
        Threads, 1 or more; None: one for every 10 million cells, at most one per processor and 8.
    """

    chunk_bytes: int = CHUNK_BYTES
    n_threads: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        if self.chunk_bytes < 1:
            raise ConfigError(f"chunk_bytes must be 1 or more; got {self.chunk_bytes!r}.", fix="Leave it out.")
        if self.n_threads is not None and self.n_threads < 1:
            raise ConfigError(f"n_threads must be 1 or more; got {self.n_threads!r}.", fix="Leave it out.")

    def each(self, work: Callable[[slice], _Result], table: NDArray[np.generic]) -> Iterator[_Result]:
        """Do some work on every chunk of rows; the results come in row order."""
        return self._map(work, row_chunks(table, chunk_bytes=self.chunk_bytes), table)

    def each_block(self, work: Callable[[slice], _Result], table: NDArray[np.generic]) -> Iterator[_Result]:
        """Do some work on blocks of rows, one number of each of which fits the cache; the results come in row order."""
        starts = range(0, len(table), BLOCK_ROWS)
        return self._map(work, (slice(start, min(start + BLOCK_ROWS, len(table))) for start in starts), table)

    def _map(
        self, work: Callable[[slice], _Result], pieces: Iterator[slice], table: NDArray[np.generic]
    ) -> Iterator[_Result]:
        n_threads = self._threads_for(table)
        if n_threads == 1:
            yield from map(work, pieces)
            return
        with ThreadPoolExecutor(max_workers=n_threads) as pool:
            yield from pool.map(work, pieces)

    def _threads_for(self, table: NDArray[np.generic]) -> int:
        if self.n_threads is not None:
            return self.n_threads
        return max(1, min(table.size // _CELLS_WORTH_A_THREAD, os.cpu_count() or 1, _MOST_THREADS))
