"""Label sets over several columns: one column for each label, or one for each place in the set."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.labels.spelling import decode_labels, encode_label, spelling_style
from labelclean.io.layout import LabelSpelling
from labelclean.io.tables.contract import CellValue
from labelclean.label_set import LabelSet
from tests.label_cells import encode_labels

HOT = LabelSpelling(kind="one_hot", columns=("late", "lost"))
THREE = LabelSpelling(kind="repeated", columns=("label1", "label2", "label3"))
NAN = float("nan")
Row = tuple[CellValue, ...]


def labels(*names: str) -> LabelSet:
    """Return a set."""
    return LabelSet(names)


def columns(rows: Sequence[Row]) -> list[list[CellValue]]:
    """Turn rows into columns."""
    return [list(column) for column in zip(*rows, strict=True)]


@pytest.mark.parametrize(
    ("rows", "meaning"),
    [
        ([("1", "0"), ("0", "0"), ("", ""), ("", "1")], [labels("late"), labels(), None, labels("lost")]),
        ([("TRUE", "false"), (" ", "No")], [labels("late"), labels()]),
        ([("x", ""), ("", ""), ("X", " x ")], [labels("late"), labels(), labels("late", "lost")]),
        ([("1", ""), ("", "")], [labels("late"), labels()]),
        ([(True, False), (None, None)], [labels("late"), None]),
        ([(1.0, NAN), (NAN, NAN), (0.0, 1.0)], [labels("late"), None, labels("lost")]),
        ([(None, None)], [None]),
    ],
)
def test_columns_of_yes_and_no_are_read(rows: list[Row], meaning: list[LabelSet | None]) -> None:
    """A row of empty cells is the empty set only where no cell spells out a no."""
    assert decode_labels(HOT, columns(rows)) == meaning


def test_a_cell_that_is_neither_yes_nor_no_is_refused() -> None:
    """The first such row and its column are named, and how many more there are."""
    rows: list[Row] = [("1", "0"), ("1", "2"), ("maybe", "0"), ("0.5", "3")]

    with pytest.raises(FileContentError, match=r"column “lost”; row 6 holds.*2 more rows"):
        decode_labels(HOT, columns(rows), first_row=5)


@pytest.mark.parametrize("value", [["1"], 2, -1, b"1", {"a": 1}])
def test_a_value_that_is_neither_yes_nor_no_is_refused(value: CellValue) -> None:
    """Also one that is a list or no text at all."""
    with pytest.raises(FileContentError, match="yes or no"):
        decode_labels(HOT, [[value], ["1"]])


@pytest.mark.parametrize(
    ("rows", "new", "cells"),
    [
        ([("1", "0")], labels("lost"), ("0", "1")),
        ([("1.0", "0.0")], labels("lost"), ("0.0", "1.0")),
        ([("TRUE", "FALSE")], labels("lost"), ("FALSE", "TRUE")),
        ([("True", "false")], labels("lost"), ("False", "true")),
        ([("Y", "n")], labels("lost"), ("N", "y")),
        ([(" yes", "no ")], labels("lost"), (" no", "yes ")),
        ([("x", ""), ("", "X")], labels("lost"), ("", "X")),
        ([("x", ""), ("", "x")], labels(), ("", "")),
        ([("1", ""), ("", "")], labels("late", "lost"), ("1", "1")),
        ([("1", "0")], None, ("", "")),
        ([("", ""), ("no", "yes")], labels("lost"), ("no", "yes")),
        ([("", ""), ("no", "no")], labels(), ("no", "no")),
        ([("1", ""), ("0", "x"), ("0", "")], labels("lost"), ("0", "x")),
        ([("", "x"), ("0", ""), ("1", "")], labels(), ("0", "")),
        ([("", "1"), ("1", "0")], labels(), ("", "0")),
    ],
)
def test_each_cell_keeps_its_way_to_say_yes(rows: list[Row], new: LabelSet | None, cells: Row) -> None:
    """Only cells whose meaning changes are written, in their own spelling, or as their column spells it elsewhere."""
    style = spelling_style(HOT, columns(rows))

    assert encode_label(HOT, rows[0], new, is_typed=False, style=style) == cells


@pytest.mark.parametrize(
    ("rows", "new", "cells"),
    [
        ([(True, False)], labels("lost"), (False, True)),
        ([(1, 0)], labels(), (0, 0)),
        ([(1.0, 0.0)], labels("late", "lost"), (1.0, 1.0)),
        ([(None, None), (False, True)], labels("late"), (True, False)),
        ([("x", None)], labels("lost"), (None, "x")),
        ([(1, 0)], None, (None, None)),
    ],
)
def test_typed_cells_keep_their_types(rows: list[Row], new: LabelSet | None, cells: Row) -> None:
    """True stays a truth value and 1.0 a fraction; what is emptied is null."""
    (written,) = encode_labels(HOT, columns(rows), {0: new}, is_typed=True).values()

    assert [(type(cell), cell) for cell in written] == [(type(cell), cell) for cell in cells]


def test_marks_of_later_rows_count_as_well() -> None:
    """Those after the first ten thousand: they tell whether an empty cell says no."""
    late = ["x"] + [""] * 10_000

    assert spelling_style(HOT, [late, [*late[:-1], "-"]]).blank_is_no is False
    assert spelling_style(HOT, [late, late]).blank_is_no is True
    assert spelling_style(HOT, [late, [*late[:-1], ["x"]]]).blank_is_no is True


def test_what_a_row_means_already_is_left_alone() -> None:
    """Whatever way it says so."""
    row = ("True", "0")

    assert encode_label(HOT, row, labels("late"), is_typed=False) is row


def test_a_label_without_a_column_is_refused() -> None:
    """It is named, since the user has to add a column of that name."""
    with pytest.raises(InvalidInputError, match="“stolen”, which has none"):
        encode_label(HOT, ["1", "0"], labels("late", "stolen"), is_typed=False)


def test_where_empty_cells_say_no_every_row_has_a_set() -> None:
    """So none can be marked as not labelled."""
    with pytest.raises(InvalidInputError, match="mark as not labelled"):
        encode_label(HOT, ["x", ""], None, is_typed=False)


@pytest.mark.parametrize(
    ("row", "meaning"),
    [
        (("late", "lost", ""), labels("late", "lost")),
        (("", " ", None), None),
        (("late", "late", "lost"), labels("late", "lost")),
    ],
)
def test_numbered_columns_are_read(row: Row, meaning: LabelSet | None) -> None:
    """All empty means not labelled."""
    assert decode_labels(THREE, [[cell] for cell in row]) == [meaning]


@pytest.mark.parametrize(
    ("old", "new", "cells"),
    [
        (("a", "b", ""), labels("b", "c"), ("c", "b", "")),
        (("", "b", ""), labels("b", "c", "d"), ("c", "b", "d")),
        (("a", "a", ""), labels("a", "b", "c"), ("a", "b", "c")),
        (("a", "b", "c"), labels("b"), ("", "b", "")),
        (("a", "b", ""), None, ("", "", "")),
        (("", "", ""), labels("a"), ("a", "", "")),
    ],
)
def test_labels_that_stay_keep_their_column(old: Row, new: LabelSet | None, cells: Row) -> None:
    """Those that go leave an empty cell, and new ones take the first empty cells."""
    assert encode_label(THREE, old, new, is_typed=False) == cells


def test_numbered_columns_keep_types() -> None:
    """The number 1 stays beside the text, and null is an empty cell."""
    assert encode_label(THREE, [1, "1", None], LabelSet(["1", 2]), is_typed=True) == (2, "1", None)


@pytest.mark.parametrize(
    ("new", "why"), [(labels("a", "b", "c", "d"), "3 label columns; got 4"), (labels(), "empty set")]
)
def test_a_set_that_has_no_room_is_refused(new: LabelSet, why: str) -> None:
    """More labels than columns, or none, which would read as not labelled."""
    with pytest.raises(InvalidInputError, match=why):
        encode_label(THREE, ["a", "", ""], new, is_typed=False)


def test_a_list_in_a_numbered_column_is_refused() -> None:
    """Each cell holds one label."""
    with pytest.raises(FileContentError, match="row 0 holds a list"):
        decode_labels(THREE, [[["a"]], ["b"], [""]])
