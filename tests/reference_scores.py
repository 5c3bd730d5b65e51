"""Plain-loop versions of the scores that need more than one cell of a row, and of ensembles."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tests.reference import Matrix, best_class

SMALLEST = 1e-6
TEMPERATURES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0, 200.0)


def confidence_weighted_entropy(labels: Sequence[int], probs: Matrix) -> list[float]:
    """
    Score a row by ``log(1 + q) / q`` with q the normalised entropy over the self-confidence (Kuan & Mueller 2022).

    1 is the limit for q = 0.
    """
    result = []
    for label, row in zip(labels, probs, strict=True):
        entropy = -sum(p * math.log(p) for p in row if p > 0)
        if len(row) > 1:
            entropy /= math.log(len(row))
        ratio = max(entropy, 0.0) / max(row[label], SMALLEST) if len(row) > 1 else 0.0
        result.append(math.log1p(ratio) / ratio if ratio > 0 else 1.0)
    return result


def adjusted(probs: Matrix, limits: Sequence[float]) -> Matrix:
    """Take each class's threshold off and add the largest one; a class never given counts as having the largest."""
    largest = max((limit for limit in limits if limit <= 1), default=0.0)
    result = []
    for row in probs:
        shifted = [p - min(limit, largest) + largest for p, limit in zip(row, limits, strict=True)]
        total = sum(shifted)
        result.append([value / total if total > 0 else 1 / len(row) for value in shifted])
    return result


def accuracy_weights(labels: Sequence[int], models: Sequence[Matrix]) -> list[float]:
    """In proportion to how often the most likely class is the given one."""
    return proportional(
        [float(sum(best_class(row) == label for label, row in zip(labels, probs, strict=True))) for probs in models]
    )


def proportional(values: Sequence[float]) -> list[float]:
    """Make values sum to 1; all equal if they are all 0."""
    total = sum(values)
    return [value / total if total > 0 else 1 / len(values) for value in values]


def log_loss(labels: Sequence[int], probs: Matrix) -> float:
    """Mean surprise at the given labels, after no probability is below 1e-6 and rows sum to 1 again."""
    losses = []
    for label, row in zip(labels, probs, strict=True):
        clipped = [max(p, SMALLEST) for p in row]
        losses.append(-math.log(clipped[label] / sum(clipped)))
    return sum(losses) / len(losses)


def average(models: Sequence[Matrix], weights: Sequence[float]) -> Matrix:
    """Average cell by cell."""
    n_rows, n_classes = len(models[0]), len(models[0][0]) if models[0] else 0
    return [
        [sum(weight * probs[i][k] for weight, probs in zip(weights, models, strict=True)) for k in range(n_classes)]
        for i in range(n_rows)
    ]


def searched_weights(labels: Sequence[int], models: Sequence[Matrix]) -> list[tuple[float, list[float]]]:
    """For each temperature, the log-loss of the average weighted by exp(-t * loss), and the weights."""
    losses = [log_loss(labels, probs) for probs in models]
    trials = []
    for temperature in TEMPERATURES:
        # Every exponent less that of the best model: the same proportions, and none of them vanishes.
        weights = proportional([math.exp(-temperature * (loss - min(losses))) for loss in losses])
        trials.append((log_loss(labels, average(models, weights)), weights))
    return trials
