"""Look into zip archives: what kind they are, and which one member is the text file."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from labelclean.errors import FileContentError
from labelclean.io.text.stored_file import open_bytes

__all__ = ["ZIP_ERRORS", "ZipKind", "damaged_zip", "only_member", "open_zip", "zip_kind"]

ZipKind = Literal["xlsx", "arrow", "text"]

ZIP_ERRORS = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, UnicodeError, ValueError, OverflowError)
"""What the zip module raises about an archive that is damaged or odd."""

_ARROW_MEMBERS = {"dataset_info.json", "state.json", "dataset_dict.json"}
_ENCRYPTED = 0x1
_MOST_MEMBERS = 10_000


def zip_kind(path: Path) -> ZipKind:
    """
    Say what a zip archive holds: an Excel workbook, a folder as Hugging Face ``datasets`` saves it, or something else.

    Raises
    ------
    FileContentError
        If the archive is cut off or damaged.
    """
    with open_bytes(path) as file, open_zip(file) as archive:
        names = archive.namelist()
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(PurePosixPath(name).name in _ARROW_MEMBERS for name in names):
        return "arrow"
    return "text"


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Open a zip archive for reading; one that is cut off or damaged gives a clear error."""
    try:
        return zipfile.ZipFile(file)
    except ZIP_ERRORS as error:
        raise damaged_zip() from error


def only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """
    Return the one file in a zip archive; folders, and what macOS puts beside files, do not count.

    Raises
    ------
    FileContentError
        If there is no file or more than one, or if it is encrypted, or its name leads out of the archive.
    """
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise _not_one(len(members))
    names = {member.filename for member in members}
    if names & {"[Content_Types].xml", "mimetype"}:
        raise FileContentError(
            "The zip archive must hold one text file; it looks like an office document.",
            fix="Leave the choice of an archive out if it is an Excel workbook (.xlsx); else save its table as CSV.",
        )
    files = [member for member in members if not member.filename.endswith("/") and not _is_fork(member.filename)]
    for number, member in enumerate(files, start=1):
        _check_name(member.filename, number)
    if len(files) != 1:
        raise _not_one(len(files))
    if files[0].flag_bits & _ENCRYPTED:
        raise FileContentError(
            "The file in the zip archive must be readable without a password; it is encrypted.",
            fix="Unpack it with the password, and upload the file itself.",
        )
    return files[0]


def damaged_zip() -> FileContentError:
    """Return the error for an archive that is no whole zip archive."""
    return FileContentError(
        "The zip archive must be whole; its list of files at the end is missing or damaged, as after a download that "
        "broke off.",
        fix="Get the archive again.",
    )


def _is_fork(name: str) -> bool:
    return PurePosixPath(name).parts[:1] == ("__MACOSX",)


def _check_name(name: str, number: int) -> None:
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or parts[0].endswith(":"):
        raise FileContentError(
            f"Names in a zip archive must stay inside of it; that of file {number:,} is absolute or leads out of it.",
            fix="Do not unpack this archive; ask for the file itself, from a source that you trust.",
        )


def _not_one(n_files: int) -> FileContentError:
    if not n_files:
        return FileContentError("The zip archive must hold one file; it is empty.", fix="Upload the table itself.")
    return FileContentError(
        f"The zip archive must hold one file only; it holds {n_files:,}.",
        fix="Unpack it, and upload the file that holds the table.",
    )
