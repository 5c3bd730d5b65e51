"""Slow, plain-loop versions of the formulas for several annotators, written from the papers (CROWDLAB, ActiveLab)."""

from __future__ import annotations

import math
from dataclasses import dataclass

Votes = list[list[int | None]]
"""One row per example, one cell per annotator; None where there is no vote."""

Matrix = list[list[float]]

SMALLEST = 1e-6


def given(row: list[int | None]) -> list[int]:
    """Return the votes of one example."""
    return [vote for vote in row if vote is not None]


def majority(votes: Votes, probs: Matrix | None, n_classes: int) -> list[int]:
    """Return the label with most votes; ties by probability, rarity, agreement of its annotators, lowest class."""
    everything = [vote for row in votes for vote in given(row)]
    left = []
    for i, row in enumerate(votes):
        counts = [given(row).count(k) for k in range(n_classes)]
        left.append([k for k in range(n_classes) if counts[k] == max(counts)])
        if probs is None and not given(row):
            left[i] = [-1]
    untied = {i: classes[0] for i, classes in enumerate(left) if len(classes) == 1}
    agreement = untied_agreement(votes, untied)
    for i, row in enumerate(votes):
        if probs is not None:
            left[i] = best(left[i], [probs[i][k] for k in left[i]])
        left[i] = best(left[i], [-everything.count(k) for k in left[i]])
        if agreement is not None and len(left[i]) > 1 and given(row):
            means = []
            for k in left[i]:
                voters = [agreement[m] for m, vote in enumerate(row) if vote == k]
                means.append(math.fsum(voters) / len(voters))
            left[i] = best(left[i], [round(mean, 7) for mean in means])
    return [classes[0] for classes in left]


def best(classes: list[int], scores: list[float] | list[int]) -> list[int]:
    """Keep the classes with the highest score."""
    return [k for k, score in zip(classes, scores, strict=True) if score == max(scores)]


def untied_agreement(votes: Votes, untied: dict[int, int]) -> list[float] | None:
    """Return each annotator's agreement with the majority of untied examples; the others' mean if there is none."""
    shares: list[float | None] = []
    for m in range(len(votes[0]) if votes else 0):
        hits = [votes[i][m] == label for i, label in untied.items() if votes[i][m] is not None]
        shares.append(sum(hits) / len(hits) if hits else None)
    known = [share for share in shares if share is not None]
    if not known:
        return None
    return [math.fsum(known) / len(known) if share is None else share for share in shares]


@dataclass
class Weights:
    """The numbers of one round of CROWDLAB; ``annotators`` holds None for one without votes."""

    annotators: list[float | None]
    models: list[float]
    hit: float
    miss: float


def weights(votes: Votes, models: list[Matrix], consensus: list[int], n_classes: int) -> Weights | None:
    """Weigh everyone by agreement where several voted (CROWDLAB, section 3); None where nobody shares an example."""
    shared = [i for i, row in enumerate(votes) if len(given(row)) > 1]
    if not shared:
        return None
    hit = sum(given(votes[i]).count(consensus[i]) / len(given(votes[i])) for i in shared) / len(shared)
    commonest = max(range(n_classes), key=lambda k: sum(consensus[i] == k for i in shared))
    base = max(sum(consensus[i] != commonest for i in shared) / len(shared), SMALLEST)
    voted = [row for row in votes if given(row)]
    per_example = sum(len(given(row)) for row in voted) / len(voted)
    wrong = [sum(first_best(probs[i]) != consensus[i] for i in shared) / len(shared) for probs in models]
    return Weights(
        annotators=[
            None if each is None else max(1 - (1 - each) / base, SMALLEST) for each in agreement_with_others(votes)
        ],
        models=[max(1 - error / base, SMALLEST) * math.sqrt(per_example) for error in wrong],
        hit=hit,
        miss=(1 - hit) / (n_classes - 1) if n_classes > 1 else 0.0,
    )


def first_best(row: list[float]) -> int:
    """Name the most likely class; the first of equals."""
    return max(range(len(row)), key=lambda k: (row[k], -k))


def agreement_with_others(votes: Votes) -> list[float | None]:
    """Return how often others say the same on shared examples; the mean of the rest for who shares none."""
    shares: list[float | None] = []
    for m in range(len(votes[0]) if votes else 0):
        same = other = 0
        for row in votes:
            for j, vote in enumerate(row):
                if j != m and vote is not None and row[m] is not None:
                    other += 1
                    same += vote == row[m]
        shares.append(same / other if other else None)
    known = [share for share in shares if share is not None]
    mean = math.fsum(known) / len(known) if known else None
    voted = [any(row[m] is not None for row in votes) for m in range(len(shares))]
    return [(mean if share is None else share) if has else None for share, has in zip(shares, voted, strict=True)]


def posterior(votes: Votes, models: list[Matrix], found: Weights | None, n_classes: int) -> Matrix:
    """Average models and votes by weight; the plain mean of the models where nobody can be weighed."""
    table = []
    for i, row in enumerate(votes):
        line = []
        for k in range(n_classes):
            if found is None:
                line.append(sum(probs[i][k] for probs in models) / len(models))
                continue
            total = part = 0.0
            for weight, probs in zip(found.models, models, strict=True):
                total += weight
                part += weight * probs[i][k]
            for m, vote in enumerate(row):
                weight = found.annotators[m] or 0.0
                if vote is not None:
                    total += weight
                    part += weight * (found.hit if vote == k else found.miss)
            line.append(part / total)
        table.append(line)
    return table


def adjusted(votes: Votes, labels: list[int], table: Matrix) -> Matrix:
    """Take off each class the mean judgement of its own consensus labels; a class without any takes the largest."""
    n_classes = len(table[0])
    thresholds: list[float] = []
    for k in range(n_classes):
        own = [line[k] for row, label, line in zip(votes, labels, table, strict=True) if given(row) and label == k]
        thresholds.append(math.fsum(own) / len(own) if own else math.inf)
    largest = max([each for each in thresholds if each <= 1], default=0.0)
    result = []
    for line in table:
        shifted = [p - min(threshold, largest) + largest for p, threshold in zip(line, thresholds, strict=True)]
        total = sum(shifted)
        result.append([each / total if total > 0 else 1 / n_classes for each in shifted])
    return result


@dataclass
class Consensus:
    """What one run of CROWDLAB finds."""

    labels: list[int]
    quality: list[float]
    vote_quality: Matrix
    weights: Weights | None
    annotator_quality: list[float]


def crowdlab(votes: Votes, models: list[Matrix], n_classes: int) -> Consensus:
    """Run both rounds: the majority's weights choose the labels, and the labels everyone's weights."""
    mean = [[sum(m[i][k] for m in models) / len(models) for k in range(n_classes)] for i in range(len(votes))]
    labels = majority(votes, mean, n_classes)
    found = weights(votes, models, labels, n_classes)
    table = posterior(votes, models, found, n_classes)
    for i, row in enumerate(votes):
        tied = [k for k in range(n_classes) if math.isclose(table[i][k], max(table[i]), rel_tol=1e-12)]
        if (found is not None or not given(row)) and labels[i] not in tied:
            labels[i] = tied[0]
    found = weights(votes, models, labels, n_classes)
    table = posterior(votes, models, found, n_classes)
    qualities = [[math.nan if v is None else table[i][v] for v in row] for i, row in enumerate(votes)]
    return Consensus(
        labels=labels,
        quality=[table[i][label] for i, label in enumerate(labels)],
        vote_quality=qualities,
        weights=found,
        annotator_quality=annotator_quality(votes, labels, qualities, found),
    )


def annotator_quality(votes: Votes, labels: list[int], qualities: Matrix, found: Weights | None) -> list[float]:
    """Weigh the mean quality of the own votes against the agreement with the consensus (CROWDLAB, section 4)."""
    result = []
    for m in range(len(votes[0]) if votes else 0):
        own = [qualities[i][m] for i, row in enumerate(votes) if row[m] is not None]
        hits = [row[m] == labels[i] for i, row in enumerate(votes) if row[m] is not None and len(given(row)) > 1]
        if not own:
            result.append(math.nan)
        elif found is None or not hits:
            result.append(sum(own) / len(own))
        else:
            share = model_share(votes, found)
            result.append(share * sum(own) / len(own) + (1 - share) * sum(hits) / len(hits))
    return result


def model_share(votes: Votes, found: Weights) -> float:
    """Return the model's part in an average judgement."""
    voted = [len(given(row)) for row in votes if given(row)]
    known = [weight for weight in found.annotators if weight is not None]
    annotators = sum(known) * (sum(voted) / len(voted)) / len(known)
    model = sum(found.models) / len(found.models)
    return model / (model + annotators)


def worst_class(votes: Votes, labels: list[int], quality: list[float], m: int, n_classes: int) -> int:
    """Return the class whose votes are least often right; ties by number of votes, then quality, then class."""
    ranked = []
    for k in range(n_classes):
        rows = [i for i, row in enumerate(votes) if row[m] == k]
        if rows:
            accuracy = sum(labels[i] == k for i in rows) / len(rows)
            ranked.append((accuracy, -len(rows), -round(sum(quality[i] for i in rows) / len(rows), 12), k))
    return min(ranked)[3] if ranked else -1


def active_scores(votes: Votes, models: list[Matrix], n_classes: int) -> list[float]:
    """Draw the consensus quality towards one blind guess of mean weight (ActiveLab, section 3)."""
    found = crowdlab(votes, models, n_classes)
    scores = []
    for i, row in enumerate(votes):
        weight = [1.0 if found.weights is None else found.weights.annotators[m] or 0.0 for m in range(len(row))]
        voters = [m for m in range(len(row)) if any(line[m] is not None for line in votes)]
        guess = sum(weight[m] for m in voters) / len(voters) if voters else 1.0
        known = sum(weight[m] for m, vote in enumerate(row) if vote is not None)
        known += len(models) if found.weights is None else sum(found.weights.models)
        scores.append((found.quality[i] * known + guess / n_classes) / (known + guess))
    return scores


def cross_entropy(votes: Votes, probs: Matrix, temperature: float) -> float:
    """Return the mean cross-entropy between vote shares and probabilities under a temperature."""
    losses = []
    for row, line in zip(votes, probs, strict=True):
        if given(row):
            logs = [math.log(max(p, 1e-30)) / temperature for p in line]
            total = math.log(sum(math.exp(each - max(logs)) for each in logs)) + max(logs)
            losses.append(sum(total - logs[vote] for vote in given(row)) / len(given(row)))
    return sum(losses) / len(losses)
