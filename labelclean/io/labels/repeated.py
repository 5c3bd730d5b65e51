"""Label sets over several columns, each of which holds a label or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from labelclean.arrays import Label
from labelclean.dataset import label_key
from labelclean.io.labels.problem import CellProblem, scalar_of, text_of_label
from labelclean.io.labels.style import blank
from labelclean.io.tables.contract import CellValue
from labelclean.label_set import LabelSet

__all__ = ["decode_repeated", "encode_repeated"]


def decode_repeated(cells: Sequence[CellValue]) -> LabelSet | None:
    """
    Return the set that a row's cells hold, in the order of the columns; None if all are empty: not labelled.

    Raises
    ------
    CellProblem
        If a cell is no single label.
    """
    labels = [scalar_of(cell) for cell in cells]
    if all(label is None for label in labels):
        return None
    return LabelSet(label for label in labels if label is not None)


def encode_repeated(old: Sequence[CellValue], new: LabelSet | None, *, is_typed: bool) -> tuple[CellValue, ...]:
    """
    Return the cells that hold a set.

    Labels that stay keep their column, those that go leave an empty cell, and new ones take the first empty cells.

    Raises
    ------
    CellProblem
        If there are more labels than columns, or none, which would read as not labelled.
    """
    empty = blank(is_typed=is_typed)
    if new is None:
        return (empty,) * len(old)
    if not new:
        raise CellProblem(
            "A row whose columns hold labels must have at least one",
            "the empty set, which would read as “not labelled”",
            fix="Give the text a label that says so, such as “none”, or leave it without a label.",
        )
    if len(new) > len(old):
        raise CellProblem(
            f"A row must have at most one label for each of the {len(old):,} label columns",
            f"{len(new):,}",
            fix="Choose fewer labels, or add a label column to the file.",
        )
    cells: list[CellValue | None] = []
    present: set[tuple[str, Label]] = set()
    for cell in old:
        label = scalar_of(cell)
        is_kept = label is not None and label in new and label_key(label) not in present
        if is_kept and label is not None:
            present.add(label_key(label))
        cells.append(cell if is_kept or label is None else empty)
    free = iter([place for place, cell in enumerate(cells) if scalar_of(cell) is None])
    for label in new:
        if label_key(label) not in present:
            cells[next(free)] = label if is_typed else text_of_label(label)
    return tuple(cells)
