"""What must hold for any bytes at all: refused in our own words, or read, given back and corrected faithfully."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.errors import LabelCleanError
from labelclean.io.layout import ColumnRoles, FileSummary
from labelclean.io.source import inspect_file, read_dataset, write_back

MOST_CHECKED_ROWS = 20_000


def examine(content: bytes, name: str, options: dict[str, Any], folder: Path) -> bool:
    """
    Read a file, write it back, correct it, and read that again.

    Returns
    -------
    bool
        Whether it was read.

    Raises
    ------
    AssertionError
        If what comes back is not what it must be. Any other error but our own comes out as it is.
    """
    path = folder / "input"
    path.write_bytes(content)
    try:
        summary = inspect_file(path, name=name, **options)
        roles = _roles(summary)
        dataset = read_dataset(path, summary.layout, roles)
    except LabelCleanError:
        return False
    unchanged = io.BytesIO()
    assert write_back(path, unchanged, summary.layout, roles, {}) == 0
    assert unchanged.getvalue() == content, "the bytes that came back are others"
    _check_corrected(path, summary, roles, dataset)
    _check_without_a_row(path, summary, roles, dataset)
    return True


def _roles(summary: FileSummary) -> ColumnRoles:
    """Return the guessed roles; where nothing fits, the first and the last column."""
    guessed = {guess.role: guess.column for guess in summary.guesses}
    columns = summary.layout.columns
    return ColumnRoles(
        text=guessed.get("text") or columns[0],
        label=guessed.get("label") or columns[-1],
        row_id=guessed.get("row_id"),
        spelling=summary.spelling,
        votes=summary.votes,
    )


def _check_corrected(path: Path, summary: FileSummary, roles: ColumnRoles, dataset: Dataset) -> None:
    labels = [dataset.given_label(row) for row in range(min(len(dataset.texts), MOST_CHECKED_ROWS))]
    corrections = _corrections(dataset, labels)
    target = io.BytesIO()
    try:
        n_changed = write_back(path, target, summary.layout, roles, corrections)
    except LabelCleanError:
        return
    assert n_changed <= len(corrections)
    if _overlap(roles) or roles.votes is not None:
        return
    again = path.with_name("corrected")
    again.write_bytes(target.getvalue())
    after = read_dataset(again, summary.layout, roles)
    wanted = [corrections.get(row, label) for row, label in enumerate(labels)]
    assert after.texts == dataset.texts, "texts changed"
    if not any(wanted):  # a file without any mark left does not say whether its texts have no labels or an empty set
        return
    found = [after.given_label(row) for row in range(len(wanted))]
    different = [row for row, label in enumerate(found) if _typed(label) != _typed(wanted[row])]
    assert not different, f"labels of rows {different[:5]} are not what they were corrected to"


def _overlap(roles: ColumnRoles) -> bool:
    """Tell whether the text is part of the label or the other way round: JSON has keys inside of keys."""
    text = f"{roles.text}."
    return any(text.startswith(f"{label}.") or f"{label}.".startswith(text) for label in roles.label_columns)


def _check_without_a_row(path: Path, summary: FileSummary, roles: ColumnRoles, dataset: Dataset) -> None:
    """Leave out the row in the middle; the others must be what they were."""
    gone = len(dataset.texts) // 2
    if len(dataset.texts) == 1 or dataset.records is not None or _overlap(roles):
        return
    target = io.BytesIO()
    try:
        write_back(path, target, summary.layout, roles, {}, dropped_rows=(gone,))
    except LabelCleanError:
        return
    again = path.with_name("shorter")
    again.write_bytes(target.getvalue())
    after = read_dataset(again, replace(summary.layout, n_rows=summary.layout.n_rows - 1), roles)
    kept = [row for row in range(len(dataset.texts)) if row != gone]
    assert after.texts == tuple(dataset.texts[row] for row in kept), "texts changed when a row was left out"
    wanted = [dataset.given_label(row) for row in kept[:MOST_CHECKED_ROWS]]
    found = [after.given_label(row) for row in range(len(wanted))]
    if any(wanted):  # as above
        assert [*map(_typed, found)] == [*map(_typed, wanted)], "labels changed when a row was left out"


def _corrections(dataset: Dataset, labels: list[Label | None]) -> dict[int, Label | None]:
    """Give the first and the last example the label of another class, and one in the middle none at all."""
    classes = dataset.class_names
    corrections: dict[int, Label | None] = {}
    if classes:
        corrections = {row: classes[(row + 1) % len(classes)] for row in (0, len(labels) - 1)}
        corrections[len(labels) // 2] = classes[-1]
    return corrections


def _typed(label: Label | None) -> tuple[str, Label | None]:
    return type(label).__name__, label
