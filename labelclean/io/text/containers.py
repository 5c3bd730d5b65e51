"""Archives around one text file: recognise them, read what is inside, and pack it again in the same way."""

from __future__ import annotations

import io
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError
from labelclean.io.layout import Compression
from labelclean.io.text.magic import binary_kind
from labelclean.io.text.packed_writers import recompressed
from labelclean.io.text.stored_file import open_bytes, open_watched
from labelclean.io.text.unpacked import NAMES, Unpacked
from labelclean.io.text.zip_members import ZipKind, zip_kind

__all__ = ["ZipKind", "begins_like", "open_container", "recognise_container", "recompressed", "zip_kind"]

_MAGIC: tuple[tuple[bytes, Compression], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_SKIPPABLE_FRAMES = tuple(bytes([0x50 + number, 0x2A, 0x4D, 0x18]) for number in range(16))
_BZ2_BLOCKS = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
_HEAD_BYTES = 1 << 12
_BUFFER_BYTES = 1 << 17


def recognise_container(path: Path, head: bytes) -> Compression | None:
    """
    Say which archive a file is, from its first bytes.

    Parameters
    ----------
    path : Path
        The file; a zip archive is looked into, because workbooks and ``datasets`` folders are ones too.
    head : bytes
        Its first bytes.

    Returns
    -------
    str or None
        None if the file is no archive around a text file.

    Raises
    ------
    FileContentError
        If it is a zip archive that is cut off or damaged.
    """
    if head.startswith(_SKIPPABLE_FRAMES):
        return "zstd"
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if found == "bz2" and head[4:10] not in _BZ2_BLOCKS:
        return None
    if found == "zip" and zip_kind(path) != "text":
        return None
    return found


def begins_like(path: Path, head: bytes, compression: Compression) -> bool:
    """Tell whether a file can be an archive of some kind, from its first bytes; a zip archive may have others first."""
    if compression == "zip":
        return head.startswith(b"PK") or zipfile.is_zipfile(path)
    marks = tuple(magic for magic, kind in _MAGIC if kind == compression)
    return head.startswith((*marks, *_SKIPPABLE_FRAMES) if compression == "zstd" else marks)


def open_container(path: Path, compression: Compression | None) -> BinaryIO:
    """
    Open what is inside of an archive.

    Parameters
    ----------
    path : Path
        The file.
    compression : str or None
        Its archive; None reads the file as it is.

    Returns
    -------
    binary file
        For reading from the beginning to the end.

    Raises
    ------
    FileContentError
        If the archive cannot be opened, holds another archive or (zip) not exactly one file, is encrypted, or its file
        has a name that leads out of it; or if it is cut off or damaged, or gives more than 1 GiB and at the same time
        more than 1,000 times its own size, which may show on reading only.
    """
    if compression is None:
        return open_bytes(path)
    with ExitStack() as cleanup:
        content = cleanup.enter_context(io.BufferedReader(Unpacked(open_watched(path), compression), _BUFFER_BYTES))
        if found := binary_kind(content.peek(_HEAD_BYTES)):
            raise FileContentError(
                f"The {NAMES[compression]} archive must hold a text file; what is in it looks like {found[0]}.",
                fix="Unpack it, and upload the file that holds the table.",
            )
        cleanup.pop_all()
    return content
