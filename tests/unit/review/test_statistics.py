"""The numbers of a review, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from labelclean.arrays import Label
from labelclean.label_set import LabelSet
from labelclean.review.agreement import agreements, cohens_kappa
from labelclean.review.decision_columns import DecisionColumns
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict
from labelclean.review.honesty import honesty_of
from labelclean.review.log import ReviewLog
from labelclean.review.pace import pace_of
from labelclean.review.shares import share_of
from labelclean.review.statistics import ReviewStatistics, review_statistics
from tests.store_examples import MOMENT, step
from tests.unit.review.test_bulk import Run, decided

BULK, GROUP, CONTROL = DecisionSource.BULK, DecisionSource.GROUP, DecisionSource.CONTROL


def said(row: int, verdict: Verdict = Verdict.KEEP, label: Label | None = None, **values: object) -> ReviewEvent:
    """Return a decision with some of its fields."""
    return replace(decided(row, verdict, label), **values)  # type: ignore[arg-type]  # each test names the right kinds


def statistics(*events: ReviewEvent, run: Run | None = None) -> ReviewStatistics:
    """Return the statistics of a log over five rows given a, a, b, c and nothing."""
    return review_statistics(run or Run(), ReviewLog(events))


LOG = (
    said(0, Verdict.ACCEPT, "b", reviewer="ana", seconds_spent=4.0, error_probability=0.9),
    said(1, Verdict.RELABEL, "new", reviewer="ana", seconds_spent=8.0, error_probability=0.5),
    said(2, reviewer="ben", seconds_spent=3.0, error_probability=0.25, uuid="undone"),
    step(EventKind.UNDO, "undo", "undone", 2),
    said(2, Verdict.UNSURE, reviewer="ben", seconds_spent=6.0, error_probability=0.25, uuid="again"),
    said(3, Verdict.KEEP, reviewer="ben", source=BULK, batch="x"),
    said(4, Verdict.RELABEL, "b", reviewer="ana", source=GROUP),
)


def test_decisions_are_counted_by_what_led_to_them_and_what_they_say() -> None:
    """What was undone counts nowhere."""
    found = statistics(*LOG)

    assert found.n_decided == 5
    assert {source: n for source, n in found.sources.items() if n} == {DecisionSource.QUEUE: 3, GROUP: 1, BULK: 1}
    assert {verdict: n for verdict, n in found.verdicts.items() if n} == {
        Verdict.ACCEPT: 1,
        Verdict.RELABEL: 2,
        Verdict.UNSURE: 1,
        Verdict.KEEP: 1,
    }
    assert found.n_corrected == 3


def test_each_class_says_what_became_of_its_rows() -> None:
    """Class a: both rows corrected, to two labels, b before the new one; rows without a label have their own line."""
    found = {line.label: line for line in statistics(*LOG).classes}

    assert list(found) == ["a", None, "b", "c"]
    a, b, c, none = found["a"], found["b"], found["c"], found[None]
    assert (a.n_decided, a.n_kept, a.n_corrected, a.n_open, a.n_at_once) == (2, 0, 2, 0, 0)
    assert (a.corrected_to, a.n_corrected_to) == ("b", 1)
    assert (b.n_decided, b.n_kept, b.n_open, b.corrected_to) == (1, 0, 1, None)
    assert (c.n_kept, c.n_at_once) == (1, 1)
    assert (none.n_corrected, none.n_at_once, none.corrected_to) == (1, 1, "b")


def test_each_label_of_a_set_says_what_became_of_it() -> None:
    """Row 0 lost late and got broken; row 1 is kept; row 2 got late; row 3 is open; row 4 had no label and got late."""
    names = (LabelSet(["late"]), LabelSet(["broken"]), LabelSet(["broken", "late"]))
    found = statistics(
        said(0, Verdict.ACCEPT, names[1]),
        said(1),
        said(2, Verdict.RELABEL, LabelSet(["late", "broken"])),
        said(3, Verdict.UNSURE),
        said(4, Verdict.RELABEL, names[0]),
        run=Run(class_names=names),
    ).labels

    assert [(line.label, line.n_decided, line.n_removed, line.n_added) for line in found] == [
        ("late", 2, 1, 2),
        ("broken", 1, 0, 1),
    ]
    assert statistics(*LOG).labels == ()


def test_each_reviewer_has_a_pace_over_what_they_looked_at() -> None:
    """Ana: 2 decisions in 12 s are 10 a minute, her group row takes none of it. Ben: 1 in 6 s, and one in bulk."""
    ana, ben = statistics(*LOG).reviewers

    assert (ana.name, ana.n_looked_at, ana.n_group, ana.n_bulk, ana.per_minute) == ("ana", 2, 1, 0, 10.0)
    assert (ben.name, ben.n_looked_at, ben.n_group, ben.n_bulk, ben.per_minute) == ("ben", 1, 0, 1, 10.0)
    assert ana.verdicts[Verdict.ACCEPT] == 1
    assert ben.verdicts[Verdict.KEEP] == 0


def test_a_reviewers_work_counts_where_somebody_came_after_them() -> None:
    """Ben decided row 0 twice, then ana did; the row is hers, the work of both counts once."""
    first = [
        said(0, reviewer="ben", uuid="b1", seconds_spent=2.0),
        said(0, reviewer="ben", uuid="b2", seconds_spent=3.0),
    ]

    found = statistics(*first, said(0, Verdict.UNSURE, reviewer="ana", uuid="a1", seconds_spent=6.0))

    assert (found.n_decided, found.verdicts[Verdict.UNSURE], found.verdicts[Verdict.KEEP]) == (1, 1, 0)
    assert [(who.name, who.n_looked_at, who.per_minute) for who in found.reviewers] == [
        ("ana", 1, 10.0),
        ("ben", 1, 20.0),
    ]


def test_a_review_that_did_not_begin_has_empty_statistics() -> None:
    """No division by nothing anywhere."""
    found = statistics()

    assert (found.n_decided, found.n_corrected, found.accuracy) == (0, 0, None)
    assert (found.classes, found.labels, found.reviewers, found.agreements, found.bulks) == ((), (), (), (), ())
    assert (found.pace.per_minute, found.pace.stretches) == (None, ())
    assert (found.honesty.bands, found.honesty.verdict) == ((), "early")


def test_rows_drawn_by_chance_measure_the_labels() -> None:
    """Fewer than ten say nothing."""
    run = Run(
        labels=np.zeros(100, dtype=np.int64),
        suggested_labels=np.ones(100, dtype=np.int64),
        error_probabilities=np.full(100, 0.5),
        is_issue=np.zeros(100, dtype=np.bool_),
        ranked_rows=np.arange(100),
    )
    drawn = [said(row, source=CONTROL, error_probability=0.5) for row in range(10)]

    assert statistics(*LOG).accuracy is None
    assert statistics(*drawn[:9], run=run).accuracy is None
    found = statistics(*drawn, run=run).accuracy
    assert found is not None
    assert found.n_drawn == 10


def test_the_pace_is_that_of_each_stretch() -> None:
    """Three decisions in the first minute, one two minutes later; a missing time is no time."""
    minute = MOMENT.replace(second=0, microsecond=0)
    events = [
        said(0, decided_at=minute, seconds_spent=5.0),
        said(1, decided_at=minute + timedelta(seconds=10), seconds_spent=10.0),
        said(2, decided_at=minute + timedelta(seconds=59), seconds_spent=None),
        said(3, decided_at=minute + timedelta(seconds=120), seconds_spent=30.0),
    ]

    pace = pace_of(DecisionColumns.of(Run(), events))

    assert pace.stretch_seconds == 60
    assert [(s.start - minute.timestamp(), s.n_decisions, s.per_minute) for s in pace.stretches] == [
        (0.0, 3, 8.0),
        (120.0, 1, 2.0),
    ]
    assert pace.per_minute == 4.0


def test_long_work_has_longer_stretches() -> None:
    """Decisions over 100 hours, one an hour: in stretches of six hours there are 17 or 18."""
    events = [said(0, decided_at=MOMENT + timedelta(hours=n)) for n in range(100)]

    pace = pace_of(DecisionColumns.of(Run(), events))

    assert pace.stretch_seconds == 6 * 3_600
    assert sum(stretch.n_decisions for stretch in pace.stretches) == 100


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([[20, 5], [10, 15]], 0.4),  # p_o 0.7, p_e 0.5
        ([[45, 15], [25, 15]], 0.1304),  # p_o 0.6, p_e 0.54
        ([[10, 0], [0, 10]], 1.0),
        ([[0, 10], [10, 0]], -1.0),
        ([[10, 0], [0, 0]], None),  # by chance always the same
        ([[0, 0], [0, 0]], None),
    ],
)
def test_kappa_of_a_table_by_hand(table: list[list[int]], expected: float | None) -> None:
    """Lines are what one says, columns what the other does."""
    cells = [(one, other) for one in (0, 1) for other in (0, 1) for _ in range(table[one][other])]

    kappa = cohens_kappa([one for one, _ in cells], [other for _, other in cells])

    assert kappa == (None if expected is None else pytest.approx(expected, abs=1e-4))


def test_reviewers_are_compared_on_the_rows_both_looked_at() -> None:
    """Row 0: the same label; row 1: not; row 2: ben took his back; row 3: ben decided in bulk; row 4: ana alone."""
    ana = [said(row, Verdict.ACCEPT, "b", reviewer="ana", uuid=f"a{row}") for row in range(5)]
    ben = [
        said(0, Verdict.RELABEL, "b", reviewer="ben", uuid="b0"),
        said(1, Verdict.KEEP, reviewer="ben", uuid="b1-first"),
        said(1, Verdict.UNSURE, reviewer="ben", uuid="b1"),
        said(2, Verdict.KEEP, reviewer="ben", uuid="b2"),
        step(EventKind.UNDO, "undo", "b2", 2),
        said(3, Verdict.KEEP, reviewer="ben", uuid="b3", source=BULK),
    ]

    (pair,) = agreements([*ana, *ben])

    assert (pair.first, pair.second, pair.agreed) == ("ana", "ben", share_of(1, 2))
    assert pair.kappa == pytest.approx(0.0)  # p_o 1/2, p_e 1/2


def shown(probability: float, n_wrong: int, n: int, first: int = 0) -> list[ReviewEvent]:
    """Return decisions on rows with one error probability, the first ones of which were wrong."""
    return [
        said(
            first + place,
            Verdict.ACCEPT if place < n_wrong else Verdict.KEEP,
            "b" if place < n_wrong else None,
            error_probability=probability,
        )
        for place in range(n)
    ]


def columns_of(*events: ReviewEvent) -> DecisionColumns:
    """Return the columns of decisions over 100 rows given a."""
    run = Run(labels=np.zeros(100, dtype=np.int64), suggested_labels=np.ones(100, dtype=np.int64))
    return DecisionColumns.of(run, events)


@pytest.mark.parametrize(("n_wrong", "verdict"), [(36, "fits"), (20, "bold"), (40, "fits"), (31, "bold")])
def test_the_score_is_bold_where_it_claims_too_many_errors(n_wrong: int, verdict: str) -> None:
    """40 rows at 90 %: 36 are claimed, give or take 1.96 * sqrt(40 * 0.09) = 3.7; 40 are 4 more, at 0.95 they fit."""
    probability = 0.95 if n_wrong == 40 else 0.9

    found = honesty_of(columns_of(*shown(probability, n_wrong, 40)))

    assert found.verdict == verdict


def test_the_score_is_timid_where_it_claims_too_few() -> None:
    """40 rows at 30 %: 12 are claimed, give or take 5.7; 20 are wrong."""
    assert honesty_of(columns_of(*shown(0.3, 20, 40))).verdict == "timid"


def test_a_score_inside_the_interval_beside_it_is_called_honest() -> None:
    """24 rows at 95 %, 21 of them wrong: fewer than chance makes of 22.8, yet the interval shown reaches to 96 %."""
    found = honesty_of(columns_of(*shown(0.949, 18, 20), *shown(0.999, 3, 4, first=20)))

    assert found.wrong.low < found.predicted < found.wrong.high
    assert found.verdict == "fits"


def test_few_decisions_say_nothing_yet() -> None:
    """Nineteen, all of them right."""
    assert honesty_of(columns_of(*shown(0.9, 0, 19))).verdict == "early"


def test_bands_brier_and_calibration_error_by_hand() -> None:
    """
    Ten rows at 0.9, of which 6 are wrong, and ten at 0.3, of which 3 are.

    Brier: (6 * 0.01 + 4 * 0.81 + 3 * 0.49 + 7 * 0.09) / 20 = 0.27. Calibration error: (10 * 0.3 + 10 * 0) / 20 = 0.15.
    """
    found = honesty_of(columns_of(*shown(0.9, 6, 10), *shown(0.3, 3, 10, first=10)))

    low, high = found.bands
    assert (low.low, low.high, low.wrong) == (0.2, 0.5, share_of(3, 10))
    assert (high.low, high.high, high.wrong, high.taken) == (0.8, 1.0, share_of(6, 10), share_of(6, 10))
    assert (low.predicted, high.predicted) == pytest.approx((0.3, 0.9))
    assert found.brier == pytest.approx(0.27)
    assert found.calibration_error == pytest.approx(0.15)
    assert found.wrong == share_of(9, 20)
    assert found.predicted == pytest.approx(0.6)


def test_only_looked_at_rows_with_a_verdict_tell() -> None:
    """Bulk, unsure, and rows without a probability say nothing about the score."""
    quiet = [
        said(50, Verdict.ACCEPT, "b", error_probability=0.9, source=BULK),
        said(51, Verdict.UNSURE, error_probability=0.9),
        said(52, Verdict.ACCEPT, "b"),
    ]

    assert honesty_of(columns_of(*shown(0.9, 2, 3), *quiet)).wrong == share_of(2, 3)


def test_decisions_about_rows_that_are_gone_are_left_out() -> None:
    """A file that had more rows when they were decided."""
    assert len(DecisionColumns.of(Run(), [said(4, Verdict.RELABEL, "a"), said(5)])) == 1
