"""Label sets written in their own order, as when a change is undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelclean.io.labels.spelling import encode_label, spelling_style
from labelclean.io.layout import LabelSpelling
from labelclean.io.tables.contract import CellValue
from labelclean.label_set import LabelSet

JOINED = LabelSpelling(kind="joined", separator="|")
JSON_LIST = LabelSpelling(kind="json_list")
PYTHON_LIST = LabelSpelling(kind="python_list")
ARRAY = LabelSpelling(kind="array")


@pytest.mark.parametrize(
    ("spelling", "cell"),
    [
        (JOINED, "a|b|c"),
        (JOINED, "a | b | c"),
        (JSON_LIST, '["a", "b", "c"]'),
        (JSON_LIST, '["a","b","c"]'),
        (PYTHON_LIST, "['a', 'b', 'c']"),
        (ARRAY, ["a", "b", "c"]),
    ],
)
@pytest.mark.parametrize("new", [["b", "c", "d"], ["c"], ["d", "e"], ["c", "b", "a", "d"]])
def test_the_way_back_gives_the_same_cell(spelling: LabelSpelling, cell: CellValue, new: list[str]) -> None:
    """Whatever was taken out comes back in its place."""
    is_typed = spelling.kind == "array"
    style = spelling_style(spelling, [[cell]])

    there = encode_label(spelling, [cell], LabelSet(new), is_typed=is_typed, style=style)
    back = encode_label(
        spelling, there, LabelSet(["a", "b", "c"]), is_typed=is_typed, style=replace(style, in_given_order=True)
    )

    assert there != (cell,)
    assert back == (cell,)


def test_otherwise_what_stays_keeps_its_place() -> None:
    """A reviewer's change moves no label that is not its business."""
    assert encode_label(JOINED, ["c|a"], LabelSet(["a", "b", "c"]), is_typed=False) == ("c|a|b",)


def test_a_lone_value_becomes_a_list_in_the_given_order() -> None:
    """Some files spell a set of one label without brackets."""
    style = replace(spelling_style(ARRAY, [["lost"]]), in_given_order=True)

    assert encode_label(ARRAY, ["lost"], LabelSet(["late", "lost"]), is_typed=True, style=style) == (["late", "lost"],)
    assert encode_label(ARRAY, ["lost"], LabelSet(["late"]), is_typed=True, style=style) == ("late",)
