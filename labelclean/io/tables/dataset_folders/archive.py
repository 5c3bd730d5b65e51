"""The folder of a dataset as one zip archive, and back; the same folder always gives the same bytes."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

from labelclean.errors import FileContentError, InvalidInputError, StoreError
from labelclean.io.tables.dataset_folders.files import DatasetFiles, open_files

__all__ = ["ArchiveWriter", "pack", "unpack"]

_BLOCK_BYTES = 1 << 20
_DATE = (1980, 1, 1, 0, 0, 0)  # the first one that a zip archive knows
_MODE = 0o644 << 16


class _Target(io.RawIOBase):
    """What an archive is written to; a disk that fails gives a clear error."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._place = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        view = memoryview(data)  # type: ignore[arg-type]  # bytes of some kind
        try:
            self._target.write(view)
        except OSError as error:
            raise _disk_failed(error) from error
        self._place += view.nbytes
        return view.nbytes

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        """Leave that to whoever gave the target."""


class ArchiveWriter:
    """
    Writes files into a zip archive, without packing them.

    Parameters
    ----------
    target : binary file
        Where the archive goes; it need not be able to go back.
    """

    def __init__(self, target: BinaryIO) -> None:
        self._archive = zipfile.ZipFile(_Target(target), "w", zipfile.ZIP_STORED)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write the list of all files, unless something went wrong."""
        if kind is None:
            self._archive.close()
        else:
            self._archive.fp = None  # an archive that is not whole gets no list: closing must not write one

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """Open one more file for writing."""
        member = zipfile.ZipInfo(name, date_time=_DATE)
        member.external_attr = _MODE
        with self._archive.open(member, "w", force_zip64=True) as file:
            yield file  # type: ignore[misc]  # all of a binary file that is needed

    def copy(self, files: DatasetFiles, name: str) -> None:
        """Copy a file as it is."""
        with files.open(name) as source, self.file(name) as target:
            shutil.copyfileobj(source, target, _BLOCK_BYTES)


def pack(directory: Path, target: BinaryIO) -> None:
    """Write all files of a directory into one archive."""
    try:
        with open_files(directory) as files, ArchiveWriter(target) as archive:
            for name in files.sizes:
                archive.copy(files, name)
    except OSError as error:
        raise FileContentError(
            f"All files of a folder must be readable; one is not ({type(error).__name__}).",
            fix="Check the permissions and the disk.",
        ) from error


def unpack(archive: Path, directory: Path) -> None:
    """Write the files of the dataset in an archive to a new directory: all of them, or nothing."""
    if directory.exists():
        raise InvalidInputError(
            "The folder to unpack to must be a new one; there is one of that name.", fix="Choose another name."
        )
    try:
        work = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=directory.parent))
    except OSError as error:
        raise _disk_failed(error) from error
    try:
        _unpack_into(archive, work)
        work.chmod(0o755)
        work.rename(directory)
    except OSError as error:
        raise _disk_failed(error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _unpack_into(archive: Path, work: Path) -> None:
    with open_files(archive) as files:
        for name in files.sizes:
            if name.startswith(files.root):
                path = work / name.removeprefix(files.root)
                path.parent.mkdir(parents=True, exist_ok=True)
                with files.open(name) as source, path.open("xb") as target:
                    shutil.copyfileobj(source, target, _BLOCK_BYTES)


def _disk_failed(error: OSError) -> StoreError:
    return StoreError(
        f"The files must be written as a whole; the disk failed or is full ({error.strerror}).",
        fix="Make room on the disk, then try again; the original is as it was.",
    )
