"""What may change in a queue under a reviewer's eyes: only what they have not been sent yet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labelclean.arrays import IndexArray, MaskArray
from labelclean.review.control_rows import control_places
from labelclean.review.queue import ReviewQueue

__all__ = ["beginning_with", "mix_control_rows", "with_new_tail"]

_ROWS_AT_ONCE = 4_096


def beginning_with(queue: ReviewQueue, row: int) -> ReviewQueue:
    """
    Put a row of a queue first.

    Parameters
    ----------
    queue : ReviewQueue
        The snapshot, in a new order.
    row : int
        The row on which the reviewer stopped in another order. What comes before it there was never passed.

    Returns
    -------
    ReviewQueue
        The others follow in their order. A queue without the row stays as it is.
    """
    if queue.index_of(row) is None:
        return queue
    return replace(queue, rows=np.concatenate([[row], queue.rows[queue.rows != row]]).astype(np.int64))


def with_new_tail(queue: ReviewQueue, fresh: ReviewQueue, *, n_sent: int, is_decided: MaskArray) -> ReviewQueue:
    """
    Put the rows that were not sent to the browser yet into a new order.

    Parameters
    ----------
    queue : ReviewQueue
        The snapshot under review.
    fresh : ReviewQueue
        The snapshot that the same filter makes now.
    n_sent : int
        So many of the first rows of the queue were sent: they stay as they are.
    is_decided : ndarray of bool, shape (n_examples,)
        Which rows are decided; those further on keep their places too, as far as the queue reaches.

    Returns
    -------
    ReviewQueue
        Under the same digest: for the browser it is the queue that it has. Undecided rows that are no longer in the
        fresh snapshot leave, new ones enter.
    """
    head, tail = queue.rows[:n_sent], queue.rows[n_sent:]
    is_settled = is_decided[tail]
    settled = tail[is_settled]
    taken = np.concatenate([head, settled])
    coming = fresh.rows[~np.isin(fresh.rows, taken)]
    coming = coming[~is_decided[coming]]
    places = np.flatnonzero(is_settled)
    rows = _inserted(coming, settled, places)
    matching = np.concatenate([fresh.matching_rows, taken[~np.isin(taken, fresh.matching_rows)]])
    return replace(
        queue, rows=np.concatenate([head, rows]), matching_rows=matching, run_id=fresh.run_id, kept_digest=queue.digest
    )


def mix_control_rows(
    queue: ReviewQueue, order: IndexArray, *, share: float, is_decided: MaskArray, start: int = 0
) -> tuple[ReviewQueue, frozenset[int]]:
    """
    Mix rows drawn by chance into a queue, at places that are always the same.

    Parameters
    ----------
    queue : ReviewQueue
        The rows to review.
    order : ndarray of int64
        The labelled rows in random order, as ``control_order`` returns it: the first undecided ones are drawn.
    share : float
        0 to 0.5: which part of the cards they are.
    is_decided : ndarray of bool, shape (n_examples,)
        Which rows are decided.
    start : int, default=0
        The places before stay as they are.

    Returns
    -------
    ReviewQueue
        A drawn row that is in the queue anyway comes at its drawn place; each row is there once. One that the queue
        leads to before that place stays where it is, and the next one is drawn: nothing is put off.
    frozenset of int
        The rows drawn.
    """
    places = control_places(int(len(queue) / max(1.0 - share, 0.5)) + 1, share, start=start)
    if not len(queue) or not len(places):
        return queue, frozenset()
    drawn = _drawn(queue, order, places, is_decided, start=start)
    while True:
        rest = queue.rows[start:]
        rest = rest[~np.isin(rest, drawn)]
        used = places[places < start + len(rest) + len(drawn)][: len(drawn)]
        if len(used) == len(drawn):
            break
        drawn = drawn[: len(used)]
    rows = np.concatenate([queue.rows[:start], _inserted(rest, drawn, used - start)])
    added = drawn[~np.isin(drawn, queue.matching_rows)]
    mixed = replace(queue, rows=rows, matching_rows=np.concatenate([queue.matching_rows, added]))
    return mixed, frozenset(drawn.tolist())


def _drawn(
    queue: ReviewQueue, order: IndexArray, places: IndexArray, is_decided: MaskArray, *, start: int
) -> IndexArray:
    """Return the row for each place: the next undecided one in the order that the queue does not lead to before."""
    found: list[int] = []
    for begin in range(0, len(order), _ROWS_AT_ONCE):
        some = order[begin : begin + _ROWS_AT_ONCE]
        for row in some[~is_decided[some]].tolist():
            if len(found) == len(places):
                return np.array(found, dtype=np.int64)
            natural = queue.index_of(row)
            if natural is None or natural >= max(int(places[len(found)]), start):
                found.append(row)
    return np.array(found, dtype=np.int64)


def _inserted(rows: IndexArray, others: IndexArray, places: IndexArray) -> IndexArray:
    """Return rows with others put at given places of the result; what finds no place there comes last, in order."""
    length = len(rows) + len(others)
    inside = places < length
    is_other = np.zeros(length, dtype=np.bool_)
    is_other[places[inside]] = True
    is_other[length - int((~inside).sum()) :] |= not inside.all()
    n_lacking = len(others) - int(is_other.sum())
    if n_lacking > 0:  # places at the end were taken already
        free = np.flatnonzero(~is_other)
        is_other[free[len(free) - n_lacking :]] = True
    result = np.empty(length, dtype=np.int64)
    result[is_other] = others
    result[~is_other] = rows
    return result
