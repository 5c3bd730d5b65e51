"""Tests of a reviewer's session: the stacks, the place, and what the card is given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from labelclean.dataset import Dataset
from labelclean.label_set import LabelSet
from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.review.log import review_state
from labelclean.review.outbox import Outbox
from labelclean.review.payload import CardData
from labelclean.review.queue import ReviewQueue, TextSources, build_queue, fold_texts
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.session import build_card_data, names_for, offered_classes, starting_index

N_ROWS = 100
CLASSES = ("a", "b", "c")


def _decide(uuid: str, row: int, verdict: str = "keep", **fields: Any) -> ReviewEvent:
    settings = {"reviewer": "kim", "decided_at": datetime(2031, 1, 1, tzinfo=UTC), **fields}
    return ReviewEvent(uuid=uuid, row=row, kind=EventKind.DECIDE, verdict=Verdict(verdict), **settings)


def _turn(kind: str, target: str, row: int = 0, reviewer: str = "kim") -> ReviewEvent:
    return ReviewEvent(
        uuid=f"{kind} {target} {reviewer}",
        row=row,
        kind=EventKind(kind),
        target_uuid=target,
        reviewer=reviewer,
        decided_at=datetime(2031, 1, 1, tzinfo=UTC),
    )


def _run() -> SimpleNamespace:
    """Return 100 rows given a, suggested b, but row 1 suggested a and row 2 without a label."""
    labels = np.zeros(N_ROWS, dtype=np.int64)
    labels[2] = -1
    suggested = np.ones(N_ROWS, dtype=np.int64)
    suggested[1] = 0
    errors = np.linspace(0.9, 0.1, N_ROWS)
    errors[2] = np.nan
    quality = np.full(N_ROWS, 0.05)
    quality[2] = np.nan
    return SimpleNamespace(
        class_names=CLASSES,
        labels=labels,
        suggested_labels=suggested,
        label_quality_scores=quality,
        error_probabilities=errors,
        is_issue=np.ones(N_ROWS, dtype=np.bool_),
        ranked_rows=np.arange(N_ROWS),
        likely_labels=np.tile(np.array([1, 2]), (N_ROWS, 1)),
        likely_probs=np.tile(np.array([0.7, 0.2], dtype=np.float32), (N_ROWS, 1)),
    )


def _dataset(text_length: int = 10) -> Dataset:
    labels = [None if row == 2 else CLASSES[row % 3] for row in range(N_ROWS)]
    return Dataset.from_labels(["x" * text_length] * N_ROWS, labels, row_ids=[f"m{row}" for row in range(N_ROWS)])


def _queue(events: Sequence[ReviewEvent] = (), **conditions: Any) -> ReviewQueue:
    decisions = review_state(list(events), "kim").decisions
    return build_queue(
        _run(), TextSources(folded_texts=fold_texts(_dataset().texts)), QueueFilter(**conditions), decisions
    )


def _data(
    events: Sequence[ReviewEvent] = (),
    *,
    at: int = 0,
    queue: ReviewQueue | None = None,
    outbox: Outbox | None = None,
    text_length: int = 10,
) -> CardData:
    return build_card_data(
        project_id="p",
        run=_run(),
        dataset=_dataset(text_length),
        names=names_for(CLASSES, events),
        queue=queue or _queue(undecided_only=False),
        state=review_state(list(events), "kim"),
        reviewer="kim",
        at=at,
        acked=["two", "one"],
        outbox=outbox,
    )


def test_undo_moves_a_decision_to_redo_and_back() -> None:
    """Both stacks follow from the log, so they outlive the page."""
    log = [_decide("1", 0), _decide("2", 1), _turn("undo", "2"), _turn("undo", "1"), _turn("redo", "1")]

    state = review_state(log, "kim")

    assert [event.uuid for event in state.undo] == ["1"]
    assert [event.uuid for event in state.redo] == ["2"]
    assert list(state.decisions) == [0]


def test_a_new_decision_empties_redo() -> None:
    """As in every editor."""
    state = review_state([_decide("1", 0), _turn("undo", "1"), _decide("2", 1)], "kim")

    assert [event.uuid for event in state.undo] == ["2"]
    assert state.redo == ()


def test_an_undo_of_nothing_changes_nothing() -> None:
    """An undo sent twice, or of an unknown decision, is harmless."""
    log = [_decide("1", 0), _turn("undo", "1"), _turn("undo", "1"), _turn("redo", "9"), _turn("undo", "9")]

    state = review_state(log, "kim")

    assert (state.undo, [event.uuid for event in state.redo]) == ((), ["1"])


def test_reviewers_undo_their_own_decisions_only() -> None:
    """Everyone's decisions are in force, but only one's own are on the stack."""
    log = [_decide("1", 0), _decide("2", 1, reviewer="lee"), _turn("undo", "1", reviewer="lee")]

    state = review_state(log, "lee")

    assert [event.uuid for event in state.undo] == ["2"]


@pytest.mark.parametrize(("seconds", "expected"), [([10, 20], None), ([10, 20, 30], 3.0), ([0, 0, 0], None)])
def test_the_pace_is_decisions_by_time_on_screen(seconds: list[float], expected: float | None) -> None:
    """Three decisions in sixty seconds are three a minute; fewer say nothing."""
    log = [_decide(str(place), place, seconds_spent=value) for place, value in enumerate(seconds)]

    assert review_state(log, "kim").per_minute == expected


def test_a_reviewer_begins_where_they_stopped() -> None:
    """At the known row if it is in the queue, else at the first undecided one."""
    log = [_decide("1", 0), _decide("2", 1)]
    decisions = review_state(log, "kim").decisions

    assert starting_index(_queue(undecided_only=False), DecisionTable.of(_run(), decisions), 7) == 7
    assert starting_index(_queue(undecided_only=False), DecisionTable.of(_run(), decisions), None) == 2
    assert starting_index(_queue(log), DecisionTable.of(_run(), decisions), 1) == 0
    assert starting_index(_queue(log, verdict="any"), DecisionTable.of(_run(), decisions), None) == 0


def test_a_finished_queue_begins_at_its_end() -> None:
    """Nothing is left: the end is shown."""
    log = [_decide(str(row), row) for row in range(N_ROWS)]

    decisions = review_state(log, "kim").decisions

    assert starting_index(_queue(undecided_only=False), DecisionTable.of(_run(), decisions), None) == N_ROWS


def test_a_card_says_what_is_known_of_its_row() -> None:
    """Given and suggested label with probabilities; the given one falls back on its quality score."""
    card = _data()["cards"][0]

    assert card == {
        "index": 0,
        "row": 0,
        "row_id": "m0",
        "text": "x" * 10,
        "given": "a",
        "given_prob": 0.05,
        "suggested": "b",
        "suggested_prob": 0.7,
        "likely": [{"label": "b", "prob": 0.7}, {"label": "c", "prob": 0.2}],
        "error_probability": 0.9,
        "is_issue": True,
        "decision": None,
        "evidence": None,
    }


def test_an_unlabelled_row_has_no_given_label_and_no_error_probability() -> None:
    """What is not known is null, never NaN, which is no JSON."""
    data = _data()
    card = data["cards"][2]

    assert (card["given"], card["given_prob"], card["error_probability"]) == (None, None, None)
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_the_window_reaches_a_little_back_and_far_ahead() -> None:
    """Five cards behind, forty from here on; none past the ends."""

    def places(at: int) -> tuple[int, int, int]:
        data = _data(at=at)
        return data["offset"], data["cards"][-1]["index"] or 0, data["at"]

    assert places(0) == (0, 39, 0)
    assert places(50) == (45, 89, 50)
    assert places(98) == (93, 99, 98)
    assert places(500) == (95, 99, 100)
    assert places(-3) == (0, 39, 0)


def test_long_texts_make_a_short_window() -> None:
    """A run of the page stays quick, and the card on screen is always among those sent."""
    data = _data(at=50, text_length=200_000)

    assert [card["index"] for card in data["cards"]] == [50, 51, 52, 53]


def test_decisions_are_shown_with_their_label_and_note() -> None:
    """Going back shows what was decided, also by others."""
    log = [_decide("1", 0, "relabel", label="new", note="why", reviewer="lee")]

    data = _data(log)

    assert data["cards"][0]["decision"] == {"uuid": "1", "verdict": "relabel", "label": "new", "note": "why"}
    assert data["classes"] == ["a", "b", "c", "new"]
    assert data["undo"] == []


def test_stack_entries_outside_the_queue_bring_their_card() -> None:
    """After F5 a decided row has left the queue, and can be shown again when it is undone."""
    log = [_decide("1", 0), _decide("2", 1), _turn("undo", "2", row=1)]

    data = _data(log, queue=_queue(log))

    assert [(entry["uuid"], entry["row"], entry["index"]) for entry in data["undo"]] == [("1", 0, None)]
    assert data["undo"][0]["card"]["row"] == 0
    assert data["undo"][0]["decision"] == {"uuid": "1", "verdict": "keep", "label": None, "note": ""}
    assert [(entry["uuid"], entry["index"]) for entry in data["redo"]] == [("2", 0)]
    assert "card" not in data["redo"][0]


def test_progress_counts_decided_and_corrected_rows() -> None:
    """A correction to the given label corrects nothing; a label for an unlabelled row does."""
    log = [
        _decide("1", 0, "accept", label="b"),
        _decide("2", 1, "accept", label="a"),
        _decide("3", 2, "relabel", label="a"),
        _decide("4", 3, "unsure"),
    ]

    assert _data(log)["progress"] == {"decided": 4, "total": 100, "fixed": 2, "per_minute": None}


def test_progress_survives_a_refresh_of_an_undecided_queue() -> None:
    """The decided rows have left the snapshot, but not the count."""
    log = [_decide("1", 0), _decide("2", 1)]

    data = _data(log, queue=_queue(log))

    assert data["total"] == 98
    assert (data["progress"]["decided"], data["progress"]["total"]) == (2, 100)


def test_progress_in_a_queue_by_verdict_counts_those_settled_since() -> None:
    """Unsure rows are done when somebody is sure."""
    log = [_decide("1", 0, "unsure"), _decide("2", 1, "unsure")]
    queue = _queue(log, verdict=Verdict.UNSURE)

    data = _data([*log, _decide("3", 0, "keep")], queue=queue)

    assert (data["progress"]["decided"], data["progress"]["total"]) == (1, 2)


def test_the_first_undecided_row_is_named() -> None:
    """So that skipped rows are found again."""
    assert _data([_decide("1", 0)])["first_undecided"] == 1
    assert _data([_decide(str(row), row) for row in range(N_ROWS)])["first_undecided"] is None


def test_the_browser_is_told_what_is_stored_and_what_is_refused() -> None:
    """Both leave its outbox."""
    data = _data(outbox=Outbox(refused={"bad": "The row must exist."}))

    assert data["acked"] == ["one", "two"]
    assert data["refused"] == [{"uuid": "bad", "reason": "The row must exist."}]


def test_merged_names_are_not_offered() -> None:
    """A class that a reviewer made is, also after learning made it a class of the run."""
    names = names_for(CLASSES, [_decide("1", 0, "relabel", label="new")])

    assert offered_classes(names, _run(), gone=["b"]) == ("a", "c", "new")


def test_of_label_sets_single_labels_and_the_most_used_sets_are_offered() -> None:
    """Not every set that some row might have; the empty set always."""
    sets = (LabelSet(["x", "y"]), LabelSet(["y", "z"]), LabelSet(["z"]))
    run = SimpleNamespace(class_names=sets, labels=np.array([0, 0, -1, 2]), suggested_labels=np.array([1, 1, 1, 1]))

    offered = offered_classes(names_for(sets, []), run, gone=["z"])

    assert offered == ("x", "y", "∅ no label", "x, y", "z")
