from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from labelclean import audit
from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.frames import corrected_frame, dataset_from_frame, frame_roles
from labelclean.io.layout import LabelSpelling, VoteColumns
from labelclean.label_set import LabelSet


def frame_with(labels: object, **more: object) -> pd.DataFrame:
    """Return a frame of three rows whose index has values that come twice."""
    return pd.DataFrame({"text": ["a", "b", "c"], "label": labels, **more}, index=[7, 7, 0])


def corrected(frame: pd.DataFrame, row: int, label: Label | None) -> pd.DataFrame:
    """Correct one label."""
    return corrected_frame(frame, frame_roles(frame, text="text", label="label"), {row: label})


def test_texts_labels_and_ids_are_read_by_position() -> None:
    """Missing texts are empty, missing labels of every kind are not labelled, ids become text."""
    frame = pd.DataFrame(
        {"text": ["a", None, "c", "d"], "label": ["x", None, np.nan, " "], "id": [5, 6, 7, 8]}, index=[0, 0, 9, 9]
    )

    found = dataset_from_frame(frame, text="text", label="label", row_id="id")

    assert found.texts == ("a", "", "c", "d")
    assert found.labels.tolist() == [0, -1, -1, -1]
    assert found.row_ids == ("5", "6", "7", "8")


@pytest.mark.parametrize(
    ("labels", "class_names", "codes"),
    [
        (np.array([2, 1, 2]), (1, 2), [1, 0, 1]),
        (pd.array([2, None, 1], "Int64"), (1, 2), [1, -1, 0]),
        (pd.array([True, None, False], "boolean"), (False, True), [1, -1, 0]),
        (pd.array(["x", None, "y"], "string"), ("x", "y"), [0, -1, 1]),
        (pd.Categorical(["y", None, "x"], categories=["y", "x", "z"]), ("x", "y"), [1, -1, 0]),
        ([1, "1", True], (True, 1, "1"), [1, 2, 0]),
    ],
)
def test_labels_keep_their_type(labels: object, class_names: tuple[Label, ...], codes: list[int]) -> None:
    """NumPy's numbers are Python's; 1, true and "1" are three classes."""
    found = dataset_from_frame(frame_with(labels), text="text", label="label")

    assert found.class_names == class_names
    assert [type(name) for name in found.class_names] == [type(name) for name in class_names]
    assert found.labels.tolist() == codes


def test_lists_are_label_sets() -> None:
    """A list, a tuple and an array in a cell are a set each; the empty one is not the missing one."""
    frame = frame_with([["x", "y"], (), None])

    found = dataset_from_frame(frame, text="text", label="label")

    assert [found.given_label(row) for row in range(3)] == [LabelSet(["x", "y"]), LabelSet(), None]


def test_a_spelling_can_be_chosen() -> None:
    """Sets may be joined in a cell, or stand in columns of their own."""
    joined = frame_with(["x|y", "", "y"])
    marks = frame_with([0, 0, 0], late=[1, 0, 0], broken=[1, 1, 0])
    one_hot = LabelSpelling(kind="one_hot", columns=("late", "broken"))
    roles = frame_roles(marks, text="text", label="late", spelling=one_hot)

    found = dataset_from_frame(joined, text="text", label="label", spelling=LabelSpelling(kind="joined", separator="|"))
    after = corrected_frame(marks, roles, {2: LabelSet(["late"]), 0: LabelSet()})

    assert found.given_label(0) == LabelSet(["x", "y"])
    assert after["late"].tolist() == [0, 0, 1]
    assert after["broken"].tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("labels", "new", "expected"),
    [
        (["x", "y", None], "z", ["z", "y", None]),
        (np.array([1, 2, 3]), 9, [9, 2, 3]),
        (np.array([1, 2, 3], np.uint8), 255, [255, 2, 3]),
        (np.array([1.5, 2.5, np.nan]), None, [None, 2.5, None]),
        (np.array([True, False, True]), False, [False, False, True]),
        (pd.array([1, 2, None], "Int64"), None, [None, 2, None]),
        (pd.array([True, False, None], "boolean"), False, [False, False, None]),
        (pd.array(["x", "y", None], "string"), "z", ["z", "y", None]),
        (np.array(["x", 1, None], object), 7, [7, 1, None]),
        (pd.Series(["x", "y", None], [7, 7, 0], pd.ArrowDtype(pa.string())), "z", ["z", "y", None]),
        (pd.Categorical(["x", "y", None], ordered=True), "z", ["z", "y", None]),
        (pd.Categorical([1, 2, None]), 3, [3, 2, None]),
    ],
    ids=lambda value: str(getattr(value, "dtype", "")),
)
def test_a_column_keeps_its_type(labels: object, new: Label | None, expected: list[object]) -> None:
    """Index, attrs and everything else are the same too, and the given frame is not changed."""
    if isinstance(labels, pd.Series):
        labels = labels.array
    frame = frame_with(labels, more=[1, 2, 3])
    frame.attrs["source"] = "made by hand"
    untouched = frame.copy()

    after = corrected(frame, 0, new)

    assert_frame_equal(frame, untouched)
    assert [None if pd.isna(value) else value for value in after["label"]] == expected
    if not isinstance(frame["label"].dtype, pd.CategoricalDtype):
        assert after["label"].dtype == frame["label"].dtype
    assert_frame_equal(after.drop(columns="label"), frame.drop(columns="label"))
    assert list(after.columns) == list(frame.columns)
    assert after.attrs == {"source": "made by hand"}


def test_a_new_category_stands_behind_the_others() -> None:
    """Order and flag of the categories stay."""
    labels = pd.Categorical(["low", None, "high"], categories=["low", "middle", "high"], ordered=True)

    after = corrected(frame_with(labels), 1, "extreme")

    assert after["label"].cat.categories.tolist() == ["low", "middle", "high", "extreme"]
    assert after["label"].cat.ordered
    assert after["label"].tolist() == ["low", "extreme", "high"]


def test_lists_stay_the_kind_of_sequence_they_were() -> None:
    """What stays in a set keeps its place; the old list is not changed."""
    old = ["x", "y"]
    frame = frame_with([old, ("x",), np.array(["x"], dtype=object)])

    after = corrected_frame(
        frame,
        frame_roles(frame, text="text", label="label"),
        {0: LabelSet(["z", "y"]), 1: LabelSet(["z"]), 2: LabelSet(["x", "z"])},
    )

    assert after["label"].iloc[0] == ["y", "z"]
    assert after["label"].iloc[1] == ("z",)
    assert isinstance(after["label"].iloc[2], np.ndarray)
    assert after["label"].iloc[2].tolist() == ["x", "z"]
    assert old == ["x", "y"]


@pytest.mark.parametrize(
    ("labels", "new"),
    [
        (np.array([1, 2, 3]), "x"),
        (np.array([1, 2, 3]), None),
        (np.array([1, 2, 3], np.int8), 128),
        (np.array([1, 2, 3]), True),
        (np.array([1.5, 2.5, 3.5], np.float32), 0.1),
        (np.array([True, False, True]), 1),
        (np.array([True, False, True]), None),
        (pd.array([1, 2, 3], "Int64"), 1.5),
        (pd.array(["x", "y", "z"], "string"), 1),
        (pd.Categorical([1, 2, 3]), "x"),
        (pd.Series(["x", "y", "z"], [7, 7, 0], pd.ArrowDtype(pa.string())).array, 1),
    ],
    ids=lambda value: str(getattr(value, "dtype", value)),
)
def test_a_label_that_a_type_cannot_hold_is_refused(labels: object, new: Label | None) -> None:
    """A column of numbers does not silently become one of objects; the row is named."""
    with pytest.raises(InvalidInputError, match=r"“label”.* row 0"):
        corrected(frame_with(labels), 0, new)


@dataclass(frozen=True)
class Entry:
    """An entry of a change log."""

    row: int
    new: Label | None
    is_correction: bool = True


def test_the_entries_of_a_change_log_are_corrections() -> None:
    """Entries that leave the label as it is do nothing."""
    frame = frame_with(["x", "y", None])
    roles = frame_roles(frame, text="text", label="label")

    after = corrected_frame(frame, roles, [Entry(0, "y"), Entry(1, "z", is_correction=False)])

    assert after["label"].iloc[:2].tolist() == ["y", "y"]


def test_rows_can_be_left_out() -> None:
    """The others keep their index values; corrections of rows that go do not count."""
    index = pd.MultiIndex.from_tuples([("a", 1), ("a", 1), ("b", 2)], names=["shop", "day"])
    frame = pd.DataFrame({"text": list("abc"), "label": ["x", "y", "z"]}, index=index)
    roles = frame_roles(frame, text="text", label="label")

    after = corrected_frame(frame, roles, {0: "q", 2: "w"}, dropped_rows=[0])

    assert after["label"].tolist() == ["y", "w"]
    assert after.index.equals(index[1:])


def test_votes_stay_and_the_consensus_gets_a_column() -> None:
    """The label is the majority's; corrections go to the consensus column of every row."""
    frame = pd.DataFrame({"text": ["a", "b"], "ann": ["x", "y"], "ben": ["x", None], "cho": ["y", "y"]}, index=[4, 4])
    votes = VoteColumns(columns=("ann", "ben", "cho"))
    roles = frame_roles(frame, text="text", label="ann", votes=votes)

    found = dataset_from_frame(frame, text="text", label="ann", votes=votes)
    after = corrected_frame(frame, roles, {0: "z"})

    assert [found.given_label(row) for row in range(2)] == ["x", "y"]
    assert after["consensus_label"].tolist() == ["z", "y"]
    assert_frame_equal(after.drop(columns="consensus_label"), frame)
    assert corrected_frame(after, roles, {1: "w"})["consensus_label"].tolist() == ["z", "w"]


def test_a_row_may_be_one_vote() -> None:
    """Corrections are of texts, in the order in which their ids appear."""
    frame = pd.DataFrame(
        {"id": [5, 6, 5], "text": ["a", "b", "a"], "who": ["ann", "ann", "ben"], "label": ["x", "y", "x"]}
    )
    votes = VoteColumns(annotator="who")
    roles = frame_roles(frame, text="text", label="label", row_id="id", votes=votes)

    after = corrected_frame(frame, roles, {0: "z"}, dropped_rows=[1])

    assert after["consensus_label"].tolist() == ["z", "z"]
    assert after["id"].tolist() == [5, 5]


def test_what_cannot_be_is_refused() -> None:
    """Columns must be there once, rows are positions, texts are text."""
    frame = frame_with(["x", "y", None])
    twice = pd.concat([frame, frame[["label"]]], axis=1)
    roles = frame_roles(frame, text="text", label="label")

    with pytest.raises(InvalidInputError, match="one column named “no”; there is none"):
        dataset_from_frame(frame, text="no", label="label")
    with pytest.raises(InvalidInputError, match="one column named “label”; there are 2"):
        dataset_from_frame(twice, text="text", label="label")
    with pytest.raises(InvalidInputError, match="3 rows counted from 0; got row 7"):
        corrected_frame(frame, roles, {7: "x"})
    with pytest.raises(InvalidInputError, match="Each text must be a str; got int"):
        dataset_from_frame(frame_with([1, 2, 3]), text="label", label="text")


@settings(deadline=None, max_examples=50)
@given(
    labels=st.lists(st.none() | st.sampled_from("xyz") | st.integers(0, 2) | st.booleans(), min_size=1, max_size=8),
    chosen=st.dictionaries(st.integers(0, 7), st.none() | st.sampled_from("xyzw") | st.integers(0, 3)),
)
def test_reading_a_corrected_frame_gives_the_corrected_labels(
    labels: list[Label | None], chosen: dict[int, Label | None]
) -> None:
    """Every other label is as it was."""
    frame = pd.DataFrame({"text": ["t"] * len(labels), "label": pd.Series(labels, dtype=object)})
    changes = {row: label for row, label in chosen.items() if row < len(labels)}

    after = corrected_frame(frame, frame_roles(frame, text="text", label="label"), changes)

    found = dataset_from_frame(after, text="text", label="label")
    expected = [changes.get(row, label) for row, label in enumerate(labels)]
    assert [(type(label), label) for label in map(found.given_label, range(len(labels)))] == [
        (type(label), label) for label in expected
    ]


def test_columns_can_be_audited_as_they_are() -> None:
    """The short way, without roles, stays."""
    texts = [f"{kind} number {row}" for row in range(20) for kind in ("parcel lost", "screen broken")]
    frame = pd.DataFrame({"text": texts, "label": ["late", "broken"] * 20}, index=range(40, 0, -1))

    result = audit(frame["text"], frame["label"])  # type: ignore[arg-type]  # to the stubs a Series is no sequence

    assert result.class_names == ("broken", "late")
