"""What holds for the review log after any sequence of decisions, undos and redos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict, current_decisions
from labelclean.review.log import ReviewLog
from labelclean.store.records import DatasetRecord
from labelclean.store.sql import SqlStore
from tests.store_examples import MOMENT, decide

TEXTS = st.text('ab1 ü\n"', max_size=4)  # few letters: which ones there are makes no difference here
LABELS = st.one_of(TEXTS, st.integers(), st.booleans(), st.floats(allow_nan=False))
NEEDS_LABEL = {Verdict.ACCEPT, Verdict.RELABEL}
STEPS = [EventKind.DECIDE, EventKind.UNDO, EventKind.REDO]


@st.composite
def logs(draw: st.DrawFn) -> list[ReviewEvent]:
    """Draw a log: decisions on a few rows, and undos and redos of decisions made before."""
    log: list[ReviewEvent] = []
    for number in range(draw(st.integers(0, 25))):
        made = [event for event in log if event.kind is EventKind.DECIDE]
        kind = draw(st.sampled_from(STEPS)) if made else EventKind.DECIDE
        if kind is EventKind.DECIDE:
            log.append(draw(decisions(f"e{number}")))
        else:
            target = draw(st.sampled_from(made))
            named = draw(st.sampled_from([target.uuid, target.step]))
            log.append(ReviewEvent(uuid=f"e{number}", row=target.row, kind=kind, target_uuid=named, decided_at=MOMENT))
    return log


@st.composite
def decisions(draw: st.DrawFn, uuid: str) -> ReviewEvent:
    """Draw a decision on one of five rows."""
    verdict = draw(st.sampled_from(list(Verdict)))
    label = draw(LABELS) if verdict in NEEDS_LABEL else None
    batch = draw(st.sampled_from([None, None, "b1", "b2"]))
    return decide(uuid, draw(st.integers(0, 4)), verdict=verdict, label=label, note=draw(TEXTS), batch=batch)


def slow_replay(log: list[ReviewEvent]) -> dict[int, str]:
    """Return the decision in force of each row by asking of each decision what was last said of it and its batch."""
    in_force: dict[int, str] = {}
    for event in log:
        if event.kind is not EventKind.DECIDE:
            continue
        said_of_it = [other.kind for other in log if other.target_uuid == event.uuid]
        said_of_batch = [other.kind for other in log if event.batch and other.target_uuid == event.batch]
        if EventKind.UNDO not in (*said_of_it[-1:], *said_of_batch[-1:]):
            in_force[event.row] = event.uuid
    return in_force


def state(log: list[ReviewEvent]) -> dict[int, str]:
    """Return the decision in force of each row, as the code sees it."""
    return {row: event.uuid for row, event in current_decisions(log).items()}


@given(logs())
def test_a_replay_agrees_with_walking_the_log_once(log: list[ReviewEvent]) -> None:
    """The state is that of a stack of decisions for each row."""
    assert state(log) == slow_replay(log)


@given(logs())
def test_following_the_log_event_by_event_agrees_with_a_replay(log: list[ReviewEvent]) -> None:
    """After every event, what the log that is followed says is what a replay from the start says."""
    followed = ReviewLog()

    for place, event in enumerate(log, start=1):
        followed.extend([event])

        assert dict(followed.decisions) == current_decisions(log[:place])


@given(logs(), decisions("new"))
def test_undoing_a_decision_restores_the_state_before(log: list[ReviewEvent], decision: ReviewEvent) -> None:
    """Whatever was decided before, the same decisions are in force in the same order after decide and undo."""
    undo = ReviewEvent(uuid="undo", row=decision.row, kind=EventKind.UNDO, target_uuid=decision.uuid, decided_at=MOMENT)

    assert list(current_decisions([*log, decision, undo]).items()) == list(current_decisions(log).items())


@given(logs(), decisions("new"))
def test_redoing_an_undone_decision_restores_the_state_after_it(log: list[ReviewEvent], decision: ReviewEvent) -> None:
    """Decide, undo, redo is the same as decide."""
    undo = ReviewEvent(uuid="undo", row=decision.row, kind=EventKind.UNDO, target_uuid=decision.uuid, decided_at=MOMENT)
    redo = replace(undo, uuid="redo", kind=EventKind.REDO)

    assert current_decisions([*log, decision, undo, redo]) == current_decisions([*log, decision])


@given(logs())
def test_only_decisions_are_in_force_each_on_its_own_row(log: list[ReviewEvent]) -> None:
    """What is in force is an event of the log, a decision, and stands under its row."""
    for row, event in current_decisions(log).items():
        assert event in log
        assert event.kind is EventKind.DECIDE
        assert event.row == row


@pytest.fixture(scope="module")
def store() -> Iterator[SqlStore]:
    """Return a store for all examples; making its tables takes longer than an example."""
    opened = SqlStore.open("sqlite://")
    yield opened
    opened.close()


def new_project(store: SqlStore) -> str:
    """Return the id of an empty project."""
    layout = FileLayout(
        file_format="csv", encoding="utf-8", byte_order_mark=False, delimiter=",", columns=("t", "l"), n_rows=5
    )
    roles = ColumnRoles(text="t", label="l")
    dataset = DatasetRecord(sha256="00", file_name="a.csv", n_bytes=1, layout=layout, roles=roles)
    return store.create_project(name="x", dataset=dataset).id


def renamed(event: ReviewEvent, prefix: str) -> ReviewEvent:
    """Return the event with uuids that no other example has."""
    target = None if event.target_uuid is None else f"{prefix}-{event.target_uuid}"
    return replace(event, uuid=f"{prefix}-{event.uuid}", target_uuid=target)


@settings(deadline=None)  # each example writes to a database
@given(drawn=logs(), data=st.data())
def test_storing_a_log_in_any_pieces_twice_changes_nothing(
    store: SqlStore, drawn: list[ReviewEvent], data: st.DataObject
) -> None:
    """An outbox sent in overlapping pieces, as a browser does, gives the same log, state and count."""
    project_id = new_project(store)
    log = [renamed(event, project_id) for event in drawn]

    acknowledged, sent = 0, 0
    while acknowledged < len(log):
        sent = data.draw(st.integers(max(sent, acknowledged + 1), len(log)))  # the outbox grows
        store.append_events(project_id, log[acknowledged:sent])
        acknowledged = data.draw(st.integers(acknowledged, sent))  # the answer may get lost

    stored = store.load_events(project_id)
    assert [event.uuid for event in stored] == [event.uuid for event in log]
    assert [(repr(event.label), event.verdict) for event in stored] == [
        (repr(event.label), event.verdict) for event in log
    ]
    assert state(stored) == slow_replay(log)
    assert store.count_decided(project_id) == len(slow_replay(log))
