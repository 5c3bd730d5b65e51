"""Recognise what kind of text a file holds: its encoding, its format and its delimiter."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from labelclean.errors import FileContentError
from labelclean.io.delimiters import TAB_SUFFIXES, choose_delimiter
from labelclean.io.layout import Compression, FileFormat, FileLayout, ReadingChoices
from labelclean.io.reasons import CHOSEN
from labelclean.io.text.containers import open_container
from labelclean.io.text.encodings import EncodingGuess, guess_encoding, resolve_encoding
from labelclean.io.text.magic import check_magic
from labelclean.io.text.stored_file import read_bytes
from labelclean.io.text.text_file import byte_order_mark, read_blocks

__all__ = ["RecognisedText", "recognise_text"]

_HEAD_BYTES = 1 << 16
_SAMPLE_CHARACTERS = 1 << 18
_JSON_SUFFIXES = {".jsonl", ".ndjson", ".json", ".jsonlines"}
_TABLE_SUFFIXES = {".csv", *TAB_SUFFIXES}


@dataclass(frozen=True, kw_only=True, slots=True)
class RecognisedText:
    """The layout of a text file without columns and rows, the reasons for it, and which parts there are."""

    layout: FileLayout
    reasons: dict[str, str]
    parts: tuple[str, ...] = ()
    is_encoding_sure: bool = True


def recognise_text(path: Path, name: str, compression: Compression | None, chosen: ReadingChoices) -> RecognisedText:
    """
    Recognise how a text file is to be read.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        The user's name of it, without what its archive adds; a hint.
    compression : str or None
        The archive around it.
    chosen : ReadingChoices
        What the user chose.

    Returns
    -------
    RecognisedText
        The layout, still without columns and rows.

    Raises
    ------
    FileContentError
        If the file is empty or no text.
    InvalidInputError
        If a choice is impossible.
    """
    layout, guess = _encoding(path, name, compression, chosen.encoding)
    sample, is_whole = _sample(path, layout)
    reasons = {"encoding": guess.reason}
    file_format, suffix = chosen.file_format, PurePath(name).suffix.lower()
    is_json = file_format is None and chosen.delimiter is None and _looks_like_json(sample, suffix)
    if file_format == "jsonl" or is_json:
        layout = replace(layout, file_format="jsonl")
        reasons["file_format"] = CHOSEN if file_format else "The first line begins with a JSON object or array."
        reasons["delimiter"] = "JSON Lines has none: every line is one object."
        return RecognisedText(layout=layout, reasons=reasons, is_encoding_sure=guess.is_sure)
    delimiter, reasons["delimiter"] = choose_delimiter(sample, suffix, file_format, chosen.delimiter, is_whole=is_whole)
    found: FileFormat = "tsv" if delimiter == "\t" and file_format != "csv" else "csv"
    layout = replace(layout, file_format=found, delimiter=delimiter)
    reasons["file_format"] = CHOSEN if file_format else "Every line holds cells, and the first one their names."
    return RecognisedText(layout=layout, reasons=reasons, is_encoding_sure=guess.is_sure)


def _encoding(
    path: Path, name: str, compression: Compression | None, chosen: str | None
) -> tuple[FileLayout, EncodingGuess]:
    with open_container(path, compression) as file:
        head = read_bytes(file, _HEAD_BYTES)
    if not head:
        raise _empty()
    check_magic(head)
    if chosen:
        guess = EncodingGuess(codec=resolve_encoding(chosen, head), reason=CHOSEN, is_sure=True)
    else:
        guess = guess_encoding(path, head, compression=compression, name=name)
    mark = byte_order_mark(guess.codec)
    layout = FileLayout(
        file_format="csv",
        encoding=guess.codec,
        byte_order_mark=bool(mark) and head.startswith(mark),
        delimiter="",
        columns=(),
        n_rows=0,
        compression=compression,
    )
    return layout, guess


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
