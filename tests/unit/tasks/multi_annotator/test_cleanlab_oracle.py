"""The field's reference gives the same answers on the same votes."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.tasks.multi_annotator import (
    AnnotatorConsensus,
    ConsensusMethod,
    QualityMethod,
    QualityScore,
    active_learning_scores,
    majority_vote,
    multi_annotator_consensus,
    multi_label_active_learning_scores,
    set_votes_from_triples,
    vote_temperatures,
)

N_CASES = 200
Table = NDArray[np.float64]


@pytest.fixture(scope="module", autouse=True)
def _reference_imported() -> None:
    """Import the reference without keeping the blanket warnings filter that it installs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module("cleanlab.multiannotator")


@contextmanager
def as_documented(temperatures: Iterable[float] = ()) -> Iterator[list[NDArray[np.int64]]]:
    """
    Run the reference as its documentation says, without its warnings; yield the ties it would draw from.

    Where it draws one of several classes at random, it takes the lowest. Where it counts float labels, it counts them
    under their own class (its counts go to the first classes, whichever they are). Where it searches a temperature in
    a grid, it takes the ones given.
    """
    drawn: list[NDArray[np.int64]] = []
    wanted = iter(temperatures)

    def lowest(tied: NDArray[np.int64]) -> int:
        drawn.append(tied)
        return int(tied.min())

    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setattr(np.random, "choice", lowest)
        patch.setattr("cleanlab.multiannotator.value_counts", _counted)
        patch.setattr("cleanlab.internal.multiannotator_utils.value_counts", _counted)
        patch.setattr("cleanlab.multiannotator.find_best_temp_scaler", lambda *_: next(wanted))
        yield drawn


def _counted(labels: Table, *, num_classes: int) -> NDArray[np.int64]:
    return np.bincount(labels.astype(np.int64), minlength=num_classes)


def reference(name: str) -> Any:
    """Look a function of the reference up."""
    return getattr(sys.modules["cleanlab.multiannotator"], name)


def is_close(found: Any, expected: Any) -> bool:
    """Compare to nine digits; NaN equals NaN."""
    return np.allclose(found, expected, rtol=1e-9, atol=1e-12, equal_nan=True)


def make_case(seed: int, *, ties: bool = False) -> tuple[Table, Table]:
    """Draw votes by annotators of different accuracy and overlapping probabilities; every third case is sparse."""
    generator = np.random.default_rng(seed)
    n_classes, n_annotators = int(generator.integers(2, 6)), int(generator.integers(2, 8))
    n_rows = int(generator.integers(12, 40))
    true = generator.integers(0, n_classes, n_rows)
    accuracy = generator.uniform(0.4, 1.0, n_annotators)
    is_right = generator.random((n_rows, n_annotators)) < accuracy
    votes = np.where(is_right, true[:, np.newaxis], generator.integers(0, n_classes, is_right.shape)).astype(float)
    votes[generator.random(votes.shape) < (0.7 if seed % 3 == 0 else 0.3)] = np.nan
    rows, columns = np.arange(n_rows), generator.integers(0, n_annotators, n_rows)
    votes[rows, columns] = np.where(np.isnan(votes[rows, columns]), true, votes[rows, columns])
    votes[np.arange(n_annotators), np.arange(n_annotators)] = true[:n_annotators]
    votes[0, :2] = true[0]
    probs = generator.dirichlet(np.full(n_classes, 0.5), n_rows)
    probs[rows, true] += generator.random(n_rows)
    probs /= probs.sum(axis=1, keepdims=True)
    return votes, np.round(probs * 4) / 4 if ties else probs


def make_ensemble(seed: int, *, ties: bool = False) -> tuple[Table, NDArray[np.float64]]:
    """Draw votes, and probabilities of two or three models."""
    votes, probs = make_case(seed, ties=ties)
    generator = np.random.default_rng(seed)
    others = [generator.dirichlet(np.ones(probs.shape[1]), len(probs)) for _ in range(1 + seed % 2)]
    stacked = np.stack(
        [probs, *[0.5 * (probs + np.round(other * 4) / 4 if ties else probs + other) for other in others]]
    )
    return votes, stacked / stacked.sum(axis=2, keepdims=True)


def test_majority_votes_are_the_references() -> None:
    """With and without probabilities, those full of ties, so that every rule for ties is reached."""
    n_drawn = 0
    for seed in range(N_CASES):
        votes, probs = make_case(seed, ties=True)
        for given in (None, probs):
            with as_documented() as drawn:
                expected = reference("get_majority_vote_label")(votes, given, verbose=False)
            n_drawn += len(drawn)

            found = majority_vote(votes, given)

            assert np.array_equal(found, expected), seed
    assert n_drawn > 5


@pytest.mark.parametrize(
    ("consensus_method", "quality_method", "score"),
    [
        ("best_quality", "crowdlab", "self_confidence"),
        ("majority_vote", "crowdlab", "self_confidence"),
        ("best_quality", "agreement", "self_confidence"),
        ("majority_vote", "agreement", "normalized_margin"),
        ("best_quality", "crowdlab", "normalized_margin"),
    ],
)
def test_everything_about_labels_and_annotators_is_the_references(
    consensus_method: ConsensusMethod, quality_method: QualityMethod, score: QualityScore
) -> None:
    """Consensus, its quality, agreement, each vote's quality, annotators, weights."""
    n_compared = 0
    for seed in range(N_CASES):
        votes, probs = make_case(seed, ties=seed % 2 == 1)
        weighted = quality_method == "crowdlab"
        with as_documented():
            expected = reference("get_label_quality_multiannotator")(
                votes,
                probs,
                consensus_method=consensus_method,
                quality_method=quality_method,
                return_weights=weighted,
                label_quality_score_kwargs={"method": score},
                verbose=False,
            )

        found = multi_annotator_consensus(
            votes, probs, consensus_method=consensus_method, quality_method=quality_method, score=score
        )

        theirs = expected["label_quality"]["consensus_label"]
        if not np.array_equal(found.consensus_labels, theirs):
            assert _is_no_less_credible(found.consensus_labels, votes, probs, theirs), seed
            continue
        n_compared += 1
        _assert_same(found, expected, seed)
        if weighted:
            assert is_close(found.model_weights, expected["model_weight"]), seed
            assert is_close(found.annotators.weights, expected["annotator_weight"]), seed
    assert n_compared > 190


@pytest.mark.parametrize("quality_method", get_args(QualityMethod))
def test_scores_by_entropy_are_the_references(quality_method: QualityMethod) -> None:
    """But for next to no entropy, where the reference's score falls to 0 and ours stays 1, its limit."""
    score: QualityScore = "confidence_weighted_entropy"
    n_compared = 0
    for seed in range(N_CASES):
        votes, probs = make_case(seed)
        with as_documented():
            expected = reference("get_label_quality_multiannotator")(
                votes,
                probs,
                quality_method=quality_method,
                label_quality_score_kwargs={"method": score},
                verbose=False,
            )["detailed_label_quality"].to_numpy()

        found = multi_annotator_consensus(votes, probs, quality_method=quality_method, score=score).vote_quality_table()

        is_sure = found > 1 - 1e-6
        assert is_close(found[~is_sure], expected[~is_sure]), seed
        n_compared += int(np.count_nonzero(found < 1 - 1e-6))
    assert n_compared > 5_000


@pytest.mark.parametrize("score", ["self_confidence", "normalized_margin"])
def test_adjusted_scores_of_the_consensus_are_the_references(score: QualityScore) -> None:
    """Where every class is some example's consensus; votes the reference adjusts by each annotator's own labels."""
    n_compared = 0
    for seed in range(N_CASES):
        votes, probs = make_case(seed)
        with as_documented():
            labels = reference("get_label_quality_multiannotator")(
                votes,
                probs,
                label_quality_score_kwargs={"method": score, "adjust_pred_probs": True},
                return_detailed_quality=False,
                return_annotator_stats=False,
                verbose=False,
            )["label_quality"]

        found = multi_annotator_consensus(votes, probs, score=score, adjust_pred_probs=True)

        assert np.array_equal(found.consensus_labels, labels["consensus_label"]), seed
        if len(np.unique(found.consensus_labels)) == probs.shape[1]:
            n_compared += 1
            assert is_close(found.consensus_quality, labels["consensus_quality_score"]), seed
    assert n_compared > 190


def _is_no_less_credible(labels: NDArray[np.int64], votes: Table, probs: NDArray[np.float64], other: Any) -> bool:
    """
    Tell whether other labels than the reference's are at least as credible by the reference's own judgement.

    On a tie of the best classes it keeps a majority label that is not among them, and rounding breaks its ties.
    """
    is_ensemble = probs.ndim == 3
    with as_documented():
        majority = reference("get_majority_vote_label")(votes, probs.mean(axis=0) if is_ensemble else probs)
        n_votes = np.count_nonzero(~np.isnan(votes), axis=1)
        posterior = reference("_get_consensus_stats")(
            votes, probs, n_votes, majority, verbose=False, ensemble=is_ensemble
        )[2]
    rows = np.arange(len(labels))
    return bool((posterior[rows, labels] >= posterior[rows, other.to_numpy()] - 1e-12).all())


def test_ensembles_are_the_references() -> None:
    """Two and three models, each with its own weight."""
    n_compared = 0
    for seed in range(N_CASES):
        votes, probs = make_ensemble(seed, ties=seed % 2 == 1)
        with as_documented():
            expected = reference("get_label_quality_multiannotator_ensemble")(
                votes, probs.copy(), return_weights=True, verbose=False
            )

        found = multi_annotator_consensus(votes, probs)

        theirs = expected["label_quality"]["consensus_label"]
        if not np.array_equal(found.consensus_labels, theirs):
            assert _is_no_less_credible(found.consensus_labels, votes, probs, theirs), seed
            continue
        n_compared += 1
        _assert_same(found, expected, seed)
        assert is_close(found.model_weights, expected["model_weight"]), seed
        assert is_close(found.annotators.weights, expected["annotator_weight"]), seed
    assert n_compared > 190


def test_calibrated_answers_are_the_references_under_the_same_temperatures() -> None:
    """One model and several."""
    for seed in range(N_CASES):
        votes, probs = make_ensemble(seed)
        temperatures = vote_temperatures(votes, probs)
        with as_documented(temperatures):
            single = reference("get_label_quality_multiannotator")(votes, probs[0], calibrate_probs=True, verbose=False)
        with as_documented(temperatures):
            several = reference("get_label_quality_multiannotator_ensemble")(
                votes, probs.copy(), calibrate_probs=True, verbose=False
            )

        _assert_same(multi_annotator_consensus(votes, probs[0], calibrate=True), single, seed)
        _assert_same(multi_annotator_consensus(votes, list(probs), calibrate=True), several, seed)


def test_temperatures_fit_the_votes_at_least_as_well_as_the_references() -> None:
    """By the reference's own loss."""
    utils = sys.modules["cleanlab.internal.multiannotator_utils"]
    n_better = 0
    for seed in range(N_CASES):
        votes, probs = make_case(seed, ties=seed % 4 == 3)
        with as_documented():
            theirs = utils.find_best_temp_scaler(votes, probs)

        ours = float(vote_temperatures(votes, probs)[0])

        with as_documented():
            losses = [
                float(np.mean(utils.compute_soft_cross_entropy(votes, utils.temp_scale_pred_probs(probs, each))))
                for each in (ours, theirs)
            ]
        assert losses[0] <= losses[1] + 1e-12, seed
        n_better += losses[0] < losses[1] - 1e-9
    assert n_better > 150


def test_active_learning_scores_are_the_references_under_the_same_temperatures() -> None:
    """Labelled examples and a pool without labels; one model and several; also where nobody can be compared."""
    for seed in range(N_CASES):
        votes, probs = make_ensemble(seed)
        if seed % 6 == 0:
            votes = _one_vote_a_row(votes, seed)
        pool = np.random.default_rng(seed).dirichlet(np.ones(probs.shape[2]), (len(probs), 9))
        pool[:, 5:] = np.resize(np.eye(probs.shape[2]), pool[:, 5:].shape)  # sure models that contradict each other
        pool[:, 0] = np.eye(probs.shape[2])[0]  # the reference fails where they agree nowhere
        temperatures = vote_temperatures(votes, probs)
        with as_documented(temperatures):
            single = reference("get_active_learning_scores")(votes, probs[0], pool[0])
        with as_documented(temperatures):
            several = reference("get_active_learning_scores_ensemble")(votes, probs.copy(), pool.copy())

        for expected, chosen in ((single, slice(0, 1)), (several, slice(None))):
            found = active_learning_scores(votes, probs[chosen], pool_pred_probs=pool[chosen])

            assert is_close(found.scores, expected[0]), seed
            assert is_close(found.pool_scores, expected[1]), seed


def test_active_learning_scores_of_label_sets_are_the_references_for_each_class() -> None:
    """One call of the reference per class, present against absent, under the same temperatures; ensembles too."""
    for seed in range(60):
        votes, by_class = make_ensemble(3 * seed + 1)
        flips = np.random.default_rng(seed).random(votes.shape) < 0.2
        given = [np.where(np.isnan(votes), np.nan, (votes == k) ^ flips) for k in range(2)]
        probs = by_class[:, :, :2]
        pool = np.random.default_rng(seed).uniform(0.05, 0.95, (len(probs), 9, 2))
        sets = set_votes_from_triples(
            *np.nonzero(np.stack([each == 1 for each in given], axis=2)), answered=~np.isnan(votes), class_names=[0, 1]
        )

        found = multi_label_active_learning_scores(sets, probs, pool_pred_probs=pool)

        for k in range(2):
            two, two_of_pool = (np.stack([1 - table[:, :, k], table[:, :, k]], axis=2) for table in (probs, pool))
            with as_documented(found.temperatures[:, k]):
                expected = reference("get_active_learning_scores_ensemble")(given[k], two.copy(), two_of_pool.copy())
            assert is_close(found.class_scores[:, k], expected[0]), seed
            assert is_close(found.pool_class_scores[:, k], expected[1]), seed


def _one_vote_a_row(votes: Table, seed: int) -> Table:
    """Keep one vote of each row, and at least one of each annotator."""
    generator = np.random.default_rng(seed)
    alone = np.full(votes.shape, np.nan)
    kept = np.where(np.isnan(votes), -1.0, generator.random(votes.shape)).argmax(axis=1)
    kept[: votes.shape[1]] = np.arange(votes.shape[1])
    rows = np.arange(len(votes))
    alone[rows, kept] = votes[rows, kept]
    return alone


def test_a_pool_alone_is_scored_as_by_the_reference() -> None:
    """Nobody has voted yet: the model and one blind guess weigh the same."""
    for seed in range(200):
        _, pool = make_ensemble(seed)
        with as_documented():
            single = reference("get_active_learning_scores")(pred_probs_unlabeled=pool[0])[1]
            several = reference("get_active_learning_scores_ensemble")(pred_probs_unlabeled=pool.copy())[1]

        nobody = np.full((pool.shape[1], 1), -1)

        assert is_close(active_learning_scores(nobody, pool[0]).scores, single), seed
        assert is_close(active_learning_scores(nobody, pool).scores, several), seed


def _assert_same(found: AnnotatorConsensus, expected: dict[str, Any], seed: int) -> None:
    labels, stats = expected["label_quality"], expected["annotator_stats"].sort_index()
    assert np.array_equal(found.consensus_labels, labels["consensus_label"]), seed
    assert is_close(found.consensus_quality, labels["consensus_quality_score"]), seed
    assert is_close(found.annotator_agreement, labels["annotator_agreement"]), seed
    assert np.array_equal(found.vote_counts, labels["num_annotations"]), seed
    detailed = expected["detailed_label_quality"]
    assert is_close(found.vote_quality_table(), detailed), seed
    known = ~np.isnan(stats["annotator_quality"])  # see the test of annotators who share no example
    assert is_close(found.annotators.quality[known], stats["annotator_quality"][known]), seed
    assert np.allclose(found.annotators.agreement_with_consensus, stats["agreement_with_consensus"]), seed
    assert np.array_equal(found.annotators.worst_class, stats["worst_class"]), seed
    assert np.array_equal(found.annotators.n_votes, stats["num_examples_labeled"]), seed
