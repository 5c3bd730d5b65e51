"""Spans of one kind, given as the probability of each token to be inside one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from labelclean.arrays import FloatArray, ProbMatrix
from labelclean.config import FilterMethod
from labelclean.core.scores import ScoringMethod
from labelclean.errors import InvalidInputError
from labelclean.tasks.tokens.issues import find_token_issues
from labelclean.tasks.tokens.results import SentenceScores, TokenIssues
from labelclean.tasks.tokens.scores import SentenceScoreMethod, sentence_quality_scores
from labelclean.tasks.tokens.sentences import TokenLabels

__all__ = ["binary_span_scores", "find_binary_span_issues"]


def find_binary_span_issues(
    labels: TokenLabels,
    span_probs: Sequence[ArrayLike],
    *,
    filter_by: FilterMethod = "prune_by_noise_rate",
    frac_noise: float = 1.0,
    min_examples_per_class: int = 1,
    score_by: ScoringMethod = "self_confidence",
) -> TokenIssues:
    """
    Find the tokens that are probably wrongly inside or outside a span.

    Parameters
    ----------
    labels : sequence of sequences of int, length n_sentences
        1 for each token inside a span, 0 for each outside. A sentence may be empty.
    span_probs : sequence of array-likes of float, length n_sentences
        Held-out P(token is inside a span), 0 to 1, shape (n_tokens,) for each sentence.
    filter_by : {"prune_by_noise_rate", "prune_by_class", "both", "confident_learning", ...}
        Which tokens are flagged; see ``find_token_issues``.
    frac_noise : float, default=1.0
        Share of the estimated errors to flag, above 0 and at most 1.
    min_examples_per_class : int, default=1
        Tokens inside, and tokens outside, that are never flagged.
    score_by : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}, default="self_confidence"
        Score that orders the issues.

    Returns
    -------
    TokenIssues
        The flagged tokens, most suspect first; class 0 is outside, class 1 inside.

    Raises
    ------
    ConfigError
        If an option is outside its range.
    InvalidInputError
        If labels and probabilities do not fit each other.

    Examples
    --------
    >>> labels = [[0, 1, 1], [0, 0], [1]]
    >>> issues = find_binary_span_issues(labels, [[0.1, 0.9, 0.8], [0.9, 0.1], [0.9]])
    >>> issues.sentence_index, issues.token_index
    (array([1]), array([0]))
    """
    return find_token_issues(
        labels,
        _two_columns(span_probs),
        filter_by=filter_by,
        frac_noise=frac_noise,
        min_examples_per_class=min_examples_per_class,
        score_by=score_by,
    )


def binary_span_scores(
    labels: TokenLabels,
    span_probs: Sequence[ArrayLike],
    *,
    method: ScoringMethod = "self_confidence",
    aggregate: SentenceScoreMethod | Callable[[FloatArray], float] = "min",
    temperature: float = 0.05,
) -> SentenceScores:
    """
    Score every sentence by how well its spans fit the probabilities.

    Parameters
    ----------
    labels : sequence of sequences of int, length n_sentences
        1 for each token inside a span, 0 for each outside. A sentence may be empty.
    span_probs : sequence of array-likes of float, length n_sentences
        Held-out P(token is inside a span), 0 to 1, shape (n_tokens,) for each sentence.
    method : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}
        How each token is scored.
    aggregate : {"min", "softmin"} or callable, default="min"
        How the scores of its tokens become the score of a sentence; see ``sentence_quality_scores``.
    temperature : float, default=0.05
        Of the softmin, at least 0.

    Returns
    -------
    SentenceScores
        Scores of sentences and tokens. An empty sentence scores 1.

    Raises
    ------
    ConfigError
        If an option is unknown or outside its range.
    InvalidInputError
        If labels and probabilities do not fit each other.

    Examples
    --------
    >>> binary_span_scores([[0, 1], [1]], [[0.25, 0.5], [0.75]]).sentence_scores
    array([0.5 , 0.75])
    """
    return sentence_quality_scores(
        labels,
        _two_columns(span_probs),
        method=method,
        aggregate=aggregate,
        temperature=temperature,
    )


def _two_columns(span_probs: Sequence[ArrayLike]) -> list[ProbMatrix]:
    arrays = [np.asarray(each) for each in span_probs]
    bad = [sentence for sentence, array in enumerate(arrays) if array.ndim != 1]
    if bad:
        raise InvalidInputError(
            f"span_probs must be one flat list of numbers for each sentence; got shape {arrays[bad[0]].shape} in "
            f"sentence {bad[0]:,} ({len(bad):,} such sentences).",
            fix="Give the probability of being inside a span alone.",
        )
    lengths = [len(array) for array in arrays]
    flat = np.concatenate([array for array in arrays if len(array)]) if any(lengths) else np.empty(0)
    if flat.dtype.kind not in "fiub":
        raise InvalidInputError(f"span_probs must hold numbers; got values of type {flat.dtype}.")
    inside = flat if flat.dtype == np.float32 else flat.astype(np.float64)
    ends = np.cumsum(np.array(lengths, dtype=np.int64))
    return np.split(np.column_stack([1 - inside, inside]), ends[:-1]) if arrays else []
