"""The field's reference scores the same on the same numbers."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.core.ensemble import WeightingMethod, average_pred_probs, ensemble_label_quality_scores
from labelclean.core.scores import ScoringMethod, label_quality_scores
from tests.core_oracle import N_CASES, as_documented, make_case, reference


@pytest.mark.parametrize("method", get_args(ScoringMethod))
def test_scores_are_the_references(method: ScoringMethod) -> None:
    """Row by row, with missing classes; no row is sure of one class."""
    rank = reference("rank")
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        probs = np.clip(probs, 1e-3, 0.99)
        with as_documented():
            expected = rank.get_label_quality_scores(labels, probs, method=method)

        assert np.allclose(label_quality_scores(labels, probs, method=method), expected, rtol=0, atol=1e-12), seed


@pytest.mark.parametrize("method", ["self_confidence", "normalized_margin"])
def test_adjusted_scores_are_the_references(method: ScoringMethod) -> None:
    """Where no class is missing."""
    rank = reference("rank")
    for seed in range(N_CASES):
        labels, probs = make_case(seed, missing=False)
        with as_documented():
            expected = rank.get_label_quality_scores(labels, probs, method=method, adjust_pred_probs=True)

        found = label_quality_scores(labels, probs, method=method, adjust_pred_probs=True)

        assert np.allclose(found, expected, rtol=0, atol=1e-12), seed


def models_of(seed: int) -> tuple[NDArray[np.int64], list[NDArray[np.float64]]]:
    """Draw labels and one to three models of different quality, none of them sure of anything."""
    labels, probs = make_case(seed, missing=False)
    generator = np.random.default_rng(seed)
    models = []
    for number in range(1 + seed % 3):
        noise = generator.dirichlet(np.ones(probs.shape[1]), len(labels))
        mixed = np.clip(0.7**number * probs + (1 - 0.7**number) * noise, 1e-2, 1.0)
        models.append(mixed / mixed.sum(axis=1, keepdims=True))
    return labels, models


def quick_log_loss(labels: NDArray[np.int64], probs: NDArray[np.float64]) -> float:
    """Do what scikit-learn's function does with rows that sum to 1, without its checks, which take most of the time."""
    return float(-np.log(probs[np.arange(len(labels)), labels]).mean())


@pytest.mark.parametrize("weights", [*get_args(WeightingMethod), "custom"])
def test_ensemble_scores_are_the_references(
    weights: WeightingMethod | Literal["custom"], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all four kinds of weights, by turns with every score; the user's own weights sum to 1."""
    rank = reference("rank")
    for seed in range(N_CASES):
        if seed == 20:
            monkeypatch.setattr(rank, "log_loss", quick_log_loss)
        labels, models = models_of(seed)
        method: ScoringMethod = get_args(ScoringMethod)[seed // 3 % 3]
        own = np.random.default_rng(seed).dirichlet(np.ones(len(models)))
        with as_documented():
            expected = rank.get_label_quality_ensemble_scores(
                labels,
                models,
                method=method,
                weight_ensemble_members_by=weights,
                custom_weights=own if weights == "custom" else None,
                verbose=False,
            )

        found = ensemble_label_quality_scores(
            labels, models, method=method, weights=own.tolist() if weights == "custom" else weights
        )

        assert np.allclose(found, expected, rtol=0, atol=1e-12), seed


def test_an_average_of_probabilities_scores_as_the_ensemble_does() -> None:
    """Self-confidence is linear, so that averaging before and after scoring are the same to the reference as well."""
    rank = reference("rank")
    for seed in range(N_CASES):
        labels, models = models_of(seed)
        with as_documented():
            expected = rank.get_label_quality_ensemble_scores(labels, models, verbose=False)

        found = label_quality_scores(labels, average_pred_probs(labels, models))

        assert np.allclose(found, expected, rtol=0, atol=1e-12), seed
