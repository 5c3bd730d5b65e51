"""Arrays of objects, alone or inside of an outer object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.tables.contract import TableEdits
from labelclean.io.tables.json_files.document import array_parts
from labelclean.io.text import text_file
from tests.json_cases import FileOf

ROWS = [{"id": row, "label": f"l{row}"} for row in range(4)]
PRETTY = json.dumps(ROWS, indent=2)


def test_an_array_of_objects_is_a_table(tmp_path: Path) -> None:
    """One row per object, whatever the white space."""
    file = FileOf(tmp_path, "json", f"\n {PRETTY}\n")

    scan = file.scan()

    assert (scan.columns, scan.n_rows, scan.kinds) == (("id", "label"), 4, ("number", "text"))
    assert file.read("label", "id") == [["l0", "l1", "l2", "l3"], [0, 1, 2, 3]]
    assert file.read("id", rows=[1, 3]) == [[1, 3]]


def test_an_array_inside_of_an_object_is_found(tmp_path: Path) -> None:
    """The first array of objects counts, unless another one is chosen; all of them can be listed."""
    text = '{"v": 1, "e": [], "n": [1], "data": [{"a": 1}], "m": {"x": [{}]}, "more": [{"b": 2}, {"b": 3}]}'
    found, chosen = FileOf(tmp_path, "json", text), FileOf(tmp_path, "json", text, part="more")

    assert array_parts(found.path, found.layout) == ("data", "more")
    assert found.read("a") == [[1]]
    assert chosen.read("b") == [[2, 3]]
    assert chosen.with_cells({1: {"b": 4}}) == text.replace('{"b": 3}', '{"b": 4}')
    assert found.with_cells({0: {"a": 4}}) == text.replace('{"a": 1}', '{"a": 4}')


def test_the_key_of_the_array_may_be_empty(tmp_path: Path) -> None:
    """It is a key like any other."""
    file = FileOf(tmp_path, "json", '{"": [{"a": 1}], "b": [{"c": 1}]}')

    assert array_parts(file.path, file.layout) == ("", "b")
    assert file.read("a") == [[1]]


def test_an_array_has_no_parts(tmp_path: Path) -> None:
    """There is nothing to choose."""
    file = FileOf(tmp_path, "json", PRETTY)

    assert array_parts(file.path, file.layout) == ()


@pytest.mark.parametrize("dropped", [(0,), (1,), (3,), (0, 1), (2, 3), (1, 2), (0, 3)])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_dropped_item_goes_with_one_comma(tmp_path: Path, dropped: tuple[int, ...], indent: int | None) -> None:
    """The result is what the json module would write for the others."""
    file = FileOf(tmp_path, "json", json.dumps(ROWS, indent=indent))

    text = file.with_cells({dropped[0]: {"label": "gone"}}, *dropped)

    assert text == json.dumps([row for at, row in enumerate(ROWS) if at not in dropped], indent=indent)


def test_all_items_can_be_dropped(tmp_path: Path) -> None:
    """What stands around the array stays."""
    file = FileOf(tmp_path, "json", '{"d": [ {"a": 1} , {"a": 2} ], "e": 1}')

    assert file.with_cells({}, 0, 1) == '{"d": [  ], "e": 1}'


def test_columns_are_added_in_the_style_of_the_neighbours(tmp_path: Path) -> None:
    """Indented where the members are."""
    file = FileOf(tmp_path, "json", PRETTY)

    n_changed, text = file.write(TableEdits(added={"new": ["a", None, ["b"], 1.0]}, dropped_rows=frozenset({1})))

    kept = [row | {"new": value} for row, value in zip(ROWS, ["a", None, "LIST", 1.0], strict=True)]
    del kept[1]
    assert n_changed == 0
    assert text == json.dumps(kept, indent=2).replace('"LIST"', '["b"]')


@pytest.mark.parametrize("block_bytes", [1, 7, 64])
def test_blocks_may_end_anywhere(tmp_path: Path, block_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside of a number, an escape, a literal or white space; the batches are cut elsewhere then."""
    monkeypatch.setattr("labelclean.io.tables.json_files.stream._BATCH_ITEMS", 2)
    rows = [{"n": 1234567, "e": "😀\n", "t": True, "l": [None, {"k": ""}]} for _ in range(5)]
    text = '{ "first" : 12345 ,\r\n "data" :\r\n' + json.dumps(rows, indent=1) + ' , "last" : "x" }\r\n'
    monkeypatch.setattr(text_file, "BLOCK_BYTES", block_bytes)
    file = FileOf(tmp_path, "json", text)

    assert file.read("n", "e", "t", "l") == [[row[key] for row in rows] for key in ("n", "e", "t", "l")]
    assert file.write(TableEdits()) == (0, text)
    assert file.with_cells({4: {"n": 0}}) == text[::-1].replace("7654321", "0", 1)[::-1]


def test_a_long_item_is_not_decoded_again_for_every_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an item is cut, twice as much is read."""
    monkeypatch.setattr(text_file, "BLOCK_BYTES", 16)
    file = FileOf(tmp_path, "json", json.dumps([{"a": "x" * 20_000}, {"a": "y"}]))

    assert [len(str(value)) for value in file.read("a")[0]] == [20_000, 1]


def test_what_stands_before_the_array_is_not_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many members there are, and whatever they hold."""
    monkeypatch.setattr("labelclean.io.tables.json_files.document.BLOCK_BYTES", 50)
    monkeypatch.setattr(text_file, "BLOCK_BYTES", 16)
    before = {f"k{number}": {"x": [number]} for number in range(40)}
    text = json.dumps({**before, "data": [{"a": 1}], "behind": before})
    file = FileOf(tmp_path, "json", text)

    assert file.read("a") == [[1]]
    assert file.with_cells({0: {"a": 2}}) == text.replace('{"a": 1}', '{"a": 2}')


def test_an_item_that_never_ends_is_refused_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most often a quote that is never closed; the rest of the file need not be read for that."""
    monkeypatch.setattr("labelclean.io.tables.json_files.stream.MAX_RECORD_CHARACTERS", 100)
    monkeypatch.setattr(text_file, "BLOCK_BYTES", 50)
    file = FileOf(tmp_path, "json", '[{"a": 1},\n {"a": "' + "x" * 1_000 + '"}]')

    with pytest.raises(FileContentError, match="line 2, column 8 on: a value begins there that is longer than 100"):
        file.scan()


def test_a_row_with_a_problem_is_named_with_its_item_and_line(tmp_path: Path) -> None:
    """Both by its row, as everywhere, and by where to look."""
    file = FileOf(tmp_path, "json", '[{"a": "é"},\r\n{"a": 1}]')

    with pytest.raises(FileContentError, match=r"row 1 \(line 2, item 2 of the array\)"):
        file.with_cells({1: {"a": b"x"}})
    with pytest.raises(FileContentError, match=r"row 0 \(line 1, item 1 of the array\)"):
        file.write(TableEdits(cells={1: {"a": 2}}, encoding="ascii"))


def test_text_around_the_array_must_fit_a_new_encoding(tmp_path: Path) -> None:
    """It is not escaped, as nothing but the cells may change."""
    file = FileOf(tmp_path, "json", '{"é": 1, "d": [{"a": 1}]}')

    with pytest.raises(FileContentError, match="the text around the array"):
        file.write(TableEdits(encoding="ascii"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("[]", "it is empty"),
        ("[{}, {}]", "all empty"),
        ("{}", "it is an empty object"),
        ('{"a": {"0": 1}}', r"there is none under its keys \(1\)"),
        ('{"a": [1, 2]}', r"there is none under its keys \(1\)"),
        ("[1]", "line 1, item 1 of the array is a single value"),
        ('[{"a": 1},\n\n[1]]', "line 3, item 2 of the array is an array"),
        ('[["text", "label"], ["a", "b"]]', "line 1, item 1 of the array is an array"),
        ('[{"a": 1}, null]', "item 2 of the array is a single value"),
        ('"a"', "line 1, column 1 on: what stands there is no JSON value"),
        ('[{"a": 1},]', "line 1, column 11 on: a comma stands before a closing bracket"),
        ('[{"a": 1},\r\n{"a": 1,}]', "line 2, column 9 on: a comma stands before a closing bracket"),
        ('[{"a": 1},\n{"a": 2}', "line 2, column 9 on: the file ends there"),
        ('[{"a": 1},\n', "line 2, column 1 on: the file ends there"),
        ('[{"a": 1}\n{"a": 2}]', "line 2, column 1 on: a comma or a closing bracket is missing"),
        ('[{"a": 1}]\n[{"a": 2}]', "line 2, column 1 on: there is more after the end of the first value"),
        ('{"d": [{"a": 1}]}{"d": []}', "line 1, column 18 on: there is more after the end of the first value"),
        ('{"d": [{"a": 1}], }', "line 1, column 19 on: a comma stands before a closing bracket"),
        ('{"d" [{"a": 1}]}', "line 1, column 6 on: a colon is missing"),
        ('{d: [{"a": 1}]}', "line 1, column 2 on: a key stands without quotes"),
        ('{"d": [{"a": 1}], "d": []}', "must stand once"),
        ('{"d": tru, "e": [{"a": 1}]}', "line 1, column 7 on: what stands there is no JSON value"),
        ("[" * 100_000, "nested too deeply"),
        ('[{"a": 1},\n{"a": ' + "[" * 1_000 + "]" * 1_000 + "}]", "line 2, column 1 on: it is nested too deeply"),
        ('{"x": ' + "[" * 1_000 + "]" * 1_000 + "}", "nested too deeply"),
        ('[{"a": ' + "1" * 5_000 + "}]", "line 1, column 8 on: a number has too many digits"),
        ('[{"a": 1}]\ufeff', "line 1, column 11 on: there is more"),
    ],
)
def test_each_bad_document_has_its_own_message(tmp_path: Path, text: str, message: str) -> None:
    """What is wrong, where, and what to do."""
    with pytest.raises(FileContentError, match=message) as caught:
        FileOf(tmp_path, "json", text).scan()

    assert caught.value.fix


@pytest.mark.parametrize(("text", "kind"), [(PRETTY, "an array itself"), ('{"d": [{"a": 1}]}', "an object without")])
def test_a_part_that_is_not_there_is_refused(tmp_path: Path, text: str, kind: str) -> None:
    """The file may be another one than the one the part was chosen for."""
    with pytest.raises(FileContentError, match=kind):
        FileOf(tmp_path, "json", text, part="other").scan()


def test_oddities_are_told_with_the_item_they_are_in(tmp_path: Path) -> None:
    """What stands outside of the array, or is met twice because a block ended there, does not count."""
    text = '{"x": NaN, "d": [\n{"a": 1},\n{"a": NaN},\n{"a": 1, "a": 2},\n{"a": NaN}]}'

    warnings = FileOf(tmp_path, "json", text).scan().warnings

    assert [warning[:90] for warning in warnings] == [
        "2 objects hold NaN or Infinity (first in line 3, item 2 of the array), which JSON does not"[:90],
        "In 1 object a key stands twice (first in line 4, item 3 of the array); the last one counts"[:90],
    ]
