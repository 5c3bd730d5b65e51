"""Whatever a spelling can hold comes back from its cells, and nothing is written that need not be."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.io.labels.spelling import decode_labels, encode_label, spelling_style
from labelclean.io.layout import LabelSpelling, SpellingKind
from labelclean.io.tables.contract import CellValue
from labelclean.label_set import LabelSet
from tests.label_cells import encode_labels

BAR = LabelSpelling(kind="joined", separator="|")
JSON = LabelSpelling(kind="json_list")
PYTHON = LabelSpelling(kind="python_list")
ARRAY = LabelSpelling(kind="array")
SCORES = LabelSpelling(kind="scores")
HOT = LabelSpelling(kind="one_hot", columns=("a", "b", "c"))
THREE = LabelSpelling(kind="repeated", columns=("l1", "l2", "l3"))

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6).filter(
    lambda text: bool(text.strip())
)
MESSY = st.text(alphabet="ab|,\"'\\ \n[]é", min_size=1, max_size=5).filter(lambda text: bool(text.strip()))
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
TEXT_SETS = st.lists(TEXTS | MESSY, max_size=4).map(LabelSet)
SETS = st.lists(TEXTS | MESSY | NUMBERS, max_size=4).map(LabelSet)
JOINED_CELLS = st.text(alphabet='ab|"\\ x', max_size=8)
LIST_CELLS = st.text(alphabet="[](){}'\"ab,1 \\nu", max_size=8)
VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=5,
)
KINDS: list[SpellingKind] = ["plain", "joined", "json_list", "python_list", "array", "scores", "names"]


def decoded(spelling: LabelSpelling, cells: Sequence[CellValue]) -> Label | None:
    """Return what one row means."""
    return decode_labels(spelling, [[cell] for cell in cells])[0]


@pytest.mark.parametrize("spelling", [JSON, PYTHON], ids=["json", "python"])
@settings(deadline=None)
@given(sets=st.lists(SETS | st.none(), min_size=3, max_size=3))
def test_lists_in_cells_hold_any_labels(spelling: LabelSpelling, sets: list[LabelSet | None]) -> None:
    """From one set to the next, through the empty cell as well, each reads as it was meant."""
    cell: CellValue = ""

    for new in sets:
        (cell,) = encode_label(spelling, [cell], new, is_typed=False)

        assert decoded(spelling, [cell]) == new


@settings(deadline=None)
@given(old=SETS | st.none(), new=SETS | st.none())
def test_arrays_hold_any_labels(old: LabelSet | None, new: LabelSet | None) -> None:
    """The labels that stay come first."""
    (cell,) = encode_label(ARRAY, [None if old is None else list(old)], new, is_typed=True)

    assert decoded(ARRAY, [cell]) == new


@settings(deadline=None)
@given(old=st.dictionaries(TEXTS, st.sampled_from([0, 1, None, True, False, 1.0]), min_size=1), new=TEXT_SETS)
def test_mappings_hold_any_names(old: dict[str, object], new: LabelSet) -> None:
    """The keys that were there stay in their order."""
    (cell,) = encode_label(SCORES, [old], new, is_typed=True)

    assert isinstance(cell, dict)
    assert list(cell)[: len(old)] == list(old)
    assert decoded(SCORES, [cell]) == new


@settings(deadline=None)
@example(old="", new=LabelSet(['"0', "|"]), guard='"p|q"')
@given(old=JOINED_CELLS, new=TEXT_SETS, guard=st.sampled_from(['"p|q"', r"p\|q", "p"]))
def test_a_joined_cell_means_what_is_written_or_is_refused(old: str, new: LabelSet, guard: str) -> None:
    """Whatever stands in the cell before; the empty set has a cell of its own in this file."""
    style = spelling_style(BAR, [[guard, "|"]])

    try:
        (cell,) = encode_label(BAR, [old], new, is_typed=False, style=style)
    except InvalidInputError:
        assert not guard.startswith('"') or any(label != str(label).strip() for label in new) or "\\" in old + repr(new)
        return

    assert decoded(BAR, [cell]) == new


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.sampled_from(["1", "0", "", "x", "yes", "No", "TRUE"])] * 3), min_size=1, max_size=4),
    new=st.lists(st.sampled_from("abc")).map(LabelSet) | st.none(),
)
def test_columns_of_yes_and_no_hold_any_set(rows: list[tuple[str, ...]], new: LabelSet | None) -> None:
    """However the file mixes its ways; only a file of empty cells for no has no row without a label."""
    columns = [list(column) for column in zip(*rows, strict=True)]

    try:
        written = encode_labels(HOT, columns, {0: new}, is_typed=False)
    except InvalidInputError:
        assert new is None
        assert all(cell in {"", "1", "x", "yes", "TRUE"} for row in rows for cell in row)
        return
    for column, cell in zip(columns, written.get(0, rows[0]), strict=True):
        column[0] = str(cell)

    style = spelling_style(HOT, [list(column) for column in zip(*rows, strict=True)])
    assert decode_labels(HOT, columns, style=style)[0] == new


@settings(deadline=None)
@given(
    old=st.tuples(*[st.sampled_from(["a", "b", "c", "", " "])] * 3),
    new=st.lists(st.sampled_from("abcd"), min_size=1, max_size=3).map(LabelSet) | st.none(),
)
def test_numbered_columns_hold_as_many_labels_as_they_are(old: tuple[str, ...], new: LabelSet | None) -> None:
    """A label that was there stands in the same column as before, unless it stood in two."""
    cells = encode_label(THREE, old, new, is_typed=False)

    assert decoded(THREE, cells) == new
    for was, cell in zip(old, cells, strict=True):
        assert new is None or was not in new or cell == was or old.count(was) > 1


@settings(deadline=None)
@given(cell=JOINED_CELLS | LIST_CELLS, spelling=st.sampled_from([BAR, PYTHON, JSON]))
def test_a_cell_of_any_text_keeps_its_meaning_to_the_letter(cell: str, spelling: LabelSpelling) -> None:
    """It is refused with an error of ours, or the same meaning leaves it as it is."""
    try:
        meaning = decoded(spelling, [cell])
    except InvalidInputError:
        return

    assert encode_label(spelling, [cell], meaning, is_typed=False)[0] is cell


@settings(deadline=None)
@given(cell=VALUES, kind=st.sampled_from(KINDS))
def test_any_value_is_read_or_refused_with_an_error_of_ours(cell: CellValue, kind: SpellingKind) -> None:
    """Whatever the file holds."""
    spelling = LabelSpelling(kind=kind, separator="|", class_names=("a",))

    try:
        meaning = decoded(spelling, [cell])
    except InvalidInputError:
        return

    assert encode_label(spelling, [cell], meaning, is_typed=True)[0] is cell
