"""Who gave which set of labels to which example: multi-label votes, kept sparse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import CodeArray, FloatArray, IndexArray
from labelclean.tasks.multi_annotator.answers import AnswerBlock, Answers
from labelclean.tasks.multi_annotator.positions import refuse_disorder, refuse_lengths

__all__ = ["SetBlock", "SetVotes"]

_BLOCK_CELLS = 1 << 17  # rows x classes of one block; no result depends on it


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SetVotes(Answers):
    """
    The label sets several annotators gave: one pair (example, annotator) per answer, one entry per label in it.

    Made by ``set_votes_from_table`` and ``set_votes_from_triples``, or by hand: entries that are unsorted or out of
    range are refused.

    Attributes
    ----------
    rows, annotators : ndarray of int64, shape (n_votes,)
        The example and the annotator of each answer; these and all other attributes as in ``Answers``.
    member_votes : ndarray of int64, shape (n_members,)
        The answer that each given label belongs to, ascending. An answer may be the empty set.
    member_codes : ndarray of int64, shape (n_members,)
        The class of each given label, a position in ``class_names``; within an answer ascending.
    """

    member_votes: IndexArray
    member_codes: CodeArray

    def __post_init__(self) -> None:
        """Refuse broken entries; the caller's arrays stay writable."""
        Answers.__post_init__(self)
        self._keep_positions("member_votes", self.n_votes)
        self._keep_positions("member_codes", self.n_classes)
        refuse_lengths(member_votes=self.member_votes, member_codes=self.member_codes)
        refuse_disorder(self.member_votes, self.member_codes, "Labels must be sorted by answer, then class")

    def blocks(self, n_classes: int) -> Iterator[SetBlock]:
        """Cut the examples into blocks; one has no fewer rows than there are annotators."""
        for cut in self.cuts(max(1, _BLOCK_CELLS // max(1, n_classes), self.n_annotators)):
            first, last = np.searchsorted(self.member_votes, [cut.picks.start, cut.picks.stop]).tolist()
            yield SetBlock(
                rows=cut.rows,
                picks=cut.picks,
                local_rows=cut.local_rows,
                annotators=cut.annotators,
                n_classes=n_classes,
                n_annotators=self.n_annotators,
                member_votes=self.member_votes[first:last] - cut.picks.start,
                member_codes=self.member_codes[first:last],
            )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SetBlock(AnswerBlock):
    """
    The answers of some consecutive examples, and sums over them by example and by annotator.

    Attributes
    ----------
    n_classes, n_annotators : int
        Sizes of the tables that the sums fill.
    member_votes, member_codes : ndarray of int64, shape (n_block_members,)
        The answer of each given label, counted from the block's first; its class.
    """

    n_classes: int
    n_annotators: int
    member_votes: IndexArray
    member_codes: CodeArray

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
