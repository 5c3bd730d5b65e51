"""What must hold for any votes of several annotators and any probabilities."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.errors import LabelCleanWarning
from labelclean.tasks.multi_annotator import (
    AnnotatorConsensus,
    ConsensusMethod,
    QualityMethod,
    SetVotes,
    active_learning_scores,
    majority_vote,
    multi_annotator_consensus,
    multi_label_active_learning_scores,
    multi_label_annotator_consensus,
    multi_label_vote_temperatures,
    set_votes_from_triples,
    vote_temperatures,
)
from tests import reference_multi_annotator as reference

Codes = NDArray[np.int64]
Probs = NDArray[np.float64]
Case = tuple[Codes, Probs]


@st.composite
def cases(draw: st.DrawFn, *, ties: bool = True, n_models: int | None = 1) -> Case:
    """Votes with gaps, empty rows and columns included, and probabilities, with ties in quarters."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_classes = draw(st.integers(1, 4))
    n_rows, n_annotators = draw(st.integers(1, 12)), draw(st.integers(1, 5))
    votes = generator.integers(0, n_classes, (n_rows, n_annotators))
    if draw(st.booleans()):
        votes[generator.random(votes.shape) < 0.5] = generator.integers(0, n_classes)
    votes[generator.random(votes.shape) < draw(st.sampled_from([0.0, 0.3, 0.6]))] = -1
    models = draw(st.integers(1, 3)) if n_models is None else n_models
    probs = generator.dirichlet(np.full(n_classes, 0.7), (models, n_rows))
    return votes, np.round(probs * 4) / 4 if ties else probs


def consensus(votes: Codes, probs: Probs) -> AnnotatorConsensus:
    """Run CROWDLAB; that annotators may not be comparable is no news here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LabelCleanWarning)
        return multi_annotator_consensus(votes, probs)


def as_lists(votes: Codes) -> reference.Votes:
    """Write votes as the plain loops want them."""
    return [[None if vote < 0 else int(vote) for vote in row] for row in votes]


@given(cases())
@settings(deadline=None, max_examples=300)
def test_majorities_are_those_of_the_plain_loops(case: Case) -> None:
    """Every rule for ties, with and without probabilities."""
    votes, probs = case
    n_classes = probs.shape[2]

    with_model = majority_vote(votes, probs)
    alone = majority_vote(votes)

    assert with_model.tolist() == reference.majority(as_lists(votes), probs[0].tolist(), n_classes)
    assert alone.tolist() == reference.majority(as_lists(votes), None, n_classes)


@given(cases(n_models=None, ties=False))
@settings(deadline=None, max_examples=300)
def test_consensus_qualities_and_weights_are_those_of_the_plain_loops(case: Case) -> None:
    """One model or several; rows and annotators without votes included."""
    votes, probs = case
    n_classes = probs.shape[2]
    expected = reference.crowdlab(as_lists(votes), probs.tolist(), n_classes)

    found = consensus(votes, probs)

    assert found.consensus_labels.tolist() == expected.labels
    assert np.allclose(found.consensus_quality, expected.quality)
    table = np.array(expected.vote_quality).reshape(votes.shape)
    assert np.allclose(found.vote_quality_table(), table, equal_nan=True)
    assert np.allclose(found.annotators.quality, expected.annotator_quality, equal_nan=True)
    worst = [
        reference.worst_class(as_lists(votes), expected.labels, expected.quality, m, n_classes)
        for m in range(votes.shape[1])
    ]
    assert found.annotators.worst_class.tolist() == worst
    if expected.weights is not None:
        weights = [np.nan if each is None else each for each in expected.weights.annotators]
        assert np.allclose(found.annotators.weights, weights, equal_nan=True)
        assert np.allclose(found.model_weights, expected.weights.models)


@given(cases(n_models=None, ties=False))
@settings(deadline=None)
@pytest.mark.filterwarnings("ignore::labelclean.errors.LabelCleanWarning")
def test_adjusted_scores_are_those_of_the_plain_loops(case: Case) -> None:
    """Of the consensus and of every vote."""
    votes, probs = case
    lists, n_classes = as_lists(votes), probs.shape[2]
    expected = reference.crowdlab(lists, probs.tolist(), n_classes)
    plain = reference.posterior(lists, probs.tolist(), expected.weights, n_classes)
    table = np.array(reference.adjusted(lists, expected.labels, plain))

    found = multi_annotator_consensus(votes, probs, adjust_pred_probs=True)

    rows, annotators = np.nonzero(votes >= 0)
    assert np.allclose(found.consensus_quality, table[np.arange(len(votes)), expected.labels])
    assert np.allclose(found.vote_quality, table[rows, votes[rows, annotators]])


@given(cases(n_models=None, ties=False))
@settings(deadline=None)
def test_active_learning_scores_are_those_of_the_plain_loops(case: Case) -> None:
    """Labelled rows, with one model also those without votes."""
    votes, probs = case
    has_votes = (votes >= 0).any(axis=1)
    expected = np.array(reference.active_scores(as_lists(votes), probs.tolist(), probs.shape[2]))

    found = active_learning_scores(votes, probs, calibrate=False).scores

    checked = np.ones(len(votes), dtype=bool) if len(probs) == 1 else has_votes
    assert np.allclose(found[checked], expected[checked])


@given(cases())
@settings(deadline=None)
def test_no_other_temperature_fits_the_votes_better(case: Case) -> None:
    """The loss has one valley, and its bottom is found."""
    votes, probs = case
    if not (votes >= 0).any():
        return

    found = float(vote_temperatures(votes, probs)[0])

    lists, rows = as_lists(votes), probs[0].tolist()
    least = reference.cross_entropy(lists, rows, found)
    for other in (0.05, 0.1, 0.5, found * 0.99, found * 1.01, 1.0, 2.0, 8.0, 20.0):
        if 0.05 <= other <= 20:
            assert least <= reference.cross_entropy(lists, rows, other) + 1e-9


@given(cases(n_models=None), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_the_order_of_the_annotators_changes_no_bit(case: Case, seed: int) -> None:
    """Their own results move with them; everything else stays, also where there are ties."""
    votes, probs = case
    order = np.random.default_rng(seed).permutation(votes.shape[1])

    straight, moved = consensus(votes, probs), consensus(votes[:, order], probs)

    assert np.array_equal(moved.consensus_labels, straight.consensus_labels)
    assert moved.consensus_quality.tobytes() == straight.consensus_quality.tobytes()
    assert moved.model_weights.tobytes() == straight.model_weights.tobytes()
    assert np.array_equal(moved.annotators.quality, straight.annotators.quality[order], equal_nan=True)
    assert np.array_equal(moved.annotators.weights, straight.annotators.weights[order], equal_nan=True)
    assert np.array_equal(moved.annotators.worst_class, straight.annotators.worst_class[order])


@given(cases(n_models=None), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_the_order_of_the_examples_changes_no_bit(case: Case, seed: int) -> None:
    """Each example's results move with it; the annotators' stay."""
    votes, probs = case
    order = np.random.default_rng(seed).permutation(len(votes))

    straight, moved = consensus(votes, probs), consensus(votes[order], probs[:, order])
    scores, moved_scores = active_learning_scores(votes, probs), active_learning_scores(votes[order], probs[:, order])

    assert np.array_equal(moved.consensus_labels, straight.consensus_labels[order])
    assert np.array_equal(moved.consensus_quality, straight.consensus_quality[order])
    assert np.array_equal(moved.annotators.quality, straight.annotators.quality, equal_nan=True)
    assert np.array_equal(moved.annotators.worst_class, straight.annotators.worst_class)
    assert np.array_equal(moved_scores.scores, scores.scores[order])


@given(cases(ties=False))
@settings(deadline=None)
def test_renaming_the_classes_permutes_the_answer(case: Case) -> None:
    """Where no tie has to be broken by class code, class numbers mean nothing."""
    votes, probs = case
    n_classes = probs.shape[2]
    new_of_old = np.random.default_rng(n_classes).permutation(n_classes)
    renamed = np.where(votes < 0, -1, new_of_old[votes])

    before, after = consensus(votes, probs), consensus(renamed, probs[:, :, np.argsort(new_of_old)])

    assert np.array_equal(after.consensus_labels, new_of_old[before.consensus_labels])
    assert np.allclose(after.consensus_quality, before.consensus_quality)
    assert np.allclose(after.annotators.quality, before.annotators.quality, equal_nan=True)


@given(cases(n_models=None))
@settings(deadline=None)
def test_doubling_all_examples_changes_nothing_but_counts(case: Case) -> None:
    """Weights are shares: twice the data says the same."""
    votes, probs = case

    once, twice = consensus(votes, probs), consensus(np.tile(votes, (2, 1)), np.tile(probs, (1, 2, 1)))

    assert np.array_equal(twice.consensus_labels, np.tile(once.consensus_labels, 2))
    assert np.allclose(twice.consensus_quality, np.tile(once.consensus_quality, 2))
    assert np.allclose(twice.annotators.quality, once.annotators.quality, equal_nan=True)
    assert np.array_equal(twice.annotators.n_votes, 2 * once.annotators.n_votes)


@given(cases(n_models=None))
@settings(deadline=None)
def test_silent_annotators_and_unlabelled_rows_change_nothing_else(case: Case) -> None:
    """An annotator or a row without votes can be left out."""
    votes, probs = case
    more_votes = np.pad(votes, ((0, 1), (0, 1)), constant_values=-1)
    more_probs = np.concatenate([probs, probs[:, :1]], 1)

    without, with_them = consensus(votes, probs), consensus(more_votes, more_probs)

    assert np.array_equal(with_them.consensus_labels[:-1], without.consensus_labels)
    assert np.array_equal(with_them.consensus_quality[:-1], without.consensus_quality)
    assert np.array_equal(with_them.annotators.quality[:-1], without.annotators.quality, equal_nan=True)
    assert np.isnan(with_them.annotators.quality[-1])
    assert with_them.annotators.worst_class[-1] == -1


@given(cases(n_models=None))
@settings(deadline=None)
def test_everything_is_a_probability(case: Case) -> None:
    """Qualities, agreement and scores are from 0 to 1; only silent annotators and voteless rows have none."""
    votes, probs = case

    found = consensus(votes, probs)
    scores = active_learning_scores(votes, probs).scores

    for values in (found.consensus_quality, found.vote_quality, scores):
        assert ((values >= 0) & (values <= 1 + 1e-12)).all()
    quality = found.annotators.quality
    assert np.array_equal(np.isnan(quality), ~(votes >= 0).any(axis=0))
    assert ((quality[~np.isnan(quality)] >= 0) & (quality[~np.isnan(quality)] <= 1 + 1e-12)).all()


@given(st.integers(1, 30), st.integers(2, 6), st.integers(1, 4), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_unanimous_annotators_and_a_sure_model_that_agrees_leave_no_doubt(
    n_rows: int, n_annotators: int, n_classes: int, seed: int
) -> None:
    """Everyone's agreement is 1, so that every average is."""
    labels = np.random.default_rng(seed).integers(0, n_classes, n_rows)

    found = consensus(np.tile(labels[:, np.newaxis], (1, n_annotators)), np.eye(n_classes)[labels][np.newaxis])

    assert np.array_equal(found.consensus_labels, labels)
    assert np.allclose(found.consensus_quality, 1)
    assert np.allclose(found.annotators.quality, 1)


@st.composite
def set_cases(draw: st.DrawFn) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Probs]:
    """Who answered what, which classes the answers hold, and probabilities in eighths."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.integers(0, 10)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    answered = generator.random(shape[:2]) < draw(st.sampled_from([0.3, 0.7, 1.0]))
    members = (generator.random(shape) < draw(st.sampled_from([0.2, 0.5]))) & answered[:, :, np.newaxis]
    probs = generator.integers(0, 9, (draw(st.integers(1, 2)), shape[0], shape[2])) / 8
    return answered, members, probs


@given(set_cases(), st.sampled_from(get_args(ConsensusMethod)), st.sampled_from(get_args(QualityMethod)))
@settings(deadline=None, max_examples=300)
@pytest.mark.filterwarnings("ignore::labelclean.errors.LabelCleanWarning")
def test_label_sets_are_one_question_per_class(
    case: tuple[NDArray[np.bool_], NDArray[np.bool_], Probs],
    consensus_method: ConsensusMethod,
    quality_method: QualityMethod,
) -> None:
    """All classes at once give what one call per class, present against absent, gives."""
    answered, members, probs = case
    rows, annotators, codes = np.nonzero(members)
    votes = set_votes_from_triples(rows, annotators, codes, answered=answered, class_names=range(members.shape[2]))

    found = multi_label_annotator_consensus(
        votes, probs, consensus_method=consensus_method, quality_method=quality_method, aggregate_by=np.min
    )

    for k in range(members.shape[2]):
        expected = multi_annotator_consensus(
            np.where(answered, members[:, :, k].astype(np.int64), -1),
            np.stack([1 - probs[:, :, k], probs[:, :, k]], axis=2),
            consensus_method=consensus_method,
            quality_method=quality_method,
        )
        assert np.array_equal(found.consensus[:, k], expected.consensus_labels == 1)
        assert np.allclose(found.consensus_quality[:, k], expected.consensus_quality, equal_nan=True)
        assert np.allclose(found.annotators.class_quality[:, k], expected.annotators.quality, equal_nan=True)
        assert np.allclose(found.annotators.weights[:, k], expected.annotators.weights, equal_nan=True)
        assert np.allclose(found.model_weights[:, k], expected.model_weights, equal_nan=True)
        assert np.allclose(
            found.annotators.agreement_with_consensus[:, k],
            expected.annotators.agreement_with_consensus,
            equal_nan=True,
        )
    assert np.allclose(found.example_quality, found.consensus_quality.min(axis=1), equal_nan=True)


def binary(case: tuple[NDArray[np.bool_], NDArray[np.bool_], Probs], k: int) -> Case:
    """Return votes and probabilities of absent against present for one class."""
    answered, members, probs = case
    votes = np.where(answered, members[:, :, k].astype(np.int64), -1)
    return votes, np.stack([1 - probs[:, :, k], probs[:, :, k]], axis=2)


def read(case: tuple[NDArray[np.bool_], NDArray[np.bool_], Probs]) -> SetVotes:
    """Read the answers of a case."""
    answered, members, _ = case
    return set_votes_from_triples(*np.nonzero(members), answered=answered, class_names=range(members.shape[2]))


def without_ties(case: tuple[NDArray[np.bool_], NDArray[np.bool_], Probs], seed: int) -> Probs:
    """Draw probabilities that no rounding can tie."""
    return np.random.default_rng(seed).uniform(0.01, 0.99, case[2].shape)


@given(set_cases(), st.integers(0, 2**32 - 1), st.booleans())
@settings(deadline=None, max_examples=200)
def test_active_learning_scores_of_label_sets_are_one_question_per_class(
    case: tuple[NDArray[np.bool_], NDArray[np.bool_], Probs], seed: int, calibrate: bool
) -> None:
    """All classes at once give what one call per class gives: scores, pool, weights, temperatures."""
    probs = without_ties(case, seed) if calibrate else case[2]
    pool = probs[:, ::-1][:, :3]

    found = multi_label_active_learning_scores(read(case), probs, pool_pred_probs=pool, calibrate=calibrate)

    for k in range(probs.shape[2]):
        votes, two = binary((*case[:2], probs), k)
        expected = active_learning_scores(votes, two, pool_pred_probs=two[:, ::-1][:, :3], calibrate=calibrate)
        assert np.allclose(found.class_scores[:, k], expected.scores)
        assert np.allclose(found.pool_class_scores[:, k], expected.pool_scores)
        assert np.allclose(found.annotator_weights[:, k], expected.annotator_weights, equal_nan=True)
        assert np.allclose(found.model_weights[:, k], expected.model_weights)
        assert np.allclose(found.temperatures[:, k], expected.temperatures)
    assert np.allclose(found.scores, found.class_scores.mean(axis=1))


@given(set_cases(), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_active_learning_scores_of_label_sets_are_those_of_the_plain_loops(
    case: tuple[NDArray[np.bool_], NDArray[np.bool_], Probs], seed: int
) -> None:
    """Answered rows, with one model also those without an answer."""
    probs = without_ties(case, seed)
    checked = case[0].any(axis=1) | (len(probs) == 1)

    found = multi_label_active_learning_scores(read(case), probs, aggregate_by=np.min, calibrate=False)

    for k in range(probs.shape[2]):
        votes, two = binary((*case[:2], probs), k)
        expected = np.array(reference.active_scores(as_lists(votes), two.tolist(), 2))
        assert np.allclose(found.class_scores[checked, k], expected[checked])
    assert found.scores.tolist() == found.class_scores.min(axis=1).tolist()


@given(set_cases())
@settings(deadline=None)
def test_no_other_temperature_fits_the_answers_of_a_class_better(
    case: tuple[NDArray[np.bool_], NDArray[np.bool_], Probs],
) -> None:
    """Each model and class has a loss with one valley, and its bottom is found."""
    if not case[0].any():
        return

    found = multi_label_vote_temperatures(read(case), case[2])

    for (model, k), best in np.ndenumerate(found):
        votes, two = binary(case, k)
        lists, rows = as_lists(votes), two[model].tolist()
        least = reference.cross_entropy(lists, rows, float(best))
        for other in (0.05, 0.1, 0.5, best * 0.99, best * 1.01, 1.0, 2.0, 8.0, 20.0):
            if 0.05 <= other <= 20:
                assert least <= reference.cross_entropy(lists, rows, float(other)) + 1e-9


@given(set_cases(), st.integers(0, 2**32 - 1))
@settings(deadline=None)
@pytest.mark.filterwarnings("ignore::labelclean.errors.LabelCleanWarning")
def test_calibrated_label_sets_are_one_question_per_class(
    case: tuple[NDArray[np.bool_], NDArray[np.bool_], Probs], seed: int
) -> None:
    """Each class under temperatures of its own, as if it had been asked about alone."""
    probs = without_ties(case, seed)

    found = multi_label_annotator_consensus(read(case), probs, calibrate=True)

    for k in range(probs.shape[2]):
        expected = multi_annotator_consensus(*binary((*case[:2], probs), k), calibrate=True)
        assert np.array_equal(found.consensus[:, k], expected.consensus_labels == 1)
        assert np.allclose(found.consensus_quality[:, k], expected.consensus_quality)
        assert np.allclose(found.temperatures[:, k], expected.temperatures)


@given(set_cases(), st.integers(0, 2**32 - 1))
@settings(deadline=None)
@pytest.mark.filterwarnings("ignore::labelclean.errors.LabelCleanWarning")
def test_the_order_of_annotators_and_examples_changes_no_bit_of_a_cell(
    case: tuple[NDArray[np.bool_], NDArray[np.bool_], Probs], seed: int
) -> None:
    """Label sets: consensus, cell qualities and weights move with their owners."""
    answered, members, probs = case
    generator = np.random.default_rng(seed)
    row_order, column_order = generator.permutation(answered.shape[0]), generator.permutation(answered.shape[1])
    found, scores = [], []
    for order, columns in ((slice(None), slice(None)), (row_order, column_order)):
        who = answered[order][:, columns]
        rows, annotators, codes = np.nonzero(members[order][:, columns])
        votes = set_votes_from_triples(rows, annotators, codes, answered=who, class_names=range(members.shape[2]))
        found.append(multi_label_annotator_consensus(votes, probs[:, order], calibrate=True))
        scores.append(multi_label_active_learning_scores(votes, probs[:, order]).class_scores)

    straight, moved = found

    assert np.array_equal(scores[1], scores[0][row_order])
    assert np.array_equal(moved.temperatures, straight.temperatures)
    assert np.array_equal(moved.consensus, straight.consensus[row_order])
    assert np.array_equal(moved.consensus_quality, straight.consensus_quality[row_order])
    assert np.array_equal(moved.annotators.weights, straight.annotators.weights[column_order], equal_nan=True)
    assert np.array_equal(
        moved.annotators.class_quality, straight.annotators.class_quality[column_order], equal_nan=True
    )


def test_eight_threads_give_the_answers_of_one() -> None:
    """Nothing is shared between calls."""
    generator = np.random.default_rng(8)
    data = [(generator.integers(-1, 4, (300, 6)), generator.dirichlet(np.ones(4), (2, 300))) for _ in range(8)]

    alone = [consensus(*each).consensus_quality.tobytes() for each in data]
    with ThreadPoolExecutor(max_workers=8) as pool:
        together = list(pool.map(lambda each: multi_annotator_consensus(*each).consensus_quality.tobytes(), data * 4))

    assert together == alone * 4
