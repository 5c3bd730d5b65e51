"""Sentences of tokens become one table of rows, checked on the way, and rows find their way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import CodeArray, IndexArray, Label, ProbMatrix, freeze_fields
from labelclean.core.checks import PROBABILITY_TOLERANCE
from labelclean.core.chunks import row_chunks
from labelclean.errors import InvalidInputError

__all__ = [
    "FlatTokens",
    "TokenLabels",
    "TokenProbs",
    "flatten_labels",
    "flatten_probs",
    "flatten_sentences",
    "places_of_rows",
]

TokenLabels: TypeAlias = Sequence[Sequence[Label] | NDArray[np.generic]]
"""One sequence of labels per sentence."""

TokenProbs: TypeAlias = Sequence[ArrayLike]
"""One table of probabilities per sentence, shape (n_tokens, n_classes)."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class FlatTokens:
    """
    All tokens of all sentences in one table, in order.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_tokens,)
        Given class codes.
    pred_probs : ndarray of float32 or float64, shape (n_tokens, n_classes)
        Held-out probabilities, 0 to 1.
    offsets : ndarray of int64, shape (n_sentences + 1,)
        Sentence i has the rows ``offsets[i]`` to ``offsets[i + 1]``, end exclusive.
    class_names : tuple of hashable, length n_classes
        The classes as the user spells them.
    """

    labels: CodeArray
    pred_probs: ProbMatrix
    offsets: IndexArray
    class_names: tuple[Label, ...]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def places(self, rows: IndexArray) -> tuple[IndexArray, IndexArray]:
        """Return the sentence of each row, and its place in the sentence."""
        return places_of_rows(self.offsets, rows)


def places_of_rows(offsets: IndexArray, rows: IndexArray) -> tuple[IndexArray, IndexArray]:
    """
    Return the sentence of each row, and its place in the sentence.

    Parameters
    ----------
    offsets : ndarray of int64, shape (n_sentences + 1,)
        Sentence i has the rows ``offsets[i]`` to ``offsets[i + 1]``, end exclusive.
    rows : ndarray of int64
        Rows of the table of all tokens.

    Returns
    -------
    sentences, places : ndarray of int64
        One each per row, from 0.

    Examples
    --------
    >>> places_of_rows(np.array([0, 1, 1, 3]), np.array([0, 2]))
    (array([0, 2]), array([0, 1]))
    """
    sentences = np.searchsorted(offsets, rows, side="right").astype(np.int64) - 1
    return sentences, rows - offsets[sentences]


def flatten_sentences(
    labels: TokenLabels, pred_probs: TokenProbs, *, class_names: Sequence[Label] | None = None
) -> FlatTokens:
    """
    Put the tokens of all sentences below each other, and refuse what the formulas cannot be applied to.

    Parameters
    ----------
    labels : sequence of sequences, length n_sentences
        Labels of the tokens of each sentence: class codes 0 to n_classes - 1 or, with ``class_names``, names. A
        sentence may be empty.
    pred_probs : sequence of array-likes of float, length n_sentences
        For each sentence a table of shape (n_tokens, n_classes), 0 to 1 (rounding of 1e-6 is tolerated).
    class_names : sequence of hashable, length n_classes, optional
        Name of each column of the probabilities. Whole numbers among the labels are codes, unless a name is a number.

    Returns
    -------
    FlatTokens
        Float32 if all tables are, else float64. Without any token there are as many classes as names, or one.

    Raises
    ------
    InvalidInputError
        If shapes, types or values break these rules; the message counts the bad places and names the first.

    Examples
    --------
    >>> flat = flatten_sentences([["O"], [], ["X", "O"]], [[[1, 0]], [], [[0, 1], [1, 0]]], class_names=["O", "X"])
    >>> flat.labels, flat.offsets
    (array([0, 1, 0]), array([0, 1, 1, 3]))
    """
    lengths = [len(sentence) for sentence in labels]
    n_names = None if class_names is None else len(class_names)
    probs, offsets = flatten_probs(pred_probs, n_names=n_names, lengths=lengths)
    names = tuple(range(probs.shape[1])) if class_names is None else tuple(class_names)
    codes, offsets = flatten_labels(labels, names)
    return FlatTokens(labels=codes, pred_probs=probs, offsets=offsets, class_names=names)


def flatten_labels(labels: TokenLabels, class_names: Sequence[Label]) -> tuple[CodeArray, IndexArray]:
    """
    Put the labels of all sentences below each other; see ``flatten_sentences``.

    Parameters
    ----------
    labels : sequence of sequences, length n_sentences
        Class codes or names.
    class_names : sequence of hashable, length n_classes
        The classes. Whole numbers among the labels are codes, unless a name is a number.

    Returns
    -------
    codes : ndarray of int64, shape (n_tokens,)
        Class codes of all tokens.
    offsets : ndarray of int64, shape (n_sentences + 1,)
        Sentence i has the rows ``offsets[i]`` to ``offsets[i + 1]``, end exclusive.

    Raises
    ------
    InvalidInputError
        If a label is no class, or names are given twice.

    Examples
    --------
    >>> flatten_labels([["O"], [], ["X", "O"]], ["O", "X"])
    (array([0, 1, 0]), array([0, 1, 1, 3]))
    """
    offsets = _offsets([len(sentence) for sentence in labels])
    return _flat_codes(labels, tuple(class_names), offsets), offsets


def flatten_probs(
    pred_probs: TokenProbs, *, n_names: int | None = None, lengths: Sequence[int] | None = None
) -> tuple[ProbMatrix, IndexArray]:
    """
    Put the probabilities of all sentences below each other; see ``flatten_sentences``.

    Parameters
    ----------
    pred_probs : sequence of array-likes of float, length n_sentences
        One table per sentence.
    n_names : int, optional
        Number of class names, if there are any.
    lengths : sequence of int, length n_sentences, optional
        Number of labels of each sentence, if there are any.

    Returns
    -------
    pred_probs : ndarray of float32 or float64, shape (n_tokens, n_classes)
        The probabilities of all tokens.
    offsets : ndarray of int64, shape (n_sentences + 1,)
        Sentence i has the rows ``offsets[i]`` to ``offsets[i + 1]``, end exclusive.

    Raises
    ------
    InvalidInputError
        If shapes, types or values do not fit.

    Examples
    --------
    >>> flatten_probs([[[0.25, 0.75]], []])
    (array([[0.25, 0.75]]), array([0, 1, 1]))
    """
    tables = [_as_table(table, sentence) for sentence, table in enumerate(pred_probs)]
    if lengths is not None:
        _check_lengths([len(table) for table in tables], lengths)
    full = [table for table in tables if len(table)]
    n_classes = full[0].shape[1] if full else n_names or 1
    _check_widths(tables, n_classes)
    if n_names is not None and n_names != n_classes:
        raise InvalidInputError(
            f"class_names must name each of the {n_classes:,} columns of pred_probs; got {n_names:,} names."
        )
    offsets = _offsets([len(table) for table in tables])
    flat: NDArray[np.generic] = np.concatenate(full) if full else np.empty((0, n_classes))
    if flat.dtype.kind not in "fiub":
        raise InvalidInputError(f"pred_probs must hold numbers; got values of type {flat.dtype}.")
    probs: ProbMatrix = (
        flat.astype(np.float32, copy=False) if flat.dtype == np.float32 else flat.astype(np.float64, copy=False)
    )
    _check_values(probs, offsets)
    return probs, offsets


def _offsets(lengths: Sequence[int]) -> IndexArray:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.array(lengths, dtype=np.int64))])


def _as_table(table: ArrayLike, sentence: int) -> NDArray[np.generic]:
    try:
        array: NDArray[np.generic] = np.asarray(table)
    except ValueError as error:
        raise InvalidInputError(
            f"pred_probs must be a table for each sentence; got rows of different lengths in sentence {sentence:,}."
        ) from error
    if array.ndim == 2 or array.shape == (0,):  # noqa: PLR2004  (a table has two axes)
        return array
    raise InvalidInputError(
        f"pred_probs must be a table for each sentence; got shape {array.shape} in sentence {sentence:,}.",
        fix="Give one row per token and one column per class.",
    )


def _check_lengths(found: list[int], wanted: Sequence[int]) -> None:
    if len(found) != len(wanted):
        raise InvalidInputError(
            f"pred_probs must have one table for each of the {len(wanted):,} sentences; got {len(found):,}."
        )
    bad = np.flatnonzero(np.array(found, dtype=np.int64) != np.array(wanted, dtype=np.int64))
    if bad.size:
        raise InvalidInputError(
            f"pred_probs must have one row for each label of a sentence; got {found[bad[0]]:,} rows for "
            f"{wanted[bad[0]]:,} labels in sentence {bad[0]:,} ({bad.size:,} such sentences).",
            fix="Recompute them on the same tokens; a model's sub-word pieces must be joined to one row per token.",
        )


def _check_widths(tables: list[NDArray[np.generic]], n_classes: int) -> None:
    bad = [sentence for sentence, table in enumerate(tables) if len(table) and table.shape[1] != n_classes]
    if bad or n_classes == 0:
        first = bad[0] if bad else 0
        raise InvalidInputError(
            f"pred_probs must have the same columns, at least one, in every sentence; got shape {tables[first].shape} "
            f"in sentence {first:,} beside {n_classes:,} columns ({len(bad):,} such sentences)."
        )


def _check_values(probs: ProbMatrix, offsets: IndexArray) -> None:
    is_bad = np.zeros(len(probs), dtype=np.bool_)
    for rows in row_chunks(probs):
        low, high = probs[rows].min(axis=1), probs[rows].max(axis=1)
        # A NaN makes both comparisons false, so it is caught with the values out of range.
        is_bad[rows] = ~((low >= -PROBABILITY_TOLERANCE) & (high <= 1 + PROBABILITY_TOLERANCE))
    bad = np.flatnonzero(is_bad)
    if bad.size:
        raise InvalidInputError(
            f"pred_probs must be numbers from 0 to 1; got NaN, infinite, negative or larger values for {bad.size:,} "
            f"tokens, first {_place(offsets, int(bad[0]))}.",
            fix="Recompute the probabilities of these tokens.",
        )


def _flat_codes(labels: TokenLabels, names: tuple[Label, ...], offsets: IndexArray) -> CodeArray:
    n_tokens = int(offsets[-1])
    if n_tokens == 0:
        return np.empty(0, dtype=np.int64)
    numbers_are_codes = names == tuple(range(len(names))) or not any(isinstance(name, int | float) for name in names)
    numbers = _as_numbers(labels) if numbers_are_codes else None
    codes = _codes_of_names(labels, names, n_tokens) if numbers is None else numbers
    bad = np.flatnonzero((codes < 0) | (codes >= len(names)))
    if bad.size:
        raise InvalidInputError(
            f"labels must be class names, or codes from 0 to {len(names) - 1:,}, one for each column of pred_probs; "
            f"got something else for {bad.size:,} tokens, first {_place(offsets, int(bad[0]))}.",
            fix="Give the names of all classes as class_names, in the order of the columns.",
        )
    return codes


def _as_numbers(labels: TokenLabels) -> CodeArray | None:
    """Return the labels if all are whole numbers; True and False are not."""
    if all(isinstance(sentence, np.ndarray) for sentence in labels):
        flat = np.concatenate([np.asarray(sentence) for sentence in labels if len(sentence)])
        return flat.astype(np.int64) if flat.ndim == 1 and flat.dtype.kind in "iu" else None
    values = list(chain.from_iterable(labels))
    if all(kind is int or issubclass(kind, np.integer) for kind in set(map(type, values))):
        return np.array(values, dtype=np.int64)
    return None


def _codes_of_names(labels: TokenLabels, names: tuple[Label, ...], n_tokens: int) -> CodeArray:
    """Return the position of each label among the names; -1 where it is none of them."""
    try:
        code_of_name = {name: code for code, name in enumerate(names)}
        found = (code_of_name.get(label, -1) for label in chain.from_iterable(labels))
        codes = np.fromiter(found, dtype=np.int64, count=n_tokens)
    except TypeError as error:
        raise InvalidInputError("labels and class_names must be hashable values such as text or numbers.") from error
    if len(code_of_name) != len(names):
        raise InvalidInputError(
            f"class_names must all differ; got {len(names):,} names of which {len(code_of_name):,} are different."
        )
    return codes


def _place(offsets: IndexArray, row: int) -> str:
    sentences, tokens = places_of_rows(offsets, np.array([row]))
    return f"in sentence {sentences[0]:,}, token {tokens[0]:,}"
