"""Tests of filters in words."""

from __future__ import annotations

import pytest

from labelclean.review.decisions import Verdict
from labelclean.review.filter_words import filter_words
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sizes import USUAL_QUEUES


@pytest.mark.parametrize("queue_filter", USUAL_QUEUES.values())
def test_the_usual_queues_need_no_sentence(queue_filter: QueueFilter) -> None:
    """They have names."""
    assert filter_words(queue_filter, str) == ""


@pytest.mark.parametrize(
    ("queue_filter", "words"),
    [
        (
            QueueFilter(given="refund", min_error_probability=0.8),
            "Flagged rows, undecided, given “refund”, at least 80 % likely wrong.",
        ),
        (QueueFilter.of_pair(1, 2, undecided_only=False), "All rows, given “1”, suggested “2”."),
        (QueueFilter(kind="rare", max_error_probability=0.25), "Rare classes, undecided, 0 to 25 % likely wrong."),
        (QueueFilter(verdict=Verdict.UNSURE, decided_by="Kim"), "Unsure, decided by Kim."),
        (
            QueueFilter(problem="label_leaks", text="order"),
            "Problem: Texts that give their label away, undecided, text contains “order”.",
        ),
        (QueueFilter(unlabelled=True, adds="a", removes="b"), "No label yet, undecided, adds “a”, removes “b”."),
        (QueueFilter(column="country", value="PT"), "Flagged rows, undecided, country is “PT”."),
        (QueueFilter(column="country"), "Flagged rows, undecided, country is empty."),
        (QueueFilter(rows=(1203,)), "Only row 1,203."),
        (QueueFilter(rows=(1, 2)), "Only 2 chosen rows."),
    ],
)
def test_a_filter_says_what_it_leaves(queue_filter: QueueFilter, words: str) -> None:
    """One sentence, in the order of how much each condition matters."""
    assert filter_words(queue_filter, str) == words
