"""The snapshot of the rows that a filter finds, in the order of review."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray, MaskArray, freeze
from labelclean.review.contradictions import contradicting_rows
from labelclean.review.decision_table import UNDECIDED, DecisionTable
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.queue_conditions import matching_mask
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sources import QueueSources, ReviewedRun, TextSources
from labelclean.review.text_search import fold_texts

__all__ = ["QueueSources", "ReviewQueue", "ReviewedRun", "TextSources", "build_queue", "fold_texts"]

_ABSENT = -1
_ROWS_AT_ONCE = 4_096


@dataclass(frozen=True, eq=False, kw_only=True)
class ReviewQueue:
    """
    The rows to review, as they were when the filter was applied.

    Rows decided later stay, so that going back works.

    Attributes
    ----------
    queue_filter : QueueFilter
        What was asked for.
    rows : ndarray of int64, shape (n_rows,)
        The snapshot, in the order of review.
    matching_rows : ndarray of int64
        The rows that match but for ``undecided_only``: what progress is counted in. Same order.
    run_id : str
        The run whose results made the queue.
    kept_digest : str
        That of the queue which this one continues, where only rows that nobody saw yet changed.
    """

    queue_filter: QueueFilter
    rows: IndexArray
    matching_rows: IndexArray
    run_id: str = ""
    kept_digest: str = ""

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze(self.rows)
        freeze(self.matching_rows)

    def __len__(self) -> int:
        """Return the number of rows in the snapshot."""
        return len(self.rows)

    @cached_property
    def digest(self) -> str:
        """A short name that changes with filter, run and rows; a queue that continues another one keeps its name."""
        if self.kept_digest:
            return self.kept_digest
        named = json.dumps([self.run_id, self.queue_filter.to_params()], sort_keys=True)
        digest = hashlib.sha256(named.encode("utf-8", "replace"))
        digest.update(np.ascontiguousarray(self.rows, dtype="<i8").data)
        return digest.hexdigest()[:16]

    @cached_property
    def _places(self) -> NDArray[np.int32]:
        """The place of each row up to the last one in the queue."""
        places = np.full(int(self.rows.max(initial=-1)) + 1, _ABSENT, dtype=np.int32)
        places[self.rows] = np.arange(len(self.rows), dtype=np.int32)
        return places

    def index_of(self, row: int) -> int | None:
        """Return where a row stands in the queue, or None."""
        place = int(self._places[row]) if 0 <= row < len(self._places) else _ABSENT
        return None if place == _ABSENT else place

    @cached_property
    def _matching(self) -> MaskArray:
        """For each row up to the last one that matches, whether it does."""
        matching = np.zeros(int(self.matching_rows.max(initial=-1)) + 1, dtype=np.bool_)
        matching[self.matching_rows] = True
        return matching

    def matches(self, row: int) -> bool:
        """Tell whether a row matches the filter, whether or not it was decided when the queue was made."""
        return 0 <= row < len(self._matching) and bool(self._matching[row])

    def n_decided(self, table: DecisionTable) -> int:
        """Count the matching rows that are done; in a queue by verdict, those that have another verdict by now."""
        asked = self.queue_filter.verdict
        done = table.is_decided
        if asked is not None and asked != "any":
            done &= ~table.has_verdict(Verdict(asked))
        return int(np.count_nonzero(done[: len(self._matching)] & self._matching))

    def n_fixed(self, table: DecisionTable) -> int:
        """Count the matching rows whose label a decision changes."""
        return int(np.count_nonzero(table.has_changed[: len(self._matching)] & self._matching))

    def first_undecided(self, table: DecisionTable) -> int | None:
        """Return the place of the first row without a decision, or None if there is none."""
        for start in range(0, len(self.rows), _ROWS_AT_ONCE):
            is_open = table.verdicts[self.rows[start : start + _ROWS_AT_ONCE]] == UNDECIDED
            if is_open.any():
                return start + int(is_open.argmax())
        return None


def build_queue(
    run: ReviewedRun,
    sources: QueueSources,
    queue_filter: QueueFilter,
    decisions: Mapping[int, ReviewEvent] | DecisionTable,
    *,
    run_id: str = "",
    reviewer: str = "",
) -> ReviewQueue:
    """
    Take the snapshot of the rows that match a filter now.

    Parameters
    ----------
    run : ReviewedRun
        The result of the audit.
    sources : QueueSources
        The texts, and what else the filter may ask about the rows.
    queue_filter : QueueFilter
        What the reviewer wants to see.
    decisions : mapping of int to ReviewEvent, or DecisionTable
        The decisions in force, by row; as a table of this run where there are many, or where one is at hand.
    run_id : str, default=""
        Distinguishes the queues of two runs that rank alike.
    reviewer : str, default=""
        Who asks. In the queue of unsure rows, those of other reviewers come first: they want a second opinion.

    Returns
    -------
    ReviewQueue
        Most suspect rows first; rows by verdict likewise; rows with a problem, worst first; contradictions as
        ``contradicting_rows`` has them; unlabelled rows in file order.
    """
    table = decisions if isinstance(decisions, DecisionTable) else DecisionTable.of(run, decisions)
    if queue_filter.rows:
        named = list(dict.fromkeys(row for row in queue_filter.rows if row < len(run.labels)))
        matching = np.array(named, dtype=np.int64)
        is_open = table.verdicts[matching] == UNDECIDED
    else:
        keep = matching_mask(run, sources, queue_filter, table)
        if queue_filter.kind == "contradictions":
            matching, is_open = contradicting_rows(run, sources.copies(), table, keep)
        else:
            order = sources.rows_with_problem(queue_filter.problem) if queue_filter.problem else run.ranked_rows
            matching = order[keep[order]]
            if queue_filter.verdict is Verdict.UNSURE and reviewer:
                matching = _others_first(matching, table, reviewer)
            is_open = table.verdicts[matching] == UNDECIDED
    # One row that was asked for by name is shown, decided or not.
    asks_undecided = queue_filter.asks_undecided or bool(queue_filter.rows and queue_filter.undecided_only)
    asks_undecided = asks_undecided and len(queue_filter.rows) != 1
    rows = matching[is_open] if asks_undecided else matching
    return ReviewQueue(queue_filter=queue_filter, rows=rows, matching_rows=matching, run_id=run_id)


def _others_first(rows: IndexArray, table: DecisionTable, reviewer: str) -> IndexArray:
    """Return the rows with this reviewer's own decisions at the end."""
    own = table.reviewers[rows] == table.reviewer_code(reviewer)
    return np.concatenate([rows[~own], rows[own]])
