"""Copy a workbook's archive byte for byte, with the content of one part replaced."""

from __future__ import annotations

import shutil
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from labelclean.errors import FileContentError
from labelclean.io.text.stored_file import open_bytes

__all__ = ["copy_with_part"]

_SPOOL_BYTES = 1 << 24
_END_MAGIC, _ENTRY_MAGIC, _LOCAL_MAGIC = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 1 << 16
_SIZE_FOLLOWS = 0x8
_IN_ZIP64 = 0xFFFFFFFF
_DEFLATED = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """One line of the archive's list of members; ``rest`` is its name, extra fields and comment as they stand."""

    fields: tuple[int, ...]
    rest: bytes

    @property
    def name(self) -> bytes:
        return self.rest[: self.fields[9]]

    @property
    def offset(self) -> int:
        return self.fields[15]


class _Deflater:
    """Deflates what is written to it, and counts."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        self.n_bytes = self.n_deflated = self.checksum = 0

    def write(self, data: bytes) -> None:
        self.n_bytes += len(data)
        self.checksum = zlib.crc32(data, self.checksum)
        self._put(self._deflate.compress(data))

    def finish(self) -> None:
        self._put(self._deflate.flush())

    def _put(self, data: bytes) -> None:
        self.n_deflated += len(data)
        self._target.write(data)


def copy_with_part(
    path: Path, target: BinaryIO, part: str, make_content: Callable[[Callable[[bytes], None]], None]
) -> None:
    """
    Write a zip archive again with one member replaced; all others keep their bytes, order, times and attributes.

    Parameters
    ----------
    path : Path
        The archive.
    target : binary file
        Where to write.
    part : str
        The name of the member.
    make_content : callable
        Is given a function that takes the new content block by block.

    Raises
    ------
    FileContentError
        If the archive is laid out in a way that cannot be copied so.
    """
    with open_bytes(path) as source, SpooledTemporaryFile(max_size=_SPOOL_BYTES) as spool:
        entries, end_offset, end = _read_directory(source)
        deflater = _Deflater(spool)  # type: ignore[arg-type]  # a spooled file is one in all that is used
        make_content(deflater.write)
        deflater.finish()
        spool.seek(0)
        in_order = sorted(entries, key=lambda entry: entry.offset)
        ends = [*(entry.offset for entry in in_order[1:]), end_offset]
        moved: dict[int, _Entry] = {}
        _copy(source, target, 0, in_order[0].offset)
        position = in_order[0].offset
        for entry, next_offset in zip(in_order, ends, strict=True):
            if entry.name == part.encode("utf-8" if entry.fields[3] & 0x800 else "cp437", "replace"):
                moved[entry.offset] = _replaced(entry, position, deflater)
                position += _write_member(target, moved[entry.offset])
                shutil.copyfileobj(spool, target)
                position += deflater.n_deflated
            else:
                moved[entry.offset] = _at(entry, position)
                _copy(source, target, entry.offset, next_offset)
                position += next_offset - entry.offset
        _write_directory(target, [moved[entry.offset] for entry in entries], position, end)


def _read_directory(source: BinaryIO) -> tuple[list[_Entry], int, bytes]:
    """Return the list of members, where it begins, and the record at the archive's end."""
    size = source.seek(0, 2)
    source.seek(max(0, size - _LONGEST_COMMENT - _END.size))
    tail = source.read()
    place = tail.rfind(_END_MAGIC)
    n_bytes, start = _END.unpack_from(tail, place)[5:7]
    end_at = size - len(tail) + place
    if start + n_bytes != end_at:
        raise _cannot_copy()
    source.seek(start)
    directory = source.read(n_bytes)
    entries: list[_Entry] = []
    offset = 0
    while offset < n_bytes:
        _, *fields = _ENTRY.unpack_from(directory, offset)
        end = offset + _ENTRY.size + sum(fields[9:12])
        entries.append(_Entry(fields=tuple(fields), rest=directory[offset + _ENTRY.size : end]))
        offset = end
    offsets = {entry.offset for entry in entries}
    if len(offsets) < len(entries) or max(offsets) >= start:
        raise _cannot_copy()
    return entries, start, tail[place:]


def _at(entry: _Entry, offset: int) -> _Entry:
    return replace(entry, fields=(*entry.fields[:15], offset))


def _replaced(entry: _Entry, offset: int, content: _Deflater) -> _Entry:
    """Return the line of a member that is written anew: sizes and checksum of the new content, no extra fields."""
    fields = list(entry.fields)
    n_name, n_extra = fields[9], fields[10]
    fields[2] &= ~_SIZE_FOLLOWS
    fields[3] = _DEFLATED
    fields[6:9] = [content.checksum, content.n_deflated, content.n_bytes]
    fields[10] = 0
    fields[15] = offset
    if max(content.n_deflated, content.n_bytes, offset) >= _IN_ZIP64:
        raise _cannot_copy()
    return _Entry(fields=tuple(fields), rest=entry.rest[:n_name] + entry.rest[n_name + n_extra :])


def _write_member(target: BinaryIO, entry: _Entry) -> int:
    _, needed, flags, method, time, date, checksum, n_deflated, n_bytes, n_name = entry.fields[:10]
    header = _LOCAL.pack(_LOCAL_MAGIC, needed, flags, method, time, date, checksum, n_deflated, n_bytes, n_name, 0)
    target.write(header + entry.name)
    return len(header) + n_name


def _write_directory(target: BinaryIO, entries: list[_Entry], start: int, end: bytes) -> None:
    n_bytes = 0
    for entry in entries:
        n_bytes += target.write(_ENTRY.pack(_ENTRY_MAGIC, *entry.fields) + entry.rest)
    magic, disk, start_disk, n_here, n_all, _, _, n_comment = _END.unpack_from(end)
    target.write(_END.pack(magic, disk, start_disk, n_here, n_all, n_bytes, start, n_comment) + end[_END.size :])


def _copy(source: BinaryIO, target: BinaryIO, start: int, end: int) -> None:
    source.seek(start)
    left = end - start
    while left > 0 and (block := source.read(min(left, 1 << 20))):
        target.write(block)
        left -= len(block)


def _cannot_copy() -> FileContentError:
    return FileContentError(
        "The workbook's archive must be a plain zip archive below 4 GiB, so that its other parts can be copied as they "
        "are; it is laid out in another way.",
        fix="Open the workbook in a spreadsheet program, save it again, and upload that file.",
    )
