"""Where the dataset itself is a file that an annotation tool exported: its columns, understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from labelclean.io.exchange.hints import exchange_roles
from labelclean.io.labels.guess import LabelGuess, guess_labels
from labelclean.io.layout import ColumnGuess, ColumnRoles, FileLayout
from labelclean.io.tables.contract import CellKind, CellValue, TableFormat, TableScan
from labelclean.io.tables.json_files.values import KINDS, text_of

__all__ = ["Exported", "exported_labels", "guess_exported"]

_FORMATS = frozenset({"json", "jsonl"})
_SEVERAL_QUESTIONS = (
    "The annotators answered several questions; only the first answer of each task is read. Export as JSON-MIN "
    "instead, and choose the column of the question."
)
_LONG_FORM = "annotator"


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """
    What is known of a file that an annotation tool exported.

    Attributes
    ----------
    table : TableScan
        The scan, perhaps with one column more.
    roles : ColumnRoles
        Text and label.
    reason : str
        Why, in one plain sentence.
    """

    table: TableScan
    roles: ColumnRoles
    reason: str


def guess_exported(kind: TableFormat, path: Path, layout: FileLayout, table: TableScan) -> Exported | None:
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
    Exported or None
        None if the file is of no tool.
    """
    hint = exchange_roles(table.columns, table.sample, kinds=table.kinds) if layout.file_format in _FORMATS else None
    if hint is None:
        return None
    if hint.question is not None and _differ(kind.read(path, layout, [hint.question])[0]):
        table = replace(table, warnings=(*table.warnings, _SEVERAL_QUESTIONS))
    roles = hint.roles
    if hint.single is not None and _holds_single_labels(kind.read(path, layout, [roles.label])[0]):
        roles = hint.single
    if roles.label not in table.columns:
        table = _with_column(kind, path, layout, table, roles.label)
    return Exported(table=table, roles=roles, reason=hint.reason)


def exported_labels(exported: Exported, usual: Sequence[ColumnGuess]) -> LabelGuess:
    """Return what the tool's file says about its labels, beside the usual guess of the id."""
    roles, reason = exported.roles, exported.reason
    by_role = {
        "text": ColumnGuess(role="text", column=roles.text, reason=reason),
        "label": ColumnGuess(role="label", column=roles.label, reason=reason),
    }
    taken = {roles.text, roles.label}
    guesses = tuple(
        by_role.get(guess.role) or (replace(guess, column=None, reason=_NO_ID) if guess.column in taken else guess)
        for guess in usual
    )
    if _LONG_FORM in exported.table.columns:  # one record for each annotation: there may be votes
        return guess_labels(exported.table, guesses)
    return LabelGuess(spelling=roles.spelling, reason=reason, votes=None, votes_reason="", guesses=guesses)


_NO_ID = "No other column looks like an id."


def _differ(values: Sequence[CellValue]) -> bool:
    """Tell whether values that are there are several different ones."""
    return len({str(value) for value in values if value is not None}) > 1


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
