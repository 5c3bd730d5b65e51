"""Probabilities of the user's own model, from a file: NumPy, Parquet or CSV, never held in memory as a whole."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError
from typing import IO, Literal

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import Label, ProbMatrix
from labelclean.dataset import Dataset
from labelclean.errors import FileContentError, InvalidInputError, StoreError
from labelclean.io.model_outputs.class_order import check_shape, match_pred_probs, shown_names
from labelclean.io.model_outputs.pred_probs_table import TableProbs, read_csv, read_parquet
from labelclean.io.model_outputs.table_spool import spool_bytes, spool_rows
from labelclean.io.text.text_file import open_bytes, read_bytes

__all__ = ["PredProbsFile", "PredProbsFormat", "read_pred_probs"]

PredProbsFormat = Literal["npy", "npz", "parquet", "csv"]
"""What a file of probabilities may be; recognised by its first bytes, not by its name."""

_BLOCK_BYTES = 2**20
_KEPT_TYPES = frozenset({np.dtype(np.float16), np.dtype(np.float32), np.dtype(np.float64)})
_NOT_NUMBERS = "OSUMmVc"  # objects, text, times, records, complex numbers


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class PredProbsFile:
    """
    What a file of probabilities holds.

    Attributes
    ----------
    pred_probs : ndarray of float16, float32 or float64, shape (n_examples, n_classes)
        The probabilities, as they stand in the file: a read-only memory map, or an array where the table has no cells.
    class_names : tuple of hashable, length n_classes, or None
        The class of each column; None where neither the file nor the caller says it.
    file_format : {"npy", "npz", "parquet", "csv"}
        The format.
    reasons : dict of str to str
        How the file was understood: one or two plain sentences each under "file_format", "columns" (which of them
        hold probabilities), "class_order" and "row_order", where there is something to say.
    is_order_assumed : bool
        Whether neither the file nor the caller says which column is which class.
    """

    pred_probs: ProbMatrix
    class_names: tuple[Label, ...] | None
    file_format: PredProbsFormat
    reasons: dict[str, str]
    is_order_assumed: bool


def read_pred_probs(
    path: Path | str,
    *,
    dataset: Dataset | None = None,
    class_names: Sequence[Label] | None = None,
    row_id: str | None = None,
    directory: Path | None = None,
) -> PredProbsFile:
    """
    Read the probabilities that some model gave to the rows of a dataset.

    Understood are ``.npy`` (float16, float32 or float64, in C or Fortran order; only mapped into memory), ``.npz``
    with one array or with ``pred_probs`` and ``class_names``, and tables: Parquet or CSV with one numeric column per
    class, or Parquet with one list column. Everything but ``.npy`` is written row by row into an unnamed temporary
    file and mapped from there, so that little memory is used whatever the size.

    Parameters
    ----------
    path : Path or str
        The file.
    dataset : Dataset, optional
        What the probabilities are about. With it, rows and classes are checked, and columns come back in the order
        of its classes, then classes that were never given. In tables it tells the columns of classes from others.
    class_names : sequence of hashable, optional
        The class of each column, for files that do not say it; in tables with such columns, which ones to use.
    row_id : str, optional
        Column of a table with the row ids of the dataset; the rows are then put in the dataset's order.
    directory : Path, optional
        Where temporary files are made; by default where they always are (``TMPDIR``).

    Returns
    -------
    PredProbsFile
        The probabilities and how they were understood; the values are not looked at yet.

    Raises
    ------
    FileContentError
        If the file is missing, damaged, cut off, or of another kind.
    InvalidInputError
        If rows, classes or row ids do not fit the dataset.
    StoreError
        If the temporary file cannot be written, for instance because the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> from labelclean.dataset import Dataset
    >>> data = Dataset.from_labels(["good", "bad"], ["+", "-"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(f"{folder}/mine.npy", np.array([[0.9, 0.1], [0.2, 0.8]]))
    ...     found = read_pred_probs(f"{folder}/mine.npy", dataset=data)
    >>> found.class_names, found.pred_probs.shape
    (('+', '-'), (2, 2))
    """
    place = Path(path)
    file_format = _recognised(place)
    if file_format in {"parquet", "csv"}:
        read = read_parquet if file_format == "parquet" else read_csv
        table = read(place, dataset=dataset, class_names=class_names, row_id=row_id, directory=directory)
        return _matched(table, dataset, file_format, directory)
    if row_id is not None:
        raise InvalidInputError(
            f"A row id column can only be named in a table; the file is an .{file_format}, which has none.",
            fix="Leave it out, or write the probabilities as Parquet or CSV.",
        )
    with open_bytes(place) as file:
        pred_probs, own_names = (_npy if file_format == "npy" else _npz)(file, place, dataset, directory)
    names = class_names if class_names is not None else own_names
    return _matched(TableProbs(pred_probs=pred_probs, class_names=names, reasons={}), dataset, file_format, directory)


_SAID: dict[PredProbsFormat, str] = {
    "npy": "The file begins as NumPy's do.",
    "npz": "The file is a ZIP archive with NumPy arrays.",
    "parquet": "The file begins as Parquet files do.",
    "csv": "The file is text, so it is read as a CSV table.",
}


def _recognised(path: Path) -> PredProbsFormat:
    with open_bytes(path) as file:
        head = read_bytes(file, 8)
    if head.startswith(b"\x93NUMPY"):
        return "npy"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "npz"
    return "parquet" if head.startswith(b"PAR1") else "csv"


def _matched(
    table: TableProbs, dataset: Dataset | None, file_format: PredProbsFormat, directory: Path | None
) -> PredProbsFile:
    reasons = {"file_format": _SAID[file_format], **table.reasons}
    names = None if table.class_names is None else tuple(table.class_names)
    if dataset is None:
        return PredProbsFile(
            pred_probs=table.pred_probs,
            class_names=names,
            file_format=file_format,
            reasons=reasons,
            is_order_assumed=names is None,
        )
    matched = match_pred_probs(dataset, table.pred_probs, class_names=names, directory=directory)
    return PredProbsFile(
        pred_probs=matched.pred_probs,
        class_names=matched.dataset.class_names,
        file_format=file_format,
        reasons={"class_order": matched.reason, **reasons},
        is_order_assumed=names is None or table.is_order_assumed,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Header:
    """What an array's header says."""

    shape: tuple[int, ...]
    fortran_order: bool
    dtype: np.dtype[np.generic]


def _npy(file: IO[bytes], path: Path, dataset: Dataset | None, directory: Path | None) -> tuple[ProbMatrix, None]:
    header = _header(file)
    shape = _checked(header, dataset)
    if 0 in shape:
        return np.empty(shape, dtype=np.float64), None
    try:
        mapped = np.memmap(
            path,
            dtype=header.dtype,
            mode="r",
            offset=file.tell(),
            shape=shape,
            order="F" if header.fortran_order else "C",
        )
    except ValueError as error:
        raise _cut_off() from error
    except OSError as error:
        raise FileContentError(
            f"The file cannot be mapped into memory: {error.strerror or type(error).__name__}.",
            fix="Copy it to a disk of this machine.",
        ) from error
    return _kept(mapped, directory), None


def _npz(
    file: IO[bytes], _path: Path, dataset: Dataset | None, directory: Path | None
) -> tuple[ProbMatrix, tuple[Label, ...] | None]:
    try:
        with zipfile.ZipFile(file) as archive:
            names = {name.removesuffix(".npy"): name for name in archive.namelist() if name.endswith(".npy")}
            key = _array_key(sorted(names))
            with archive.open(names[key]) as member:
                pred_probs = _unpacked(member, dataset, directory)
            if "class_names" not in names or key == "class_names":
                return pred_probs, None
            with archive.open(names["class_names"]) as member:
                return pred_probs, _names_in(member)
    except StoreError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise FileContentError(
            "The file must be an archive of NumPy arrays (.npz); it is damaged, encrypted or of another kind.",
            fix="Write it again with numpy.savez.",
        ) from error


def _array_key(keys: Sequence[str]) -> str:
    if "pred_probs" in keys:
        return "pred_probs"
    others = [key for key in keys if key != "class_names"]
    if len(others) != 1:
        found = f"it has {len(others):,}: {shown_names(others)}" if others else "it has none"
        raise FileContentError(
            f"An .npz file must hold one array of probabilities, or one that is named pred_probs; {found}.",
            fix="Write it with numpy.savez(path, pred_probs=..., class_names=...).",
        )
    return others[0]


def _unpacked(member: IO[bytes], dataset: Dataset | None, directory: Path | None) -> ProbMatrix:
    header = _header(member)
    shape = _checked(header, dataset)
    table = spool_bytes(
        _blocks(member, shape[0] * shape[1] * header.dtype.itemsize),
        shape=shape,
        dtype=header.dtype,
        fortran_order=header.fortran_order,
        directory=directory,
    )
    return _kept(table, directory)


def _blocks(member: IO[bytes], n_bytes: int) -> Iterator[bytes]:
    """Give the bytes that the header promises, and not one more: a small archive can hold endless ones."""
    left = n_bytes
    while left and (block := member.read(min(left, _BLOCK_BYTES))):
        left -= len(block)
        yield block


def _names_in(member: IO[bytes]) -> tuple[Label, ...]:
    try:
        names: NDArray[np.generic] = np.lib.format.read_array(member, allow_pickle=False)
    except ValueError as error:
        raise FileContentError(
            "class_names in an .npz file must be an array of text or numbers; it is of another kind.",
            fix="Write numpy.array([...], dtype=str).",
        ) from error
    return tuple(names.ravel().tolist())


def _header(file: IO[bytes]) -> _Header:
    """Read an array's header; afterwards the file stands at its first value."""
    try:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran_order, dtype = read(file)
    except (ValueError, EOFError, TokenError) as error:
        raise FileContentError(
            "The file must begin with the header of a NumPy array; it is damaged.", fix="Write it with numpy.save."
        ) from error
    return _Header(shape=shape, fortran_order=fortran_order, dtype=dtype)


def _checked(header: _Header, dataset: Dataset | None) -> tuple[int, int]:
    if header.dtype.kind in _NOT_NUMBERS or header.dtype.hasobject:
        raise FileContentError(
            f"The probabilities must be numbers; the file holds values of type {header.dtype}.",
            fix="Save probs.astype('float32').",
        )
    if dataset is not None:
        check_shape(header.shape, dataset)
    if len(header.shape) != 2:  # noqa: PLR2004  (a table has two axes)
        raise FileContentError(
            f"The probabilities must be a table of rows and classes; the file holds an array of shape {header.shape}.",
            fix="Save one row per example and one column per class.",
        )
    return header.shape[0], header.shape[1]


def _kept(table: NDArray[np.generic], directory: Path | None) -> ProbMatrix:
    """Return the table as it is, or, if no formula takes its numbers as they lie there, as double precision."""
    if table.dtype in _KEPT_TYPES and table.dtype.isnative:
        return table  # type: ignore[return-value]  # just looked at
    n_rows = max(1, _BLOCK_BYTES // max(1, table.shape[1] * 8))
    chunks = (table[start : start + n_rows].astype(np.float64) for start in range(0, len(table), n_rows))
    return spool_rows(chunks, shape=(table.shape[0], table.shape[1]), dtype=np.float64, directory=directory)


def _cut_off() -> FileContentError:
    return FileContentError(
        "The file must hold as many values as its header says; it is cut off.", fix="Write or copy it again."
    )
