"""How the cells of a row spell its label or label set, both ways."""

from __future__ import annotations

from collections.abc import Sequence

from labelclean.arrays import Label
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.labels.cells import is_same_label, label_from_json, label_to_cell
from labelclean.io.layout import LabelSpelling

__all__ = ["decode_labels", "encode_label"]


def decode_labels(
    spelling: LabelSpelling, columns: Sequence[Sequence[object]], *, first_row: int = 0
) -> list[Label | None]:
    """Return the label of each row."""
    labels: list[Label | None] = []
    for row, value in enumerate(columns[0], start=first_row):
        try:
            labels.append(label_from_json(value))
        except InvalidInputError as error:
            raise FileContentError(f"{error.message} It stands in row {row:,}.", fix=error.fix) from error
    return labels


def encode_label(
    spelling: LabelSpelling, old: Sequence[object], new: Label | None, *, is_typed: bool
) -> tuple[object, ...]:
    """Return the new cells of a row."""
    if is_typed:
        return tuple(old) if is_same_label(label_from_json(old[0]), new) else (new,)
    return (label_to_cell(new),)
