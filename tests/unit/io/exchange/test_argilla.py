"""Argilla: records out, responses back."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from labelclean.errors import FileContentError
from labelclean.io.exchange.argilla import ARGILLA
from labelclean.io.exchange.contract import SentRow, TaskSet
from labelclean.io.exchange.tools import read_annotations

FILES = Path(__file__).parent / "files"
ANNA = "7a000000-0000-4000-8000-00000000000a"
BEN = "7a000000-0000-4000-8000-00000000000b"


def sent(suggested: tuple[str, ...] | None) -> SentRow:
    """Return a row to send."""
    return SentRow(
        row=4,
        row_id=None,
        text="I paid twice.",
        text_hash="00ff00ff00ff00ff",
        given=None,
        suggested=suggested,
        given_label=None,
        suggested_label=None if suggested is None else ", ".join(suggested),
        error_probability=0.9,
        rank=1,
    )


def written(*rows: SentRow, is_multiple: bool) -> Any:
    """Return the JSON that is written."""
    target = io.BytesIO()
    ARGILLA.write(TaskSet(rows=rows, choices=("a", "b"), is_multiple=is_multiple, version="labelclean 9"), target)
    return json.loads(target.getvalue())


def test_a_suggestion_has_score_and_agent() -> None:
    """The record is of the form that the SDK reads; what is not known is left out of the metadata."""
    (found,) = written(sent(("a",)), is_multiple=False)

    assert found == {
        "id": "labelclean_4",
        "fields": {"text": "I paid twice."},
        "metadata": {
            "labelclean_row": 4,
            "labelclean_text_hash": "00ff00ff00ff00ff",
            "labelclean_suggested_label": "a",
            "labelclean_error_probability": 0.9,
            "labelclean_rank": 1,
        },
        "suggestions": {"label": {"value": "a", "score": 0.9, "agent": "labelclean 9"}},
        "responses": {},
        "vectors": {},
    }


def test_a_suggested_label_set_has_a_score_for_each_label() -> None:
    """The server refuses one score for a list; an empty list it refuses altogether."""
    full, empty, none = written(sent(("a", "b")), sent(()), sent(None), is_multiple=True)

    assert full["suggestions"]["label"] == {"value": ["a", "b"], "score": [0.9, 0.9], "agent": "labelclean 9"}
    assert (empty["suggestions"], none["suggestions"]) == ({}, {})


def test_nested_records_are_read_answer_by_answer() -> None:
    """Each user's response is an answer; a record without one has none."""
    found = read_annotations(FILES / "argilla.json")

    assert (found.tool.title, found.n_tasks, found.n_unanswered) == ("Argilla", 3, 1)
    assert [(each.row, each.labels, each.annotator) for each in found.annotations] == [
        (0, ("parcel",), ANNA),
        (1, ("parcel",), ANNA),
        (1, ("refund",), BEN),
    ]
    assert found.annotations[0].text == "Where is my parcel?"


def test_flat_records_say_what_was_discarded() -> None:
    """A discarded response passes the row over; a draft is no answer."""
    found = read_annotations(FILES / "argilla_flat.json")

    assert (found.n_tasks, found.n_unanswered) == (4, 2)
    assert [(each.row, each.labels, each.is_skipped, each.annotator) for each in found.annotations] == [
        (0, ("parcel",), False, ANNA),
        (1, ("refund",), True, ANNA),
        (1, ("parcel",), False, BEN),
    ]


def test_lists_of_labels_are_read() -> None:
    """A question of several labels gives a list, which may be empty."""
    found = read_annotations(FILES / "argilla_flat_multiple.jsonl", tool="argilla")

    assert [each.labels for each in found.annotations] == [("parcel", "damage"), ()]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"responses": []}, None),
        ({"responses": ["x"]}, "responses of a record must be lists; task 7"),
        ({"responses": {"label": {"value": "a"}}}, "responses of a record must be lists; task 7"),
        ({"responses": {"label": [{"value": 3}]}}, "Labels must be a list of texts in label.responses; task 7"),
        ({"responses": {"x": [], "y": []}}, "question must be named “label” where a record has several; task 7 has 2"),
        ({"responses": {"x": [{"value": "a"}]}, "metadata": None}, "Each task must say which row it is of"),
    ],
)
def test_what_argilla_would_not_write_is_refused(fields: dict[str, object], words: str | None) -> None:
    """The message names the record and what is wrong with it."""
    keys = {"labelclean_row": 1, "labelclean_text_hash": "ab"}
    record: dict[str, object] = {"fields": {"text": "x"}, "metadata": keys, **fields}

    if words is None:
        assert ARGILLA.annotations(record, "task 7", "") == []
        return
    with pytest.raises(FileContentError, match=words):
        ARGILLA.annotations(record, "task 7", "")


def test_the_only_question_may_have_another_name() -> None:
    """A dataset that was set up by hand need not call it label."""
    keys = {"labelclean_row": 1, "labelclean_text_hash": "ab"}
    record = {"fields": {"text": "x"}, "metadata": keys, "responses": {"topic": [{"value": "a", "user_id": "u"}]}}

    assert [each.labels for each in ARGILLA.annotations(record, "task 1", "")] == [("a",)]


def test_flat_columns_must_be_lists() -> None:
    """A response that is no list is not Argilla's."""
    record = {"text": "x", "labelclean_row": 1, "labelclean_text_hash": "ab", "label.responses": "a"}

    with pytest.raises(FileContentError, match="must be lists; line 2"):
        ARGILLA.annotations(record, "line 2", "")
