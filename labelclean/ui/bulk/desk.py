"""What the bulk page works with: the rows of the filter, the sample that was begun, and storing the decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from labelclean.arrays import IndexArray
from labelclean.review.bulk.decide import BulkAction, make_bulk, turn_bulk
from labelclean.review.bulk.history import PastBulk, past_bulks
from labelclean.review.bulk.plan import BulkPlan, plan_bulk
from labelclean.review.bulk.sample import sample_name
from labelclean.review.decisions import EventKind
from labelclean.review.queue import build_queue
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.records import ProjectRecord
from labelclean.ui import resources, state
from labelclean.ui.desk import Desk

__all__ = ["begin_sample", "decide_rest", "history", "plan", "sample_filter", "turn"]

_SAMPLES = "bulk_samples"
_SAMPLES_KEPT = 40


def plan(project: ProjectRecord, desk: Desk, queue_filter: QueueFilter, action: BulkAction, size: int) -> BulkPlan:
    """Return what a bulk decision over a filter comes to now."""
    name = _name(project, queue_filter, action)
    return plan_bulk(
        desk.run,
        _matching_rows(desk, queue_filter),
        action,
        decisions=desk.log.decisions,
        name=name,
        size=size,
        drawn_before=_drawn(project).get(name, ()),
    )


def sample_filter(sample: Sequence[int]) -> QueueFilter:
    """Return the queue of a sample."""
    return QueueFilter(rows=tuple(sample), undecided_only=False)


def begin_sample(project: ProjectRecord, queue_filter: QueueFilter, action: BulkAction, found: BulkPlan) -> None:
    """Keep the rows that chance drew, for everybody at the project, before the first of them is decided."""
    kept = _drawn(project)
    name = _name(project, queue_filter, action)
    if kept.get(name) == found.drawn:
        return
    kept.pop(name, None)
    newest = [*kept.items()][-_SAMPLES_KEPT + 1 :]
    value = {key: list(rows) for key, rows in [*newest, (name, found.drawn)]}
    resources.workspace().store.set_project_setting(project.id, _SAMPLES, value)


def decide_rest(project: ProjectRecord, desk: Desk, action: BulkAction, found: BulkPlan, *, said: str) -> int:
    """
    Decide the rest at once.

    A second click, on its way before the first one was answered, finds all rows decided and changes nothing.

    Returns
    -------
    int
        Number of rows decided; fewer than planned where somebody was quicker.
    """
    store = resources.workspace().store
    events = make_bulk(
        desk.run,
        found.rest,
        action,
        decisions=desk.log.decisions,
        reviewer=state.reviewer(store),
        now=datetime.now(UTC),
        note=f"{found.precision.note}; {said}",
    )
    store.append_events(project.id, events)
    desk.catch_up(store)
    desk.queue = None  # a snapshot from before would still show these rows
    return sum(event.batch == events[0].batch for event in desk.log.events[-len(events) :]) if events else 0


def turn(project: ProjectRecord, desk: Desk, bulk: PastBulk, kind: EventKind) -> None:
    """Undo or redo a bulk decision."""
    store = resources.workspace().store
    event = turn_bulk(bulk.first, kind, reviewer=state.reviewer(store), now=datetime.now(UTC))
    store.append_events(project.id, [event])
    desk.catch_up(store)
    desk.queue = None


def history(desk: Desk) -> tuple[PastBulk, ...]:
    """Return the bulk decisions of the project, newest first."""
    key = (desk.project_id, len(desk.log.events))
    kept = state.recall("bulk_history", tuple)
    if kept is None or kept[0] != key:
        kept = (key, past_bulks(desk.log.events))
        state.remember("bulk_history", kept)
    found: tuple[PastBulk, ...] = kept[1]
    return found


def _matching_rows(desk: Desk, queue_filter: QueueFilter) -> IndexArray:
    """Return the rows that match, decided or not; they are looked for again when the filter or the log changes."""
    key = (desk.run_id, queue_filter, len(desk.log.events))
    kept = state.recall("bulk_rows", tuple)
    if kept is None or kept[0] != key:
        queue = build_queue(desk.run, desk.sources, queue_filter, desk.table, run_id=desk.run_id)
        kept = (key, queue.matching_rows)
        state.remember("bulk_rows", kept)
    rows: IndexArray = kept[1]
    return rows


def _name(project: ProjectRecord, queue_filter: QueueFilter, action: BulkAction) -> str:
    # Not what was learnt since: that must not throw away a sample half decided.
    return sample_name(queue_filter, action, project.run_id or "")


def _drawn(project: ProjectRecord) -> dict[str, tuple[int, ...]]:
    kept = resources.workspace().store.get_project_setting(project.id, _SAMPLES)
    if not isinstance(kept, dict):
        return {}
    return {
        str(name): tuple(row for row in rows if isinstance(row, int))
        for name, rows in kept.items()
        if isinstance(rows, list)
    }
