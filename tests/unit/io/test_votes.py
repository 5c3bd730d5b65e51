"""Datasets of what several annotators said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from labelclean.arrays import Label
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import ColumnRoles, LabelSpelling, SpellingKind, VoteColumns
from labelclean.io.tables.contract import CellValue
from labelclean.io.votes import dataset_from_votes, most_votes, vote_columns

WIDE = ColumnRoles(text="text", label="ann", votes=VoteColumns(columns=("ann", "bob", "eva")))
LONG = ColumnRoles(text="text", label="vote", row_id="id", votes=VoteColumns(annotator="by"))
NAN = float("nan")


def given(labels: np.ndarray[tuple[int], np.dtype[np.int64]], names: Sequence[Label]) -> list[Label | None]:
    """Return labels as the user spells them."""
    return [None if code < 0 else names[code] for code in labels.tolist()]


def test_each_annotator_has_a_column() -> None:
    """A tie goes to the class with more votes over all, then to the first; without a vote there is no label."""
    votes: list[list[CellValue]] = [["b", "b", "a", ""], ["b", "c", "c", " "], ["a", "", None, NAN]]

    data = dataset_from_votes(WIDE, ["t1", "t2", "t3", "t4"], ["1", "2", "3", "4"], votes)

    assert data.class_names == ("a", "b", "c")
    assert given(data.labels, data.class_names) == ["b", "b", "a", None]
    assert data.votes is not None
    assert data.votes.annotators == ("ann", "bob", "eva")
    assert data.votes.codes.tolist() == [[1, 1, 0], [1, 2, -1], [0, 2, -1], [-1, -1, -1]]
    assert (data.row_ids, data.records) == (("1", "2", "3", "4"), None)


def test_votes_may_be_numbers_of_names() -> None:
    """And keep their types otherwise: 1 and "1" are two classes."""
    names = ColumnRoles(
        text="text", label="a", spelling=LabelSpelling(kind="names", class_names=("x", "y")), votes=WIDE.votes
    )

    assert dataset_from_votes(names, ["t"], None, [["0"], ["1"], ["1"]]).class_names == ("x", "y")
    assert dataset_from_votes(WIDE, ["t"], None, [[1], ["1"], [True]]).class_names == (True, 1, "1")


def test_each_record_is_a_vote() -> None:
    """Examples stand in the order in which their ids first appear, and a record without a vote is still one."""
    ids = ["m2", "m1", "m2", "m1", "m3", "m2"]
    texts = ["two", "one", "two", "one", "three", "two"]
    by = ["bob", "ann", "ann", "bob", None, "eva"]
    votes = ["x", "y", "y", "y", "", "x"]

    data = dataset_from_votes(LONG, texts, ids, [by, votes])

    assert data.texts == ("two", "one", "three")
    assert data.row_ids == ("m2", "m1", "m3")
    assert given(data.labels, data.class_names) == ["x", "y", None]
    assert data.votes is not None
    assert data.votes.annotators == ("bob", "ann", "eva")
    assert data.votes.codes.tolist() == [[0, 1, 0], [1, 1, -1], [-1, -1, -1]]
    assert data.records is not None
    assert data.records.tolist() == [0, 1, 0, 1, 2, 0]


def test_the_same_vote_twice_counts_once() -> None:
    """It says nothing new."""
    data = dataset_from_votes(LONG, ["a"] * 3, ["1"] * 3, [["ann", "ann", "bob"], ["x", "x", "y"]])

    assert data.votes is not None
    assert data.votes.codes.tolist() == [[0, 1]]


def test_two_votes_of_one_annotator_on_one_text_are_refused() -> None:
    """Both rows are named, and how many more there are."""
    by = ["ann", "bob", "ann", "bob", "ann"]

    with pytest.raises(FileContentError, match=r"rows 0 and 2 say two. 1 more row is"):
        dataset_from_votes(LONG, ["a"] * 5, ["1"] * 5, [by, ["x", "x", "y", "z", "y"]])


@pytest.mark.parametrize(
    ("texts", "ids", "by", "why"),
    [
        (["a", "b"], ["1", "1"], ["ann", "bob"], "rows 0 and 1 differ"),
        (["a", "a"], ["1", " "], ["ann", "bob"], "row 1 has none"),
        (["a", "a"], ["1", "1"], ["ann", ""], "row 1 names no annotator"),
    ],
)
def test_a_vote_must_say_whose_it_is_and_on_what(texts: list[str], ids: list[str], by: list[str], why: str) -> None:
    """Otherwise it would count for another text or annotator."""
    with pytest.raises(FileContentError, match=why) as caught:
        dataset_from_votes(LONG, texts, ids, [by, ["x", "y"]])

    assert caught.value.fix


def test_the_long_form_needs_an_id() -> None:
    """It says which records are about the same text."""
    with pytest.raises(InvalidInputError, match="an id must say"):
        dataset_from_votes(LONG, ["a"], None, [["ann"], ["x"]])


@pytest.mark.parametrize("kind", ["joined", "array", "one_hot"])
def test_votes_of_several_labels_are_refused(kind: SpellingKind) -> None:
    """A vote is one label."""
    roles = ColumnRoles(text="t", label="a", spelling=LabelSpelling(kind=kind, separator="|"), votes=WIDE.votes)

    with pytest.raises(InvalidInputError, match="one label"):
        dataset_from_votes(roles, ["a"], None, [["x"], ["y"], ["z"]])


def test_a_vote_that_is_a_list_is_refused() -> None:
    """The row is named."""
    with pytest.raises(FileContentError, match="row 1 holds a list"):
        dataset_from_votes(WIDE, ["a", "b"], None, [["x", ["y"]], ["", ""], ["", ""]])


@pytest.mark.parametrize(("roles", "columns"), [(WIDE, ("ann", "bob", "eva")), (LONG, ("by", "vote"))])
def test_the_columns_to_read_are_known(roles: ColumnRoles, columns: tuple[str, ...]) -> None:
    """One for each annotator, or that of the annotators and that of the votes."""
    assert vote_columns(roles) == columns


@pytest.mark.parametrize("votes", [None, VoteColumns()])
def test_votes_must_stand_somewhere(votes: VoteColumns | None) -> None:
    """Roles without votes have no such columns."""
    with pytest.raises(InvalidInputError, match="none is named"):
        vote_columns(ColumnRoles(text="t", label="l", votes=votes))


def test_an_impossible_table_is_refused_before_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts times annotators must fit into memory."""
    monkeypatch.setattr("labelclean.io.votes._MOST_CELLS", 5)
    cells: list[list[CellValue]] = [["ann", "bob", "eva"], ["x", "y", "x"]]

    with pytest.raises(FileContentError, match="3 texts and 3 annotators"):
        dataset_from_votes(LONG, ["a", "b", "c"], ["1", "2", "3"], cells)


def test_without_any_vote_there_is_no_label() -> None:
    """Nor a class."""
    assert most_votes(np.full((2, 3), -1, dtype=np.int32), 0).tolist() == [-1, -1]


def test_three_equal_classes_go_by_all_votes() -> None:
    """Class 2 has three votes over all, so it wins the tie in the first row."""
    codes = np.array([[0, 1, 2], [2, 2, -1], [1, -1, -1]], dtype=np.int32)

    assert most_votes(codes, 3).tolist() == [2, 2, 1]
