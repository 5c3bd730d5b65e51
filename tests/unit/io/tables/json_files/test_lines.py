"""What JSON Lines files have of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileFormat
from labelclean.io.tables.contract import CellValue, TableEdits
from tests.json_cases import FileOf


def test_keys_are_columns_in_order_of_first_appearance(tmp_path: Path) -> None:
    """Objects need not have the same keys; a missing one is an empty cell."""
    scan = FileOf(tmp_path, "jsonl", '{"b": 1, "a": 2}\n\n{"c": null, "a": "x"}\n').scan()

    assert (scan.columns, scan.n_rows) == (("b", "a", "c"), 2)
    assert scan.sample == (("1", "2", ""), ("", "x", ""))
    assert scan.kinds == ("number", "mixed", "missing")


def test_the_sample_is_bounded(tmp_path: Path) -> None:
    """All rows are counted, the first ones kept."""
    scan = FileOf(tmp_path, "jsonl", '{"a": 1}\n' * 6_000).scan()

    assert (scan.n_rows, len(scan.sample)) == (6_000, 5_000)


def test_too_many_keys_are_refused(tmp_path: Path) -> None:
    """Keys that are data, such as ids, would give a column each."""
    file = FileOf(tmp_path, "jsonl", "".join(json.dumps({f"k{row}": 1}) + "\n" for row in range(10_050)))

    with pytest.raises(FileContentError, match="line 10,001"):
        file.scan()


def test_values_are_read_as_json_has_them(tmp_path: Path) -> None:
    """Each keeps its type; null, NaN, Infinity and a missing key are None, and white space around lines is nothing."""
    values = ['"1"', "1", "1.0", "1e5", "-0", "true", "null", "NaN", "-Infinity", '["a", 1]', '{"a": 1}']
    text = "".join(f' {{"v": {value}}} \r\n' for value in values) + '\t\n{"w": 1}'

    read = FileOf(tmp_path, "jsonl", text).read("v")[0]

    expected = ["1", 1, 1.0, 100000.0, 0, True, None, None, None, ["a", 1], {"a": 1}, None]
    assert [(type(value), value) for value in read] == [(type(value), value) for value in expected]


def test_some_rows_are_read_alone(tmp_path: Path) -> None:
    """Blank lines do not count, and lines that are not asked for are not even parsed."""
    file = FileOf(tmp_path, "jsonl", '{"a": 0}\n\n{"a": 1}\n{"a": 2}\n')
    layout = file.layout
    file.path.write_text('broken\n\n{"a": 1}\n{"a": 2}\n')

    assert file.format.read(file.path, layout, ["a"], rows=[1, 2]) == [[1, 2]]


def test_labels_that_repeat_are_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal short texts are the same object; what is remembered for that is bounded."""
    monkeypatch.setattr("labelclean.io.tables.json_files.cells._MOST_SEEN", 2)
    rows = [{"text": f"t{row}", "label": "some label"} for row in range(4)]

    texts, labels = FileOf(tmp_path, "jsonl", "\n".join(map(json.dumps, rows))).read("text", "label")

    assert texts == ["t0", "t1", "t2", "t3"]
    assert labels == ["some label"] * 4
    assert labels[0] is labels[1]


@pytest.mark.parametrize(
    ("line", "cells", "expected"),
    [
        ('{"label": 1, "id": 2}', {"label": "a", "id": 3}, '{"label": "a", "id": 3}'),
        ('{"a": {"b": [1, 2.50, "é"]} , "label":1}', {"label": None}, '{"a": {"b": [1, 2.50, "é"]} , "label":null}'),
        ('{"label": ["a",  "b"]}', {"label": ["b", "c"]}, '{"label": ["b",  "c"]}'),
        ('{"label":["a"]}', {"label": []}, '{"label":[]}'),
        ('{"label": {"a": 1.0, "b": 0}}', {"label": {"a": 0, "b": 1}}, '{"label": {"a": 0, "b": 1}}'),
        ('{"label": 1e5}', {"label": 100000.0}, '{"label": 1e5}'),
        ('{"text": "a"}', {"label": None}, '{"text": "a"}'),
        ('{"meta": {"source": "x"}}', {"meta.source": "y"}, '{"meta": {"source": "y"}}'),
    ],
)
def test_only_changed_values_are_written(tmp_path: Path, line: str, cells: dict[str, CellValue], expected: str) -> None:
    """Everything else of the line, and the other lines, stay as they are."""
    file = FileOf(tmp_path, "jsonl", f'{{"label": "x", "id": 1, "meta": {{}}}}\r\n\n{line}\r\n')

    n_changed, text = file.write(TableEdits(cells={1: cells}))

    assert text == f'{{"label": "x", "id": 1, "meta": {{}}}}\r\n\n{expected}\r\n'
    assert n_changed == (expected != line)


def test_lines_are_dropped_and_columns_added(tmp_path: Path) -> None:
    """A dropped line goes with its line end; an added column is the last key of every other line."""
    file = FileOf(tmp_path, "jsonl", '{"a": 1}\n\n{"a":2}\r\n{ }')
    edits = TableEdits(cells={0: {"a": 5}}, dropped_rows=frozenset({0}), added={"new.key": ["x", 1, None]})

    n_changed, text = file.write(edits)

    assert (n_changed, text) == (0, '\n{"a":2,"new.key":1}\r\n{"new.key": null }')


def test_another_encoding_can_be_written(tmp_path: Path) -> None:
    """What the new encoding lacks is escaped in new values; in what stays, it is refused with its line."""
    file = FileOf(tmp_path, "jsonl", '{"a": "é"}\n{"a": "x"}\n')

    n_changed, text = file.write(TableEdits(cells={1: {"a": "日"}}, encoding="cp1252"))

    assert (n_changed, text) == (1, '{"a": "é"}\n{"a": "\\u65e5"}\n')
    with pytest.raises(FileContentError, match=r"ascii; row 0 \(line 1\)") as caught:
        file.write(TableEdits(cells={1: {"a": "y"}}, encoding="ascii"))
    assert "UTF-8" in caught.value.fix


@pytest.mark.parametrize("file_format", ["jsonl", "json", "json_columns", "fasttext"])
def test_utf_16_is_marked_as_everywhere(tmp_path: Path, file_format: FileFormat) -> None:
    """Its byte order could not be told otherwise; UTF-8 is not marked unless the file was before."""
    texts = {"jsonl": '{"a": 1}', "json": '[{"a": 1}]', "json_columns": '{"a": [1]}', "fasttext": "__label__a x"}
    file = FileOf(tmp_path, file_format, texts[file_format])

    assert file.write(TableEdits(encoding="utf-16-le"))[1] == "\ufeff" + texts[file_format]
    assert file.write(TableEdits(encoding="cp1252"))[1] == texts[file_format]


def test_rows_outside_the_file_are_refused(tmp_path: Path) -> None:
    """Both when the edits do not fit the layout, and when the file lost rows since."""
    file = FileOf(tmp_path, "jsonl", '{"a": 1}\n{"a": 2}\n')
    layout = file.layout

    with pytest.raises(InvalidInputError, match="2 rows counted from 0; got row 2"):
        file.write(TableEdits(cells={2: {"a": 3}}))
    with pytest.raises(InvalidInputError, match=r"each of the 2 rows; got 1"):
        file.write(TableEdits(added={"b": [1]}))
    file.path.write_text('{"a": 1}\n')
    with (tmp_path / "out").open("wb") as target, pytest.raises(InvalidInputError, match="got row 1"):
        file.format.write(file.path, target, layout, TableEdits(dropped_rows=frozenset({1})))


def test_a_value_that_json_lacks_is_refused_with_its_row(tmp_path: Path) -> None:
    """Bytes, for example, or keys that are no text."""
    file = FileOf(tmp_path, "jsonl", '{"a": 1}\n{"a": 2}\n')

    with pytest.raises(FileContentError, match=r"got bytes. This is about row 1 \(line 2\)"):
        file.with_cells({1: {"a": b"x"}})
    with pytest.raises(FileContentError, match="key of a JSON object must be text"):
        file.with_cells({1: {"a": {1: 2}}})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        (" \n\t\r\n", "it is empty"),
        ("{}\n{}\n", "all empty"),
        ('{"a": 1}\n\n{"a": }\n', "line 3 is not, from column 7 on: what stands there is no JSON value"),
        ('{"a": 1}\n{\n  "a": 2\n}\n', "line 2 is not, from column 2 on: it ends there, before the object does"),
        ('{"a": 1}\n{"a": "x', "line 2 is not, from column 7 on: a text begins that has no closing quote"),
        ('{"a": 1}\n{"a": 2', "line 2 is not, from column 8 on: the file ends there, before the object does"),
        ('{"a": 1}{"a": 2}\n', "line 1 is not, from column 9 on: there is more after the end of the first value"),
        ('{"a": 1}\n\ufeff{"a": 2}\n', "line 2 is not, from column 1 on: a byte order mark"),
        ('{"a": 1}\n[1]\n', "line 2 is an array"),
        ('{"a": 1}\n"x"\n', "line 2 is a single value"),
        ('{"a": 1}\n{"n": ' + "1" * 5_000 + "}\n", "line 2 is not, from column 7 on: a number has too many digits"),
        ('{"a": 1}\n' + "[" * 100_000 + "\n", "line 2 cannot be read: it is nested too deeply"),
        ('{"a": ' + "[" * 100 + "]" * 100 + "}\n", "line 1 cannot be read: it is nested too deeply"),
        ('{"a": ' + '{"b":' * 1_000 + "1" + "}" * 1_000 + "}\n", "line 1 cannot be read: it is nested too deeply"),
        ('{"a\\u0000": 1}\n', "every key must be valid Unicode; one in line 1"),
    ],
)
def test_each_bad_line_has_its_own_message(tmp_path: Path, text: str, message: str) -> None:
    """What is wrong, where, and what to do."""
    with pytest.raises(FileContentError, match=f"(?i){message}") as caught:
        FileOf(tmp_path, "jsonl", text).scan()

    assert caught.value.fix


def test_values_up_to_100_levels_deep_are_read(tmp_path: Path) -> None:
    """Brackets inside of texts do not count."""
    deep = "[" * 99 + "]" * 99
    text = '{"a": ' + deep + ', "text": "' + "[" * 400 + '"}\n'

    assert FileOf(tmp_path, "jsonl", text).read("text") == [["[" * 400]]


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ('{"a": 1, "a": 2}', "In 2 objects a key stands twice (first in line 2)"),
        ('{"a": {"b": 1, "b": 2}}', "In 2 objects a key stands twice (first in line 2)"),
        ('{"a": [NaN, Infinity]}', "2 objects hold NaN or Infinity (first in line 2)"),
        ('{"a": "\\ud800!"}', "2 objects hold a NUL character or half of a surrogate pair (first in line 2)"),
        ('{"a": "\\\\\\u0000"}', "2 objects hold a NUL character or half of a surrogate pair (first in line 2)"),
    ],
)
def test_oddities_that_are_read_all_the_same_are_counted(tmp_path: Path, line: str, warning: str) -> None:
    """Nothing is lost in silence: each kind gives one warning, with how many and where the first is."""
    text = f'{{"a": "\\\\u0000 \\ud83d\\ude00"}}\n{line}\n{line}\n'

    warnings = FileOf(tmp_path, "jsonl", text).scan().warnings

    assert len(warnings) == 1
    assert warnings[0].startswith(warning)


def test_one_odd_object_is_spoken_of_in_the_singular(tmp_path: Path) -> None:
    """The last of two equal keys is the one that is read and patched."""
    file = FileOf(tmp_path, "jsonl", '{"a": 1, "a": NaN}\n')

    warnings = sorted(file.scan().warnings)

    assert warnings[0].startswith("1 object holds NaN")
    assert warnings[1].startswith("In 1 object a key")
    assert file.with_cells({0: {"a": 3}}) == '{"a": 1, "a": 3}\n'
