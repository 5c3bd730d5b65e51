"""What a filter can ask about the rows: of the run that ranked them, and beyond it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, MaskArray, ProbMatrix
from labelclean.review.copy_groups import CopyGroups
from labelclean.review.text_search import FoldedTexts

__all__ = ["QueueSources", "ReviewedRun", "TextSources"]


class ReviewedRun(Protocol):
    """What reviewing needs of an audit's result; both the result itself and its stored form have it."""

    @property
    def class_names(self) -> tuple[Label, ...]:
        """The classes as the user spells them."""

    @property
    def labels(self) -> CodeArray:
        """Given class codes; -1 where no label was given."""

    @property
    def suggested_labels(self) -> CodeArray:
        """Most likely class codes."""

    @property
    def label_quality_scores(self) -> FloatArray:
        """Held-out probability of the given label; NaN for unlabelled rows."""

    @property
    def error_probabilities(self) -> FloatArray:
        """Estimated P(given label is wrong); NaN for unlabelled rows."""

    @property
    def is_issue(self) -> MaskArray:
        """True where the label is flagged."""

    @property
    def ranked_rows(self) -> IndexArray:
        """Row positions, most suspect first."""

    @property
    def likely_labels(self) -> CodeArray:
        """The most likely classes of each row, best first."""

    @property
    def likely_probs(self) -> ProbMatrix:
        """Their held-out probabilities."""


class QueueSources(Protocol):
    """What a filter can ask about the rows beyond the run and the decisions."""

    def rows_containing(self, text: str, rows: IndexArray | None = None) -> MaskArray:
        """Return for each of some rows, or of all, whether its text contains this one, whatever the case."""

    def rows_with(self, column: str, value: str) -> IndexArray:
        """Return the rows with a value in another column of the file, as it stands there."""

    def rows_with_problem(self, problem: str) -> IndexArray:
        """Return the rows with a problem of the data, worst first."""

    def remark_on(self, problem: str, row: int) -> str:
        """Return why a row has a problem of the data, in one sentence; empty where it has not."""

    def copies(self) -> CopyGroups:
        """Return the groups of near-copies, however long it takes to find them."""

    @property
    def copies_at_hand(self) -> CopyGroups | None:
        """The same where they need not be looked for first, else None."""

    def group_of(self, row: int) -> IndexArray:
        """Return the rows of a row's group, itself included; only itself where it stands alone or nobody knows yet."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TextSources:
    """Sources with nothing but the texts: what needs more finds no row."""

    folded_texts: FoldedTexts

    def rows_containing(self, text: str, rows: IndexArray | None = None) -> MaskArray:
        """Return for each of some rows, or of all, whether its text contains this one."""
        return self.folded_texts.containing(text, rows)

    def rows_with(self, column: str, value: str) -> IndexArray:  # noqa: ARG002  (the signature of the protocol)
        """Return no row."""
        return np.empty(0, dtype=np.int64)

    def rows_with_problem(self, problem: str) -> IndexArray:  # noqa: ARG002  (likewise)
        """Return no row."""
        return np.empty(0, dtype=np.int64)

    def remark_on(self, problem: str, row: int) -> str:  # noqa: ARG002  (likewise)
        """Return nothing."""
        return ""

    def copies(self) -> CopyGroups:
        """Return no group: each row stands alone."""
        return CopyGroups(np.arange(len(self.folded_texts), dtype=np.int64))

    @property
    def copies_at_hand(self) -> None:
        """Nobody looked for near-copies."""

    def group_of(self, row: int) -> IndexArray:
        """Return the row itself."""
        return np.array([row], dtype=np.int64)
