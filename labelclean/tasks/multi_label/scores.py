"""How well each label, and each whole label set, fits the held-out probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import FloatArray, Label, ProbMatrix
from labelclean.core.chunks import CHUNK_BYTES
from labelclean.errors import ConfigError
from labelclean.tasks.multi_label.aggregation import Aggregation, aggregator
from labelclean.tasks.multi_label.blocks import as_table, checked_blocks
from labelclean.tasks.multi_label.label_sets import LabelFormat, LabelSets, MultiLabels, read_label_sets
from labelclean.tasks.multi_label.sums import BinaryThresholdSums

__all__ = ["ClassScore", "multi_label_class_scores", "multi_label_quality_scores"]

ClassScore = Literal["self_confidence", "normalized_margin", "confidence_weighted_entropy"]

_SMALLEST = 1e-6  # the core's clip: keeps quotients finite

_TINY = 1e-300  # its logarithm is finite, and it vanishes against any other probability

_ScoreRule: TypeAlias = Callable[[FloatArray], FloatArray]
"""From the probability of the given state to a score."""


def multi_label_class_scores(
    labels: MultiLabels,
    pred_probs: ArrayLike,
    *,
    label_format: LabelFormat = "sets",
    class_names: Sequence[Label] | None = None,
    method: ClassScore = "self_confidence",
    adjust_pred_probs: bool = False,
    chunk_bytes: int = CHUNK_BYTES,
) -> NDArray[np.float64]:
    """
    Score every cell: how well it fits that this class is given to, or kept from, this example.

    Parameters
    ----------
    labels : list of sets, array-like, or sparse matrix; n_examples rows
        Given label sets; see ``read_label_sets``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities that each class applies, 0 to 1.
    label_format : {"sets", "one_hot", "csr"}, default="sets"
        The form of ``labels``.
    class_names : sequence of hashable, length n_classes, default=None
        Names of the columns; with "sets" the sets then hold names.
    method : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}, default="self_confidence"
        The score of one cell; see Notes.
    adjust_pred_probs : bool, default=False
        Take each state's confident threshold from its probability first, so that rare classes are not scored lower
        only because the model is less sure of them. Not with "confidence_weighted_entropy".
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        0 to 1; low = suspect.

    Raises
    ------
    ConfigError, InvalidInputError
        If an option, the labels or the probabilities do not fit.

    Notes
    -----
    With s the probability of the given state (p where the class is given, 1 - p where not): ``self_confidence`` is s;
    ``normalized_margin`` is ``(s - (1 - s) + 1) / 2``, which for two states is s again, up to rounding;
    ``confidence_weighted_entropy`` is ``log(q + 1) / q`` with ``q = H(p) / log(2) / s``. Adjusted, s becomes
    ``(s - t + m) / (1 - t - t' + 2 m)`` with t and t' the thresholds of the given and the other state and m the larger
    one; a class with only one state in the data is not adjusted.

    References
    ----------
    Kuan & Mueller (2022), "Model-agnostic label quality scoring to detect real-world label errors".

    Examples
    --------
    >>> multi_label_class_scores([[1], [0, 2]], [[0.1, 0.9, 0.1], [0.4, 0.1, 0.9]])
    array([[0.9, 0.9, 0.9],
           [0.4, 0.9, 0.9]])
    """
    probs = as_table(pred_probs)
    label_sets = read_label_sets(labels, *probs.shape, label_format=label_format, class_names=class_names)
    scores = np.empty(probs.shape, dtype=np.float64)
    for rows, block in _scored_blocks(label_sets, probs, method, adjust_pred_probs, chunk_bytes):
        scores[rows] = block
    return scores


def multi_label_quality_scores(
    labels: MultiLabels,
    pred_probs: ArrayLike,
    *,
    label_format: LabelFormat = "sets",
    class_names: Sequence[Label] | None = None,
    method: ClassScore = "self_confidence",
    adjust_pred_probs: bool = False,
    aggregate_by: Aggregation = "exponential_moving_average",
    alpha: float | None = 0.8,
    temperature: float = 0.1,
    chunk_bytes: int = CHUNK_BYTES,
) -> FloatArray:
    """
    Score every example: how well its whole label set fits.

    Each class's score is computed first, then the scores of a row are joined so that the worst count most.

    Parameters
    ----------
    labels : list of sets, array-like, or sparse matrix; n_examples rows
        Given label sets; see ``read_label_sets``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities that each class applies, 0 to 1.
    label_format : {"sets", "one_hot", "csr"}, default="sets"
        The form of ``labels``.
    class_names : sequence of hashable, length n_classes, default=None
        Names of the columns; with "sets" the sets then hold names.
    method : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}, default="self_confidence"
        The score of one cell; see ``multi_label_class_scores``.
    adjust_pred_probs : bool, default=False
        Take the confident thresholds off first; see ``multi_label_class_scores``.
    aggregate_by : {"exponential_moving_average", "softmin"} or callable, default="exponential_moving_average"
        How the scores of a row are joined. A callable is called with a table of scores, one row per example, and
        ``axis=1``, and returns one number per row; it sees some rows at a time.
    alpha : float or None, default=0.8
        Weight of the next worse score in the moving average, 0 to 1; None means ``2 / (n_classes + 1)``.
    temperature : float, default=0.1
        Of softmin, above 0: the lower, the more the worst score alone counts.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        0 to 1; low = suspect.

    Raises
    ------
    ConfigError, InvalidInputError
        If an option, the labels or the probabilities do not fit.

    References
    ----------
    Thyagarajan et al. (2022), "Identifying Incorrect Annotations in Multi-Label Classification Data",
    arXiv:2211.13895.

    Examples
    --------
    >>> multi_label_quality_scores([[1], [0, 2]], [[0.1, 0.9, 0.1], [0.4, 0.1, 0.9]])
    array([0.9, 0.5])
    """
    join = aggregator(aggregate_by, alpha=alpha, temperature=temperature)
    probs = as_table(pred_probs)
    label_sets = read_label_sets(labels, *probs.shape, label_format=label_format, class_names=class_names)
    scores = np.empty(len(probs), dtype=np.float64)
    for rows, block in _scored_blocks(label_sets, probs, method, adjust_pred_probs, chunk_bytes):
        scores[rows] = join(block)
    return scores


def _scored_blocks(
    label_sets: LabelSets, pred_probs: ProbMatrix, method: ClassScore, adjust: bool, chunk_bytes: int
) -> Iterator[tuple[slice, FloatArray]]:
    """Yield the scores of some rows at a time, shape (n_rows, n_classes), contiguous."""
    if method not in get_args(ClassScore):
        raise ConfigError(
            f"method must be one of {', '.join(get_args(ClassScore))}; got {method!r}.",
            fix="Leave it out to use the default.",
        )
    if adjust and method == "confidence_weighted_entropy":
        raise ConfigError("adjust_pred_probs must be False with confidence_weighted_entropy; got True.")
    thresholds = _thresholds(label_sets, pred_probs, chunk_bytes) if adjust else None
    for rows, block in checked_blocks(pred_probs, chunk_bytes=chunk_bytes):
        given = np.ascontiguousarray(label_sets.by_class[:, rows].T)
        own = _distance(block, ~given)
        if thresholds is not None:
            own = _adjusted(own, given, thresholds)
        yield rows, np.ascontiguousarray(_RULES[method](own))


def _distance(probs: FloatArray, state: NDArray[np.bool_]) -> FloatArray:
    """Return p where the state is 0 and 1 - p where it is 1: for the state not given, the self-confidence."""
    distance = np.subtract(probs, state)
    return np.abs(distance, out=distance)


def _thresholds(label_sets: LabelSets, pred_probs: ProbMatrix, chunk_bytes: int) -> FloatArray:
    """Return the confident thresholds; equal ones, which adjust nothing, where a class has only one state."""
    sums = BinaryThresholdSums.nothing(label_sets.n_classes)
    for rows, block in checked_blocks(pred_probs, chunk_bytes=chunk_bytes):
        sums = sums + BinaryThresholdSums.partial(label_sets.by_class[:, rows].T, block)
    has_both = np.all(sums.counts > 0, axis=1, keepdims=True)
    return np.where(has_both, sums.finish(), 0.0)


def _adjusted(own: FloatArray, given: NDArray[np.bool_], thresholds: FloatArray) -> FloatArray:
    absent, present = thresholds.T
    larger = np.maximum(absent, present)
    adjusted = own - np.where(given, present, absent)
    return np.asarray((adjusted + larger) / (1.0 - absent - present + 2.0 * larger))


def _self_confidence(own: FloatArray) -> FloatArray:
    return own


def _normalized_margin(own: FloatArray) -> FloatArray:
    return (own - (1.0 - own) + 1.0) / 2.0


def _confidence_weighted_entropy(own: FloatArray) -> FloatArray:
    ratio = (_information(own) + _information(1.0 - own)) / np.maximum(own, _SMALLEST)
    return np.asarray(np.log(ratio + 1.0) / np.maximum(ratio, _SMALLEST))


def _information(probs: FloatArray) -> FloatArray:
    """Return ``-p log2(p)``, 0 for 0; a tenth of the time of xlogy."""
    return np.asarray(np.maximum(probs, 0.0) * -np.log2(np.maximum(probs, _TINY)))


_RULES: dict[ClassScore, _ScoreRule] = {
    "self_confidence": _self_confidence,
    "normalized_margin": _normalized_margin,
    "confidence_weighted_entropy": _confidence_weighted_entropy,
}
