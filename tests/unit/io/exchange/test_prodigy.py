"""Prodigy: choice tasks out, answers back."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import SentRow, TaskSet
from labelclean.io.exchange.prodigy import PRODIGY
from labelclean.io.exchange.tools import read_annotations

FILES = Path(__file__).parent / "files"


@pytest.mark.parametrize(("is_multiple", "style"), [(False, "single"), (True, "multiple")])
def test_a_task_has_the_suggestion_chosen(*, is_multiple: bool, style: str) -> None:
    """All labels are options; the annotator sees the given label and the score."""
    row = SentRow(
        row=4,
        row_id="m4",
        text="I paid twice.",
        text_hash="00ff00ff00ff00ff",
        given=("parcel",),
        suggested=("refund",),
        given_label="parcel",
        suggested_label="refund",
        error_probability=0.9,
        rank=1,
    )
    target = io.BytesIO()

    PRODIGY.write(TaskSet(rows=[row], choices=("parcel", "refund"), is_multiple=is_multiple, version=""), target)

    assert json.loads(target.getvalue()) == {
        "text": "I paid twice.",
        "accept": ["refund"],
        "meta": {"given": "parcel", "score": 0.9},
        "options": [{"id": "parcel", "text": "parcel"}, {"id": "refund", "text": "refund"}],
        "config": {"choice_style": style},
        "labelclean_row": 4,
        "labelclean_id": "m4",
        "labelclean_text_hash": "00ff00ff00ff00ff",
        "labelclean_given_label": "parcel",
        "labelclean_suggested_label": "refund",
        "labelclean_error_probability": 0.9,
        "labelclean_rank": 1,
    }


def test_answers_are_read() -> None:
    """Ignored and rejected tasks are passed over; a task without an answer was not shown; flags do not matter."""
    found = read_annotations(FILES / "prodigy.jsonl")

    assert (found.tool.title, found.n_tasks, found.n_unanswered) == ("Prodigy", 6, 1)
    assert [(each.row, each.labels, each.is_skipped) for each in found.annotations] == [
        (0, ("parcel",), False),
        (1, ("parcel", "refund"), False),
        (2, ("parcel",), True),
        (4, ("parcel",), True),
        (5, (), False),
    ]
    assert {each.annotator for each in found.annotations} == {"suspects-anna"}
    assert found.annotations[0].decided_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_single_label_is_read_as_well() -> None:
    """Other interfaces than the one of choices hold one label and no options."""
    record = {
        "text": "x",
        "label": "refund",
        "answer": "accept",
        "_session_id": "anna",
        "labelclean_row": 2,
        "labelclean_text_hash": "ab",
    }

    (found,) = PRODIGY.annotations(record, "line 1", "")

    assert (found.labels, found.annotator, found.decided_at) == (("refund",), "anna", None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"accept": [3], "labelclean_row": 1, "labelclean_text_hash": "ab"},
            "Labels must be a list of texts in accept; line 3 has something else",
        ),
        ({"accept": ["a"]}, "Each task must say which row it is of"),
    ],
)
def test_options_that_are_no_labels_are_refused(fields: dict[str, object], words: str) -> None:
    """The message names the line and what is wrong with it."""
    with pytest.raises(FileContentError, match=words):
        PRODIGY.annotations({"text": "x", "answer": "accept", **fields}, "line 3", "")
