"""Tell from its first bytes that a file is no text, and what it is instead."""

from __future__ import annotations

from labelclean.errors import FileContentError

__all__ = ["binary_kind", "check_magic"]

_TOLD = "Leave its format and its archive out, so that they are told from its content."
_SAVE_AS_TABLE = "Upload a table, such as CSV, JSON, Parquet or Excel (.xlsx)."
_PICKLE = "Pickles can run programs, so they are never opened. Save the table as CSV, JSON Lines or Parquet."
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", _TOLD),
    (b"PK\x05\x06", "an empty ZIP archive", "Upload the table itself."),
    (b"\x1f\x8b", "a gzip archive", _TOLD),
    (b"BZh91AY&SY", "a bzip2 archive", _TOLD),
    (b"\xfd7zXZ\x00", "an xz archive", _TOLD),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it first."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _TOLD),
    (b"PAR1", "a Parquet file", _TOLD),
    (b"ARROW1", "an Arrow file", "Convert it to CSV, JSON Lines or Parquet first."),
    (b"Obj\x01", "an Avro file", "Convert it to CSV, JSON Lines or Parquet first."),
    (b"\x93NUMPY", "a NumPy array", "Save the table as CSV, JSON Lines or Parquet."),
    (b"\x89HDF\r\n", "an HDF5 file", "Save the table as CSV, JSON Lines or Parquet."),
    *((bytes([0x80, protocol]), "a Python pickle", _PICKLE) for protocol in range(2, 6)),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "Save the table as .xlsx or CSV."),
    (b"\x78\x9c", "zlib data, like spaCy's DocBin", "Write the text and the cats of each document as JSON Lines."),
    (b"SQLite format 3\x00", "an SQLite database", "Export the table, for example as CSV or JSON."),
    (b"\x89PNG", "a PNG image", _SAVE_AS_TABLE),
    (b"\xff\xd8\xff", "a JPEG image", _SAVE_AS_TABLE),
    (b"GIF8", "a GIF image", _SAVE_AS_TABLE),
    (b"%PDF-", "a PDF document", _SAVE_AS_TABLE),
)
_TAR_MAGIC, _TAR_OFFSET = b"ustar", 257


def binary_kind(head: bytes) -> tuple[str, str] | None:
    """Return what a file's first bytes say it is, with its article, and what to do; None if they say nothing."""
    if head.startswith(_TAR_MAGIC, _TAR_OFFSET):
        return "a tar archive", "Unpack it first."
    return next(((kind, fix) for magic, kind, fix in _MAGIC if head.startswith(magic)), None)


def check_magic(head: bytes) -> None:
    """Refuse files whose first bytes say that they are no text, naming what they look like."""
    if found := binary_kind(head):
        kind, fix = found
        raise FileContentError(f"The file must be text; it looks like {kind}.", fix=fix)
