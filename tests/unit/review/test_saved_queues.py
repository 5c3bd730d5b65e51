"""Tests of the queues that a project keeps under a name."""

from __future__ import annotations

import json

import pytest

from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.saved_queues import (
    MAX_SAVED_QUEUES,
    SavedQueue,
    delete_queue,
    rename_queue,
    save_queue,
    saved_from_json,
    saved_to_json,
)

LATE = SavedQueue(name="Late", queue_filter=QueueFilter(given=LabelSet(["late", 1]), text="ça & +"))
ALL = SavedQueue(name="All", queue_filter=QueueFilter(only_issues=False))


def test_saved_queues_come_back_from_json() -> None:
    """Through the text that a database holds."""
    assert saved_from_json(json.loads(json.dumps(saved_to_json([LATE, ALL])))) == (LATE, ALL)


@pytest.mark.parametrize(
    "damaged",
    [None, {}, "x", [1, None, {"name": 3, "params": {}}, {"name": " ", "params": {}}, {"name": "a", "params": []}]],
)
def test_damaged_entries_are_left_out(damaged: object) -> None:
    """Never an error: the page must open."""
    assert saved_from_json(damaged) == ()


def test_a_name_that_is_taken_is_given_to_the_new_filter() -> None:
    """At the same place in the list."""
    saved = save_queue([LATE, ALL], " Late ", QueueFilter())

    assert [(queue.name, queue.queue_filter) for queue in saved] == [("Late", QueueFilter()), ("All", ALL.queue_filter)]


def test_a_queue_can_be_renamed_and_deleted() -> None:
    """Taking another one's name takes its place."""
    assert rename_queue([LATE, ALL], "Late", "Later")[0] == SavedQueue(name="Later", queue_filter=LATE.queue_filter)
    assert rename_queue([LATE, ALL], "Late", "All") == (SavedQueue(name="All", queue_filter=LATE.queue_filter),)
    assert rename_queue([LATE], "Late", "Late") == (LATE,)
    assert delete_queue([LATE, ALL], "Late") == (ALL,)


@pytest.mark.parametrize("name", ["", " \n ", "x" * 61])
def test_a_name_must_be_short_and_there(name: str) -> None:
    """It has to fit into the list."""
    with pytest.raises(InvalidInputError, match="The name of a queue must have 1 to 60 characters"):
        save_queue([], name, QueueFilter())


def test_there_are_at_most_fifty() -> None:
    """A longer list would hide the queues."""
    full = [SavedQueue(name=str(number), queue_filter=QueueFilter()) for number in range(MAX_SAVED_QUEUES)]

    with pytest.raises(InvalidInputError, match="at most 50 saved queues"):
        save_queue(full, "one more", QueueFilter())
