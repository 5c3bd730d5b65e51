"""Embeddings of the user's own encoder, from a file or an array: one row of numbers for each text."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tokenize import TokenError
from typing import IO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import MaskArray
from labelclean.errors import FileContentError, InvalidInputError, LabelCleanWarning
from labelclean.io.model_outputs.arrow_source import TableSource, list_values, parquet_source, rows_at_once
from labelclean.io.model_outputs.class_order import shown_names
from labelclean.io.model_outputs.row_order import row_order
from labelclean.io.text.text_file import open_bytes, read_bytes

__all__ = ["EmbeddingArray", "check_embeddings", "read_embeddings"]

EmbeddingArray = NDArray[np.float32]
"""One row of numbers per example, shape (n_examples, n_dimensions); all zeros where an example has no embedding."""

_BLOCK_BYTES = 2**24
_NUMBERS = "fiub"


def read_embeddings(
    path: Path | str,
    n_examples: int,
    *,
    column: str | None = None,
    row_id: str | None = None,
    row_ids: Sequence[str] | None = None,
) -> EmbeddingArray:
    """
    Read the embeddings that some encoder gave to the rows of a dataset.

    Understood are ``.npy`` (in single precision it is only mapped into memory), ``.npz`` with one array or one named
    ``embeddings``, and Parquet with a column of lists. What a file is, its first bytes tell. Nothing is ever
    unpickled.

    Parameters
    ----------
    path : Path or str
        The file.
    n_examples : int
        Number of rows of the dataset; the file must have as many, in the same order.
    column : str, optional
        The column of lists, where a Parquet file has several.
    row_id : str, optional
        Column of a Parquet file with the row ids of the dataset; rows are then put in the dataset's order, and the
        file may have more of them.
    row_ids : sequence of str, optional
        The ids of the dataset's rows; needed with ``row_id``.

    Returns
    -------
    ndarray of float32, shape (n_examples, n_dimensions)
        Finite numbers.

    Raises
    ------
    FileContentError
        If the file is missing, damaged, cut off, or of another kind.
    InvalidInputError
        If rows or row ids do not fit the dataset, or numbers are not finite.

    Warns
    -----
    LabelCleanWarning
        As ``check_embeddings`` does.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(f"{folder}/mine.npy", np.array([[0.1, 0.9], [0.8, 0.2]]))
    ...     read_embeddings(f"{folder}/mine.npy", 2)
    array([[0.1, 0.9],
           [0.8, 0.2]], dtype=float32)
    """
    place = Path(path)
    with open_bytes(place) as file:
        head = read_bytes(file, 8)
    if head.startswith(b"PAR1"):
        return check_embeddings(_parquet(place, n_examples, column, row_id, row_ids), n_examples)
    if row_id is not None or column is not None:
        raise InvalidInputError("A column can only be named in a Parquet file; this is none.", fix="Leave it out.")
    if head.startswith(b"\x93NUMPY"):
        return check_embeddings(_npy(place), n_examples)
    if head.startswith(b"PK\x03\x04"):
        return check_embeddings(_npz(place, n_examples), n_examples)
    raise FileContentError(
        "Embeddings must be a NumPy array (.npy), an archive of one (.npz), or a Parquet file; the file is of another "
        "kind.",
        fix="Write it with numpy.save.",
    )


def check_embeddings(embeddings: ArrayLike, n_examples: int) -> EmbeddingArray:
    """
    Return embeddings as they are used, or say what is wrong with them.

    Parameters
    ----------
    embeddings : array-like of float or int, shape (n_examples, n_dimensions)
        One row for each row of the dataset: an array, a memory map, a DataFrame of numbers or lists of numbers.
    n_examples : int
        Number of rows of the dataset.

    Returns
    -------
    ndarray of float32, shape (n_examples, n_dimensions)
        The array itself where it is in single precision, so that a memory map stays on the disk; else a copy.

    Raises
    ------
    InvalidInputError
        If it is no table of numbers with one row for each of the dataset's and at least one column; or if a number is
        NaN, infinite, or too large for single precision.

    Warns
    -----
    LabelCleanWarning
        If rows are all zeros, which is taken to mean that they have no embedding; or if columns are the same in every
        row, which tell nothing and are not used.

    Examples
    --------
    >>> check_embeddings([[1, 2], [3, 4]], 2)
    array([[1., 2.],
           [3., 4.]], dtype=float32)
    """
    table = _numbers(embeddings)
    _check_rows(table.shape, n_examples)
    single = table.dtype == np.float32 and table.dtype.isnative
    kept: EmbeddingArray = table.astype(np.float32, copy=False) if single else np.empty(table.shape, dtype=np.float32)
    found = _Findings(n_rows=table.shape[0], n_columns=table.shape[1])
    at_once = max(1, _BLOCK_BYTES // (8 * table.shape[1]))
    for start in range(0, len(table), at_once):
        rows = slice(start, start + at_once)
        if not single:
            with np.errstate(over="ignore"):  # what does not fit becomes infinite, and is told below
                kept[rows] = table[rows]
        found.look_at(kept[rows], rows)
    found.tell()
    return kept


@dataclass(eq=False, kw_only=True, slots=True)
class _Findings:
    """What is odd or wrong in a table, seen a few rows at a time."""

    n_rows: int
    n_columns: int
    is_bad: MaskArray = field(init=False)
    is_zero: MaskArray = field(init=False)
    lowest: EmbeddingArray = field(init=False)
    highest: EmbeddingArray = field(init=False)

    def __post_init__(self) -> None:
        self.is_bad, self.is_zero = np.zeros(self.n_rows, dtype=np.bool_), np.zeros(self.n_rows, dtype=np.bool_)
        self.lowest = np.full(self.n_columns, np.inf, dtype=np.float32)
        self.highest = np.full(self.n_columns, -np.inf, dtype=np.float32)

    def look_at(self, block: EmbeddingArray, rows: slice) -> None:
        self.is_bad[rows] = ~np.isfinite(block).all(axis=1)
        self.is_zero[rows] = ~block.any(axis=1)
        present = block[~self.is_zero[rows] & ~self.is_bad[rows]]
        self.lowest = np.minimum(self.lowest, present.min(axis=0, initial=np.inf))
        self.highest = np.maximum(self.highest, present.max(axis=0, initial=-np.inf))

    def tell(self) -> None:
        """Raise what is wrong, and warn of what is odd."""
        n_bad, n_zero = int(np.count_nonzero(self.is_bad)), int(np.count_nonzero(self.is_zero))
        if n_bad:
            have = "row holds" if n_bad == 1 else "rows hold"
            raise InvalidInputError(
                f"Embeddings must be finite numbers below 3.4e38; {n_bad:,} {have} NaN, infinity or more, the first is "
                f"row {int(self.is_bad.argmax()):,}.",
                fix="Compute them again; give zeros to a row that has none.",
            )
        if n_zero:
            have = "row is" if n_zero == 1 else "rows are"
            _warn(
                f"{n_zero:,} {have} all zeros in the embeddings, the first is row {int(self.is_zero.argmax()):,}; "
                "the embeddings say nothing about such rows."
            )
        n_same = int(np.count_nonzero(self.lowest >= self.highest)) if n_zero < self.n_rows else 0
        if n_same and self.n_rows - n_zero > 1:
            have = "column is" if n_same == 1 else "columns are"
            _warn(
                f"{n_same:,} of {self.n_columns:,} {have} the same in every row of the embeddings and tell nothing; "
                f"the first is column {int((self.lowest >= self.highest).argmax()):,}."
            )


def _warn(message: str) -> None:
    warnings.warn(message, LabelCleanWarning, stacklevel=4)  # at the caller of check_embeddings


def _numbers(embeddings: ArrayLike) -> NDArray[np.generic]:
    try:
        table: NDArray[np.generic] = np.asarray(embeddings)
    except (ValueError, TypeError) as error:
        raise InvalidInputError(
            "Embeddings must be a table of numbers; its rows have different lengths, or it is something else.",
            fix="Give one row of equally many numbers for each text.",
        ) from error
    if table.dtype.kind not in _NUMBERS:
        raise InvalidInputError(
            f"Embeddings must be numbers; got values of type {table.dtype}.", fix="Give embeddings.astype('float32')."
        )
    return table


def _check_rows(shape: tuple[int, ...], n_examples: int) -> None:
    if len(shape) != 2 or not shape[1]:  # noqa: PLR2004  (a table has two axes)
        raise InvalidInputError(
            f"Embeddings must be a table of rows and dimensions; got an array of shape {shape}.",
            fix="Give one row of numbers for each text.",
        )
    if shape[0] != n_examples:
        raise InvalidInputError(
            f"Embeddings must have one row for each of the {n_examples:,} rows of the dataset; got {shape[0]:,}.",
            fix="Compute them on the same rows, those without a label included, in the same order.",
        )


def _npy(path: Path) -> NDArray[np.generic]:
    try:
        table: NDArray[np.generic] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, TokenError, SyntaxError, OSError) as error:
        raise FileContentError(
            "The file must be a NumPy array of numbers; it is damaged, cut off, or holds Python objects.",
            fix="Write it again with numpy.save(path, embeddings.astype('float32')).",
        ) from error
    return table


def _npz(path: Path, n_examples: int) -> NDArray[np.generic]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.removesuffix(".npy"): name for name in archive.namelist() if name.endswith(".npy")}
            member = names[_array_name(sorted(names))]
            with archive.open(member) as file:
                _check_promise(file, archive.getinfo(member).file_size, n_examples)
            with archive.open(member) as file:
                table: NDArray[np.generic] = np.lib.format.read_array(file, allow_pickle=False)
    except (InvalidInputError, FileContentError):
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, TokenError, SyntaxError) as error:
        raise FileContentError(
            "The file must be an archive of NumPy arrays of numbers (.npz); it is damaged, encrypted, or holds Python "
            "objects.",
            fix="Write it again with numpy.savez(path, embeddings=embeddings.astype('float32')).",
        ) from error
    return table


def _array_name(names: Sequence[str]) -> str:
    if "embeddings" in names:
        return "embeddings"
    if len(names) != 1:
        found = f"it has {len(names):,}: {shown_names(names)}" if names else "it has none"
        raise FileContentError(
            f"An .npz file must hold one array, or one that is named embeddings; {found}.",
            fix="Write it with numpy.savez(path, embeddings=...).",
        )
    return names[0]


def _check_promise(file: IO[bytes], n_bytes: int, n_examples: int) -> None:
    """Refuse an array that is of another size than it says, or than it should be, before any memory is taken."""
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file)
    if dtype.hasobject or n_bytes < dtype.itemsize * int(np.prod(shape, dtype=np.float64)):
        raise ValueError(dtype)
    _check_rows(shape, n_examples)


def _parquet(
    path: Path, n_examples: int, column: str | None, row_id: str | None, row_ids: Sequence[str] | None
) -> NDArray[np.generic]:
    source = parquet_source(path)
    chosen = _list_column(source, column)
    n_rows = source.n_rows or 0
    n_columns = source.list_length(chosen)
    if row_id is None:
        _check_rows((n_rows, n_columns), n_examples)
    order = None if row_id is None else row_order(source, row_id, row_ids)[0]
    table = np.empty((n_rows, n_columns), dtype=np.float32)
    first = 0
    with np.errstate(over="ignore"):
        for batch in source.batches([chosen], rows_at_once(n_columns)):
            table[first : first + batch.num_rows] = list_values(
                batch.column(0), n_columns, first_row=first, what="numbers"
            )
            first += batch.num_rows
    return table if order is None else table[order]


def _list_column(source: TableSource, column: str | None) -> str:
    lists = [each.name for each in source.columns if each.kind == "list"]
    if column is not None and column not in lists:
        raise InvalidInputError(
            f"The column of embeddings must hold lists of numbers; there is no such column {column!r}.",
            fix=f"Columns of lists are {shown_names(lists)}." if lists else "Write one list of numbers for each row.",
        )
    if column is None and len(lists) != 1:
        found = f"it has {len(lists):,}: {shown_names(lists)}" if lists else "it has none"
        raise FileContentError(
            f"A Parquet file of embeddings must have one column of lists of numbers; {found}.",
            fix="Name the column to use." if lists else "Write one list of numbers for each row.",
        )
    return column if column is not None else lists[0]
