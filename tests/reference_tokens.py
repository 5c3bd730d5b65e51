"""Slow, plain-loop versions of what is found about tokens and spans; what the fast code is compared with."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

Rows = Sequence[Sequence[float]]
Place = tuple[int, int]
PlainSpan = tuple[int, int, str]

LEAST = 1e-12
SLACK = 1e-6


def softmin(scores: Sequence[float], temperature: float) -> float:
    """Average of the scores, each weighted by exp((1 - score) / temperature)."""
    lowest = min(scores)
    weights = [math.exp((lowest - score) / temperature) for score in scores]
    return sum(score * weight for score, weight in zip(scores, weights, strict=True)) / sum(weights)


def below(scores: Sequence[Sequence[float]], limit: float) -> list[Place]:
    """Sentence and token of each score below a limit, lowest first."""
    found = [(s, i, j) for i, row in enumerate(scores) for j, s in enumerate(row) if s < limit]
    return [(i, j) for _, i, j in sorted(found)]


def confusions(
    issues: Sequence[Place], tokens: Sequence[Sequence[str]], labels: Sequence[Sequence[int]], probs: Sequence[Rows]
) -> dict[tuple[str, int, int], int]:
    """How often each word was given one class where another is the most likely."""
    counts: dict[tuple[str, int, int], int] = {}
    for i, j in issues:
        row = probs[i][j]
        best = max(range(len(row)), key=lambda k: (row[k], -k))
        key = (tokens[i][j], labels[i][j], best)
        counts[key] = counts.get(key, 0) + 1
    return counts


def take_apart(tag: str) -> tuple[str, str]:
    """Letter and type of a tag."""
    letter, _, kind = tag.partition("-")
    return letter, kind


def goes_on(before: str | None, tag: str) -> bool:
    """Whether a tag continues the span of the tag before it."""
    if before is None:
        return False
    (letter, kind), (last_letter, last_kind) = take_apart(tag), take_apart(before)
    return letter in "IE" and last_letter in "BI" and kind == last_kind


def is_valid(tags: Sequence[str], scheme: str) -> bool:
    """Whether tags keep the rules of their scheme."""
    for before, tag in itertools.pairwise([None, *tags]):
        assert tag is not None
        if take_apart(tag)[0] in "IE" and not goes_on(before, tag):
            return False
        if scheme == "BIOES" and before is not None and take_apart(before)[0] in "BI" and not goes_on(before, tag):
            return False
    return scheme == "BIO" or not tags or take_apart(tags[-1])[0] not in "BI"


def spans(tags: Sequence[str], scheme: str) -> list[tuple[PlainSpan, bool]]:
    """Spans of one sentence, and whether their tags break the rules."""
    pieces: list[list[str]] = []
    starts: list[int] = []
    for place, tag in enumerate(tags):
        if tag == "O":
            continue
        if place > 0 and goes_on(tags[place - 1], tag):
            pieces[-1].append(tag)
        else:
            pieces.append([tag])
            starts.append(place)
    return [
        ((start, start + len(piece), take_apart(piece[0])[1]), not is_valid(piece, scheme))
        for start, piece in zip(starts, pieces, strict=True)
    ]


def log_likelihood(codes: Sequence[int], probs: Rows) -> float:
    """Logarithm of the product of the probabilities of the tags."""
    return sum(math.log(max(row[code], LEAST)) for row, code in zip(probs, codes, strict=True))


def most_likely(probs: Rows, names: Sequence[str], scheme: str) -> float:
    """Likelihood of the best valid tags of one sentence, by trying all."""
    every = itertools.product(range(len(names)), repeat=len(probs))
    valid = (codes for codes in every if is_valid([names[code] for code in codes], scheme))
    return max(log_likelihood(codes, probs) for codes in valid)


def match(given: Sequence[PlainSpan], suggested: Sequence[PlainSpan]) -> dict[int, int]:
    """Pair spans that share tokens: most shared tokens first, then same type, then earlier."""
    pairs = []
    for g, (start, end, kind) in enumerate(given):
        for s, (other_start, other_end, other_kind) in enumerate(suggested):
            shared = min(end, other_end) - max(start, other_start)
            if shared > 0:
                pairs.append((-shared, kind != other_kind, g, s))
    partner: dict[int, int] = {}
    for _, _, g, s in sorted(pairs):
        if g not in partner and s not in partner.values():
            partner[g] = s
    return partner


def span_issues(
    tags: Sequence[str], likely: Sequence[str], scheme: str, own: Sequence[float]
) -> list[tuple[float, str, PlainSpan | None, PlainSpan | None]]:
    """Score, kind, given and suggested span of each issue of one sentence; ``own`` are the scores of given tags."""
    given, suggested = spans(tags, scheme), [span for span, _ in spans(likely, scheme)]
    partner = match([span for span, _ in given], suggested)
    issues: list[tuple[float, str, PlainSpan | None, PlainSpan | None]] = []
    for g, (span, broken) in enumerate(given):
        other = suggested[partner[g]] if g in partner else None
        if broken:
            issues.append((0.0, "invalid_sequence", span, other))
        if other is None:
            kind = "spurious_span"
        else:
            moved, retyped = span[:2] != other[:2], span[2] != other[2]
            kind = {
                (True, True): "wrong_type_and_boundary",
                (True, False): "wrong_boundary",
                (False, True): "wrong_type",
            }.get((moved, retyped), "")
        if kind:
            score = 0.0 if broken else _least(tags, likely, own, [each for each in (span, other) if each])
            issues.append((score, kind, span, other))
    for s, span in enumerate(suggested):
        if s not in partner.values():
            issues.append((_least(tags, likely, own, [span]), "missing_span", None, span))
    return issues


def _least(tags: Sequence[str], likely: Sequence[str], own: Sequence[float], both: Sequence[PlainSpan]) -> float:
    first, last = min(span[0] for span in both), max(span[1] for span in both)
    return min(own[t] for t in range(first, min(last + 1, len(tags))) if tags[t] != likely[t])
