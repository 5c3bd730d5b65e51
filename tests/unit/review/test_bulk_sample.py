"""The sample before a bulk decision: drawn by chance, the same for everybody, and honest about what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from labelclean.errors import InvalidInputError
from labelclean.review.bulk.decide import BulkAction, BulkKind
from labelclean.review.bulk.sample import (
    SamplePrecision,
    draw_sample,
    measure_precision,
    read_sample_note,
    sample_name,
)
from labelclean.review.decisions import Verdict
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.shares import share_of
from tests.unit.review.test_bulk import Run, decided

ACCEPT, KEEP = BulkAction(kind=BulkKind.ACCEPT), BulkAction(kind=BulkKind.KEEP)
ROWS = np.arange(100, 300)


@pytest.mark.parametrize(("n_hits", "n"), [(9, 10), (1, 10), (5, 10), (40, 50)])
def test_the_interval_is_that_of_the_beta_posterior(n_hits: int, n: int) -> None:
    """Half a case of each kind more than was seen; 2.5 % of the posterior on either side."""
    share = share_of(n_hits, n)

    posterior = stats.beta(n_hits + 0.5, n - n_hits + 0.5)
    assert (share.low, share.high) == pytest.approx((posterior.ppf(0.025), posterior.ppf(0.975)))
    assert share.expected == pytest.approx(posterior.mean())
    assert share.value == n_hits / n


def test_the_interval_reaches_the_end_where_all_or_none_agree() -> None:
    """Ten of ten may well be all there are; nothing seen says nothing."""
    all_right, all_wrong, nothing = share_of(10, 10), share_of(0, 10), share_of(0, 0)

    assert all_right.high == 1.0
    assert all_right.low == pytest.approx(stats.beta(10.5, 0.5).ppf(0.025))
    assert all_wrong.low == 0.0
    assert (nothing.low, nothing.high, nothing.value, nothing.expected) == (0.0, 1.0, None, 0.5)


def test_more_hits_than_cases_are_refused() -> None:
    """A mistake of the caller."""
    with pytest.raises(InvalidInputError, match="3 of 2"):
        share_of(3, 2)


def test_a_sample_is_the_same_whatever_the_order_of_the_rows() -> None:
    """Also a larger sample begins with the smaller one, so that what was decided is not lost."""
    small, large = draw_sample(ROWS, "name", size=10), draw_sample(ROWS[::-1], "name", size=50)

    assert small.tolist() == large[:10].tolist()
    assert len(set(large.tolist())) == 50
    assert set(large.tolist()) <= set(ROWS.tolist())


def test_another_name_draws_other_rows() -> None:
    """Two queues do not share their luck."""
    assert draw_sample(ROWS, "one").tolist() != draw_sample(ROWS, "two").tolist()


def test_a_sample_of_few_rows_is_all_of_them() -> None:
    """Three rows cannot give ten."""
    assert sorted(draw_sample(ROWS[:3], "name", size=10).tolist()) == [100, 101, 102]


def test_every_row_has_the_same_chance() -> None:
    """Over 400 names each of ten rows is drawn first about 40 times; six standard deviations are 36."""
    first = [int(draw_sample(np.arange(10), str(name), size=1)[0]) for name in range(400)]

    assert np.abs(np.bincount(first, minlength=10) - 40).max() < 36


def test_the_name_follows_filter_threshold_and_run() -> None:
    """Whether decided rows are shown as well is no matter of which rows are in question."""
    plain = QueueFilter()
    name = sample_name(plain, ACCEPT, "run")

    assert sample_name(replace(plain, undecided_only=False), ACCEPT, "run") == name
    assert sample_name(plain, BulkAction(kind=BulkKind.EXCLUDE), "run") == name
    others = [
        sample_name(replace(plain, min_error_probability=0.8), ACCEPT, "run"),
        sample_name(replace(plain, given="a"), ACCEPT, "run"),
        sample_name(plain, ACCEPT, "other run"),
        sample_name(plain, KEEP, "run"),
    ]
    assert len({name, *others}) == 5


def test_precision_counts_the_decided_rows_that_agree() -> None:
    """Rows 0 and 3 took the suggestion, row 1 did not, row 2 is left."""
    decisions = {0: decided(0, Verdict.ACCEPT, "b"), 1: decided(1), 3: decided(3, Verdict.RELABEL, "a")}

    precision = measure_precision(Run(), [0, 1, 2, 3], ACCEPT, decisions)

    assert (precision.n_sample, precision.right.n_hits, precision.right.n) == (4, 2, 3)
    assert precision.n_undecided == 1
    assert not precision.is_measured
    assert precision.is_low


def test_a_row_without_a_label_can_agree_with_its_suggestion() -> None:
    """Row 4 has none, and b is suggested."""
    decisions = {4: decided(4, Verdict.ACCEPT, "b")}

    assert measure_precision(Run(), [4], ACCEPT, decisions).right.n_hits == 1


def test_the_wrong_ones_among_the_rest_follow_from_the_posterior() -> None:
    """9 of 10: the mean of Beta(9.5, 1.5) is 0.8636; of 110 rows 15 are expected to be wrong."""
    precision = SamplePrecision(n_sample=10, right=share_of(9, 10))

    expected, fewest, most = precision.wrong_among(110)

    assert expected == pytest.approx(15.0)
    assert (fewest, most) == pytest.approx((110 * (1 - precision.right.high), 110 * (1 - precision.right.low)))
    assert precision.is_measured
    assert not precision.is_low


def test_the_note_can_be_read_again() -> None:
    """The log is the only place where the precision is kept."""
    precision = SamplePrecision(n_sample=10, right=share_of(9, 10))

    assert precision.note == "bulk: sample 9 of 10 right, 62-99 %"
    assert read_sample_note(f"{precision.note}; all of one customer") == precision.right


@pytest.mark.parametrize("note", ["", "bulk: moved by hand", "sample 9 of 10 right", "bulk: sample 11 of 10 right"])
def test_other_notes_say_nothing_of_a_sample(note: str) -> None:
    """Whatever a person wrote."""
    assert read_sample_note(note) is None
