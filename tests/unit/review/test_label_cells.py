"""The labels that matter in each row of a dataset with label sets."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.label_set_results import LabelSetAuditResult
from labelclean.review.label_cells import LabelCells, label_cells

NAMES = ("broken", "late", "money", "other")


def _result() -> LabelSetAuditResult:
    """Return two rows: one given broken and late, suggested late and money; and one without a set."""
    cells = np.array([[0.9, 0.1, 0.7, 0.2], [0.2, 0.6, 0.1, 0.3]], dtype=np.float32)
    is_labelled = np.array([True, False])
    return LabelSetAuditResult(
        class_names=NAMES,
        is_given=np.array([[True, True, False, False], [False] * 4]),
        is_labelled=is_labelled,
        pred_probs=cells,
        cell_error_probabilities=np.where(is_labelled[:, np.newaxis], cells, np.float32(np.nan)),
        error_probabilities=np.array([0.9, np.nan]),
        is_cell_issue=cells > 0.5,
        is_issue=np.array([True, False]),
        is_suggested=np.array([[False, True, True, False], [False, True, False, False]]),
        ranked_rows=np.array([0, 1]),
        added_rates=np.zeros(4),
        missing_rates=np.zeros(4),
        n_added=np.zeros(4),
        n_missing=np.zeros(4),
        n_wrong_rows=1.0,
        uses_cooccurrence=False,
        cooccurrence_gain=0.0,
    )


def test_changed_labels_come_first_then_given_ones_then_likely_ones() -> None:
    """Money is to be added (0.7 likely), broken to be removed (0.1 likely), late stays, other is merely likely."""
    cells = label_cells(_result())

    assert [label for label, _ in cells.of_row(0)] == ["money", "broken", "late", "other"]
    assert [prob for _, prob in cells.of_row(0)] == pytest.approx([0.7, 0.1, 0.9, 0.2])


def test_a_row_without_a_set_has_the_probabilities_of_the_model() -> None:
    """Its suggested label leads, then the likeliest."""
    cells = label_cells(_result(), n_shown=3)

    assert [label for label, _ in cells.of_row(1)] == ["late", "other", "broken"]
    assert [prob for _, prob in cells.of_row(1)] == pytest.approx([0.6, 0.3, 0.2])


def test_labels_of_one_name_become_one_that_is_as_likely_as_its_likeliest_part() -> None:
    """After late and other are merged, the row has late once; an empty place stays empty."""
    cells = LabelCells(
        members=NAMES,
        codes=np.array([[2, 1, 3, -1]], dtype=np.int32),
        probs=np.array([[0.5, 0.2, 0.4, 0.0]], dtype=np.float32),
    )

    merged = cells.renamed(["broken", "late", "money", "late"])

    assert [label for label, _ in merged.of_row(0)] == ["money", "late"]
    assert [prob for _, prob in merged.of_row(0)] == pytest.approx([0.5, 0.4])
    assert cells.renamed(NAMES) is cells


def test_the_number_1_and_the_text_1_stay_two_labels() -> None:
    """Names are compared with their kind."""
    cells = LabelCells(
        members=(1, "1"), codes=np.array([[0, 1]], dtype=np.int32), probs=np.array([[0.5, 0.25]], dtype=np.float32)
    )

    assert cells.renamed([1, "1"]) is cells
    assert cells.renamed(["1", "1"]).of_row(0) == [("1", 0.5)]
