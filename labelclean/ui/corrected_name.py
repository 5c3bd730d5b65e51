"""What the export page says of the corrected file, whatever its kind; no Streamlit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Final

from labelclean.export.label_words import label_text
from labelclean.export.planned import CellChange
from labelclean.io.layout import FileFormat, FileLayout
from labelclean.review.merging import single_names

__all__ = ["corrected_name", "first_unwritable", "mime_type", "promise"]

_ARCHIVES: Final = frozenset({".gz", ".bz2", ".xz", ".zst", ".zip"})
_MIME_TYPES: Final[dict[FileFormat, str]] = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "jsonl": "application/x-ndjson",
    "json": "application/json",
    "json_columns": "application/json",
    "fasttext": "text/plain",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "arrow": "application/zip",
}
_ARCHIVE_TYPES: Final = {
    "gzip": "application/gzip", "bz2": "application/x-bzip2", "xz": "application/x-xz", "zstd": "application/zstd",
    "zip": "application/zip",
}  # fmt: skip
_NO_TEXT: Final = frozenset({"parquet", "xlsx", "arrow"})


def corrected_name(file_name: str) -> str:
    """
    Return the name of the corrected file.

    Examples
    --------
    >>> [corrected_name(name) for name in ("mine.csv", "mine.v2.csv.gz", "mine", "mine.zip")]
    ['mine.corrected.csv', 'mine.v2.corrected.csv.gz', 'mine.corrected', 'mine.corrected.zip']
    """
    path = PurePath(file_name)
    archive = path.suffix if path.suffix.lower() in _ARCHIVES else ""
    inner = PurePath(path.name.removesuffix(archive) if archive else path.name)
    return f"{inner.stem}.corrected{inner.suffix}{archive}"


def mime_type(layout: FileLayout) -> str:
    """Return what the browser is told that the file is."""
    if layout.compression is not None:
        return _ARCHIVE_TYPES[layout.compression]
    return _MIME_TYPES[layout.file_format]


def promise(layout: FileLayout) -> str:
    """Return what holds for the file that comes back."""
    if layout.file_format in _NO_TEXT:
        return "Your file comes back with only the corrected label cells changed; all the rest of it stays as it was."
    if layout.compression is not None:
        return "Your file comes back, packed again, with only the corrected label cells changed, byte for byte."
    return "The file comes back byte for byte as it was, with only the corrected label cells changed."


def first_unwritable(layout: FileLayout, changes: Iterable[CellChange]) -> CellChange | None:
    """Return the first change that the file's encoding cannot hold, so that it is said before the download fails."""
    if layout.file_format in _NO_TEXT:
        return None
    for change in changes:
        if not change.is_correction or change.new is None:
            continue
        try:
            "".join(map(label_text, single_names(change.new))).encode(layout.encoding)
        except UnicodeEncodeError:
            return change
    return None
