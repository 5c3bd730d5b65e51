"""What must hold for any sentences, tags and probabilities."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.core.label_issues import find_label_issues
from labelclean.errors import LabelCleanWarning
from labelclean.tasks.tokens import (
    SpanIssues,
    TagScheme,
    common_token_confusions,
    find_span_issues,
    find_token_issues,
    most_likely_tags,
    read_spans,
    sentence_quality_scores,
    token_issues_from_scores,
)
from tests import reference_tokens as reference

Labels = list[list[int]]
Probs = list[NDArray[np.float64]]

SEEDS = st.integers(0, 2**32 - 1)
SCHEMES = st.sampled_from(get_args(TagScheme))
NAMES: dict[str, list[str]] = {
    "BIO": ["O", "B-X", "I-X", "B-Y", "I-Y", "B-Z"],
    "BIOES": ["I-X", "S-X", "O", "B-X", "E-X", "B-Y", "E-Y"],
}


@st.composite
def texts(draw: st.DrawFn, *, n_classes: int | None = None, max_tokens: int = 6) -> tuple[Labels, Probs]:
    """Sentences, some of them empty, with labels and probabilities in steps of a tenth or any."""
    n_classes = draw(st.integers(1, 5)) if n_classes is None else n_classes
    lengths = draw(st.lists(st.integers(0, max_tokens), max_size=8))
    generator = np.random.default_rng(draw(SEEDS))
    labels = [generator.integers(0, n_classes, length) for length in lengths]
    probs = [generator.dirichlet(np.full(n_classes, 0.3), length) for length in lengths]
    for table, codes in zip(probs, labels, strict=True):
        table[np.arange(len(codes)), codes] += generator.random(len(codes)) * 2
    probs = [table / table.sum(axis=1, keepdims=True) for table in probs]
    if draw(st.booleans()):
        probs = [np.round(table, 1) for table in probs]
    return [codes.tolist() for codes in labels], probs


@given(texts())
@settings(deadline=None)
def test_flags_are_those_of_the_tokens_as_one_table(text: tuple[Labels, Probs]) -> None:
    """How the tokens are cut into sentences changes nothing."""
    labels, probs = text
    assume(any(labels))

    issues = find_token_issues(labels, probs)

    whole = find_label_issues(np.concatenate([np.array(each, int) for each in labels]), np.concatenate(probs))
    starts = np.cumsum([0, *map(len, labels)])
    rows = starts[issues.sentence_index] + issues.token_index
    assert np.flatnonzero(whole.is_issue).tolist() == sorted(rows.tolist())
    assert whole.label_quality_scores[rows].tolist() == issues.label_quality_scores.tolist()
    assert (np.diff(issues.label_quality_scores) >= 0).all()


@given(texts(), SEEDS)
@settings(deadline=None)
def test_the_order_of_sentences_does_not_matter(text: tuple[Labels, Probs], seed: int) -> None:
    """Apart from exact ties, which go by place: the same tokens are flagged, and all scores move along."""
    labels, probs = text
    flat = np.concatenate([*probs, np.empty((0, probs[0].shape[1]))]) if probs else np.empty((0, 1))
    assume(len(np.unique(flat)) == flat.size)
    order = np.random.default_rng(seed).permutation(len(labels))
    moved = [labels[i] for i in order], [probs[i] for i in order]

    before, after = find_token_issues(labels, probs), find_token_issues(*moved)
    scores, moved_scores = sentence_quality_scores(labels, probs), sentence_quality_scores(*moved)

    places = zip(order[after.sentence_index].tolist(), after.token_index.tolist(), strict=True)
    assert list(places) == list(zip(before.sentence_index.tolist(), before.token_index.tolist(), strict=True))
    assert moved_scores.sentence_scores.tobytes() == scores.sentence_scores[order].tobytes()


@given(texts())
@settings(deadline=None)
def test_perfect_probabilities_flag_no_token(text: tuple[Labels, Probs]) -> None:
    """A model sure of every label finds nothing, and every score is 1."""
    labels, probs = text
    n_classes = probs[0].shape[1] if probs else 1
    sure = [np.eye(n_classes)[np.array(each, int)] for each in labels]

    assert find_token_issues(labels, sure).n_issues == 0
    assert (sentence_quality_scores(labels, sure).sentence_scores == 1).all()


@given(texts(), st.floats(0.01, 10))
@settings(deadline=None)
def test_sentence_scores_are_those_of_the_plain_loops(text: tuple[Labels, Probs], temperature: float) -> None:
    """The lowest score, the softmin, a function of one's own; an empty sentence scores 1."""
    labels, probs = text
    own = [
        [float(row[k]) for row, k in zip(table, codes, strict=True)] for table, codes in zip(probs, labels, strict=True)
    ]

    lowest = sentence_quality_scores(labels, probs)
    soft = sentence_quality_scores(labels, probs, aggregate="softmin", temperature=temperature)
    mean = sentence_quality_scores(labels, probs, aggregate=lambda scores: float(scores.mean()))

    assert [scores.tolist() for scores in lowest.scores_by_sentence()] == own
    assert lowest.sentence_scores.tolist() == [min(scores, default=1.0) for scores in own]
    expected = [reference.softmin(scores, temperature) if scores else 1.0 for scores in own]
    assert soft.sentence_scores == pytest.approx(expected, abs=1e-12)
    assert mean.sentence_scores == pytest.approx([sum(s) / len(s) if s else 1.0 for s in own], abs=1e-12)


@given(texts(), st.sampled_from([0.0, 0.1, 0.5, 0.7, 1.1]), SEEDS)
@settings(deadline=None)
def test_issues_and_confusions_are_those_of_the_plain_loops(
    text: tuple[Labels, Probs], limit: float, seed: int
) -> None:
    """All scores below the limit, lowest first; then words counted by given and most likely class."""
    labels, probs = text
    generator = np.random.default_rng(seed)
    tokens = [[str(word) for word in generator.choice(["a", "B", "b"], len(codes))] for codes in labels]
    scores = sentence_quality_scores(labels, probs)

    issues = token_issues_from_scores(scores, threshold=limit)
    found = common_token_confusions(issues, tokens)

    places = list(zip(issues.sentence_index.tolist(), issues.token_index.tolist(), strict=True))
    assert places == reference.below([each.tolist() for each in scores.scores_by_sentence()], limit)
    expected = reference.confusions(places, tokens, labels, [table.tolist() for table in probs])
    keys = list(zip(found.tokens, found.given_labels.tolist(), found.suggested_labels.tolist(), strict=True))
    assert dict(zip(keys, found.counts.tolist(), strict=True)) == expected
    assert keys == sorted(keys, key=lambda key: (-expected[key], *key))


@given(SCHEMES, st.data())
@settings(deadline=None)
def test_spans_are_those_of_the_plain_loops(scheme: TagScheme, data: st.DataObject) -> None:
    """Valid tags or not."""
    names = NAMES[scheme]
    labels = data.draw(st.lists(st.lists(st.sampled_from(names), max_size=8), max_size=5))

    spans = read_spans(labels, class_names=names, scheme=scheme)

    expected = [(i, *span, broken) for i, tags in enumerate(labels) for span, broken in reference.spans(tags, scheme)]
    types = [spans.type_names[kind] for kind in spans.types]
    columns = spans.sentence_index.tolist(), spans.start.tolist(), spans.end.tolist(), types, spans.is_broken.tolist()
    assert list(zip(*columns, strict=True)) == expected


@given(SCHEMES, st.data())
@settings(deadline=None, max_examples=60)
def test_the_most_likely_tags_are_valid_and_none_are_likelier(scheme: TagScheme, data: st.DataObject) -> None:
    """Compared with every sequence there is, also where probabilities are 0."""
    names = NAMES[scheme]
    _, probs = data.draw(texts(n_classes=len(names), max_tokens=4))

    found = most_likely_tags(probs, class_names=names, scheme=scheme)

    for codes, table in zip(found, probs, strict=True):
        assert reference.is_valid([names[code] for code in codes], scheme)
        best = reference.most_likely(table.tolist(), names, scheme)
        assert reference.log_likelihood(codes.tolist(), table.tolist()) == pytest.approx(best, abs=1e-7)


@given(SCHEMES, st.data())
@settings(deadline=None)
def test_span_issues_are_those_of_the_plain_loops(scheme: TagScheme, data: st.DataObject) -> None:
    """Kinds, spans and scores, for any labels, broken ones too."""
    names = NAMES[scheme]
    labels, probs = data.draw(texts(n_classes=len(names), max_tokens=8))
    tags = [[names[code] for code in codes] for codes in labels]
    favoured = [
        table + reference.SLACK * np.eye(len(names))[np.array(codes, int)]
        for table, codes in zip(probs, labels, strict=True)
    ]
    likely = [
        [names[code] for code in codes]
        for codes in most_likely_tags([table.clip(0, 1) for table in favoured], class_names=names, scheme=scheme)
    ]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LabelCleanWarning)  # of labels that break the rules more often than not
        issues = find_span_issues(labels, probs, class_names=names, scheme=scheme)

    expected = []
    for i, table in enumerate(probs):
        own = [float(row[code]) for row, code in zip(table, labels[i], strict=True)]
        expected += [(i, *issue) for issue in reference.span_issues(tags[i], likely[i], scheme, own)]
    assert sorted(as_plain(issues), key=str) == sorted(expected, key=str)
    assert (np.diff(issues.label_quality_scores) >= 0).all()
    worst = [min([score for i, score, *_ in expected if i == sentence], default=1.0) for sentence in range(len(labels))]
    assert issues.sentence_scores.tolist() == worst


@given(SCHEMES, st.data())
@settings(deadline=None)
def test_a_model_sure_of_valid_tags_finds_no_span_issue(scheme: TagScheme, data: st.DataObject) -> None:
    """Perfect probabilities, and ties too, are no disagreement."""
    names = NAMES[scheme]
    _, probs = data.draw(texts(n_classes=len(names)))
    labels = most_likely_tags(probs, class_names=names, scheme=scheme)
    sure = [np.eye(len(names))[codes] for codes in labels]
    even = [np.full(table.shape, 1 / len(names)) for table in sure]

    assert find_span_issues(labels, sure, class_names=names, scheme=scheme).n_issues == 0
    assert find_span_issues(labels, even, class_names=names, scheme=scheme).n_issues == 0


def test_eight_threads_give_the_answers_of_one() -> None:
    """Different texts at the same time."""
    generator = np.random.default_rng(0)
    texts = []
    for _ in range(8):
        probs = [generator.dirichlet(np.full(6, 0.3), length) for length in generator.integers(0, 12, 300)]
        texts.append(
            (most_likely_tags(probs[::-1], class_names=NAMES["BIO"])[::-1], [np.roll(each, 1) for each in probs])
        )

    def find(text: tuple[Any, Any]) -> tuple[list[Any], bytes]:
        issues = find_span_issues(*text, class_names=NAMES["BIO"])
        return as_plain(issues), find_token_issues(*text).token_index.tobytes()

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(find, texts * 4))

    assert together == [find(text) for text in texts] * 4


def as_plain(issues: SpanIssues) -> list[tuple[int, float, str, Any, Any]]:
    """Return issues as tuples, in their order."""
    plain: list[tuple[int, float, str, Any, Any]] = []
    for position in range(issues.n_issues):
        issue = issues.issue(position)
        both = [span and (span.start, span.end, span.type) for span in (issue.given, issue.suggested)]
        plain.append((issue.sentence, issue.score, issue.kind, both[0], both[1]))
    return plain
