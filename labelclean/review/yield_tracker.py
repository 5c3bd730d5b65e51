"""Keeps count of what the decisions say about the errors left, decision by decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, FloatArray, IndexArray, MaskArray
from labelclean.dataset import label_key
from labelclean.review.control_rows import ControlCounts, LabelAccuracy, label_accuracy
from labelclean.review.decisions import DecisionSource, ReviewEvent, Verdict
from labelclean.review.log import ReviewLog
from labelclean.review.queue import ReviewedRun, ReviewQueue
from labelclean.review.yield_estimate import estimate_yield
from labelclean.review.yield_figures import N_STEPS, StepCounts, StopRule, YieldEstimate, step_of

__all__ = ["YieldTracker"]

_LOOKED_AT = {DecisionSource.QUEUE, DecisionSource.CONTROL}
_HALF_LIFE = 25  # decisions
_LONGEST = 10_000
_TELLING = {Verdict.KEEP, Verdict.ACCEPT, Verdict.RELABEL}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What one decision says: nothing about the label where ``is_wrong`` is None."""

    is_wrong: bool | None
    is_evidence: bool
    is_drawn: bool
    step: int
    probability: float
    number: int


class YieldTracker:
    """
    Follows a log; each new decision costs a step, whatever the number of rows.

    Evidence of how honest the error probabilities are is what was looked at one by one, in a queue or by chance. Rows
    decided in bulk, along with a copy of their text, or in the table are found errors, and no evidence: nobody chose
    them without regard to whether they are wrong.

    Parameters
    ----------
    run : ReviewedRun
        The results; ``follow_run`` replaces them.
    """

    def __init__(self, run: ReviewedRun) -> None:
        self._run = run
        self._queue: ReviewQueue | None = None
        self._n_followed = 0
        self._said: dict[int, _Said] = {}
        self._drawn: dict[int, _Said] = {}  # those of them that chance led to, with a verdict
        self._is_decided: MaskArray = np.zeros(len(run.labels), dtype=np.bool_)
        self._n_labelled = int(np.count_nonzero(run.labels != UNLABELLED))
        self._n_set_aside = self._n_judged = self._n_wrong = 0
        self._n_looked_at = self._n_wrong_seen = 0
        self._shown = np.zeros((3, N_STEPS))  # decided, wrong, sum of probabilities
        self._recent = np.zeros((3, N_STEPS))  # the same; older ones count less, all of it times a growing factor
        self._n_numbered = self._base = 0
        self._is_learned = False
        self._left: dict[str, StepCounts] = {}
        self._reached = np.zeros(N_STEPS)  # decided rows that chance did not lead to

    @property
    def is_decided(self) -> MaskArray:
        """Which rows are decided."""
        return self._is_decided

    @property
    def n_judged(self) -> int:
        """Labelled rows with a verdict that their label is right or wrong, whatever led to them."""
        return self._n_judged

    def follow(self, log: ReviewLog) -> None:
        """Take the decisions that came since, or were undone."""
        changed = log.changed_rows[self._n_followed :]
        self._n_followed = len(log.changed_rows)
        for row in dict.fromkeys(changed):
            self._change(row, log.decisions.get(row))

    def follow_run(self, run: ReviewedRun, *, is_learned: bool) -> None:
        """
        Count the undecided rows by the error probabilities of another ranking of the same rows.

        Once they are learned from the decisions, what was shown long ago came from another ranking, and says less of
        how far this one can be believed: it counts half for every 25 decisions since.
        """
        self._is_learned = is_learned
        self._run = run
        self._left.clear()

    def follow_queue(self, queue: ReviewQueue) -> None:
        """Count the undecided rows of another queue."""
        if queue is not self._queue:
            self._queue = queue
            self._left.pop("queue", None)

    def estimate(self, at: int, *, rule: StopRule | None = None) -> YieldEstimate:
        """Return how the review is going, for a reviewer at a place of the queue."""
        rule = StopRule() if rule is None else rule
        scale = 2.0 ** ((self._n_numbered - self._base) / _HALF_LIFE)
        n_shown, n_wrong, expected = np.maximum(self._recent / scale if self._is_learned else self._shown, 0.0)
        next_rows = self.next_rows(at, rule.n_next)
        return estimate_yield(
            StepCounts(n_rows=n_shown.copy(), expected=expected.copy()),
            np.minimum(n_wrong, n_shown),
            next_rows=StepCounts.of(self._run.error_probabilities[next_rows]),
            queue=self._counted("queue"),
            data=self._counted("data"),
            looked_at=(self._n_looked_at, self._n_wrong_seen),
            n_found=self._n_wrong,
            rule=rule,
        )

    def accuracy(self) -> LabelAccuracy:
        """Return how right the labels of the whole data are, by the rows that chance led to."""
        drawn = list(self._drawn.values())
        beyond = self._chance_beyond()[[said.step for said in drawn]] if drawn else np.zeros(0)
        wrong = np.array([said.is_wrong is True for said in drawn], dtype=np.bool_)
        return label_accuracy(
            ControlCounts(
                n_rows=self._n_labelled - self._n_set_aside,
                n_judged=self._n_judged,
                n_judged_wrong=self._n_wrong,
                n_drawn=len(drawn),
                n_beyond=float(beyond.sum()),
                n_beyond_wrong=float(beyond[wrong].sum()),
            )
        )

    def next_rows(self, at: int, n_rows: int) -> IndexArray:
        """Return the next undecided rows of the queue from a place on; those without a label do not count."""
        if self._queue is None:
            return np.empty(0, dtype=np.int64)
        found: list[int] = []
        step = 4 * n_rows
        for start in range(at, min(len(self._queue), at + 50 * step), step):
            rows = self._queue.rows[start : start + step]
            open_rows = rows[~self._is_decided[rows] & (self._run.labels[rows] != UNLABELLED)]
            found += open_rows[: n_rows - len(found)].tolist()
            if len(found) >= n_rows:
                break
        return np.array(found, dtype=np.int64)

    def _chance_beyond(self) -> FloatArray:
        """
        Return, by steps of the error probability, the chance of a row not to be reached by the review itself.

        The share of the rows with such a probability that are still undecided, those drawn by chance left out.
        """
        still = self._counted("data").n_rows
        both = still + self._reached
        return np.divide(still, both, out=np.ones(N_STEPS), where=both > 0.0)

    def _change(self, row: int, event: ReviewEvent | None) -> None:
        before = self._said.pop(row, None)
        self._drawn.pop(row, None)
        if before is not None:
            self._count(row, before, -1)
        if event is not None:
            self._said[row] = said = self._what_it_says(row, event)
            self._count(row, said, 1)
            if said.is_drawn and said.is_wrong is not None:
                self._drawn[row] = said
        self._is_decided[row] = event is not None

    def _what_it_says(self, row: int, event: ReviewEvent) -> _Said:
        self._n_numbered += 1
        if self._n_numbered - self._base > _LONGEST:
            self._recent *= 2.0 ** ((self._base - self._n_numbered) / _HALF_LIFE)
            self._base = self._n_numbered
        given = int(self._run.labels[row])
        own = float(self._run.error_probabilities[row])
        shown = own if event.error_probability is None else event.error_probability
        is_wrong: bool | None = None
        if given != UNLABELLED and event.verdict in _TELLING:
            same = event.label is None or label_key(event.label) == label_key(self._run.class_names[given])
            is_wrong = event.verdict is not Verdict.KEEP and not same
        return _Said(
            is_wrong=is_wrong,
            is_evidence=event.source in _LOOKED_AT and not np.isnan(shown),
            is_drawn=event.source is DecisionSource.CONTROL,
            step=0 if np.isnan(shown) else _step_of(shown),
            probability=shown,
            number=self._n_numbered,
        )

    def _count(self, row: int, said: _Said, by: int) -> None:
        is_labelled = self._run.labels[row] != UNLABELLED
        if said.is_wrong is None:
            self._n_set_aside += by * int(is_labelled)
        else:
            self._n_judged += by
            self._n_wrong += by * said.is_wrong
            if said.is_evidence:
                self._n_looked_at += by
                self._n_wrong_seen += by * said.is_wrong
                column = np.array([1.0, float(said.is_wrong), said.probability]) * by
                self._shown[:, said.step] += column
                self._recent[:, said.step] += column * 2.0 ** ((said.number - self._base) / _HALF_LIFE)
        if is_labelled and not said.is_drawn and not np.isnan(said.probability):
            self._reached[said.step] += by
        if is_labelled:
            self._move(row, -by)

    def _move(self, row: int, by: int) -> None:
        """Take a row out of the undecided ones, or put it back."""
        probability = float(self._run.error_probabilities[row])
        if np.isnan(probability):
            return
        step = _step_of(probability)
        for name, counts in self._left.items():
            if name == "queue" and (self._queue is None or self._queue.index_of(row) is None):
                continue
            n_rows, expected = counts.n_rows.copy(), counts.expected.copy()
            n_rows[step] += by
            expected[step] = max(expected[step] + by * probability, 0.0)
            self._left[name] = StepCounts(n_rows=n_rows, expected=expected)

    def _counted(self, name: str) -> StepCounts:
        """Return the undecided rows of the queue or the data, counted once and then kept up to date."""
        if name not in self._left:
            probs = self._run.error_probabilities
            if name == "data":
                rows: IndexArray = np.flatnonzero(~self._is_decided)
            else:
                rows = np.empty(0, dtype=np.int64) if self._queue is None else self._queue.rows
                rows = rows[~self._is_decided[rows]]
            self._left[name] = StepCounts.of(probs[rows])
        return self._left[name]


def _step_of(probability: float) -> int:
    return int(step_of(np.array([probability]))[0])
