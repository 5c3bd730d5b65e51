"""Recognise a file's encoding, format and delimiter, each with the reason in one sentence."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from labelclean.errors import FileContentError
from labelclean.io.layout import FileFormat, FileLayout
from labelclean.io.tables.delimited import Tokenizer, check_delimiter
from labelclean.io.text.encodings import guess_encoding, resolve_encoding
from labelclean.io.text.text_file import byte_order_mark, check_magic, open_bytes, read_blocks, read_bytes

__all__ = ["Recognised", "recognise"]

_HEAD_BYTES = 1 << 16
_SAMPLE_CHARACTERS = 1 << 18
_SAMPLE_RECORDS = 200
_DELIMITERS = (",", ";", "\t", "|", ":")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", ":": "colon"}
_JSON_SUFFIXES = {".jsonl", ".ndjson", ".json", ".jsonlines"}
_TAB_SUFFIXES = {".tsv", ".tab"}
_TABLE_SUFFIXES = {".csv", *_TAB_SUFFIXES}
_LEAST_SHARE = 0.5
_CHOSEN = "Chosen by you."


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """A layout whose columns and rows are not read yet, and the reasons for it."""

    layout: FileLayout
    reasons: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fit:
    """How well one delimiter cuts the sample."""

    delimiter: str
    n_columns: int
    n_records: int
    n_agreeing: int

    @property
    def share(self) -> float:
        """Share of the records that have as many cells as the header."""
        return self.n_agreeing / self.n_records


def recognise(
    path: Path, *, name: str, file_format: FileFormat | None, encoding: str | None, delimiter: str | None
) -> Recognised:
    """
    Recognise how a file is to be read; what the user chose is taken as it is.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        The user's name of it; only its suffix counts.
    file_format, encoding, delimiter : optional
        The user's choices.

    Returns
    -------
    Recognised
        The layout, still without columns and rows.

    Raises
    ------
    FileContentError
        If the file is missing, empty, or not text.
    InvalidInputError
        If a choice is impossible.
    """
    head = _head(path)
    codec, reason = (resolve_encoding(encoding, head), _CHOSEN) if encoding else guess_encoding(path, head)
    mark = byte_order_mark(codec)
    layout = FileLayout(
        file_format="csv",
        encoding=codec,
        byte_order_mark=bool(mark) and head.startswith(mark),
        delimiter="",
        columns=(),
        n_rows=0,
    )
    sample, is_whole = _sample(path, layout)
    reasons = {"encoding": reason}
    suffix = PurePath(name).suffix.lower()
    if file_format == "jsonl" or (file_format is None and delimiter is None and _looks_like_json(sample, suffix)):
        layout = replace(layout, file_format="jsonl")
        reasons["file_format"] = _CHOSEN if file_format else "The first line begins with a JSON object or array."
        reasons["delimiter"] = "JSON Lines has none: every line is one object."
        return Recognised(layout=layout, reasons=reasons)
    delimiter, reasons["delimiter"] = _delimiter(sample, suffix, file_format, delimiter, is_whole=is_whole)
    found: FileFormat = "tsv" if delimiter == "\t" and file_format != "csv" else "csv"
    layout = replace(layout, file_format=found, delimiter=delimiter)
    reasons["file_format"] = _CHOSEN if file_format else "Every line holds cells, and the first one their names."
    return Recognised(layout=layout, reasons=reasons)


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


def _delimiter(
    sample: str, suffix: str, file_format: FileFormat | None, chosen: str | None, *, is_whole: bool
) -> tuple[str, str]:
    """Return the delimiter and the reason for it."""
    if chosen:
        check_delimiter(chosen)
        return chosen, _CHOSEN
    if file_format == "tsv":
        return "\t", "TSV files have tabs between their cells."
    fits = [fit for mark in _DELIMITERS if (fit := _fit(sample, mark, is_whole=is_whole)) is not None]
    if not fits:
        return ",", "No delimiter occurs in the first line in the way of a table, so the file has a single column."
    hint = "\t" if suffix in _TAB_SUFFIXES else ""
    # The sort is stable: among equals, the more usual delimiter wins.
    best = max(fits, key=lambda fit: (fit.share == 1, fit.delimiter == hint, fit.share, fit.n_columns))
    agreeing = "all" if best.share == 1 else f"{best.n_agreeing:,} of"
    return best.delimiter, (
        f"Cut at each {_NAMES[best.delimiter]}, {agreeing} {best.n_records:,} records looked at have "
        f"{best.n_columns:,} cells, as the header has."
    )


def _fit(sample: str, delimiter: str, *, is_whole: bool) -> _Fit | None:
    """Tell how well a delimiter cuts the sample; None if it does not cut it into columns."""
    tokenizer = Tokenizer(delimiter)
    records = tokenizer.split_records(sample)
    if records and (not is_whole or tokenizer.open_quote(records[-1]) is not None):
        del records[-1]
    counts = [tokenizer.n_cells(record) for record in records[:_SAMPLE_RECORDS] if record.strip("\r\n")]
    if not counts or counts[0] == 1:
        return None
    fit = _Fit(delimiter=delimiter, n_columns=counts[0], n_records=len(counts), n_agreeing=counts.count(counts[0]))
    least = 1 if delimiter == ":" else _LEAST_SHARE
    return fit if fit.share >= least else None


def _empty() -> FileContentError:
    return FileContentError(
        "The file must hold a header and at least one row; it is empty.", fix="Upload a file that has content."
    )
