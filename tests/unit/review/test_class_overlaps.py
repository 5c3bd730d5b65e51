"""Classes that are taken for each other both ways, and what was decided of labels."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.review.class_overlaps import class_overlaps, label_overlaps
from labelclean.review.decided_labels import decided_codes, decided_counts
from labelclean.review.decisions import Verdict
from labelclean.store.label_confusions import LabelConfusion
from labelclean.store.run_records import LabelNoise
from tests.store_examples import decide
from tests.unit.review.test_splitting import PLAIN, FakeRun

NAMES = ("a", "b", "c")


def test_classes_overlap_where_both_are_given_for_the_other() -> None:
    """Of 100 rows truly a, 10 are given b; of 50 truly b, 5 are given a; c is given for b, but not b for c."""
    counts = np.array([[90, 5, 0], [10, 40, 0], [0, 5, 50]])

    found = class_overlaps(NAMES, counts / counts.sum(axis=0), counts)

    assert [(each.first, each.second, each.n_rows) for each in found] == [("a", "b", 15)]
    assert (found[0].share_first, found[0].share_second) == pytest.approx((0.1, 0.1))


def test_one_row_each_way_is_no_overlap() -> None:
    """In a small class one row is a large share."""
    counts = np.array([[5, 1, 0], [1, 5, 0], [0, 0, 9]])

    assert class_overlaps(NAMES, counts / counts.sum(axis=0), counts) == ()


def test_labels_of_sets_overlap_where_each_stands_in_the_other_s_place() -> None:
    """Of 40 rows with a, 4 stand for b; of 20 with b, 2 stand for a."""
    confusions = [
        LabelConfusion(given="a", meant="b", n_rows=4, n_estimated=4.0),
        LabelConfusion(given="b", meant="a", n_rows=1, n_estimated=2.0),
        LabelConfusion(given="c", meant="a", n_rows=9, n_estimated=9.0),
    ]
    labels = [
        LabelNoise(label=label, n_given=n_given, n_added=0.0, n_missing=0.0, added_rate=0.0, missing_rate=0.0)
        for label, n_given in (("a", 40), ("b", 20), ("c", 10))
    ]

    found = label_overlaps(confusions, labels)

    assert [(each.first, each.second, each.n_rows) for each in found] == [("a", "b", 6.0)]
    assert (found[0].share_first, found[0].share_second) == pytest.approx((0.05, 0.2))


def test_decided_rows_count_under_their_given_and_their_decided_class() -> None:
    """Kept, accepted and relabelled rows; a class that the run does not know is left out, and so is a doubt."""
    decisions = {
        0: decide("a", 0),
        1: decide("b", 1, verdict=Verdict.ACCEPT, label="refund"),
        2: decide("c", 2, verdict=Verdict.RELABEL, label="unheard of"),
        3: decide("d", 3, verdict=Verdict.UNSURE),
    }

    rows, codes = decided_codes(PLAIN, decisions)

    assert (rows.tolist(), codes.tolist()) == ([0, 1], [0, 1])
    assert decided_counts(PLAIN, decisions).tolist() == [[1, 1], [0, 0]]


def test_a_row_without_a_label_has_no_given_class() -> None:
    """It is in no cell."""
    run = FakeRun(("late", "refund"), [-1, 0], [1, 1])

    rows, _ = decided_codes(run, {0: decide("a", 0, verdict=Verdict.ACCEPT, label="late")})

    assert rows.tolist() == []
