"""Who gave which label to which example: the votes, kept as sparse triples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labelclean.arrays import CodeArray, IndexArray, Label, freeze_fields
from labelclean.tasks.multi_annotator.names import as_frame, name_column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["VoteBlock", "Votes"]

_BLOCK_CELLS = 1 << 16  # rows x classes of one block, about a processor's own cache; no result depends on it


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Votes:
    """
    The labels several annotators gave, one triple (example, annotator, class) per label.

    Made by ``votes_from_table`` and ``votes_from_long``; costs memory by votes, not by cells of the table.

    Attributes
    ----------
    rows : ndarray of int64, shape (n_votes,)
        The example of each vote, ascending; within an example the annotators ascend.
    annotators : ndarray of int64, shape (n_votes,)
        The annotator of each vote, a position in ``annotator_names``.
    codes : ndarray of int64, shape (n_votes,)
        The class of each vote, a position in ``class_names``.
    n_examples : int
        Number of examples, with votes or without.
    annotator_names : tuple of hashable, length n_annotators
        The annotators, with votes or without.
    class_names : tuple of hashable, length n_classes
        The classes.
    has_named_classes : bool
        False if the votes were class codes; then there may be more classes than the votes show.
    example_names : tuple of hashable or None, length n_examples
        The examples, if they have names.
    """

    rows: IndexArray
    annotators: IndexArray
    codes: CodeArray
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
        """Number of labels given."""
        return len(self.rows)

    @property
    def n_annotators(self) -> int:
        """Number of annotators, with votes or without."""
        return len(self.annotator_names)

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    def counts_by_row(self) -> IndexArray:
        """Return the number of votes of each example."""
        return np.bincount(self.rows, minlength=self.n_examples)

    def counts_by_annotator(self) -> IndexArray:
        """Return the number of votes of each annotator."""
        return np.bincount(self.annotators, minlength=self.n_annotators)

    def blocks(self, n_classes: int) -> Iterator[VoteBlock]:
        """Cut the examples into blocks of consecutive ones."""
        n_rows = max(1, _BLOCK_CELLS // max(1, n_classes))
        starts = np.append(np.arange(0, self.n_examples, n_rows), self.n_examples)
        bounds = np.searchsorted(self.rows, starts).tolist()
        edges = starts.tolist()
        for place in range(len(edges) - 1):
            rows, picks = slice(edges[place], edges[place + 1]), slice(bounds[place], bounds[place + 1])
            yield VoteBlock(
                rows=rows,
                picks=picks,
                local_rows=self.rows[picks] - rows.start,
                annotators=self.annotators[picks],
                codes=self.codes[picks],
            )

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per vote.

        Returns
        -------
        DataFrame
            Columns ``example`` (its name, or its row), ``annotator``, ``label``.
        """
        return as_frame(
            {
                "example": name_column(self.example_names, self.rows),
                "annotator": name_column(self.annotator_names, self.annotators),
                "label": name_column(self.class_names, self.codes),
            }
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class VoteBlock:
    """
    The votes of some consecutive examples.

    Attributes
    ----------
    rows : slice
        The examples.
    picks : slice
        Their votes.
    local_rows : ndarray of int64, shape (n_block_votes,)
        The example of each vote, counted from the block's first.
    annotators, codes : ndarray of int64, shape (n_block_votes,)
        As in ``Votes``.
    """

    rows: slice
    picks: slice
    local_rows: IndexArray
    annotators: IndexArray
    codes: CodeArray

    @property
    def n_rows(self) -> int:
        """Number of examples in the block."""
        return int(self.rows.stop - self.rows.start)

    def cells(self, n_classes: int) -> IndexArray:
        """Return each vote's position in the block's table examples x classes, laid out row by row."""
        return self.local_rows * n_classes + self.codes
