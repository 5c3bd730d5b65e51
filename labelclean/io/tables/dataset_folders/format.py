"""
Folders as Hugging Face ``datasets`` saves them, and zip archives of one, as tables.

The door to the modules that read and write them, which are loaded when they are needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableScan
from labelclean.io.tables.dataset_folders.archive import pack, unpack
from labelclean.io.tables.dataset_folders.files import is_dataset, open_files, splits_of

__all__ = ["ARROW_FOLDER", "ArrowFolder", "is_dataset_folder", "pack_folder", "split_names", "unpack_folder"]


@dataclass(frozen=True)
class ArrowFolder:
    """A dataset's folder: `labelclean.io.tables.contract.TableFormat` says what the methods do."""

    def scan(self, path: Path, layout: FileLayout) -> TableScan:
        """Decode all of a split once, and say what it holds."""
        from labelclean.io.tables.dataset_folders.reader import scan_folder  # noqa: PLC0415  (pyarrow loads slowly)

        return scan_folder(path, layout.part)

    def read(
        self, path: Path, layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
    ) -> list[list[CellValue]]:
        """Return some columns of a split; a ``ClassLabel`` as the number that it is in the file."""
        from labelclean.io.tables.dataset_folders.reader import read_cells  # noqa: PLC0415  (pyarrow loads slowly)

        return read_cells(path, layout.part, columns, rows)

    def parts(self, path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[list[list[CellValue]]]:
        """Yield some columns of a split part by part."""
        from labelclean.io.tables.dataset_folders.reader import cell_parts  # noqa: PLC0415  (pyarrow loads slowly)

        return cell_parts(path, layout.part, columns)

    def write(self, path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
        """
        Write the folder again as a zip archive without packing; files without changes are the same byte for byte.

        A ``ClassLabel`` takes numbers and names; a new name is appended to the names that the split knows.
        """
        from labelclean.io.tables.dataset_folders.writer import write_folder  # noqa: PLC0415  (pyarrow loads slowly)

        return write_folder(path, target, layout.part, edits)


ARROW_FOLDER = ArrowFolder()


def is_dataset_folder(path: Path) -> bool:
    """Tell whether a path leads to a folder that ``datasets`` saved, or to a zip archive with one in it."""
    return is_dataset(path)


def split_names(path: Path) -> tuple[str, ...]:
    """
    Return the splits of a dataset in their order; none where the folder holds one table only.

    Raises
    ------
    FileContentError
        If it is no dataset, or ``dataset_dict.json`` is damaged.
    """
    with open_files(path) as files:
        return splits_of(files)


def pack_folder(directory: Path, target: BinaryIO) -> None:
    """
    Write a dataset's folder as one zip archive; the same folder always gives the same bytes.

    Parameters
    ----------
    directory : Path
        The folder.
    target : binary file
        Where to write. After an error it holds a part only; give a temporary file.

    Raises
    ------
    FileContentError
        If it is no dataset.
    StoreError
        If the disk fails.
    """
    pack(directory, target)


def unpack_folder(archive: Path, directory: Path) -> None:
    """
    Write the dataset in an archive to a new folder: all of its files, or nothing.

    Parameters
    ----------
    archive : Path
        A zip archive, in which the dataset may stand in a folder of its own.
    directory : Path
        Must not exist yet.

    Raises
    ------
    FileContentError
        If it holds no dataset, is damaged, or has names that lead out of it.
    InvalidInputError
        If there is something at ``directory``.
    StoreError
        If the disk fails.
    """
    unpack(archive, directory)
