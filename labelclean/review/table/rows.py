"""Which rows the table of all rows shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, IndexArray, Label, MaskArray
from labelclean.dataset import label_key
from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import Verdict
from labelclean.review.queue_sources import ReviewedRun
from labelclean.review.table.query import TableQuery

__all__ = ["Ranks", "find_rows", "rank_ids", "rank_texts", "sorted_rows"]

_LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Ranks:
    """
    The numbers by which rows are sorted.

    Attributes
    ----------
    values : ndarray of int64, shape (n_examples,)
        Equal values have equal numbers.
    is_missing : ndarray of bool or None
        True where there is no value; such rows come last in both directions.
    """

    values: IndexArray
    is_missing: MaskArray | None = None


def find_rows(
    query: TableQuery,
    run: ReviewedRun,
    rows_containing: Callable[[str], MaskArray],
    table: DecisionTable,
) -> IndexArray:
    """
    Return the rows that match, in file order.

    Parameters
    ----------
    query : TableQuery
        Search and filters.
    run : ReviewedRun
        Knows the given labels.
    rows_containing : callable
        Tells for each row whether its text contains something, whatever the case.
    table : DecisionTable
        The decisions in force.

    Returns
    -------
    ndarray of int64
        0-based rows, rising.
    """
    keep = np.ones(len(run.labels), dtype=np.bool_)
    if query.given is not None:
        keep &= run.labels == _code_of(run, query.given)
    if query.decision:
        keep &= _decided(query, table)
    if query.text:
        keep &= rows_containing(query.text)
    return np.flatnonzero(keep).astype(np.int64)


def sorted_rows(rows: IndexArray, ranks: Ranks, *, is_descending: bool) -> IndexArray:
    """
    Return rows in order; equal ones stay in theirs, those without a value come last.

    Examples
    --------
    >>> ranks = Ranks(values=np.array([5, 1, 5]))
    >>> sorted_rows(np.array([0, 1, 2]), ranks, is_descending=True)
    array([0, 2, 1])
    """
    values = ranks.values[rows]
    keys = -values if is_descending else values
    if ranks.is_missing is not None:
        keys = np.where(ranks.is_missing[rows], _LAST, keys)
    return rows[np.argsort(keys, kind="stable")]


def rank_texts(texts: Sequence[str]) -> IndexArray:
    """
    Return the place of each text in their order, whatever their case; equal texts have equal places.

    Examples
    --------
    >>> rank_texts(["b", "A", "B"])
    array([1, 0, 1])
    """
    folded = [text.casefold() for text in texts]
    places = {text: place for place, text in enumerate(sorted(set(folded)))}
    return np.fromiter((places[text] for text in folded), dtype=np.int64, count=len(folded))


def rank_ids(ids: Sequence[str]) -> IndexArray:
    """
    Return the place of each id in their order: by value where all are numbers, else as ``rank_texts``.

    Examples
    --------
    >>> rank_ids(["10", "9", "010"])
    array([1, 0, 1])
    """
    try:
        numbers = np.array([float(value) for value in ids])
    except ValueError:
        return rank_texts(ids)
    return np.unique(numbers, return_inverse=True)[1].astype(np.int64)


def _code_of(run: ReviewedRun, label: Label) -> int:
    key = label_key(label)
    return next((code for code, name in enumerate(run.class_names) if label_key(name) == key), UNLABELLED - 1)


def _decided(query: TableQuery, table: DecisionTable) -> MaskArray:
    if query.decision in {"any", "undecided"}:
        return table.is_decided if query.decision == "any" else ~table.is_decided
    return table.has_verdict(Verdict(query.decision))
