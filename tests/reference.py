"""
Slow, plain-loop versions of the formulas, written from the papers; what the fast code is compared with.

Here: thresholds, the confident joint, what is pruned, and scores. ``reference_noise.py`` goes on from the joint,
``reference_scores.py`` from the scores; the other tasks have files of their own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

Matrix = list[list[float]]
Counts = list[list[int]]

SLACK = 1e-6
FLOOR = 2e-6
UNREACHED = 2.0


def thresholds(labels: Sequence[int], probs: Matrix, n_classes: int) -> list[float]:
    """Mean self-confidence of each class (Northcutt et al. 2021, equation 2)."""
    result = []
    for k in range(n_classes):
        own = [row[k] for label, row in zip(labels, probs, strict=True) if label == k]
        result.append(max(sum(own) / len(own), FLOOR) if own else UNREACHED)
    return result


def confident_guess(row: Sequence[float], limits: Sequence[float], *, counting: str = "reference") -> int | None:
    """
    Name the class one row is confidently of.

    Of several limits reached the paper takes the most likely class among them, its reference the most likely of all.
    """
    reached = [k for k, limit in enumerate(limits) if row[k] >= limit - SLACK]
    if not reached:
        return None
    if counting == "paper":
        return max(reached, key=lambda k: (row[k], -k))
    return reached[0] if len(reached) == 1 else best_class(row)


def best_class(row: Sequence[float]) -> int:
    """Name the most likely class; the first of equals."""
    return max(range(len(row)), key=lambda k: (row[k], -k))


def confident_counts(
    labels: Sequence[int],
    probs: Matrix,
    n_classes: int,
    *,
    limits: Sequence[float] | None = None,
    counting: str = "reference",
) -> Counts:
    """Given against confidently estimated classes (equation 1), with a diagonal of at least 1."""
    limits = thresholds(labels, probs, n_classes) if limits is None else limits
    counts = [[0] * n_classes for _ in range(n_classes)]
    for label, row in zip(labels, probs, strict=True):
        guess = confident_guess(row, limits, counting=counting)
        if guess is not None:
            counts[label][guess] += 1
    for k in range(n_classes):
        counts[k][k] = max(counts[k][k], 1)
    return counts


def class_counts(labels: Sequence[int], n_classes: int) -> list[int]:
    """Rows given each label."""
    return [sum(1 for label in labels if label == k) for k in range(n_classes)]


def exact_calibration(counts: Counts, given: Sequence[int]) -> list[list[Fraction]]:
    """Each row in its own proportions, summing to its class; then all cells so that they sum to all rows (eq. 3)."""
    scaled = []
    for row, size in zip(counts, given, strict=True):
        total = sum(row)
        scaled.append([Fraction(cell * size, total) if total else Fraction(0) for cell in row])
    all_cells = sum(sum(row) for row in scaled)
    stretch = sum(given) / all_cells if all_cells else Fraction(1)
    return [[cell * stretch for cell in row] for row in scaled]


def round_row(row: Sequence[Fraction]) -> list[int]:
    """
    Round to whole numbers that keep the rounded sum (largest remainder).

    Halves go to the even number. Where too little results, the cells that lost most gain 1, the last of equals first;
    where too much, the cells that gained most lose 1, the first of equals first.
    """
    rounded = [round(cell) for cell in row]
    missing = round(sum(row)) - sum(rounded)
    lost = [cell - whole for cell, whole in zip(row, rounded, strict=True)]
    columns = range(len(row))
    if missing > 0:
        for k in sorted(columns, key=lambda k: (-lost[k], -k))[:missing]:
            rounded[k] += 1
    for k in sorted(columns, key=lambda k: (lost[k], k))[: max(-missing, 0)]:
        rounded[k] -= 1
    return rounded


def calibrate(counts: Counts, given: Sequence[int]) -> Counts:
    """Calibrated confident joint, in exact arithmetic."""
    return [round_row(row) for row in exact_calibration(counts, given)]


def is_largest_remainder(found: Sequence[int], exact: Sequence[Fraction], *, slack: float = 1e-9) -> bool:
    """Tell whether whole numbers are a largest-remainder rounding, whichever way ties were broken."""
    if sum(found) != round(sum(exact)) or any(abs(f - e) >= 1 + slack for f, e in zip(found, exact, strict=True)):
        return False
    raised = [e - math.floor(e) for f, e in zip(found, exact, strict=True) if f > e + slack]
    lowered = [e - math.floor(e) for f, e in zip(found, exact, strict=True) if f < e - slack]
    return not raised or not lowered or min(raised) >= max(lowered) - slack


def agrees(label: int, row: Sequence[float]) -> bool:
    """Whether the given label is the most likely class after a hair's breadth is added to it."""
    favoured = list(row)
    favoured[label] += SLACK
    return best_class(favoured) == label


def prune_counts(calibrated: Counts, least: int, share: float) -> Counts:
    """Rows to flag per given (row) and true (column) class, and rows to keep on the diagonal."""
    result = []
    for k, counts in enumerate(calibrated):
        kept = max(counts[k], least)
        nonzero = sum(1 for count in counts if count)
        loss = (kept - counts[k]) / max(nonzero - 1, 1)
        lowered = [max(count - loss, 0.0) for count in counts]
        removed = [0.0 if j == k else lowered[j] * share for j in range(len(counts))]
        back = sum(lowered[j] - removed[j] for j in range(len(counts)) if j != k)
        result.append([int(kept + back) if j == k else int(removed[j]) for j in range(len(counts))])
    return result


def counts_for_removals(calibrated: Counts, removals: Sequence[int]) -> Counts:
    """Rows to flag where their number in each given class is told: in the proportions of its estimated errors."""
    result = []
    for k, (row, wanted) in enumerate(zip(calibrated, removals, strict=True)):
        others = [j for j in range(len(row)) if j != k]
        errors = sum(row[j] for j in others)
        shares = [Fraction(0)] * len(row)
        for j in others:
            shares[j] = Fraction(row[j] * wanted, errors) if errors else Fraction(wanted, len(others))
        counts = round_row(shares)
        counts[k] = sum(row) - sum(counts)
        result.append(counts)
    return result


def prune_by_class(labels: Sequence[int], probs: Matrix, counts: Counts, least: int) -> list[bool]:
    """Flag the rows of lowest self-confidence of each class, before agreement is looked at."""
    flagged = [False] * len(labels)
    for k in range(len(counts)):
        rows = [i for i, label in enumerate(labels) if label == k]
        if len(rows) <= max(least, 1):
            continue
        for i in sorted(rows, key=lambda i: (probs[i][k], i))[: max(len(rows) - counts[k][k], 0)]:
            flagged[i] = True
    return flagged


def prune_by_noise_rate(labels: Sequence[int], probs: Matrix, counts: Counts, least: int) -> list[bool]:
    """Flag the rows of largest margin for each pair of classes, before agreement is looked at."""
    flagged = [False] * len(labels)
    for k in range(len(counts)):
        rows = [i for i, label in enumerate(labels) if label == k]
        if len(rows) <= max(least, 1):
            continue
        for j in range(len(counts)):
            if j == k:
                continue
            ranked = sorted(rows, key=lambda i: (-(probs[i][j] - probs[i][k]), i))
            for i in ranked[: counts[k][j]]:
                flagged[i] = True
    return flagged


def self_confidence(labels: Sequence[int], probs: Matrix) -> list[float]:
    """Probability of the given label."""
    return [row[label] for label, row in zip(labels, probs, strict=True)]


def normalized_margin(labels: Sequence[int], probs: Matrix) -> list[float]:
    """How far the given label is ahead of the best other class, halved and moved to 0 to 1."""
    result = []
    for label, row in zip(labels, probs, strict=True):
        others = [row[j] for j in range(len(row)) if j != label]
        result.append((row[label] - (max(others) if others else 0.0) + 1.0) / 2.0)
    return result


def lowest(scores: Sequence[float], count: int) -> list[bool]:
    """Flag the lowest scores, the earlier rows among equals."""
    taken = set(sorted(range(len(scores)), key=lambda i: (scores[i], i))[:count])
    return [i in taken for i in range(len(scores))]


def error_log_odds(label: int, row: Sequence[float], noise: Matrix) -> tuple[float, float]:
    """P(right, given label) and P(wrong, given label) by Bayes' rule; ``noise`` is P(given | true)."""
    right = row[label] * noise[label][label]
    wrong = sum(row[j] * noise[label][j] for j in range(len(row)) if j != label)
    return right, wrong
