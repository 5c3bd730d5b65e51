"""Plain-loop versions of what follows from the confident joint: noise, class priors, error counts, health."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tests.reference import Counts, Matrix, agrees, class_counts, confident_guess, thresholds

SMALLEST_PRIOR = 1e-6
SMALLEST_CONVERGED_PRIOR = 1e-5
N_NOISE_ROUNDS = 3
N_INVERSE_ROUNDS = 5

Exact = list[list[Fraction]]


def joint(counts: Counts) -> Matrix:
    """P(given, true): each cell's share of all counts."""
    total = sum(sum(row) for row in counts)
    return [[cell / total if total else 0.0 for cell in row] for row in counts]


def noise_matrix(counts: Counts) -> Exact:
    """P(given | true), indexed [given][true]; a class nothing is counted for keeps its label."""
    classes = range(len(counts))
    totals = [sum(counts[g][t] for g in classes) for t in classes]
    return [[Fraction(counts[g][t], totals[t]) if totals[t] else Fraction(g == t) for t in classes] for g in classes]


def inverse_noise_matrix(counts: Counts) -> Exact:
    """P(true | given), indexed [given][true]; a class that was never given is what it says."""
    classes = range(len(counts))
    totals = [sum(counts[g]) for g in classes]
    return [[Fraction(counts[g][t], totals[g]) if totals[g] else Fraction(g == t) for t in classes] for g in classes]


def class_priors(counts: Counts, given: Sequence[int], method: str) -> list[float] | None:
    """P(true class) by one of the four methods; None where "eqn" has no single solution."""
    classes = range(len(counts))
    n_rows = sum(given)
    shares = [Fraction(given[k], n_rows) if n_rows else Fraction(0) for k in classes]
    column_sums = [sum(counts[g][t] for g in classes) for t in classes]
    row_sums = [sum(row) for row in counts]
    priors: list[Fraction] | None = []
    if method == "cnt":  # p(given) P(true | given) / P(given | true) of one class, its diagonal cell cancelled
        priors = [
            column_sums[k] * (Fraction(given[k], row_sums[k]) if row_sums[k] else Fraction(1)) / (n_rows or 1)
            for k in classes
        ]
    elif method == "marginal":
        priors = [Fraction(column_sums[k], sum(column_sums) or 1) for k in classes]
    elif method == "marginal_ps":
        inverse = inverse_noise_matrix(counts)
        priors = [sum((inverse[g][t] * shares[g] for g in classes), Fraction(0)) for t in classes]
    else:
        priors = solve(noise_matrix(counts), shares)
    return None if priors is None else as_distribution([float(prior) for prior in priors], SMALLEST_PRIOR)


def as_distribution(values: Sequence[float], smallest: float) -> list[float]:
    """Keep every value from the smallest one to 1, and make them sum to 1."""
    clipped = [min(max(value, smallest), 1.0) for value in values]
    return [value / sum(clipped) for value in clipped]


def solve(matrix: Exact, right: Sequence[Fraction]) -> list[Fraction] | None:
    """Gauss-Jordan elimination in exact arithmetic; None where there is not exactly one solution."""
    size = len(right)
    rows = [[*matrix[i], right[i]] for i in range(size)]
    for column in range(size):
        pivot = next((i for i in range(column, size) if rows[i][column] != 0), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for i in range(size):
            if i != column:
                factor = rows[i][column]
                rows[i] = [value - factor * own for value, own in zip(rows[i], rows[column], strict=True)]
    return [row[size] for row in rows]


def converged(counts: Counts, given: Sequence[int], method: str) -> tuple[Matrix, Matrix, list[float]]:
    """Noise matrix, inverse noise matrix and priors after Bayes' rule was applied to them in turns."""
    classes = range(len(counts))
    noise = [[float(cell) for cell in row] for row in noise_matrix(counts)]
    inverse = [[float(cell) for cell in row] for row in inverse_noise_matrix(counts)]
    priors = class_priors(counts, given, method)
    assert priors is not None
    shares = [given[k] / sum(given) if sum(given) else 0.0 for k in classes]
    never_true = [sum(inverse[g][t] for g in classes) == 0 for t in classes]
    for _ in range(N_NOISE_ROUNDS):
        for _ in range(N_INVERSE_ROUNDS):
            for g in classes:
                if shares[g]:
                    inverse[g] = normalised([noise[g][t] * priors[t] for t in classes], g)
            own = [
                inverse[k][k] / noise[k][k] * shares[k]
                if noise[k][k]
                else sum(inverse[g][k] * shares[g] for g in classes)
                for k in classes
            ]
            priors = as_distribution(own, SMALLEST_PRIOR)
        for t in classes:
            if not never_true[t]:
                column = normalised([inverse[g][t] * shares[g] for g in classes], t)
                for g in classes:
                    noise[g][t] = column[g]
    return noise, inverse, as_distribution(priors, SMALLEST_CONVERGED_PRIOR)


def normalised(values: Sequence[float], own: int) -> list[float]:
    """Make values sum to 1; where all are 0, everything goes to the class itself."""
    total = sum(values)
    return [value / total if total else float(k == own) for k, value in enumerate(values)]


def true_class_probs(probs: Matrix, counts: Counts) -> Matrix:
    """Each class's probability times P(true) / P(given) of it (1 if never given), kept in 0 to 1, rows summing to 1."""
    classes = range(len(counts))
    ratios = [sum(counts[g][k] for g in classes) / sum(counts[k]) if sum(counts[k]) else 1.0 for k in classes]
    result = []
    for row in probs:
        scaled = [min(max(p * ratio, 0.0), 1.0) for p, ratio in zip(row, ratios, strict=True)]
        total = sum(scaled)
        result.append([value / total if total else 1 / len(row) for value in scaled])
    return result


def n_confident_errors(labels: Sequence[int], probs: Matrix, n_classes: int, *, counting: str = "reference") -> int:
    """Rows that are confidently of another class and do not agree with their label."""
    limits = thresholds(labels, probs, n_classes)
    count = 0
    for label, row in zip(labels, probs, strict=True):
        guess = confident_guess(row, limits, counting=counting)
        count += guess is not None and guess != label and not agrees(label, row)
    return count


def off_diagonal(counts: Counts) -> int:
    """Sum the counts of a given class that is not the true one."""
    return sum(cell for g, row in enumerate(counts) for t, cell in enumerate(row) if g != t)


def class_table(labels: Sequence[int], flagged: Sequence[bool], counts: Counts) -> list[dict[str, float]]:
    """One line per class, the worst labels first, the first class of equals first."""
    classes = range(len(counts))
    lines: list[dict[str, float]] = []
    for k in classes:
        given, true = sum(counts[k]), sum(counts[g][k] for g in classes)
        noise = (given - counts[k][k]) / given if given else 0.0
        lines.append(
            {
                "codes": k,
                "n_given": class_counts(labels, len(counts))[k],
                "n_flagged": sum(flag and label == k for label, flag in zip(labels, flagged, strict=True)),
                "n_given_wrongly": given - counts[k][k],
                "n_missed": true - counts[k][k],
                "label_noise": noise,
                "inverse_label_noise": (true - counts[k][k]) / true if true else 0.0,
                "label_quality": 1.0 - noise,
            }
        )
    return sorted(lines, key=lambda line: (-line["label_noise"], line["codes"]))


def overlapping(counts: Counts) -> list[tuple[int, int, int, float]]:
    """Pairs of classes with counts of one given where the other is true: the pair, the counts, their share."""
    total = sum(sum(row) for row in counts)
    pairs = [
        (a, b, counts[a][b] + counts[b][a], (counts[a][b] + counts[b][a]) / total)
        for a in range(len(counts))
        for b in range(a + 1, len(counts))
        if counts[a][b] + counts[b][a]
    ]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))
