"""Which rows the table shows, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, MaskArray, ProbMatrix
from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.review.table.query import TableQuery
from labelclean.review.table.rows import Ranks, find_rows, rank_ids, rank_texts, sorted_rows
from labelclean.review.text_search import fold_texts

NO_NUMBERS: FloatArray = np.full(4, np.nan)


@dataclass(frozen=True)
class Run:
    """A run of four rows: a, b, no label, a."""

    class_names: tuple[Label, ...] = ("a", "b")
    labels: CodeArray = field(default_factory=lambda: np.array([0, 1, -1, 0]))
    suggested_labels: CodeArray = field(default_factory=lambda: np.array([0, 0, 0, 0]))
    label_quality_scores: FloatArray = field(default_factory=NO_NUMBERS.copy)
    error_probabilities: FloatArray = field(default_factory=NO_NUMBERS.copy)
    is_issue: MaskArray = field(default_factory=lambda: np.zeros(4, dtype=np.bool_))
    ranked_rows: IndexArray = field(default_factory=lambda: np.arange(4))
    likely_labels: CodeArray = field(default_factory=lambda: np.zeros((4, 1), dtype=np.int64))
    likely_probs: ProbMatrix = field(default_factory=lambda: np.ones((4, 1)))


TEXTS = fold_texts(["Apple pie", "pear", "apple", "plum"])


def _found(query: TableQuery, decisions: dict[int, ReviewEvent] | None = None) -> list[int]:
    run = Run()
    return [int(row) for row in find_rows(query, run, TEXTS.containing, DecisionTable.of(run, decisions or {}))]


def _kept(row: int, verdict: Verdict = Verdict.KEEP) -> ReviewEvent:
    return ReviewEvent(
        uuid=str(row), row=row, kind=EventKind.DECIDE, verdict=verdict, decided_at=datetime(2026, 1, 1, tzinfo=UTC)
    )


def test_without_filters_all_rows_stand_in_file_order() -> None:
    """Unlabelled ones too."""
    assert _found(TableQuery()) == [0, 1, 2, 3]


def test_search_ignores_case_and_filters_must_all_hold() -> None:
    """The word is found in both texts; only one of them was given a."""
    assert _found(TableQuery(text="APPLE")) == [0, 2]
    assert _found(TableQuery(text="APPLE", given="a")) == [0]


def test_rows_are_found_by_what_was_decided() -> None:
    """Any decision, none, or one verdict."""
    decisions = {1: _kept(1), 3: _kept(3, Verdict.EXCLUDE)}

    assert _found(TableQuery(decision="any"), decisions) == [1, 3]
    assert _found(TableQuery(decision="undecided"), decisions) == [0, 2]
    assert _found(TableQuery(decision="exclude"), decisions) == [3]


def test_a_label_that_nobody_gave_is_found_in_no_row() -> None:
    """Not even in the rows without a label."""
    assert _found(TableQuery(given="c")) == []


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=20), st.booleans())
def test_rows_are_sorted_stably_with_missing_ones_last(cells: list[tuple[int, bool]], is_descending: bool) -> None:
    """As sorting by hand does it, in both directions."""
    values = np.array([value for value, _ in cells], dtype=np.int64)
    missing = np.array([is_missing for _, is_missing in cells], dtype=np.bool_)
    rows = np.arange(len(cells))

    ordered = sorted_rows(rows, Ranks(values=values, is_missing=missing), is_descending=is_descending)

    sign = -1 if is_descending else 1
    by_hand = sorted(range(len(cells)), key=lambda row: (missing[row], 0 if missing[row] else sign * values[row], row))
    assert ordered.tolist() == by_hand


def test_ids_that_are_numbers_are_sorted_by_value() -> None:
    """2 before 10; ids with letters stand as texts do."""
    assert rank_ids(["10", "2"]).tolist() == [1, 0]
    assert rank_ids(["m10", "m2"]).tolist() == [0, 1]


def test_texts_are_sorted_whatever_their_case() -> None:
    """Zebra is not before apple."""
    assert rank_texts(["Zebra", "apple"]).tolist() == [1, 0]
