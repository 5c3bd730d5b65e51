"""What cards have beside the row itself: labels of sets, copies, steps that decided several rows, the outlook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np

from labelclean.arrays import IndexArray
from labelclean.dataset import Dataset
from labelclean.label_set import LabelSet
from labelclean.review.copy_groups import CopyGroups
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict
from labelclean.review.label_cells import LabelCells
from labelclean.review.log import review_state
from labelclean.review.payload import CardData, Outlook
from labelclean.review.queue import TextSources, build_queue, fold_texts
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.session import build_card_data, names_for
from tests.e2e.card_material import CopySources

N_ROWS = 80
SETS = (LabelSet(["late"]), LabelSet(["late", "refund"]), LabelSet([]))
TEXTS = [f"text {row}" for row in range(N_ROWS)]


def _decide(uuid: str, row: int, verdict: str = "keep", **fields: Any) -> ReviewEvent:
    settings = {"reviewer": "kim", "decided_at": datetime(2031, 1, 1, tzinfo=UTC), **fields}
    return ReviewEvent(uuid=uuid, row=row, kind=EventKind.DECIDE, verdict=Verdict(verdict), **settings)


def _run(names: Sequence[object], given: Sequence[int] = ()) -> SimpleNamespace:
    """Return rows given the first class and suggested the second; the first ones as told."""
    labels = np.zeros(N_ROWS, dtype=np.int64)
    labels[: len(given)] = given
    return SimpleNamespace(
        class_names=tuple(names),
        labels=labels,
        suggested_labels=np.ones(N_ROWS, dtype=np.int64),
        label_quality_scores=np.full(N_ROWS, 0.1),
        error_probabilities=np.linspace(0.9, 0.1, N_ROWS),
        is_issue=np.ones(N_ROWS, dtype=np.bool_),
        ranked_rows=np.arange(N_ROWS),
        likely_labels=np.tile(np.array([1]), (N_ROWS, 1)),
        likely_probs=np.full((N_ROWS, 1), 0.75, dtype=np.float32),
    )


def _groups(*members: Sequence[int]) -> CopyGroups:
    numbers: IndexArray = np.arange(N_ROWS, dtype=np.int64)
    for group in members:
        numbers[list(group)] = group[0]
    return CopyGroups(numbers)


def _data(
    run: SimpleNamespace,
    events: Sequence[ReviewEvent] = (),
    *,
    groups: CopyGroups | None = None,
    kind: Any = None,
    **parts: Any,
) -> CardData:
    state = review_state(list(events), "kim")
    folded = fold_texts(TEXTS)
    sources = TextSources(folded_texts=folded) if groups is None else CopySources(folded_texts=folded, groups=groups)
    return build_card_data(
        project_id="p",
        run=run,
        dataset=Dataset.from_labels(TEXTS, [run.class_names[code] for code in run.labels]),
        names=names_for(run.class_names, events),
        queue=build_queue(run, sources, QueueFilter(undecided_only=False, kind=kind), state.decisions),
        state=state,
        reviewer="kim",
        at=0,
        copies_of=sources.group_of,
        **parts,
    )


def test_a_card_of_a_label_set_has_its_labels_and_how_likely_they_are() -> None:
    """Row 0 is given late, suggested late and refund; the model thinks a little of price as well."""
    cells = LabelCells(
        members=("late", "refund", "price"),
        codes=np.tile(np.array([1, 0, 2], dtype=np.int32), (N_ROWS, 1)),
        probs=np.tile(np.array([0.5, 0.25, 0.125], dtype=np.float32), (N_ROWS, 1)),
    )

    data = _data(_run(SETS), label_cells=cells)

    assert [(chip["label"], chip["prob"]) for chip in data["cards"][0]["chips"]] == [
        ("refund", 0.5),
        ("late", 0.25),
        ("price", 0.125),
    ]
    assert data["labels"] == ["late", "refund"]
    assert data["classes"][:3] == ["late", "refund", "∅ no label"]


def test_a_card_of_a_single_label_has_no_chips_of_sets() -> None:
    """Its digits decide at once, as ever."""
    data = _data(_run(["a", "b"]))

    assert "chips" not in data["cards"][0]
    assert (data["are_sets"], data["labels"], data["decides_groups"]) == (False, [], False)


def test_copies_are_told_on_the_card_of_each_of_them_and_on_no_other() -> None:
    """Rows 0 and 2 are copies; what the reviewer said of the one is seen on the other."""
    events = [_decide("1", 2, "relabel", label="c")]

    data = _data(_run(["a", "b", "c"], [0, 0, 1]), events, groups=_groups([0, 2]))

    group = data["cards"][0]["group"]
    assert (group["rows"], group["labels"], group["n_classes"]) == ([2], [("a", 1), ("b", 1)], 2)
    assert [(near["row"], near["label"], near["told"]) for near in group["near"]] == [(2, "c", "corrected")]
    assert ["group" in card for card in data["cards"][:3]] == [True, False, True]


def test_in_the_queue_of_contradictions_all_labels_of_the_group_are_on_the_digits() -> None:
    """Row 0 stands for rows 0 to 2; b is the suggestion, too, and c is known to no model."""
    data = _data(_run(["a", "b", "c"], [0, 2, 2]), groups=_groups([0, 1, 2]), kind="contradictions")

    assert data["decides_groups"]
    assert [(likely["label"], likely["prob"]) for likely in data["cards"][0]["likely"]] == [
        ("c", None),
        ("a", None),
        ("b", 0.75),
    ]
    assert len(data["cards"]) == 1


def test_in_the_queue_of_contradictions_all_labels_of_the_sets_are_chips() -> None:
    """The row is given late; a copy of it also has price, which neither its set nor its suggestion has."""
    names = [*SETS, LabelSet(["late", "price"])]

    data = _data(_run(names, [0, 3]), groups=_groups([0, 1]), kind="contradictions")

    assert [chip["label"] for chip in data["cards"][0]["chips"]] == ["refund", "late", "price"]


def test_a_step_of_several_rows_names_them_and_their_decisions_name_the_step() -> None:
    """Row 70 was decided along with row 75; neither is in the window, so the card comes with the step."""
    events = [
        _decide("1", 75, batch="1"),
        _decide("2", 70, batch="1", source=DecisionSource.GROUP),
        _decide("3", 1),
    ]

    data = _data(_run(["a", "b"]), events)

    group, single = data["undo"]
    assert (group["uuid"], group["row"], group["n_rows"], group["rows"]) == ("1", 75, 2, [75, 70])
    assert (group["words"], group["card"]["row"], group["card"]["index"]) == ("text 75", 75, 75)
    decision = group["card"]["decision"]
    assert decision is not None
    assert decision["batch"] == "1"
    assert (single["words"], "card" in single, "rows" in single) == ("text 1", False, False)


def test_only_the_last_ten_steps_bring_words() -> None:
    """More is not listed, and would only make the answer long."""
    data = _data(_run(["a", "b"]), [_decide(str(row), row) for row in range(12)])

    assert ["words" in entry for entry in data["undo"]] == [False] * 2 + [True] * 10


def test_control_rows_and_the_outlook_are_handed_on() -> None:
    """Where there is none, nothing is sent."""
    outlook = Outlook(lines=["about 3 errors left"], how=["Counted."], stop=None)

    with_both = _data(_run(["a", "b"]), control_rows=frozenset([1]), outlook=outlook)
    without = _data(_run(["a", "b"]))

    assert [card.get("is_control", False) for card in with_both["cards"][:3]] == [False, True, False]
    assert with_both["outlook"] == outlook
    assert "outlook" not in without
    assert json.loads(json.dumps(with_both)) == json.loads(json.dumps(with_both, allow_nan=False))
