"""Who gave which label to which example: the votes, kept as sparse triples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labelclean.arrays import CodeArray, IndexArray
from labelclean.tasks.multi_annotator.answers import AnswerBlock, Answers
from labelclean.tasks.multi_annotator.names import as_frame, name_column
from labelclean.tasks.multi_annotator.positions import refuse_lengths

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["VoteBlock", "Votes"]

_BLOCK_CELLS = 1 << 16  # rows x classes of one block, about a processor's own cache; no result depends on it


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Votes(Answers):
    """
    The labels several annotators gave, one triple (example, annotator, class) per label.

    Made by ``votes_from_table`` and ``votes_from_long``, or by hand: triples that are unsorted or out of range are
    refused. Costs memory by votes, not by cells of the table.

    Attributes
    ----------
    rows, annotators : ndarray of int64, shape (n_votes,)
        The example and the annotator of each vote; these and all other attributes as in ``Answers``.
    codes : ndarray of int64, shape (n_votes,)
        The class of each vote, a position in ``class_names``.
    """

    codes: CodeArray

    def __post_init__(self) -> None:
        """Refuse broken triples; the caller's arrays stay writable."""
        Answers.__post_init__(self)
        self._keep_positions("codes", self.n_classes)
        refuse_lengths(rows=self.rows, codes=self.codes)

    def blocks(self, n_classes: int) -> Iterator[VoteBlock]:
        """Cut the examples into blocks of consecutive ones."""
        for cut in self.cuts(max(1, _BLOCK_CELLS // max(1, n_classes))):
            yield VoteBlock(
                rows=cut.rows,
                picks=cut.picks,
                local_rows=cut.local_rows,
                annotators=cut.annotators,
                codes=self.codes[cut.picks],
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
class VoteBlock(AnswerBlock):
    """
    The votes of some consecutive examples.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_block_votes,)
        The class of each vote.
    """

    codes: CodeArray

    def cells(self, n_classes: int) -> IndexArray:
        """Return each vote's position in the block's table examples x classes, laid out row by row."""
        return self.local_rows * n_classes + self.codes
