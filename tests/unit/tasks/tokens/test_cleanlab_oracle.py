"""The field's reference gives the same answers about the same sentences."""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.config import FilterMethod
from labelclean.core.scores import ScoringMethod
from labelclean.tasks.tokens import (
    SentenceScores,
    TokenIssues,
    binary_span_scores,
    common_token_confusions,
    find_binary_span_issues,
    find_token_issues,
    issues_of_token,
    sentence_issues_from_scores,
    sentence_quality_scores,
    token_issues_from_scores,
)

N_CASES = 210
N_CASES_EACH = 60  # for each of several filters or scores
SCORES = get_args(ScoringMethod)
FILTERS = get_args(FilterMethod)
OPTIONS = [(1.0, 1), (0.5, 1), (1.0, 5), (0.7, 0)]

Labels = list[list[int]]
Probs = list[NDArray[np.float64]]


@pytest.fixture(scope="module", autouse=True)
def _reference_imported() -> None:
    """Import the reference without keeping the blanket warnings filter that it installs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("filter", "rank", "summary"):
            importlib.import_module(f"cleanlab.token_classification.{name}")
        importlib.import_module("cleanlab.experimental.span_classification")


@contextlib.contextmanager
def as_documented() -> Iterator[None]:
    """Run the reference with stable sorts, as it documents its order, without its warnings and its print-outs."""
    unstable: Callable[..., NDArray[np.intp]] = np.argsort
    stable = functools.partial(_stable_argsort, unstable)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        patch.setattr(np, "argsort", stable)
        yield


def _stable_argsort(original: Callable[..., NDArray[np.intp]], values: Any, axis: int = -1) -> NDArray[np.intp]:
    return original(values, axis=axis, kind="stable")


def make_case(seed: int, *, with_empty: bool = False) -> tuple[Labels, Probs]:
    """Draw sentences with noisy labels and overlapping probabilities; some sentences are empty if they may be."""
    generator = np.random.default_rng(seed)
    n_classes = int(generator.integers(2, 8))
    lengths = generator.integers(0 if with_empty else 1, 12, int(generator.integers(3, 30)))
    lengths[0] = 2
    labels = [generator.integers(0, n_classes, length) for length in lengths]
    labels[0][:] = [0, 1]  # the reference wants two classes
    probs = [generator.dirichlet(np.full(n_classes, 0.3), length) for length in lengths]
    for table, codes in zip(probs, labels, strict=True):
        table[np.arange(len(codes)), codes] += generator.random(len(codes)) * (generator.random(len(codes)) < 0.8)
    # Never quite sure: where a model is, the reference's entropy score falls to 0 instead of rising to 1.
    tables = [0.999 * table / table.sum(axis=1, keepdims=True) + 0.001 / n_classes for table in probs]
    return [codes.tolist() for codes in labels], tables


def places(issues: TokenIssues) -> list[tuple[int, int]]:
    """Sentence and token of each issue."""
    return list(zip(issues.sentence_index.tolist(), issues.token_index.tolist(), strict=True))


@pytest.mark.parametrize("filter_by", FILTERS)
def test_token_issues_are_the_references(filter_by: FilterMethod) -> None:
    """With every filter, in the order of every score, with empty sentences among the others."""
    reference = sys.modules["cleanlab.token_classification.filter"].find_label_issues
    n_flagged = 0
    for seed in range(N_CASES_EACH):
        labels, probs = make_case(seed, with_empty=True)
        frac_noise, least = OPTIONS[seed % 4]
        score = SCORES[seed % 3]
        options = {"filter_by": filter_by, "frac_noise": frac_noise, "min_examples_per_class": least}
        with as_documented():
            expected = reference(labels, probs, return_indices_ranked_by=score, n_jobs=1, **options)

        found = find_token_issues(
            labels, probs, filter_by=filter_by, frac_noise=frac_noise, min_examples_per_class=least, score_by=score
        )

        assert places(found) == expected, seed
        n_flagged += len(expected)
    assert n_flagged > 300


@pytest.mark.parametrize("method", SCORES)
@pytest.mark.parametrize("aggregate", ["min", "softmin"])
def test_sentence_and_token_scores_are_the_references(method: ScoringMethod, aggregate: Any) -> None:
    """Lowest score and softmin at several temperatures, for every score of a token."""
    reference = sys.modules["cleanlab.token_classification.rank"].get_label_quality_scores
    for seed in range(N_CASES_EACH):
        labels, probs = make_case(seed)
        temperature = [0.05, 0.0, 1.0, float("inf")][seed % 4]
        with as_documented():
            sentences, tokens = reference(
                labels,
                probs,
                token_score_method=method,
                sentence_score_method=aggregate,
                sentence_score_kwargs={"temperature": temperature},
            )

        found = sentence_quality_scores(labels, probs, method=method, aggregate=aggregate, temperature=temperature)

        assert np.allclose(found.sentence_scores, sentences, rtol=0, atol=1e-12), seed
        for one, other in zip(found.scores_by_sentence(), tokens, strict=True):
            assert np.allclose(one, other, rtol=0, atol=1e-12), seed


def test_issues_from_scores_are_the_references() -> None:
    """Tokens and sentences below limits; where every sentence is, the reference fails."""
    reference = sys.modules["cleanlab.token_classification.rank"].issues_from_scores
    n_issues = n_failures = 0
    for seed in range(N_CASES):
        scores = sentence_quality_scores(*make_case(seed))
        threshold = [0.1, 0.05, 0.3, 0.6][seed % 4]
        by_sentence = [each.tolist() for each in scores.scores_by_sentence()]
        with as_documented():
            tokens = reference(scores.sentence_scores, token_scores=by_sentence, threshold=threshold)
            try:
                sentences = reference(scores.sentence_scores, threshold=threshold).tolist()
            except IndexError:
                n_failures += 1
                sentences = np.argsort(scores.sentence_scores).tolist()  # all of them

        found = token_issues_from_scores(scores, threshold=threshold)

        assert places(found) == tokens, seed
        assert sentence_issues_from_scores(scores, threshold=threshold).tolist() == sentences, seed
        n_issues += len(tokens)
    assert n_issues > 1000
    assert n_failures < N_CASES / 4


def test_common_confusions_and_issues_of_a_word_are_the_references() -> None:
    """Counts per word, given and most likely class, with and without exclusions; words found in any case."""
    summary = sys.modules["cleanlab.token_classification.summary"]
    n_rows = 0
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        words = np.random.default_rng(seed).choice(["the", "The", "May", "may", "x"], (len(labels), 12)).tolist()
        tokens = [line[: len(codes)] for line, codes in zip(words, labels, strict=True)]
        issues = token_issues_from_scores(sentence_quality_scores(labels, probs), threshold=0.5)
        exclude = [(0, 1), (1, 0)] if seed % 2 else []
        with as_documented():
            frame = summary.common_label_issues(
                places(issues), tokens, labels=labels, pred_probs=probs, exclude=exclude, verbose=False
            )
            of_may = summary.filter_by_token("MAY", places(issues), tokens)
            totals = summary.common_label_issues(places(issues), tokens)

        found = common_token_confusions(issues, tokens, exclude=exclude)

        assert sorted(found.to_frame().itertuples(index=False, name=None)) == sorted(
            frame.itertuples(index=False, name=None)
        ), seed
        assert found.counts.tolist() == frame["num_label_issues"].tolist(), seed
        assert places(issues_of_token(issues, tokens, "MAY")) == of_may, seed
        if not exclude:
            assert found.counts_by_token() == dict(totals.itertuples(index=False, name=None)), seed
        n_rows += len(frame)
    assert n_rows > 1000


def test_binary_spans_are_the_references() -> None:
    """Issues and scores from the probability of being inside a span."""
    reference = sys.modules["cleanlab.experimental.span_classification"]
    n_flagged = 0
    for seed in range(N_CASES):
        labels, probs = make_case(seed)
        inside = [np.array([int(code == 1) for code in codes]).tolist() for codes in labels]
        span_probs = [table[:, 1] for table in probs]
        with as_documented(), pytest.MonkeyPatch.context() as patch:
            alone = functools.partial(reference.find_label_issues_token, n_jobs=1)  # else it starts processes
            patch.setattr(reference, "find_label_issues_token", alone)
            issues = reference.find_label_issues(inside, span_probs)
            sentences, _ = reference.get_label_quality_scores(inside, span_probs)

        found = find_binary_span_issues(inside, span_probs)
        scores: SentenceScores = binary_span_scores(inside, span_probs)

        assert places(found) == issues, seed
        assert np.allclose(scores.sentence_scores, sentences, rtol=0, atol=1e-12), seed
        n_flagged += len(issues)
    assert n_flagged > 200
