"""Recognise what a file is: archive, kind, encoding and delimiter, each with the reason in one sentence."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from labelclean.errors import FileContentError
from labelclean.io.delimiters import CHOSEN, TAB_SUFFIXES, choose_delimiter
from labelclean.io.layout import FileFormat, FileLayout, ReadingChoices
from labelclean.io.text.encodings import guess_encoding, resolve_encoding
from labelclean.io.text.text_file import byte_order_mark, check_magic, open_bytes, read_blocks, read_bytes

__all__ = ["Recognised", "recognise"]

_HEAD_BYTES = 1 << 16
_SAMPLE_CHARACTERS = 1 << 18
_JSON_SUFFIXES = {".jsonl", ".ndjson", ".json", ".jsonlines"}
_TABLE_SUFFIXES = {".csv", *TAB_SUFFIXES}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """A layout whose columns and rows are not read yet, the reasons for it, and which parts there are to choose."""

    layout: FileLayout
    reasons: dict[str, str]
    parts: tuple[str, ...] = ()


def recognise(path: Path, *, name: str, choices: ReadingChoices | None = None) -> Recognised:
    """
    Recognise how a file is to be read; what the user chose is taken as it is.

    Parameters
    ----------
    path : Path
        The file.
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
    return _recognise_text(path, PurePath(name).suffix.lower(), chosen)


def _recognise_text(path: Path, suffix: str, chosen: ReadingChoices) -> Recognised:
    layout, reason = _encoding(path, chosen.encoding)
    sample, is_whole = _sample(path, layout)
    reasons = {"encoding": reason}
    file_format = chosen.file_format
    if file_format == "jsonl" or (
        file_format is None and chosen.delimiter is None and _looks_like_json(sample, suffix)
    ):
        layout = replace(layout, file_format="jsonl")
        reasons["file_format"] = CHOSEN if file_format else "The first line begins with a JSON object or array."
        reasons["delimiter"] = "JSON Lines has none: every line is one object."
        return Recognised(layout=layout, reasons=reasons)
    delimiter, reasons["delimiter"] = choose_delimiter(
        sample, suffix, file_format, chosen.delimiter, is_whole=is_whole
    )
    found: FileFormat = "tsv" if delimiter == "\t" and file_format != "csv" else "csv"
    layout = replace(layout, file_format=found, delimiter=delimiter)
    reasons["file_format"] = CHOSEN if file_format else "Every line holds cells, and the first one their names."
    return Recognised(layout=layout, reasons=reasons)


def _encoding(path: Path, chosen: str | None) -> tuple[FileLayout, str]:
    head = _head(path)
    if chosen:
        codec, reason = resolve_encoding(chosen, head), CHOSEN
    else:
        guess = guess_encoding(path, head)
        codec, reason = guess.codec, guess.reason
    mark = byte_order_mark(codec)
    layout = FileLayout(
        file_format="csv",
        encoding=codec,
        byte_order_mark=bool(mark) and head.startswith(mark),
        delimiter="",
        columns=(),
        n_rows=0,
    )
    return layout, reason


def _head(path: Path) -> bytes:
    with open_bytes(path) as file:
        head = read_bytes(file, _HEAD_BYTES)
    if not head:
        raise _empty()
    check_magic(head)
    return head


def _sample(path: Path, layout: FileLayout) -> tuple[str, bool]:
    """Return the first text of a file, without its blank lines at the top, and whether it is all of it."""
    with closing(read_blocks(path, layout)) as blocks:
        text = next(blocks, "")
        is_whole = len(text) <= _SAMPLE_CHARACTERS and next(blocks, None) is None
    sample = text[:_SAMPLE_CHARACTERS].lstrip("\r\n")
    if not sample and is_whole:
        raise _empty()
    return sample, is_whole


def _looks_like_json(sample: str, suffix: str) -> bool:
    first = sample.lstrip()
    if suffix in _JSON_SUFFIXES:
        return True
    if suffix in _TABLE_SUFFIXES:
        return isinstance(_first_object(first), dict)
    return first.startswith("{") or isinstance(_first_object(first), list)


def _first_object(text: str) -> object:
    with suppress(ValueError, RecursionError):
        return json.JSONDecoder().raw_decode(text)[0]
    return None


def _empty() -> FileContentError:
    return FileContentError(
        "The file must hold a header and at least one row; it is empty.", fix="Upload a file that has content."
    )
