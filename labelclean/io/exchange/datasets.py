"""Where the dataset itself is a file that an annotation tool exported: its columns, understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from labelclean.io.exchange.hints import exchange_roles
from labelclean.io.layout import ColumnGuess, ColumnRoles, FileLayout
from labelclean.io.tables.contract import CellKind, CellValue, TableFormat, TableScan
from labelclean.io.tables.json_values import KINDS, text_of

__all__ = ["guess_exported", "with_guesses"]

_FORMATS = frozenset({"json", "jsonl"})


def guess_exported(
    kind: TableFormat, path: Path, layout: FileLayout, table: TableScan
) -> tuple[TableScan, tuple[ColumnGuess, ...]]:
    """
    Say where text and label are if an annotation tool wrote the file.

    Where every list of labels in the file holds one label or none, the first item of the list becomes a column of its
    own, as texts that have one label each are wanted as such.

    Parameters
    ----------
    kind : TableFormat
        What reads the file.
    path : Path
        The file.
    layout : FileLayout
        Its layout.
    table : TableScan
        What the scan of the whole file said.

    Returns
    -------
    tuple of TableScan and tuple of ColumnGuess
        The scan, perhaps with one column more, and the guesses of text and label; no guess if the file is of no tool.
    """
    hint = exchange_roles(table.columns, table.sample, kinds=table.kinds) if layout.file_format in _FORMATS else None
    if hint is None:
        return table, ()
    roles = hint.roles
    if hint.single is not None and _holds_single_labels(kind.read(path, layout, [roles.label])[0]):
        roles = hint.single
    if roles.label not in table.columns:
        table = _with_column(kind, path, layout, table, roles.label)
    return table, _guesses(roles, hint.reason)


def with_guesses(guesses: Sequence[ColumnGuess], better: Sequence[ColumnGuess]) -> tuple[ColumnGuess, ...]:
    """Return guesses, some of them replaced by better ones; an id that is now something else is none."""
    by_role = {guess.role: guess for guess in better}
    taken = {guess.column for guess in better}
    merged = [by_role.get(guess.role, guess) for guess in guesses]
    return tuple(
        replace(guess, column=None, reason="No other column looks like an id.")
        if guess.role not in by_role and guess.column in taken
        else guess
        for guess in merged
    )


def _guesses(roles: ColumnRoles, reason: str) -> tuple[ColumnGuess, ...]:
    return (
        ColumnGuess(role="text", column=roles.text, reason=reason),
        ColumnGuess(role="label", column=roles.label, reason=reason),
    )


def _holds_single_labels(values: Sequence[CellValue]) -> bool:
    lists = [value for value in values if isinstance(value, list)]
    return any(lists) and all(len(value) <= 1 for value in lists)


def _with_column(kind: TableFormat, path: Path, layout: FileLayout, table: TableScan, column: str) -> TableScan:
    values = kind.read(path, layout, [column], rows=range(len(table.sample)))[0]
    found = {KINDS[type(value)] for value in values} - {"missing"}
    kinds: tuple[CellKind, ...] = (*table.kinds, next(iter(found)) if len(found) == 1 else "mixed")
    return replace(
        table,
        columns=(*table.columns, column),
        sample=tuple((*row, text_of(value)) for row, value in zip(table.sample, values, strict=True)),
        kinds=kinds if table.kinds else (),
    )
