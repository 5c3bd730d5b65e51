"""Which label of a set was given where which other one was meant."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.dataset import label_key
from labelclean.errors import StoreError
from labelclean.label_set_results import LabelSetAuditResult
from labelclean.store.label_confusions import (
    LabelConfusion,
    confusions_from_json,
    confusions_to_json,
    label_confusions,
    renamed_confusions,
)

NAMES = ("broken", "late", "money", 7)


def _result(rows: list[tuple[str, str, float]]) -> LabelSetAuditResult:
    """Return a result of rows (labels given, labels suggested, error probability); labels by their first letter."""
    places = {"b": 0, "l": 1, "m": 2, "7": 3}

    def table(column: int) -> np.ndarray:
        found = np.zeros((len(rows), len(NAMES)), dtype=bool)
        for row, labels in enumerate(rows):
            for letter in str(labels[column]).strip("-"):
                found[row, places[letter]] = True
        return found

    is_labelled = np.array([given != "-" for given, _, _ in rows])
    errors = np.where(is_labelled, [error for _, _, error in rows], np.nan)
    zeros = np.zeros(len(NAMES))
    return LabelSetAuditResult(
        class_names=NAMES,
        is_given=table(0),
        is_labelled=is_labelled,
        pred_probs=np.zeros((len(rows), len(NAMES)), dtype=np.float32),
        cell_error_probabilities=np.zeros((len(rows), len(NAMES)), dtype=np.float32),
        error_probabilities=errors,
        is_cell_issue=table(0),
        is_issue=errors > 0.5,
        is_suggested=table(1),
        ranked_rows=np.arange(len(rows)),
        added_rates=zeros,
        missing_rates=zeros,
        n_added=zeros,
        n_missing=zeros,
        n_wrong_rows=0.0,
        uses_cooccurrence=False,
        cooccurrence_gain=0.0,
    )


def test_a_label_removed_where_another_is_added_is_a_confusion() -> None:
    """Two rows, one of them flagged: 0.9 + 0.3 mistakes are estimated, one row is in the queue."""
    found = label_confusions(_result([("b", "l", 0.9), ("bm", "lm", 0.3), ("m", "mb", 0.9), ("-", "l", 0.9)]))

    assert len(found) == 1
    assert (found[0].given, found[0].meant, found[0].n_rows) == ("broken", "late", 1)
    assert found[0].n_estimated == pytest.approx(1.2)


def test_a_row_with_several_changes_shares_its_mistakes_among_the_pairs() -> None:
    """One label goes, two come: at most one swap explains the row, so each pair gets half of 0.8."""
    found = label_confusions(_result([("b", "lm", 0.8)]))

    assert [(each.given, each.meant, each.n_rows) for each in found] == [("broken", "late", 1), ("broken", "money", 1)]
    assert [each.n_estimated for each in found] == pytest.approx([0.4, 0.4])


def test_pairs_come_in_the_order_of_their_estimated_mistakes_and_faint_ones_are_left_out() -> None:
    """A pair of no flagged row with less than half a mistake is chance."""
    found = label_confusions(_result([("b", "l", 0.6), ("m", "7", 0.7), ("l", "b", 0.4)]))

    assert [(each.given, each.meant) for each in found] == [("money", 7), ("broken", "late")]


def test_without_rows_there_is_no_confusion() -> None:
    """An audit of nothing."""
    assert label_confusions(_result([])) == ()


def test_confusions_survive_the_way_into_the_database() -> None:
    """Labels keep their kind."""
    confusions = (LabelConfusion(given=7, meant="7", n_rows=3, n_estimated=2.5),)

    assert confusions_from_json(confusions_to_json(confusions)) == confusions
    assert confusions_to_json(()) is None
    assert confusions_from_json(None) == ()


@pytest.mark.parametrize("text", ["{}x", '[{"given": "1"}]', "[1]", "7"])
def test_damaged_confusions_are_refused(text: str) -> None:
    """The message says what to do."""
    with pytest.raises(StoreError, match="it is damaged"):
        confusions_from_json(text)


def test_merged_labels_add_up_and_no_label_is_confused_with_itself() -> None:
    """Late becomes broken: money for either is one pair, broken for late is gone."""
    confusions = [
        LabelConfusion(given="money", meant="late", n_rows=2, n_estimated=1.5),
        LabelConfusion(given="broken", meant="late", n_rows=9, n_estimated=9.0),
        LabelConfusion(given="money", meant="broken", n_rows=1, n_estimated=1.0),
    ]

    found = renamed_confusions(confusions, {label_key("late"): "broken"})

    assert found == (LabelConfusion(given="money", meant="broken", n_rows=3, n_estimated=2.5),)
