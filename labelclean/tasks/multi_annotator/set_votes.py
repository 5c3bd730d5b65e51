"""Who gave which set of labels to which example: multi-label votes, kept sparse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, freeze_fields

__all__ = ["SetBlock", "SetVotes"]

_BLOCK_CELLS = 1 << 17  # rows x classes of one block; no result depends on it


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SetVotes:
    """
    The label sets several annotators gave: one pair (example, annotator) per answer, one entry per label in it.

    Made by ``set_votes_from_table`` and ``set_votes_from_triples``.

    Attributes
    ----------
    rows : ndarray of int64, shape (n_votes,)
        The example of each answer, ascending; within an example the annotators ascend.
    annotators : ndarray of int64, shape (n_votes,)
        The annotator of each answer, a position in ``annotator_names``.
    member_votes : ndarray of int64, shape (n_members,)
        The answer that each given label belongs to, ascending. An answer may be the empty set.
    member_codes : ndarray of int64, shape (n_members,)
        The class of each given label, a position in ``class_names``; within an answer ascending.
    n_examples : int
        Number of examples, with answers or without.
    annotator_names : tuple of hashable, length n_annotators
        The annotators, with answers or without.
    class_names : tuple of hashable, length n_classes
        The classes.
    has_named_classes : bool
        False if the labels were class codes; then there may be more classes than the answers show.
    example_names : tuple of hashable or None, length n_examples
        The examples, if they have names.
    """

    rows: IndexArray
    annotators: IndexArray
    member_votes: IndexArray
    member_codes: CodeArray
    n_examples: int
    annotator_names: tuple[Label, ...]
    class_names: tuple[Label, ...]
    has_named_classes: bool
    example_names: tuple[Label, ...] | None = None

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_votes(self) -> int:
        """Number of answers."""
        return len(self.rows)

    @property
    def n_annotators(self) -> int:
        """Number of annotators, with answers or without."""
        return len(self.annotator_names)

    def counts_by_row(self) -> IndexArray:
        """Return the number of answers of each example."""
        return np.bincount(self.rows, minlength=self.n_examples)

    def counts_by_annotator(self) -> IndexArray:
        """Return the number of answers of each annotator."""
        return np.bincount(self.annotators, minlength=self.n_annotators)

    def blocks(self, n_classes: int) -> Iterator[SetBlock]:
        """Cut the examples into blocks; one has no fewer rows than there are annotators."""
        n_rows = max(1, _BLOCK_CELLS // max(1, n_classes), self.n_annotators)
        edges = np.append(np.arange(0, self.n_examples, n_rows), self.n_examples)
        vote_edges = np.searchsorted(self.rows, edges)
        member_edges = np.searchsorted(self.member_votes, vote_edges)
        for place in range(len(edges) - 1):
            rows = slice(int(edges[place]), int(edges[place + 1]))
            picks = slice(int(vote_edges[place]), int(vote_edges[place + 1]))
            members = slice(int(member_edges[place]), int(member_edges[place + 1]))
            yield SetBlock(
                rows=rows,
                picks=picks,
                n_classes=n_classes,
                n_annotators=self.n_annotators,
                local_rows=self.rows[picks] - rows.start,
                annotators=self.annotators[picks],
                member_votes=self.member_votes[members] - picks.start,
                member_codes=self.member_codes[members],
            )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SetBlock:
    """
    The answers of some consecutive examples, and sums over them by example and by annotator.

    Attributes
    ----------
    rows, picks : slice
        The examples, and their answers.
    n_classes, n_annotators : int
        Sizes of the tables that the sums fill.
    local_rows, annotators : ndarray of int64, shape (n_block_votes,)
        The example of each answer, counted from the block's first; its annotator.
    member_votes, member_codes : ndarray of int64, shape (n_block_members,)
        The answer of each given label, counted from the block's first; its class.
    """

    rows: slice
    picks: slice
    n_classes: int
    n_annotators: int
    local_rows: IndexArray
    annotators: IndexArray
    member_votes: IndexArray
    member_codes: CodeArray

    @property
    def n_rows(self) -> int:
        """Number of examples in the block."""
        return int(self.rows.stop - self.rows.start)

    def vote_counts(self) -> IndexArray:
        """Return the number of answers of each example."""
        return np.bincount(self.local_rows, minlength=self.n_rows)

    def counts(self) -> IndexArray:
        """Return how many answers of each example hold each class, shape (n_rows, n_classes)."""
        flat = np.bincount(self._member_cells(), minlength=self.n_rows * self.n_classes)
        return flat.reshape(self.n_rows, self.n_classes)

    def at_members(self, cells: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return the value of a table rows x classes where each given label stands."""
        return cells.ravel()[self._member_cells()]

    def by_row(self, table: FloatArray) -> FloatArray:
        """Sum over the annotators of each example; from annotators x classes to rows x classes."""
        return np.asarray(self._incidence() @ table)

    def members_by_row(self, table: FloatArray) -> FloatArray:
        """Sum, for each cell, over the annotators whose answer holds the class."""
        values = table[self.annotators[self.member_votes], self.member_codes]
        flat = np.bincount(self._member_cells(), weights=values, minlength=self.n_rows * self.n_classes)
        return np.asarray(flat.reshape(self.n_rows, self.n_classes), dtype=np.float64)

    def by_annotator(self, absent: NDArray[np.generic], present: NDArray[np.generic]) -> FloatArray:
        """Sum over each annotator's answers: ``present`` for the labels given, ``absent`` for the others."""
        everywhere = np.asarray(self._incidence().T @ absent.astype(np.float64))
        difference = self.at_members(present.astype(np.float64) - absent.astype(np.float64))
        cells = self.annotators[self.member_votes] * self.n_classes + self.member_codes
        flat = np.bincount(cells, weights=difference, minlength=everywhere.size)
        return np.asarray(everywhere + flat.reshape(everywhere.shape))

    def by_vote(self, absent: FloatArray, present: FloatArray) -> FloatArray:
        """Spread a pair of tables over the answers: ``present`` for the labels given, ``absent`` for the others."""
        table: FloatArray = absent[self.local_rows]
        table[self.member_votes, self.member_codes] = self.at_members(present)
        return table

    def _member_cells(self) -> IndexArray:
        return self.local_rows[self.member_votes] * self.n_classes + self.member_codes

    def _incidence(self) -> sparse.csr_array[np.float64, tuple[int, int]]:
        """Return who answered which example, 1 or 0, shape (n_rows, n_annotators)."""
        starts = np.concatenate([[0], np.cumsum(self.vote_counts())])
        ones = np.ones(len(self.annotators))
        return sparse.csr_array((ones, self.annotators, starts), shape=(self.n_rows, self.n_annotators))
