"""What ``labelclean find`` writes about label sets."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from labelclean.cli.set_suspects import set_totals, write_set_suspects
from labelclean.cli.suspects import COLUMNS
from labelclean.label_set_results import LabelSetAuditResult


def _result() -> LabelSetAuditResult:
    """Return four rows: a set with one label too many, the empty set, none at all, and the most suspect one."""
    given = np.array([[1, 1, 0], [0, 0, 0], [0, 0, 0], [0, 0, 1]], dtype=bool)
    suggested = np.array([[0, 1, 0], [1, 0, 0], [0, 1, 0], [0, 1, 1]], dtype=bool)
    return LabelSetAuditResult(
        class_names=("=1+1", "late", 7),
        is_given=given,
        is_labelled=np.array([True, True, False, True]),
        pred_probs=np.full((4, 3), 0.5, dtype=np.float32),
        cell_error_probabilities=np.full((4, 3), 0.25, dtype=np.float32),
        error_probabilities=np.array([0.75, 0.125, np.nan, 1.0]),
        is_cell_issue=given ^ suggested,
        is_issue=np.array([True, False, False, True]),
        is_suggested=suggested,
        ranked_rows=np.array([3, 0, 1, 2]),
        added_rates=np.zeros(3),
        missing_rates=np.zeros(3),
        n_added=np.array([0.6, 0.0, 0.0]),
        n_missing=np.array([0.0, 1.9, 0.4]),
        n_wrong_rows=1.875,
        uses_cooccurrence=False,
        cooccurrence_gain=0.0,
    )


def test_the_table_holds_every_set_most_suspect_first() -> None:
    """Sets are JSON lists, so that the empty one and none differ; rows without a set have no scores and come last."""
    target = io.BytesIO()

    write_set_suspects(_result(), target)

    rows = list(csv.reader(io.StringIO(target.getvalue().decode())))
    assert rows == [
        list(COLUMNS),
        ["1", "3", "[7]", '["late", 7]', "0.0", "1.0", "true"],
        ["2", "0", '["=1+1", "late"]', '["late"]', "0.25", "0.75", "true"],
        ["3", "1", "[]", '["=1+1"]', "0.875", "0.125", "false"],
        ["4", "2", "", '["late"]', "", "", "false"],
    ]
    assert not target.closed


def test_the_run_in_numbers_counts_rows_and_single_labels() -> None:
    """Three of four rows have a set; of these 1.875 are wrong, in 2.9 labels."""
    found = set_totals(_result())

    classes = found.pop("classes")
    assert found == {
        "n_rows": 4,
        "n_labelled": 3,
        "n_unlabelled": 1,
        "n_classes": 3,
        "n_issues": 2,
        "n_estimated_label_errors": 2,
        "n_estimated_wrong_cells": 3,
        "label_accuracy": pytest.approx(0.375),
    }
    assert classes == [
        {"label": "=1+1", "n_given": 1, "n_estimated_added": 1, "n_estimated_missing": 0},
        {"label": "late", "n_given": 1, "n_estimated_added": 0, "n_estimated_missing": 2},
        {"label": 7, "n_given": 1, "n_estimated_added": 0, "n_estimated_missing": 0},
    ]
