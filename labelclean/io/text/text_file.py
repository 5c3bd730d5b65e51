"""Bytes to text blocks and back: encodings, byte order marks, and the promise that nothing changes on the way."""

from __future__ import annotations

import codecs
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.text.containers import open_container
from labelclean.io.text.stored_file import open_bytes, read_bytes

__all__ = [
    "BLOCK_BYTES",
    "byte_order_mark",
    "codec_name",
    "count_line_ends",
    "is_bytewise",
    "line_at",
    "open_bytes",
    "open_content",
    "read_blocks",
    "read_byte_blocks",
    "read_bytes",
]

BLOCK_BYTES = 1 << 20

# Codecs that keep a state between characters, or that are not made for files: their bytes depend on where a block ends.
_BYTEWISE = {
    "utf-8", "ascii", "koi8-r", "koi8-u", "cp437", "cp850", "cp852", "cp855", "cp858", "cp865", "cp866", "cp874",
    *(f"cp125{number}" for number in range(9)),
    *(f"iso8859-{number}" for number in (*range(1, 12), *range(13, 17))),
}  # fmt: skip
_UNFIT_CODECS = {"utf-7", "hz", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"}


def codec_name(name: str) -> str:
    """
    Return Python's name of an encoding, without anything about a byte order mark.

    Raises
    ------
    InvalidInputError
        If there is no such text encoding, or its bytes cannot be patched in place.
    """
    try:
        found = codecs.lookup(name).name
        # Four zero bytes are text in every text encoding; codecs that are none refuse them.
        b"\0\0\0\0".decode(found)
    except (LookupError, ValueError) as error:
        raise InvalidInputError(
            "The encoding must be one that Python knows; got an unknown name.",
            fix="Use a name such as utf-8, cp1252 or gb18030.",
        ) from error
    found = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(found, found)
    if found in _UNFIT_CODECS or found.startswith("iso2022"):
        raise InvalidInputError(
            f"Files in {found} cannot be patched in place, so they cannot be written back unchanged.",
            fix="Convert the file to UTF-8 first.",
        )
    return found


def byte_order_mark(encoding: str) -> bytes:
    """Return the byte order mark of an encoding; empty if it has none."""
    try:
        return "\ufeff".encode(encoding)
    except UnicodeEncodeError:
        return b""


def count_line_ends(text: str) -> int:
    r"""Count ``\r\n``, ``\n`` and lone ``\r``, each once."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def open_content(path: Path, layout: FileLayout) -> BinaryIO:
    """
    Open the bytes of a text file for reading from the beginning to the end, without the archive around it.

    Parameters
    ----------
    path : Path
        The file.
    layout : FileLayout
        Only its compression is used.

    Raises
    ------
    FileContentError
        If the file is missing, or its archive is damaged, empty or dangerous; some of this shows on reading only.
    """
    return open_container(path, layout.compression)


def read_blocks(path: Path, layout: FileLayout) -> Generator[str, None, None]:
    """
    Read a file as blocks of text whose encoding gives the file's bytes again.

    The byte order mark, if the layout has one, is left out.

    Parameters
    ----------
    path : Path
        The file.
    layout : FileLayout
        Only its compression, encoding and byte order mark are used.

    Yields
    ------
    str
        Text; joined and encoded, the blocks are the file.

    Raises
    ------
    FileContentError
        If a byte does not belong to the encoding, would come back as another one, or is a NUL character.
    """
    decoder = codecs.getincrementaldecoder(layout.encoding)("strict")
    with open_content(path, layout) as file:
        offset = len(byte_order_mark(layout.encoding)) if layout.byte_order_mark else 0
        read_bytes(file, offset)
        pending = b""
        while True:
            chunk = read_bytes(file, BLOCK_BYTES)
            data = pending + chunk
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                raise _undecodable(path, layout, offset + getattr(error, "start", 0)) from error
            # A few codecs read characters that they cannot write; "replace" makes these differ instead of raising.
            encoded = text.encode(layout.encoding, "replace")
            if not data.startswith(encoded) or (not chunk and len(encoded) < len(data)):
                raise _not_reversible(path, layout, offset + _first_difference(data, encoded))
            if "\0" in text:
                raise _not_text(path, layout, offset + len(text[: text.index("\0")].encode(layout.encoding)))
            if text:
                yield text
            if not chunk:
                return
            pending = data[len(encoded) :]
            offset += len(encoded)


def read_byte_blocks(path: Path, layout: FileLayout) -> Generator[bytes, None, None]:
    """
    Read a file as blocks of its bytes, once they are known to be text in its encoding.

    The byte order mark, if the layout has one, is left out. A block may end inside of a character.

    Parameters
    ----------
    path : Path
        The file.
    layout : FileLayout
        Its compression, byte order mark and encoding, which must be one that ``is_bytewise``.

    Yields
    ------
    bytes
        Joined, the blocks are the file.

    Raises
    ------
    FileContentError
        If a byte does not belong to the encoding, or is a NUL character.
    """
    decoder = codecs.getincrementaldecoder(layout.encoding)("strict")
    with open_content(path, layout) as file:
        offset = len(byte_order_mark(layout.encoding)) if layout.byte_order_mark else 0
        read_bytes(file, offset)
        n_pending = 0
        while True:
            chunk = read_bytes(file, BLOCK_BYTES)
            if n_pending or not chunk.isascii():
                try:
                    decoder.decode(chunk, final=not chunk)
                except UnicodeError as error:
                    bad = offset - n_pending + getattr(error, "start", 0)
                    raise _undecodable(path, layout, bad) from error
                n_pending = len(decoder.getstate()[0])
            if b"\0" in chunk:
                raise _not_text(path, layout, offset + chunk.index(b"\0"))
            if not chunk:
                return
            yield chunk
            offset += len(chunk)


def is_bytewise(encoding: str, delimiter: str) -> bool:
    """
    Tell whether line ends, quotes and a delimiter can be found in the bytes of an encoding.

    That is so where ASCII characters are single bytes that are part of no other character, each byte has one meaning,
    and the delimiter is a single byte.
    """
    try:
        return encoding in _BYTEWISE and len(delimiter.encode(encoding)) == 1
    except UnicodeEncodeError:
        return False


def _first_difference(data: bytes, encoded: bytes) -> int:
    same = (at for at, (old, new) in enumerate(zip(data, encoded, strict=False)) if old != new)
    return next(same, min(len(data), len(encoded)))


def line_at(path: Path, layout: FileLayout, offset: int) -> int:
    """Return the 1-based line in which a byte offset lies."""
    decoder = codecs.getincrementaldecoder(layout.encoding)("replace")
    n_lines, after_return = 1, False
    with open_content(path, layout) as file:
        while offset > 0 and (chunk := read_bytes(file, min(offset, BLOCK_BYTES))):
            offset -= len(chunk)
            text = decoder.decode(chunk)
            n_lines += count_line_ends(text) - (after_return and text.startswith("\n"))
            after_return = text.endswith("\r") if text else after_return
    return n_lines


def _undecodable(path: Path, layout: FileLayout, offset: int) -> FileContentError:
    line = line_at(path, layout, offset)
    return FileContentError(
        f"The file must be valid {layout.encoding}; the byte at offset {offset:,} (line {line:,}) is not.",
        fix="Choose the encoding the file was saved in, or save it as UTF-8.",
    )


def _not_reversible(path: Path, layout: FileLayout, offset: int) -> FileContentError:
    line = line_at(path, layout, offset)
    return FileContentError(
        f"The file must stay the same when it is written back; read as {layout.encoding}, the byte at offset "
        f"{offset:,} (line {line:,}) would change.",
        fix="Convert the file to UTF-8 first, or choose another encoding.",
    )


def _not_text(path: Path, layout: FileLayout, offset: int) -> FileContentError:
    return FileContentError(
        f"The file must be text; it holds NUL characters, as binary files do, the first at offset {offset:,} "
        f"(line {line_at(path, layout, offset):,}).",
        fix="Upload a table, such as CSV, JSON, Parquet or Excel (.xlsx); if it is UTF-16 text, choose that encoding.",
    )
