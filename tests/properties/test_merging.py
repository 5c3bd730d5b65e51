"""What holds after any sequence of decisions, merges of names, undos and redos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.dataset import Dataset, label_key
from labelclean.export.planned import planned_changes
from labelclean.label_set import LabelSet
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict, corrected_labels, current_decisions
from labelclean.review.merging import decisions_with_merges, make_merge, merge_dataset, merges_in_force
from labelclean.store.sql import SqlStore
from tests.properties.test_event_replay import new_project
from tests.store_examples import MOMENT, decide

NAMES = ["Refund", "refund", "refund ", "late"]
GIVEN: list[Label | None] = [*NAMES, None]
PLAIN = Dataset.from_labels([f"text {row}" for row in range(5)], GIVEN)
SETS = Dataset.from_labels(
    [f"text {row}" for row in range(5)],
    [LabelSet(["Refund", "late"]), LabelSet(["refund", "refund "]), LabelSet(), LabelSet(["late"]), None],
)
CORRECTING = {Verdict.ACCEPT, Verdict.RELABEL}


@st.composite
def logs(draw: st.DrawFn) -> list[ReviewEvent]:
    """Draw a log of decisions, merges, and undos and redos of either."""
    log: list[ReviewEvent] = []
    for number in range(draw(st.integers(0, 15))):
        uuid = f"e{number}"
        kind = draw(st.sampled_from(list(EventKind)))
        made = [event for event in log if event.target_uuid is None]
        if kind is EventKind.MERGE:
            names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=3, unique=True))
            log.append(make_merge(names, names[-1], reviewer="kim", now=MOMENT, event_uuid=uuid))
        elif kind is EventKind.DECIDE or not made:
            verdict = draw(st.sampled_from(list(Verdict)))
            label = draw(st.sampled_from(NAMES)) if verdict in CORRECTING else None
            log.append(decide(uuid, draw(st.integers(0, 4)), verdict=verdict, label=label))
        else:
            target = draw(st.sampled_from(made))
            log.append(ReviewEvent(uuid=uuid, row=target.row, kind=kind, target_uuid=target.uuid, decided_at=MOMENT))
    return placed(log)


def placed(log: list[ReviewEvent]) -> list[ReviewEvent]:
    """Return the log with the positions that the store gives it."""
    return [replace(event, position=place) for place, event in enumerate(log, start=1)]


def slow_labels(log: list[ReviewEvent], given: list[Label | None]) -> list[Label | None]:
    """Return the label of each row that the export writes, by walking the log once for each row."""
    stands = {event.uuid: True for event in log if event.target_uuid is None}
    for event in log:
        if event.target_uuid is not None:
            stands[event.target_uuid] = event.kind is EventKind.REDO
    written = []
    for row, label in enumerate(given):
        own = [event for event in log if event.kind is EventKind.DECIDE and event.row == row and stands[event.uuid]]
        if own and own[-1].verdict in CORRECTING:
            label, since = own[-1].label, own[-1].position or 0  # noqa: PLW2901  (what the person said)
        else:
            since = 0
        for event in log[since:]:
            if event.kind is EventKind.MERGE and stands[event.uuid] and label in event.merged:
                label = event.label  # noqa: PLW2901  (one merge after the other)
        written.append(label)
    return written


def exported(log: list[ReviewEvent], dataset: Dataset) -> list[Label | None]:
    """Return the label of each row as the code writes it."""
    decisions = decisions_with_merges(current_decisions(log), merges_in_force(log), dataset)
    new = corrected_labels(decisions)
    return [new.get(row, dataset.given_label(row)) for row in range(dataset.n_examples)]


@settings(deadline=None)
@given(logs())
def test_the_export_agrees_with_walking_the_log_for_each_row(log: list[ReviewEvent]) -> None:
    """Merges in force one after the other; a person's correction wins over those before it and follows those after."""
    assert exported(log, PLAIN) == slow_labels(log, GIVEN)


@settings(deadline=None)
@given(logs(), st.sampled_from([PLAIN, SETS]))
def test_undoing_a_merge_restores_what_was_before(log: list[ReviewEvent], dataset: Dataset) -> None:
    """Labels and change log are the same, and a redo brings the merge back whole."""
    merge = make_merge(NAMES[:3], "refund", reviewer="kim", now=MOMENT, event_uuid="new")
    undo = ReviewEvent(uuid="undo", row=-1, kind=EventKind.UNDO, target_uuid="new", decided_at=MOMENT)
    redo = replace(undo, uuid="redo", kind=EventKind.REDO)

    assert exported(placed([*log, merge, undo]), dataset) == exported(log, dataset)
    assert exported(placed([*log, merge, undo, redo]), dataset) == exported(placed([*log, merge]), dataset)


@settings(deadline=None)
@given(logs(), st.sampled_from([PLAIN, SETS]))
def test_the_change_log_says_what_the_export_writes(log: list[ReviewEvent], dataset: Dataset) -> None:
    """Each row whose label changes has one line with the old and the new label; no other line has two labels."""
    decisions = decisions_with_merges(current_decisions(log), merges_in_force(log), dataset)

    changed = {change.row: change.new for change in planned_changes(dataset, decisions) if change.is_correction}

    written = dict(enumerate(exported(log, dataset)))
    assert changed == {row: new for row, new in written.items() if new != dataset.given_label(row)}


@settings(deadline=None)
@given(logs(), st.sampled_from([PLAIN, SETS]))
def test_an_undecided_row_has_the_label_that_the_next_analysis_sees(log: list[ReviewEvent], dataset: Dataset) -> None:
    """Audit and export speak of the same names."""
    merged = merge_dataset(dataset, merges_in_force(log))
    written = exported(log, dataset)
    decided = current_decisions(log)

    for row in range(dataset.n_examples):
        if row not in decided:
            assert merged.given_label(row) == written[row]
    assert len({label_key(name) for name in merged.class_names}) == merged.n_classes


@pytest.fixture(scope="module")
def store() -> Iterator[SqlStore]:
    """Return a store for all examples."""
    opened = SqlStore.open("sqlite://")
    yield opened
    opened.close()


@settings(deadline=None)
@given(drawn=logs())
def test_a_stored_log_replays_to_the_same(store: SqlStore, drawn: list[ReviewEvent]) -> None:
    """After a restart the state and the export are what they were."""
    project_id = new_project(store)

    def own(event: ReviewEvent) -> ReviewEvent:
        target = None if event.target_uuid is None else f"{project_id}-{event.target_uuid}"
        return replace(event, uuid=f"{project_id}-{event.uuid}", target_uuid=target)

    log = [own(event) for event in drawn]
    store.append_events(project_id, log)

    stored = store.load_events(project_id)

    assert [replace(event, position=None) for event in stored] == [replace(event, position=None) for event in log]
    assert exported(stored, SETS) == exported(log, SETS)
    assert store.count_decided(project_id) == len(current_decisions(log))
