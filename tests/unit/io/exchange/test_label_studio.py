"""Label Studio: tasks out, annotations back."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import SentRow, TaskSet
from labelclean.io.exchange.label_studio import LABEL_STUDIO
from labelclean.io.exchange.tools import read_annotations

FILES = Path(__file__).parent / "files"


def sent(*, suggested: tuple[str, ...] | None = ("refund",), probability: float | None = 0.9) -> SentRow:
    """Return a row to send."""
    return SentRow(
        row=4,
        row_id="m4",
        text="I paid twice.",
        text_hash="00ff00ff00ff00ff",
        given=("parcel",),
        suggested=suggested,
        given_label="parcel",
        suggested_label=None if suggested is None else ", ".join(suggested),
        error_probability=probability,
        rank=1,
    )


def task_set(*rows: SentRow, choices: tuple[str, ...] = ("parcel", "refund"), is_multiple: bool = False) -> TaskSet:
    """Return what is sent."""
    return TaskSet(rows=rows, choices=choices, is_multiple=is_multiple, version="labelclean 9")


def written(tasks: TaskSet) -> Any:
    """Return the JSON that is written."""
    target = io.BytesIO()
    LABEL_STUDIO.write(tasks, target)
    return json.loads(target.getvalue())


def task(**fields: object) -> dict[str, object]:
    """Return a task with the keys of one row."""
    return {"data": {"text": "x", "labelclean_row": 1, "labelclean_text_hash": "ab"}, **fields}


def choices(name: str, *labels: object) -> dict[str, object]:
    """Return one result of a choice."""
    return {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": list(labels)}}


def test_a_suggestion_is_a_prediction_with_score_and_version() -> None:
    """Text and keys stand in data; the prediction has the names that the configuration gives."""
    found = written(task_set(sent()))

    assert found == [
        {
            "data": {
                "text": "I paid twice.",
                "labelclean_row": 4,
                "labelclean_id": "m4",
                "labelclean_text_hash": "00ff00ff00ff00ff",
                "labelclean_given_label": "parcel",
                "labelclean_suggested_label": "refund",
                "labelclean_error_probability": 0.9,
                "labelclean_rank": 1,
            },
            "predictions": [
                {
                    "model_version": "labelclean 9",
                    "score": 0.9,
                    "result": [
                        {
                            "id": "row-4",
                            "from_name": "label",
                            "to_name": "text",
                            "type": "choices",
                            "value": {"choices": ["refund"]},
                        }
                    ],
                }
            ],
        }
    ]


def test_without_a_suggestion_there_is_no_prediction() -> None:
    """A row without a suggestion, and one without a score, are sent as far as they go."""
    plain, unscored = written(task_set(sent(suggested=None), sent(probability=None)))

    assert "predictions" not in plain
    assert "score" not in unscored["predictions"][0]


def test_the_configuration_names_every_label() -> None:
    """Labels with quotes, angle brackets and line breaks come through XML unharmed."""
    names = ('say "no"', "a<b & c", "two\nlines", "étage")

    config = LABEL_STUDIO.config(task_set(choices=names, is_multiple=True))

    view = ET.fromstring(config)  # noqa: S314  (our own text)
    assert [choice.get("value") for choice in view.iter("Choice")] == list(names)
    assert [tag.get("choice") for tag in view.iter("Choices")] == ["multiple"]
    assert 'choice="single-radio"' in LABEL_STUDIO.config(task_set())


def test_an_export_is_read_answer_by_answer() -> None:
    """Two annotators give two answers, a skipped task one without a label, an open task none."""
    found = read_annotations(FILES / "label_studio.json")

    assert (found.tool.title, found.n_tasks, found.n_unanswered) == ("Label Studio", 6, 1)
    assert [(each.place, each.row, each.labels, each.is_skipped, each.annotator) for each in found.annotations] == [
        ("task 1", 0, ("parcel",), False, "1"),
        ("task 2", 1, ("parcel",), False, "anna@example.org"),
        ("task 2", 1, ("refund",), False, "ben@example.org"),
        ("task 3", 2, (), True, "1"),
        ("task 5", 4, ("damage",), False, "1"),
        ("task 6", 5, (), False, "1"),
    ]


def test_times_texts_and_labels_come_along() -> None:
    """The time is the last change; the text is as the tool has it, edited or not."""
    found = read_annotations(FILES / "label_studio.json").annotations

    assert found[0].decided_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert found[0].seconds_spent == 4.25
    assert (found[0].given_label, found[0].suggested_label, found[0].error_probability) == ("refund", "parcel", 0.97)
    assert (found[0].row_id, found[0].text_hash) == ("m0", "a91040a2061f15c4")
    assert found[4].text == "Two boxes came, one is broken. (see photo)"


def test_the_short_export_is_read_as_well() -> None:
    """JSON_MIN has text for one choice, an object for several, and nothing for none."""
    found = read_annotations(FILES / "label_studio_min.json", tool="label-studio")

    assert [(each.row, each.labels, each.annotator) for each in found.annotations] == [
        (0, ("parcel",), "1"),
        (1, ("parcel", "refund"), "2"),
        (2, (), "1"),
    ]
    assert found.annotations[0].decided_at == datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC)


def test_our_control_counts_beside_others() -> None:
    """A project may ask more than the label; its own name is not needed where it is the only choice."""
    both = task(annotations=[{"result": [choices("tone", "angry"), choices("label", "refund")]}])
    other = task(annotations=[{"result": [choices("topic", "refund"), {"type": "rating", "value": {"rating": 3}}]}])

    assert [each.labels for each in LABEL_STUDIO.annotations(both, "task 1", "")] == [("refund",)]
    assert [each.labels for each in LABEL_STUDIO.annotations(other, "task 1", "")] == [("refund",)]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (task(annotations={"result": []}), "annotations of a task must be a list of objects; task 7 has"),
        (task(annotations=["x"]), "annotations of a task must be a list of objects; task 7 has"),
        (task(annotations=[{"result": [choices("label", 3)]}]), "Labels must be a list of texts in value.choices"),
        (task(annotations=[{"result": [choices("a", "x"), choices("b", "y")]}]), "task 7 has 2 kinds"),
        ({"data": {"text": "x"}, "annotations": []}, "Each task must say which row it is of"),
        ({"annotation_id": 1, "text": "x", "label": "a"}, "Each task must say which row it is of"),
    ],
)
def test_what_label_studio_would_not_write_is_refused(record: dict[str, object], words: str) -> None:
    """The message names the task and what is wrong with it."""
    with pytest.raises(FileContentError, match=words):
        LABEL_STUDIO.annotations(record, "task 7", "")
