"""What a filter can ask about the rows of a project; each part is fetched when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labelclean.arrays import IndexArray, MaskArray

if TYPE_CHECKING:
    from labelclean.io.row_columns import RowColumns
    from labelclean.issues.problem import DataProblem
    from labelclean.review.copy_groups import CopyGroups
    from labelclean.review.text_search import FoldedTexts

__all__ = ["ProjectSources"]


@dataclass(eq=False, kw_only=True)
class ProjectSources:
    """
    The sources of one project's queues, as ``review.queue_sources.QueueSources`` wants them.

    Attributes
    ----------
    texts : callable
        Returns the texts ready for a search.
    columns : callable
        Returns the other columns of the file, or None where they cannot be read.
    problem : callable
        Is given the name of a problem; returns it, or None where no row has it.
    all_copies : callable
        Returns the groups of near-copies, however long it takes to find them.
    known_copies : callable
        Returns them where that takes no time, else None.
    """

    texts: Callable[[], FoldedTexts]
    columns: Callable[[], RowColumns | None]
    problem: Callable[[str], DataProblem | None]
    all_copies: Callable[[], CopyGroups]
    known_copies: Callable[[], CopyGroups | None]
    _copies: CopyGroups | None = None
    _was_asked: bool = False
    _remarks: tuple[str, dict[int, int], tuple[str, ...]] | None = None

    def rows_containing(self, text: str, rows: IndexArray | None = None) -> MaskArray:
        """Return for each of some rows, or of all, whether its text contains this one, whatever the case."""
        return self.texts().containing(text, rows)

    def rows_with(self, column: str, value: str) -> IndexArray:
        """Return the rows with a value in another column of the file; none where there is no such column."""
        columns = self.columns()
        return np.empty(0, dtype=np.int64) if columns is None else columns.rows_with(column, value)

    def rows_with_problem(self, problem: str) -> IndexArray:
        """Return the rows with a problem of the data, worst first; none where nobody looked for it."""
        found = self.problem(problem)
        return np.empty(0, dtype=np.int64) if found is None else found.rows

    def remark_on(self, problem: str, row: int) -> str:
        """Return why a row has a problem of the data, in one sentence; empty where it has not."""
        if self._remarks is None or self._remarks[0] != problem:
            found = self.problem(problem)
            codes = {} if found is None else dict(zip(found.rows.tolist(), found.reason_codes.tolist(), strict=True))
            self._remarks = (problem, codes, () if found is None else found.reasons)
        _, codes, reasons = self._remarks
        return reasons[codes[row]] if row in codes else ""

    def copies(self) -> CopyGroups:
        """Return the groups of near-copies."""
        if self._copies is None:
            self._copies = self.all_copies()
        return self._copies

    @property
    def copies_at_hand(self) -> CopyGroups | None:
        """The groups of near-copies, where they need not be looked for first; else None."""
        if self._copies is None and not self._was_asked:
            self._was_asked = True
            self._copies = self.known_copies()
        return self._copies

    def group_of(self, row: int) -> IndexArray:
        """Return the rows of a row's group of near-copies; only itself where it stands alone or nobody knows yet."""
        copies = self.copies_at_hand
        return np.array([row], dtype=np.int64) if copies is None else copies.group_of(row)
