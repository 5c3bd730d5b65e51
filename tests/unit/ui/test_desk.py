"""Tests of the desk: where the reviewer is when a queue and decisions cross on their way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from labelclean.dataset import Dataset
from labelclean.errors import StoreError
from labelclean.explain.evidence import RowEvidence
from labelclean.review.decisions import ReviewEvent
from labelclean.review.queue import TextSources, fold_texts
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.run_records import StoredRun
from labelclean.ui.desk import Desk

N_ROWS = 8


class _Log:
    """A store in memory."""

    def __init__(self) -> None:
        self.events: dict[str, list[ReviewEvent]] = {"p": []}

    def append_events(self, project_id: str, events: Sequence[ReviewEvent]) -> frozenset[str]:
        log = self.events[project_id]
        known = {event.uuid for event in log}
        new = [event for event in events if event.uuid not in known]
        log.extend(replace(event, position=len(log) + place) for place, event in enumerate(new, start=1))
        return frozenset(event.uuid for event in events)

    def load_events(self, project_id: str, *, after_position: int = 0) -> list[ReviewEvent]:
        return self.events[project_id][after_position:]


def _desk() -> Desk:
    texts = [f"text {row}" for row in range(N_ROWS)]
    run = SimpleNamespace(
        class_names=("a", "b"),
        labels=np.zeros(N_ROWS, dtype=np.int64),
        suggested_labels=np.ones(N_ROWS, dtype=np.int64),
        error_probabilities=np.full(N_ROWS, 0.9),
        is_issue=np.ones(N_ROWS, dtype=np.bool_),
        ranked_rows=np.arange(N_ROWS),
    )
    dataset = Dataset.from_labels(texts, ["a", "b"] * (N_ROWS // 2))
    sources = TextSources(folded_texts=fold_texts(texts))
    return Desk(project_id="p", run_id="r", run=cast("StoredRun", run), dataset=dataset, sources=sources)


def _payload(rows: Sequence[int], *, queue: str, at: int) -> dict[str, object]:
    events = [
        {"kind": "decide", "uuid": f"{row:08d}-0000-0000-0000-000000000000", "row": row, "verdict": "keep"}
        for row in rows
    ]
    return {"tab": "t", "sent": 1, "queue": queue, "at": at, "events": events}


@pytest.mark.parametrize(
    ("queue_filter", "row_on_screen"), [(QueueFilter(), 3), (QueueFilter(only_issues=False, undecided_only=False), 0)]
)
def test_decisions_made_before_the_browser_had_a_queue_are_not_shown_again(
    queue_filter: QueueFilter, row_on_screen: int
) -> None:
    """After a restart the queue is made while they are on their way; a queue of all rows begins at its start."""
    desk, log = _desk(), _Log()
    desk.show(queue_filter, "kim", row=0)

    _, stored = desk.receive(_payload([0, 1, 2], queue="the one before the restart", at=5), log, "kim")

    assert len(stored) == len(log.events["p"]) == 3
    assert desk.row == row_on_screen


def test_a_reviewer_who_goes_back_to_a_decided_row_stays_there() -> None:
    """The browser has this queue: where it says the reviewer is, there they are."""
    desk, log = _desk(), _Log()
    queue = desk.show(QueueFilter(), "kim", row=None)

    desk.receive(_payload([0, 1, 2], queue=queue.digest, at=3), log, "kim")
    desk.receive(_payload([], queue=queue.digest, at=1), log, "kim")

    assert desk.row == 1


def test_the_queue_of_decided_rows_begins_at_its_first_row() -> None:
    """What the browser sent last, from the queue before, is about rows that belong to this one."""
    desk, log = _desk(), _Log()
    payload = _payload([0, 1], queue=desk.show(QueueFilter(), "kim", row=None).digest, at=2)
    desk.receive(payload, log, "kim")
    desk.show(QueueFilter(verdict="any"), "kim", row=None)

    desk.receive(payload, log, "kim")

    assert desk.row == 0


class _Evidence:
    """A store that explains even rows, and notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.is_broken = False

    def load_evidence(self, project_id: str, rows: Sequence[int]) -> dict[int, RowEvidence]:
        assert project_id == "p"
        if self.is_broken:
            raise StoreError("The database is busy.")
        self.asked.append(list(rows))
        return {row: RowEvidence(row=row, suggested=1, given=0, sentence="") for row in rows if row % 2 == 0}


def test_evidence_is_read_once_for_each_row() -> None:
    """A decision costs no second look at what is known, not even at rows without evidence."""
    desk, store = _desk(), _Evidence()

    first = desk._evidence_of([0, 1, 2], store)
    second = desk._evidence_of([1, 2, 3, 4], store)

    assert (sorted(first), sorted(second)) == ([0, 2], [2, 4])
    assert store.asked == [[0, 1, 2], [3, 4]]


def test_evidence_that_cannot_be_read_now_is_asked_for_again() -> None:
    """The cards come without it meanwhile."""
    desk, store = _desk(), _Evidence()
    store.is_broken = True

    without = desk._evidence_of([0], store)
    store.is_broken = False

    assert without == {}
    assert sorted(desk._evidence_of([0], store)) == [0]
