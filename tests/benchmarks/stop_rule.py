"""A reviewer who answers by the truth: errors fixed per 100 decisions, where the stop rule stops, and what was left.

Usage: python -m tests.benchmarks.stop_rule --data DIR [--sets NAME ...] [--rows 3000] [--decisions 1000]
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from labelclean import audit
from labelclean.arrays import CodeArray, IndexArray, Label, MaskArray
from labelclean.core.reranking_data import ViewLogOdds
from labelclean.errors import LabelCleanWarning
from labelclean.label_set import LabelSet
from labelclean.label_set_audit import audit_label_sets
from labelclean.review.control_rows import LabelAccuracy, control_order
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict
from labelclean.review.learning import LEARN_FROM, learn, usable_decisions
from labelclean.review.log import ReviewLog
from labelclean.review.queue import ReviewQueue
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_tail import mix_control_rows
from labelclean.review.yield_figures import YieldEstimate
from labelclean.review.yield_tracker import YieldTracker
from labelclean.store.label_set_runs import label_set_run
from labelclean.store.run_records import StoredRun
from tests.benchmarks.detection_contenders import LOADERS
from tests.benchmarks.detection_sets import LabelledSet, find_sets, read_labelled_set
from tests.benchmarks.simulated_reviewer import thin_known

__all__ = ["Review", "Stop", "known_rows", "review", "simulated_run"]

LEARN_EVERY = 50
CHECKPOINTS = (100, 200, 400, 800)
ASKED_EVERY = 25
REFERENCE = "reference, C=20"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Stop:
    """What was promised at one moment, and what was so."""

    n_decisions: int
    estimate: YieldEstimate
    accuracy: LabelAccuracy
    n_left: int
    n_in_next: int
    accuracy_before: float
    accuracy_now: float

    @property
    def left_held(self) -> bool:
        """Whether the errors left were in the promised interval."""
        promised = self.estimate.left_in_data
        return promised.low - 0.5 <= self.n_left <= promised.high + 0.5

    @property
    def next_held(self) -> bool:
        """Whether the errors in the next rows were in the promised interval."""
        promised = self.estimate.next_rows
        return promised.low - 0.5 <= self.n_in_next <= promised.high + 0.5

    @property
    def accuracy_held(self) -> bool:
        """Whether the share of right labels by now was in the promised interval."""
        low, high = self.accuracy.after_interval
        return low - 1e-9 <= self.accuracy_now <= high + 1e-9


@dataclass(kw_only=True)
class Review:
    """What came of one review: errors found after each decision, what was promised on the way, and the first stop."""

    found: list[int] = field(default_factory=list)
    moments: list[Stop] = field(default_factory=list)
    stop: Stop | None = None


def main(arguments: Sequence[str]) -> None:
    """Print two lines for each set, and how often the intervals held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of CSV files")
    parser.add_argument("--sets", nargs="*", help="names of sets; all by default")
    parser.add_argument("--rows", type=int, default=3_000, help="rows of each sample")
    parser.add_argument("--decisions", type=int, default=1_000, help="the most decisions")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore", LabelCleanWarning)
    print(f"errors found after {' / '.join(map(str, CHECKPOINTS))} decisions; 90 % intervals in brackets")
    moments: list[Stop] = []
    for path in find_sets(options.data, options.sets).values():
        data = thin_known(read_labelled_set(path), n_rows=options.rows, seed=options.seed)
        moments += _report(data, n_decisions=options.decisions)
    held = [[moment.left_held for moment in moments], [moment.next_held for moment in moments]]
    accurate = [moment.accuracy_held for moment in moments if moment.accuracy.n_drawn >= 10]
    print(f"intervals held: left {np.mean(held[0]):.0%}, next rows {np.mean(held[1]):.0%}, ", end="")
    print(f"label accuracy {np.mean(accurate):.0%} of {len(moments)} moments")


def _report(data: LabelledSet, *, n_decisions: int) -> list[Stop]:
    run, signals, truths = known_rows(data)
    fixed = review(run, signals, truths, n_decisions=n_decisions, learning=False, control_share=0.0)
    taught = review(run, signals, truths, n_decisions=n_decisions, learning=True, control_share=0.0)
    mixed = review(run, signals, truths, n_decisions=n_decisions, learning=True, control_share=0.05)
    print(f"{data.name:26} {_total(run, truths):5} errors in {len(truths):5}", end="  ")
    for name, result in (("fixed", fixed), ("learning", taught), ("with control rows", mixed)):
        print(f"{name} {_slashed(result.found)}", end="  ")
    print(f"reference {_slashed(_reference(data, n_decisions))}", flush=True)
    stop = mixed.stop
    if stop is None:
        print(f"{'':26} no stop within {len(mixed.found)} decisions", flush=True)
    else:
        promised, low_high = stop.estimate.left_in_data, stop.accuracy.after_interval
        print(
            f"{'':26} stopped after {stop.n_decisions}: promised {promised.value:.0f} left "
            f"({promised.low:.0f}-{promised.high:.0f}), really {stop.n_left}; labels right "
            f"{stop.accuracy.after:.1%} ({low_high[0]:.1%}-{low_high[1]:.1%}), really {stop.accuracy_now:.1%}",
            flush=True,
        )
    return mixed.moments


def _total(run: StoredRun, truths: Sequence[Label]) -> int:
    return sum(run.class_names[code] != truth for code, truth in zip(run.labels.tolist(), truths, strict=True))


def _slashed(found: Sequence[int]) -> str:
    return "/".join(str(found[min(checkpoint, len(found)) - 1]) for checkpoint in CHECKPOINTS)


def _reference(data: LabelledSet, n_decisions: int) -> list[int]:
    """Return how many errors the same reviewer finds on the reference's ranking."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = LOADERS[REFERENCE](data)(data, 0).error_probabilities
    known = np.flatnonzero(data.is_known)
    order = known[np.argsort(-scores[known], kind="stable")][:n_decisions]
    return [int(number) for number in np.cumsum(data.is_wrong[order])]


def known_rows(data: LabelledSet) -> tuple[StoredRun, bytes | None, list[Label]]:
    """Audit a set; return the run over the rows whose truth is known, its signals, and that truth."""
    run, signals = simulated_run(data)
    known = np.flatnonzero(data.is_known)
    names = data.class_names
    truths: list[Label]
    if data.is_multi_label:
        truths = [LabelSet(names[code] for code in np.flatnonzero(data.true[row])) for row in known]
    else:
        truths = [names[code] for code in data.true[known]]
    return _part(run, known), None if signals is None else _part_of_signals(signals, known), truths


def simulated_run(data: LabelledSet) -> tuple[StoredRun, bytes | None]:
    """Audit a set as the app does."""
    if data.is_multi_label:
        sets = [[data.class_names[code] for code in np.flatnonzero(row)] for row in data.given]
        computed = label_set_run(audit_label_sets(data.texts, sets), {}, NOW)
        return computed.run, computed.signals
    result = audit(data.texts, [data.class_names[code] for code in data.given])
    return StoredRun.from_audit(result, {}, NOW), None if result.signals is None else result.signals.views.to_bytes()


def _part(run: StoredRun, rows: IndexArray) -> StoredRun:
    place = np.full(run.n_examples, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    ranked = place[run.ranked_rows]
    cells = run.label_cells
    return replace(
        run,
        labels=run.labels[rows],
        suggested_labels=run.suggested_labels[rows],
        label_quality_scores=run.label_quality_scores[rows],
        error_probabilities=run.error_probabilities[rows],
        is_issue=run.is_issue[rows],
        ranked_rows=ranked[ranked >= 0],
        likely_labels=run.likely_labels[rows],
        likely_probs=run.likely_probs[rows],
        label_cells=None if cells is None else replace(cells, codes=cells.codes[rows], probs=cells.probs[rows]),
    )


def _part_of_signals(signals: bytes, rows: IndexArray) -> bytes:
    views = ViewLogOdds.from_bytes(signals)
    sketch = views.text_sketch[rows] if len(views.text_sketch) else views.text_sketch
    return ViewLogOdds(names=views.names, values=views.values[rows], text_sketch=sketch).to_bytes()


def review(
    run: StoredRun,
    signals: bytes | None,
    truths: Sequence[Label],
    *,
    n_decisions: int,
    learning: bool,
    control_share: float,
) -> Review:
    """Decide the rows in the order of the queue, as the desk keeps it, by the truth."""
    is_wrong = np.array([run.class_names[code] != truth for code, truth in zip(run.labels, truths, strict=True)])
    log, result, now = ReviewLog(), Review(), run
    tracker = YieldTracker(run)
    order = control_order(run.labels, "simulated")
    while len(result.found) < min(n_decisions, len(truths)):
        queue, drawn = _queue(now, tracker.is_decided, order, control_share)
        tracker.follow_queue(queue)
        for row in queue.rows[:LEARN_EVERY].tolist():
            log.extend([_event(now, row, truths[row], number=len(log.events), is_drawn=row in drawn)])
            tracker.follow(log)
            result.found.append((result.found[-1] if result.found else 0) + int(is_wrong[row]))
            if len(result.found) % ASKED_EVERY == 0:
                _ask(tracker, queue, result, is_wrong)
            if len(result.found) >= n_decisions:
                break
        if learning and usable_decisions(log.decisions, run.labels) >= LEARN_FROM:
            now = _learned(run, signals, log)
            tracker.follow_run(now, is_learned=True)
    return result


def _queue(
    run: StoredRun, is_decided: MaskArray, order: IndexArray, share: float
) -> tuple[ReviewQueue, frozenset[int]]:
    rows = run.ranked_rows[~is_decided[run.ranked_rows]]
    queue = ReviewQueue(queue_filter=QueueFilter(), rows=rows, matching_rows=rows)
    return mix_control_rows(queue, order, share=share, is_decided=is_decided)


def _event(run: StoredRun, row: int, truth: Label, *, number: int, is_drawn: bool) -> ReviewEvent:
    is_right = run.class_names[run.labels[row]] == truth
    return ReviewEvent(
        uuid=str(number),
        row=row,
        kind=EventKind.DECIDE,
        verdict=Verdict.KEEP if is_right else Verdict.RELABEL,
        label=None if is_right else truth,
        decided_at=NOW,
        error_probability=float(run.error_probabilities[row]),
        source=DecisionSource.CONTROL if is_drawn else DecisionSource.QUEUE,
        position=number + 1,
    )


def _learned(run: StoredRun, signals: bytes | None, log: ReviewLog) -> StoredRun:
    learnt = learn(run, signals, log.decisions)
    return replace(
        run,
        class_names=(*run.class_names, *learnt.new_labels),
        suggested_labels=learnt.suggested_labels,
        error_probabilities=learnt.error_probabilities,
        is_issue=learnt.is_issue,
        ranked_rows=learnt.ranked_rows,
    )


def _ask(tracker: YieldTracker, queue: ReviewQueue, result: Review, is_wrong: MaskArray) -> None:
    """Ask how it goes, and set the answer against the truth."""
    estimate, is_decided = tracker.estimate(0), tracker.is_decided
    if estimate.is_early:
        return
    coming: CodeArray = queue.rows[~is_decided[queue.rows]][: estimate.n_next]
    left: MaskArray = is_wrong[~is_decided]
    moment = Stop(
        n_decisions=len(result.found),
        estimate=estimate,
        accuracy=tracker.accuracy(),
        n_left=int(left.sum()),
        n_in_next=int(is_wrong[coming].sum()),
        accuracy_before=1.0 - float(is_wrong.mean()),
        accuracy_now=1.0 - float(left.sum()) / len(is_wrong),
    )
    result.moments.append(moment)
    if estimate.stop is not None and result.stop is None:
        result.stop = moment


if __name__ == "__main__":
    main(sys.argv[1:])
