"""Merging names of one class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labelclean.dataset import Dataset, VoteTable
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict, corrected_labels, current_decisions
from labelclean.review.merging import (
    MergeEffect,
    decisions_with_merges,
    make_merge,
    merge_dataset,
    merge_effect,
    merges_in_force,
    names_gone,
    turn_merge,
)
from tests.store_examples import MOMENT, decide

DATASET = Dataset.from_labels(["a", "b", "c", "d"], ["refund ", "refund", "late", "refund "])


def _merge(*names: str, into: str = "refund", uuid: str = "m1") -> ReviewEvent:
    return make_merge(names, into, reviewer="kim", now=MOMENT, event_uuid=uuid)


def test_a_merge_says_what_it_did() -> None:
    """The name that stays is not among those that go."""
    merge = _merge("refund ", "refund", "Refund")

    assert merge.merged == ("refund ", "Refund")
    assert merge.note == "merged “refund ”, “Refund” into “refund”"


def test_a_merge_of_one_name_is_none() -> None:
    """There must be something to turn into something else."""
    with pytest.raises(InvalidInputError, match="at least one name"):
        _merge("refund")


def test_every_row_with_the_name_gets_the_one_that_stays() -> None:
    """The analysis sees one class, in the same fixed order of classes."""
    merged = merge_dataset(DATASET, [_merge("refund ")])

    assert merged.class_names == ("late", "refund")
    assert merged.labels.tolist() == [1, 1, 0, 1]


def test_without_a_change_the_dataset_is_the_same() -> None:
    """Nothing is copied for nothing."""
    assert merge_dataset(DATASET, [_merge("lost")]) is DATASET


def test_votes_are_merged_too() -> None:
    """Two annotators who spell one class in two ways agree afterwards."""
    votes = VoteTable(annotators=("x", "y"), codes=np.array([[2, 1], [1, -1], [0, 0], [2, 2]], dtype=np.int32))
    dataset = Dataset(texts=DATASET.texts, labels=DATASET.labels, class_names=DATASET.class_names, votes=votes)

    merged = merge_dataset(dataset, [_merge("refund ")])

    assert merged.votes is not None
    assert merged.votes.codes.tolist() == [[1, 1], [1, -1], [0, 0], [1, 1]]


def test_a_name_is_merged_inside_sets() -> None:
    """The other labels of a set stay, in their order; two names of one class become one label."""
    dataset = Dataset.from_labels(
        ["a", "b", "c"], [LabelSet(["refund ", "late"]), LabelSet(["refund", "refund "]), LabelSet()]
    )

    merged = merge_dataset(dataset, [_merge("refund ")])

    assert [merged.given_label(row) for row in range(3)] == [
        LabelSet(["refund", "late"]),
        LabelSet(["refund"]),
        LabelSet(),
    ]


def test_a_confirmed_label_gets_the_new_name_and_keeps_its_verdict() -> None:
    """The person confirmed the class, not its spelling."""
    decisions = {0: decide("e1", 0, note="sure"), 3: decide("e2", 3, verdict=Verdict.UNSURE)}

    found = decisions_with_merges(decisions, [_merge("refund ")], DATASET)

    assert [(row, event.verdict, event.label) for row, event in sorted(found.items())] == [
        (0, Verdict.KEEP, "refund"),
        (3, Verdict.UNSURE, "refund"),
    ]
    assert found[0].note == "sure; merged “refund ” into “refund”"


def test_a_person_s_correction_wins_over_a_merge() -> None:
    """Rows decided otherwise keep their decision, made before or after the merge."""
    decisions = {0: decide("e1", 0, verdict=Verdict.ACCEPT, label="late")}

    found = decisions_with_merges(decisions, [_merge("refund ")], DATASET)

    assert corrected_labels(found) == {0: "late", 3: "refund"}
    assert merge_effect(["refund ", "refund"], "refund", dataset=DATASET, decisions=decisions) == MergeEffect(
        n_rows=1, n_kept=1
    )


def test_a_correction_follows_the_merges_after_it() -> None:
    """Who corrected a row to late before late became slow meant slow; who writes late afterwards means late."""
    rename = replace(make_merge(["late"], "slow", reviewer="kim", now=MOMENT), position=2)
    before = decide("e1", 0, verdict=Verdict.RELABEL, label="late", position=1)
    after = decide("e3", 1, verdict=Verdict.RELABEL, label="late", position=3)

    found = decisions_with_merges({0: before, 1: after}, [rename], DATASET)

    assert corrected_labels(found) == {0: "slow", 1: "late", 2: "slow"}
    assert found[0].note == "merged “late” into “slow”"


def test_a_merge_counts_the_rows_that_a_person_gave_one_of_its_names() -> None:
    """Row 0 was corrected to late; with row 2 it will read slow, and no row keeps its label."""
    decisions = {0: decide("e1", 0, verdict=Verdict.RELABEL, label="late")}

    effect = merge_effect(["late"], "slow", dataset=DATASET, decisions=decisions)

    assert effect == MergeEffect(n_rows=2, n_kept=0)


def test_a_merge_decides_no_row() -> None:
    """Whether the label is right is still to be asked."""
    assert current_decisions([_merge("refund ")]) == {}


def test_one_event_undoes_a_merge_and_one_redoes_it() -> None:
    """Whatever number of rows it changed."""
    first, second = _merge("refund "), _merge("late", uuid="m2")
    undo = turn_merge(first, EventKind.UNDO, reviewer="lee", now=MOMENT)
    redo = turn_merge(first, EventKind.REDO, reviewer="lee", now=MOMENT)

    assert merges_in_force([first, second, undo]) == (second,)
    assert merges_in_force([first, second, undo, redo]) == (first, second)


def test_merges_follow_each_other() -> None:
    """Without the first, the second does not reach its rows."""
    first, second = _merge("refund "), _merge("refund", into="money", uuid="m2")

    both = merge_dataset(DATASET, [first, second])
    only_second = merge_dataset(DATASET, [second])

    assert [both.given_label(row) for row in range(4)] == ["money", "money", "late", "money"]
    assert [only_second.given_label(row) for row in range(4)] == ["refund ", "money", "late", "refund "]


def test_there_and_back_changes_nothing() -> None:
    """A name that became its old self again has no line in the change log."""
    there = make_merge(["late"], "slow", reviewer="kim", now=MOMENT)
    back = make_merge(["slow"], "late", reviewer="kim", now=MOMENT)

    assert decisions_with_merges({}, [there, back], DATASET) == {}


def test_a_merge_needs_names() -> None:
    """An event that merges nothing cannot be made."""
    with pytest.raises(InvalidInputError, match="which names"):
        ReviewEvent(uuid="a", row=-1, kind=EventKind.MERGE, label="x", decided_at=MOMENT)


def test_names_are_gone_while_their_merge_is_in_force() -> None:
    """One that came back through a later merge is not."""
    back = make_merge(["refund"], "refund ", reviewer="kim", now=MOMENT)

    assert names_gone([_merge("refund ", "Refund")]) == ("refund ", "Refund")
    assert names_gone([_merge("refund "), back]) == ("refund",)
