"""How votes are read: tables, long lists, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator import votes_from_long, votes_from_table

TRIPLES = [(0, 0, 0), (0, 2, 1), (1, 1, 2), (3, 0, 1)]


def triples(votes: object) -> list[tuple[int, int, int]]:
    """List (row, annotator, code)."""
    parts = (getattr(votes, name).tolist() for name in ("rows", "annotators", "codes"))
    return list(zip(*parts, strict=True))


@pytest.mark.parametrize(
    "table",
    [
        np.array([[0, -1, 1], [-1, 2, -1], [-1, -1, -1], [1, -1, -1]], dtype=np.int8),
        np.array([[0, np.nan, 1], [np.nan, 2, np.nan], [np.nan] * 3, [1, np.nan, np.nan]], dtype=np.float32),
        [[0, None, 1], [None, 2, None], [None, None, None], [1, None, None]],
        [[0, -1, 1], [None, 2, -1], [None, None, float("nan")], [1.0, -1.0, None]],
        pd.DataFrame([[0, None, 1], [None, 2, None], [None, None, None], [1, None, None]], dtype="Int64"),
        pd.DataFrame([[0, None, 1], [None, 2, None], [None, None, None], [1, None, None]], dtype=object),
        np.asfortranarray(np.array([[0, -1, 1], [-1, 2, -1], [-1, -1, -1], [1, -1, -1]])),
    ],
    ids=["integers", "floats", "lists", "mixed", "nullable", "objects", "fortran"],
)
def test_class_codes_are_read_from_every_kind_of_table(table: object) -> None:
    """Minus one, NaN, None and NA all mean no vote; rows and columns without votes are kept."""
    votes = votes_from_table(table)  # type: ignore[arg-type]

    assert triples(votes) == TRIPLES
    assert (votes.n_examples, votes.n_annotators, votes.class_names) == (4, 3, (0, 1, 2))
    assert not votes.has_named_classes


def test_arrays_of_text_are_names() -> None:
    """Nothing in them is missing but blank text."""
    votes = votes_from_table(np.array([["b", "a"], ["", "nan"]]))

    assert votes.class_names == ("a", "b", "nan")
    assert triples(votes) == [(0, 0, 1), (0, 1, 0), (1, 1, 2)]


def test_other_labels_are_names_in_the_order_of_a_datasets_classes() -> None:
    """Text goes by code point; None, NaN and blank text are no votes, also in lists with text."""
    table: list[list[Label]] = [["dog", None, "cat"], [float("nan"), " ", "emu"], [Decimal("nan"), "", "dog"]]

    votes = votes_from_table(table)

    assert votes.class_names == ("cat", "dog", "emu")
    assert triples(votes) == [(0, 0, 1), (0, 2, 0), (1, 2, 2), (2, 2, 1)]
    assert votes.has_named_classes


def test_class_names_turn_numbers_into_names() -> None:
    """Ratings from 1 to 3 are then no codes; a whole number that a NaN made a float is still that number."""
    votes = votes_from_table(np.array([[1.0, np.nan], [3.0, 2.0]]), class_names=[1, 2, 3])

    assert triples(votes) == [(0, 0, 0), (1, 0, 2), (1, 1, 1)]


def test_minus_one_is_a_label_where_it_is_a_class_name() -> None:
    """Sentiment from -1 to 1."""
    votes = votes_from_table([[-1, 1], [0, -1]], class_names=[-1, 0, 1])

    assert votes.codes.tolist() == [0, 2, 1, 0]


def test_one_true_and_the_text_one_are_three_classes() -> None:
    """Python's equality is not the users'."""
    votes = votes_from_table([[1, True, "1"]], class_names=["1", True, 1])

    assert votes.codes.tolist() == [2, 1, 0]


def test_a_data_frame_names_annotators_and_examples() -> None:
    """A counting index is no name."""
    frame = pd.DataFrame({"ann": ["x", None], "bob": ["y", "x"]}, index=["first", "second"])

    named, counted = votes_from_table(frame), votes_from_table(frame.reset_index(drop=True))

    assert named.annotator_names == ("ann", "bob")
    assert named.example_names == ("first", "second")
    assert counted.example_names is None
    assert named.to_frame().to_numpy().tolist() == [
        ["first", "ann", "x"],
        ["first", "bob", "y"],
        ["second", "bob", "x"],
    ]


def test_an_empty_table_has_no_votes() -> None:
    """No rows, no columns, or nothing in them."""
    for table, shape in ((np.empty((0, 3)), (0, 3)), (np.empty((2, 0)), (2, 0)), ([[None, None]], (1, 2))):
        votes = votes_from_table(table)

        assert (votes.n_examples, votes.n_annotators, votes.n_votes, votes.n_classes) == (*shape, 0, 0)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([[0, 1], [-2, 1], [-3, 0]], r"whole numbers from 0; got others in 2 votes, first in row 1\."),
        ([[0, 1], [0.5, 1]], r"got others in 1 votes, first in row 1\."),
        ([[0, 1], [np.inf, 1]], r"got others in 1 votes, first in row 1\."),
        ([0, 1, 2], r"got shape \(3,\)"),
        ([[0, 1], [0]], "rows of the same length"),
    ],
)
def test_what_is_no_table_of_codes_is_refused(table: object, message: str) -> None:
    """With the count and the first row."""
    with pytest.raises(InvalidInputError, match=message):
        votes_from_table(table)  # type: ignore[arg-type]


def test_an_unknown_name_is_refused() -> None:
    """With the count and the first row, and without the name."""
    table: list[list[Label]] = [["a", "b"], ["c", "a"], ["d", None]]

    with pytest.raises(InvalidInputError, match=r"among the 2 names given; got others in 2 places, first in row 1\."):
        votes_from_table(table, class_names=["a", "b"])


def test_a_label_that_cannot_be_hashed_is_refused() -> None:
    """A list in a cell is a set of labels, which votes_from_table does not read."""
    table = np.full((3, 2), "a", dtype=object)
    table[2, 1] = ["b"]

    with pytest.raises(InvalidInputError, match=r"one hashable value; got list in row 2\."):
        votes_from_table(table)


def test_a_repeated_class_name_is_refused() -> None:
    """A name stands for one column."""
    with pytest.raises(InvalidInputError, match="must differ"):
        votes_from_table([["a"]], class_names=["a", "b", "a"])


def test_a_long_list_is_the_same_table() -> None:
    """In any order of lines; examples and annotators in the order of their names."""
    lines = [("e3", "ann", 1), ("e1", "cat", 1), ("e1", "ann", 0), ("e2", "bob", 2)]

    examples, annotators, labels = zip(*lines, strict=True)
    votes = votes_from_long(examples, annotators, labels)

    assert triples(votes) == [(0, 0, 0), (0, 2, 1), (1, 1, 2), (2, 0, 1)]
    assert votes.example_names == ("e1", "e2", "e3")
    assert votes.annotator_names == ("ann", "bob", "cat")


def test_given_names_set_rows_and_columns_of_a_long_list() -> None:
    """Also those without a vote; a line without a label is no vote."""
    votes = votes_from_long(
        ["b", "a"],
        ["y", "y"],
        ["no", None],
        example_names=["c", "b", "a"],
        annotator_names=["x", "y"],
        class_names=["yes", "no"],
    )

    assert triples(votes) == [(1, 1, 1)]
    assert (votes.n_examples, votes.n_annotators) == (3, 2)


def test_a_long_list_may_be_arrays_and_series() -> None:
    """Numbers name examples and annotators, and are class codes as labels."""
    votes = votes_from_long(np.array([7, 3, 7]), pd.Series(["a", "a", "b"]), np.array([1, 0, -1]))

    assert triples(votes) == [(0, 0, 0), (1, 0, 1)]
    assert votes.example_names == (3, 7)
    assert votes.n_annotators == 2


def test_a_vote_given_twice_counts_once() -> None:
    """Exported twice, perhaps."""
    votes = votes_from_long([0, 0, 0], ["a", "b", "a"], [1, 0, 1])

    assert triples(votes) == [(0, 0, 1), (0, 1, 0)]


def test_two_labels_by_one_annotator_for_one_example_are_refused() -> None:
    """With the count and the first line that contradicts an earlier one."""
    with pytest.raises(InvalidInputError, match=r"one label; got another one in 2 lines, first in line 2\."):
        votes_from_long([0, 1, 0, 1], ["a", "a", "a", "a"], [1, 1, 0, 0])


def test_a_long_list_with_gaps_is_refused() -> None:
    """Different lengths, or a line without an annotator."""
    with pytest.raises(InvalidInputError, match=r"got 2, 1 and 2\."):
        votes_from_long([0, 1], ["a"], [0, 1])
    with pytest.raises(InvalidInputError, match="A flat list of values is wanted; got str"):
        votes_from_long([0], "a", [0])
    with pytest.raises(InvalidInputError, match=r"annotators must be named in every line; got 1 .*line 1\."):
        votes_from_long([0, 1], ["a", None], [0, 1])


def test_the_callers_table_is_neither_changed_nor_frozen() -> None:
    """Only what is made here is read-only."""
    table = np.array([[0, 1], [1, -1]])
    before = table.copy()

    votes = votes_from_table(table)

    assert table.flags.writeable
    assert np.array_equal(table, before)
    assert not votes.codes.flags.writeable
