"""
Slow, plain-loop versions of the formulas for label sets, written from the papers.

Each class is a question of its own: the functions below take one class's column, ``given`` (was the class given to the
row?) and ``probs`` (how likely is it that it applies?), unless they say otherwise. State 0 = absent, 1 = present.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

Column = Sequence[float]
Given = Sequence[bool]
Counts = list[list[int]]
Matrix = list[list[float]]

SLACK = 1e-6
FLOOR = 2e-6
UNREACHED = 2.0


def states(prob: float) -> tuple[float, float]:
    """Name the probabilities of absent and present."""
    return 1 - prob, prob


def thresholds(given: Given, probs: Column) -> list[float]:
    """Mean self-confidence of each state (Northcutt et al. 2021, equation 2), added up exactly."""
    result = []
    for state in (0, 1):
        own = [
            Fraction(prob) if state else 1 - Fraction(prob)
            for label, prob in zip(given, probs, strict=True)
            if label == state
        ]
        result.append(max(float(sum(own) / len(own)), FLOOR) if own else UNREACHED)
    return result


def confident_state(prob: float, limits: Sequence[float]) -> int | None:
    """Name the state a row is confidently of; the likelier one, absent if even, where it reaches both limits."""
    reached = [state for state in (0, 1) if states(prob)[state] >= limits[state] - SLACK]
    if len(reached) == 2:
        return likelier(prob)
    return reached[0] if reached else None


def likelier(prob: float) -> int:
    """Name the likelier state; absent if even."""
    absent, present = states(prob)
    return 1 if present > absent else 0


def raw_joint(given: Given, probs: Column) -> Counts:
    """Given (row) against confidently estimated (column) state (equation 1), with a diagonal of at least 1."""
    limits = thresholds(given, probs)
    counts = [[0, 0], [0, 0]]
    for label, prob in zip(given, probs, strict=True):
        guess = confident_state(prob, limits)
        if guess is not None:
            counts[int(label)][guess] += 1
    return [[max(counts[0][0], 1), counts[0][1]], [counts[1][0], max(counts[1][1], 1)]]


def calibrated(raw: Counts, given: Given) -> list[list[Fraction]]:
    """Scale each row to the number of examples of that given state (equation 3), without rounding."""
    sizes = [sum(1 for label in given if label == state) for state in (0, 1)]
    return [[Fraction(cell * sizes[state], sum(raw[state])) for cell in raw[state]] for state in (0, 1)]


def column_shares(counts: Counts) -> Matrix:
    """P(row | column); the column of the identity where nothing was counted."""
    result = [[0.0, 0.0], [0.0, 0.0]]
    for column in (0, 1):
        total = counts[0][column] + counts[1][column]
        for row in (0, 1):
            result[row][column] = counts[row][column] / total if total else float(row == column)
    return result


def row_shares(counts: Counts) -> Matrix:
    """P(column | row); the row of the identity where nothing was counted."""
    return [
        [cell / sum(row) if sum(row) else float(at == column) for column, cell in enumerate(row)]
        for at, row in enumerate(counts)
    ]


def disagrees(label: bool, prob: float) -> bool:
    """Whether the other state is the likelier one even after a hair's breadth is added to the given one."""
    favoured = list(states(prob))
    favoured[int(label)] += SLACK
    return (1 if favoured[1] > favoured[0] else 0) != int(label)


def numbers_to_flag(counts: Counts, least: int, share: float) -> list[tuple[int, int]]:
    """For each given state: how many rows to flag by margin, and how many by self-confidence."""
    result = []
    for state in (0, 1):
        right, wrong = counts[state][state], counts[state][1 - state]
        kept = max(right, least)
        lowered = max(wrong - (kept - right), 0)
        removed = lowered * share
        result.append((int(removed), right + wrong - int(kept + lowered - removed)))
    return result


def flags(
    given: Given, probs: Column, counts: Counts, method: str, *, least: int = 1, share: float = 1.0
) -> list[bool]:
    """Flag the rows of one class; ``counts`` is the calibrated joint."""
    limits = thresholds(given, probs)
    rows = range(len(given))
    against = [disagrees(given[i], probs[i]) for i in rows]
    confident = [confident_state(probs[i], limits) not in {None, int(given[i])} and against[i] for i in rows]
    if method in {"low_self_confidence", "low_normalized_margin"}:
        name = method.removeprefix("low_")
        ranked = sorted(rows, key=lambda i: (cell_score(given[i], probs[i], name), i))
        return _only(ranked[: sum(confident)], len(given))
    if method == "confident_learning":
        return confident
    if method == "predicted_neq_given":
        return [likelier(probs[i]) != int(given[i]) and against[i] for i in rows]
    by_margin, by_class = [False] * len(given), [False] * len(given)
    for state in (0, 1):
        own = [i for i in rows if given[i] == state]
        if len(own) <= max(least, 1):
            continue
        n_by_margin, n_by_class = numbers_to_flag(counts, least, share)[state]
        for i in sorted(own, key=lambda i: (_margin(given[i], probs[i]), i))[:n_by_margin]:
            by_margin[i] = True
        for i in sorted(own, key=lambda i: (states(probs[i])[int(given[i])], i))[: max(n_by_class, 0)]:
            by_class[i] = True
    chosen = {
        "prune_by_noise_rate": by_margin,
        "prune_by_class": by_class,
        "both": [one and other for one, other in zip(by_margin, by_class, strict=True)],
    }[method]
    return [one and other for one, other in zip(chosen, against, strict=True)]


def _margin(label: bool, prob: float) -> float:
    return states(prob)[int(label)] - states(prob)[1 - int(label)]


def _only(chosen: Sequence[int], n_rows: int) -> list[bool]:
    return [i in set(chosen) for i in range(n_rows)]


def cell_score(label: bool, prob: float, method: str) -> float:
    """Score one cell (Kuan & Mueller 2022), low = suspect."""
    own, other = states(prob)[int(label)], states(prob)[1 - int(label)]
    if method == "self_confidence":
        return own
    if method == "normalized_margin":
        return (own - other + 1) / 2
    entropy = -sum(part * math.log(part) for part in (own, other) if part > 0) / math.log(2)
    ratio = entropy / max(own, 1e-6)
    return math.log(ratio + 1) / max(ratio, 1e-6)


def adjusted_self_confidence(label: bool, prob: float, limits: Sequence[float]) -> float:
    """Take the thresholds off both states, lift both by the larger threshold, and divide by their sum."""
    shifted = [states(prob)[state] - limits[state] + max(limits) for state in (0, 1)]
    return shifted[int(label)] / sum(shifted)


def moving_average(scores: Sequence[float], alpha: float) -> float:
    """Average from the best to the worst (Thyagarajan et al. 2022), step by step."""
    ranked = sorted(scores, reverse=True)
    average = ranked[0]
    for score in ranked[1:]:
        average = alpha * score + (1 - alpha) * average
    return average


def softmin(scores: Sequence[float], temperature: float) -> float:
    """Average with weights that fall off exponentially from the worst (Thyagarajan et al. 2022)."""
    weights = [math.exp((min(scores) - score) / temperature) for score in scores]
    return sum(weight * score for weight, score in zip(weights, scores, strict=True)) / sum(weights)


def confusion(
    given: Sequence[Given], flagged: Sequence[Given], opposed: Sequence[Given]
) -> tuple[list[list[Fraction]], list[Fraction], list[Fraction]]:
    """Share out each row's wrong labels over its missing ones; the arguments are whole tables."""
    n_classes = len(given[0])
    swaps = [[Fraction(0)] * n_classes for _ in range(n_classes)]
    spurious, missing = [Fraction(0)] * n_classes, [Fraction(0)] * n_classes
    for labels, suspected, against in zip(given, flagged, opposed, strict=True):
        wrong = [k for k in range(n_classes) if suspected[k] and labels[k]]
        lacking = [k for k in range(n_classes) if suspected[k] and not labels[k]]
        flagged_wrong, flagged_lacking = list(wrong), list(lacking)
        if lacking and not wrong:
            wrong = [k for k in range(n_classes) if against[k] and labels[k]]
        elif wrong and not lacking:
            lacking = [k for k in range(n_classes) if against[k] and not labels[k]]
        n_swaps = min(len(wrong), len(lacking))
        for a in wrong:
            for b in lacking:
                swaps[a][b] += Fraction(n_swaps, len(wrong) * len(lacking))
        for a in flagged_wrong:
            spurious[a] += 1 - Fraction(n_swaps, len(wrong))
        for b in flagged_lacking:
            missing[b] += 1 - Fraction(n_swaps, len(lacking))
    return swaps, spurious, missing
