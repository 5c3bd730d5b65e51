"""Votes as users have them, a table or a long list, are read and checked here, once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray, Label
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator.label_codes import axis_names, read_codes, refuse_other_names
from labelclean.tasks.multi_annotator.names import encode_names, names_array, ordered_names, plain_list
from labelclean.tasks.multi_annotator.positions import refuse_lengths
from labelclean.tasks.multi_annotator.votes import Votes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["VoteTable", "as_votes", "votes_from_long", "votes_from_table"]

VoteTable: TypeAlias = "ArrayLike | Sequence[Sequence[Label]] | pd.DataFrame"
"""A table of labels, one row per example and one column per annotator."""


def votes_from_table(votes: VoteTable, *, class_names: Sequence[Label] | None = None) -> Votes:
    """
    Read votes from a table with one row per example and one column per annotator.

    Parameters
    ----------
    votes : array-like or DataFrame, shape (n_examples, n_annotators)
        The label each annotator gave each example. No label is -1 among class codes, and NaN, None or blank text
        among values of any kind. Examples and annotators without any label are allowed. The columns of a DataFrame
        name the annotators; its index, unless it just counts, names the examples.
    class_names : sequence of hashable, optional
        The classes, in the order of the columns of the probabilities. With it the table holds such names; -1 is then
        only "no label" if it is no name. Without it, numbers are class codes (0, 1, ...), and other values are names,
        in the order in which a dataset has its classes: by their text.

    Returns
    -------
    Votes
        The votes, sorted by example, then annotator.

    Raises
    ------
    InvalidInputError
        If this is not a table, a code is negative or not whole, or a name is not among ``class_names``.

    Examples
    --------
    >>> votes_from_table([[0, -1, 1], [1, 1, -1]]).codes
    array([0, 1, 1, 1])
    >>> votes_from_table([["cat", None], ["dog", "cat"]]).class_names
    ('cat', 'dog')
    """
    annotators, examples = axis_names(votes)
    cells = _as_cells(votes)
    places = np.flatnonzero(_given_cells(cells, class_names))  # half the time of nonzero in two dimensions
    rows, columns = np.divmod(places, max(cells.shape[1], 1))
    labels = cells[rows, columns]
    codes, names, is_named = read_codes(labels, rows, class_names)
    kept = codes != UNLABELLED  # blank text turns out to be no label only here
    return Votes(
        rows=rows[kept],
        annotators=columns[kept],
        codes=codes[kept],
        n_examples=cells.shape[0],
        annotator_names=tuple(range(cells.shape[1])) if annotators is None else annotators,
        class_names=names,
        has_named_classes=is_named,
        example_names=examples,
    )


def votes_from_long(
    examples: Sequence[Label] | ArrayLike,
    annotators: Sequence[Label] | ArrayLike,
    labels: Sequence[Label] | ArrayLike,
    *,
    class_names: Sequence[Label] | None = None,
    example_names: Sequence[Label] | None = None,
    annotator_names: Sequence[Label] | None = None,
) -> Votes:
    """
    Read votes from a long list with one line per vote.

    Parameters
    ----------
    examples : sequence of hashable, length n_lines
        The example of each line.
    annotators : sequence of hashable, length n_lines
        The annotator of each line.
    labels : sequence of hashable, length n_lines
        The label given; -1 among class codes, None, NaN and blank text stand for none, and the line only says that
        there is such an example and such an annotator.
    class_names : sequence of hashable, optional
        The classes; as for ``votes_from_table``.
    example_names : sequence of hashable, optional
        All examples, in the order of the rows of the probabilities. Without it, those found, numbers by value, then
        others by their text.
    annotator_names : sequence of hashable, optional
        All annotators; without it, those found, in that same order.

    Returns
    -------
    Votes
        The votes, sorted by example, then annotator. The same vote given twice counts once.

    Raises
    ------
    InvalidInputError
        If lengths differ, an example or annotator is missing, a name is unknown, or an annotator gave one example
        two different labels.

    Examples
    --------
    >>> votes = votes_from_long(["a", "b", "a"], ["ann", "ann", "bob"], [1, 0, 1])
    >>> votes.rows, votes.annotators, votes.codes
    (array([0, 0, 1]), array([0, 1, 0]), array([1, 1, 0]))
    """
    values = _one_dimensional(labels)
    of_lines, by_lines = plain_list(examples), plain_list(annotators)
    refuse_lengths(examples=of_lines, annotators=by_lines, labels=values)
    lines = np.arange(len(values), dtype=np.int64)
    all_examples = ordered_names(of_lines) if example_names is None else tuple(example_names)
    all_annotators = ordered_names(by_lines) if annotator_names is None else tuple(annotator_names)
    rows = _encode_all(of_lines, all_examples, "examples", lines)
    columns = _encode_all(by_lines, all_annotators, "annotators", lines)
    given = np.flatnonzero(_given_cells(values, class_names))
    codes, names, is_named = read_codes(values[given], given, class_names)
    kept = codes != UNLABELLED
    lines, codes = given[kept], codes[kept]
    order = _sorted_once(rows[lines], columns[lines], codes, len(all_annotators), lines)
    return Votes(
        rows=rows[lines][order],
        annotators=columns[lines][order],
        codes=codes[order],
        n_examples=len(all_examples),
        annotator_names=all_annotators,
        class_names=names,
        has_named_classes=is_named,
        example_names=all_examples,
    )


def as_votes(votes: Votes | VoteTable, *, class_names: Sequence[Label] | None) -> Votes:
    """
    Read a table, unless the votes are read already.

    Parameters
    ----------
    votes : Votes, array-like or DataFrame
        As for ``votes_from_table``.
    class_names : sequence of hashable or None
        As for ``votes_from_table``; must be None with ``Votes``, which have their names.

    Returns
    -------
    Votes
        The votes.

    Examples
    --------
    >>> as_votes([[0, 1]], class_names=None).n_annotators
    2
    """
    if isinstance(votes, Votes):
        refuse_other_names(class_names)
        return votes
    return votes_from_table(votes, class_names=class_names)


def _as_cells(votes: VoteTable) -> NDArray[np.generic]:
    try:
        cells = np.asarray(votes)
        if cells.dtype.kind in "USV" and not isinstance(votes, np.ndarray):
            cells = np.asarray(votes, dtype=object)  # so that a NaN among text stays a NaN and 1 stays a number
    except ValueError as error:
        raise InvalidInputError("votes must be a table with rows of the same length; got rows of several.") from error
    if cells.ndim != 2:  # noqa: PLR2004  (a table has two axes)
        raise InvalidInputError(
            f"votes must be a table, one row per example and one column per annotator; got shape {cells.shape}.",
            fix="Use votes_from_long for a list of (example, annotator, label).",
        )
    return cells


def _one_dimensional(labels: object) -> NDArray[np.generic]:
    if isinstance(labels, np.ndarray) and labels.ndim == 1:
        return labels
    return names_array(tuple(plain_list(labels)))


def _given_cells(cells: NDArray[np.generic], class_names: Sequence[Label] | None) -> NDArray[np.bool_]:
    """Tell where a label stands; blank text is sorted out later, among the few cells left."""
    if cells.dtype.kind == "f":
        return np.asarray(cells == cells)  # noqa: PLR0124  (only NaN differs from itself)
    if cells.dtype.kind in "iu":
        is_name = class_names is not None and -1 in class_names
        return np.ones(cells.shape, dtype=bool) if is_name else np.asarray(cells != UNLABELLED)
    if cells.dtype.kind != "O":
        return np.ones(cells.shape, dtype=bool)
    import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

    return np.asarray(~pd.isna(cells))


def _encode_all(values: list[Label], names: tuple[Label, ...], what: str, lines: IndexArray) -> IndexArray:
    codes = encode_names(values, names, what=what, where=lines)
    bad = np.flatnonzero(codes == UNLABELLED)
    if bad.size:
        raise InvalidInputError(
            f"{what} must be named in every line; got {bad.size:,} missing names, first in line {bad[0]:,}.",
            fix="Leave out these lines, or name them.",
        )
    return codes


def _sorted_once(
    rows: IndexArray, columns: IndexArray, codes: CodeArray, n_annotators: int, lines: IndexArray
) -> IndexArray:
    """Order the votes by example and annotator, each pair once."""
    pairs = rows * max(n_annotators, 1) + columns
    order = np.argsort(pairs, kind="stable")
    repeated = pairs[order][1:] == pairs[order][:-1]
    differs = np.flatnonzero(repeated & (codes[order][1:] != codes[order][:-1]))
    if differs.size:
        first = int(lines[order][1:][differs].min())
        raise InvalidInputError(
            f"An annotator must give an example one label; got another one in {differs.size:,} lines, "
            f"first in line {first:,}.",
            fix="Keep the label that counts.",
        )
    is_first = np.concatenate([np.ones(min(len(order), 1), dtype=bool), ~repeated])
    return np.asarray(order[is_first], dtype=np.int64)
