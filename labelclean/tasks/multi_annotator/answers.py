"""Who answered which example: what votes for one label and votes for label sets have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import FloatArray, IndexArray, Label
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator.positions import checked_positions, refuse_disorder, refuse_lengths

__all__ = ["AnswerBlock", "Answers"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Answers:
    """
    One pair (example, annotator) per answer, whatever was answered.

    Attributes
    ----------
    rows : ndarray of int64, shape (n_votes,)
        The example of each answer, ascending; within an example the annotators ascend.
    annotators : ndarray of int64, shape (n_votes,)
        The annotator of each answer, a position in ``annotator_names``.
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
    n_examples: int
    annotator_names: tuple[Label, ...]
    class_names: tuple[Label, ...]
    has_named_classes: bool
    example_names: tuple[Label, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what is out of range or out of order; the caller's arrays stay writable."""
        self._keep_positions("rows", self.n_examples)
        self._keep_positions("annotators", self.n_annotators)
        refuse_lengths(rows=self.rows, annotators=self.annotators)
        refuse_disorder(self.rows, self.annotators, "Votes must be sorted by example, then annotator")
        if self.example_names is not None and len(self.example_names) != self.n_examples:
            raise InvalidInputError(
                f"example_names must name each of the {self.n_examples:,} examples; got {len(self.example_names):,}.",
                fix="Give one name per example, or none at all.",
            )

    def _keep_positions(self, field: str, limit: int) -> None:
        """Put a read-only view, checked, in the place of an array."""
        object.__setattr__(self, field, checked_positions(getattr(self, field), limit, what=field))

    @property
    def n_votes(self) -> int:
        """Number of answers."""
        return len(self.rows)

    @property
    def n_annotators(self) -> int:
        """Number of annotators, with answers or without."""
        return len(self.annotator_names)

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    def counts_by_row(self) -> IndexArray:
        """Return the number of answers of each example."""
        return np.bincount(self.rows, minlength=self.n_examples)

    def counts_by_annotator(self) -> IndexArray:
        """Return the number of answers of each annotator."""
        return np.bincount(self.annotators, minlength=self.n_annotators)

    def spread(self, values: FloatArray) -> FloatArray:
        """Lay one value per answer out as a table examples x annotators; NaN where there is no answer."""
        table = np.full((self.n_examples, self.n_annotators), np.nan)
        table[self.rows, self.annotators] = values
        return table

    def cuts(self, n_rows: int) -> Iterator[AnswerBlock]:
        """Cut the examples into blocks of consecutive ones."""
        starts = np.append(np.arange(0, self.n_examples, n_rows), self.n_examples)
        bounds = np.searchsorted(self.rows, starts).tolist()
        edges = starts.tolist()
        for place in range(len(edges) - 1):
            rows, picks = slice(edges[place], edges[place + 1]), slice(bounds[place], bounds[place + 1])
            yield AnswerBlock(
                rows=rows, picks=picks, local_rows=self.rows[picks] - rows.start, annotators=self.annotators[picks]
            )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class AnswerBlock:
    """
    The answers of some consecutive examples.

    Attributes
    ----------
    rows : slice
        The examples.
    picks : slice
        Their answers.
    local_rows : ndarray of int64, shape (n_block_votes,)
        The example of each answer, counted from the block's first.
    annotators : ndarray of int64, shape (n_block_votes,)
        The annotator of each answer.
    """

    rows: slice
    picks: slice
    local_rows: IndexArray
    annotators: IndexArray

    @property
    def n_rows(self) -> int:
        """Number of examples in the block."""
        return int(self.rows.stop - self.rows.start)
