"""Recognise what kind of text a file holds: its encoding, its format and its delimiter."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.delimiters import choose_delimiter
from labelclean.io.layout import Compression, FileFormat, FileLayout, ReadingChoices
from labelclean.io.reasons import CHOSEN
from labelclean.io.tables.fasttext import recognise_fasttext
from labelclean.io.tables.json_files.document import array_parts
from labelclean.io.tables.json_files.recognise import recognise_json
from labelclean.io.text.containers import open_container
from labelclean.io.text.encodings import EncodingGuess, guess_encoding, resolve_encoding
from labelclean.io.text.magic import check_magic
from labelclean.io.text.stored_file import read_bytes
from labelclean.io.text.text_file import byte_order_mark, read_blocks

__all__ = ["RecognisedText", "recognise_text"]

_HEAD_BYTES = 1 << 16
_SAMPLE_CHARACTERS = 1 << 18


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
    suffix = PurePath(name).suffix.lower()
    kind, why = _kind(sample, suffix, chosen, is_whole=is_whole)
    reasons = {"encoding": guess.reason}
    parts: tuple[str, ...] = ()
    if kind is None:
        layout, found = _delimited(layout, sample, suffix, chosen, is_whole=is_whole)
        reasons |= found
    else:
        layout = replace(layout, file_format=kind)
        reasons["file_format"] = CHOSEN if chosen.file_format else why
    if kind == "json":
        layout, parts, reason = _array(path, layout, chosen.part)
        reasons |= reason
    return RecognisedText(layout=layout, reasons=reasons, parts=parts, is_encoding_sure=guess.is_sure)


def _kind(sample: str, suffix: str, chosen: ReadingChoices, *, is_whole: bool) -> tuple[FileFormat | None, str]:
    """Return the kind of text that is no table of cells, and why; None for such a table."""
    if chosen.file_format in {"csv", "tsv"}:
        return None, ""
    if chosen.file_format is not None:
        return chosen.file_format, CHOSEN
    if chosen.delimiter is not None:
        return None, ""
    found = recognise_json(sample, is_whole=is_whole, suffix=suffix)
    if found is not None:
        return found
    reason = recognise_fasttext(sample)
    return (None, "") if reason is None else ("fasttext", reason)


def _array(path: Path, layout: FileLayout, chosen: str | None) -> tuple[FileLayout, tuple[str, ...], dict[str, str]]:
    """Return the layout of a JSON document with the key of its array, which keys there are, and the reason."""
    parts = array_parts(path, layout)
    if chosen is not None and (chosen or parts) and chosen not in parts:
        raise InvalidInputError(
            f"The part must be a key of the document that holds an array of objects; “{chosen}” is none.",
            fix=f"Choose one of {', '.join(f'“{part}”' for part in parts[:20])}." if parts else "Leave it out.",
        )
    if not parts:
        return layout, (), {}
    why = "The only key with an array of objects." if len(parts) == 1 else f"The first of {len(parts):,} such keys."
    return replace(layout, part=chosen or parts[0]), parts, {"part": CHOSEN if chosen else why}


def _delimited(
    layout: FileLayout, sample: str, suffix: str, chosen: ReadingChoices, *, is_whole: bool
) -> tuple[FileLayout, dict[str, str]]:
    cut = choose_delimiter(sample, suffix, chosen, is_whole=is_whole)
    found: FileFormat = "tsv" if cut.delimiter == "\t" and chosen.file_format != "csv" else "csv"
    reason = CHOSEN if chosen.file_format else "Every line holds cells, and the first one their names."
    layout = replace(layout, file_format=found, delimiter=cut.delimiter, quoting=cut.quoting)
    return layout, {**cut.reasons, "file_format": reason}


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
        if not text:
            raise _empty()
        is_blank = not text.strip()
        if is_blank and all(not block.strip() for block in blocks):
            raise _blank()
        is_whole = not is_blank and len(text) <= _SAMPLE_CHARACTERS and next(blocks, None) is None
    return text[:_SAMPLE_CHARACTERS].lstrip("\r\n"), is_whole


def _empty() -> FileContentError:
    return FileContentError(
        "The file must hold a header and at least one row; it is empty.", fix="Upload a file that has content."
    )


def _blank() -> FileContentError:
    return FileContentError(
        "The file must hold a header and at least one row; it holds blank lines only.",
        fix="Upload a file that has content.",
    )
