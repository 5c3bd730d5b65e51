"""Tests of how many rows wait in each queue."""

from __future__ import annotations

from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import Verdict
from labelclean.review.queue import build_queue
from labelclean.review.queue_sizes import USUAL_QUEUES, QueueSizes
from tests.queue_cases import MadeSources, by_row, decision, made_run

RUN = made_run(["a", "b"], [0, 0, 0, 0, 0, 1, -1], flagged=[0, 1, 5])
DECISIONS = by_row(decision(0), decision(2, Verdict.UNSURE), decision(3, Verdict.AMBIGUOUS))


def test_each_queue_says_how_many_rows_wait_in_it() -> None:
    """Counted by hand: 3 of 7 rows are decided, one of them flagged; one contradiction; class b is rare."""
    sources = MadeSources(texts=[""] * 7, groups=[0, 1, 2, 3, 4, 4, 6])

    assert QueueSizes(RUN, sources, DecisionTable.of(RUN, DECISIONS)).count() == {
        "likely": 2,
        "contradictions": 1,
        "unsure": 1,
        "ambiguous": 1,
        "rare": 1,
        "unlabelled": 1,
        "decided": 3,
        "all": 7,
    }


def test_the_sizes_are_those_of_the_queues() -> None:
    """What the list says is what opens."""
    sources = MadeSources(texts=[""] * 7, groups=[0, 0, 0, 0, 4, 4, 6])
    table = DecisionTable.of(RUN, DECISIONS)

    lengths = {name: len(build_queue(RUN, sources, queue, table)) for name, queue in USUAL_QUEUES.items()}

    assert QueueSizes(RUN, sources, table).count() == lengths


def test_contradictions_that_nobody_looked_for_have_no_size() -> None:
    """Looking for near-copies among a million rows takes longer than drawing a page may."""
    sizes = QueueSizes(RUN, MadeSources(texts=[""] * 7), DecisionTable(RUN)).count()

    assert sizes["contradictions"] is None
