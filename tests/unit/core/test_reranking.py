"""The queue that learns from verdicts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.core.error_probability import rank_rows
from labelclean.core.reranking import rerank
from labelclean.core.reranking_data import RankingSignals, Reranking, Verdicts, ViewLogOdds
from labelclean.errors import InvalidInputError
from tests.reranking_cases import MadeAudit, make_audit, rename_classes, take_rows


def no_verdicts() -> Verdicts:
    """Nothing decided."""
    none = np.empty(0, dtype=np.int64)
    return Verdicts(rows=none, is_wrong=np.empty(0, dtype=np.bool_), true_labels=none.copy())


def said(made: MadeAudit, rows: np.ndarray, *, is_wrong: bool) -> Reranking:
    """Re-rank with the same answer for all rows."""
    rows = np.asarray(rows, dtype=np.int64)
    answers = Verdicts(rows=rows, is_wrong=np.full(len(rows), is_wrong), true_labels=np.full(len(rows), -1))
    return rerank(made.signals, answers)


def assert_same_as_audit(found: Reranking, signals: RankingSignals) -> None:
    """Compare bit for bit."""
    assert found.error_probabilities.tobytes() == signals.error_probabilities.tobytes()
    assert np.array_equal(found.is_issue, signals.is_issue)
    assert np.array_equal(found.suggested_labels, signals.suggested_labels)
    expected = rank_rows(signals.error_probabilities, signals.label_quality_scores)
    assert np.array_equal(found.ranked_rows, expected)
    assert np.array_equal(found.noise.confident_joint, signals.confident_joint)
    assert found.moved == 0.0


def test_without_verdicts_everything_is_the_audits_bit_for_bit() -> None:
    """There is nothing to learn from."""
    made = make_audit(seed=0)

    assert len(no_verdicts()) == 0
    assert_same_as_audit(rerank(made.signals, no_verdicts()), made.signals)


def test_the_rows_and_their_columns_may_be_none_at_all() -> None:
    """An audit of no rows."""
    made = take_rows(make_audit(seed=0), np.empty(0, dtype=np.int64))

    assert len(rerank(made.signals, no_verdicts()).ranked_rows) == 0


def test_decided_rows_are_certain_and_never_flagged() -> None:
    """Their probability is 1 or 0, their suggestion the class that was named."""
    made = make_audit(seed=1)
    rows = made.top(60)

    found = rerank(made.signals, made.judge(rows))

    assert found.error_probabilities[rows].tolist() == made.is_wrong[rows].astype(float).tolist()
    assert not found.is_issue[rows].any()
    assert np.array_equal(found.suggested_labels[rows], made.true[rows])


def test_rows_set_aside_are_not_flagged_and_teach_nothing() -> None:
    """All but their flags is as if they had not been looked at."""
    made = make_audit(seed=1)
    rows, aside = made.top(60)[:40], made.top(60)[40:]
    verdicts = made.judge(rows)

    found = rerank(
        made.signals,
        Verdicts(rows=rows, is_wrong=verdicts.is_wrong, true_labels=verdicts.true_labels, set_aside=aside),
    )

    assert not found.is_issue[aside].any()
    expected = rerank(made.signals, verdicts)
    assert np.array_equal(found.error_probabilities, expected.error_probabilities)
    assert np.array_equal(found.ranked_rows, expected.ranked_rows)
    others = np.delete(np.arange(400), aside)
    assert np.array_equal(found.is_issue[others], expected.is_issue[others])


def test_a_class_whose_labels_are_always_wrong_rises_and_one_whose_are_right_falls() -> None:
    """The verdicts on the same rows, once confirmed and once rejected, with no change elsewhere."""
    made = make_audit(seed=2)
    of_class = np.flatnonzero(made.signals.labels == 0)
    decided, rest = of_class[:30], of_class[30:]

    higher, lower = said(made, decided, is_wrong=True), said(made, decided, is_wrong=False)

    before = made.signals.error_probabilities[rest]
    assert (higher.error_probabilities[rest] > before).all()
    assert (lower.error_probabilities[rest] < before).mean() > 0.95


def test_a_pair_that_is_always_confirmed_overtakes_one_that_is_always_rejected() -> None:
    """Rows that all look equally suspect: given 0, likely 1 or 2; only the first kind is wrong."""
    labels = np.zeros(200, dtype=np.int64)
    others = np.arange(200) % 2 + 1
    signals = RankingSignals(
        labels=labels,
        error_probabilities=np.full(200, 0.4),
        label_quality_scores=np.full(200, 0.6),
        suggested_labels=labels.copy(),
        is_issue=np.zeros(200, dtype=np.bool_),
        likely_labels=np.stack([labels, others], 1),
        likely_probs=np.tile(np.array([0.6, 0.4], dtype=np.float32), (200, 1)),
        confident_joint=np.diag([200, 0, 0]),
        views=ViewLogOdds(names=(), values=np.empty((200, 0), dtype=np.float32)),
    )
    rows = np.arange(60)

    found = rerank(signals, Verdicts(rows=rows, is_wrong=others[rows] == 1, true_labels=np.full(60, -1)))

    first, second = found.error_probabilities[60::2], found.error_probabilities[61::2]
    assert first.min() > 0.8
    assert second.max() < 0.2
    assert found.is_issue[60::2].all()
    assert not found.is_issue[61::2].any()


def test_a_learner_that_was_right_is_listened_to() -> None:
    """View 1 knows the truth, view 0 is noise, and the audit's own ranking as well."""
    generator = np.random.default_rng(3)
    is_wrong = generator.random(600) < 0.3
    made = make_audit(seed=3, n_rows=600)
    values = np.stack([generator.normal(0, 1, 600), np.where(is_wrong, 1.0, -1.0)], 1).astype(np.float32)
    signals = RankingSignals(
        labels=made.signals.labels,
        error_probabilities=made.signals.error_probabilities,
        label_quality_scores=made.signals.label_quality_scores,
        suggested_labels=made.signals.suggested_labels,
        is_issue=made.signals.is_issue,
        likely_labels=made.signals.likely_labels,
        likely_probs=made.signals.likely_probs,
        confident_joint=made.signals.confident_joint,
        views=ViewLogOdds(names=("noise", "truth"), values=values),
    )
    rows = made.top(100)

    found = rerank(signals, Verdicts(rows=rows, is_wrong=is_wrong[rows], true_labels=np.full(100, -1)))

    rest = np.setdiff1d(np.arange(600), rows)
    probs = found.error_probabilities
    assert probs[rest][is_wrong[rest]].min() > probs[rest][~is_wrong[rest]].max()
    assert found.signal_names == ("noise", "truth", "all together")
    assert found.signal_weights[1] > 4 * abs(found.signal_weights[0])
    assert found.moved > 0.5


def test_a_verdict_on_one_text_speaks_for_texts_like_it() -> None:
    """Two kinds of text, nothing else to tell rows apart; only those of the first kind are wrong."""
    made = make_audit(seed=4)
    kinds = np.arange(400) % 2
    old = made.signals
    signals = RankingSignals(
        labels=old.labels,
        error_probabilities=np.full(400, 0.3),
        label_quality_scores=np.full(400, 0.7),
        suggested_labels=old.suggested_labels,
        is_issue=old.is_issue,
        likely_labels=old.likely_labels,
        likely_probs=old.likely_probs,
        confident_joint=old.confident_joint,
        views=ViewLogOdds(
            names=(), values=np.empty((400, 0), dtype=np.float32), text_sketch=np.eye(2, dtype=np.float32)[kinds]
        ),
    )

    found = rerank(signals, Verdicts(rows=np.arange(60), is_wrong=kinds[:60] == 0, true_labels=np.full(60, -1)))

    assert found.error_probabilities[60::2].min() > 0.8
    assert found.error_probabilities[61::2].max() < 0.2


def test_the_same_verdicts_move_the_more_the_more_there_are() -> None:
    """Shrinkage gives way to evidence."""
    made = make_audit(seed=5)
    of_class = np.flatnonzero(made.signals.labels == 0)
    rest = of_class[60:]

    steps = [said(made, of_class[:n], is_wrong=True).error_probabilities[rest].mean() for n in (2, 6, 18, 54)]

    assert made.signals.error_probabilities[rest].mean() < steps[0] < steps[1] < steps[2] < steps[3]


def test_two_verdicts_that_the_audit_expected_hardly_move_anything() -> None:
    """No probability moves by more than a tenth."""
    made = make_audit(seed=6)
    rows = np.array([made.top(1)[0], np.argmin(made.signals.error_probabilities)])
    verdicts = Verdicts(rows=rows, is_wrong=np.array([True, False]), true_labels=np.full(2, -1))

    found = rerank(made.signals, verdicts)

    rest = np.setdiff1d(np.arange(400), rows)
    assert np.abs(found.error_probabilities - made.signals.error_probabilities)[rest].max() < 0.1


def test_a_ranking_that_is_right_stays_nearly_as_good() -> None:
    """After 200 verdicts from the top of a calibrated queue, the next 100 rows hold as many errors, within 10 %."""
    before, after = 0, 0
    for seed in range(8):
        made = make_audit(seed=seed, n_rows=2000)
        rows = made.top(200)
        found = rerank(made.signals, made.judge(rows))
        order = found.ranked_rows[~np.isin(found.ranked_rows, rows)]
        before += int(made.is_wrong[made.top(300)[200:]].sum())
        after += int(made.is_wrong[order[:100]].sum())

    assert after > 0.9 * before


def test_a_verdict_against_a_certain_audit_does_not_turn_the_ranking_over() -> None:
    """Log-odds up to 20 at the top, 4 of whose 50 first rows are right: the next rows are still the next ones."""
    log_odds = np.concatenate([np.linspace(20.0, 10.0, 50), np.linspace(6.0, -10.0, 550)])
    made = make_audit(seed=10, n_rows=600, n_classes=2, n_views=0)
    old = made.signals
    probs = 1.0 / (1.0 + np.exp(-log_odds))
    signals = RankingSignals(
        labels=old.labels,
        error_probabilities=probs,
        label_quality_scores=1.0 - probs,
        suggested_labels=old.suggested_labels,
        is_issue=old.is_issue,
        likely_labels=old.likely_labels,
        likely_probs=old.likely_probs,
        confident_joint=old.confident_joint,
        views=old.views,
    )
    rows = np.arange(50)
    is_wrong = ~np.isin(rows, [9, 20, 31, 42])

    found = rerank(signals, Verdicts(rows=rows, is_wrong=is_wrong, true_labels=np.full(50, -1)))

    order = found.ranked_rows[found.ranked_rows >= 50]
    assert np.isin(order[:50], np.arange(50, 110)).all()
    assert found.error_probabilities[50] > 0.8
    assert found.error_probabilities[-1] < 0.15


def test_probabilities_mean_what_they_say_after_they_moved() -> None:
    """Class 0 is wrong far more often than the audit says; of the rest, the sum of probabilities finds as many."""
    made = make_audit(seed=7, n_rows=4000, bias=3.0)
    rows = made.top(400)

    found = rerank(made.signals, made.judge(rows))

    rest = np.setdiff1d(np.arange(4000), rows)
    for group in (rest, rest[made.signals.labels[rest] == 0], rest[made.signals.labels[rest] != 0]):
        assert found.error_probabilities[group].sum() == pytest.approx(made.is_wrong[group].sum(), rel=0.2)
    bins = np.minimum(found.error_probabilities[rest] * 5, 4).astype(int)
    gaps = [abs((found.error_probabilities - made.is_wrong)[rest][bins == k].sum()) for k in range(5)]
    assert sum(gaps) / len(rest) < 0.06
    assert found.noise.n_label_errors == pytest.approx(made.is_wrong.sum(), rel=0.25)


@pytest.mark.parametrize("is_wrong", [True, False])
def test_verdicts_that_all_agree_give_probabilities_short_of_certainty(is_wrong: bool) -> None:
    """Separable verdicts would drive an unshrunk model to infinity."""
    made = make_audit(seed=8)

    found = said(made, made.top(100), is_wrong=is_wrong)

    rest = made.top(400)[100:]
    assert np.isfinite(found.error_probabilities).all()
    assert (found.error_probabilities[rest] > 0).all()
    assert (found.error_probabilities[rest] < 1).all()
    moves = found.error_probabilities[rest] - made.signals.error_probabilities[rest]
    assert (moves.mean() > 0) == is_wrong


def test_unlabelled_rows_stay_out_of_everything() -> None:
    """They have no probability, no flag, come last, and a decision on one teaches nothing."""
    made = make_audit(seed=9)
    blank = np.array([5, 17])
    labels, probs = made.signals.labels.copy(), made.signals.error_probabilities.copy()
    quality = made.signals.label_quality_scores.copy()
    labels[blank], probs[blank], quality[blank] = -1, np.nan, np.nan
    flags, views = made.signals.is_issue.copy(), made.signals.views.values.copy()
    flags[blank], views[blank] = False, np.nan
    signals = RankingSignals(
        labels=labels,
        error_probabilities=probs,
        label_quality_scores=quality,
        suggested_labels=made.signals.suggested_labels,
        is_issue=flags,
        likely_labels=made.signals.likely_labels,
        likely_probs=made.signals.likely_probs,
        confident_joint=made.signals.confident_joint,
        views=ViewLogOdds(names=made.signals.views.names, values=views),
    )
    alone = rerank(signals, Verdicts(rows=blank[:1], is_wrong=np.array([True]), true_labels=np.array([2])))
    rows = np.setdiff1d(made.top(50), blank)

    found = rerank(signals, made.judge(rows))

    assert np.isnan(found.error_probabilities[blank]).all()
    assert np.isfinite(np.delete(found.error_probabilities, blank)).all()
    assert not found.is_issue[blank].any()
    assert found.ranked_rows[-2:].tolist() == [5, 17]
    assert alone.suggested_labels[5] == 2
    assert alone.error_probabilities.tobytes() == probs.tobytes()


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, 80), st.sampled_from([2, 3, 7]))
def test_order_and_names_do_not_matter_and_results_are_sound(seed: int, n_verdicts: int, n_classes: int) -> None:
    """Any rows, any verdicts: sums of the joint stay, probabilities are some, other orders and codes change nothing."""
    made = make_audit(seed=seed, n_rows=120, n_classes=n_classes, bias=1.0)
    generator = np.random.default_rng(seed)
    rows, order = generator.permutation(120)[:n_verdicts], generator.permutation(120)
    places, codes = np.argsort(order), generator.permutation(n_classes)

    found = rerank(made.signals, made.judge(rows))
    shuffled = rerank(take_rows(made, order).signals, take_rows(made, order).judge(places[rows[::-1]]))
    renamed = rerank(rename_classes(made, codes).signals, rename_classes(made, codes).judge(rows))

    assert shuffled.error_probabilities[places] == pytest.approx(found.error_probabilities, abs=1e-6)
    assert renamed.error_probabilities == pytest.approx(found.error_probabilities, abs=1e-6)
    assert np.array_equal(codes[found.suggested_labels], renamed.suggested_labels)
    assert ((found.error_probabilities >= 0) & (found.error_probabilities <= 1)).all()
    assert np.array_equal(found.noise.confident_joint.sum(axis=1), made.signals.confident_joint.sum(axis=1))
    assert sorted(found.ranked_rows.tolist()) == list(range(120))
    assert 0 <= found.moved <= 1
    again = rerank(made.signals, made.judge(rows))
    assert again.error_probabilities.tobytes() == found.error_probabilities.tobytes()


@pytest.mark.parametrize(
    ("rows", "is_wrong", "true_labels", "message"),
    [
        ([0, 400], [True, True], [-1, -1], "between 0 and 399"),
        ([-1], [True], [-1], "between 0 and 399"),
        ([3, 3], [True, True], [-1, -1], "decided once"),
        ([0, 1], [True], [-1, -1], "equally long"),
        ([0], [True], [-2], "contradict"),
    ],
    ids=["row too large", "row below 0", "row twice", "lengths", "no class code"],
)
def test_verdicts_that_cannot_be_are_refused(
    rows: list[int], is_wrong: list[bool], true_labels: list[int], message: str
) -> None:
    """With what must hold."""
    verdicts = Verdicts(rows=np.array(rows), is_wrong=np.array(is_wrong), true_labels=np.array(true_labels))

    with pytest.raises(InvalidInputError, match=message):
        rerank(make_audit(seed=0).signals, verdicts)


@pytest.mark.parametrize("is_wrong", [True, False])
def test_a_verdict_that_contradicts_its_label_is_refused(is_wrong: bool) -> None:
    """Wrong, but the given class is right; or right, but another class is."""
    made = make_audit(seed=0)
    given_label = int(made.signals.labels[4])
    true = given_label if is_wrong else (given_label + 1) % 3

    with pytest.raises(InvalidInputError, match="the first for row 4"):
        rerank(
            made.signals,
            Verdicts(rows=np.array([4]), is_wrong=np.array([is_wrong]), true_labels=np.array([true])),
        )
