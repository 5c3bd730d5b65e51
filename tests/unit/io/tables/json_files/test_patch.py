"""Values are spelled as their surroundings are."""

from __future__ import annotations

import json

import numpy as np
import pytest

from labelclean.errors import InvalidInputError
from labelclean.io.tables.contract import CellValue
from labelclean.io.tables.json_files.patch import patch_object
from labelclean.io.tables.json_files.values import spell, text_of

COLUMNS = ("label", "a", "b", "text")


def patched(text: str, cells: dict[str, CellValue], *, encoding: str = "utf-8") -> str:
    """Return a row's text with new values."""
    return patch_object(text, cells, columns=COLUMNS, encoding=encoding)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("null", ["a", "b"], '["a", "b"]'),
        ("[]", ["a"], '["a"]'),
        ('["a"]', ["a", "b"], '["a", "b"]'),
        ('[ "a" ,"b" ]', ["b", "c"], '[ "b" ,"c" ]'),
        ('[\n  "a"\n]', ["a", "b"], '[\n  "a",\n  "b"\n]'),
        ('["\\u0061", 1.0]', [1.0, "a"], '[1.0, "\\u0061"]'),
        ('["a", "a"]', ["a", "b", "a"], '["a", "b", "a"]'),
        ('["a"]', "a", '"a"'),
        ("[[1 , 2], 3]", [[1, 2], 4], "[[1 , 2], 4]"),
        ('{"x": 1.0, "y" :0}', {"x": 1.0, "y": 1}, '{"x": 1.0, "y" :1}'),
        ('{"x": 1}', {"x": 1, "y": 0}, '{"x": 1, "y": 0}'),
        ('{"x":1}', {"x": 0, "y": [1, 2]}, '{"x":0,"y":[1,2]}'),
        ('{"x": 1, "y": 0}', {"y": 1}, '{"y": 1}'),
        ('{"x": {"y": [1]}}', {"x": {"y": [1, 2]}}, '{"x": {"y": [1, 2]}}'),
        ('{"x": 1, "x": 2}', {"x": 3}, '{"x": 3}'),
        ("{}", {"x": 1}, '{"x": 1}'),
    ],
)
def test_what_stays_of_a_list_or_object_keeps_its_characters(old: str, new: CellValue, expected: str) -> None:
    """Only items and members that are new are spelled anew, with the marks of the others between them."""
    text = patched(f'{{"label": {old}}}', {"label": new})

    assert text == f'{{"label": {expected}}}'
    assert json.loads(text)["label"] == new


@pytest.mark.parametrize(
    ("value", "spelled", "read"),
    [
        (None, "null", None),
        (float("nan"), "null", None),
        (True, "true", True),
        (1, "1", 1),
        (1.0, "1.0", 1.0),
        (float("inf"), "1e999", float("inf")),
        (float("-inf"), "-1e999", float("-inf")),
        (np.int64(3), "3", 3),
        (np.str_("x"), '"x"', "x"),
        (("a", 1), '["a", 1]', ["a", 1]),
        ({"a": [None]}, '{"a": [null]}', {"a": [None]}),
    ],
)
def test_every_cell_value_has_a_spelling_that_is_json(value: CellValue, spelled: str, read: CellValue) -> None:
    """Not a number is missing, and infinite is a number too large."""
    text = spell(value, is_ascii=False)

    assert text == spelled
    assert json.loads(text) == read


@pytest.mark.parametrize("value", [b"x", {1, 2}, object(), [b"x"]])
def test_other_values_have_none(value: CellValue) -> None:
    """They are refused rather than guessed."""
    with pytest.raises(InvalidInputError, match="must be text, a number"):
        spell(value, is_ascii=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a b", "a b"),
        ("é\0\ud800", "é\ufffd\ufffd"),
        (None, ""),
        (float("nan"), ""),
        (7, "7"),
        (True, "true"),
        (1.5, "1.5"),
        (["a", "é\ud800"], '["a", "é\ufffd"]'),
    ],
)
def test_values_are_shown_as_text(value: CellValue, text: str) -> None:
    """What can be neither shown nor stored is replaced."""
    assert text_of(value) == text


def test_new_text_is_escaped_where_it_must_be_or_all_around_is() -> None:
    """A row that is ASCII with escapes stays ASCII; an encoding without room forces escapes."""
    assert patched('{"a": "\\u00e9"}', {"label": "ü"}) == '{"a": "\\u00e9", "label": "\\u00fc"}'
    assert patched('{"a": "\\u00e9é"}', {"label": "ü"}) == '{"a": "\\u00e9é", "label": "ü"}'
    assert patched('{"a": "e"}', {"label": "ü日"}, encoding="cp1252") == '{"a": "e", "label": "\\u00fc\\u65e5"}'
    assert patched('{"a": "e"}', {"label": "\ud800"}) == '{"a": "e", "label": "\\ud800"}'


def test_the_only_item_of_an_array_is_taken_out() -> None:
    """A null in its place would be an item too; among others, it is the only way to say that nothing is there."""
    assert patched('{"a": [ "x" ]}', {"a.0": None}) == '{"a": []}'
    assert patched('{"a": ["x", "y"]}', {"a.0": None}) == '{"a": [null, "y"]}'


def test_a_value_is_not_put_where_nobody_would_read_it() -> None:
    """An item that is no object cannot take a key, and another item would not be read."""
    with pytest.raises(InvalidInputError, match="an item of an array"):
        patched('{"a": ["x"]}', {"a.0.b": "y"})
