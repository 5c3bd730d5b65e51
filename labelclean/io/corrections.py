"""From corrected labels to the cells that spell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from labelclean.arrays import Label
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.labels.spelling import encode_label, missing_names, spelling_style
from labelclean.io.labels.style import SpellingStyle
from labelclean.io.layout import ColumnRoles, FileFormat, FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableFormat
from labelclean.io.voted_files import consensus_edits, read_voted

__all__ = ["label_edits"]

_TEXT_TABLES: frozenset[FileFormat] = frozenset({"csv", "tsv"})
_GROWING: frozenset[FileFormat] = frozenset({"arrow"})  # its lists of class names take new ones


def label_edits(
    kind: TableFormat,
    path: Path,
    layout: FileLayout,
    roles: ColumnRoles,
    *,
    corrections: Mapping[int, Label | None],
    dropped_rows: frozenset[int],
    in_given_order: bool = False,
) -> tuple[TableEdits, int]:
    """
    Say which cells change so that rows get their corrected labels.

    Parameters
    ----------
    kind : TableFormat
        Reads the file.
    path : Path
        The file.
    layout, roles : FileLayout, ColumnRoles
        How it is read.
    corrections : mapping of int to hashable or None
        New label by row.
    dropped_rows : frozenset of int
        Rows that will be left out.
    in_given_order : bool, default=False
        Write label sets in their own order.

    Returns
    -------
    edits : TableEdits
        Only cells that read otherwise now.
    n_changed : int
        How many rows get another label.

    Raises
    ------
    FileContentError
        If a label cannot be spelled this way; the message names the row. If the file has other rows than before.
    InvalidInputError
        If a row is not in the file.
    """
    is_typed = layout.file_format not in _TEXT_TABLES
    if roles.votes is not None:
        dataset = read_voted(kind, path, layout, roles, roles.votes)
        _check_rows([*corrections, *dropped_rows], dataset.n_examples)
        return consensus_edits(
            dataset, layout, roles.votes, corrections=corrections, dropped_rows=dropped_rows, is_typed=is_typed
        )
    rows = sorted(corrections.keys() - dropped_rows)
    _check_rows([*rows, *dropped_rows], layout.n_rows)
    columns = roles.label_columns
    old, style = _present_cells(kind, path, layout, roles, rows)
    if style is not None:
        style = replace(style, in_given_order=in_given_order)
    new_names = set(_new_names(layout, roles, corrections))
    cells: dict[int, Mapping[str, CellValue]] = {}
    for row, present in zip(rows, zip(*old, strict=True), strict=True):
        new = corrections[row]
        wanted = (new,) if new in new_names else _encoded(roles, present, new, row=row, is_typed=is_typed, style=style)
        changed = {
            column: now
            for column, was, now in zip(columns, present, wanted, strict=True)
            if now is not was and not (type(now) is type(was) and now == was)
        }
        if changed:
            cells[row] = changed
    return TableEdits(cells=cells, dropped_rows=dropped_rows), len(cells)


def _encoded(
    roles: ColumnRoles,
    present: tuple[CellValue, ...],
    new: Label | None,
    *,
    row: int,
    is_typed: bool,
    style: SpellingStyle | None,
) -> tuple[CellValue, ...]:
    try:
        return encode_label(roles.spelling, present, new, is_typed=is_typed, style=style)
    except InvalidInputError as error:
        raise FileContentError(f"{error.message} This is about row {row:,}.", fix=error.fix) from error


def _new_names(layout: FileLayout, roles: ColumnRoles, corrections: Mapping[int, Label | None]) -> tuple[str, ...]:
    """Return names of classes that the file's own list will take when they are written as they are."""
    if roles.spelling.kind != "names" or layout.file_format not in _GROWING:
        return ()
    return missing_names(roles.spelling, list(corrections.values()))


def _present_cells(
    kind: TableFormat, path: Path, layout: FileLayout, roles: ColumnRoles, rows: list[int]
) -> tuple[list[list[CellValue]], SpellingStyle | None]:
    """Return the label cells of some rows, and the habits of all rows where one row need not show them."""
    columns = roles.label_columns
    if not rows:
        return [[] for _ in columns], None
    if roles.spelling.kind == "plain":
        present = kind.read(path, layout, columns, rows=rows)
        _check_same_length(present, len(rows))
        return present, None
    every = kind.read(path, layout, columns)
    _check_same_length(every, layout.n_rows)
    return [[cells[row] for row in rows] for cells in every], spelling_style(roles.spelling, every)


def _check_same_length(columns: list[list[CellValue]], n_rows: int) -> None:
    if any(len(cells) != n_rows for cells in columns):
        raise FileContentError(
            "The file must have the rows that it had when it was looked into; it has another number of them now.",
            fix="Look into it again: it was changed meanwhile.",
        )


def _check_rows(rows: list[int], n_rows: int) -> None:
    outside = [row for row in rows if not 0 <= row < n_rows]
    if outside:
        raise InvalidInputError(
            f"Every corrected row must be in the file, which has {n_rows:,} rows counted from 0; "
            f"got row {outside[0]:,}.",
            fix="Use the decisions that were made on this file.",
        )
