"""Every score, adjusted or not, and every ensemble is that of the plain loops."""

from __future__ import annotations

from typing import get_args

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.core.ensemble import WeightingMethod, average_pred_probs, ensemble_label_quality_scores, model_weights
from labelclean.core.scores import ScoringMethod, adjusted_pred_probs, label_quality_scores
from labelclean.core.thresholds import confident_thresholds
from tests import reference, reference_scores
from tests.core_cases import Probs, any_cases

AnyCase = tuple[NDArray[np.int64], Probs]
METHODS: st.SearchStrategy[ScoringMethod] = st.sampled_from(get_args(ScoringMethod))

WEIGHTS: st.SearchStrategy[WeightingMethod] = st.sampled_from(get_args(WeightingMethod))


def plain_scores(labels: list[int], probs: reference.Matrix, method: ScoringMethod) -> list[float]:
    """Score by the plain loops."""
    rule = {
        "self_confidence": reference.self_confidence,
        "normalized_margin": reference.normalized_margin,
        "confidence_weighted_entropy": reference_scores.confidence_weighted_entropy,
    }[method]
    return rule(labels, probs)


@st.composite
def ensembles(draw: st.DrawFn) -> tuple[NDArray[np.int64], list[Probs]]:
    """Labels and one to three models, the others rougher versions of the first, in different precisions."""
    labels, probs = draw(any_cases())
    models = [probs]
    for _ in range(draw(st.integers(0, 2))):
        noise = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).random(probs.shape)
        share = draw(st.sampled_from([0.0, 0.3, 1.0]))
        models.append(((1 - share) * probs.astype(np.float64) + share * noise / 2).astype(draw(st.sampled_from("fd"))))
    return labels, models


@given(any_cases(), METHODS)
@settings(deadline=None, max_examples=300)
def test_scores_are_those_of_the_plain_loops(case: AnyCase, method: ScoringMethod) -> None:
    """Rows of zeros, sure rows and a single class included."""
    labels, probs = case

    found = label_quality_scores(labels, probs, method=method)

    assert np.allclose(found, plain_scores(labels.tolist(), probs.tolist(), method), rtol=1e-12, atol=1e-12)
    assert ((found >= 0) & (found <= 1)).all()


@given(any_cases(), st.sampled_from(["self_confidence", "normalized_margin"]))
@settings(deadline=None, max_examples=300)
def test_adjusted_scores_are_those_of_the_plain_loops(case: AnyCase, method: ScoringMethod) -> None:
    """A class that was never given does not flatten the others."""
    labels, probs = case
    limits = reference.thresholds(labels.tolist(), probs.tolist(), probs.shape[1])
    plain = reference_scores.adjusted(probs.tolist(), limits)

    found = label_quality_scores(labels, probs, method=method, adjust_pred_probs=True)
    shifted = adjusted_pred_probs(probs, confident_thresholds(labels, probs))

    assert np.allclose(shifted, np.reshape(plain, probs.shape), rtol=0, atol=1e-9)
    assert np.allclose(found, plain_scores(labels.tolist(), plain, method), rtol=0, atol=1e-9)


@given(ensembles())
@settings(deadline=None, max_examples=200)
def test_model_weights_are_those_of_the_plain_loops(case: tuple[NDArray[np.int64], list[Probs]]) -> None:
    """By accuracy, by log-loss, equal, and the user's own."""
    labels, models = case
    plain = [model.tolist() for model in models]
    own = [float(number + 1) for number in range(len(models))]

    assert np.allclose(model_weights(labels, models), reference_scores.accuracy_weights(labels.tolist(), plain))
    assert np.allclose(model_weights(labels, models, weights="uniform"), 1 / len(models))
    assert np.allclose(model_weights(labels, models, weights=own), reference_scores.proportional(own))
    searched = model_weights(labels, models, weights="log_loss_search")
    if not len(labels):
        assert np.allclose(searched, 1 / len(models))
        return
    trials = reference_scores.searched_weights(labels.tolist(), plain)
    best = min(loss for loss, _ in trials)
    assert any(loss <= best + 1e-9 and np.allclose(searched, weights, atol=1e-9) for loss, weights in trials)


@given(ensembles(), METHODS, WEIGHTS)
@settings(deadline=None, max_examples=200)
def test_ensembles_average_scores_and_probabilities(
    case: tuple[NDArray[np.int64], list[Probs]], method: ScoringMethod, weights: WeightingMethod
) -> None:
    """With the weights that are reported."""
    labels, models = case
    shares = model_weights(labels, models, weights=weights).tolist()
    plain = [model.tolist() for model in models]

    scores = ensemble_label_quality_scores(labels, models, method=method, weights=weights)
    probs = average_pred_probs(labels, models, weights=weights)

    expected = np.zeros(len(labels))
    for share, model in zip(shares, plain, strict=True):
        expected += share * np.array(plain_scores(labels.tolist(), model, method))
    assert np.allclose(scores, expected, rtol=0, atol=1e-12)
    assert np.allclose(probs, np.reshape(reference_scores.average(plain, shares), models[0].shape), rtol=0, atol=1e-12)
