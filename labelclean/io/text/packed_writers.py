"""Pack bytes into an archive as another archive is packed: names, times, comments and methods stay."""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from labelclean.io.layout import Compression
from labelclean.io.text.stored_file import open_bytes, read_bytes
from labelclean.io.text.zip_members import only_member, open_zip

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["recompressed"]

_GZIP_FIXED = struct.Struct("<2sBBIBB")  # magic, method, flags, time, hint about the level, operating system
_HAS_CHECKSUM, _HAS_EXTRA, _HAS_NAME, _HAS_COMMENT = 2, 4, 8, 16
_LEVELS = {2: 9, 4: 1}
_MAX_HEADER = 1 << 17
_LARGE = 1 << 30  # it may grow beyond what the old form of zip can hold


@contextmanager
def recompressed(source: Path, target: BinaryIO, compression: Compression | None) -> Iterator[BinaryIO]:
    """
    Give a file to write to that packs as an archive is packed.

    Parameters
    ----------
    source : Path
        The archive whose names, times, comments, methods and levels are kept as far as its kind has them.
    target : binary file
        Where the new archive goes; it stays open.
    compression : str or None
        Of the source; None writes the bytes as they are.

    Yields
    ------
    binary file
        For what is to be packed. After an error the target holds a part only.

    Raises
    ------
    FileContentError
        If the source cannot be read.
    """
    if compression is None:
        yield target
    elif compression == "zip":
        with _zip_writer(source, target) as file:
            yield file
    else:
        packer = _packer(source, target, compression)
        try:
            yield packer
        except BaseException:
            with suppress(Exception):
                packer.close()
            raise
        packer.close()


class _KeptOpen(io.RawIOBase):
    """What is written goes to another file, which stays open when this is closed."""

    def __init__(self, target: BinaryIO) -> None:
        super().__init__()
        self._target = target

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all."""
        return self._target.write(data)


class _GzipWriter(io.RawIOBase):
    """One gzip member with a given header."""

    def __init__(self, target: BinaryIO, header: bytes, level: int) -> None:
        super().__init__()
        self._target, self._header = target, header
        self._packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._checksum = self._n_bytes = 0

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Pack all."""
        self._target.write(self._header + self._packer.compress(data))
        self._header = b""
        self._checksum = zlib.crc32(data, self._checksum)
        n_bytes = memoryview(data).nbytes
        self._n_bytes += n_bytes
        return n_bytes

    def close(self) -> None:
        """Write the end of the member."""
        if not self.closed:
            trailer = struct.pack("<II", self._checksum, self._n_bytes % (1 << 32))
            self._target.write(self._header + self._packer.flush() + trailer)
        super().close()


def _packer(source: Path, target: BinaryIO, compression: Compression) -> BinaryIO:
    if compression == "gzip":
        return cast("BinaryIO", _GzipWriter(target, *_gzip_header(source)))
    if compression == "bz2":
        with open_bytes(source) as file:
            level = read_bytes(file, 4)[3:]
        return cast("BinaryIO", bz2.BZ2File(target, "wb", compresslevel=int(level) if level.isdigit() else 9))
    if compression == "xz":
        return cast("BinaryIO", lzma.LZMAFile(target, "wb"))
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415

    return cast("BinaryIO", pa.CompressedOutputStream(pa.PythonFile(_KeptOpen(target), mode="w"), "zstd"))


def _gzip_header(source: Path) -> tuple[bytes, int]:
    """Return a header with the name, time and comment of the first member, and the level it was packed with."""
    with open_bytes(source) as file:
        head = read_bytes(file, _MAX_HEADER)
    magic, method, flags, time, hint, system = _GZIP_FIXED.unpack_from(head)
    at = _GZIP_FIXED.size
    if flags & _HAS_EXTRA:
        # What stands there describes the packed bytes, which will be others.
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    words = b""
    for flag in (_HAS_NAME, _HAS_COMMENT):
        if flags & flag:
            end = head.find(b"\0", at) + 1 or len(head)
            words += head[at:end]
            at = end
    flags &= ~(_HAS_CHECKSUM | _HAS_EXTRA)
    return _GZIP_FIXED.pack(magic, method, flags, time, hint, system) + words, _LEVELS.get(hint, 6)


@contextmanager
def _zip_writer(source: Path, target: BinaryIO) -> Iterator[BinaryIO]:
    with open_bytes(source) as file, open_zip(file) as old, zipfile.ZipFile(_KeptOpen(target), "w") as new:
        new.comment = old.comment
        chosen = only_member(old)
        for member in old.infolist():
            if member is chosen:
                with new.open(_like(member), "w", force_zip64=member.file_size > _LARGE) as packed:
                    yield cast("BinaryIO", packed)
            elif member.is_dir():
                new.writestr(_like(member), b"")


def _like(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return the description of a new member like an old one."""
    new = zipfile.ZipInfo(member.filename, member.date_time)
    for name in ("compress_type", "comment", "create_system", "external_attr", "internal_attr"):
        setattr(new, name, getattr(member, name))
    return new
