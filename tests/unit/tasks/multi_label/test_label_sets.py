"""Label sets are read in the named format, and what is in another is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from labelclean.errors import ConfigError, InvalidInputError
from labelclean.tasks.multi_label.label_sets import LabelFormat, read_label_sets

TABLE = np.array([[True, False, True], [False, False, False], [False, True, False]])


class Tags(list[int]):
    """A list that somebody gave a name of its own."""


@pytest.mark.parametrize(
    "labels",
    [
        [[0, 2], [], [1]],
        [Tags([0, 2]), Tags(), [1]],
        [(2, 0), (), (1,)],
        [{0, 2}, set(), frozenset({1})],
        [np.array([0, 2]), np.array([], dtype=np.int64), np.array([1], dtype=np.int8)],
        np.array([[0, 2], [], [1]], dtype=object),
        iter([[0, 2], [], [1]]),
    ],
)
def test_sets_of_ids_may_be_any_flat_collection(labels: Any) -> None:
    """Lists, tuples, sets, frozen sets and arrays; empty ones too."""
    found = read_label_sets(labels, 3, 3)

    assert found.by_class.tolist() == TABLE.T.tolist()
    assert found.class_names == (0, 1, 2)
    assert (found.n_classes, found.n_examples) == (3, 3)


def test_sets_of_names_go_by_class_names() -> None:
    """Any hashable value is a name, and its place is its column."""
    names = ("cat", ("a", "tuple"), None)
    labels: list[list[Any]] = [["cat", None], [], [("a", "tuple")]]

    found = read_label_sets(labels, 3, 3, class_names=names)

    assert found.by_class.tolist() == TABLE.T.tolist()
    assert found.class_names == names


@pytest.mark.parametrize("kind", [bool, np.int8, np.int64, np.float32])
@pytest.mark.parametrize("order", ["C", "F"])
def test_tables_of_zero_and_one_may_have_any_type(kind: type, order: Any) -> None:
    """Bool, whole numbers and floats, in any memory order; names may be given as well."""
    found = read_label_sets(TABLE.astype(kind, order=order), 3, 3, label_format="one_hot", class_names=["a", "b", "c"])

    assert found.by_class.tolist() == TABLE.T.tolist()
    assert found.class_names == ("a", "b", "c")


@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csr_array, sparse.csc_array, sparse.coo_matrix])
def test_sparse_tables_may_be_of_any_kind(kind: Any) -> None:
    """CSR and what turns into it; a zero that is stored is a zero."""
    table = kind(TABLE.astype(np.float64))
    stored = sparse.csr_array(TABLE.astype(np.int64))
    stored.data[0] = 0

    found = read_label_sets(table, 3, 3, label_format="csr")
    without_first = read_label_sets(stored, 3, 3, label_format="csr")

    assert found.by_class.tolist() == TABLE.T.tolist()
    assert without_first.by_class[:, 0].tolist() == [False, False, True]


def test_many_classes_are_read_like_few() -> None:
    """Ids above 255 do not fit the short cut for few classes."""
    found = read_label_sets([[299, 0], [256]], 2, 300)

    assert np.argwhere(found.by_class).tolist() == [[0, 0], [256, 1], [299, 0]]


def test_no_examples_are_no_error() -> None:
    """In all three formats."""
    empty = np.empty((0, 2), dtype=np.bool_)

    assert read_label_sets([], 0, 2).by_class.shape == (2, 0)
    assert read_label_sets(empty, 0, 2, label_format="one_hot").by_class.shape == (2, 0)
    assert read_label_sets(sparse.csr_array(empty), 0, 2, label_format="csr").by_class.shape == (2, 0)


def test_all_sets_may_be_empty() -> None:
    """Nobody was given anything."""
    assert not read_label_sets([[], []], 2, 3).by_class.any()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([[0], [1, 3], [7]], "class ids from 0 to 2.*2 rows that do not, first in row 1"),
        ([[0], [-1], []], "class ids from 0 to 2.*1 rows that do not, first in row 1"),
        ([[0], [], [1.0]], "class ids from 0 to 2.*1 rows that do not, first in row 2"),
        ([[0], ["1"], [None]], "class ids from 0 to 2.*2 rows that do not, first in row 1"),
        ([[300], [], []], "class ids from 0 to 2.*1 rows that do not, first in row 0"),
        ([[2**70], [], []], "class ids from 0 to 2.*1 rows that do not, first in row 0"),
        ([[0, 2, 0], [], [1, 1]], "a class only once; got 2 rows that do not, first in row 0"),
        ([[0, 1, 0], [1, 1, 0], [0, 0, 0]], "0/1 values for each class in all 3 rows"),
        ([[True], [False], []], "0/1 values"),
        ([np.array([True, False]), [], []], "class ids from 0 to 2.*1 rows that do not, first in row 0"),
        ([0, 1, 2], "list, tuple, set or flat array of classes for each example; got 3 rows"),
        (["ab", [0], []], "list, tuple, set or flat array of classes for each example; got 1 rows"),
        ([[0], None, []], "for each example; got 1 rows that do not, first in row 1"),
        (np.array([[0, 1, 0], [1, 1, 0], [0, 0, 0]]), 'label_format is "sets"; got a table'),
        (sparse.csr_array(TABLE), 'label_format is "sets"; got a table'),
        ("abc", "one set of classes per example; got a value of type str"),
        ({0: [1]}, "one set of classes per example; got a value of type dict"),
        (7, "one set of classes per example; got a value of type int"),
        ([[0], [1]], "one row for each of the 3 rows of pred_probs; got 2"),
    ],
)
def test_sets_that_are_none_are_refused(labels: Any, message: str) -> None:
    """With the rule, the number of bad rows and the first of them."""
    with pytest.raises(InvalidInputError, match=message):
        read_label_sets(labels, 3, 3)


@pytest.mark.parametrize("n_classes", [3, 300])
def test_ids_are_checked_alike_for_few_and_many_classes(n_classes: int) -> None:
    """Both ways of reading refuse what is no whole number."""
    bad: Any
    for bad in (n_classes, -1, 0.5, "0", None):
        with pytest.raises(InvalidInputError, match="1 rows that do not, first in row 1"):
            read_label_sets([[0, 2], [bad], []], 3, n_classes)


def test_both_of_two_classes_in_every_row_are_a_set() -> None:
    """With two classes [0, 1] is the set of both, and no row of a table."""
    assert read_label_sets([[0, 1], [1, 0]], 2, 2).by_class.all()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([["cat"], ["cow"], []], "names that stand in class_names; got 1 rows that do not, first in row 1"),
        ([["cat"], [["dog"]], [0]], "names that stand in class_names; got 2 rows that do not, first in row 1"),
        ([["cat", "cat"], [], []], "a class only once; got 1 rows"),
    ],
)
def test_unknown_names_are_refused(labels: Any, message: str) -> None:
    """Also values that cannot be names, and ids where names are expected."""
    with pytest.raises(InvalidInputError, match=message):
        read_label_sets(labels, 3, 2, class_names=["cat", "dog"])


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a", "b"], "got 2 names, 2 of them different"),
        (["a", "b", "a"], "got 3 names, 2 of them different"),
        ([["a"], "b", "c"], "hashable"),
    ],
)
def test_class_names_must_name_each_class_once(names: Any, message: str) -> None:
    """Too few, doubled and unhashable ones."""
    with pytest.raises(ConfigError, match=message):
        read_label_sets([[], [], []], 3, 3, class_names=names)


@pytest.mark.parametrize(
    ("labels", "label_format", "message"),
    [
        ([[0, 2], [], [1]], "one_hot", "rows of different lengths"),
        ([["a", "b", "c"]] * 3, "one_hot", "got shape"),
        ([1, 0, 1], "one_hot", r"got shape \(3,\)"),
        (sparse.csr_array(TABLE), "one_hot", "got a sparse one"),
        (
            np.array([[0, 1, 2], [0, 0, 0], [1, -1, 0]]),
            "one_hot",
            "only 0 and 1; got 2 rows.*first in row 0",
        ),
        (
            np.array([[0, 1, 1], [0, np.nan, 0], [1, 0, 0]]),
            "one_hot",
            "only 0 and 1; got 1 rows.*first in row 1",
        ),
        (TABLE[:, :2], "one_hot", "one column for each of the 3 columns of pred_probs; got 2"),
        (TABLE[:2], "one_hot", "one row for each of the 3 rows of pred_probs; got 2"),
        (TABLE, "csr", "a sparse matrix; got a value of type ndarray"),
        (sparse.csr_array(TABLE[:, :2]), "csr", "one column for each of the 3"),
        (sparse.csr_array(TABLE * 2), "csr", "only 0 and 1; got 2 rows.*first in row 0"),
    ],
)
def test_tables_that_are_none_are_refused(labels: Any, label_format: LabelFormat, message: str) -> None:
    """Other values, other shapes, and other formats than the named one."""
    with pytest.raises(InvalidInputError, match=message):
        read_label_sets(labels, 3, 3, label_format=label_format)


def test_doubled_entries_of_a_sparse_table_are_refused() -> None:
    """A class stored twice in a row would otherwise count once or, summed, as 2."""
    doubled = sparse.csr_array((np.ones(3), np.array([0, 1, 1]), np.array([0, 1, 3, 3])), shape=(3, 3))

    with pytest.raises(InvalidInputError, match="only once; got 1 rows that do not, first in row 1"):
        read_label_sets(doubled, 3, 3, label_format="csr")


def test_the_format_must_be_one_of_the_three() -> None:
    """A wrong name is no reason to guess."""
    wrong: Any = "onehot"

    with pytest.raises(ConfigError, match="one of sets, one_hot, csr; got 'onehot'"):
        read_label_sets([[]], 1, 1, label_format=wrong)


def test_the_callers_sparse_matrix_stays_as_it_was() -> None:
    """Not even its order of entries changes."""
    table = sparse.csr_array((np.ones(2), np.array([2, 0]), np.array([0, 2])), shape=(1, 3))

    read_label_sets(table, 1, 3, label_format="csr")

    assert table.indices.tolist() == [2, 0]
