"""What may change in a queue under a reviewer's eyes: nothing that was sent, and never a row twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.arrays import MaskArray
from labelclean.review.queue import ReviewQueue
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_tail import mix_control_rows, with_new_tail

N_ROWS = 40


def _queue(*rows: int) -> ReviewQueue:
    array = np.array(rows, dtype=np.int64)
    return ReviewQueue(queue_filter=QueueFilter(), rows=array, matching_rows=array)


def _decided(*rows: int) -> MaskArray:
    return np.isin(np.arange(N_ROWS), rows)


def test_what_was_sent_stays_and_the_rest_comes_in_the_new_order() -> None:
    """Row 5 is no suspect any more, row 9 is one now."""
    queue, fresh = _queue(1, 2, 3, 4, 5), _queue(9, 4, 2, 3)

    after = with_new_tail(queue, fresh, n_sent=2, is_decided=_decided())

    assert after.rows.tolist() == [1, 2, 9, 4, 3]
    assert after.digest == queue.digest


def test_rows_decided_further_on_keep_their_places() -> None:
    """As long as the queue reaches there; else they come last."""
    queue, fresh = _queue(1, 2, 3, 4, 5), _queue(4, 3)

    after = with_new_tail(queue, fresh, n_sent=1, is_decided=_decided(2, 5))

    assert after.rows.tolist() == [1, 2, 4, 3, 5]
    assert with_new_tail(queue, _queue(), n_sent=1, is_decided=_decided(5)).rows.tolist() == [1, 5]


def test_a_queue_that_was_re_ordered_twice_still_has_its_first_name() -> None:
    """The browser knows it by that."""
    queue = _queue(1, 2, 3)

    twice = with_new_tail(
        with_new_tail(queue, _queue(3, 2), n_sent=1, is_decided=_decided()),
        _queue(2, 3),
        n_sent=1,
        is_decided=_decided(),
    )

    assert twice.digest == queue.digest
    assert twice.rows.tolist() == [1, 2, 3]


def test_the_first_undecided_rows_of_the_order_are_mixed_in() -> None:
    """Every fifth card: places 1, 6, ...; row 30 is decided, so 31 and 32 are drawn."""
    queue = _queue(*range(8))

    mixed, drawn = mix_control_rows(queue, np.array([30, 31, 32, 33]), share=0.2, is_decided=_decided(30))

    assert mixed.rows.tolist() == [0, 31, 1, 2, 3, 4, 32, 5, 6, 7]
    assert drawn == {31, 32}
    assert sorted(mixed.matching_rows.tolist()) == [0, 1, 2, 3, 4, 5, 6, 7, 31, 32]


def test_a_drawn_row_of_the_queue_comes_at_its_drawn_place_only() -> None:
    """Each row is there once."""
    mixed, drawn = mix_control_rows(_queue(*range(8)), np.array([7]), share=0.2, is_decided=_decided())

    assert mixed.rows.tolist() == [0, 7, 1, 2, 3, 4, 5, 6]
    assert drawn == {7}


def test_no_suspect_is_put_off_by_chance() -> None:
    """Row 0 would come before its drawn place: it stays, and row 9 is drawn instead."""
    mixed, drawn = mix_control_rows(_queue(*range(8)), np.array([0, 9]), share=0.2, is_decided=_decided())

    assert mixed.rows.tolist() == [0, 9, 1, 2, 3, 4, 5, 6, 7]
    assert drawn == {9}


def test_without_a_share_or_a_row_nothing_is_mixed_in() -> None:
    """The switch is off, or there is no queue to mix into."""
    queue, order = _queue(1, 2), np.arange(N_ROWS)

    assert mix_control_rows(queue, order, share=0.0, is_decided=_decided()) == (queue, frozenset())
    assert mix_control_rows(_queue(), order, share=0.2, is_decided=_decided())[1] == frozenset()


ROWS = st.lists(st.integers(0, N_ROWS - 1), unique=True, max_size=N_ROWS)


@settings(max_examples=200, deadline=None)
@given(ROWS, ROWS, ROWS, st.integers(0, N_ROWS), st.sampled_from([0.0, 0.05, 0.2, 0.5]))
def test_no_row_is_lost_or_doubled(
    before: list[int], fresh: list[int], decided: list[int], n_sent: int, share: float
) -> None:
    """Whatever was sent, decided and learned: the head is as it was, and what is new is there."""
    queue, is_decided = _queue(*before), _decided(*decided)
    n_sent = min(n_sent, len(before))

    tail = with_new_tail(queue, _queue(*fresh), n_sent=n_sent, is_decided=is_decided)
    after, drawn = mix_control_rows(tail, np.arange(N_ROWS)[::-1], share=share, is_decided=is_decided, start=n_sent)

    rows = after.rows.tolist()
    assert rows[:n_sent] == before[:n_sent]
    assert len(set(rows)) == len(rows)
    wanted = {*before[:n_sent], *(set(before) & set(decided)), *(set(fresh) - set(decided)), *drawn}
    assert set(rows) == wanted
    assert after.digest == queue.digest
