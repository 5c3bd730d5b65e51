"""Tests of the decisions as columns over all rows, and of what is counted in them."""

from __future__ import annotations

import numpy as np

from labelclean.review.copy_groups import ContradictionCount, CopyGroups, counted_labels
from labelclean.review.decision_table import UNDECIDED, VERDICT_CODES, DecisionTable
from labelclean.review.decisions import EventKind, Verdict
from labelclean.review.log import ReviewLog
from tests.queue_cases import by_row, decision, made_run, turn

RUN = made_run(["a", "b"], [0, 1, -1, 0])


def test_each_decision_has_its_verdict_label_and_reviewer() -> None:
    """Accepted and relabelled rows have a new label; the others keep theirs."""
    table = DecisionTable.of(
        RUN,
        by_row(
            decision(0, Verdict.ACCEPT, label="b", reviewer="kim"),
            decision(1, Verdict.AMBIGUOUS, reviewer="lee"),
            decision(2, Verdict.RELABEL, label="brand new", reviewer="kim"),
        ),
    )

    codes = [VERDICT_CODES[verdict] for verdict in (Verdict.ACCEPT, Verdict.AMBIGUOUS, Verdict.RELABEL)]
    assert table.verdicts.tolist() == [*codes, UNDECIDED]
    assert table.labels.tolist() == [1, 1, 2, 0]
    assert table.has_changed.tolist() == [True, False, True, False]
    assert table.reviewer_names == ("kim", "lee")
    assert np.flatnonzero(table.reviewers == table.reviewer_code("kim")).tolist() == [0, 2]


def test_a_label_that_is_accepted_as_given_changes_nothing() -> None:
    """A correction to the label that is there already is none."""
    assert DecisionTable.of(RUN, by_row(decision(0, Verdict.ACCEPT, label="a"))).has_changed.tolist() == [False] * 4


def test_decisions_about_rows_that_are_not_there_are_left_out() -> None:
    """The file may have been another one once."""
    assert not DecisionTable.of(RUN, by_row(decision(4), decision(-1))).is_decided.any()


def test_the_table_follows_the_log() -> None:
    """Undo takes a decision back, or brings back the one before; redo and batches work likewise."""
    log, table = ReviewLog(), DecisionTable(RUN)
    log.extend([decision(0, Verdict.ACCEPT, label="b", uuid="1"), decision(3, uuid="2", batch="both")])
    table.follow(log)
    log.extend([decision(0, Verdict.UNSURE, uuid="3"), decision(1, uuid="4", batch="both")])
    table.follow(log)

    log.extend([turn(EventKind.UNDO, "3", uuid="5"), turn(EventKind.UNDO, "both", uuid="6")])
    table.follow(log)
    undone = (table.verdicts.tolist(), table.labels.tolist())
    log.extend([turn(EventKind.REDO, "both", uuid="7")])
    table.follow(log)

    accept, keep = VERDICT_CODES[Verdict.ACCEPT], VERDICT_CODES[Verdict.KEEP]
    assert undone == ([accept, UNDECIDED, UNDECIDED, UNDECIDED], [1, 1, -1, 0])
    assert table.verdicts.tolist() == [accept, keep, UNDECIDED, keep]


def test_copies_are_grouped_by_their_numbers() -> None:
    """Rows that stand alone are in no group."""
    copies = CopyGroups(np.array([0, 1, 0, 3, 1, 1]))

    assert len(copies) == 2
    assert copies.sizes.tolist() == [2, 3]
    assert [copies.group_of(row).tolist() for row in (0, 2, 3, 5)] == [[0, 2], [0, 2], [3], [1, 4, 5]]


def test_dissenting_rows_are_those_without_the_most_common_label() -> None:
    """Rows without a label dissent from nothing."""
    copies = CopyGroups(np.array([0, 0, 0, 0, 4, 4, 6, 6]))
    labels = np.array([0, 1, 1, -1, 2, 2, 0, 1])

    assert copies.contradicting(labels).tolist() == [True, False, True]
    assert copies.n_dissenting(labels).tolist() == [1, 0, 1]


def test_excluded_rows_have_no_label_that_counts() -> None:
    """They are as good as gone."""
    assert counted_labels(DecisionTable.of(RUN, by_row(decision(0, Verdict.EXCLUDE)))).tolist() == [-1, 1, -1, 0]


def test_open_contradictions_are_counted_as_decisions_come_and_go() -> None:
    """Solved by a correction, back by an undo, solved for good once every row is decided."""
    run = made_run(["a", "b"], [0, 1, 0, 0])
    log, table = ReviewLog(), DecisionTable(run)
    count = ContradictionCount(CopyGroups(np.array([0, 0, 2, 2])), table)
    steps = [
        [],
        [decision(1, Verdict.RELABEL, label="a", uuid="1")],
        [turn(EventKind.UNDO, "1", uuid="2")],
        [decision(2, Verdict.RELABEL, label="b", uuid="3")],
        [decision(3, Verdict.KEEP, uuid="4")],
        [decision(0, Verdict.EXCLUDE, uuid="5")],
    ]

    counted = []
    for events in steps:
        log.extend(events)
        table.follow(log)
        counted.append(count.n_open())

    assert counted == [1, 0, 1, 2, 1, 0]
