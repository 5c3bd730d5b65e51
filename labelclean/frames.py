"""
DataFrames in, DataFrames out: the texts and labels of a frame, and a new frame with corrected labels.

Rows are positions, never index values. The frame that is given is never changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError
from labelclean.io.corrections import label_edits
from labelclean.io.labels.spelling import decode_labels
from labelclean.io.layout import ColumnRoles, FileLayout, LabelSpelling, VoteColumns
from labelclean.io.tables.contract import CellValue, TableEdits, TableFormat
from labelclean.io.tables.frame_cells import FrameTable, column_cells, new_column, with_cells
from labelclean.io.voted_files import read_voted
from labelclean.io.votes import vote_columns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LabelChange", "corrected_frame", "dataset_from_frame", "frame_roles"]


class LabelChange(Protocol):
    """One entry of a change log: what a row's label becomes."""

    @property
    def row(self) -> int:
        """The position of the row."""

    @property
    def new(self) -> Label | None:
        """The label after the decision."""

    @property
    def is_correction(self) -> bool:
        """Whether the label becomes another one."""


def frame_roles(
    frame: pd.DataFrame,
    *,
    text: str,
    label: str,
    row_id: str | None = None,
    spelling: LabelSpelling | None = None,
    votes: VoteColumns | None = None,
) -> ColumnRoles:
    """
    Say which columns of a frame are what, and how its labels are spelled.

    Parameters
    ----------
    frame : DataFrame
        The data.
    text, label : str
        The columns of the texts and of the labels.
    row_id : str, optional
        The column of the user's own ids.
    spelling : LabelSpelling, optional
        By default lists are read as label sets, mappings of labels to 1 or 0 as well, and anything else as one label.
    votes : VoteColumns, optional
        Where several annotators labelled each text: where their votes stand.

    Returns
    -------
    ColumnRoles
        For `corrected_frame`.

    Raises
    ------
    InvalidInputError
        If a column is missing, or two have its name.
    """
    found = _guessed_spelling(frame, label) if spelling is None else spelling
    roles = ColumnRoles(text=text, label=label, row_id=row_id, spelling=found, votes=votes)
    _check_columns(frame, [text, *_label_columns(roles), *([] if row_id is None else [row_id])])
    return roles


def dataset_from_frame(
    frame: pd.DataFrame,
    *,
    text: str,
    label: str,
    row_id: str | None = None,
    spelling: LabelSpelling | None = None,
    votes: VoteColumns | None = None,
) -> Dataset:
    """
    Read texts, labels and ids of a frame.

    Parameters
    ----------
    frame : DataFrame
        The data, with any index; rows are positions.
    text : str
        The column of the texts; missing ones are the empty text.
    label : str
        The column of the labels. Missing values, and text without a character to see, are not labelled.
    row_id : str, optional
        The column of the user's own ids; they become text.
    spelling : LabelSpelling, optional
        How labels are spelled; by default as `frame_roles` finds.
    votes : VoteColumns, optional
        Where the votes of several annotators stand; labels are the consensus.

    Returns
    -------
    Dataset
        One example for each row, in the same order.

    Raises
    ------
    InvalidInputError
        If a column is missing or comes twice, a text is not text, or a label cannot be read.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["Where is it?", "It broke."], "label": ["delivery", None]})
    >>> dataset_from_frame(frame, text="text", label="label").labels.tolist()
    [0, -1]
    """
    roles = frame_roles(frame, text=text, label=label, row_id=row_id, spelling=spelling, votes=votes)
    if votes is not None:
        return read_voted(_table(frame), Path(), _layout(frame), roles, votes)
    texts = cast("list[str]", ["" if value is None else value for value in column_cells(frame, text)])
    ids = None if row_id is None else ["" if value is None else str(value) for value in column_cells(frame, row_id)]
    labels = decode_labels(roles.spelling, [column_cells(frame, column) for column in roles.label_columns])
    return Dataset.from_labels(texts, labels, row_ids=ids)


def corrected_frame(
    frame: pd.DataFrame,
    roles: ColumnRoles,
    corrections: Mapping[int, Label | None] | Iterable[LabelChange],
    *,
    dropped_rows: Collection[int] = (),
) -> pd.DataFrame:
    """
    Return a new frame with corrected labels; everything else is as it was.

    Parameters
    ----------
    frame : DataFrame
        The frame that was read.
    roles : ColumnRoles
        As `frame_roles` gave them.
    corrections : mapping of int to hashable or None, or entries of a change log
        New label by position of the row; None takes the label away. Of a log, the entries that correct something.
    dropped_rows : collection of int, default=()
        Positions of rows to leave out; corrections of them do not count.

    Returns
    -------
    DataFrame
        Same index, columns, order, types and ``attrs``. A categorical column gets new categories behind its own. Votes
        stay; the consensus has a column of its own, which is added where there is none.

    Raises
    ------
    InvalidInputError
        If a row is not in the frame, or a column cannot hold a label: whole numbers no text, for example.

    Notes
    -----
    Where each row is one vote, corrections and dropped rows are of texts, in the order of their first votes.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["Where is it?"], "label": ["broken"]}, index=[7])
    >>> roles = frame_roles(frame, text="text", label="label")
    >>> corrected_frame(frame, roles, {0: "delivery"}).loc[7, "label"]
    'delivery'
    """
    _check_columns(frame, _label_columns(roles))
    wanted = _by_row(corrections)
    if roles.votes is None:
        _check_rows([*wanted, *dropped_rows], len(frame))
    edits, _ = label_edits(
        _table(frame), Path(), _layout(frame), roles, corrections=wanted, dropped_rows=frozenset(dropped_rows)
    )
    return _edited(frame, edits)


def _edited(frame: pd.DataFrame, edits: TableEdits) -> pd.DataFrame:
    by_column: dict[str, dict[int, CellValue]] = {}
    for row, cells in edits.cells.items():
        for column, value in cells.items():
            by_column.setdefault(column, {})[row] = value
    result = frame.copy()
    for column, values in by_column.items():
        place = list(frame.columns).index(column)
        result.isetitem(place, with_cells(frame.iloc[:, place], values))
    for column, added in edits.added.items():
        result.insert(len(result.columns), column, new_column(added))
    kept = np.setdiff1d(np.arange(len(frame)), sorted(edits.dropped_rows))
    return result.iloc[kept] if edits.dropped_rows else result


def _table(frame: pd.DataFrame) -> TableFormat:
    return cast("TableFormat", FrameTable(frame))  # only its reading is asked for


def _layout(frame: pd.DataFrame) -> FileLayout:
    """Describe a frame as if it were a file whose values have types."""
    return FileLayout(
        file_format="parquet",
        encoding="utf-8",
        byte_order_mark=False,
        delimiter="",
        columns=tuple(str(name) for name in frame.columns),
        n_rows=len(frame),
    )


def _label_columns(roles: ColumnRoles) -> tuple[str, ...]:
    return roles.label_columns if roles.votes is None else vote_columns(roles)


def _by_row(corrections: Mapping[int, Label | None] | Iterable[LabelChange]) -> dict[int, Label | None]:
    if isinstance(corrections, Mapping):
        return dict(corrections)
    return {change.row: change.new for change in corrections if change.is_correction}


def _guessed_spelling(frame: pd.DataFrame, label: str) -> LabelSpelling:
    _check_columns(frame, [label])
    kinds = {type(value) for value in column_cells(frame, label)}
    if kinds & {list, tuple}:
        return LabelSpelling(kind="array")
    return LabelSpelling(kind="scores") if dict in kinds else LabelSpelling()


def _check_columns(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    names = list(frame.columns)
    for column in columns:
        n_found = names.count(column)
        if n_found != 1:
            found = "there is none" if not n_found else f"there are {n_found:,}"
            raise InvalidInputError(
                f"The frame must have one column named “{column}”; {found}.",
                fix="Choose another column, or rename the columns.",
            )


def _check_rows(rows: Sequence[int], n_rows: int) -> None:
    for row in rows:
        if not 0 <= row < n_rows:
            raise InvalidInputError(
                f"Every corrected row must be in the frame, which has {n_rows:,} rows counted from 0; got row {row:,}.",
                fix="Use positions of rows, not values of the index, and the frame that was reviewed.",
            )
