"""One error of one kind in a clean text is named as what it is, and nothing else is named."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.tasks.tokens import Span, SpanIssue, SpanIssueKind, TagScheme, find_span_issues

PlainSpan = tuple[int, int, str]

N_TOKENS = 12
N_SENTENCES = 4
KINDS = st.sampled_from([kind for kind in get_args(SpanIssueKind) if kind != "invalid_sequence"])
SCHEMES = st.sampled_from(get_args(TagScheme))
SEEDS = st.integers(0, 2**32 - 1)


@given(SCHEMES, KINDS, SEEDS)
@settings(deadline=None, max_examples=300)
def test_a_planted_error_is_named_right_and_nothing_else_is(scheme: TagScheme, kind: SpanIssueKind, seed: int) -> None:
    """A clean text, a model nearly sure of it, one error of one kind in the labels."""
    generator = np.random.default_rng(seed)
    true = [draw_spans(generator) for _ in range(N_SENTENCES)]
    sentence = int(generator.integers(N_SENTENCES))
    choices = possible_errors(true[sentence], kind)
    assume(choices)
    wrong, old, new = choices[int(generator.integers(len(choices)))]
    labels = [write(wrong if i == sentence else spans, scheme) for i, spans in enumerate(true)]

    names, probs = nearly_sure(generator, true, scheme)
    issues = find_span_issues(labels, probs, class_names=names, scheme=scheme)

    assert issues.n_issues == 1
    assert issues.label_quality_scores[0] <= 0.03
    assert issues.issue(0) == SpanIssue(
        kind=kind,
        sentence=sentence,
        given=as_span(new),
        suggested=as_span(old),
        score=float(issues.label_quality_scores[0]),
    )


@given(SCHEMES, SEEDS)
@settings(deadline=None)
def test_a_broken_tag_is_named_as_such_and_nothing_else_is(scheme: TagScheme, seed: int) -> None:
    """The first tag of a span becomes I-: the span is still read as it was, so it is not wrong otherwise."""
    generator = np.random.default_rng(seed)
    true = [draw_spans(generator) for _ in range(N_SENTENCES)]
    places = [(i, span) for i, spans in enumerate(true) for span in spans]
    assume(places)
    sentence, (start, end, name) = places[int(generator.integers(len(places)))]
    labels = [write(spans, scheme) for spans in true]
    labels[sentence][start] = f"I-{name}"

    names, probs = nearly_sure(generator, true, scheme)
    issues = find_span_issues(labels, probs, class_names=names, scheme=scheme)

    span = Span(start=start, end=end, type=name)
    expected = SpanIssue(kind="invalid_sequence", sentence=sentence, given=span, suggested=span, score=0.0)
    assert issues.n_issues == 1
    assert issues.issue(0) == expected


def draw_spans(generator: np.random.Generator) -> list[PlainSpan]:
    """Draw up to four spans of at least two tokens with at least one token between them."""
    edges = np.sort(generator.choice(np.arange(N_TOKENS + 1), 8, replace=False)).tolist()
    drawn = [
        (start, end, str(generator.choice(["X", "Y"]))) for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    return [span for span in drawn if span[1] - span[0] > 1 and generator.random() < 0.8]


def possible_errors(
    spans: list[PlainSpan], kind: SpanIssueKind
) -> list[tuple[list[PlainSpan], PlainSpan | None, PlainSpan | None]]:
    """List all errors of one kind: the labelled spans, the true span and the labelled one."""
    if kind == "spurious_span":
        new = [(start, end, "X") for start in range(N_TOKENS) for end in (start + 1, start + 2)]
        return [(sorted([*spans, span]), None, span) for span in new if is_free(span, spans)]
    changes: list[tuple[list[PlainSpan], PlainSpan | None, PlainSpan | None]] = []
    for old in spans:
        rest = [span for span in spans if span != old]
        if kind == "missing_span":
            changes.append((rest, old, None))
            continue
        start, end, name = old
        edges = [(start, end)]
        if "boundary" in kind:
            edges = [(start + 1, end), (start, end - 1), (start - 1, end), (start, end + 1), (start - 1, end - 1)]
        names = [{"X": "Y", "Y": "X"}[name]] if "type" in kind else [name]
        changed = [(first, last, each) for first, last in edges for each in names]
        changes += [(sorted([*rest, span]), old, span) for span in changed if is_free(span, rest)]
    return changes


def is_free(span: PlainSpan, others: list[PlainSpan]) -> bool:
    """Whether a span lies in the sentence and shares no token with others."""
    start, end, _ = span
    return start >= 0 and end <= N_TOKENS and all(end <= other[0] or start >= other[1] for other in others)


def write(spans: list[PlainSpan], scheme: TagScheme) -> list[str]:
    """Write spans as tags."""
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    tags = ["O"] * N_TOKENS
    for start, end, name in spans:
        tags[start:end] = [f"B-{name}", *[f"I-{name}"] * (end - start - 1)]
        if scheme == "BIOES":
            tags[end - 1] = f"{'S' if end - start == 1 else 'E'}-{name}"
    return tags


def nearly_sure(
    generator: np.random.Generator, true: list[list[PlainSpan]], scheme: TagScheme
) -> tuple[list[str], list[NDArray[np.float64]]]:
    """Return the class names and, for each sentence, probabilities of at least 0.97 for the true tags."""
    names = ["O", *(f"{letter}-{name}" for name in ("X", "Y") for letter in scheme if letter != "O")]
    tables = [np.eye(len(names))[[names.index(tag) for tag in write(spans, scheme)]] for spans in true]
    return names, [0.97 * table + 0.03 * generator.dirichlet(np.ones(len(names)), N_TOKENS) for table in tables]


def as_span(span: PlainSpan | None) -> Span | None:
    """Return the span as results spell it."""
    return None if span is None else Span(start=span[0], end=span[1], type=span[2])
