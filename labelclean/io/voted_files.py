"""Files with several annotators' votes: read with their consensus, and corrected beside the votes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from labelclean.arrays import UNLABELLED, Label
from labelclean.dataset import Dataset, VoteTable, is_missing_label, label_key, sorted_classes
from labelclean.io.labels.spelling import decode_labels, encode_label
from labelclean.io.layout import ColumnRoles, FileLayout, LabelSpelling, VoteColumns
from labelclean.io.tables.contract import CellValue, TableEdits, TableFormat
from labelclean.io.tables.json_files.values import text_of
from labelclean.io.votes import dataset_from_votes, vote_columns

__all__ = ["consensus_edits", "read_voted"]


def read_voted(kind: TableFormat, path: Path, layout: FileLayout, roles: ColumnRoles, votes: VoteColumns) -> Dataset:
    """
    Read texts and votes; the label of a text is its consensus cell, if the file has one, else the majority's.

    Raises
    ------
    FileContentError
        If a vote cannot be read, or the content breaks the layout.
    InvalidInputError
        If the roles contradict each other.
    """
    texts = [roles.text] if roles.row_id is None else [roles.text, roles.row_id]
    cast = vote_columns(roles)
    agreed = [votes.consensus] if votes.consensus in layout.columns else []
    columns = kind.read(path, layout, [*texts, *cast, *agreed])
    named = [[text_of(value) for value in column] for column in columns[: len(texts)]]
    cells = columns[len(texts) : len(texts) + len(cast)]
    dataset = dataset_from_votes(roles, named[0], named[1] if len(named) > 1 else None, cells)
    if not agreed:
        return dataset
    return _with_consensus(dataset, decode_labels(LabelSpelling(), [columns[-1]]))


def consensus_edits(
    dataset: Dataset,
    layout: FileLayout,
    votes: VoteColumns,
    *,
    corrections: Mapping[int, Label | None],
    dropped_rows: frozenset[int],
    is_typed: bool,
) -> tuple[TableEdits, int]:
    """
    Say which cells of the consensus column change; the votes stay as they are.

    Parameters
    ----------
    dataset : Dataset
        As `read_voted` gives it.
    layout : FileLayout
        Says whether the file has the column; if not, it is added as soon as one label is corrected, and holds the
        consensus of every text.
    votes : VoteColumns
        Names the column.
    corrections : mapping of int to hashable or None
        New label by text.
    dropped_rows : frozenset of int
        Texts that will be left out, with all their records.
    is_typed : bool
        Whether the file's values have types.

    Returns
    -------
    edits : TableEdits
        By record of the file.
    n_changed : int
        How many texts get another label.
    """
    wanted = {
        row: new
        for row, new in corrections.items()
        if row not in dropped_rows and not _is_same(new, dataset.given_label(row))
    }
    dropped = frozenset(_records(dataset, dropped_rows))
    if not wanted:
        return TableEdits(dropped_rows=dropped), 0
    spelled = {row: _spelled(new, is_typed=is_typed) for row, new in wanted.items()}
    examples = _examples(dataset)
    if votes.consensus in layout.columns:
        cells = {record: {votes.consensus: spelled[examples[record]]} for record in _records(dataset, wanted)}
        return TableEdits(cells=cells, dropped_rows=dropped), len(wanted)
    consensus = [_spelled(dataset.given_label(row), is_typed=is_typed) for row in range(dataset.n_examples)]
    for row, cell in spelled.items():
        consensus[row] = cell
    added = {votes.consensus: [consensus[example] for example in examples]}
    return TableEdits(added=added, dropped_rows=dropped), len(wanted)


def _with_consensus(dataset: Dataset, consensus: Sequence[Label | None]) -> Dataset:
    """Give texts the label of their consensus cell, where it has one."""
    labels = [dataset.given_label(row) for row in range(dataset.n_examples)]
    for record, example in enumerate(_examples(dataset)):
        if not is_missing_label(consensus[record]):
            labels[example] = consensus[record]
    class_names = sorted_classes([*dataset.class_names, *labels])
    codes = {label_key(name): code for code, name in enumerate(class_names)}
    places = np.array([codes[label_key(name)] for name in dataset.class_names] + [UNLABELLED], dtype=np.int64)
    given = [UNLABELLED if label is None else codes[label_key(label)] for label in labels]
    votes = dataset.votes
    return replace(
        dataset,
        labels=np.array(given, dtype=np.int64),
        class_names=class_names,
        votes=votes
        if votes is None
        else VoteTable(annotators=votes.annotators, codes=places[votes.codes].astype(np.int32)),
    )


def _examples(dataset: Dataset) -> list[int]:
    """Return the text of each record."""
    return list(range(dataset.n_examples)) if dataset.records is None else dataset.records.tolist()


def _records(dataset: Dataset, rows: Iterable[int]) -> list[int]:
    """Return the records of some texts, in file order."""
    wanted = np.array(sorted(rows), dtype=np.int64)
    if dataset.records is None:
        return list(map(int, wanted))
    return list(map(int, np.flatnonzero(np.isin(dataset.records, wanted))))


def _spelled(label: Label | None, *, is_typed: bool) -> CellValue:
    return encode_label(LabelSpelling(), (None if is_typed else "",), label, is_typed=is_typed)[0]


def _is_same(first: Label | None, second: Label | None) -> bool:
    if first is None or second is None:
        return first is second
    return label_key(first) == label_key(second)
