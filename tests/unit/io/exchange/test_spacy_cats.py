"""spaCy: texts with categories, both ways."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import SentRow, TaskSet
from labelclean.io.exchange.spacy_cats import SPACY
from labelclean.io.exchange.tools import read_annotations

FILES = Path(__file__).parent / "files"


def sent(given: tuple[str, ...] | None) -> SentRow:
    """Return a row to send."""
    return SentRow(
        row=4,
        row_id=None,
        text="I paid twice.",
        text_hash="00ff00ff00ff00ff",
        given=given,
        suggested=("refund",),
        given_label=None,
        suggested_label="refund",
        error_probability=None,
        rank=1,
    )


def test_categories_are_the_given_labels() -> None:
    """Every label has a score, 1 or 0; a text without a label has no categories."""
    target = io.BytesIO()
    rows = [sent(("parcel",)), sent(("parcel", "refund")), sent(()), sent(None)]

    SPACY.write(TaskSet(rows=rows, choices=("parcel", "refund"), is_multiple=True, version=""), target)

    lines = [json.loads(line) for line in target.getvalue().splitlines()]
    assert [line["cats"] for line in lines] == [
        {"parcel": 1.0, "refund": 0.0},
        {"parcel": 1.0, "refund": 1.0},
        {"parcel": 0.0, "refund": 0.0},
        {},
    ]
    assert lines[0]["labelclean_suggested_label"] == "refund"


def test_a_score_of_a_half_or_more_is_a_label() -> None:
    """Numbers and true/false count; a text without categories was not looked at."""
    found = read_annotations(FILES / "spacy.jsonl")

    assert (found.tool.title, found.n_tasks, found.n_unanswered) == ("spaCy", 5, 1)
    assert [(each.row, each.labels) for each in found.annotations] == [
        (0, ("parcel",)),
        (1, ("parcel", "refund")),
        (2, ("parcel",)),
        (4, ()),
    ]
    assert {each.annotator for each in found.annotations} == {""}


@pytest.mark.parametrize(
    "cats", ["parcel", {"parcel": "yes"}, {"parcel": None}, {"parcel": float("nan")}, {"parcel": 10**400}]
)
def test_categories_must_be_numbers(cats: object) -> None:
    """The message names the line."""
    record = {"text": "x", "labelclean_row": 1, "labelclean_text_hash": "ab", "cats": cats}

    with pytest.raises(FileContentError, match="must be an object of numbers, 0 to 1, in cats; line 3"):
        SPACY.annotations(record, "line 3", "")
