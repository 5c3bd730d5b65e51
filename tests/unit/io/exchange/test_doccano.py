"""doccano: texts out, labels back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import SentRow, TaskSet
from labelclean.io.exchange.doccano import DOCCANO
from labelclean.io.exchange.tools import read_annotations

FILES = Path(__file__).parent / "files"


def test_texts_are_sent_without_a_label() -> None:
    """A label would look as if an annotator had given it; both labels stand beside the text."""
    row = SentRow(
        row=4,
        row_id=None,
        text="Zurück, bitte.",
        text_hash="00ff00ff00ff00ff",
        given=("parcel",),
        suggested=("refund",),
        given_label="parcel",
        suggested_label="refund",
        error_probability=None,
        rank=1,
    )
    target = io.BytesIO()

    DOCCANO.write(TaskSet(rows=[row], choices=("parcel",), is_multiple=False, version=""), target)

    line = target.getvalue().decode()
    assert json.loads(line) == {
        "text": "Zurück, bitte.",
        "label": [],
        "labelclean_row": 4,
        "labelclean_text_hash": "00ff00ff00ff00ff",
        "labelclean_given_label": "parcel",
        "labelclean_suggested_label": "refund",
        "labelclean_rank": 1,
    }
    assert line.endswith("\n")
    assert "ü" in line


def test_the_labels_are_a_file_that_doccano_imports() -> None:
    """Each label has a name and colours, and no key that could be taken already."""
    config = json.loads(DOCCANO.config(TaskSet(rows=[], choices=("late", "étage"), is_multiple=True, version="")))

    assert [label["text"] for label in config] == ["late", "étage"]
    assert {label["suffix_key"] for label in config} == {None}
    assert len({label["background_color"] for label in config}) == 2


def test_each_annotators_file_is_read() -> None:
    """The file is named after the annotator; a text without a label was not looked at; comments come along."""
    found = read_annotations(FILES / "anna.jsonl")

    assert (found.tool.title, found.n_tasks, found.n_unanswered) == ("doccano", 3, 1)
    assert [(each.place, each.row, each.labels, each.annotator, each.note) for each in found.annotations] == [
        ("line 1", 0, ("parcel",), "anna", ""),
        ("line 2", 1, ("parcel", "refund"), "anna", "money and box; see 0"),
    ]


def test_the_file_of_all_annotators_names_none() -> None:
    """Where annotators work together doccano does not say who it was."""
    found = read_annotations(FILES / "all.jsonl", tool="doccano")

    assert [(each.labels, each.annotator) for each in found.annotations] == [(("parcel",), "")]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"text": "x", "label": [[0, 3, "PER"]]}, "Labels must be a list of texts in label; line 3 has something else"),
        ({"text": "x", "label": ["a"]}, "Each task must say which row it is of"),
    ],
)
def test_spans_and_foreign_texts_are_refused(record: dict[str, object], words: str) -> None:
    """A project of another kind, and texts that were not sent, are not taken for answers."""
    with pytest.raises(FileContentError, match=words):
        DOCCANO.annotations(record, "line 3", "")
