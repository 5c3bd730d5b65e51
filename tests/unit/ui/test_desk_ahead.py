"""Tests of what lies ahead at a desk: what was sent stays when the queue learns, and chance mixes rows in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from labelclean.core.noise import estimate_noise
from labelclean.dataset import Dataset
from labelclean.explain.evidence import RowEvidence
from labelclean.review.decisions import ReviewEvent
from labelclean.review.outbox import Outbox
from labelclean.review.payload import CardData
from labelclean.review.preferences import Preferences
from labelclean.review.queue import TextSources, fold_texts
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.run_records import StoredRun
from labelclean.ui.desk import Desk
from tests.store_examples import MOMENT, decide

N_ROWS, N_ISSUES = 200, 100


class _Store:
    """A log in memory, and no evidence."""

    def __init__(self, events: Sequence[ReviewEvent] = ()) -> None:
        self.events = list(events)

    def append_events(self, project_id: str, events: Sequence[ReviewEvent]) -> frozenset[str]:
        assert project_id == "p"
        self.events.extend(events)
        return frozenset(event.uuid for event in events)

    def load_events(self, project_id: str, *, after_position: int = 0) -> list[ReviewEvent]:
        assert project_id == "p"
        return self.events[after_position:]

    def load_evidence(self, project_id: str, rows: Sequence[int]) -> dict[int, RowEvidence]:  # noqa: ARG002
        return {}


def _run(order: Sequence[int], *, suggested: int = 1) -> StoredRun:
    """Return a run that ranks the rows in an order and flags the first hundred of it."""
    ranked = np.array(order, dtype=np.int64)
    probs = np.empty(N_ROWS)
    probs[ranked] = np.linspace(0.99, 0.01, N_ROWS)
    is_issue = np.zeros(N_ROWS, dtype=np.bool_)
    is_issue[ranked[:N_ISSUES]] = True
    return StoredRun(
        config={},
        class_names=("a", "b", "c"),
        labels=np.zeros(N_ROWS, dtype=np.int64),
        suggested_labels=np.full(N_ROWS, suggested, dtype=np.int64),
        label_quality_scores=1.0 - probs,
        error_probabilities=probs,
        is_issue=is_issue,
        ranked_rows=ranked,
        likely_labels=np.tile([1, 0, 2], (N_ROWS, 1)),
        likely_probs=np.tile(np.array([0.6, 0.3, 0.1], dtype=np.float32), (N_ROWS, 1)),
        noise=estimate_noise(np.array([[150, 25, 25], [0, 1, 0], [0, 0, 1]])),
        created_at=MOMENT,
    )


def _desk(*, control_share: float = 0.0) -> Desk:
    texts = [f"text {row}" for row in range(N_ROWS)]
    return Desk(
        project_id="p",
        run_id="r",
        run=_run(range(N_ROWS)),
        dataset=Dataset.from_labels(texts, ["a", "b"] * (N_ROWS // 2)),
        sources=TextSources(folded_texts=fold_texts(texts)),
        preferences=Preferences(control_share=control_share),
    )


def _draw(desk: Desk, store: _Store) -> CardData:
    """Draw the card as the page does."""
    desk.catch_up(store)
    desk.show(QueueFilter(), "kim", row=None)
    return desk.card_data("kim", Outbox(refused={}), frozenset(), store)


def _backwards() -> StoredRun:
    """Return what decisions taught: the last rows are the most suspect ones, and mean another class."""
    return _run(range(N_ROWS - 1, -1, -1), suggested=2)


def test_when_the_queue_learns_the_cards_that_were_sent_stay_as_they_are() -> None:
    """Rows, suggestions and error probabilities; only what comes after them is new."""
    desk, store = _desk(), _Store()
    before = _draw(desk, store)

    desk.take_lesson(_backwards(), "r:lesson", "kim")

    after = desk.card_data("kim", Outbox(refused={}), frozenset(), store)
    assert desk.queue is not None
    n_sent = len(before["cards"])
    assert after["queue"] == before["queue"]
    assert after["cards"] == before["cards"]
    assert desk.queue.rows[n_sent : n_sent + 3].tolist() == [199, 198, 197]
    assert desk.run.suggested_labels[199] == 2


def test_a_reviewer_who_comes_back_after_the_queue_learned_goes_on_with_their_row_and_misses_none() -> None:
    """In the new order the row stands last of all; the ninety-nine before it were never passed."""
    desk, store = _desk(), _Store()
    desk.run, desk.run_id = _backwards(), "r:lesson"
    desk.catch_up(store)

    queue = desk.show(QueueFilter(), "kim", row=100, order="r")

    assert (desk.at, desk.row) == (0, 100)
    assert queue.rows.tolist() == [100, *range(199, 100, -1)]
    assert desk.order != desk.run_id


def test_a_reviewer_who_comes_back_to_the_same_order_is_where_they_were() -> None:
    """What they passed over lies behind them."""
    desk, store = _desk(), _Store()
    desk.catch_up(store)

    desk.show(QueueFilter(), "kim", row=7, order="r")

    assert (desk.at, desk.row, desk.order) == (7, 7, "r")


def test_rows_that_are_no_longer_suspects_leave_and_the_total_follows() -> None:
    """Forty cards were sent; the hundred suspects of the new order follow."""
    desk, store = _desk(), _Store()
    n_sent = len(_draw(desk, store)["cards"])

    desk.take_lesson(_backwards(), "r:lesson", "kim")

    after = desk.card_data("kim", Outbox(refused={}), frozenset(), store)
    assert (n_sent, after["total"]) == (40, 140)
    assert after["progress"]["total"] == 140


def test_decisions_are_counted_as_before_when_the_queue_learns() -> None:
    """Undo, and how many verdicts there are, do not change."""
    desk = _desk()
    store = _Store([decide(f"e{row}", row, reviewer="kim", position=row + 1) for row in range(12)])
    before = _draw(desk, store)

    desk.take_lesson(_backwards(), "r:lesson", "kim")

    after = desk.card_data("kim", Outbox(refused={}), frozenset(), store)
    assert desk.n_verdicts == 12
    assert [entry["uuid"] for entry in after["undo"]] == [entry["uuid"] for entry in before["undo"]]


def test_a_queue_nobody_was_sent_is_simply_a_new_one() -> None:
    """A refresh, or another reviewer, gets the new order."""
    desk, store = _desk(), _Store()
    desk.take_lesson(_backwards(), "r:lesson", "kim")

    rows = [card["row"] for card in _draw(desk, store)["cards"]]

    assert rows[:3] == [199, 198, 197]


def test_one_card_in_twenty_comes_by_chance_and_says_so() -> None:
    """At the places 9, 29, ...; the same rows in every session."""
    marked = []
    for _ in range(2):
        cards = _draw(_desk(control_share=0.05), _Store())["cards"]
        marked.append([(card["index"], card["row"]) for card in cards if card.get("is_control")])

    assert marked[0] == marked[1]
    assert [index for index, _ in marked[0]] == [9, 29]


@pytest.mark.parametrize(("queue_filter", "share"), [(QueueFilter(), 0.0), (QueueFilter(only_issues=False), 0.05)])
def test_nothing_comes_by_chance_where_it_is_off_or_another_queue(queue_filter: QueueFilter, share: float) -> None:
    """Only the queue of likely errors is mixed."""
    desk = _desk(control_share=share)

    queue = desk.show(queue_filter, "kim", row=None)

    assert queue.rows.tolist() == list(range(len(queue)))


def test_the_outlook_follows_each_decision() -> None:
    """And each line says how it is computed."""
    desk = _desk()
    store = _Store([decide(f"e{row}", row, position=row + 1) for row in range(30)])

    outlook = _draw(desk, store)["outlook"]

    assert outlook["lines"][0].startswith("0 % (0–")
    assert len(outlook["lines"]) == len(outlook["how"]) == 3
