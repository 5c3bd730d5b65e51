"""What cells mean as labels, and which cells take their place."""

from __future__ import annotations

import pytest

from labelclean.arrays import Label
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.labels.spelling import decode_labels, encode_label, missing_names
from labelclean.io.layout import LabelSpelling
from labelclean.io.tables.contract import CellValue
from labelclean.label_set import LabelSet
from tests.label_cells import encode_labels

PLAIN = LabelSpelling()
BAR = LabelSpelling(kind="joined", separator="|")
COMMA = LabelSpelling(kind="joined", separator=",")
JSON = LabelSpelling(kind="json_list")
PYTHON = LabelSpelling(kind="python_list")
ARRAY = LabelSpelling(kind="array")
SCORES = LabelSpelling(kind="scores")
NAMES = LabelSpelling(kind="names", class_names=("late", "lost"))
NAN = float("nan")


def labels(*names: Label) -> LabelSet:
    """Return a set."""
    return LabelSet(names)


def in_order(label: Label | None) -> object:
    """Return a label so that the order and the types inside a set count."""
    return [(type(one), one) for one in label] if isinstance(label, LabelSet) else (type(label), label)


@pytest.mark.parametrize(
    ("spelling", "cell", "meaning"),
    [
        (PLAIN, " late ", " late "),
        (PLAIN, "", None),
        (PLAIN, " \t", None),
        (PLAIN, "NA", "NA"),
        (PLAIN, "007", "007"),
        (PLAIN, 1, 1),
        (PLAIN, True, True),
        (PLAIN, NAN, None),
        (PLAIN, None, None),
        (BAR, "a|b", labels("a", "b")),
        (BAR, "b| a |", labels("b", "a")),
        (BAR, "a|a", labels("a")),
        (BAR, "|", labels()),
        (BAR, " ", None),
        (BAR, None, None),
        (BAR, NAN, None),
        (BAR, 7, labels("7")),
        (BAR, r"a\|b|c", labels("a|b", "c")),
        (COMMA, '"x, y", z', labels("x, y", "z")),
        (COMMA, '"say ""no""", z', labels('say "no"', "z")),
        (COMMA, '"x" y, z', labels('"x" y', "z")),
        (COMMA, '""', labels()),
        (LabelSpelling(kind="joined", separator=" + "), "a + b+c", labels("a", "b", "c")),
        (LabelSpelling(kind="joined", separator="\t"), "a\tb c", labels("a", "b c")),
        (LabelSpelling(kind="joined", separator=" "), "a  b", labels("a", "b")),
        (LabelSpelling(kind="joined", separator="||"), "a|b||c", labels("a|b", "c")),
        (JSON, '["a", "b"]', labels("a", "b")),
        (JSON, "[1, true, 1.0]", LabelSet([1, True, 1.0])),
        (JSON, "[]", labels()),
        (JSON, "", None),
        (JSON, "null", None),
        (JSON, '["", null]', None),
        (JSON, '["a", null]', labels("a")),
        (PYTHON, "['a', \"b's\"]", labels("a", "b's")),
        (PYTHON, "('a',)", labels("a")),
        (PYTHON, "{'a', 'b'}", labels("a", "b")),
        (PYTHON, "set()", labels()),
        (PYTHON, "[ ]", labels()),
        (PYTHON, "['a' 'b'\n 'c']", labels("a", "b", "c")),
        (PYTHON, r"[u'caf\xe9', 'a\'b', 'x\ny', '\d', '\101']", labels("café", "a'b", "x\ny", r"\d", "A")),
        (PYTHON, "[1, -2.5, True, None, nan]", LabelSet([1, -2.5, True])),
        (PYTHON, "None", None),
        (PYTHON, "nan", None),
        (ARRAY, ["a", 1], labels("a", 1)),
        (ARRAY, [], labels()),
        (ARRAY, None, None),
        (ARRAY, [None, ""], None),
        (ARRAY, "a", labels("a")),
        (SCORES, {"a": 1.0, "b": 0.0, "c": True}, labels("a", "c")),
        (SCORES, {"a": 0, "b": False}, labels()),
        (SCORES, {"a": None, "b": 1}, labels("b")),
        (SCORES, {"a": None}, None),
        (SCORES, {}, None),
        (SCORES, None, None),
        (NAMES, 1, "lost"),
        (NAMES, "0", "late"),
        (NAMES, "1.0", "lost"),
        (NAMES, 1.0, "lost"),
        (NAMES, -1, None),
        (NAMES, "", None),
        (NAMES, NAN, None),
    ],
)
def test_each_cell_has_its_meaning(spelling: LabelSpelling, cell: CellValue, meaning: Label | None) -> None:
    """The empty set is not the same as no label, types tell labels apart, and a set keeps its order."""
    assert in_order(decode_labels(spelling, [[cell]])[0]) == in_order(meaning)


@pytest.mark.parametrize(
    ("spelling", "cell", "found"),
    [
        (PLAIN, ["a"], "a list"),
        (PLAIN, {"a": 1}, "an object"),
        (PLAIN, "\ud800", "surrogate"),
        (PLAIN, bytearray(b"a"), "another kind"),
        (BAR, 1.5, "another kind"),
        (BAR, True, "another kind"),
        (JSON, "a", "no JSON"),
        (JSON, '["a",]', "no JSON"),
        (JSON, '{"a": 1}', "no list"),
        (JSON, '[["a"]]', "inside the list"),
        (JSON, "[" * 100_000, "no JSON"),
        (JSON, '["' + "a" * 1_000_000 + '"]', "1,000,004"),
        (JSON, ["a"], "another kind"),
        (PYTHON, "a", "no list"),
        (PYTHON, "['a'", "not closed"),
        (PYTHON, "['a')", "not closed"),
        (PYTHON, "['a', b]", "something between"),
        (PYTHON, "[['a']]", "something between"),
        (PYTHON, r"['\UFFFFFFFF']", "no character"),
        (PYTHON, "[" + "1" * 5_000 + "]", "thousands of digits"),
        (ARRAY, {"a": 1}, "an object"),
        (ARRAY, [["a"]], "inside the list"),
        (SCORES, {"a": 0.7}, "probability"),
        (SCORES, {"a": "yes"}, "another value"),
        (SCORES, ["a"], "another kind"),
        (NAMES, 2, "outside"),
        (NAMES, -2, "outside"),
        (NAMES, "late", "something else"),
        (NAMES, 0.5, "something else"),
        (NAMES, True, "something else"),
    ],
)
def test_a_cell_of_another_spelling_is_refused(spelling: LabelSpelling, cell: CellValue, found: str) -> None:
    """The row is named, counted from the first one given, and the number of such rows."""
    with pytest.raises(FileContentError, match=rf"row 10 holds.*{found}.* 1 more row has") as caught:
        decode_labels(spelling, [[None, cell, cell]], first_row=9)

    assert caught.value.fix


@pytest.mark.parametrize(
    ("spelling", "old", "new", "cell"),
    [
        (PLAIN, "a", "b", "b"),
        (PLAIN, "a", None, ""),
        (PLAIN, "7", 7, "7"),
        (BAR, "a|b|c", labels("c", "a"), "a|c"),
        (BAR, "a|b", labels("b"), "b"),
        (BAR, "a|b|", labels("a", "x"), "a|x|"),
        (BAR, "|a|b|", labels("b"), "|b|"),
        (BAR, "a||b", labels("b", "c"), "b|c"),
        (BAR, "", labels("a", "b"), "a|b"),
        (BAR, "a|b", None, ""),
        (BAR, "a | b", labels("a", "b", "c"), "a | b | c"),
        (COMMA, "a, b", labels("b", "c"), "b, c"),
        (COMMA, '"x, y", z', labels("x, y", "p, q"), '"x, y", "p, q"'),
        (BAR, r"a\|b|c", labels("a|b", "d|e"), r"a\|b|d\|e"),
        (JSON, '["a","b"]', labels("b", "é"), '["b","é"]'),
        (JSON, '[ "a" , "b" ]', labels("a", "b", 'c"'), '[ "a" , "b" , "c\\"" ]'),
        (JSON, '["\\u00e9"]', labels("é", "ü"), '["\\u00e9", "\\u00fc"]'),
        (JSON, '["a"]', labels(), "[]"),
        (JSON, '["a", null]', labels(), "[]"),
        (JSON, "", LabelSet([1, True]), "[1, true]"),
        (JSON, "null", labels("a"), '["a"]'),
        (JSON, '["a"]', None, ""),
        (PYTHON, "['a', 'b']", labels("b", "it's"), "['b', \"it's\"]"),
        (PYTHON, '["a", "b"]', labels("a", "c"), '["a", "c"]'),
        (PYTHON, "('a', 'b')", labels("a"), "('a',)"),
        (PYTHON, "('a',)", labels("a", "b"), "('a', 'b',)"),
        (PYTHON, "('a',)", labels(), "()"),
        (PYTHON, "{'a'}", labels(), "set()"),
        (PYTHON, "set()", labels("a"), "{'a'}"),
        (PYTHON, "['a' 'b']", labels("a", "b", "c"), "['a' 'b' 'c']"),
        (PYTHON, "[u'a']", labels("b", "a"), "[u'a', u'b']"),
        (PYTHON, "", labels(2.5, "a"), "[2.5, 'a']"),
        (NAMES, "0", "lost", "1"),
        (NAMES, "0.0", "lost", "1.0"),
        (NAMES, "0", None, ""),
    ],
)
def test_text_changes_where_it_must(spelling: LabelSpelling, old: str, new: Label | None, cell: str) -> None:
    """Labels that stay keep order, spelling and the space around them; new ones are appended."""
    assert encode_label(spelling, [old], new, is_typed=False) == (cell,)


@pytest.mark.parametrize(
    ("spelling", "old", "new", "value"),
    [
        (PLAIN, 1, "1", "1"),
        (PLAIN, "a", None, None),
        (PLAIN, ["a"], "a", "a"),
        (BAR, None, labels("a", "b"), "a|b"),
        (BAR, "a", None, None),
        (BAR, 7, labels("7", "8"), "7|8"),
        (JSON, '["a"]', None, None),
        (ARRAY, ["a", None, "b"], labels("b", "c"), [None, "b", "c"]),
        (ARRAY, ["a", None], labels(), []),
        (ARRAY, None, labels(), []),
        (ARRAY, None, labels("a"), ["a"]),
        (ARRAY, [1, "1"], labels("1", 2), ["1", 2]),
        (ARRAY, "a", labels("b"), "b"),
        (ARRAY, "a", labels("b", "a"), ["a", "b"]),
        (ARRAY, "a", labels(), []),
        (ARRAY, ["a"], None, None),
        (SCORES, {"a": 1.0, "b": 0.0}, labels("b", "c"), {"a": 0.0, "b": 1.0, "c": 1.0}),
        (SCORES, {"a": True}, labels(), {"a": False}),
        (SCORES, {"a": 1, "b": None}, labels("b"), {"a": 0, "b": 1}),
        (SCORES, {"a": None}, labels(), {"a": 0}),
        (SCORES, {"a": 1}, None, None),
        (SCORES, None, labels("a"), {"a": 1}),
        (NAMES, 0, "lost", 1),
        (NAMES, 0.0, "lost", 1.0),
        (NAMES, "0", "lost", "1"),
        (NAMES, 0, None, None),
    ],
)
def test_values_keep_their_types(spelling: LabelSpelling, old: CellValue, new: Label | None, value: CellValue) -> None:
    """In typed files a label that goes leaves null, and what stays is the very value it was."""
    (written,) = encode_label(spelling, [old], new, is_typed=True)

    assert (type(written), repr(written)) == (type(value), repr(value))


@pytest.mark.parametrize(
    ("spelling", "old", "new"),
    [
        (PLAIN, " ", None),
        (PLAIN, "a", "a"),
        (BAR, "b |a|", labels("a", "b")),
        (BAR, "||", labels()),
        (JSON, '[ "b","a" ]', labels("a", "b")),
        (JSON, "null", None),
        (PYTHON, "{'b', 'a'}", labels("a", "b")),
        (ARRAY, ["b", None, "a"], labels("a", "b")),
        (SCORES, {"b": 1, "a": None}, labels("b")),
        (NAMES, "-1", None),
    ],
)
def test_what_means_the_label_already_is_left_alone(spelling: LabelSpelling, old: CellValue, new: Label | None) -> None:
    """Whatever its order and space."""
    assert encode_label(spelling, [old], new, is_typed=isinstance(old, list | dict))[0] is old


@pytest.mark.parametrize(
    ("spelling", "new", "why"),
    [
        (PLAIN, labels("a"), "single one"),
        (PLAIN, "a\0", "NUL"),
        (BAR, "a", "must be a set"),
        (BAR, labels(), "empty set"),
        (BAR, labels("b|c"), "separator “|”"),
        (BAR, labels(" b"), "space at its ends"),
        (BAR, labels('"a', 'b"'), "a quote"),
        (JSON, labels(NAN), "float"),
        (ARRAY, labels("a"), "must be spelled as text"),
        (NAMES, "stolen", "list of names"),
    ],
)
def test_a_label_without_a_place_is_refused(spelling: LabelSpelling, new: Label, why: str) -> None:
    """Rather than written so that it would read otherwise."""
    with pytest.raises(InvalidInputError, match=why) as caught:
        encode_label(spelling, [""], new, is_typed=False)

    assert caught.value.fix


def test_equal_cells_of_other_kinds_are_not_mixed_up() -> None:
    """An empty list is a set, an empty mapping is none; 1, 1.0 and true are three labels."""
    assert decode_labels(SCORES, [[{}, None, {"a": 1}]]) == [None, None, labels("a")]
    assert [in_order(label) for label in decode_labels(ARRAY, [[[1], [True], [1.0], 1]])] == [
        [(int, 1)],
        [(bool, True)],
        [(float, 1.0)],
        [(int, 1)],
    ]
    with pytest.raises(FileContentError, match="row 1 holds an object"):
        decode_labels(ARRAY, [[[], {}]])


def test_cells_that_cannot_be_read_are_not_written_over() -> None:
    """There is no telling what would stay of them."""
    with pytest.raises(InvalidInputError, match="no JSON"):
        encode_label(JSON, ["broken"], labels("a"), is_typed=False)


def test_a_mapping_takes_names_only_and_some_label() -> None:
    """A number is no key, and the empty set must say no to something."""
    with pytest.raises(InvalidInputError, match="must be text"):
        encode_label(SCORES, [None], labels(1), is_typed=True)
    with pytest.raises(InvalidInputError, match="say no to some label"):
        encode_label(SCORES, [None], labels(), is_typed=True)


def test_a_typed_file_takes_values_that_files_have() -> None:
    """A tuple is none of them."""
    with pytest.raises(InvalidInputError, match="tuple"):
        encode_label(PLAIN, ["a"], ("b",), is_typed=True)


def test_the_whole_file_shows_the_habits_that_one_row_lacks() -> None:
    """Space after the separator, quotes, and the cell of the empty set come from other rows."""
    cells = ["", "a, b", '"x, y"', " , "]

    new = encode_labels(COMMA, [cells], {0: labels("a", "p, q"), 1: labels(), 3: labels()}, is_typed=False)

    assert new == {0: ('a, "p, q"',), 1: (" , ",)}


def test_lists_in_empty_rows_look_like_the_others() -> None:
    """Brackets and quotes, and -1 for no label."""
    assert encode_labels(PYTHON, [["", '("a","b")']], {0: labels("c", "d")}, is_typed=False) == {0: ('("c","d")',)}
    assert encode_labels(NAMES, [["?", "-1", "0"]], {2: None}, is_typed=False) == {2: ("-1",)}
    assert encode_labels(
        SCORES, [[None, {"a": None, "b": 1.0}, {"a": 0.0, "b": 0.0}]], {0: labels("b")}, is_typed=True
    ) == {0: ({"a": 0.0, "b": 1.0},)}


def test_names_that_are_not_in_the_list_are_found() -> None:
    """So that a format whose list can grow appends them."""
    assert missing_names(NAMES, ["late", "stolen", None, "broken", "stolen"]) == ("stolen", "broken")
    assert missing_names(PLAIN, ["stolen"]) == ()


@pytest.mark.parametrize(
    "spelling",
    [
        LabelSpelling(kind="one_hot", columns=("a", "b")),
        LabelSpelling(kind="repeated"),
        LabelSpelling(kind="joined"),
        LabelSpelling(kind="joined", separator='"'),
    ],
)
def test_an_impossible_spelling_is_refused(spelling: LabelSpelling) -> None:
    """The wrong number of columns, no column, or a separator that can be none."""
    with pytest.raises(InvalidInputError, match="must"):
        decode_labels(spelling, [["a"]] if spelling.columns or spelling.kind == "joined" else [])
