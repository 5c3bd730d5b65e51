"""How well labels fit the held-out probabilities: token by token, and sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, ProbMatrix
from labelclean.core.chunks import row_chunks
from labelclean.core.scores import ScoringMethod, label_quality_scores
from labelclean.errors import ConfigError
from labelclean.tasks.tokens.results import SentenceScores
from labelclean.tasks.tokens.sentences import TokenLabels, TokenProbs, flatten_sentences

__all__ = ["SentenceScoreMethod", "best_classes", "join_token_scores", "sentence_quality_scores"]

SentenceScoreMethod: TypeAlias = Literal["min", "softmin"]
"""How the scores of its tokens become the score of a sentence."""


def sentence_quality_scores(
    labels: TokenLabels,
    pred_probs: TokenProbs,
    *,
    class_names: Sequence[Label] | None = None,
    method: ScoringMethod = "self_confidence",
    adjust_pred_probs: bool = False,
    aggregate: SentenceScoreMethod | Callable[[FloatArray], float] = "min",
    temperature: float = 0.05,
) -> SentenceScores:
    """
    Score every sentence by how well the labels of its tokens fit the probabilities.

    Parameters
    ----------
    labels : sequence of sequences, length n_sentences
        Labels of the tokens of each sentence: class codes 0 to n_classes - 1 or, with ``class_names``, names. A
        sentence may be empty.
    pred_probs : sequence of array-likes of float, length n_sentences
        For each sentence a table of held-out probabilities, shape (n_tokens, n_classes), 0 to 1.
    class_names : sequence of hashable, length n_classes, optional
        Name of each column of the probabilities.
    method : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}
        How each token is scored.
    adjust_pred_probs : bool, default=False
        Whether the scores see probabilities less each class's threshold. Not for "confidence_weighted_entropy".
    aggregate : {"min", "softmin"} or callable, default="min"
        How the scores of its tokens become the score of a sentence: the lowest one; an average in which low scores
        weigh most; or any function from an array of at least one score to a number.
    temperature : float, default=0.05
        Of the softmin, at least 0: towards 0 it becomes the lowest score, towards infinity the mean.

    Returns
    -------
    SentenceScores
        Scores of sentences and tokens. An empty sentence scores 1.

    Raises
    ------
    ConfigError
        If an option is unknown or outside its range.
    InvalidInputError
        If labels and probabilities do not fit each other; the message names the first sentence and token.

    Notes
    -----
    ``softmin(s) = sum_t s_t * w_t / sum_t w_t`` with ``w_t = exp((1 - s_t) / temperature)``.

    References
    ----------
    Wang & Mueller (2022), "Detecting Label Errors in Token Classification Data", arXiv:2210.03920: the lowest
    self-confidence finds sentences with errors best.

    Examples
    --------
    >>> scores = sentence_quality_scores([[0, 1], [1]], [[[0.9, 0.1], [0.25, 0.75]], [[0.5, 0.5]]])
    >>> scores.sentence_scores, scores.scores_by_sentence()
    (array([0.75, 0.5 ]), [array([0.9 , 0.75]), array([0.5])])
    """
    flat = flatten_sentences(labels, pred_probs, class_names=class_names)
    scores = label_quality_scores(flat.labels, flat.pred_probs, method=method, adjust_pred_probs=adjust_pred_probs)
    return SentenceScores(
        sentence_scores=join_token_scores(scores, flat.offsets, aggregate=aggregate, temperature=temperature),
        token_scores=scores,
        offsets=flat.offsets,
        given_labels=flat.labels,
        suggested_labels=best_classes(flat.pred_probs),
        class_names=flat.class_names,
    )


def join_token_scores(
    scores: FloatArray,
    offsets: IndexArray,
    *,
    aggregate: SentenceScoreMethod | Callable[[FloatArray], float] = "min",
    temperature: float = 0.05,
) -> FloatArray:
    """
    Join the scores of its tokens to one score for each sentence.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_tokens,)
        Scores of all tokens, sentence after sentence.
    offsets : ndarray of int64, shape (n_sentences + 1,)
        Sentence i has the tokens ``offsets[i]`` to ``offsets[i + 1]``, end exclusive.
    aggregate : {"min", "softmin"} or callable, default="min"
        See ``sentence_quality_scores``.
    temperature : float, default=0.05
        Of the softmin, at least 0; may be infinite.

    Returns
    -------
    ndarray of float64, shape (n_sentences,)
        0 to 1, low = suspect; 1 for an empty sentence.

    Raises
    ------
    ConfigError
        If the aggregate is unknown or the temperature below 0.

    Examples
    --------
    >>> join_token_scores(np.array([0.5, 0.25, 1.0]), np.array([0, 2, 2, 3]))
    array([0.25, 1.  , 1.  ])
    """
    if not (callable(aggregate) or aggregate in get_args(SentenceScoreMethod)):
        raise ConfigError(
            f"aggregate must be a function or one of {', '.join(get_args(SentenceScoreMethod))}; got {aggregate!r}."
        )
    if not temperature >= 0:
        raise ConfigError(f"temperature must be at least 0; got {temperature:g}.")
    joined = np.ones(len(offsets) - 1, dtype=np.float64)
    has_tokens = np.diff(offsets) > 0
    starts, ends = offsets[:-1][has_tokens], offsets[1:][has_tokens]
    if callable(aggregate):
        parts = [scores[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        joined[has_tokens] = [aggregate(part) for part in parts]
    elif starts.size:
        lowest = np.minimum.reduceat(scores, starts)
        is_lowest = aggregate == "min" or temperature == 0
        joined[has_tokens] = lowest if is_lowest else _softmin(scores, starts, ends - starts, lowest, temperature)
    return joined


def _softmin(
    scores: FloatArray, starts: IndexArray, lengths: IndexArray, lowest: FloatArray, temperature: float
) -> FloatArray:
    above = scores - np.repeat(lowest, lengths)  # all exponents are at most 0, and that of the lowest score is 0
    with np.errstate(over="ignore"):  # a temperature next to 0 leaves weight to the lowest scores alone
        weights = np.exp(-above / temperature)
    mean_above = np.add.reduceat(above * weights, starts) / np.add.reduceat(weights, starts)
    return np.asarray(lowest + mean_above, dtype=np.float64)


def best_classes(pred_probs: ProbMatrix) -> CodeArray:
    """
    Return the most likely class of each token.

    Parameters
    ----------
    pred_probs : ndarray of float, shape (n_tokens, n_classes)
        Probabilities.

    Returns
    -------
    ndarray of int64, shape (n_tokens,)
        Class codes; the first of equals.

    Examples
    --------
    >>> best_classes(np.array([[0.25, 0.75], [0.5, 0.5]]))
    array([1, 0])
    """
    best = np.empty(len(pred_probs), dtype=np.int64)
    for rows in row_chunks(pred_probs):  # NumPy copies a read-only array for this, so that it had better be small
        best[rows] = pred_probs[rows].argmax(axis=1)
    return best
