"""Columns inside of nested objects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.io.tables.contract import CellValue
from labelclean.io.tables.json_files.paths import find_place, value_at
from tests.json_cases import FileOf

TASK = {
    "id": 7,
    "data": {"text": "a b", "scores": {"x": 0.5, "y": True}, "tags": ["t"], "none": None, "empty": {}},
    "annotations": [{"result": [{"value": {"choices": ["x"]}}], "by": "me"}, {"result": []}],
}


def test_what_is_inside_of_objects_is_offered_as_columns(tmp_path: Path) -> None:
    """Keys of the row first; then leaves, and objects of numbers or true/false, which may be scores."""
    scan = FileOf(tmp_path, "jsonl", json.dumps(TASK)).scan()

    assert dict(zip(scan.columns, scan.kinds, strict=True)) == {
        "id": "number",
        "data": "object",
        "annotations": "list",
        "data.text": "text",
        "data.scores": "object",
        "data.scores.x": "number",
        "data.scores.y": "bool",
        "data.tags": "list",
        "data.none": "missing",
        "data.empty": "object",
        "annotations.0.result.0.value.choices": "list",
        "annotations.0.by": "text",
    }
    assert scan.sample[0][3] == "a b"


def test_nothing_deeper_than_six_steps_is_a_column(tmp_path: Path) -> None:
    """It is part of the value above it."""
    row: dict[str, object] = {"h": 1, "items": [{"i": 1}]}
    for key in "gfedcba":
        row = {key: row}

    scan = FileOf(tmp_path, "jsonl", json.dumps(row)).scan()

    assert scan.columns == ("a", "a.b.c.d.e.f")


def test_nested_columns_are_bounded(tmp_path: Path) -> None:
    """Keys that are ids give one column each only so far."""
    text = "".join(json.dumps({"n": {f"k{row}": 1}}) + "\n" for row in range(1_200))

    scan = FileOf(tmp_path, "jsonl", text).scan()

    assert len(scan.columns) == 1_001
    assert scan.columns[-1] == "n.k999"
    assert scan.warnings == ("Only the first 1,000 values inside nested objects are offered as columns.",)


def test_nested_keys_that_cannot_be_shown_are_no_columns(tmp_path: Path) -> None:
    """They are part of the object that holds them; at the outside such a key is refused."""
    scan = FileOf(tmp_path, "jsonl", '{"a": {"\\ud800": "x", "b": "y"}}').scan()

    assert scan.columns == ("a", "a.b")


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ({"a": {"b": 1}, "a.b": 2}, "a.b", 2),
        ({"a": {"b": 1}}, "a.b", 1),
        ({"a": {"b.c": 1, "b": {"c": 2}}}, "a.b.c", 1),
        ({"a.b": "x", "a": {"b": {"c": 1}}}, "a.b.c", 1),
        ({"a.b": {"c": 1}}, "a.b.c", 1),
        ({"a": [{"b": 1}, {"b": 2}]}, "a.1.b", 2),
        ({"a": {"0": {"b": 1}}}, "a.0.b", 1),
        ({"a": [{"b": 1}]}, "a.00.b", None),
        ({"a": [{"b": 1}]}, "a.-1.b", None),
        ({"a": [{"b": 1}]}, "a.1.b", None),
        ({"a": "x"}, "a.b", None),
        ({"a": None}, "a.b", None),
        ({"": {"": 1}}, ".", 1),
        ({}, "a", None),
    ],
)
def test_a_literal_key_wins_over_a_path(row: dict[str, CellValue], column: str, value: CellValue) -> None:
    """At every level the longest key that begins the name is tried first."""
    assert value_at(row, column) == value


def test_a_name_that_is_a_key_somewhere_is_one_column(tmp_path: Path) -> None:
    """Rows that have it as a key and rows that have it as a path are read alike."""
    file = FileOf(tmp_path, "jsonl", '{"a": {"b": 1}}\n{"a.b": "x"}\n{"a": {"b": 2}, "a.b": 3}\n')

    assert file.layout.columns == ("a", "a.b")
    assert file.scan().kinds == ("object", "mixed")
    assert file.read("a.b") == [[1, "x", 3]]


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ('{"a": {"b": 1}, "a.b": 2}', "a.b", '{"a": {"b": 1}, "a.b": "new"}'),
        ('{"a": {"b": 1}}', "a.b", '{"a": {"b": "new"}}'),
        ('{"a": {"b": 1, "b": 2}}', "a.b", '{"a": {"b": 1, "b": "new"}}'),
        ('{"a":{"x":1}}', "a.b", '{"a":{"x":1,"b":"new"}}'),
        ('{"a": {}}', "a.b", '{"a": {"b": "new"}}'),
        ('{"a": null}', "a.b", '{"a": {"b": "new"}}'),
        ('{"x": 1}', "a.b", '{"x": 1, "a": {"b": "new"}}'),
        ('{"a": 5}', "a.b", '{"a": 5, "a.b": "new"}'),
        ('{"a": {"b": 5}}', "a.b.c", '{"a": {"b": 5, "b.c": "new"}}'),
        ('{"x": 1}', "q.b", '{"x": 1, "q.b": "new"}'),
        ('{"x": 1}', "x", '{"x": "new"}'),
        ('{"a": [{"b": 1}, {"b": 2}]}', "a.0.b", '{"a": [{"b": "new"}, {"b": 2}]}'),
        ('{"a": []}', "a.0.b", '{"a": [{"b": "new"}]}'),
        ('{"a":[ {} ]}', "a.1.b", '{"a":[ {}, {"b": "new"} ]}'),
        ('{"a": [1]}', "a.b", '{"a": [1], "a.b": "new"}'),
        ('{"x": 1}', "a.0.b.0.c", '{"x": 1, "a": [{"b": [{"c": "new"}]}]}'),
    ],
)
def test_a_nested_value_is_set_where_it_belongs(tmp_path: Path, row: str, column: str, expected: str) -> None:
    """Replaced if it is there; else added to what holds it, which is made if it is missing."""
    file = FileOf(tmp_path, "jsonl", f'{{"a": null, "x": null}}\n{row}\n')

    written = file.with_cells({1: {column: "new"}}).splitlines()[1]

    assert written == expected
    assert value_at(json.loads(written), column) == "new"


def test_label_studio_tasks_are_patched_in_place(tmp_path: Path) -> None:
    """Nothing else of a deep document changes."""
    text = json.dumps([TASK, TASK], indent=4)
    file = FileOf(tmp_path, "json", text)

    written = file.with_cells({1: {"annotations.0.result.0.value.choices": ["y"], "data.text": "c"}})

    changed = json.loads(json.dumps(TASK))
    changed["annotations"][0]["result"][0]["value"]["choices"] = ["y"]
    changed["data"]["text"] = "c"
    assert written == json.dumps([TASK, changed], indent=4)


NESTED = st.recursive(
    st.none() | st.integers(0, 3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b", "a.b", "0", ""]), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    row=st.dictionaries(st.sampled_from(["a", "b", "a.b", "0"]), NESTED),
    parts=st.lists(st.sampled_from(["a", "b", "0", "1", ""]), min_size=1, max_size=4),
)
def test_reading_and_writing_mean_the_same_place(row: dict[str, CellValue], parts: list[str]) -> None:
    """The value that is read is the one at the place that would be written."""
    column = ".".join(parts)

    place = find_place(row, column, row)

    assert value_at(row, column) == (None if place.missing else place.value)
    value: object = row
    for step in place.steps:
        value = value[step]  # type: ignore[index]  # a path through what was drawn
    assert value == place.value


def test_a_key_of_thousands_of_dots_is_found_at_once() -> None:
    """Trying every beginning of such a name would take gigabytes; the rules are the same."""
    name = "." * 5_000
    row: dict[str, CellValue] = {"a": {name: 1, "b": {"c": 2}}, name: 3, f"a.{name}x": None}

    assert value_at(row, name) == 3
    assert value_at(row, f"a.{name}") == 1
    assert value_at(row, f"a.{name}x") is None
    assert value_at(row, f"{name}y") is None
