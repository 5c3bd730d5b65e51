"""Open a workbook's archive safely, and find its sheets, shared strings and styles."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from labelclean.errors import FileContentError, LabelCleanError
from labelclean.io.tables.workbooks.xml import local_name, parse_part
from labelclean.io.text.stored_file import open_bytes

__all__ = ["Sheet", "Workbook", "open_workbook", "refuse_compound_file"]

_BLOCK_BYTES = 1 << 18
_MOST_MEMBERS = 10_000
_ANY_RATIO_BYTES = 1 << 26
_MAX_RATIO = 200
_MOST_BYTES = 1 << 32
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_COMPOUND_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError),
    *(UnicodeError, ValueError, OverflowError, KeyError, IndexError),
)
_SAVE_AGAIN = "Open it in a spreadsheet program, save it as an Excel workbook (.xlsx), and upload that file."


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A worksheet: its name, whether it is visible, and the part that holds it."""

    name: str
    is_visible: bool
    part: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Workbook:
    """
    An open workbook.

    Attributes
    ----------
    archive : ZipFile
        The archive around its parts.
    sheets : tuple of Sheet
        The worksheets in the order of their tabs; sheets that hold only a chart are left out.
    strings_part, styles_part : str
        Parts that hold texts and formats for all sheets; empty where there are none.
    counts_from_1904 : bool
        Whether day 0 of its dates is in 1904, not in 1900.
    has_names : bool
        Whether it names ranges of cells.
    """

    archive: zipfile.ZipFile
    sheets: tuple[Sheet, ...]
    strings_part: str
    styles_part: str
    counts_from_1904: bool
    has_names: bool

    def blocks(self, part: str) -> Iterator[bytes]:
        """Give the bytes of a part block by block."""
        return _blocks(self.archive, part)

    def sheet(self, name: str) -> Sheet:
        """
        Return a worksheet by its name.

        Raises
        ------
        FileContentError
            If there is none of that name.
        """
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        shown = ", ".join(f"“{sheet.name}”" for sheet in self.sheets[:20])
        raise FileContentError(
            f"The workbook must have the chosen sheet; it has none of the name “{name}”.",
            fix=f"Choose one of its sheets: {shown}.",
        )


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """
    Open a workbook; whatever is wrong with its archive while it is open gives a clear error.

    Raises
    ------
    FileContentError
        If it is encrypted, damaged, too large for its size, of another kind, or holds macros.
    """
    refuse_compound_file(path)
    with open_bytes(path) as file, _clear_errors(), zipfile.ZipFile(file) as archive:
        _check_members(archive)
        yield _read_structure(archive)


def refuse_compound_file(path: Path) -> None:
    """
    Refuse encrypted workbooks and old .xls files, which look alike from outside.

    Raises
    ------
    FileContentError
        If the file is one.
    """
    with open_bytes(path) as file:
        if file.read(len(_COMPOUND_MAGIC)) != _COMPOUND_MAGIC:
            return
        names, tail = set(), b""
        # The directory of a compound file spells the names of its streams in UTF-16.
        while block := file.read(_BLOCK_BYTES):
            names |= {name for name in ("EncryptedPackage", "Workbook") if name.encode("utf-16-le") in tail + block}
            tail = block[-64:]
    if "EncryptedPackage" in names:
        raise FileContentError(
            "The workbook must be readable without a password; it is encrypted.",
            fix="Open it with its password, remove the password, save it as .xlsx, and upload that file.",
        )
    what = "an old Excel workbook (.xls)" if "Workbook" in names else "an old Office file"
    raise FileContentError(
        f"The file must be an Excel workbook (.xlsx) or a text table; it is {what}.", fix=_SAVE_AGAIN
    )


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except LabelCleanError:
        raise
    except _DAMAGED as error:
        raise FileContentError(
            "The workbook's archive must be whole; a part of it is missing or damaged, as after a download that broke "
            "off.",
            fix="Get the workbook again, or open it in a spreadsheet program and save it again.",
        ) from error


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = {member.filename.lower() for member in members}
    if len(members) > _MOST_MEMBERS:
        raise FileContentError(
            f"A workbook must have at most {_MOST_MEMBERS:,} parts; this one has {len(members):,}.", fix=_SAVE_AGAIN
        )
    if len(names) < len(members):
        raise FileContentError("A workbook's parts must have different names; two have the same.", fix=_SAVE_AGAIN)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise FileContentError(
            "The workbook must be readable without a password; parts of it are encrypted.",
            fix="Save it without a password, and upload that file.",
        )
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileContentError(
            "The workbook must not hold macros; this one does.",
            fix="Save it as an Excel workbook without macros (.xlsx), and upload that file.",
        )
    if "xl/workbook.bin" in names:
        raise FileContentError("The workbook must be of the kind .xlsx; it is a binary one (.xlsb).", fix=_SAVE_AGAIN)
    _check_sizes(members)


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    n_bytes = sum(member.file_size for member in members)
    n_stored = sum(member.compress_size for member in members)
    if n_bytes > _MOST_BYTES or (n_bytes > _ANY_RATIO_BYTES and n_bytes > _MAX_RATIO * n_stored):
        raise FileContentError(
            f"A workbook may hold at most {_MAX_RATIO:,} times its own size, or 64 MiB if that is more, and never more "
            f"than 4 GiB; this one says that it holds {n_bytes:,} bytes.",
            fix="Save the sheet as CSV, and upload that file.",
        )
    if any(member.compress_type not in _METHODS for member in members):
        raise FileContentError("The workbook's parts must be deflated or stored; they are not.", fix=_SAVE_AGAIN)


def _read_structure(archive: zipfile.ZipFile) -> Workbook:
    parts = {name.lower(): name for name in archive.namelist()}
    roots = _related(archive, parts, "")
    book = next((target for kind, target in roots.values() if kind == "officeDocument"), "")
    if not book:
        raise FileContentError(
            "The archive must hold an Excel workbook; there is no workbook part in it.", fix=_SAVE_AGAIN
        )
    related = _related(archive, parts, book)
    seen = _BookElements()
    parse_part(book, _blocks(archive, book), seen.start)
    sheets = tuple(
        Sheet(name=name, is_visible=is_visible, part=related[key][1])
        for name, is_visible, key in seen.sheets
        if key in related and related[key][0] == "worksheet" and related[key][1]
    )
    if not sheets:
        raise FileContentError("The workbook must have at least one worksheet; it has none.", fix=_SAVE_AGAIN)
    if len({sheet.name for sheet in sheets}) < len(sheets):
        raise FileContentError("The workbook's sheets must have different names; two have the same.", fix=_SAVE_AGAIN)
    by_kind = dict(related.values())
    return Workbook(
        archive=archive,
        sheets=sheets,
        strings_part=by_kind.get("sharedStrings", ""),
        styles_part=by_kind.get("styles", ""),
        counts_from_1904=seen.counts_from_1904,
        has_names=seen.has_names,
    )


class _BookElements:
    """What the workbook part says."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []
        self.counts_from_1904 = False
        self.has_names = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take note of one element."""
        element = local_name(name)
        if element == "sheet":
            by_name = {local_name(key): value for key, value in attributes.items() if ":" in key}
            is_visible = attributes.get("state", "visible") == "visible"
            self.sheets.append((attributes.get("name", ""), is_visible, by_name.get("id", "")))
        elif element == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904", "0") in {"1", "true"}
        elif element == "definedName":
            self.has_names = True


def _related(archive: zipfile.ZipFile, parts: Mapping[str, str], source: str) -> dict[str, tuple[str, str]]:
    """Return kind and part of each relation of a part, by id; the part is empty where it is not in the archive."""
    folder, name = posixpath.split(source)
    part = parts.get(posixpath.join(folder, "_rels", f"{name}.rels").lower())
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if local_name(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, parts.get(target.lower(), ""))

    if part is not None:
        parse_part(part, _blocks(archive, part), start)
    return found


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    try:
        member = archive.open(part)
    except OSError as error:  # its place is said to be before the start of the file
        raise zipfile.BadZipFile from error
    with member:
        while block := member.read(_BLOCK_BYTES):
            yield block
