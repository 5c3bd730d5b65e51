"""
Tokens and spans against the field's reference: CPU time in one run, medians, and memory beside the input.

Run: ``python -m tests.benchmarks.tokens [SENTENCES TOKENS CLASSES]`` (default 20000 20 9).
"""

from __future__ import annotations

import contextlib
import importlib
import io
import resource
import statistics
import sys
import tracemalloc
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labelclean.tasks.tokens import (
    binary_span_scores,
    common_token_confusions,
    find_binary_span_issues,
    find_span_issues,
    find_token_issues,
    most_likely_tags,
    sentence_quality_scores,
    token_issues_from_scores,
)

N_RUNS = 3
N_WORDS = 5000


def main(arguments: list[str]) -> None:
    """Make a text and print one line for each piece of work."""
    n_sentences, n_tokens, n_classes = (int(word) for word in (arguments or ["20000", "20", "9"]))
    labels, probs, tokens = make_text(n_sentences, n_tokens, n_classes)
    size = f"{n_sentences:,} sentences x {n_tokens} tokens x {n_classes} classes"
    print(f"| {size} | reference s | here s | ratio | here MiB |")
    print("|---|---|---|---|---|")
    for name, ours, theirs in work(labels, probs, tokens):
        mine = median_cpu_seconds(ours)
        reference = None if theirs is None else median_cpu_seconds(theirs)
        beside = peak_mebibytes(ours)
        figures = (
            ("–", f"{mine:.2f}", "–")
            if reference is None
            else (f"{reference:.2f}", f"{mine:.2f}", f"{reference / mine:.0f}x")
        )
        print(f"| {name} | {' | '.join(figures)} | {beside:.0f} |")


def make_text(
    n_sentences: int, n_tokens: int, n_classes: int
) -> tuple[list[list[int]], list[NDArray[np.float64]], list[list[str]]]:
    """Make labels of which one in twenty is wrong, probabilities of a good model, and words."""
    generator = np.random.default_rng(0)
    shape = (n_sentences, n_tokens)
    true = make_tags(generator, shape, n_classes)
    probs = generator.dirichlet(np.full(n_classes, 0.1), shape)
    np.put_along_axis(probs, true[..., np.newaxis], np.take_along_axis(probs, true[..., np.newaxis], 2) + 2, 2)
    probs /= probs.sum(axis=2, keepdims=True)
    given = np.where(generator.random(shape) < 0.05, generator.integers(0, n_classes, shape), true)
    words = np.char.add("w", generator.integers(0, N_WORDS, shape).astype(str))
    return given.tolist(), list(probs), words.tolist()


def make_tags(generator: np.random.Generator, shape: tuple[int, int], n_classes: int) -> NDArray[np.int64]:
    """Draw valid tags: O is class 0, B- and I- of type t are 2t + 1 and 2t + 2."""
    n_types = (n_classes - 1) // 2
    begins = (generator.random(shape) < 0.1) * (2 * generator.integers(0, n_types, shape) + 1)
    tags = begins.astype(np.int64)
    for place in range(1, shape[1]):
        goes_on = (tags[:, place] == 0) & (tags[:, place - 1] > 0) & (generator.random(shape[0]) < 0.5)
        before = tags[:, place - 1]
        tags[goes_on, place] = (before + before % 2)[goes_on]
    return tags


def work(
    labels: list[list[int]], probs: list[NDArray[np.float64]], tokens: list[list[str]]
) -> list[tuple[str, Callable[[], object], Callable[[], object] | None]]:
    """List each piece of work: its name, how it is done here, and how by the reference."""
    reference = import_reference()
    n_classes = probs[0].shape[1]
    names = ["O", *(f"{letter}-{kind}" for kind in range((n_classes - 1) // 2) for letter in "BI")]
    inside, span_probs = [[int(code > 0) for code in codes] for codes in labels], [1 - table[:, 0] for table in probs]
    scores = sentence_quality_scores(labels, probs)
    by_sentence = [each.tolist() for each in scores.scores_by_sentence()]
    issues = token_issues_from_scores(scores, threshold=0.5)
    places = list(zip(issues.sentence_index.tolist(), issues.token_index.tolist(), strict=True))
    soft = {"sentence_score_method": "softmin"}
    return [
        ("token issues", lambda: find_token_issues(labels, probs), lambda: reference.find(labels, probs, n_jobs=1)),
        (
            "sentence scores, min",
            lambda: sentence_quality_scores(labels, probs),
            lambda: reference.score(labels, probs),
        ),
        (
            "sentence scores, softmin",
            lambda: sentence_quality_scores(labels, probs, aggregate="softmin"),
            lambda: reference.score(labels, probs, **soft),
        ),
        (
            "issues from scores",
            lambda: token_issues_from_scores(scores, threshold=0.5),
            lambda: reference.below(scores.sentence_scores, token_scores=by_sentence, threshold=0.5),
        ),
        (
            "common confusions",
            lambda: common_token_confusions(issues, tokens),
            lambda: reference.common(places, tokens, labels=labels, pred_probs=probs, verbose=False),
        ),
        (
            "binary span issues",
            lambda: find_binary_span_issues(inside, span_probs),
            lambda: reference.find_binary(inside, span_probs),
        ),
        (
            "binary span scores",
            lambda: binary_span_scores(inside, span_probs),
            lambda: reference.score_binary(inside, span_probs),
        ),
        ("most likely BIO tags", lambda: most_likely_tags(probs, class_names=names), None),
        ("span issues (BIO)", lambda: find_span_issues(labels, probs, class_names=names), None),
    ]


class Reference:
    """The functions of the reference by the names used here."""

    def __init__(self) -> None:
        tokens = "cleanlab.token_classification"
        spans = importlib.import_module("cleanlab.experimental.span_classification")
        self.find: Callable[..., Any] = importlib.import_module(f"{tokens}.filter").find_label_issues
        self.score: Callable[..., Any] = importlib.import_module(f"{tokens}.rank").get_label_quality_scores
        self.below: Callable[..., Any] = importlib.import_module(f"{tokens}.rank").issues_from_scores
        self.common: Callable[..., Any] = importlib.import_module(f"{tokens}.summary").common_label_issues
        self.find_binary: Callable[..., Any] = spans.find_label_issues
        self.score_binary: Callable[..., Any] = spans.get_label_quality_scores


def import_reference() -> Reference:
    """Import the reference without keeping the blanket warnings filter that it installs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Reference()


def median_cpu_seconds(do: Callable[[], object]) -> float:
    """Return the median CPU time of this process and those it starts; what is printed is thrown away."""
    seconds = []
    for _ in range(N_RUNS):
        started = cpu_seconds()
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            do()
        seconds.append(cpu_seconds() - started)
    return statistics.median(seconds)


def cpu_seconds() -> float:
    """Return the CPU time so far, of this process and those it started."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_mebibytes(do: Callable[[], object]) -> float:
    """Return the peak of memory allocated beside what was there before."""
    tracemalloc.start()
    do()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


if __name__ == "__main__":
    main(sys.argv[1:])
