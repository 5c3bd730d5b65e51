"""
What a filter and a decision cost the server at any size, without a browser.

Run: ``python -m tests.benchmarks.queues [--rows 1000000] [--decided 50000]``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from labelclean.arrays import IndexArray, MaskArray
from labelclean.review.copy_groups import CopyGroups
from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import Verdict
from labelclean.review.log import ReviewLog
from labelclean.review.queue import ReviewQueue, build_queue
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sizes import QueueSizes
from labelclean.review.text_search import FoldedTexts, fold_texts
from tests.queue_cases import MadeRun, MadeSources, decision

N_CLASSES = 20
N_REPEATS = 5
N_DECISIONS = 200
FILTERS = {
    "likely errors": QueueFilter(),
    "all rows": QueueFilter(only_issues=False, undecided_only=False),
    "a pair of classes": QueueFilter.of_pair("class 1", "class 2"),
    "a range of scores": QueueFilter(min_error_probability=0.6, max_error_probability=0.7),
    "a text found often": QueueFilter(text="ORDER", only_issues=False),
    "a text found seldom": QueueFilter(text="number 77", only_issues=False),
    "contradictions": QueueFilter(kind="contradictions"),
    "rare classes": QueueFilter(kind="rare"),
    "decided": QueueFilter(verdict="any"),
    "decided by somebody": QueueFilter(decided_by="kim"),
}

T = TypeVar("T")


def main(arguments: list[str]) -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.queues")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--decided", type=int, default=50_000)
    asked = parser.parse_args(arguments)
    run, texts = _run(asked.rows), [f"Where is my order number {row}, it is late" for row in range(asked.rows)]
    folded = _timed("fold all texts, once", lambda: fold_texts(texts), n_repeats=1)
    sources = _Sources(texts=texts, groups=[row - row % 3 if row % 10 < 3 else row for row in range(asked.rows)])
    sources.folded = folded
    _timed("group near-copies, once they are known", sources.copies, n_repeats=1)
    log = ReviewLog([decision(row, label="class 1", uuid=str(row)) for row in range(0, asked.decided * 2, 2)])
    table = DecisionTable(run)
    _timed(f"take over {asked.decided:,} decisions, once", lambda: table.follow(log), n_repeats=1)
    for name, queue_filter in FILTERS.items():
        _measure_filter(name, run, sources, queue_filter, table)
    _measure_decisions(run, sources, log, table)


class _Sources(MadeSources):
    """Sources at their real speed."""

    folded: FoldedTexts
    _copies: CopyGroups | None = None

    def rows_containing(self, text: str, rows: IndexArray | None = None) -> MaskArray:
        """Search as the app does."""
        return self.folded.containing(text, rows)

    def copies(self) -> CopyGroups:
        """Group once, as the app does."""
        self._copies = self._copies or super().copies()
        return self._copies


def _run(n_rows: int) -> MadeRun:
    rng = np.random.default_rng(0)
    errors = rng.beta(0.3, 2.0, size=n_rows)
    return MadeRun(
        class_names=tuple(f"class {code}" for code in range(N_CLASSES)),
        labels=rng.integers(N_CLASSES, size=n_rows),
        suggested_labels=rng.integers(N_CLASSES, size=n_rows),
        error_probabilities=errors,
        is_issue=errors > np.quantile(errors, 0.9),
        ranked_rows=np.argsort(-errors, kind="stable"),
    )


def _measure_filter(
    name: str, run: MadeRun, sources: MadeSources, queue_filter: QueueFilter, table: DecisionTable
) -> None:
    def change() -> ReviewQueue:
        queue = build_queue(run, sources, queue_filter, table, reviewer="kim")
        assert queue.digest
        queue.index_of(0)
        queue.first_undecided(table)
        queue.n_decided(table)
        return queue

    queue = _timed(f"filter: {name}", change)
    print(f"{'':48} {len(queue):9,} rows")


def _measure_decisions(run: MadeRun, sources: MadeSources, log: ReviewLog, table: DecisionTable) -> None:
    """Time all that is counted anew after each decision, in the longest queue."""
    queue = build_queue(run, sources, replace(FILTERS["all rows"], undecided_only=True), table)
    sizes = QueueSizes(run, sources, table)
    sizes.count()
    queue.n_decided(table)
    times = []
    for place, row in enumerate(queue.rows[:N_DECISIONS].tolist()):
        start = time.perf_counter()
        log.extend([decision(row, Verdict.UNSURE, uuid=f"new-{place}")])
        table.follow(log)
        sizes.count()
        queue.n_decided(table)
        queue.n_fixed(table)
        queue.first_undecided(table)
        queue.index_of(row)
        times.append(1000 * (time.perf_counter() - start))
    print(f"{'each decision: sizes, progress, first undecided':48} {statistics.median(times):9.1f} ms")


def _timed(name: str, work: Callable[[], T], *, n_repeats: int = N_REPEATS) -> T:
    times, results = [], []
    for _ in range(n_repeats):
        start = time.perf_counter()
        results.append(work())
        times.append(1000 * (time.perf_counter() - start))
    print(f"{name:48} {statistics.median(times):9.1f} ms")
    return results[-1]


if __name__ == "__main__":
    main(sys.argv[1:])
