"""Files of annotation tools as datasets: where text and label are."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.exchange.datasets import exported_labels, guess_exported
from labelclean.io.exchange.hints import exchange_roles
from labelclean.io.layout import ColumnGuess, ColumnRoles, FileLayout
from labelclean.io.source import inspect_file, write_back
from labelclean.io.tables.contract import TableScan
from labelclean.io.tables.json_files.lines import JSON_LINES

FILES = Path(__file__).parent / "files"
KEYS = {"labelclean_row": 1, "labelclean_text_hash": "ab"}


def scanned(path: Path) -> tuple[FileLayout, TableScan]:
    """Scan a file of JSON Lines."""
    layout = FileLayout(
        file_format="jsonl", encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0
    )
    return layout, JSON_LINES.scan(path, layout)


def lines(tmp_path: Path, *records: object) -> Path:
    """Write JSON Lines."""
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def records_of(name: str) -> list[object]:
    """Return the records of a file, an array or lines."""
    text = (FILES / name).read_text(encoding="utf-8")
    return list(json.loads(text)) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]


CHOICES = "annotations.0.result.0.value.choices"


@pytest.mark.parametrize(
    ("name", "columns", "tool"),
    [
        ("label_studio.json", ("data.text", CHOICES, "array", f"{CHOICES}.0"), "Label Studio"),
        ("argilla.json", ("fields.text", "responses.label.0.value", "plain", None), "Argilla"),
        ("argilla_flat.json", ("text", "label.responses.0", "plain", None), "Argilla"),
        ("argilla_flat_multiple.jsonl", ("text", "label.responses.0", "array", None), "Argilla"),
        ("prodigy.jsonl", ("text", "accept", "array", "accept.0"), "Prodigy"),
        ("spacy.jsonl", ("text", "cats", "scores", None), "spaCy"),
        ("anna.jsonl", ("text", "label", "array", "label.0"), "doccano"),
        ("all.jsonl", ("text", "label", "array", "label.0"), "doccano"),
    ],
)
def test_each_tools_export_is_known(
    tmp_path: Path, name: str, columns: tuple[str, str, str, str | None], tool: str
) -> None:
    """The export is a dataset like any other; the reason names the tool."""
    _layout, table = scanned(lines(tmp_path, *records_of(name)))

    hint = exchange_roles(table.columns, table.sample, kinds=table.kinds)

    assert hint is not None
    roles, single = hint.roles, hint.single
    assert (roles.text, roles.label, roles.spelling.kind, single.label if single else None) == columns
    assert tool in hint.reason
    assert hint.reason.endswith(".")


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ({"label": "parcel"}, ("label", "plain")),
        ({"label": {"choices": ["parcel", "late"]}}, ("label.choices", "array")),
        ({"topic": {"choices": ["parcel", "late"]}}, ("topic.choices", "array")),
        ({"topic": "parcel"}, None),
    ],
)
def test_the_short_export_of_label_studio_is_known(
    tmp_path: Path, label: dict[str, object], found: tuple[str, str] | None
) -> None:
    """The label is under the name of the control; one with another name and single texts is left to the guess."""
    record = {"text": "x", "id": 1, "annotator": 1, "annotation_id": 3, "lead_time": 2.5, **label}
    _layout, table = scanned(lines(tmp_path, record))

    hint = exchange_roles(table.columns, table.sample)

    assert (None if hint is None else (hint.roles.label, hint.roles.spelling.kind)) == found


def test_other_names_of_fields_are_found(tmp_path: Path) -> None:
    """A project may call its text as it likes: then it is the longest of the fields."""
    studio = {"data": {"nr": "a1", "body": "x y z w"}, "annotations": [{"result": [{"value": {"choices": ["a"]}}]}]}
    argilla = {"fields": {"title": "x", "body": "x y z w"}, "responses": {"tone": [{"value": "a", "user_id": "u"}]}}

    hints = []
    for record in (studio, argilla):
        _layout, table = scanned(lines(tmp_path, record))
        hints.append(exchange_roles(table.columns, table.sample, kinds=table.kinds))

    assert [hint.roles.text if hint else None for hint in hints] == ["data.body", "fields.body"]
    assert [hint.roles.label if hint else None for hint in hints] == [
        "annotations.0.result.0.value.choices",
        "responses.tone.0.value",
    ]


def test_a_binary_answer_of_prodigy_has_a_label(tmp_path: Path) -> None:
    """The reason says that rejected ones count as well."""
    _layout, table = scanned(lines(tmp_path, {"text": "x", "label": "a", "answer": "reject"}))

    hint = exchange_roles(table.columns, table.sample, kinds=table.kinds)

    assert hint is not None
    assert (hint.roles.label, hint.roles.spelling.kind, hint.single) == ("label", "plain", None)
    assert "rejected" in hint.reason


@pytest.mark.parametrize(
    "record",
    [
        {"text": "x", "label": "a"},
        {"text": "x", "label": [[0, 3, "PER"]]},
        {"text": "x", "label": '["a"]'},
        {"text": "x", "cats": {"a": "yes"}},
        {"text": "x", "cats": ["a"]},
        {"text": "x", "accept": "a", "answer": "accept"},
        {"text": "x", "answer": "accept"},
        {"data": {"text": "x"}, "annotations": []},
        {"text": "x", "annotator": "anna", "annotation_id": 3},
        {"fields": {"text": "x"}, "responses": {}},
        {"text": "x", "a.responses": ["p"], "b.responses": ["q"]},
        {"message": "x", "label.responses": ["p"]},
    ],
)
def test_what_no_tool_writes_is_left_to_the_usual_guess(tmp_path: Path, record: dict[str, object]) -> None:
    """A list must be one, not a text that spells one; two questions have no first."""
    _layout, table = scanned(lines(tmp_path, record))

    assert exchange_roles(table.columns, table.sample, kinds=table.kinds) is None


def test_lists_of_one_label_become_a_column_of_labels(tmp_path: Path) -> None:
    """The column is there for showing and reading; an empty list is a missing label."""
    path = lines(tmp_path, {"text": "x", "label": ["a"]}, {"text": "y", "label": []}, {"text": "z", "label": ["b"]})
    layout, table = scanned(path)

    found = guess_exported(JSON_LINES, path, layout, table)

    assert found is not None
    assert found.table.columns == ("text", "label", "label.0")
    assert found.table.sample == (("x", '["a"]', "a"), ("y", "[]", ""), ("z", '["b"]', "b"))
    assert found.table.kinds == ("text", "list", "text")
    assert (found.roles.text, found.roles.label, found.roles.spelling.kind) == ("text", "label.0", "plain")


def test_one_list_of_two_anywhere_keeps_the_lists(tmp_path: Path) -> None:
    """The whole file counts, not the rows that are shown: nothing may be lost."""
    path = lines(tmp_path, *[{"text": "x", "label": ["a"]}] * 3000, {"text": "y", "label": ["a", "b"]})
    layout, table = scanned(path)

    found = guess_exported(JSON_LINES, path, layout, table)

    assert found is not None
    assert found.table is table
    assert (found.roles.label, found.roles.spelling.kind) == ("label", "array")


def test_several_questions_are_said(tmp_path: Path) -> None:
    """Which answer of a Label Studio task comes first is up to the annotator, so the labels cannot be trusted."""

    def task(*results: tuple[str, str, object]) -> dict[str, object]:
        found = [{"from_name": name, "type": kind, "value": {kind: value}} for name, kind, value in results]
        return {"data": {"text": "x"}, "annotations": [{"result": found}]}

    topic, stars = ("topic", "choices", ["a"]), ("stars", "rating", 3)
    one = inspect_file(lines(tmp_path, task(topic), task(topic, stars), task()))
    several = inspect_file(lines(tmp_path, task(topic), task(stars, topic)))

    assert one.warnings == ()
    assert [warning.startswith("The annotators answered several questions") for warning in several.warnings] == [True]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    """No tool, no guess; tables of other kinds are not even looked at."""
    plain = lines(tmp_path, {"text": "x", "label": "a"})
    layout, table = scanned(plain)
    listed = lines(tmp_path, {"text": "x", "label": ["a"]})

    assert guess_exported(JSON_LINES, plain, layout, table) is None
    assert exchange_roles(table.columns, table.sample) is None
    assert guess_exported(JSON_LINES, listed, replace(layout, file_format="parquet"), scanned(listed)[1]) is None


def test_one_record_for_each_annotation_may_be_votes(tmp_path: Path) -> None:
    """The short export of Label Studio is the long form of several annotators; the usual guess sees to it."""
    records = [
        {"text": f"text {task}", "id": task, "label": "a", "annotator": by, "annotation_id": 10 * task + by}
        for task in range(8)
        for by in (1, 2, 3)
    ]
    path = lines(tmp_path, *records)

    found = inspect_file(path)

    assert [guess.column for guess in found.guesses if guess.role != "row_id"] == ["text", "label"]
    assert "JSON_MIN" in found.guesses[0].reason


def test_a_column_has_one_role(tmp_path: Path) -> None:
    """An id that turns out to be the text is no id; how labels are spelled is known from the tool."""
    usual = (
        ColumnGuess(role="text", column="a", reason="1"),
        ColumnGuess(role="label", column=None, reason="2"),
        ColumnGuess(role="row_id", column="text", reason="3"),
    )
    path = lines(tmp_path, {"text": "x", "cats": {"a": 1.0}})
    layout, table = scanned(path)
    exported = guess_exported(JSON_LINES, path, layout, table)
    assert exported is not None

    found = exported_labels(exported, usual)

    assert [(guess.role, guess.column) for guess in found.guesses] == [
        ("text", "text"),
        ("label", "cats"),
        ("row_id", None),
    ]
    assert (found.spelling.kind, found.votes) == ("scores", None)
    assert "spaCy" in found.reason


def test_a_label_without_a_place_is_refused(tmp_path: Path) -> None:
    """What stands in the place of an answer is no answer; a second one behind it would not be read."""
    path = lines(tmp_path, {"text": "x", "responses": [{"value": "a"}]}, {"text": "y", "responses": ["b"]})
    found = inspect_file(path)

    with pytest.raises(FileContentError, match=r"an item of an array is something else.*row 1"):
        write_back(path, io.BytesIO(), found.layout, ColumnRoles(text="text", label="responses.0.value"), {1: "c"})


def test_a_label_goes_into_an_empty_list_and_out_again(tmp_path: Path) -> None:
    """What was corrected can be undone: no null stays behind in the list."""
    path = lines(tmp_path, {"text": "x", "label": ["a"]}, {"text": "y", "label": []})
    found = inspect_file(path)
    roles = ColumnRoles(text="text", label="label.0")

    once, back = io.BytesIO(), io.BytesIO()
    write_back(path, once, found.layout, roles, {0: "b", 1: "a"})
    corrected = tmp_path / "corrected.jsonl"
    corrected.write_bytes(once.getvalue())
    write_back(corrected, back, inspect_file(corrected).layout, roles, {0: "a", 1: None})

    assert once.getvalue().decode() == '{"text": "x", "label": ["b"]}\n{"text": "y", "label": ["a"]}\n'
    assert back.getvalue() == path.read_bytes()
