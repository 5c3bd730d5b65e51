"""One reviewer's desk in one browser session: the log so far, the queue snapshot, and the place in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.errors import StoreError
from labelclean.explain.evidence import RowEvidence
from labelclean.review.control_rows import LabelAccuracy
from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import ReviewEvent
from labelclean.review.label_names import LabelNames
from labelclean.review.log import ReviewLog, ReviewState
from labelclean.review.other_columns import ColumnsReader
from labelclean.review.outbox import Outbox, read_outbox
from labelclean.review.payload import Card, CardData
from labelclean.review.ports import EvidenceStore, ReviewStore
from labelclean.review.preferences import Preferences
from labelclean.review.queue import QueueSources, ReviewQueue, build_queue
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sizes import QueueName, QueueSizes
from labelclean.review.queue_tail import beginning_with, with_new_tail
from labelclean.review.session import build_card_data, names_for, offered_classes, starting_index
from labelclean.review.yield_figures import YieldEstimate
from labelclean.store.run_records import StoredRun
from labelclean.ui.desk_ahead import DeskAhead
from labelclean.ui.shown_run import keep_shown

__all__ = ["Desk"]

_ROWS_REMEMBERED = 2_000
_RECENT = 10
_OWN_ORDER = "own"


@dataclass(kw_only=True)
class Desk:
    """
    What the review page keeps between two runs of the script.

    Attributes
    ----------
    project_id : str
        Whose rows are reviewed.
    run_id : str
        The run that ranked them, and what corrected its ranking.
    run : StoredRun
        Its results.
    dataset : Dataset
        The texts.
    sources : QueueSources
        What the filters of queues can ask about the rows.
    audited_id : str
        The run without what corrected its ranking, and the names of its classes.
    gone : tuple of hashable
        Names that were merged into others, and are no longer offered.
    order : str
        The run in whose order the queue is; another word once the order is that of this session alone.
    """

    project_id: str
    run_id: str
    run: StoredRun
    dataset: Dataset
    sources: QueueSources
    audited_id: str = ""
    gone: tuple[Label, ...] = ()
    at: int = 0
    queue: ReviewQueue | None = None
    log: ReviewLog = field(default_factory=ReviewLog)
    preferences: Preferences = field(default_factory=Preferences)
    has_guideline: bool = False
    columns: ColumnsReader | None = None
    learn_asked_at: int = 0
    order: str = ""
    _table: DecisionTable | None = None
    _sizes: QueueSizes | None = None
    _names: LabelNames | None = None
    _names_key: int = 0
    _offered: tuple[str, ...] = ()
    _evidence: dict[int, RowEvidence | None] = field(default_factory=dict)
    _ahead: DeskAhead | None = None

    def catch_up(self, store: ReviewStore) -> None:
        """Take over what was stored since, by this session or another."""
        self.log.extend(store.load_events(self.project_id, after_position=self.log.last_position))

    def state(self, reviewer: str) -> ReviewState:
        """Return what follows from the log for one reviewer."""
        return self.log.state(reviewer)

    @property
    def table(self) -> DecisionTable:
        """The decisions in force as columns over all rows."""
        if self._table is None:
            self._table = DecisionTable(self.run)
        self._table.follow(self.log)
        return self._table

    def queue_sizes(self) -> dict[QueueName, int | None]:
        """Return how many rows wait in each of the usual queues; None where that is not known yet."""
        if self._sizes is None:
            self._sizes = QueueSizes(self.run, self.sources, self.table)
        self.table.follow(self.log)
        return self._sizes.count()

    @property
    def names(self) -> LabelNames:
        """All classes under the names they have on the screen, those made by reviewers included."""
        if self._names is None or not self._are_named(self._names):
            self._names = names_for(self.run.class_names, self.log.events)
            self._offered = offered_classes(self._names, self.run, self.gone)
        self._names_key = len(self.log.events)
        return self._names

    @property
    def offered(self) -> tuple[str, ...]:
        """The classes to search in, under their names on the screen."""
        return self._offered if self.names.tokens else ()

    def _are_named(self, names: LabelNames) -> bool:
        """Tell whether the names hold the labels of the newest events; making them anew takes time with many sets."""
        labels = (event.label for event in self.log.events[self._names_key :])
        return all(label is None or names.has(label) for label in labels)

    @property
    def recent(self) -> list[ReviewEvent]:
        """The last ten decisions in force, newest first."""
        return self.log.newest(_RECENT)

    def receive(self, payload: object, store: ReviewStore, reviewer: str) -> tuple[Outbox, frozenset[str]]:
        """
        Store what the browser sent.

        Returns
        -------
        Outbox
            What was understood of it.
        frozenset of str
            The uuids that are in the store now.
        """
        outbox = read_outbox(
            payload, names=self.names, n_examples=self.dataset.n_examples, reviewer=reviewer, now=datetime.now(UTC)
        )
        stored = store.append_events(self.project_id, outbox.events) if outbox.events else frozenset()
        self.catch_up(store)
        if self.queue is not None and outbox.queue == self.queue.digest:
            self.at = self.at if outbox.at is None else outbox.at
        else:
            self._pass_over({event.row for event in outbox.events if event.uuid in stored}, reviewer)
        return outbox, stored

    def _pass_over(self, rows: set[int], reviewer: str) -> None:
        """
        Begin after rows that were decided before the browser had this queue.

        After a restart the queue may be made from the log while such decisions are still on their way.
        """
        queue = self.queue
        if queue is None or not queue.queue_filter.undecided_only or queue.queue_filter.verdict is not None:
            return
        decisions = self.state(reviewer).decisions
        while self.row is not None and self.row in rows and self.row in decisions:
            self.at += 1

    def show(
        self,
        queue_filter: QueueFilter,
        reviewer: str,
        *,
        row: int | None,
        order: str | None = None,
        fresh: bool = False,
    ) -> ReviewQueue:
        """
        Return the queue of a filter: the snapshot at hand if it is the same filter, else a new one.

        A new one begins at a row; in another order than the one in which the reviewer came to it, nothing is passed
        over: the row comes first.
        """
        if self.queue is not None and self.queue.queue_filter == queue_filter and not fresh:
            return self.queue
        table = self.table
        built = build_queue(self.run, self.sources, queue_filter, table, run_id=self.run_id, reviewer=reviewer)
        self.queue = self.ahead.mixed(built, table.is_decided, share=self.preferences.control_share)
        self.order = self.run_id
        if row is not None and order not in {None, self.run_id} and queue_filter.asks_undecided:
            self.queue, self.order = beginning_with(self.queue, row), _OWN_ORDER
        self.at = starting_index(self.queue, table, row)
        return self.queue

    def take_lesson(self, run: StoredRun, run_id: str, reviewer: str) -> None:
        """
        Take another ranking of the same rows over: the cards that were sent stay, what comes after them is re-ordered.

        Parameters
        ----------
        run : StoredRun
            As decisions taught, or as the audit ranked.
        run_id : str
            Its name.
        reviewer : str
            Whose desk it is.
        """
        queue, n_sent = self.queue, 0 if self.queue is None else self.ahead.n_sent(self.queue)
        self.order = _OWN_ORDER
        shown = np.empty(0, dtype=np.int64) if queue is None else queue.rows[:n_sent]
        self.run, self.run_id = keep_shown(run, self.run, shown), run_id
        self._table = self._sizes = self._names = None
        self.ahead.follow_run(self.run)
        if queue is None:
            return
        table = self.table
        fresh = build_queue(self.run, self.sources, queue.queue_filter, table, run_id=run_id, reviewer=reviewer)
        is_decided = table.is_decided
        tail = with_new_tail(queue, fresh, n_sent=n_sent, is_decided=is_decided)
        self.queue = self.ahead.mixed(tail, is_decided, share=self.preferences.control_share, start=n_sent)

    @property
    def ahead(self) -> DeskAhead:
        """What lies ahead: rows drawn by chance, errors left, cards already sent."""
        if self._ahead is None:
            self._ahead = DeskAhead(self.run, f"{self.project_id}:{self.run_id.split(':')[0]}")
        return self._ahead

    def estimates(self) -> tuple[YieldEstimate, LabelAccuracy]:
        """Return how many errors are left, and how right the labels are."""
        if self.queue is not None:
            self.ahead.tracker.follow_queue(self.queue)
        self.ahead.tracker.follow(self.log)
        return self.ahead.tracker.estimate(self.at), self.ahead.tracker.accuracy()

    @property
    def n_verdicts(self) -> int:
        """How many decisions say whether a given label was wrong."""
        self.ahead.tracker.follow(self.log)
        return self.ahead.tracker.n_judged

    @property
    def row(self) -> int | None:
        """The row on screen, or None at the end of the queue."""
        if self.queue is None or not 0 <= self.at < len(self.queue):
            return None
        return int(self.queue.rows[self.at])

    def card_data(self, reviewer: str, outbox: Outbox, acked: frozenset[str], store: EvidenceStore) -> CardData:
        """Return what the card needs now."""
        queue = self.queue if self.queue is not None else self.show(QueueFilter(), reviewer, row=None)
        data = build_card_data(
            project_id=self.project_id,
            run=self.run,
            dataset=self.dataset,
            names=self.names,
            queue=queue,
            state=self.state(reviewer),
            table=self.table,
            copies_of=self.sources.group_of,
            label_cells=self.run.label_cells,
            reviewer=reviewer,
            at=self.at,
            acked=acked,
            outbox=outbox,
            evidence=lambda rows: self._evidence_of(rows, store),
            classes=self.offered,
            preferences=self.preferences,
            has_guideline=self.has_guideline,
            columns_of=None if self.columns is None else self.columns.of_row,
        )
        self.ahead.mark(queue, data["cards"])
        self._remark(queue.queue_filter.problem, data["cards"])
        data["outlook"] = self.ahead.outlook(self.log, queue, self.at, self.names)
        return data

    def _remark(self, problem: str, cards: list[Card]) -> None:
        """Say on each card of a queue about a problem why the row is in it."""
        for card in cards if problem else ():
            remark = self.sources.remark_on(problem, card["row"])
            if remark:
                card["remark"] = remark

    def _evidence_of(self, rows: Sequence[int], store: EvidenceStore) -> Mapping[int, RowEvidence]:
        """Return what explains some rows; what was read once is remembered, so that a decision reads a row at most."""
        unknown = [row for row in rows if row not in self._evidence]
        if unknown:
            if len(self._evidence) > _ROWS_REMEMBERED:
                self._evidence.clear()
                unknown = list(rows)
            try:
                found = store.load_evidence(self.project_id, unknown)
            except StoreError:
                return {}  # cards without it can be decided as well; the next run of the page asks again
            self._evidence.update({row: found.get(row) for row in unknown})
        return {row: known for row in rows if (known := self._evidence.get(row)) is not None}
