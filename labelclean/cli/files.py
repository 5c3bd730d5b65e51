"""Files that a command reads and writes: they must exist, and appear whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, TypeVar

from labelclean.errors import InvalidInputError, NotFoundError, StoreError

__all__ = [
    "STDOUT",
    "check_apart",
    "check_not_input",
    "existing_dataset",
    "existing_file",
    "text_or_file",
    "write_dataset",
    "write_output",
]

Written = TypeVar("Written")

STDOUT = Path("-")
"""The output path that stands for standard output."""


def existing_file(path: Path) -> Path:
    """
    Return the path of a file that must be there.

    Raises
    ------
    NotFoundError
        If there is no such file.
    InvalidInputError
        If it is a directory, may not be read, or no file can have such a name.
    """
    if not _exists(path):
        raise NotFoundError(f"The file {path} does not exist.", fix="Check the spelling and the current directory.")
    if path.is_dir():
        raise InvalidInputError(f"{path} must be a file; it is a directory.", fix="Name the file in it.")
    if not os.access(path, os.R_OK):
        raise InvalidInputError(f"The file {path} must be readable; it is not.", fix="Check its permissions.")
    return path


def existing_dataset(path: Path) -> Path:
    """
    Return the path if it names a file that can be read, or a folder as Hugging Face ``datasets`` saves it.

    Raises
    ------
    NotFoundError
        If there is no such file.
    InvalidInputError
        If it is another directory, may not be read, or no file can have such a name.
    """
    if not (_exists(path) and path.is_dir()):
        return existing_file(path)
    from labelclean.io.tables.dataset_folders.format import is_dataset_folder  # noqa: PLC0415  (loads pyarrow)

    if not is_dataset_folder(path):
        raise InvalidInputError(
            f"{path} must be a file, or a folder as Hugging Face datasets saves it; it is another directory.",
            fix="Name the file in it.",
        )
    return path


def write_dataset(path: Path, source: Path, write: Callable[[BinaryIO], Written]) -> Written:
    """
    Write a dataset again, as what it was: a file, or a new folder; either appears whole or not at all.

    Parameters
    ----------
    path : Path
        Where to; for a folder a place where nothing is yet. ``-`` is standard output, on which a folder is a zip
        archive, as in a file whose name ends in ``.zip``.
    source : Path
        What it was read from.
    write : callable
        Writes the file, or the folder as a zip archive.

    Returns
    -------
    object
        What ``write`` returned.

    Raises
    ------
    InvalidInputError
        If there is something where the folder is to be.
    StoreError
        If it cannot be written.
    """
    if path == STDOUT or not source.is_dir() or path.suffix.lower() == ".zip":
        return write_output(path, write)
    from labelclean.io.tables.dataset_folders.format import unpack_folder  # noqa: PLC0415  (loads pyarrow)

    if _exists(path):
        raise InvalidInputError(
            f"--output must name a folder that does not exist yet; there is something at {path}.",
            fix="Name another folder, or a file that ends in .zip.",
        )
    try:
        with TemporaryDirectory(prefix=".labelclean-", dir=path.resolve().parent) as room:
            archive = Path(room) / "folder.zip"
            written = write_output(archive, write)
            unpack_folder(archive, path)
    except OSError as error:
        raise StoreError(
            f"The folder {path} cannot be written: {error.strerror or type(error).__name__}.",
            fix="Make room on the disk, or name a place you may write to.",
        ) from error
    return written


def text_or_file(option: str) -> str:
    """
    Return a list of names itself if it is one, else what the file says that it names.

    Raises
    ------
    InvalidInputError
        If the file is no text in UTF-8.
    NotFoundError
        If there is no such file.
    """
    if "," in option and not _exists(Path(option)):
        return option
    path = existing_file(Path(option))
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"The file of names {path} must be UTF-8 text; it cannot be read.", fix="Write one name per line."
        ) from error


def check_not_input(output: Path, source: Path, *, force: bool) -> None:
    """
    Refuse to write over an input, unless that is wanted, or where there is no directory.

    Raises
    ------
    InvalidInputError
        If there is no such directory, both are the same file and ``force`` is not set, or no file can have such a name.
    """
    if output != STDOUT and not _exists(output.absolute().parent):
        raise InvalidInputError(
            f"The output must go into a directory that exists; {output.parent} does not.",
            fix="Make it, or name another.",
        )
    if output != STDOUT and _exists(output) and output.samefile(source) and not force:
        raise InvalidInputError(
            f"--output must not be an input file; both are {source}.",
            fix="Name another file, or add --force to replace the input.",
        )


def check_apart(output: Path, other: Path, *, option: str = "--summary") -> None:
    """
    Refuse to write two things to one place.

    Raises
    ------
    InvalidInputError
        If both are the same file, or both standard output.
    """
    if output.resolve() == other.resolve():
        raise InvalidInputError(
            f"--output and {option} must be two files; both are {output}.", fix="Name another file for one of them."
        )


def write_output(path: Path, write: Callable[[BinaryIO], Written]) -> Written:
    """
    Let a function write a file that appears whole or not at all; ``-`` is standard output.

    Returns
    -------
    object
        What ``write`` returned.

    Raises
    ------
    StoreError
        If the file or standard output cannot be written.
    BrokenPipeError
        If nobody reads standard output any more.
    """
    if path != STDOUT:
        from labelclean.export import write_atomically  # noqa: PLC0415  (--help need not wait for the engine)

        return write_atomically(path, write)
    try:
        return _write_stdout(write)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StoreError(
            f"Standard output cannot be written: {error.strerror or type(error).__name__}.",
            fix="Make room on the disk behind it, or name a file with --output.",
        ) from error


def _write_stdout(write: Callable[[BinaryIO], Written]) -> Written:
    if sys.stdout is None:
        raise StoreError("Standard output cannot be written: it is closed.", fix="Name a file with --output.")
    written = write(sys.stdout.buffer)
    sys.stdout.buffer.flush()
    return written


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise InvalidInputError(
            f"The path {path} cannot be used: {error.strerror or type(error).__name__}.", fix="Check the path."
        ) from error
