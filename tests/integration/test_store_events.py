"""The log of review events in the store, on a real SQLite file and on a real PostgreSQL server."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError, ReviewConflictError
from labelclean.label_set import LabelSet
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.review.merging import make_merge, turn_merge
from labelclean.review.ports import ReviewStore
from labelclean.store.records import DatasetRecord, ProjectRecord
from labelclean.store.sql import SqlStore
from tests.store_examples import MOMENT, decide, step


def test_the_store_is_a_review_store(store: SqlStore, project: ProjectRecord) -> None:
    """The review room can use it through its port."""
    port: ReviewStore = store

    assert port.append_events(project.id, [decide("e1")]) == {"e1"}


def test_an_event_comes_back_as_it_was(store: SqlStore, project: ProjectRecord) -> None:
    """Every field survives; the store adds the position."""
    decision = decide(
        "e1",
        row=12,
        verdict=Verdict.RELABEL,
        label="重复",
        reviewer="Zoë",
        sequence=2**40,
        seconds_spent=1.25,
        error_probability=0.5,
        suggested_label=7,
        note="<b>x</b>\n",
    )
    undo = step(EventKind.UNDO, "e2", "e1", row=12)

    acknowledged = store.append_events(project.id, [decision, undo])

    assert acknowledged == {"e1", "e2"}
    assert store.load_events(project.id) == [replace(decision, position=1), replace(undo, position=2)]


@pytest.mark.parametrize("label", [1, True, "1", 1.5, 1.0, False, "", "true", "a\x00\ud800b", -(10**30), 1e-300])
def test_a_label_stays_what_it_was(store: SqlStore, project: ProjectRecord, label: Label) -> None:
    """Labels that look alike stay apart, by value and by type."""
    store.append_events(project.id, [decide("e1", verdict=Verdict.ACCEPT, label=label, suggested_label=label)])

    (event,) = store.load_events(project.id)

    assert (event.label, event.suggested_label) == (label, label)
    assert type(event.label) is type(label)


def test_storing_an_event_twice_stores_it_once(store: SqlStore, project: ProjectRecord) -> None:
    """An event sent again is acknowledged and left as it was first stored."""
    store.append_events(project.id, [decide("e1", note="first"), decide("e1", note="same batch")])

    acknowledged = store.append_events(project.id, [decide("e1", note="again"), decide("e2")])

    events = store.load_events(project.id)
    assert acknowledged == {"e1", "e2"}
    assert [(event.uuid, event.note) for event in events] == [("e1", "first"), ("e2", "")]


def test_sending_the_same_again_is_no_activity(store: SqlStore, project: ProjectRecord) -> None:
    """Only an event that was not there yet moves the project up."""
    store.append_events(project.id, [decide("e1")])
    before = store.get_project(project.id).updated_at

    store.append_events(project.id, [decide("e1")])
    store.append_events(project.id, [])

    assert store.get_project(project.id).updated_at == before


def test_a_large_outbox_is_stored_in_order(store: SqlStore, project: ProjectRecord) -> None:
    """More events than one query can name are stored and acknowledged, in their order."""
    events = [decide(f"e{index}", row=index) for index in range(1_203)]

    acknowledged = store.append_events(project.id, events)

    stored = store.load_events(project.id)
    assert len(acknowledged) == 1_203
    assert [event.row for event in stored] == list(range(1_203))
    assert store.count_decided(project.id) == 1_203


def test_only_events_after_a_position_are_loaded(store: SqlStore, project: ProjectRecord) -> None:
    """A reader that knows a position gets what came later, also after repeats."""
    store.append_events(project.id, [decide("e1"), decide("e2")])
    known = store.load_events(project.id)[-1].position
    assert known is not None
    store.append_events(project.id, [decide("e2"), decide("e3")])

    later = store.load_events(project.id, after_position=known)

    assert [event.uuid for event in later] == ["e3"]


@pytest.mark.parametrize(
    "bad",
    [
        decide("e2", verdict=Verdict.RELABEL, label=("a", "b")),
        decide("e2", decided_at=datetime(2026, 1, 1)),  # noqa: DTZ001  (a time without a zone is the point)
        decide("e2", row=2**63),
        decide("e2", row=-1),
        decide("e2", sequence=2**63),
    ],
    ids=["label of a wrong kind", "time without zone", "row too large", "row below 0", "sequence too large"],
)
def test_all_events_are_stored_or_none(store: SqlStore, project: ProjectRecord, bad: ReviewEvent) -> None:
    """One event that cannot be stored keeps the others of its batch out."""
    with pytest.raises(InvalidInputError, match="must"):
        store.append_events(project.id, [decide("e1"), bad])

    assert store.load_events(project.id) == []


def test_characters_no_database_holds_are_replaced(store: SqlStore, project: ProjectRecord) -> None:
    """NUL and halves of surrogate pairs do not keep an event out, or it would be sent again for ever."""
    event = decide("e1", note="a\x00b\ud83d", reviewer="\udfff")

    store.append_events(project.id, [event])

    (stored,) = store.load_events(project.id)
    assert (stored.note, stored.reviewer) == ("a\ufffdb\ufffd", "\ufffd")


def test_a_uuid_of_another_project_is_refused(
    store: SqlStore, project: ProjectRecord, dataset_record: DatasetRecord
) -> None:
    """An event is never acknowledged for a project that does not hold it."""
    other = store.create_project(name="Other", dataset=dataset_record)
    store.append_events(other.id, [decide("e1")])

    with pytest.raises(ReviewConflictError, match="another project"):
        store.append_events(project.id, [decide("e0"), decide("e1")])

    assert store.load_events(project.id) == []
    assert [event.uuid for event in store.load_events(other.id)] == ["e1"]


def test_undo_and_redo_count(store: SqlStore, project: ProjectRecord) -> None:
    """The count follows the log: an undone decision does not count, a redone one does."""
    counts = []
    for event in (
        decide("e1", row=1),
        decide("e2", row=2),
        decide("e3", row=2, verdict=Verdict.UNSURE),
        step(EventKind.UNDO, "u1", "e1", row=1),
        step(EventKind.REDO, "r1", "e1", row=1),
        step(EventKind.UNDO, "u2", "e3", row=2),
        step(EventKind.UNDO, "u3", "e2", row=2),
    ):
        store.append_events(project.id, [event])
        counts.append(store.count_decided(project.id))

    assert counts == [1, 2, 2, 1, 2, 2, 1]
    assert [found.n_decided for found in store.list_projects()] == [1]


def test_a_count_follows_what_another_process_writes(store: SqlStore, store_url: str, project: ProjectRecord) -> None:
    """A remembered count is dropped as soon as the log has grown, whoever wrote it."""
    store.append_events(project.id, [decide("e1", row=1)])
    assert store.count_decided(project.id) == 1
    other = SqlStore.open(store_url)

    other.append_events(project.id, [decide("e2", row=2)])

    assert store.count_decided(project.id) == 2
    assert store.get_project(project.id).n_decided == 2
    other.close()


def test_threads_that_send_the_same_events_store_them_once(
    store: SqlStore, store_url: str, project: ProjectRecord
) -> None:
    """Two tabs with the same outbox, on two connections: no event lost, none doubled, all acknowledged."""
    other = SqlStore.open(store_url)
    batches = [[decide(f"e{batch}-{index}") for index in range(5)] for batch in range(40)]
    start = threading.Barrier(4)

    def send(target: SqlStore, order: list[list[ReviewEvent]]) -> list[frozenset[str]]:
        start.wait()
        return [target.append_events(project.id, batch) for batch in order]

    with ThreadPoolExecutor(4) as pool:
        orders = [batches, batches, batches[::-1], batches]
        answers = [pool.submit(send, target, order) for target, order in zip((store, other) * 2, orders, strict=True)]
        acknowledged = [frozenset().union(*answer.result()) for answer in answers]

    sent = {event.uuid for batch in batches for event in batch}
    stored = store.load_events(project.id)
    assert sorted(event.uuid for event in stored) == sorted(sent)
    assert all(uuids == sent for uuids in acknowledged)
    positions = [event.position or 0 for event in stored]
    assert positions == sorted(set(positions))
    other.close()


def test_a_reader_that_follows_positions_misses_nothing(store: SqlStore, project: ProjectRecord) -> None:
    """While four writers append, a reader that asks for what is newer sees every event once."""
    n_each, seen = 60, list[str]()
    writers = [
        threading.Thread(
            target=lambda writer=writer: [
                store.append_events(project.id, [decide(f"{writer}-{n}")]) for n in range(n_each)
            ]
        )
        for writer in range(4)
    ]
    for writer in writers:
        writer.start()

    position = 0
    while len(seen) < 4 * n_each:
        alive = any(writer.is_alive() for writer in writers)
        news = store.load_events(project.id, after_position=position)
        seen += [event.uuid for event in news]
        position = (news[-1].position or 0) if news else position
        if not alive and not news:
            break

    for writer in writers:
        writer.join()
    assert len(seen) == len(set(seen)) == 4 * n_each
    for writer_name in range(4):
        mine = [uuid for uuid in seen if uuid.startswith(f"{writer_name}-")]
        assert mine == [f"{writer_name}-{n}" for n in range(n_each)]


def test_a_merge_of_names_comes_back_as_it_was(store: SqlStore, project: ProjectRecord) -> None:
    """Names of every kind; it decides no row, and is found without the rest of the log."""
    merge = make_merge(["refund ", 1, True], "refund", reviewer="kim", now=MOMENT, event_uuid="m1")
    undo = turn_merge(merge, EventKind.UNDO, reviewer="lee", now=MOMENT)
    store.append_events(project.id, [decide("e1"), merge, decide("e2", row=1), undo])

    found = store.load_merge_events(project.id)

    assert [repr(event) for event in found] == [repr(replace(merge, position=2)), repr(replace(undo, position=4))]
    assert store.load_events(project.id)[1] == found[0]
    assert store.count_decided(project.id) == 2


def test_a_label_set_of_a_decision_keeps_its_order(store: SqlStore, project: ProjectRecord) -> None:
    """Also the empty one, which is another thing than no label."""
    labels = [LabelSet(["late", "broken", 1]), LabelSet()]
    store.append_events(
        project.id,
        [decide(f"e{row}", row=row, verdict=Verdict.RELABEL, label=label) for row, label in enumerate(labels)],
    )

    assert [repr(event.label) for event in store.load_events(project.id)] == list(map(repr, labels))
