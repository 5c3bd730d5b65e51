"""Tables too large for memory: written to an unnamed temporary file piece by piece, then read as a memory map."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from labelclean.arrays import IndexArray, ProbMatrix
from labelclean.errors import FileContentError, StoreError

__all__ = ["spool_blocks", "spool_bytes", "spool_rows", "take_columns", "take_rows"]

_CHUNK_BYTES = 4 * 2**20
_NOT_ON_THIS_DISK = {errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS}


def spool_rows(
    chunks: Iterable[NDArray[np.generic]],
    *,
    shape: tuple[int, int],
    dtype: DTypeLike,
    directory: Path | None = None,
) -> ProbMatrix:
    """
    Put the rows of a table one after the other into a temporary file.

    The file has no name: it takes room on the disk as long as the table is used, and none afterwards, however the
    process ends.

    Parameters
    ----------
    chunks : iterable of ndarray, each of shape (any, shape[1])
        The rows in order.
    shape : tuple of int
        Of the whole table; -1 rows are as many as come.
    dtype : dtype
        Of the whole table.
    directory : Path, optional
        Where the file is made; by default where temporary files go (``TMPDIR``).

    Returns
    -------
    ndarray of float, shape ``shape``
        A read-only memory map; an array where the table has no cells.

    Raises
    ------
    StoreError
        If the file cannot be written, for instance because the disk is full.
    FileContentError
        If there are more or fewer rows than ``shape`` says.
    """
    return spool_bytes(
        (np.ascontiguousarray(chunk, dtype=dtype).data.cast("B") for chunk in chunks if chunk.size),
        shape=shape,
        dtype=dtype,
        directory=directory,
    )


def spool_bytes(
    blocks: Iterable[bytes | memoryview],
    *,
    shape: tuple[int, int],
    dtype: DTypeLike,
    fortran_order: bool = False,
    directory: Path | None = None,
) -> ProbMatrix:
    """
    Put the cells of a table, as they lie in memory, into a temporary file.

    Parameters
    ----------
    blocks : iterable of bytes
        The cells in order.
    shape, dtype : tuple of int, dtype
        Of the whole table.
    fortran_order : bool, default=False
        Whether the cells come column by column.
    directory : Path, optional
        As for ``spool_rows``.

    Returns
    -------
    ndarray of float, shape ``shape``
        As for ``spool_rows``.

    Raises
    ------
    StoreError
        If the file cannot be written, for instance because the disk is full.
    FileContentError
        If there are more or fewer bytes than the shape asks for.
    """
    kind = np.dtype(dtype)
    n_written = 0
    with _unnamed_file(directory, shape, kind) as file:
        # Ordinary writes: a full disk is an error here, in a memory map it would end the process.
        for block in blocks:
            n_written += file.write(block)
        file.flush()
        if shape[0] < 0:
            shape = (n_written // max(1, shape[1] * kind.itemsize), shape[1])
        _check_size(n_written // kind.itemsize, shape)
        return _mapped(file, shape, kind, fortran_order=fortran_order)


def spool_blocks(
    blocks: Iterable[tuple[slice, slice, NDArray[np.generic]]],
    *,
    shape: tuple[int, int],
    dtype: DTypeLike,
    directory: Path | None = None,
) -> ProbMatrix:
    """
    Put blocks of a table where they belong in a temporary file.

    Parameters
    ----------
    blocks : iterable of (slice, slice, ndarray)
        Rows, columns, and what stands there; every cell once, in any order.
    shape, dtype : tuple of int, dtype
        Of the whole table.
    directory : Path, optional
        As for ``spool_rows``.

    Returns
    -------
    ndarray of float, shape ``shape``
        As for ``spool_rows``.

    Raises
    ------
    StoreError
        If the file cannot be written, for instance because the disk is full.
    FileContentError
        If there are more or fewer cells than ``shape`` says.
    """
    kind = np.dtype(dtype)
    with _unnamed_file(directory, shape, kind) as file:
        n_cells = 0
        if shape[0] * shape[1]:
            _reserve(file, shape[0] * shape[1] * kind.itemsize)
            table = np.memmap(file, dtype=kind, mode="r+", shape=shape)
            for rows, columns, values in blocks:
                n_cells += values.size
                if table[rows, columns].shape != values.shape:
                    break
                table[rows, columns] = values
        _check_size(n_cells, shape)
        return _mapped(file, shape, kind)


@contextmanager
def _unnamed_file(directory: Path | None, shape: tuple[int, int], kind: np.dtype[np.generic]) -> Iterator[IO[bytes]]:
    try:
        with tempfile.TemporaryFile(dir=directory, prefix="labelclean-") as file:
            yield file
    except OSError as error:
        size = f" some {shape[0] * shape[1] * kind.itemsize / 1e6:,.0f} MB" if shape[0] > 0 else " more room"
        raise StoreError(
            f"The probabilities need{size} in {directory or tempfile.gettempdir()} while they are used; they cannot "
            f"be written there: {error.strerror or type(error).__name__}.",
            fix="Make room on the disk, or set TMPDIR to a directory with more.",
        ) from error


def _reserve(file: IO[bytes], n_bytes: int) -> None:
    """Take the room on the disk now: where it is missing, writing to a memory map would end the process."""
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(file.fileno(), 0, n_bytes)
        except OSError as error:
            if error.errno not in _NOT_ON_THIS_DISK:
                raise
        else:
            return
    for start in range(0, n_bytes, _CHUNK_BYTES):
        file.write(bytes(min(_CHUNK_BYTES, n_bytes - start)))
    file.flush()


def _check_size(n_cells: int, shape: tuple[int, int]) -> None:
    if n_cells != shape[0] * shape[1]:
        raise FileContentError(
            f"The file must hold a table of {shape[0]:,} x {shape[1]:,} values; it holds {n_cells:,}.",
            fix="Write the file again; it seems to be cut off.",
        )


def _mapped(
    file: IO[bytes], shape: tuple[int, int], kind: np.dtype[np.generic], *, fortran_order: bool = False
) -> ProbMatrix:
    if not shape[0] * shape[1]:
        return np.empty(shape, dtype=kind)  # nothing can be mapped there
    return np.memmap(file, dtype=kind, mode="r", shape=shape, order="F" if fortran_order else "C")


def take_columns(table: ProbMatrix, columns: Sequence[int], *, directory: Path | None = None) -> ProbMatrix:
    """
    Return a table with its columns in another order.

    Parameters
    ----------
    table : ndarray of float, shape (n_rows, n_columns)
        It is not written to.
    columns : sequence of int
        Wanted columns.
    directory : Path, optional
        As for ``spool_rows``.

    Returns
    -------
    ndarray of float, shape (n_rows, len(columns))
        The table itself where the order is the one it has; a memory map where it is one; otherwise an array.

    Raises
    ------
    StoreError
        As for ``spool_rows``.
    """
    if list(columns) == list(range(table.shape[1])):
        return table
    shape = (table.shape[0], len(columns))
    if not isinstance(table, np.memmap):
        return table.take(list(columns), axis=1)
    chunks = (np.take(table[rows], list(columns), axis=1) for rows in _slices(table))
    return spool_rows(chunks, shape=shape, dtype=table.dtype, directory=directory)


def take_rows(table: ProbMatrix, rows: IndexArray, *, directory: Path | None = None) -> ProbMatrix:
    """
    Return some rows of a table.

    Parameters
    ----------
    table : ndarray of float, shape (n_rows, n_columns)
        It is not written to.
    rows : ndarray of int64
        Wanted rows in the wanted order.
    directory : Path, optional
        As for ``spool_rows``.

    Returns
    -------
    ndarray of float, shape (len(rows), n_columns)
        The table itself where these are all its rows in order; a memory map where it is one; otherwise an array.

    Raises
    ------
    StoreError
        As for ``spool_rows``.
    """
    if len(rows) == len(table) and np.array_equal(rows, np.arange(len(table))):
        return table
    if not isinstance(table, np.memmap):
        return table[rows]
    shape = (len(rows), table.shape[1])
    at_once = max(1, _CHUNK_BYTES // max(1, table.shape[1] * table.itemsize))
    chunks = (table[rows[start : start + at_once]] for start in range(0, len(rows), at_once))
    return spool_rows(chunks, shape=shape, dtype=table.dtype, directory=directory)


def _slices(table: ProbMatrix) -> Iterator[slice]:
    at_once = max(1, _CHUNK_BYTES // max(1, table.shape[1] * table.itemsize))
    for start in range(0, len(table), at_once):
        yield slice(start, start + at_once)
