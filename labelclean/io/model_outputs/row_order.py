"""Rows of a table put in the order of a dataset by their ids."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labelclean.arrays import IndexArray
from labelclean.errors import InvalidInputError
from labelclean.io.model_outputs.arrow_source import TableSource, ids_in
from labelclean.io.model_outputs.class_order import shown_names

__all__ = ["row_order"]

_IDS_AT_ONCE = 2**16


def row_order(source: TableSource, row_id: str, row_ids: Sequence[str] | None) -> tuple[IndexArray, str]:
    """
    Find the row of a table for each row of a dataset.

    Parameters
    ----------
    source : TableSource
        The table.
    row_id : str
        Its column of row ids.
    row_ids : sequence of str or None
        The ids of the dataset's rows; None where it has none.

    Returns
    -------
    order : ndarray of int64, shape (len(row_ids),)
        Positions in the table.
    reason : str
        What was found, in one plain sentence.

    Raises
    ------
    InvalidInputError
        If either side has no ids, an id occurs twice or is empty, or one of the dataset's is not in the table.
    """
    if row_ids is None:
        raise InvalidInputError(
            "Row ids can only be compared if the dataset has some; it has none.",
            fix="Name the dataset's own column of row ids, too, or leave the one of this file out.",
        )
    if row_id not in {column.name for column in source.columns}:
        raise InvalidInputError(
            f"The row id must be a column of the file; there is no {row_id!r}.",
            fix=f"Its columns are {shown_names(column.name for column in source.columns)}.",
        )
    ids = [each for batch in source.batches([row_id], _IDS_AT_ONCE) for each in ids_in(batch.column(0))]
    row_of = {each: row for row, each in enumerate(ids)}
    if len(row_of) < len(ids) or len(set(row_ids)) < len(row_ids):
        raise InvalidInputError(
            f"Row ids must be different to put rows in order; {len(ids) - len(row_of):,} in the file and "
            f"{len(row_ids) - len(set(row_ids)):,} in the dataset occur again.",
            fix="Name a column whose values occur once, or leave it out.",
        )
    missing = [row for row, each in enumerate(row_ids) if each not in row_of]
    if missing:
        raise InvalidInputError(
            f"The file must have every row id of the dataset; {len(missing):,} are not there, first that of row "
            f"{missing[0]:,}.",
            fix="Write it for the same rows.",
        )
    order = np.array([row_of[each] for each in row_ids], dtype=np.int64)
    if np.array_equal(order, np.arange(len(order))):
        return order, f"The row ids in {row_id!r} are those of the dataset, in the same order."
    return order, f"The rows were in another order; the row ids in {row_id!r} put them right."
