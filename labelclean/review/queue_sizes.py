"""How many rows wait in each of the usual queues; follows the decisions without a loop over rows."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from labelclean.arrays import UNLABELLED, MaskArray
from labelclean.review.copy_groups import ContradictionCount
from labelclean.review.decision_table import UNDECIDED, DecisionTable
from labelclean.review.decisions import Verdict
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sources import QueueSources, ReviewedRun
from labelclean.review.rare_classes import rare_rows

__all__ = ["USUAL_QUEUES", "QueueName", "QueueSizes"]

QueueName: TypeAlias = Literal[
    "likely", "contradictions", "unsure", "ambiguous", "rare", "unlabelled", "decided", "all"
]
"""The queues that are always there, in the order of the list."""

USUAL_QUEUES: dict[QueueName, QueueFilter] = {
    "likely": QueueFilter(),
    "contradictions": QueueFilter(kind="contradictions"),
    "unsure": QueueFilter(verdict=Verdict.UNSURE),
    "ambiguous": QueueFilter(verdict=Verdict.AMBIGUOUS),
    "rare": QueueFilter(kind="rare"),
    "unlabelled": QueueFilter(unlabelled=True),
    "decided": QueueFilter(verdict="any"),
    "all": QueueFilter(only_issues=False, undecided_only=False),
}
"""What each of them asks for."""


class QueueSizes:
    """
    The sizes of the usual queues of one project.

    Parameters
    ----------
    run : ReviewedRun
        The result of the audit.
    sources : QueueSources
        Knows the near-copies, or not yet.
    table : DecisionTable
        The decisions to follow.
    """

    def __init__(self, run: ReviewedRun, sources: QueueSources, table: DecisionTable) -> None:
        self._run = run
        self._sources = sources
        self._table = table
        self._is_rare: MaskArray = rare_rows(run)
        self._is_unlabelled: MaskArray = run.labels == UNLABELLED
        self._contradictions: ContradictionCount | None = None

    def count(self) -> dict[QueueName, int | None]:
        """
        Return the size of each queue after all decisions so far.

        Returns
        -------
        dict
            None where it is not known: near-copies that have to be looked for first are not counted.
        """
        undecided: MaskArray = self._table.verdicts == UNDECIDED
        return {
            "likely": int(np.count_nonzero(undecided & self._run.is_issue)),
            "contradictions": self._n_contradictions(),
            "unsure": int(np.count_nonzero(self._table.has_verdict(Verdict.UNSURE))),
            "ambiguous": int(np.count_nonzero(self._table.has_verdict(Verdict.AMBIGUOUS))),
            "rare": int(np.count_nonzero(undecided & self._is_rare)),
            "unlabelled": int(np.count_nonzero(undecided & self._is_unlabelled)),
            "decided": len(undecided) - int(np.count_nonzero(undecided)),
            "all": len(undecided),
        }

    def _n_contradictions(self) -> int | None:
        copies = self._sources.copies_at_hand
        if copies is None:
            return None
        if self._contradictions is None:
            self._contradictions = ContradictionCount(copies, self._table)
        return self._contradictions.n_open()
