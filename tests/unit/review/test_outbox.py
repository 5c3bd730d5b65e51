"""Tests of reading what the browser sends, which anyone could have written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.review.label_names import LabelNames
from labelclean.review.outbox import Outbox, read_outbox

NOW = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
FIRST = "11111111-1111-4111-8111-111111111111"
SECOND = "22222222-2222-4222-8222-222222222222"

ACCEPT = {
    "uuid": FIRST,
    "seq": 4,
    "kind": "decide",
    "row": 2,
    "verdict": "accept",
    "label": "1",
    "target": None,
    "decided_at": "2031-05-06T07:00:00.250Z",
    "seconds": 3.5,
    "error_probability": 0.91,
    "suggested": "1",
    "note": " two questions ",
}


def _read(payload: object) -> Outbox:
    names = LabelNames.of(["a", 1])
    return read_outbox(payload, names=names, n_examples=10, reviewer="kim", now=NOW)


def _event(**changes: Any) -> ReviewEvent:
    (event,) = _read({"events": [{**ACCEPT, **changes}]}).events
    return event


def test_a_decision_is_read_whole() -> None:
    """Every field arrives, tokens as the labels they stand for."""
    assert _event() == ReviewEvent(
        uuid=FIRST,
        row=2,
        kind=EventKind.DECIDE,
        verdict=Verdict.ACCEPT,
        label=1,
        reviewer="kim",
        sequence=4,
        decided_at=datetime(2031, 5, 6, 7, 0, 0, 250_000, tzinfo=UTC),
        seconds_spent=3.5,
        error_probability=0.91,
        suggested_label=1,
        note="two questions",
    )


@pytest.mark.parametrize("kind", ["undo", "redo"])
def test_an_undo_or_redo_names_its_decision(kind: str) -> None:
    """Of an undo or redo only the row and the decision it speaks of count."""
    event = _event(kind=kind, target=SECOND)

    assert (event.kind, event.row, event.target_uuid) == (EventKind(kind), 2, SECOND)
    assert (event.verdict, event.label, event.note, event.seconds_spent) == (None, None, "", None)


@pytest.mark.parametrize("verdict", ["keep", "ambiguous", "unsure", "exclude"])
def test_only_corrections_carry_a_label(verdict: str) -> None:
    """A kept row has no new label, whatever was sent."""
    assert _event(verdict=verdict).label is None


def test_an_unknown_token_is_a_new_class_but_never_a_new_suggestion() -> None:
    """Reviewers make classes; suggestions come from the run."""
    event = _event(verdict="relabel", label="gift card", suggested="gift card")

    assert (event.label, event.suggested_label) == ("gift card", None)


@pytest.mark.parametrize(
    ("field", "sent", "expected"),
    [
        ("seconds", -4, 0.0),
        ("seconds", 1e9, 3600.0),
        ("seconds", "5", None),
        ("seconds", True, None),
        ("seconds", float("nan"), None),
        ("error_probability", 3, 1.0),
        ("error_probability", None, None),
        ("note", 17, ""),
        ("note", "half \ud800 and \x00", "half ? and"),
        ("note", "x" * 20_000, "x" * 10_000),
        ("seq", -1, 0),
        ("seq", "1", 0),
        ("seq", 10**12, 2**31 - 1),
        ("decided_at", None, NOW),
        ("decided_at", "yesterday", NOW),
        ("decided_at", "0001-01-01T00:00:00+14:00", NOW),
        ("decided_at", "2031-05-06T09:00:00+02:00", datetime(2031, 5, 6, 7, tzinfo=UTC)),
        ("decided_at", "2031-05-06T07:00:00", datetime(2031, 5, 6, 7, tzinfo=UTC)),
    ],
)
def test_odd_side_fields_are_put_right(field: str, sent: object, expected: object) -> None:
    """A decision is not lost because of its clock, its note or its counter."""
    name = {"seconds": "seconds_spent", "seq": "sequence"}.get(field, field)

    assert getattr(_event(**{field: sent}), name) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "destroy"},
        {"kind": None},
        {"row": 10},
        {"row": -1},
        {"row": True},
        {"row": "2"},
        {"row": 2.0},
        {"verdict": "yes"},
        {"verdict": ["accept"]},
        {"label": None},
        {"label": "  "},
        {"label": "two\nlines"},
        {"kind": "undo", "target": None},
        {"kind": "redo", "target": "SECOND"},
    ],
)
def test_a_malformed_event_is_refused_and_holds_up_no_other(changes: dict[str, Any]) -> None:
    """The browser is told to drop it; the next event is read."""
    outbox = _read({"events": [{**ACCEPT, **changes}, {**ACCEPT, "uuid": SECOND}]})

    assert [event.uuid for event in outbox.events] == [SECOND]
    assert list(outbox.refused) == [FIRST]
    assert "must" in outbox.refused[FIRST]


def test_an_event_without_a_usable_uuid_is_refused_by_its_place() -> None:
    """Things that are no events at all are refused one by one."""
    outbox = _read({"events": [None, {"row": 1}, {**ACCEPT, "uuid": "short"}, {**ACCEPT, "uuid": 5}]})

    assert outbox.events == ()
    assert list(outbox.refused) == ["#0", "#1", "short", "#3"]


def test_reasons_never_repeat_the_users_words() -> None:
    """Texts and labels may be private."""
    outbox = _read({"events": [{**ACCEPT, "label": "secret\nname"}]})

    assert "secret" not in json.dumps(dict(outbox.refused))


@pytest.mark.parametrize("payload", [None, 5, "text", [], {}, {"events": "many"}, {"events": None, "at": -1}])
def test_no_outbox_is_an_empty_one(payload: object) -> None:
    """Before the first decision there is nothing, and nonsense is nothing."""
    outbox = _read(payload)

    assert (outbox.events, dict(outbox.refused), outbox.queue, outbox.at) == ((), {}, "", None)


def test_the_place_of_the_reviewer_is_read() -> None:
    """Which card of which queue is on screen."""
    outbox = _read({"events": [], "at": 7, "queue": "abc"})

    assert (outbox.queue, outbox.at) == ("abc", 7)
