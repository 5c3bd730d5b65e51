"""A server whose clock goes backwards: the log's own order counts, never the time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from labelclean.review.decisions import EventKind, Verdict, current_decisions
from labelclean.review.log import ReviewLog
from labelclean.store.records import DatasetRecord
from labelclean.store.sql import SqlStore
from tests.store_examples import MOMENT, decide, step


def _running_back() -> Iterator[int]:
    yield from range(1_000)


def test_decisions_count_in_the_order_of_the_log_whatever_the_clocks_say(
    store_url: str, dataset_record: DatasetRecord
) -> None:
    """Each event is older than the one before, for the browser and for the server; positions rise nevertheless."""
    minutes = _running_back()
    store = SqlStore.open(store_url, clock=lambda: MOMENT - timedelta(minutes=next(minutes)))
    project = store.create_project(name="x", dataset=dataset_record)
    events = [
        decide("clock-1", 1, verdict=Verdict.RELABEL, label="a"),
        decide("clock-2", 1, verdict=Verdict.RELABEL, label="b", decided_at=MOMENT - timedelta(days=1)),
        decide("clock-3", 2, decided_at=MOMENT - timedelta(days=2)),
        step(EventKind.UNDO, "clock-4", "clock-3", 2),
    ]

    for event in events:
        store.append_events(project.id, [event])
    log = store.load_events(project.id)
    n_decided = store.get_project(project.id).n_decided
    store.close()

    assert [event.uuid for event in log] == [event.uuid for event in events]
    positions = [event.position or 0 for event in log]
    assert positions == sorted(set(positions))
    assert {row: event.label for row, event in current_decisions(log).items()} == {1: "b"}
    assert dict(ReviewLog(log).decisions) == current_decisions(log)
    assert n_decided == 1
