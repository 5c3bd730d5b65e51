"""Recognise what a file is: archive, kind, encoding and delimiter, each with the reason in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import Compression, FileFormat, FileLayout, ReadingChoices
from labelclean.io.reasons import CHOSEN
from labelclean.io.text.containers import begins_like, recognise_container, zip_kind
from labelclean.io.text.stored_file import open_bytes, read_bytes
from labelclean.io.text_formats import recognise_text

__all__ = ["Recognised", "recognise"]

_HEAD_BYTES = 1 << 16
_ARCHIVES: dict[Compression, str] = {
    "gzip": "gzip",
    "bz2": "bzip2",
    "xz": "xz",
    "zstd": "Zstandard",
    "zip": "zip",
}
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # or an encrypted one
_WORKBOOK_MARKS = (b"PK", _OLD_WORKBOOK)
_NO_TEXT: frozenset[FileFormat | None] = frozenset({"parquet", "xlsx", "arrow"})
_ARCHIVE_SUFFIXES = {".gz", ".gzip", ".bz2", ".xz", ".zst", ".zstd", ".zip"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """
    A layout whose columns and rows are not read yet, and how it came about.

    Attributes
    ----------
    layout : FileLayout
        Without columns and rows.
    reasons : dict of str to str
        One plain sentence for each of its fields that mattered.
    parts : tuple of str
        What its ``part`` can be.
    is_encoding_sure : bool
        Whether the bytes prove the encoding.
    """

    layout: FileLayout
    reasons: dict[str, str]
    parts: tuple[str, ...] = ()
    is_encoding_sure: bool = True


def recognise(path: Path, *, name: str, choices: ReadingChoices | None = None) -> Recognised:
    """
    Recognise how a file is to be read; what the user chose is taken as it is.

    Parameters
    ----------
    path : Path
        The file, or a folder as Hugging Face ``datasets`` saves it.
    name : str
        The user's name of it; only its suffix counts.
    choices : ReadingChoices, optional
        What the user chose; by default everything is guessed.

    Returns
    -------
    Recognised
        The layout, still without columns and rows.

    Raises
    ------
    FileContentError
        If the file is missing, empty, or of no known kind.
    InvalidInputError
        If a choice is impossible.
    """
    chosen = choices or ReadingChoices()
    found = _folder(path, chosen) if path.is_dir() else _file(path, name, chosen)
    if chosen.part and not found.parts:
        raise InvalidInputError(
            "The part must be a sheet, a split or a key that the file has; this file is one table, without parts.",
            fix="Leave the part out.",
        )
    return found


def _file(path: Path, name: str, chosen: ReadingChoices) -> Recognised:
    head = _head(path)
    _check_choices(path, head, chosen)
    if chosen.compression in {None, "none"}:
        found = _binary_kind(path, head, chosen)
        if found is not None:
            return found
    compression, why = _compression(path, head, chosen)
    inner = PurePath(name)
    if compression is not None and inner.suffix.lower() in _ARCHIVE_SUFFIXES:
        inner = inner.with_suffix("")
    text = recognise_text(path, inner.name, compression, chosen)
    reasons = text.reasons if compression is None else {**text.reasons, "compression": why}
    return Recognised(layout=text.layout, reasons=reasons, parts=text.parts, is_encoding_sure=text.is_encoding_sure)


def _check_choices(path: Path, head: bytes, chosen: ReadingChoices) -> None:
    """Refuse choices that contradict each other or the file's first bytes."""
    if chosen.compression is not None and chosen.compression != "none":
        if chosen.file_format in _NO_TEXT:
            raise InvalidInputError(
                f"A file in the format {chosen.file_format} must be read as it is, without an archive around it; an "
                "archive was chosen.",
                fix="Leave the archive out, or unpack the file first.",
            )
        if not begins_like(path, head, chosen.compression):
            raise FileContentError(
                f"The file must be the chosen archive, {_ARCHIVES[chosen.compression]}; it begins otherwise.",
                fix="Choose another archive or none, or leave it to be told from the content.",
            )
    if chosen.file_format == "xlsx" and not head.startswith(_WORKBOOK_MARKS):
        raise FileContentError(
            "The file must be in the chosen format, an Excel workbook; it begins otherwise.",
            fix="Choose another format, or leave it to be told from the content.",
        )


def _head(path: Path) -> bytes:
    with open_bytes(path) as file:
        head = read_bytes(file, _HEAD_BYTES)
    if not head:
        raise FileContentError(
            "The file must hold a header and at least one row; it is empty.", fix="Upload a file that has content."
        )
    return head


def _folder(path: Path, chosen: ReadingChoices) -> Recognised:
    from labelclean.io.tables.dataset_folders.format import is_dataset_folder  # noqa: PLC0415  (loads pyarrow)

    if not is_dataset_folder(path):
        raise FileContentError(
            "The path must name a file, or a folder as Hugging Face datasets saves it; it names another folder.",
            fix="Name the file inside it.",
        )
    if chosen.file_format not in {None, "arrow"}:
        raise InvalidInputError(
            f"A folder that Hugging Face datasets saved must be read as arrow; {chosen.file_format} was chosen.",
            fix="Leave the format out, or name a file.",
        )
    return _arrow(path, chosen, "The folder has the files that save_to_disk of Hugging Face datasets writes.")


def _binary_kind(path: Path, head: bytes, chosen: ReadingChoices) -> Recognised | None:
    """Recognise files that are no text: by their first bytes, whatever their name is."""
    kind: FileFormat | None = chosen.file_format
    if kind is None:
        if head.startswith(_OLD_WORKBOOK):
            kind = "xlsx"  # an old or an encrypted workbook: its reader says which
        elif head.startswith((b"PAR1", b"PARE")):  # the second is encrypted
            kind = "parquet"
        elif head.startswith(b"PK") and recognise_container(path, head) is None:
            kind = "xlsx" if zip_kind(path) == "xlsx" else "arrow"
    match kind:
        case "parquet":
            reason = "The file begins with the mark of Parquet files."
            return Recognised(layout=_whole(kind, ""), reasons={"file_format": _reason(chosen, reason)})
        case "xlsx":
            return _workbook(path, chosen)
        case "arrow":
            return _arrow(path, chosen, "The archive holds a folder as Hugging Face datasets saves it.")
        case _:
            return None


def _workbook(path: Path, chosen: ReadingChoices) -> Recognised:
    from labelclean.io.tables.workbooks.format import first_sheet, sheet_names  # noqa: PLC0415  (only where there is a workbook)

    parts = sheet_names(path)
    why = f"The first visible one of {len(parts):,} sheets that holds a table."
    part, why = _part(parts, chosen.part, "sheet", first=first_sheet(path), why=why)
    reasons = {"file_format": _reason(chosen, "The file is a zip archive with the parts of an Excel workbook.")}
    return Recognised(layout=_whole("xlsx", part), reasons={**reasons, "part": why}, parts=parts)


def _arrow(path: Path, chosen: ReadingChoices, reason: str) -> Recognised:
    from labelclean.io.tables.dataset_folders.format import split_names  # noqa: PLC0415  (loads pyarrow)

    parts = split_names(path)
    reasons = {"file_format": _reason(chosen, reason)}
    if not parts:
        return Recognised(layout=_whole("arrow", ""), reasons=reasons)
    why = f"The first of {len(parts):,} splits."
    part, why = _part(parts, chosen.part, "split", first=parts[0], why=why)
    return Recognised(layout=_whole("arrow", part), reasons={**reasons, "part": why}, parts=parts)


def _part(parts: tuple[str, ...], chosen: str | None, kind: str, *, first: str, why: str) -> tuple[str, str]:
    if chosen is None:
        return first, f"The only {kind}." if len(parts) == 1 else why
    if chosen not in parts:
        raise InvalidInputError(
            f"The {kind} must be one of the file's; there is no “{chosen}”.",
            fix=f"Choose one of {', '.join(f'“{name}”' for name in parts[:20])}.",
        )
    return chosen, CHOSEN


def _compression(path: Path, head: bytes, chosen: ReadingChoices) -> tuple[Compression | None, str]:
    if chosen.compression == "none":
        return None, CHOSEN
    if chosen.compression is not None:
        return chosen.compression, CHOSEN
    found = recognise_container(path, head)
    return found, "" if found is None else f"The file begins with the mark of {_ARCHIVES[found]} archives."


def _reason(chosen: ReadingChoices, guessed: str) -> str:
    return guessed if chosen.file_format is None else CHOSEN


def _whole(file_format: FileFormat, part: str) -> FileLayout:
    """Return the layout of a file that is no text; its encoding is its own business."""
    return FileLayout(
        file_format=file_format,
        encoding="utf-8",
        byte_order_mark=False,
        delimiter="",
        columns=(),
        n_rows=0,
        part=part,
    )
