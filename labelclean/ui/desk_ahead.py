"""What lies ahead of a reviewer: rows drawn by chance, how many errors are left, and which cards were sent already."""

from __future__ import annotations

from labelclean.arrays import IndexArray, MaskArray
from labelclean.review.control_rows import control_order
from labelclean.review.label_names import LabelNames
from labelclean.review.lesson_words import lesson_line
from labelclean.review.log import ReviewLog
from labelclean.review.outlook import outlook_of
from labelclean.review.payload import Card, Outlook
from labelclean.review.queue import ReviewQueue
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_tail import mix_control_rows
from labelclean.review.yield_tracker import YieldTracker
from labelclean.store.run_records import StoredRun

__all__ = ["DeskAhead"]


class DeskAhead:
    """
    Follows one desk.

    Parameters
    ----------
    run : StoredRun
        Its results.
    seed : str
        Names the project and the audit: the rows drawn by chance are the same in every session.
    """

    def __init__(self, run: StoredRun, seed: str) -> None:
        self.tracker = YieldTracker(run)
        self.tracker.follow_run(run, is_learned=getattr(run, "lesson", None) is not None)
        self._run = run
        self._seed = seed
        self._order: IndexArray | None = None
        self._drawn: frozenset[int] = frozenset()
        self._sent = ("", 0)
        self._said: tuple[object, Outlook] | None = None

    def follow_run(self, run: StoredRun) -> None:
        """Take another ranking of the same rows."""
        self._run = run
        self.tracker.follow_run(run, is_learned=run.lesson is not None)
        self._said = None

    def mixed(self, queue: ReviewQueue, is_decided: MaskArray, *, share: float, start: int = 0) -> ReviewQueue:
        """Return the queue of likely errors with rows drawn by chance in it; other queues as they are."""
        if queue.queue_filter != QueueFilter() or share <= 0.0:
            return queue
        if self._order is None:
            self._order = control_order(self._run.labels, self._seed)
        shown = set(queue.rows[:start].tolist())
        mixed, drawn = mix_control_rows(queue, self._order, share=share, is_decided=is_decided, start=start)
        self._drawn = drawn | (self._drawn & shown)
        return mixed

    def mark(self, queue: ReviewQueue, cards: list[Card]) -> None:
        """Mark the cards that chance led to, and remember how far cards were sent."""
        for card in cards:
            if card["row"] in self._drawn:
                card["is_control"] = True
        last = max((card["index"] or 0 for card in cards), default=-1)
        self._sent = (queue.digest, max(self.n_sent(queue), last + 1))

    def n_sent(self, queue: ReviewQueue) -> int:
        """Return how many of the first rows of a queue were sent to the browser."""
        digest, n_rows = self._sent
        return min(n_rows, len(queue)) if digest == queue.digest else 0

    def outlook(self, log: ReviewLog, queue: ReviewQueue, at: int, names: LabelNames) -> Outlook:
        """Return the lines under the card; the same object as long as nothing changed."""
        key = (len(log.events), id(queue), at)
        if self._said is None or self._said[0] != key:
            self.tracker.follow(log)
            self.tracker.follow_queue(queue)
            account = None if self._run.lesson is None else self._run.lesson.account
            learnt = None if account is None else lesson_line(account, names)
            self._said = key, outlook_of(self.tracker.estimate(at), self.tracker.accuracy(), learnt)
        return self._said[1]
