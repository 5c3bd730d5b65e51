"""Multi-label votes as users have them, a table of sets or sparse triples, are read and checked here, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from labelclean.arrays import CodeArray, IndexArray, Label
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator.label_codes import axis_names, read_codes, refuse_other_names
from labelclean.tasks.multi_annotator.names import names_array
from labelclean.tasks.multi_annotator.positions import checked_positions, refuse_lengths, refuse_where
from labelclean.tasks.multi_annotator.set_votes import SetVotes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SetTable", "as_set_votes", "set_votes_from_table", "set_votes_from_triples"]

SetTable: TypeAlias = "Sequence[Sequence[Iterable[Label] | None]] | NDArray[np.object_] | pd.DataFrame"
"""A table of label sets, one row per example and one column per annotator."""


def set_votes_from_table(
    votes: SetTable,
    *,
    class_names: Sequence[Label] | None = None,
) -> SetVotes:
    """
    Read multi-label votes from a table of label sets, one row per example and one column per annotator.

    Parameters
    ----------
    votes : nested sequence, ndarray of object or DataFrame, shape (n_examples, n_annotators)
        Each cell a list, tuple, set or flat array of labels; None or NaN where the annotator did not answer. An empty
        set is an answer: none of the classes. The columns of a DataFrame name the annotators; its index, unless it
        just counts, names the examples.
    class_names : sequence of hashable, optional
        The classes, in the order of the columns of the probabilities; the sets then hold such names. Without it,
        numbers are class codes, and other values are names, in the order in which a dataset has its classes.

    Returns
    -------
    SetVotes
        The answers, sorted by example, annotator, class.

    Raises
    ------
    InvalidInputError
        If this is not a table of sets, a set holds a label twice (as lists of 0 and 1 do), a code is negative or not
        whole, or a name is unknown.

    Examples
    --------
    >>> votes = set_votes_from_table([[["cat", "dog"], []], [None, ["dog"]]])
    >>> votes.rows, votes.annotators, votes.member_votes, votes.member_codes
    (array([0, 0, 1]), array([0, 1, 1]), array([0, 0, 2]), array([0, 1, 1]))
    """
    annotators, examples = axis_names(votes)
    cells, shape = _cells(votes)
    answered = np.array([not _is_missing(cell) for cell in cells], dtype=bool)
    places = np.flatnonzero(answered)
    rows, columns = places // max(shape[1], 1), places % max(shape[1], 1)
    sets = [_as_list(cells[place], row) for place, row in zip(places.tolist(), rows.tolist(), strict=True)]
    lengths = np.array([len(each) for each in sets], dtype=np.int64)
    member_votes = np.repeat(np.arange(len(sets)), lengths)
    labels = names_array(tuple(chain.from_iterable(sets)))
    codes, names, is_named = read_codes(labels, rows[member_votes], class_names)
    member_votes, codes = _sorted_members(member_votes, codes, rows)
    return SetVotes(
        rows=rows,
        annotators=columns,
        member_votes=member_votes,
        member_codes=codes,
        n_examples=shape[0],
        annotator_names=tuple(range(shape[1])) if annotators is None else annotators,
        class_names=names,
        has_named_classes=is_named,
        example_names=examples,
    )


def set_votes_from_triples(
    rows: ArrayLike,
    annotators: ArrayLike,
    labels: Sequence[Label] | ArrayLike,
    *,
    answered: ArrayLike | sparse.csr_array[np.bool_, tuple[int, int]],
    class_names: Sequence[Label] | None = None,
) -> SetVotes:
    """
    Read multi-label votes from one line per given label, and a table of who answered which example.

    Parameters
    ----------
    rows : array-like of int, shape (n_lines,)
        The example of each line, 0 to n_examples - 1.
    annotators : array-like of int, shape (n_lines,)
        The annotator of each line, 0 to n_annotators - 1.
    labels : sequence of hashable, length n_lines
        The label given; as for ``set_votes_from_table``.
    answered : array-like of bool or sparse array, shape (n_examples, n_annotators)
        True where the annotator answered, if only with the empty set.
    class_names : sequence of hashable, optional
        The classes; as for ``set_votes_from_table``.

    Returns
    -------
    SetVotes
        The answers, sorted by example, annotator, class.

    Raises
    ------
    InvalidInputError
        If a line stands where nobody answered or stands twice, lengths differ, or labels break their rules.

    Examples
    --------
    >>> votes = set_votes_from_triples([0, 0], [0, 0], [2, 0], answered=[[True, True], [False, True]])
    >>> votes.annotators, votes.member_codes
    (array([0, 1, 1]), array([0, 2]))
    """
    vote_rows, vote_columns, shape = _answers(answered)
    line_rows, line_columns = (
        checked_positions(rows, shape[0], what="rows"),
        checked_positions(annotators, shape[1], what="annotators"),
    )
    values = labels if isinstance(labels, np.ndarray) else names_array(tuple(_iterable(labels)))
    refuse_lengths(rows=line_rows, annotators=line_columns, labels=values)
    keys = vote_rows * max(shape[1], 1) + vote_columns
    wanted = line_rows * max(shape[1], 1) + line_columns
    places = np.searchsorted(keys, wanted)
    known = places < len(keys)
    known[known] = keys[places[known]] == wanted[known]
    refuse_where(
        ~known,
        "Labels must stand where the annotator answered",
        fix="Mark the answer in answered, or leave the label out.",
        place="line",
    )
    codes, names, is_named = read_codes(values, line_rows, class_names)
    member_votes, codes = _sorted_members(places.astype(np.int64), codes, vote_rows)
    return SetVotes(
        rows=vote_rows,
        annotators=vote_columns,
        member_votes=member_votes,
        member_codes=codes,
        n_examples=shape[0],
        annotator_names=tuple(range(shape[1])),
        class_names=names,
        has_named_classes=is_named,
    )


def as_set_votes(votes: SetVotes | SetTable, *, class_names: Sequence[Label] | None) -> SetVotes:
    """
    Read a table of label sets, unless it is read already.

    Parameters
    ----------
    votes : SetVotes, nested sequence, ndarray of object or DataFrame
        As for ``set_votes_from_table``.
    class_names : sequence of hashable or None
        As for ``set_votes_from_table``; must be None with ``SetVotes``, which have their names.

    Returns
    -------
    SetVotes
        The votes.

    Examples
    --------
    >>> as_set_votes([[["cat"], []]], class_names=None).n_annotators
    2
    """
    if isinstance(votes, SetVotes):
        refuse_other_names(class_names)
        return votes
    return set_votes_from_table(votes, class_names=class_names)


def _cells(votes: object) -> tuple[NDArray[np.object_], tuple[int, int]]:
    """Lay a table of sets out as one flat list of cells; NumPy would take sets of equal length for a third axis."""
    table = votes.to_numpy(dtype=object) if hasattr(votes, "to_numpy") else votes
    rows = [list(_iterable(row)) for row in _iterable(table)]
    n_columns = getattr(table, "shape", (0, len(rows[0]) if rows else 0))[1]
    is_bad = np.array([len(row) != n_columns for row in rows], dtype=bool)
    refuse_where(
        is_bad,
        "votes must be a table with one cell per annotator in every row",
        fix="Put None where somebody did not answer.",
        place="row",
    )
    return names_array(tuple(chain.from_iterable(rows))), (len(rows), n_columns)


def _iterable(values: object) -> Iterable[Label]:
    if not isinstance(values, Iterable) or isinstance(values, str | bytes):
        raise InvalidInputError(
            "votes must be a table of label sets, one row per example and one column per annotator; "
            f"got {type(values).__name__} for a row.",
        )
    return values


def _is_missing(cell: object) -> bool:
    if cell is None or type(cell).__name__ == "NAType":  # pandas' own, which cannot be compared
        return True
    return not isinstance(cell, Iterable) and bool(cell != cell)  # noqa: PLR0124  (only NaN differs from itself)


def _as_list(cell: object, row: int) -> list[Label]:
    if isinstance(cell, str | bytes) or not isinstance(cell, Iterable):
        raise InvalidInputError(
            f"Each vote must be a set of labels, or None; got {type(cell).__name__} in row {row:,}.",
            fix="Put single labels into lists, or use votes_from_table.",
        )
    return list(cell)


def _sorted_members(member_votes: IndexArray, codes: CodeArray, rows: IndexArray) -> tuple[IndexArray, CodeArray]:
    order = np.lexsort((codes, member_votes))
    member_votes, codes = member_votes[order], codes[order]
    repeated = np.zeros(len(codes), dtype=bool)
    repeated[1:] = (member_votes[1:] == member_votes[:-1]) & (codes[1:] == codes[:-1])
    refuse_where(
        repeated,
        "A set must hold each label once, and not be a list of 0 and 1",
        fix="Give the set of the classes that apply.",
        place="row",
        where=rows[member_votes],
    )
    missing = codes < 0
    refuse_where(
        missing,
        "Labels in a set must not be missing",
        fix="Leave it out; an empty set is an answer as well.",
        place="row",
        where=rows[member_votes],
    )
    return member_votes, codes


def _answers(
    answered: ArrayLike | sparse.csr_array[np.bool_, tuple[int, int]],
) -> tuple[IndexArray, IndexArray, tuple[int, int]]:
    if isinstance(answered, sparse.sparray):
        entries = answered.tocoo()
        is_true = entries.data != 0
        n_rows, n_columns = (int(size) for size in entries.shape)
        rows, columns = (each[is_true].astype(np.int64) for each in entries.coords)
        cells = np.unique(rows * max(n_columns, 1) + columns)
        return cells // max(n_columns, 1), cells % max(n_columns, 1), (n_rows, n_columns)
    mask = np.asarray(answered)
    if mask.ndim != 2 or mask.dtype != np.bool_:  # noqa: PLR2004  (a table has two axes)
        raise InvalidInputError(
            f"answered must be a table of bool, examples x annotators; got {mask.dtype} of shape {mask.shape}."
        )
    rows, columns = np.nonzero(mask)
    return rows.astype(np.int64), columns.astype(np.int64), mask.shape
