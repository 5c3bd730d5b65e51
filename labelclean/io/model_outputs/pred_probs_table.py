"""Probabilities from the columns of a Parquet or CSV file, a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray, Label, ProbMatrix
from labelclean.dataset import Dataset
from labelclean.io.model_outputs.arrow_source import (
    TableSource,
    column_values,
    csv_source,
    list_values,
    parquet_source,
    rows_at_once,
)
from labelclean.io.model_outputs.class_order import check_shape, match_classes
from labelclean.io.model_outputs.pred_probs_columns import ChosenColumns, choose_columns
from labelclean.io.model_outputs.row_order import row_order
from labelclean.io.model_outputs.table_spool import spool_blocks, spool_rows, take_rows

__all__ = ["TableProbs", "read_csv", "read_parquet"]

_SAMPLE_ROWS = 1000


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TableProbs:
    """Probabilities, the class of each column where it is known, and how they were understood."""

    pred_probs: ProbMatrix
    class_names: Sequence[Label] | None
    reasons: dict[str, str] = field(default_factory=dict)
    is_order_assumed: bool = False


def read_parquet(
    path: Path,
    *,
    dataset: Dataset | None,
    class_names: Sequence[Label] | None,
    row_id: str | None,
    directory: Path | None,
) -> TableProbs:
    """Read a Parquet file row group by row group; arguments and errors are those of ``read_pred_probs``."""
    return _read(parquet_source(path), dataset=dataset, class_names=class_names, row_id=row_id, directory=directory)


def read_csv(
    path: Path,
    *,
    dataset: Dataset | None,
    class_names: Sequence[Label] | None,
    row_id: str | None,
    directory: Path | None,
) -> TableProbs:
    """Read a CSV file block by block; arguments and errors are those of ``read_pred_probs``."""
    return _read(
        csv_source(path, row_id=row_id), dataset=dataset, class_names=class_names, row_id=row_id, directory=directory
    )


def _read(
    source: TableSource,
    *,
    dataset: Dataset | None,
    class_names: Sequence[Label] | None,
    row_id: str | None,
    directory: Path | None,
) -> TableProbs:
    if dataset is not None and source.n_rows is not None:
        check_shape((source.n_rows, 0), dataset)
    chosen = choose_columns(
        [column for column in source.columns if column.name != row_id],
        known=None if dataset is None else dataset.class_names,
        class_names=class_names,
        first_rows=lambda columns: _first_sums(source, columns),
    )
    reasons, is_assumed = {"columns": chosen.reason}, False
    names = chosen.class_names
    if chosen.is_list:
        names = names or source.list_names.get(chosen.columns[0])
    elif dataset is not None:
        # Columns are put in order while they are read: a second copy of a large table is spared.
        match = match_classes(dataset.class_names, names, n_columns=len(chosen.columns))
        chosen = replace(chosen, columns=tuple(chosen.columns[column] for column in match.columns))
        names, reasons["class_order"], is_assumed = match.class_names, match.reason, match.is_assumed
    table = _spooled(source, chosen, directory)
    if row_id is not None:
        if dataset is not None:
            check_shape(table.shape, dataset)
        order, reasons["row_order"] = row_order(source, row_id, None if dataset is None else dataset.row_ids)
        table = take_rows(table, order, directory=directory)
    return TableProbs(pred_probs=table, class_names=names, reasons=reasons, is_order_assumed=is_assumed)


def _spooled(source: TableSource, chosen: ChosenColumns, directory: Path | None) -> ProbMatrix:
    dtype = np.result_type(*(source.dtypes[name] for name in chosen.columns))
    n_rows = -1 if source.n_rows is None else source.n_rows
    if chosen.is_list:
        n_columns = source.list_length(chosen.columns[0])
        lists = _list_chunks(source, chosen.columns, n_columns)
        return spool_rows(lists, shape=(n_rows, n_columns), dtype=dtype, directory=directory)
    shape = (n_rows, len(chosen.columns))
    if n_rows < 0 or not source.columns_at_once:
        batches = source.batches(chosen.columns, rows_at_once(shape[1]))
        return spool_rows(map(column_values, batches), shape=shape, dtype=dtype, directory=directory)
    return spool_blocks(_blocks(source, chosen.columns), shape=shape, dtype=dtype, directory=directory)


def _list_chunks(source: TableSource, columns: Sequence[str], n_columns: int) -> Iterator[NDArray[np.generic]]:
    first = 0
    for batch in source.batches(columns, rows_at_once(n_columns)):
        yield list_values(batch.column(0), n_columns, first_row=first)
        first += batch.num_rows


def _blocks(source: TableSource, columns: Sequence[str]) -> Iterator[tuple[slice, slice, NDArray[np.generic]]]:
    """Read a few columns from the first to the last row, then the next ones."""
    for left in range(0, len(columns), source.columns_at_once):
        some = columns[left : left + source.columns_at_once]
        top = 0
        for batch in source.batches(some, rows_at_once(len(some))):
            yield slice(top, top + batch.num_rows), slice(left, left + len(some)), column_values(batch)
            top += batch.num_rows


def _first_sums(source: TableSource, columns: Sequence[str]) -> FloatArray:
    batch = next(iter(source.batches(columns, _SAMPLE_ROWS)), None)
    return np.empty(0) if batch is None else column_values(batch).astype(np.float64).sum(axis=1)
