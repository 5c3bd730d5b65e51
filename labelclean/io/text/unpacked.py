"""The bytes inside of an archive as a stream, with limits and with this package's errors."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from typing import BinaryIO, Protocol, TypeAlias

from labelclean.errors import FileContentError
from labelclean.io.layout import Compression
from labelclean.io.text.stored_file import WatchedFile
from labelclean.io.text.zip_members import ZIP_ERRORS, only_member, open_zip

__all__ = ["NAMES", "UNPACKING_ERRORS", "Unpacked"]

NAMES: dict[Compression, str] = {"gzip": "gzip", "bz2": "bzip2", "xz": "xz", "zstd": "Zstandard", "zip": "zip"}
"""What people call each archive."""

UNPACKING_ERRORS = (
    OSError, EOFError, zlib.error, lzma.LZMAError, struct.error, MemoryError, RuntimeError, *ZIP_ERRORS,
)  # fmt: skip
"""What the unpackers raise about bytes that are damaged or cut off."""

_BUFFER_BYTES = 1 << 17
_ANY_RATIO_BYTES = 1 << 30
_MAX_RATIO = 1_000


class _Readable(Protocol):
    def read(self, n_bytes: int, /) -> bytes: ...


_Opened: TypeAlias = tuple[_Readable, int]
"""The stream inside of an archive, and how many bytes it is said to have; 0 if nothing is said."""


class Unpacked(io.RawIOBase):
    """
    What is inside of an archive.

    Parameters
    ----------
    stored : WatchedFile
        The archive; closed with this.
    compression : str
        Its kind.

    Raises
    ------
    FileContentError
        On opening or reading, if the archive is cut off, damaged, changed meanwhile, or grows beyond the limits.
    """

    def __init__(self, stored: WatchedFile, compression: Compression) -> None:
        super().__init__()
        self._stored, self._compression = stored, compression
        self._n_stored = max(1, stored.seek(0, io.SEEK_END))
        stored.seek(0)
        self._n_bytes = 0
        self._cleanup = ExitStack()
        file = self._cleanup.enter_context(io.BufferedReader(stored, _BUFFER_BYTES))
        try:
            self._source, n_declared = _OPENERS[compression](file, self._cleanup)
            self._check_size(n_declared)
        except FileContentError:
            self._cleanup.close()
            raise
        except UNPACKING_ERRORS as error:
            problem = self._damaged(error)
            self._cleanup.close()
            raise problem from error

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # never None: it blocks
        """Unpack into a buffer, and return how many bytes there were; 0 at the end."""
        try:
            data = self._source.read(len(buffer))
        except FileContentError:
            raise
        except UNPACKING_ERRORS as error:
            raise self._damaged(error) from error
        self._n_bytes += len(data)
        self._check_size(self._n_bytes)
        if not data and len(buffer):
            self._stored.check_unchanged()
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the archive and the file."""
        if not self.closed:
            self._cleanup.close()
        super().close()

    def _damaged(self, error: BaseException) -> FileContentError:
        self._stored.check_unchanged()
        is_cut_off = isinstance(error, EOFError) or "runcated" in str(error) or "ended before" in str(error)
        finding = "it ends too early" if is_cut_off else "it is damaged"
        if isinstance(error, NotImplementedError):
            finding = "it is packed in a way that cannot be read"
        return FileContentError(
            f"The {NAMES[self._compression]} archive must be whole; {finding}, after {self._n_bytes:,} bytes of "
            "content that could be read.",
            fix="Get the archive again, or unpack it and upload the file itself.",
        )

    def _check_size(self, n_bytes: int) -> None:
        if n_bytes > _ANY_RATIO_BYTES and n_bytes > _MAX_RATIO * self._n_stored:
            raise FileContentError(
                f"An archive may hold at most {_MAX_RATIO:,} times its own size, or 1 GiB if that is more; this "
                f"{NAMES[self._compression]} archive of {self._n_stored:,} bytes holds {n_bytes:,} or more.",
                fix="If you trust it, unpack it and upload the file itself.",
            )


def _open_gzip(file: BinaryIO, cleanup: ExitStack) -> _Opened:
    return cleanup.enter_context(gzip.GzipFile(fileobj=file, mode="rb")), 0


def _open_bz2(file: BinaryIO, cleanup: ExitStack) -> _Opened:
    return cleanup.enter_context(bz2.BZ2File(file)), 0


def _open_xz(file: BinaryIO, cleanup: ExitStack) -> _Opened:
    return cleanup.enter_context(lzma.LZMAFile(file)), 0


def _open_zstd(file: BinaryIO, cleanup: ExitStack) -> _Opened:
    # The package zstandard takes a stream that is cut off for whole; Arrow does not.
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415

    stream: _Readable = cleanup.enter_context(pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd"))
    return stream, 0


def _open_zip(file: BinaryIO, cleanup: ExitStack) -> _Opened:
    archive = cleanup.enter_context(open_zip(file))
    member = only_member(archive)
    return cleanup.enter_context(archive.open(member)), member.file_size


_OPENERS: dict[Compression, Callable[[BinaryIO, ExitStack], _Opened]] = {
    "gzip": _open_gzip,
    "bz2": _open_bz2,
    "xz": _open_xz,
    "zstd": _open_zstd,
    "zip": _open_zip,
}
