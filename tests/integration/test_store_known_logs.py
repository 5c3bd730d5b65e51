"""Tests of what a store remembers of its logs, on SQLite and PostgreSQL: the same as reading them anew."""

from __future__ import annotations

import numpy as np

from labelclean.review.decisions import EventKind, ReviewEvent, current_decisions
from labelclean.review.merging import make_merge, turn_merge
from labelclean.store.records import ProjectRecord
from labelclean.store.sql import SqlStore
from tests.store_examples import MOMENT, decide, step


def _random_events(seed: int) -> list[ReviewEvent]:
    """Return decisions, single and at once, with some undone and redone."""
    rng = np.random.default_rng(seed)
    events: list[ReviewEvent] = []
    for number in range(60):
        steps = sorted({event.step for event in events if event.kind is EventKind.DECIDE})
        if steps and rng.random() < 0.4:
            kind = EventKind.UNDO if rng.random() < 0.6 else EventKind.REDO
            events.append(step(kind, f"turn-{seed}-{number}", steps[rng.integers(len(steps))]))
        else:
            batch = f"batch-{seed}-{rng.integers(4)}" if rng.random() < 0.5 else None
            events.append(decide(f"decision-{seed}-{number}", row=int(rng.integers(8)), batch=batch))
    return events


def test_the_count_is_that_of_a_replay_after_every_event(
    store: SqlStore, store_url: str, project: ProjectRecord
) -> None:
    """Whoever wrote the events, and however many came since the last look."""
    writer = SqlStore.open(store_url)
    counted, expected = [], []
    for seed in range(2):
        events = _random_events(seed)
        written = [*store.load_events(project.id)]
        for start in range(0, len(events), 7):
            (writer if start % 2 else store).append_events(project.id, events[start : start + 7])
            counted.append(store.get_project(project.id).n_decided)
            expected.append(len(current_decisions([*written, *events[: start + 7]])))
    writer.close()

    assert counted == expected


def test_merges_are_known_whoever_made_them(store: SqlStore, store_url: str, project: ProjectRecord) -> None:
    """One that another process made, and the undoing of it, are seen at the next look."""
    writer = SqlStore.open(store_url)
    merge = make_merge(["refund "], "refund", reviewer="kim", now=MOMENT, event_uuid="m1")
    store.append_events(project.id, [decide("e1")])
    before = store.load_merge_events(project.id)

    writer.append_events(project.id, [merge, decide("e2", row=1)])
    made = [event.uuid for event in store.load_merge_events(project.id)]
    undo = turn_merge(merge, EventKind.UNDO, reviewer="kim", now=MOMENT)
    writer.append_events(project.id, [undo])
    turned = [event.uuid for event in store.load_merge_events(project.id)]
    writer.close()

    assert (before, made, turned) == ([], ["m1"], ["m1", undo.uuid])
    assert store.get_project(project.id).n_decided == 2
