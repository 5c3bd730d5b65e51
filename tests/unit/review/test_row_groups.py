"""The copies of a row as its card shows them."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np

from labelclean.review.decisions import ReviewEvent
from labelclean.review.evidence_view import EvidenceViewer
from labelclean.review.label_names import LabelNames
from labelclean.review.row_groups import MAX_ROWS_ON_A_CARD, row_group

CLASSES = ("late", "refund", "price")


def _run(labels: list[int]) -> SimpleNamespace:
    return SimpleNamespace(class_names=CLASSES, labels=np.array(labels))


def _viewer(n_rows: int, decisions: Mapping[int, ReviewEvent] | None = None) -> EvidenceViewer:
    texts = [f"where is it {row}" for row in range(n_rows)]
    return EvidenceViewer(
        texts=texts, class_names=CLASSES, names=LabelNames.of(CLASSES), decisions={} if decisions is None else decisions
    )


def test_copies_with_another_label_come_first_and_the_labels_are_counted() -> None:
    """Row 1 is a refund; rows 0 and 3 are not, row 2 is; a copy without a label counts for none."""
    group = row_group(1, np.array([0, 1, 2, 3, 4]), _run([0, 1, 1, 0, -1]), _viewer(5))

    assert group is not None
    assert group["rows"] == [0, 2, 3, 4]
    assert [(near["row"], near["label"]) for near in group["near"]] == [
        (0, "late"),
        (3, "late"),
        (4, ""),
        (2, "refund"),
    ]
    assert group["labels"] == [("late", 2), ("refund", 2)]
    assert (group["n_classes"], group["n_copies"]) == (2, 4)


def test_a_row_alone_has_no_copies() -> None:
    """Its group holds only itself."""
    assert row_group(1, np.array([1]), _run([0, 1]), _viewer(2)) is None


def test_too_many_copies_are_counted_but_not_named() -> None:
    """So many rows are decided in bulk, and their numbers need not travel with each card."""
    n_rows = MAX_ROWS_ON_A_CARD + 2
    group = row_group(0, np.arange(n_rows), _run([0] * n_rows), _viewer(n_rows))

    assert group is not None
    assert (group["rows"], group["n_copies"], len(group["near"])) == ([], MAX_ROWS_ON_A_CARD + 1, 8)
