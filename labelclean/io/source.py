"""The only door between files and the rest: look at a file, read it, write it back with corrected labels."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.errors import FileContentError
from labelclean.io.columns import guess_columns
from labelclean.io.corrections import label_edits
from labelclean.io.exchange.datasets import exported_labels, guess_exported
from labelclean.io.formats import recognise
from labelclean.io.kinds import table_format
from labelclean.io.labels.guess import guess_labels
from labelclean.io.labels.spelling import decode_labels
from labelclean.io.layout import ColumnRoles, CompressionChoice, FileFormat, FileLayout, FileSummary, ReadingChoices
from labelclean.io.tables.contract import CellValue
from labelclean.io.tables.json_files.values import text_of
from labelclean.io.text.containers import recompressed
from labelclean.io.text.records import PREVIEW_ROWS
from labelclean.io.text.text_file import codec_name, open_bytes
from labelclean.io.voted_files import read_voted
from labelclean.io.votes import vote_columns

__all__ = ["inspect_file", "read_columns", "read_dataset", "write_back"]

_MOST_SHOWN = 20


def inspect_file(
    path: Path,
    *,
    name: str = "",
    file_format: FileFormat | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    compression: CompressionChoice | None = None,
    part: str | None = None,
    quoting: bool | None = None,
) -> FileSummary:
    """
    Say what a file is, after reading all of it once.

    Parameters
    ----------
    path : Path
        The file; or a folder as Hugging Face ``datasets`` saves it.
    name : str, default=""
        The name the user knows the file by; its suffix is a hint. By default the path's own.
    file_format : str, optional
        The user's choice; guessed by default, like everything that follows.
    encoding : str, optional
        Any name Python knows.
    delimiter : str, optional
        One character.
    compression : str, optional
        The archive around the file, or "none".
    part : str, optional
        The sheet, split or key that holds the table.
    quoting : bool, optional
        Whether quotes enclose cells in a delimited file.

    Returns
    -------
    FileSummary
        The layout, why it was chosen, the first 200 rows, the guessed roles of the columns and how labels are spelled.

    Raises
    ------
    FileContentError
        If the file is missing, empty, of no known kind, not in the encoding or format, or would not come back
        unchanged.
    InvalidInputError
        If an option is impossible.
    """
    choices = ReadingChoices(
        file_format=file_format,
        encoding=encoding,
        delimiter=delimiter,
        compression=compression,
        part=part,
        quoting=quoting,
    )
    found = recognise(path, name=name or path.name, choices=choices)
    kind = table_format(found.layout.file_format)
    table = kind.scan(path, found.layout)
    guesses = guess_columns(table.columns, table.sample, table.n_rows)
    exported = guess_exported(kind, path, found.layout, table)
    table = table if exported is None else exported.table
    labels = guess_labels(table, guesses) if exported is None else exported_labels(exported, guesses)
    return FileSummary(
        layout=replace(found.layout, columns=table.columns, n_rows=table.n_rows),
        reasons=found.reasons,
        preview=table.sample[:PREVIEW_ROWS],
        guesses=labels.guesses,
        warnings=table.warnings,
        parts=found.parts,
        spelling=labels.spelling,
        spelling_reason=labels.reason,
        votes=labels.votes,
        votes_reason=labels.votes_reason,
        is_encoding_sure=found.is_encoding_sure,
        kinds=table.kinds,
        class_names=table.class_names,
    )


def read_dataset(path: Path, layout: FileLayout, roles: ColumnRoles) -> Dataset:
    """
    Read texts, labels and ids as they stand in the file.

    Parameters
    ----------
    path : Path
        The file.
    layout : FileLayout
        What `inspect_file` found.
    roles : ColumnRoles
        Which column is which, and how labels are spelled.

    Returns
    -------
    Dataset
        One example per data record. In text tables every label is text, and the empty cell means not labelled; in
        typed files labels keep their type, and null or a missing key means not labelled. Where texts have label sets,
        each label is a ``LabelSet``; where several annotators labelled them, it is what most of them gave, or what the
        consensus column says.

    Raises
    ------
    FileContentError
        If a column is not in the file, a label cannot be read, or the content breaks the layout.
    """
    kind = table_format(layout.file_format)
    further = [roles.text] if roles.row_id is None else [roles.text, roles.row_id]
    if roles.votes is not None:
        _check_columns(layout, [*vote_columns(roles), *further])
        return read_voted(kind, path, layout, roles, roles.votes)
    _check_columns(layout, [*roles.label_columns, *further])
    values = kind.read(path, layout, [*further, *roles.label_columns])
    others = [_as_texts(column) for column in values[: len(further)]]
    if not others[0]:
        raise _no_rows()
    labels = decode_labels(roles.spelling, values[len(further) :])
    return Dataset.from_labels(others[0], labels, row_ids=None if roles.row_id is None else others[1])


def read_columns(path: Path, layout: FileLayout, columns: Sequence[str]) -> dict[str, list[str]]:
    """
    Read some columns as text, for showing them.

    Raises
    ------
    FileContentError
        If a column is not in the file, or the content breaks the layout.
    """
    _check_columns(layout, columns)
    read = table_format(layout.file_format).read(path, layout, columns)
    return {column: _as_texts(values) for column, values in zip(columns, read, strict=True)}


def write_back(
    source: Path,
    target: BinaryIO,
    layout: FileLayout,
    roles: ColumnRoles,
    corrections: Mapping[int, Label | None],
    *,
    dropped_rows: Collection[int] = (),
    encoding: str | None = None,
    in_given_order: bool = False,
) -> int:
    """
    Write a file again with corrected labels; everything else stays as it is.

    Parameters
    ----------
    source : Path
        The original file.
    target : binary file
        Where to write; a folder is written as a zip archive. After an error it holds a part only; give a temporary
        file.
    layout : FileLayout
        What `inspect_file` found in the original.
    roles : ColumnRoles
        Which columns hold the labels, and how they spell them.
    corrections : mapping of int to hashable or None
        New label by row (0-based data record, or text where each record is a vote); None takes the label away. What
        several annotators gave is corrected in the consensus column, which is added if there is none.
    dropped_rows : collection of int, default=()
        Rows to leave out wholly; corrections of them do not count.
    encoding : str, optional
        For text files: write in this encoding; by default in the file's own.
    in_given_order : bool, default=False
        Write label sets in their own order, as when a change is undone; by default labels that stay keep their places,
        and new ones are appended.

    Returns
    -------
    int
        In how many rows the label changed; one that already reads like its correction did not.

    Raises
    ------
    FileContentError
        If the content breaks the layout, or the encoding cannot hold a label.
    InvalidInputError
        If a row is not in the file, or a label cannot be written in this spelling.
    """
    _check_columns(layout, roles.label_columns if roles.votes is None else vote_columns(roles))
    new_encoding = None if encoding is None or codec_name(encoding) == layout.encoding else codec_name(encoding)
    kind = table_format(layout.file_format)
    edits, n_changed = label_edits(
        kind,
        source,
        layout,
        roles,
        corrections=corrections,
        dropped_rows=frozenset(dropped_rows),
        in_given_order=in_given_order,
    )
    if not (edits.cells or edits.dropped_rows or edits.added or new_encoding) and source.is_file():
        _copy(source, target)
        return 0
    with recompressed(source, target, layout.compression) as unpacked:
        kind.write(source, unpacked, layout, replace(edits, encoding=new_encoding))
    return n_changed


def _copy(source: Path, target: BinaryIO) -> None:
    with open_bytes(source) as original:
        shutil.copyfileobj(original, target)


def _as_texts(values: Sequence[CellValue]) -> list[str]:
    return [text_of(value) for value in values]


def _no_rows() -> FileContentError:
    return FileContentError(
        "The file must hold at least one row of data; it has a header only.", fix="Upload a file that has rows."
    )


def _check_columns(layout: FileLayout, columns: Sequence[str]) -> None:
    for column in columns:
        if column not in layout.columns:
            shown = ", ".join(f"“{name}”" for name in layout.columns[:_MOST_SHOWN])
            more = ", …" if len(layout.columns) > _MOST_SHOWN else ""
            raise FileContentError(
                f"The file must have the chosen columns; there is no “{column}”.",
                fix=f"Choose one of its columns: {shown}{more}.",
            )
