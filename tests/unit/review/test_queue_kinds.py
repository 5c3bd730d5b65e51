"""Tests of the queues that are not about suspicion alone: contradictions, rare classes, problems, columns, people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labelclean.label_set import LabelSet
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.queue import ReviewQueue, build_queue
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.rare_classes import rare_rows
from tests.queue_cases import MadeRun, MadeSources, by_row, decision, made_run

# Rows 0-2 are copies under a, b, a; rows 3 and 4 under b, c; rows 5 and 6 both under a; row 7 stands alone.
COPIES = (0, 0, 0, 3, 3, 5, 5, 7)
LABELS = (0, 1, 0, 1, 2, 0, 0, 2)


def _contradictions(*decisions: ReviewEvent, ranked: list[int] | None = None, **conditions: Any) -> ReviewQueue:
    run = made_run(["a", "b", "c"], LABELS, ranked=ranked)
    sources = MadeSources(texts=[f"text {row}" for row in range(8)], groups=COPIES)
    return build_queue(run, sources, QueueFilter(kind="contradictions", **conditions), by_row(*decisions))


def _rows(queue: ReviewQueue) -> list[int]:
    return [int(row) for row in queue.rows]


def test_each_group_that_contradicts_itself_is_there_once_by_its_most_suspect_row() -> None:
    """One card decides the whole group."""
    assert _rows(_contradictions(ranked=[7, 6, 5, 4, 3, 2, 1, 0])) == [4, 2]


def test_the_group_where_most_rows_disagree_comes_first() -> None:
    """Two against two is more to put right than one against five."""
    labels = [0, 0, 0, 0, 0, 1, 0, 0, 1, 1]
    run = made_run(["a", "b"], labels)
    sources = MadeSources(texts=[""] * 10, groups=[0] * 6 + [6] * 4)

    queue = build_queue(run, sources, QueueFilter(kind="contradictions"), {})

    assert _rows(queue) == [6, 0]


def test_a_group_whose_labels_are_the_same_by_now_leaves_the_queue_and_counts_as_done() -> None:
    """A corrected row counts with its new label."""
    queue = _contradictions(decision(1, Verdict.RELABEL, label="a"))

    assert _rows(queue) == [3]
    assert sorted(queue.matching_rows.tolist()) == [1, 3]


def test_a_row_that_is_excluded_contradicts_nothing() -> None:
    """What does not belong into the data needs no label."""
    assert _rows(_contradictions(decision(1, Verdict.EXCLUDE))) == [3]


def test_a_kept_label_goes_on_contradicting_the_rows_that_nobody_decided() -> None:
    """The group is still there, by the next of its rows."""
    assert _rows(_contradictions(decision(0, Verdict.KEEP))) == [1, 3]


def test_a_group_that_is_decided_row_by_row_is_done_although_its_labels_differ() -> None:
    """Whoever kept two labels meant it."""
    queue = _contradictions(decision(3), decision(4))

    assert _rows(queue) == [0]
    assert sorted(queue.matching_rows.tolist()) == [0, 3]


def test_a_correction_can_make_a_contradiction() -> None:
    """Two copies that agreed disagree once one of them is another class."""
    assert 6 in _rows(_contradictions(decision(5, Verdict.RELABEL, label="c")))


def test_a_class_that_reviewers_made_contradicts_the_others() -> None:
    """Its name is no class of the run."""
    assert 6 in _rows(_contradictions(decision(5, Verdict.RELABEL, label="brand new")))


def test_other_conditions_choose_among_the_contradictions() -> None:
    """A group is there if one of its rows meets them, and that row stands for it."""
    assert _rows(_contradictions(given="c")) == [4]
    assert _rows(_contradictions(given="b")) == [1, 3]


def test_rows_without_a_label_contradict_nothing() -> None:
    """Nobody said anything about them."""
    run = made_run(["a", "b"], [0, -1, -1])
    sources = MadeSources(texts=["", "", ""], groups=[0, 0, 0])

    assert _rows(build_queue(run, sources, QueueFilter(kind="contradictions"), {})) == []


def test_without_copies_there_is_no_contradiction() -> None:
    """Each row stands alone."""
    run = made_run(["a", "b"], [0, 1])

    assert _rows(build_queue(run, MadeSources(texts=["", ""]), QueueFilter(kind="contradictions"), {})) == []


def test_a_class_with_fewer_than_five_rows_is_rare() -> None:
    """Four rows are rare, five are not, and rows without a label have no class."""
    run = made_run(["a", "b", "never given"], [0] * 5 + [1] * 4 + [-1])

    assert np.flatnonzero(rare_rows(run)).tolist() == [5, 6, 7, 8]


def test_a_class_with_less_than_a_twentieth_of_the_average_is_rare() -> None:
    """Of 400 rows in two classes, the average has 200: nine rows are rare, ten are not."""
    nine = made_run(["a", "b"], [0] * 391 + [1] * 9)
    ten = made_run(["a", "b"], [0] * 390 + [1] * 10)

    assert np.count_nonzero(rare_rows(nine)) == 9
    assert np.count_nonzero(rare_rows(ten)) == 0


def test_a_label_set_is_rare_where_one_of_its_labels_is() -> None:
    """Labels are counted over all sets: "late" is in six, "odd" in one."""
    sets = [LabelSet(["late"]), LabelSet(["late", "odd"]), LabelSet()]
    run = made_run(sets, [0] * 5 + [1, 2])

    assert np.flatnonzero(rare_rows(run)).tolist() == [5]


def test_the_queue_of_rare_classes_holds_rows_that_are_not_flagged() -> None:
    """With so few rows each label counts."""
    run = made_run(["a", "b"], [0] * 5 + [1] * 2, flagged=[0], ranked=[0, 6, 5, 4, 3, 2, 1])
    sources = MadeSources(texts=[""] * 7)

    assert _rows(build_queue(run, sources, QueueFilter(kind="rare"), {})) == [6, 5]


def _plain(*decisions: ReviewEvent, reviewer: str = "", **conditions: Any) -> list[int]:
    """Return a queue over four rows of which the first two are flagged."""
    run = made_run(["a", "b"], [0, 0, 1, -1], flagged=[0, 1], error_probabilities=[0.9, 0.7, 0.3, np.nan])
    sources = MadeSources(
        texts=["one", "two", "three", "four"],
        columns={"country": ["PT", "", "PT", "ES"]},
        problems={"outliers": [2, 0]},
    )
    wanted = QueueFilter(**conditions)
    return _rows(build_queue(run, sources, wanted, by_row(*decisions), reviewer=reviewer))


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"problem": "outliers"}, [2, 0]),
        ({"problem": "outliers", "given": "a"}, [0]),
        ({"problem": "unheard of"}, []),
        ({"column": "country", "value": "PT"}, [0]),
        ({"column": "country", "value": "PT", "only_issues": False}, [0, 2]),
        ({"column": "country"}, [1]),
        ({"column": "no such column", "value": "PT"}, []),
        ({"max_error_probability": 0.8, "only_issues": False}, [1, 2]),
        ({"min_error_probability": 0.5, "max_error_probability": 0.7}, [1]),
        ({"rows": (3, 0, 3, 99)}, [3, 0]),
        ({"adds": "a"}, []),
    ],
)
def test_each_condition_finds_its_rows(conditions: dict[str, Any], expected: list[int]) -> None:
    """A problem brings its own order, worst first; chosen rows stay in the order they were chosen in."""
    assert _plain(**conditions) == expected


def test_decided_rows_stay_out_of_the_queue_of_a_problem() -> None:
    """It is a queue to work off like the others."""
    assert _plain(decision(2), problem="outliers") == [0]


def test_a_queue_by_reviewer_holds_their_decisions_flagged_or_not() -> None:
    """The decision in force counts, not who decided first."""
    decisions = (decision(0, reviewer="kim"), decision(2, Verdict.UNSURE, reviewer="lee"))

    assert _plain(*decisions, decided_by="lee") == [2]
    assert _plain(*decisions, decided_by="lee", verdict=Verdict.KEEP) == []
    assert _plain(*decisions, decided_by="nobody") == []


def test_unsure_rows_of_others_come_before_ones_own() -> None:
    """They want a second opinion; it is not for the one who was unsure to give it."""
    decisions = tuple(
        decision(row, Verdict.UNSURE, reviewer=reviewer) for row, reviewer in enumerate(["kim", "lee", "kim", "lee"])
    )

    assert _plain(*decisions, verdict=Verdict.UNSURE, reviewer="kim") == [1, 3, 0, 2]
    assert _plain(*decisions, verdict=Verdict.UNSURE, reviewer="someone new") == [0, 1, 2, 3]


def _sets() -> MadeRun:
    """Return a run over sets: late, late+broken, none; row 3 has no set."""
    sets = [LabelSet(["late"]), LabelSet(["late", "broken"]), LabelSet(), LabelSet([1])]
    return made_run(sets, [0, 1, 2, -1, 3], suggested=[1, 0, 2, 1, 0], flagged=range(5))


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"adds": "broken"}, [0, 3]),
        ({"removes": "broken"}, [1]),
        ({"adds": "late"}, [3, 4]),
        ({"removes": 1}, [4]),
        ({"removes": True}, []),
        ({"adds": "late", "removes": 1}, [4]),
        ({"given": LabelSet(["broken", "late"])}, [1]),
        ({"given": LabelSet()}, [2]),
    ],
)
def test_label_sets_are_found_by_what_the_suggestion_changes(conditions: dict[str, Any], expected: list[int]) -> None:
    """A row without a set has no label yet: the suggestion adds all of its own."""
    queue = build_queue(_sets(), MadeSources(texts=[""] * 5), QueueFilter(**conditions), {})

    assert _rows(queue) == expected
