"""Slow, plain-loop versions of the formulas of learning with noisy labels, written from the papers."""

from __future__ import annotations

import math
from collections.abc import Sequence

Row = Sequence[float]
Matrix = Sequence[Row]


def softmax(scores: Row) -> list[float]:
    """Probabilities of classes."""
    exponentials = [math.exp(score) for score in scores]
    return [each / sum(exponentials) for each in exponentials]


def logistic(score: float) -> float:
    """Probability of one label."""
    return 1.0 / (1.0 + math.exp(-score))


def forward_loss(scores: Matrix, given: Sequence[int], noise: Matrix, weights: Row) -> float:
    """Weighted mean of minus log P(given), where P(given) = sum over true of P(given | true) P(true) (Patrini 2017)."""
    total = 0.0
    for row, label, weight in zip(scores, given, weights, strict=True):
        probs = softmax(row)
        total -= weight * math.log(sum(noise[label][true] * probs[true] for true in range(len(probs))))
    return total / sum(weights)


def forward_label_loss(scores: Matrix, given: Sequence[Sequence[int]], noise: Sequence[Matrix], weights: Row) -> float:
    """Return the same for sets of labels, each label on its own."""
    total = 0.0
    for row, labels, weight in zip(scores, given, weights, strict=True):
        for label, score in enumerate(row):
            present, of_given = logistic(score), noise[label][labels[label]]
            total -= weight * math.log(of_given[1] * present + of_given[0] * (1.0 - present))
    return total / sum(weights)


def true_posteriors(scores: Matrix, given: Sequence[int], noise: Matrix) -> list[list[float]]:
    """P(true | given, x), proportional to P(true | x) P(given | true) (Bekker & Goldberger 2016, the E-step)."""
    result = []
    for row, label in zip(scores, given, strict=True):
        joint = [prob * noise[label][true] for true, prob in enumerate(softmax(row))]
        result.append([each / sum(joint) for each in joint])
    return result


def true_label_posteriors(scores: Matrix, given: Sequence[Sequence[int]], noise: Sequence[Matrix]) -> list[list[float]]:
    """P(label applies | given, x) for sets of labels."""
    result = []
    for row, labels in zip(scores, given, strict=True):
        probs = []
        for label, score in enumerate(row):
            of_given = noise[label][labels[label]]
            present, absent = of_given[1] * logistic(score), of_given[0] * (1.0 - logistic(score))
            probs.append(present / (present + absent))
        result.append(probs)
    return result


def expected_counts(posteriors: Matrix, given: Sequence[int], weights: Row) -> list[list[float]]:
    """Weighted counts of given label (row) and true class (column), the numerator of the noise matrix's M-step."""
    n_classes = len(posteriors[0])
    counts = [[0.0] * n_classes for _ in range(n_classes)]
    for probs, label, weight in zip(posteriors, given, weights, strict=True):
        for true, prob in enumerate(probs):
            counts[label][true] += weight * prob
    return counts


def cross_entropy(scores: Matrix, posteriors: Matrix, weights: Row) -> float:
    """Weighted mean of minus the expected log P(true), the classifier's M-step."""
    total = 0.0
    for row, probs, weight in zip(scores, posteriors, weights, strict=True):
        total -= weight * sum(prob * math.log(each) for prob, each in zip(probs, softmax(row), strict=True))
    return total / sum(weights)


def class_weight(noise: Matrix, label: int, max_weight: float) -> float:
    """One over P(given k | true k), bounded (Northcutt et al. 2021, section 3)."""
    return min(1.0 / noise[label][label], max_weight) if noise[label][label] > 0 else max_weight
