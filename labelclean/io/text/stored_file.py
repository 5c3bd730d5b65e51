"""Open a file as the bytes that are stored, with clear errors, and notice if it changes while it is read."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError

__all__ = ["WatchedFile", "open_bytes", "open_watched", "read_bytes", "unreadable"]


class WatchedFile(io.FileIO):
    """
    An open file that must not change until it has been read to its end.

    Size and time of the last change are noted on opening and compared when the end is reached, so that every reader
    that goes on to the end finds out.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    FileContentError
        On reading the end, if the file has changed meanwhile; on any read, if the disk fails.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, "r")
        self._first_seen = self._stamp()

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # never None: it blocks
        """Read into a buffer, and return how many bytes there were; 0 at the end."""
        try:
            n_bytes = super().readinto(buffer) or 0
        except OSError as error:
            raise unreadable(error) from error
        if not n_bytes and len(buffer):
            self.check_unchanged()
        return n_bytes

    def readall(self) -> bytes:
        """Return all that is left."""
        try:
            data = super().readall()
        except OSError as error:
            raise unreadable(error) from error
        self.check_unchanged()
        return data

    def check_unchanged(self) -> None:
        """Refuse a file that is not what it was when it was opened."""
        if self._stamp() != self._first_seen:
            raise FileContentError(
                "The file must stay as it is while it is read; it was changed meanwhile.",
                fix="Wait until whatever writes to it has finished, then try again.",
            )

    def _stamp(self) -> tuple[int, int]:
        status = os.fstat(self.fileno())
        return status.st_size, status.st_mtime_ns


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for reading bytes; one that is missing, a folder or not readable gives a clear error."""
    return io.BufferedReader(open_watched(path))


def open_watched(path: Path) -> WatchedFile:
    """Open a file without a buffer; one that is missing, a folder or not readable gives a clear error."""
    try:
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "a device or a pipe"
            raise FileContentError(f"The path must name a file; it names {kind}.", fix="Choose a file.")
        return WatchedFile(path)
    except FileNotFoundError as error:
        raise FileContentError("There is no file at the given path.", fix="Check the path.") from error
    except (OSError, ValueError) as error:
        if isinstance(error, FileContentError):
            raise
        raise unreadable(error) from error


def read_bytes(file: BinaryIO, n_bytes: int) -> bytes:
    """Read at most so many bytes; a failing disk gives a clear error."""
    try:
        return file.read(n_bytes)
    except OSError as error:
        raise unreadable(error) from error


def unreadable(error: Exception) -> FileContentError:
    """Return the error for a file that is there but cannot be read."""
    return FileContentError(
        f"The file cannot be read ({type(error).__name__}).", fix="Check the path, the permissions and the disk."
    )
