"""Which column belongs to which class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError
from labelclean.io.model_outputs.class_order import match_classes, match_pred_probs, parse_class_names, spelled_alike


@pytest.mark.parametrize(
    ("known", "named", "columns", "class_names"),
    [
        (["a", "b"], ["b", "a"], (1, 0), ("a", "b")),
        (["a", "b"], ["z", "b", "c", "a"], (3, 1, 0, 2), ("a", "b", "z", "c")),
        ([1, 2], ["2", "1"], (1, 0), (1, 2)),
        ([1, 2], ["1.0", "2.0"], (0, 1), (1, 2)),
        ([1.0, 2.5], ["2.5", "1"], (1, 0), (1.0, 2.5)),
        (["1", "2"], [2, 1], (1, 0), ("1", "2")),
        ([False, True], ["true", "false"], (1, 0), (False, True)),
        ([1, "1"], ["1", 1], (1, 0), (1, "1")),
        ([True, 1], [1, True], (1, 0), (True, 1)),
        (["a", "b"], [np.str_("b"), np.str_("a")], (1, 0), ("a", "b")),
        ([3, 4], list(np.array([4, 3])), (1, 0), (3, 4)),
    ],
)
def test_columns_are_matched_by_value_first_and_by_spelling_second(
    known: list[Label], named: list[Label], columns: tuple[int, ...], class_names: tuple[Label, ...]
) -> None:
    """Classes that were never given come last, in the order of their columns."""
    match = match_classes(known, named, n_columns=len(named))

    assert (match.columns, match.class_names, match.is_assumed) == (columns, class_names, False)


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.text(min_size=1), st.integers(-5, 5), st.booleans()), min_size=1, max_size=8), st.randoms()
)
def test_classes_named_as_they_are_find_their_columns(labels: list[Label], random: Any) -> None:
    """Whatever they are, in any order, and with one more among them."""
    known = Dataset.from_labels(["text"] * len(labels), labels).class_names
    named = [*known, "never given, surely"]
    random.shuffle(named)

    match = match_classes(known, named, n_columns=len(named))

    assert [repr(named[column]) for column in match.columns] == [repr(name) for name in match.class_names]
    assert match.class_names[: len(known)] == known


@pytest.mark.parametrize(
    ("known", "named", "message"),
    [
        (["a", "b", "c"], ["a", "x"], "there is none for 2 of 3: 'b', 'c'"),
        ([1, "1"], ["1", "2"], "there is none for 1 of 2: 1"),
        ([1], ["1", "1.0"], "there is none for 1 of 1: 1"),
        (["refund"], ["refund "], "there is none for 1 of 1: 'refund'"),
    ],
)
def test_a_given_class_without_a_column_is_named(known: list[Label], named: list[Label], message: str) -> None:
    """Also where its spelling would fit two columns, or its column is another class's own."""
    with pytest.raises(InvalidInputError, match=message) as caught:
        match_classes(known, named, n_columns=len(named))

    assert "The columns are named" in caught.value.fix


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (["a", "b", "a"], "'a' names columns 1 and 3"),
        (["a", "", "b"], "the name of column 2 is empty"),
        (["a", "b"], "each of the 3 columns.*got 2 names"),
    ],
)
def test_names_must_name_every_column_once(named: list[Label], message: str) -> None:
    """Anything else is a mistake in the list."""
    with pytest.raises(InvalidInputError, match=message):
        match_classes(["a", "b"], named, n_columns=3)


def test_without_names_the_order_of_the_labels_is_assumed_and_said() -> None:
    """Column by column, so that it can be checked at a glance."""
    match = match_classes(["billing", "refund"], None, n_columns=2)

    assert (match.columns, match.is_assumed) == ((0, 1), True)
    assert match.reason.endswith("is assumed: column 1 = billing, 2 = refund.")


def test_of_many_assumed_classes_the_first_ten_are_said() -> None:
    """A message has an end."""
    match = match_classes(list(range(25)), None, n_columns=25)

    assert match.reason.endswith("10 = 9 and 15 more.")


def test_without_names_the_numbers_must_be_equal() -> None:
    """Nobody knows which column is which otherwise."""
    with pytest.raises(InvalidInputError, match="each of the 2 classes; got 3 columns without names") as caught:
        match_classes(["a", "b"], None, n_columns=3)

    assert "--class-names" in caught.value.fix


def test_what_was_put_right_is_said() -> None:
    """Another order, and classes that nobody was given."""
    match = match_classes(["a", "b"], ["c", "b", "a"], n_columns=3)

    assert match.reason == (
        "Matched by name; the columns were in another order; never given as a label, but kept as classes: 'c'."
    )


def test_columns_move_with_their_classes() -> None:
    """The values of each class stay with it, in an array as in a memory map."""
    data = Dataset.from_labels(["x", "y"], ["a", "b"])
    probs = np.array([[0.1, 0.2, 0.7], [0.3, 0.4, 0.3]])

    matched = match_pred_probs(data, probs, class_names=["b", "z", "a"])

    assert matched.dataset.class_names == ("a", "b", "z")
    assert np.array_equal(matched.pred_probs, probs[:, [2, 0, 1]])
    assert np.array_equal(matched.dataset.labels, data.labels)


def test_a_memory_map_whose_columns_move_stays_one(tmp_path: Path) -> None:
    """It may be larger than the memory; the copy has no name in the directory it lies in."""
    data = Dataset.from_labels(["x", "y"], ["a", "b"])
    np.save(tmp_path / "probs.npy", np.array([[0.1, 0.9], [0.8, 0.2]], dtype=np.float32))
    mapped = np.load(tmp_path / "probs.npy", mmap_mode="r")

    matched = match_pred_probs(data, mapped, class_names=["b", "a"], directory=tmp_path)

    assert isinstance(matched.pred_probs, np.memmap)
    assert matched.pred_probs.tolist() == mapped[:, ::-1].tolist()
    assert [path.name for path in tmp_path.iterdir()] == ["probs.npy"]


def test_a_table_in_order_is_handed_on_as_it_is() -> None:
    """No copy of what may be large."""
    data = Dataset.from_labels(["x", "y"], ["a", "b"])
    probs = np.array([[0.1, 0.9], [0.8, 0.2]])

    assert match_pred_probs(data, probs).pred_probs is probs


@pytest.mark.parametrize(
    ("n_rows", "fix"),
    [
        (2, "Rows without a label need probabilities, too; their number is 1."),
        (7, "Compute them on the same rows, in the same order."),
    ],
)
def test_every_row_needs_probabilities(n_rows: int, fix: str) -> None:
    """Where only the labelled rows have some, that is said."""
    data = Dataset.from_labels(["x", "y", "z"], ["a", "b", None])

    with pytest.raises(InvalidInputError, match=f"each of the 3 rows of the dataset; got {n_rows}") as caught:
        match_pred_probs(data, np.full((n_rows, 2), 0.5))

    assert caught.value.fix == fix


def test_a_flat_array_is_no_table() -> None:
    """One probability per row does not say of which class."""
    data = Dataset.from_labels(["x", "y"], ["a", "b"])

    with pytest.raises(InvalidInputError, match="table of rows and classes; got 1 dimensions"):
        match_pred_probs(data, np.array([0.1, 0.9]))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a,b", ("a", "b")),
        (" a , b c ", ("a", "b c")),
        ("a, b\nc\n\n", ("a, b", "c")),
        ("a\r\nb\r\n", ("a", "b")),
        ('["a, b", "c", 1, true]', ("a, b", "c", "1", "true")),
        ("only", ("only",)),
    ],
)
def test_a_list_of_classes_is_read_as_people_write_it(text: str, names: tuple[str, ...]) -> None:
    """With commas, one per line, or as JSON."""
    assert parse_class_names(text) == names


@pytest.mark.parametrize("text", ["", "a,,b", "a\n\nb", "[]", '["a"', '["a", ""]'])
def test_a_list_with_an_empty_or_broken_entry_is_refused(text: str) -> None:
    """It would shift all columns after it."""
    with pytest.raises(InvalidInputError, match="list of classes"):
        parse_class_names(text)


def test_columns_that_are_spelled_like_a_class_are_found_in_file_order() -> None:
    """Others are left out."""
    assert spelled_alike(["id", "2", "score", "1"], [1, 2]) == ("2", "1")
