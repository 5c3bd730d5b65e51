"""The part of the upload page that says how a file was understood, and lets everything guessed be changed."""

from __future__ import annotations

from typing import Final, get_args

import streamlit as st

from labelclean.io.layout import CompressionChoice, FileFormat, FileLayout, FileSummary, ReadingChoices
from labelclean.ui.elements import count, facts, number_of

__all__ = ["FORMAT_NAMES", "draw_choices", "draw_layout", "draw_part"]

AUTOMATIC: Final = "automatic"
FORMAT_NAMES: Final[dict[FileFormat, str]] = {
    "csv": "CSV",
    "tsv": "TSV",
    "jsonl": "JSON Lines",
    "json": "JSON, a list of objects",
    "json_columns": "JSON, one list for each column",
    "fasttext": "fastText",
    "parquet": "Parquet",
    "xlsx": "Excel workbook",
    "arrow": "Hugging Face dataset folder",
}
_TEXT_FORMATS: Final = frozenset({"csv", "tsv", "jsonl", "json", "json_columns", "fasttext"})
_DELIMITERS: Final = {
    AUTOMATIC: None, "comma  ,": ",", "semicolon  ;": ";", "tab": "\t", "pipe  |": "|", "colon  :": ":",
}  # fmt: skip
_DELIMITER_NAMES: Final = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", ":": "colon", " ": "space"}
_ENCODINGS: Final = (
    AUTOMATIC, "utf-8", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-1", "iso-8859-2", "cp1251", "koi8-r", "gb18030",
    "big5", "shift_jis", "euc_jp", "euc_kr", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256",
)  # fmt: skip
_COMPRESSION_NAMES: Final[dict[str, str]] = {
    "none": "none", "gzip": "gzip (.gz)", "bz2": "bzip2 (.bz2)", "xz": "xz (.xz)", "zstd": "Zstandard (.zst)",
    "zip": "zip archive",
}  # fmt: skip
_QUOTING: Final = {AUTOMATIC: None, 'quotes enclose cells  "…"': True, "a quote is a character like any other": False}


def draw_choices() -> ReadingChoices:
    """Draw what can be changed, folded away; return what was chosen, None where it is left to be guessed."""
    with st.expander("Read it differently", key="upload-overrides"):
        file_format = st.selectbox(
            "Format",
            [AUTOMATIC, *get_args(FileFormat)],
            format_func=lambda name: FORMAT_NAMES.get(name, name),
            key="upload-format",
        )
        encoding = st.selectbox("Encoding", _ENCODINGS, key="upload-encoding", accept_new_options=True)
        delimiter = st.selectbox("Delimiter", list(_DELIMITERS), key="upload-delimiter")
        quoting = st.selectbox("Quotes", list(_QUOTING), key="upload-quoting")
        compression = st.selectbox(
            "Compression",
            [AUTOMATIC, *get_args(CompressionChoice)],
            format_func=lambda name: _COMPRESSION_NAMES.get(name, name),
            key="upload-compression",
        )
    return ReadingChoices(
        file_format=None if file_format == AUTOMATIC else file_format,
        encoding=None if encoding in {AUTOMATIC, None} else encoding,
        delimiter=_DELIMITERS.get(delimiter),
        compression=None if compression == AUTOMATIC else compression,
        quoting=_QUOTING.get(quoting),
    )


def draw_part(parts: tuple[str, ...], layout: FileLayout) -> str | None:
    """Draw which part of the file holds the table, where there is a choice; return it if it is another one."""
    if len(parts) < 2:  # noqa: PLR2004  (one is no choice)
        return None
    index = parts.index(layout.part) if layout.part in parts else 0
    # The key changes with the parts: those of another reading are other ones.
    key = f"upload-part-{layout.file_format}-{len(parts)}-{parts[0]}"
    chosen = st.selectbox(part_name(layout), parts, index=index, key=key)
    return None if chosen == layout.part else chosen


def part_name(layout: FileLayout) -> str:
    """Return what a part of such a file is called."""
    return {"xlsx": "Sheet", "arrow": "Split", "json": "Key of the list"}.get(layout.file_format, "Part of the file")


def draw_layout(summary: FileSummary) -> None:
    """Draw what was understood, with the reasons."""
    layout, reasons = summary.layout, summary.reasons
    rows = [("Format", FORMAT_NAMES[layout.file_format], reasons.get("file_format", ""))]
    if layout.compression is not None:
        rows.append(("Compression", _COMPRESSION_NAMES[layout.compression], reasons.get("compression", "")))
    if layout.part:
        rows.append((part_name(layout), layout.part, reasons.get("part", "")))
    if layout.file_format in _TEXT_FORMATS:
        mark = " with byte order mark" if layout.byte_order_mark else ""
        rows.append(("Encoding", layout.encoding + mark, reasons.get("encoding", "")))
    if layout.delimiter:
        name = _DELIMITER_NAMES.get(layout.delimiter, layout.delimiter)
        rows.append(("Delimiter", name, reasons.get("delimiter", "")))
    if "quoting" in reasons or not layout.quoting:
        rows.append(
            ("Quotes", "enclose cells" if layout.quoting else "are plain characters", reasons.get("quoting", ""))
        )
    n_columns = number_of(len(layout.columns), "column", "columns")
    rows.append(("Size", f"{count(layout.n_rows)} rows, {n_columns}", ""))
    facts(rows)
