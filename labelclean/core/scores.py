"""How well each given label fits the held-out probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from labelclean.arrays import ClassArray, CodeArray, FloatArray, Label
from labelclean.core.checks import CheckedExamples, check_examples, check_pred_probs, refuse_bad_probabilities
from labelclean.core.chunks import CHUNK_BYTES, Chunking, read_rows
from labelclean.core.thresholds import check_thresholds, given_probabilities, mean_self_confidence
from labelclean.errors import ConfigError

__all__ = [
    "ScoringMethod",
    "adjusted_pred_probs",
    "check_scoring",
    "confidence_weighted_entropy",
    "label_quality_scores",
    "normalized_margin",
    "score_examples",
    "self_confidence",
]

ScoringMethod: TypeAlias = Literal["self_confidence", "normalized_margin", "confidence_weighted_entropy"]
"""A rule that turns a label and probabilities into a score."""

_SMALLEST = 1e-6  # a self-confidence below this counts as this, so that a ratio stays finite


def label_quality_scores(
    labels: ArrayLike | Sequence[Label],
    pred_probs: ArrayLike,
    *,
    class_names: Sequence[Label] | None = None,
    method: ScoringMethod = "self_confidence",
    adjust_pred_probs: bool = False,
    chunk_bytes: int = CHUNK_BYTES,
    n_threads: int | None = None,
) -> FloatArray:
    """
    Score how well each given label fits the held-out probabilities.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels: class codes, or labels of ``class_names``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    class_names : sequence of hashable, optional
        The class of each column.
    method : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}, default="self_confidence"
        The rule.
    adjust_pred_probs : bool, default=False
        Whether each class's confident threshold is taken off first, so that classes the model is generally unsure of
        are not all suspect; see ``adjusted_pred_probs``. Not for "confidence_weighted_entropy".
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.
    n_threads : int, optional
        Threads; by default one for every 10 million cells. The result does not depend on it.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        0 to 1; low = suspect.

    Raises
    ------
    ConfigError
        If an option is none of those allowed, or two do not go together.
    InvalidInputError
        If shapes, types or values do not fit.

    References
    ----------
    Kuan & Mueller (2022), "Model-agnostic label quality scoring to detect real-world label errors", section 3.

    Examples
    --------
    >>> label_quality_scores(["ham", "spam"], [[0.9, 0.1], [0.7, 0.3]])
    array([0.9, 0.3])
    >>> label_quality_scores([0, 1], [[0.9, 0.1], [0.7, 0.3]], method="normalized_margin")
    array([0.9, 0.3])
    """
    check_scoring(method, adjust_pred_probs=adjust_pred_probs)
    examples = check_examples(labels, pred_probs, class_names=class_names)
    refuse_bad_probabilities(examples.pred_probs)
    chunking = Chunking(chunk_bytes=chunk_bytes, n_threads=n_threads)
    thresholds = mean_self_confidence(examples)[0] if adjust_pred_probs else None
    return score_examples(examples, method=method, thresholds=thresholds, chunking=chunking)


def check_scoring(method: str, *, adjust_pred_probs: bool) -> None:
    """
    Refuse a scoring rule that does not exist or cannot be adjusted.

    Parameters
    ----------
    method : str
        The rule.
    adjust_pred_probs : bool
        Whether thresholds are to be taken off first.

    Returns
    -------
    None
        If the two go together.

    Raises
    ------
    ConfigError
        If they do not.

    Examples
    --------
    >>> check_scoring("self_confidence", adjust_pred_probs=True)
    """
    if method not in get_args(ScoringMethod):
        raise ConfigError(
            f"The scoring method must be one of {', '.join(get_args(ScoringMethod))}; got {method!r}.",
            fix="Leave it out to use self_confidence.",
        )
    if adjust_pred_probs and method == "confidence_weighted_entropy":
        raise ConfigError(
            "adjust_pred_probs must not be used with confidence_weighted_entropy: adjusted values have no entropy.",
            fix="Use self_confidence or normalized_margin, or leave adjust_pred_probs out.",
        )


def score_examples(
    examples: CheckedExamples, *, method: ScoringMethod, thresholds: ClassArray | None = None, chunking: Chunking
) -> FloatArray:
    """
    Score checked examples, chunk by chunk.

    Parameters
    ----------
    examples : CheckedExamples
        Labels and probabilities whose values are probabilities.
    method : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}
        The rule.
    thresholds : ndarray of float64, shape (n_classes,), optional
        Confident thresholds to take off first; without them nothing is adjusted.
    chunking : Chunking
        How the rows are cut.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        0 to 1; low = suspect.

    Examples
    --------
    >>> score_examples(check_examples([0], [[0.75, 0.25]]), method="self_confidence", chunking=Chunking())
    array([0.75])
    """
    if method == "self_confidence" and thresholds is None:
        return kept_in_range(given_probabilities(examples.labels, examples.pred_probs))
    rule = {
        "self_confidence": given_probabilities,
        "normalized_margin": _margins,
        "confidence_weighted_entropy": _weighted_entropies,
    }[method]
    scores = np.empty(examples.n_examples, dtype=np.float64)

    def score(rows: slice) -> None:
        probs = read_rows(examples.pred_probs, rows).astype(np.float64)
        scores[rows] = rule(examples.labels[rows], probs if thresholds is None else _adjusted(probs, thresholds))

    for _ in chunking.each(score, examples.pred_probs):
        pass
    return kept_in_range(scores)


def kept_in_range(scores: FloatArray) -> FloatArray:
    """Put scores that rounding carried below 0 or above 1 back to 0 or 1, in place."""
    return np.clip(scores, 0.0, 1.0, out=scores)


def self_confidence(labels: ArrayLike | Sequence[Label], pred_probs: ArrayLike) -> FloatArray:
    """
    Return the probability of each row's given label.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        0 to 1; low = suspect.

    Examples
    --------
    >>> self_confidence(np.array([1, 0]), np.array([[0.25, 0.75], [0.5, 0.5]]))
    array([0.75, 0.5 ])
    """
    return label_quality_scores(labels, pred_probs, method="self_confidence")


def normalized_margin(labels: ArrayLike | Sequence[Label], pred_probs: ArrayLike) -> FloatArray:
    """
    Return how far the given label is ahead of the best other class.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        ``(p_given - p_best_other + 1) / 2``, 0 to 1; low = suspect, below 0.5 = another class is ahead. With only
        one class there is no other, and its probability counts as 0.

    Examples
    --------
    >>> normalized_margin(np.array([1, 0]), np.array([[0.25, 0.75], [0.5, 0.5]]))
    array([0.75, 0.5 ])
    """
    return label_quality_scores(labels, pred_probs, method="normalized_margin")


def confidence_weighted_entropy(labels: ArrayLike | Sequence[Label], pred_probs: ArrayLike) -> FloatArray:
    """
    Return how unsure the model is, weighed by how little it believes in the given label.

    With ``q = H(p) / log(n_classes) / p_given`` (entropy H in nats, self-confidence at least 1e-6) the score is
    ``log(1 + q) / q``, and 1 where q is 0.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        Above 0 and at most 1; low = suspect. A row that is sure of one class has no entropy and scores 1, whichever
        class it was given: use another score where models are that sure.

    Notes
    -----
    The reference gives such rows 0, the worst score, although the limit is 1.

    References
    ----------
    Kuan & Mueller (2022), "Model-agnostic label quality scoring to detect real-world label errors", section 3.

    Examples
    --------
    >>> confidence_weighted_entropy([0, 1], [[0.5, 0.5], [1.0, 0.0]]).round(3)
    array([0.549, 1.   ])
    """
    return label_quality_scores(labels, pred_probs, method="confidence_weighted_entropy")


def adjusted_pred_probs(pred_probs: ArrayLike, thresholds: ArrayLike) -> NDArray[np.float64]:
    """
    Take each class's confident threshold off its probabilities.

    Parameters
    ----------
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    thresholds : array-like of float, shape (n_classes,)
        As ``confident_thresholds`` gives them; above 1 = the class was never given, and counts as if it had the
        largest of the others.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        ``p - t + max(t)``, each row divided by its sum; 0 to 1.

    Raises
    ------
    ConfigError
        If there is not one threshold for each class.
    InvalidInputError
        If shapes, types or values of the probabilities do not fit.

    Notes
    -----
    The reference lets the threshold 2 of a class that was never given into the maximum, which flattens all scores.

    Examples
    --------
    >>> adjusted_pred_probs([[0.75, 0.25]], [0.75, 0.25])
    array([[0.5, 0.5]])
    """
    probs = check_pred_probs(pred_probs)
    refuse_bad_probabilities(probs)
    return _adjusted(probs.astype(np.float64), check_thresholds(thresholds, probs.shape[1]))


def _adjusted(probs: NDArray[np.float64], thresholds: ClassArray) -> NDArray[np.float64]:
    largest = thresholds[thresholds <= 1.0].max(initial=0.0)
    shifted = probs - np.minimum(thresholds, largest) + largest
    sums = shifted.sum(axis=1, keepdims=True)
    shares: NDArray[np.float64] = np.divide(
        shifted, sums, out=np.full_like(shifted, 1.0 / probs.shape[1]), where=sums > 0
    )
    return shares


def _margins(labels: CodeArray, probs: NDArray[np.float64]) -> FloatArray:
    given = given_probabilities(labels, probs)
    if probs.shape[1] == 1:
        return (given + 1.0) / 2.0
    others = probs.copy()
    others[np.arange(len(others)), labels] = -np.inf
    return np.asarray((given - others.max(axis=1) + 1.0) / 2.0)


def _weighted_entropies(labels: CodeArray, probs: NDArray[np.float64]) -> FloatArray:
    if probs.shape[1] == 1:
        return np.ones(len(labels))
    clipped = np.clip(probs, 0.0, 1.0)
    entropies = np.maximum(-xlogy(clipped, clipped).sum(axis=1) / np.log(probs.shape[1]), 0.0)
    ratios = entropies / np.maximum(given_probabilities(labels, probs), _SMALLEST)
    scores: FloatArray = np.divide(np.log1p(ratios), ratios, out=np.ones_like(ratios), where=ratios > 0)
    return scores
