"""Files of probabilities that are refused, or that do not fit: each says what is wrong."""

from __future__ import annotations

import errno
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from labelclean.errors import FileContentError, InvalidInputError, LabelCleanError, StoreError
from labelclean.io.model_outputs.pred_probs import read_pred_probs
from tests.pred_probs_cases import CLASSES, DATA, PROBS, frame, same, write_npy


def npy(array: NDArray[Any]) -> bytes:
    """Return the bytes of an .npy file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def npz(**arrays: NDArray[Any]) -> bytes:
    """Return the bytes of an .npz file."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=True, **arrays)
    return buffer.getvalue()


def archive(**members: bytes) -> bytes:
    """Return the bytes of a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in members.items():
            packed.writestr(f"{name}.npy", content)
    return buffer.getvalue()


def parquet() -> bytes:
    """Return the bytes of a Parquet file."""
    buffer = io.BytesIO()
    frame().to_parquet(buffer)
    return buffer.getvalue()


def packed() -> bytes:
    """Return the bytes of a compressed .npz file with some of them spoilt."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, a=PROBS)
    content = bytearray(buffer.getvalue())
    content[60:90] = b"\xff" * 30
    return bytes(content)


OBJECTS = np.array([["a", 1], [None, 2]], dtype=object)
NAMES = np.array(CLASSES, dtype=object)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (npy(PROBS)[:-5], "it is cut off"),
        (b"\x93NUMPY\x01\x00\x10\x00{'descr': rubbish", "it is damaged"),
        (b"\x93NUMPY\x01\x00\xff", "it is damaged"),
        (b"\x93NUMPY\x07\x00" + npy(PROBS)[8:], "it is damaged"),
        (npy(OBJECTS), "values of type object"),
        (npy(np.array([["a", "b"]])), "values of type <U1"),
        (npy(PROBS.astype(complex)), "values of type complex128"),
        (npz(a=PROBS)[:-30], "it is damaged"),
        (archive(a=npy(PROBS)[:-8]), "it holds 17"),
        (archive(a=b"no array"), "it is damaged"),
        (packed(), "it is damaged"),
        (npz(a=PROBS, b=PROBS), "it has 2: 'a', 'b'"),
        (archive(), "it has none"),
        (npz(pred_probs=PROBS, class_names=NAMES), "class_names in an .npz file"),
        (parquet()[:-20], "must be a Parquet table"),
        (parquet()[:4] + b"\xff" * 196 + parquet()[200:], "must be a Parquet table"),
        (b"billing,refund,shipping\n0.5,0.25,0.25\n0.5,0.5\n", "must be a CSV table"),
        (b"billing,refund,shipping\n" + b"0.5,0.25,0.25\n" * 200_000 + b"secret,0,0\n", "CSV table.*column 1 of"),
        (b"", "it is empty"),
    ],
    ids=range(19),
)
def test_a_file_that_is_damaged_or_of_another_kind_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """With what it should be, and never with what a cell holds."""
    path = tmp_path / "probs"
    path.write_bytes(content)

    with pytest.raises(FileContentError, match=message) as caught:
        read_pred_probs(path, dataset=DATA, directory=tmp_path)

    assert "secret" not in str(caught.value)
    assert caught.value.fix
    assert [each.name for each in tmp_path.iterdir()] == ["probs"]


def test_lists_of_different_lengths_are_refused_with_the_row(tmp_path: Path) -> None:
    """The first list says how long they are."""
    lists = [row.tolist() for row in PROBS]
    lists[4] = lists[4][:2]
    pd.DataFrame({"probs": lists}).to_parquet(tmp_path / "probs.parquet")

    with pytest.raises(FileContentError, match=r"hold 3 probabilities.*row 4 holds 2"):
        read_pred_probs(tmp_path / "probs.parquet", dataset=DATA)


@pytest.mark.parametrize(
    ("table", "names", "message"),
    [
        (frame((0, 1)), None, "none for 1 of 3: 'shipping'"),
        (pd.DataFrame({"x": PROBS[:, 0], "y": PROBS[:, 1]}), None, "no column is"),
        (pd.DataFrame({"text": ["a"] * 6}), None, "no column is"),
        (frame(), ["billing", "refund", "returns"], "1 of 3 are not: 'returns'"),
        (frame().iloc[:4], None, "each of the 6 rows of the dataset; got 4"),
        (frame().assign(refund="much"), None, "1 hold something else than numbers: 'refund'"),
    ],
)
@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_table_that_does_not_fit_the_dataset_is_refused(
    tmp_path: Path, table: pd.DataFrame, names: list[str] | None, message: str, suffix: str
) -> None:
    """Classes without a column, no classes at all, too few rows."""
    path = tmp_path / f"probs.{suffix}"
    table.to_parquet(path) if suffix == "parquet" else table.to_csv(path, index=False)

    with pytest.raises(InvalidInputError, match=message):
        read_pred_probs(path, dataset=DATA, class_names=names)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (PROBS[:5], "each of the 6 rows of the dataset; got 5"),
        (PROBS[:, :2], "each of the 3 classes; got 2 columns without names"),
        (PROBS.ravel(), "got 1 dimensions"),
        (np.empty((0, 3)), "got 0"),
    ],
)
def test_an_array_that_does_not_fit_the_dataset_is_refused(
    tmp_path: Path, array: NDArray[np.float64], message: str
) -> None:
    """Rows, classes and dimensions; in an archive before it is unpacked."""
    write_npy(tmp_path / "probs.npy", array)
    np.savez(tmp_path / "probs.npz", array)

    for name in ("probs.npy", "probs.npz"):
        with pytest.raises(InvalidInputError, match=message):
            read_pred_probs(tmp_path / name, dataset=DATA)


def test_a_header_that_promises_too_much_fills_no_disk(tmp_path: Path) -> None:
    """A small archive whose array claims to be enormous is refused by its number of rows."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**12, 3)})
    with zipfile.ZipFile(tmp_path / "probs.npz", "w") as archive:
        archive.writestr("a.npy", header.getvalue())

    with pytest.raises(InvalidInputError, match="got 1,000,000,000,000"):
        read_pred_probs(tmp_path / "probs.npz", dataset=DATA)


def test_the_error_of_a_full_disk_passes_through(tmp_path: Path) -> None:
    """Where there is no room for a copy, the file is not to blame."""
    np.savez(tmp_path / "probs.npz", PROBS)

    with pytest.raises(StoreError, match="cannot be written there"):
        read_pred_probs(tmp_path / "probs.npz", dataset=DATA, directory=tmp_path / "no such directory")


def test_a_disk_that_cannot_be_mapped_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network disks cannot."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    write_npy(tmp_path / "probs.npy", PROBS)
    monkeypatch.setattr(np, "memmap", fail)

    with pytest.raises(FileContentError, match="cannot be mapped into memory: No such device"):
        read_pred_probs(tmp_path / "probs.npy")


def test_without_a_dataset_a_file_must_make_sense_by_itself(tmp_path: Path) -> None:
    """Lists are used where there are no other numbers; what is no table is refused."""
    pd.DataFrame({"text": ["a"] * 6, "probs": PROBS.tolist()}).to_parquet(tmp_path / "lists.parquet")
    pd.DataFrame({"text": ["a"] * 6}).to_parquet(tmp_path / "texts.parquet")
    write_npy(tmp_path / "flat.npy", PROBS.ravel())
    write_npy(tmp_path / "empty.npy", np.empty((0, 3)))

    assert same(read_pred_probs(tmp_path / "lists.parquet"))
    assert read_pred_probs(tmp_path / "empty.npy").pred_probs.shape == (0, 3)
    with pytest.raises(InvalidInputError, match="it has none"):
        read_pred_probs(tmp_path / "texts.parquet")
    with pytest.raises(FileContentError, match=r"an array of shape \(18,\)"):
        read_pred_probs(tmp_path / "flat.npy")


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    """Nobody knows which of them is meant."""
    (tmp_path / "probs.csv").write_text("billing,refund,refund,shipping\n" + "0.25,0.25,0.25,0.25\n" * 6)

    with pytest.raises(InvalidInputError, match="two have the same"):
        read_pred_probs(tmp_path / "probs.csv", dataset=DATA)


@pytest.mark.parametrize("place", ["missing.npy", "."])
def test_a_file_that_is_not_there_is_said(tmp_path: Path, place: str) -> None:
    """A folder is none either."""
    with pytest.raises(LabelCleanError, match=r"no file|names a folder"):
        read_pred_probs(tmp_path / place)
