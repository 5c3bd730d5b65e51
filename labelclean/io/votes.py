"""From the labels of several annotators, in columns of their own or one to a record, to one dataset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray, Label, freeze
from labelclean.dataset import Dataset, VoteTable, label_key, sorted_classes
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.labels.spelling import decode_labels
from labelclean.io.layout import ColumnRoles, LabelSpelling
from labelclean.io.tables.contract import CellValue

__all__ = ["dataset_from_votes", "most_votes", "vote_columns"]

_MOST_CELLS = 250_000_000


def vote_columns(roles: ColumnRoles) -> tuple[str, ...]:
    """
    Return the columns that `dataset_from_votes` takes: one for each annotator, or the annotators' and the votes' own.

    Raises
    ------
    InvalidInputError
        If the roles say nothing of votes.
    """
    votes = roles.votes
    if votes is None or not (votes.columns or votes.annotator):
        raise InvalidInputError(
            "The votes must stand in columns of the annotators, or beside a column of annotators; none is named.",
            fix="Name the annotators' columns.",
        )
    return votes.columns if votes.annotator is None else (votes.annotator, roles.label)


def dataset_from_votes(
    roles: ColumnRoles, texts: Sequence[str], row_ids: Sequence[str] | None, cells: Sequence[Sequence[CellValue]]
) -> Dataset:
    """
    Build the dataset of texts that several annotators labelled.

    Parameters
    ----------
    roles : ColumnRoles
        Where the votes stand; each is spelled as a single label.
    texts : sequence of str, length n_records
        The texts.
    row_ids : sequence of str or None, length n_records
        The user's ids. In the long form they say which records are votes on the same text.
    cells : sequence of sequence of cell value
        The columns that `vote_columns` names, all of length n_records.

    Returns
    -------
    Dataset
        With ``votes``, and as ``labels`` what most annotators said; of classes with equally many votes the one given
        more often over all, then the first in class order; none where nobody voted. Where each record is a vote, the
        examples stand in the order in which their ids first appear, and ``records`` says which record belongs to which.

    Raises
    ------
    FileContentError
        If a vote cannot be read, or, where each record is a vote: an id or an annotator is missing, an id has two
        texts, or an annotator gave one text two labels.
    InvalidInputError
        If votes are to be sets of labels, or there is no id where each record is a vote.

    Notes
    -----
    The same vote given twice counts once. A record without a vote still counts as an example.
    """
    if roles.spelling.is_set:
        raise InvalidInputError(
            f"Each vote must be one label; the spelling “{roles.spelling.kind}” is for sets of labels.",
            fix="Read the labels of one annotator, or choose columns whose cells hold one label each.",
        )
    names = vote_columns(roles)
    if roles.votes is not None and roles.votes.annotator is not None:
        return _from_records(roles.spelling, texts, row_ids, cells[0], cells[1])
    labels = [decode_labels(roles.spelling, [column]) for column in cells]
    class_names = sorted_classes(label for column in labels for label in column)
    _check_size(len(texts), len(names))
    codes = np.column_stack([_codes(column, class_names) for column in labels])
    return _dataset(texts, row_ids, names, codes.astype(np.int32), class_names, records=None)


def most_votes(codes: NDArray[np.int32], n_classes: int) -> CodeArray:
    """
    Return the class with the most votes for each example.

    Parameters
    ----------
    codes : ndarray of int32, shape (n_examples, n_annotators)
        Class codes; -1 where there is no vote.
    n_classes : int
        Number of classes, above every code.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Of several classes with the most votes, the one with more votes over all examples, then the lowest code; -1
        where there is no vote.

    Examples
    --------
    >>> most_votes(np.array([[0, 1, 1], [0, 1, -1], [-1, -1, -1]], dtype=np.int32), 2)
    array([ 1,  1, -1])
    """
    rows, annotators = np.nonzero(codes != UNLABELLED)
    given = codes[rows, annotators].astype(np.int64)
    totals = np.bincount(given, minlength=n_classes)
    pairs, n_votes = np.unique(rows * max(n_classes, 1) + given, return_counts=True)
    of_row, of_class = np.divmod(pairs, max(n_classes, 1))
    order = np.lexsort((of_class, -totals[of_class], -n_votes, of_row))
    voted, first = np.unique(of_row[order], return_index=True)
    labels = np.full(len(codes), UNLABELLED, dtype=np.int64)
    labels[voted] = of_class[order][first]
    return labels


def _from_records(
    spelling: LabelSpelling,
    texts: Sequence[str],
    row_ids: Sequence[str] | None,
    annotators: Sequence[CellValue],
    votes: Sequence[CellValue],
) -> Dataset:
    if row_ids is None:
        raise InvalidInputError(
            "Where each record is one vote, an id must say which records are about the same text; none is named.",
            fix="Name the column of the texts' ids, or the text's own column if there are none.",
        )
    labels = decode_labels(spelling, [votes])
    examples, records = _examples(texts, row_ids)
    names, by = _annotators(annotators, labels)
    class_names = sorted_classes(labels)
    _check_size(len(examples), len(names))
    codes = np.full((len(examples), len(names)), UNLABELLED, dtype=np.int32)
    given = _codes(labels, class_names)
    voted = np.flatnonzero(given != UNLABELLED)
    codes[records[voted], by[voted]] = given[voted]
    _check_one_vote_each(records[voted], by[voted], given[voted], voted, codes)
    ids = tuple(row_ids[row] for row in examples)
    return _dataset([texts[row] for row in examples], ids, names, codes, class_names, records=records)


def _examples(texts: Sequence[str], row_ids: Sequence[str]) -> tuple[list[int], IndexArray]:
    """Return the first record of each id, and which id each record has."""
    places: dict[str, int] = {}
    examples: list[int] = []
    records = np.empty(len(texts), dtype=np.int64)
    for row, row_id in enumerate(row_ids):
        if not row_id.strip():
            raise FileContentError(
                f"Each vote must have the id of its text; row {row:,} has none.",
                fix="Fill it in, or leave the row out.",
            )
        place = places.setdefault(row_id, len(examples))
        if place == len(examples):
            examples.append(row)
        elif texts[row] != texts[examples[place]]:
            raise FileContentError(
                f"Records with the same id must have the same text; rows {examples[place]:,} and {row:,} differ.",
                fix="Choose the column that tells the texts apart, or correct the text.",
            )
        records[row] = place
    return examples, records


def _annotators(cells: Sequence[CellValue], labels: Sequence[Label | None]) -> tuple[tuple[str, ...], IndexArray]:
    """Return the annotators in order of first appearance, and whose vote each record is (-1 where there is none)."""
    places: dict[str, int] = {}
    by = np.full(len(cells), UNLABELLED, dtype=np.int64)
    for row, cell in enumerate(cells):
        name = "" if cell is None else str(cell)
        if name.strip():
            by[row] = places.setdefault(name, len(places))
        elif labels[row] is not None:
            raise FileContentError(
                f"Each vote must say whose it is; row {row:,} names no annotator.",
                fix="Fill in the annotator, or leave the row out.",
            )
    return tuple(places), by


def _check_one_vote_each(
    records: IndexArray, by: IndexArray, given: CodeArray, rows: IndexArray, codes: NDArray[np.int32]
) -> None:
    differ = np.flatnonzero(codes[records, by] != given)
    if not differ.size:
        return
    first = differ[0]
    same = np.flatnonzero((records == records[first]) & (by == by[first]) & (given != given[first]))
    low, high = sorted((int(rows[first]), int(rows[same[0]])))
    n_more = len(differ) - 1
    more = f" {n_more:,} more {'row is' if n_more == 1 else 'rows are'} overruled by a later one." if n_more else ""
    raise FileContentError(
        f"Each annotator must give one text one label; rows {low:,} and {high:,} say two.{more}",
        fix="Leave the row that no longer counts out of the file.",
    )


def _codes(labels: Sequence[Label | None], class_names: Sequence[Label]) -> CodeArray:
    places = {label_key(name): code for code, name in enumerate(class_names)}
    found = (UNLABELLED if label is None else places[label_key(label)] for label in labels)
    return np.fromiter(found, dtype=np.int64, count=len(labels))


def _dataset(
    texts: Sequence[str],
    row_ids: Sequence[str] | None,
    annotators: Sequence[str],
    codes: NDArray[np.int32],
    class_names: tuple[Label, ...],
    *,
    records: IndexArray | None,
) -> Dataset:
    labels = most_votes(codes, len(class_names))
    freeze(labels)
    if records is not None:
        freeze(records)
    return Dataset(
        texts=tuple(texts),
        labels=labels,
        class_names=class_names,
        row_ids=None if row_ids is None else tuple(row_ids),
        votes=VoteTable(annotators=tuple(annotators), codes=codes),
        records=records,
    )


def _check_size(n_examples: int, n_annotators: int) -> None:
    if n_examples * n_annotators > _MOST_CELLS:
        raise FileContentError(
            f"The table of texts by annotators must have at most {_MOST_CELLS:,} places; "
            f"got {n_examples:,} texts and {n_annotators:,} annotators.",
            fix="Check the column of the annotators, or give the votes in several files.",
        )
