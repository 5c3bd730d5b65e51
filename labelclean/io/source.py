"""The only door between files and the rest: look at a file, read it, write it back with corrected labels."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.columns import guess_columns
from labelclean.io.formats import recognise
from labelclean.io.layout import ColumnRoles, FileFormat, FileLayout, FileSummary
from labelclean.io.tables import delimited, json_lines
from labelclean.io.text.records import PREVIEW_ROWS, RecordBatch
from labelclean.io.text.text_file import byte_order_mark

__all__ = ["inspect_file", "read_columns", "read_dataset", "write_back"]

_MOST_SHOWN = 20


def inspect_file(
    path: Path,
    *,
    name: str = "",
    file_format: FileFormat | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> FileSummary:
    """
    Say what a file is, after reading all of it once.

    Parameters
    ----------
    path : Path
        The file.
    name : str, default=""
        The name the user knows the file by; its suffix is a hint. By default the path's own.
    file_format : {"csv", "tsv", "jsonl"}, optional
        The user's choice; guessed by default, like the next two.
    encoding : str, optional
        Any name Python knows.
    delimiter : str, optional
        One character.

    Returns
    -------
    FileSummary
        The layout, why it was chosen, the first 200 rows, and the guessed roles of the columns.

    Raises
    ------
    FileContentError
        If the file is missing, empty, not text, not in the encoding or format, or would not come back unchanged.
    InvalidInputError
        If an option is impossible.
    """
    found = recognise(path, name=name or path.name, file_format=file_format, encoding=encoding, delimiter=delimiter)
    scan = json_lines.scan_lines if found.layout.file_format == "jsonl" else delimited.scan_table
    table = scan(path, found.layout)
    return FileSummary(
        layout=replace(found.layout, columns=table.columns, n_rows=table.n_rows),
        reasons=found.reasons,
        preview=table.sample[:PREVIEW_ROWS],
        guesses=guess_columns(table.columns, table.sample, table.n_rows),
        warnings=table.warnings,
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
        Which column is which.

    Returns
    -------
    Dataset
        One example per data record. In delimited files every label is text, and the empty cell means not labelled;
        in JSON Lines labels keep their type, and null or a missing key means not labelled.

    Raises
    ------
    FileContentError
        If a column is not in the file, or the content breaks the layout.
    """
    further = [roles.text] if roles.row_id is None else [roles.text, roles.row_id]
    _check_columns(layout, [roles.label, *further])
    labels: Sequence[Label | None]
    if layout.file_format == "jsonl":
        others, labels = json_lines.read_labels(path, layout, roles.label, further)
    else:
        *others, labels = delimited.read_cells(path, layout, [*further, roles.label])
    if not labels:
        raise delimited.no_rows()
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
    read = json_lines.read_texts if layout.file_format == "jsonl" else delimited.read_cells
    return dict(zip(columns, read(path, layout, columns), strict=True))


def write_back(
    source: Path,
    target: BinaryIO,
    layout: FileLayout,
    label_column: str,
    corrections: Mapping[int, Label],
    *,
    dropped_rows: Collection[int] = (),
) -> int:
    """
    Write a file again with corrected labels; every other byte stays as it is.

    Parameters
    ----------
    source : Path
        The original file.
    target : binary file
        Where to write. After an error it holds a part only; give a temporary file.
    layout : FileLayout
        What `inspect_file` found in the original.
    label_column : str
        The column to correct.
    corrections : mapping of int to hashable
        New label by row (0-based data record); None empties the cell.
    dropped_rows : collection of int, default=()
        Rows to leave out wholly; corrections of them do not count.

    Returns
    -------
    int
        How many label cells changed; one that already reads like its correction did not.

    Raises
    ------
    FileContentError
        If the content breaks the layout, or the file's encoding cannot hold a label.
    InvalidInputError
        If a row is not in the file, or a label cannot be written in this format.
    """
    _check_columns(layout, [label_column])
    body = _open_body(source, layout, label_column)
    dropped = frozenset(dropped_rows)
    touched = sorted(dropped.union(corrections))
    target.write(byte_order_mark(layout.encoding) if layout.byte_order_mark else b"")
    target.write(body.lead.encode(layout.encoding))
    first_row, n_done, n_changed = 0, 0, 0
    for batch in body.batches:
        positions = body.filled(batch.records)
        here = touched[n_done : bisect_left(touched, first_row + len(positions), n_done)]
        written = batch.records.copy()
        for row in here:
            if row < first_row:
                raise _no_such_row(row, layout.n_rows)
            position = positions[row - first_row]
            written[position] = "" if row in dropped else body.patch(batch, position, corrections[row])
            _check_encodable(written[position], layout.encoding, row, batch.line_of, position)
            n_changed += row not in dropped and written[position] != batch.records[position]
        target.write("".join(written).encode(layout.encoding))
        first_row += len(positions)
        n_done += len(here)
    if n_done < len(touched):
        raise _no_such_row(touched[n_done], first_row)
    return n_changed


@dataclass(frozen=True, kw_only=True, slots=True)
class _Body:
    """A file open for patching, whatever its format."""

    lead: str
    batches: Iterator[RecordBatch]
    filled: Callable[[Sequence[str]], Sequence[int]]
    patch: Callable[[RecordBatch, int, Label | None], str]


def _open_body(path: Path, layout: FileLayout, label_column: str) -> _Body:
    if layout.file_format == "jsonl":
        return _Body(
            lead="",
            batches=json_lines.open_lines(path, layout),
            filled=json_lines.filled,
            patch=partial(json_lines.patch_value, key=label_column, encoding=layout.encoding),
        )
    table = delimited.open_table(path, layout)
    if table.columns != layout.columns:
        raise FileContentError(
            "The file's columns must be those it had when it was uploaded; they are others now.",
            fix="Upload the file again.",
        )
    return _Body(
        lead=table.lead,
        batches=table.batches,
        filled=table.filled,
        patch=partial(delimited.patch_cell, table, table.columns.index(label_column)),
    )


def _check_encodable(record: str, encoding: str, row: int, line_of: Callable[[int], int], position: int) -> None:
    try:
        record.encode(encoding)
    except UnicodeEncodeError as error:
        raise FileContentError(
            f"Every label must fit the file's encoding, {encoding}; the new label of row {row:,} "
            f"(line {line_of(position):,}) has characters that it lacks.",
            fix="Export as UTF-8: save the original file as UTF-8 and upload it again, or choose another label.",
        ) from error


def _no_such_row(row: int, n_rows: int) -> InvalidInputError:
    return InvalidInputError(
        f"Every corrected row must be in the file, which has {n_rows:,} rows counted from 0; got row {row:,}.",
        fix="Use the decisions that were made on this file.",
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
