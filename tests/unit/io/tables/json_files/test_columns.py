"""Objects of equally long columns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.tables.contract import CellValue, TableEdits
from tests.json_cases import FileOf

ARRAYS = '{"text": ["a", "b" , "c"],\n "n": 3, "label": [1, null,\t2.0]}\n'
OBJECTS = '{"text":{"0":"a","1":"b"},"label":{"1":"y","0":"x"}}'


def test_arrays_are_columns(tmp_path: Path) -> None:
    """Members that are no arrays are no columns, and stay."""
    file = FileOf(tmp_path, "json_columns", ARRAYS)

    scan = file.scan()

    assert (scan.columns, scan.n_rows, scan.kinds) == (("text", "label"), 3, ("text", "number"))
    assert scan.sample == (("a", "1"), ("b", ""), ("c", "2.0"))
    assert file.read("label", "text", rows=[0, 2]) == [[1, 2.0], ["a", "c"]]
    assert file.write(TableEdits()) == (0, ARRAYS)


def test_objects_with_the_same_keys_are_columns(tmp_path: Path) -> None:
    """As pandas writes them; rows are in the order of the first column, in which the others need not be."""
    file = FileOf(tmp_path, "json_columns", OBJECTS)

    assert file.read("text", "label") == [["a", "b"], ["x", "y"]]
    assert file.with_cells({0: {"label": "z"}}) == OBJECTS.replace('"x"', '"z"')
    assert file.with_cells({}, 0) == '{"text":{"1":"b"},"label":{"1":"y"}}'


@pytest.mark.parametrize(
    ("cells", "dropped", "expected"),
    [
        ({0: {"label": 9, "text": "A"}}, (), ARRAYS.replace('"a"', '"A"').replace("[1,", "[9,")),
        ({1: {"label": ["x"]}}, (), ARRAYS.replace("null", '["x"]')),
        ({1: {"label": None}, 2: {"label": 2.0}}, (), ARRAYS),
        ({}, (0,), '{"text": ["b" , "c"],\n "n": 3, "label": [null,\t2.0]}\n'),
        ({0: {"label": 5}}, (1,), '{"text": ["a" , "c"],\n "n": 3, "label": [5,\t2.0]}\n'),
        ({}, (2,), '{"text": ["a", "b"],\n "n": 3, "label": [1, null]}\n'),
        ({2: {"label": 5}}, (0, 1, 2), '{"text": [],\n "n": 3, "label": []}\n'),
    ],
)
def test_only_changed_cells_are_written(
    tmp_path: Path, cells: dict[int, dict[str, CellValue]], dropped: tuple[int, ...], expected: str
) -> None:
    """A dropped row goes from every column with the white space and comma before it."""
    file = FileOf(tmp_path, "json_columns", ARRAYS)

    assert file.with_cells(cells, *dropped) == expected


def test_nested_values_are_columns_too(tmp_path: Path) -> None:
    """A path begins with a column's key and goes on inside of its cells."""
    text = '{"id": [1, 2, 3], "meta": [{"by": "x", "n": [1]}, {"by": null}, null]}'
    file = FileOf(tmp_path, "json_columns", text)

    assert file.layout.columns == ("id", "meta", "meta.by", "meta.n")
    assert file.read("meta.by", "meta.n") == [["x", None, None], [[1], None, None]]
    n_changed, written = file.write(TableEdits(cells={row: {"meta.by": "y"} for row in range(3)}))
    assert n_changed == 3
    assert written == '{"id": [1, 2, 3], "meta": [{"by": "y", "n": [1]}, {"by": "y"}, {"by": "y"}]}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ARRAYS, '{"text": ["a" , "c"],\n "n": 3, "label": [1,\t2.0], "new": [7, ["é"]]}\n'),
        (
            json.dumps({"text": ["a", "b", "c"], "label": [1, None, 2.0]}, indent=1),
            json.dumps({"text": ["a", "c"], "label": [1, 2.0], "new": [7, "SET"]}, indent=1).replace('"SET"', '["é"]'),
        ),
        ('{"text":{"0":"a","1":"b","2":"c"}}', '{"text":{"0":"a","2":"c"},"new":{"0":7,"2":["é"]}}'),
        ('{"text":["a","b","c"]}', '{"text":["a","c"],"new":[7,["é"]]}'),
    ],
)
def test_columns_are_added_in_the_style_of_the_last_one(tmp_path: Path, text: str, expected: str) -> None:
    """With its white space, and its keys where it has some; dropped rows are left out there too."""
    file = FileOf(tmp_path, "json_columns", text)

    n_changed, written = file.write(TableEdits(added={"new": [7, 8, ["é"]]}, dropped_rows=frozenset({1})))

    assert n_changed == 0
    assert written == expected


def test_an_added_column_that_is_there_is_overwritten(tmp_path: Path) -> None:
    """As adding it once more would make its key stand twice."""
    file = FileOf(tmp_path, "json_columns", '{"text": ["a", "b"], "label": [1, 2]}')

    assert file.write(TableEdits(added={"label": [1, 3]})) == (0, '{"text": ["a", "b"], "label": [1, 3]}')


def test_a_column_of_one_row_is_added_too(tmp_path: Path) -> None:
    """There is no comma to learn from, nor is one needed."""
    file = FileOf(tmp_path, "json_columns", '{"text": [ "a" ]}')

    assert file.write(TableEdits(added={"b": [1]}))[1] == '{"text": [ "a" ], "b": [ 1 ]}'


def test_values_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    """With their row; characters that a new encoding lacks, with their line."""
    file = FileOf(tmp_path, "json_columns", '{"text": ["a",\n"é"]}')

    with pytest.raises(FileContentError, match=r"got bytes\. This is about row 1"):
        file.with_cells({1: {"text": b"x"}})
    with pytest.raises(InvalidInputError, match="row 1 must belong to one of the columns"):
        file.with_cells({1: {"label": "x"}})
    with pytest.raises(FileContentError, match="ascii; line 2"):
        file.write(TableEdits(encoding="ascii"))


def test_oddities_are_told_with_their_row(tmp_path: Path) -> None:
    """As in the other JSON formats."""
    warnings = FileOf(tmp_path, "json_columns", '{"text": ["a",\n"b"], "n": [1,\nNaN]}').scan().warnings

    assert len(warnings) == 1
    assert warnings[0].startswith("1 object holds NaN or Infinity (first in row 1 (line 2))")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("[1]", "it is an array"),
        ("1", "it is a single value"),
        ("{}", "it is an empty object"),
        ('{"a": 1}', "it is an object of single values"),
        ('{"a": [], "b": []}', "they are empty"),
        ('{"a": {}}', "they are empty"),
        ('{"a": [1, 2], "b": [1]}', "“a” has 2 values and “b” has 1"),
        ('{"a": {"0": 1}, "b": {"1": 1}}', "“b” has others than “a”"),
        ('{"a": [1],\n"a": [2]}', "the one in line 2 stands twice"),
        ('{"a": {"0": 1,\n"0": 2}}', "the one in line 2 stands twice"),
        ('{"a": [1, 2], "b": [1,\n]}', "line 2, column 1 on: a comma stands before a closing bracket"),
        ('{"a": [1, 2', "line 1, column 12 on: the file ends there"),
        ('{"a": [1]} {"a": [2]}', "line 1, column 12 on: there is more after the end of the first value"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"a":\n[' + "1" * 5_000 + "]}", "line 2, column 2 on: a number has too many digits"),
    ],
)
def test_each_bad_document_has_its_own_message(tmp_path: Path, text: str, message: str) -> None:
    """What is wrong, where, and what to do."""
    with pytest.raises(FileContentError, match=message) as caught:
        FileOf(tmp_path, "json_columns", text).scan()

    assert caught.value.fix
