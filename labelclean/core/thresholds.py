"""How sure of a class the model usually is: the confident thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import ClassArray, CodeArray, FloatArray, Label
from labelclean.core.checks import PROBABILITY_TOLERANCE, CheckedExamples, check_examples, refuse_bad_probabilities
from labelclean.core.chunks import BLOCK_ROWS
from labelclean.errors import ConfigError

__all__ = [
    "UNREACHED",
    "ThresholdSums",
    "check_thresholds",
    "confident_thresholds",
    "given_probabilities",
    "mean_self_confidence",
]

UNREACHED = 2.0
"""Threshold of a class that was never given: no probability reaches it."""

_FLOOR = 2e-6  # a class the model never believes in would otherwise count everything as confident
_PART_BITS = 30  # a probability is summed as two whole numbers of 30 bits each, so that sums are exact in any order


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ThresholdSums:
    """
    What one chunk of data says about the thresholds; chunks add up, in any order, to the same bits.

    Attributes
    ----------
    high, low : ndarray of int64, shape (n_classes,)
        Sum of self-confidence over the examples given each class, in units of 2**-30 and 2**-60.
    counts : ndarray of int64, shape (n_classes,)
        Number of examples given each class.

    Examples
    --------
    >>> first = ThresholdSums.partial(np.array([0, 1]), np.array([[0.5, 0.5], [0.25, 0.75]]))
    >>> second = ThresholdSums.partial(np.array([0]), np.array([[1.0, 0.0]]))
    >>> (first + second).finish()
    array([0.75, 0.75])
    """

    high: NDArray[np.int64]
    low: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def zero(cls, n_classes: int) -> Self:
        """Return the sums of no rows."""
        nothing = np.zeros(n_classes, dtype=np.int64)
        return cls(high=nothing, low=nothing, counts=nothing)

    @classmethod
    def partial(cls, labels: CodeArray, pred_probs: NDArray[np.floating]) -> Self:
        """Sum one chunk of at most 2**20 rows."""
        return cls.of_given(labels, given_probabilities(labels, pred_probs), pred_probs.shape[1])

    @classmethod
    def of_given(cls, labels: CodeArray, given: FloatArray, n_classes: int) -> Self:
        """Sum one chunk of at most 2**20 self-confidences."""
        scaled = given * 2.0**_PART_BITS
        high = np.floor(scaled)
        scaled -= high
        scaled *= 2.0**_PART_BITS
        low = np.floor(scaled, out=scaled)
        return cls(
            high=np.bincount(labels, weights=high, minlength=n_classes).astype(np.int64),
            low=np.bincount(labels, weights=low, minlength=n_classes).astype(np.int64),
            counts=np.bincount(labels, minlength=n_classes).astype(np.int64),
        )

    def __add__(self, other: Self) -> Self:
        """Join two chunks."""
        return type(self)(high=self.high + other.high, low=self.low + other.low, counts=self.counts + other.counts)

    def finish(self) -> ClassArray:
        """Turn sums into means, correctly rounded; see ``confident_thresholds``."""
        means = [
            ((high << _PART_BITS) + low) / (count << 2 * _PART_BITS) if count else UNREACHED
            for high, low, count in zip(self.high.tolist(), self.low.tolist(), self.counts.tolist(), strict=True)
        ]
        return np.maximum(np.array(means, dtype=np.float64), _FLOOR)


def confident_thresholds(
    labels: ArrayLike | Sequence[Label], pred_probs: ArrayLike, *, class_names: Sequence[Label] | None = None
) -> ClassArray:
    """
    Return the mean self-confidence of each class.

    A row counts as confidently of class j where its probability of j reaches the mean probability that rows given j
    have of j: so a class the model is often unsure of asks for less.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels: class codes, or labels of ``class_names``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    class_names : sequence of hashable, optional
        The class of each column.

    Returns
    -------
    ndarray of float64, shape (n_classes,)
        At least 2e-6. A class without rows gets 2, which no probability reaches.

    Raises
    ------
    InvalidInputError
        If shapes, types or values do not fit.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equation 2.

    Examples
    --------
    >>> confident_thresholds(np.array([0, 0, 1]), np.array([[0.5, 0.5], [1.0, 0.0], [0.25, 0.75]]))
    array([0.75, 0.75])
    """
    examples = check_examples(labels, pred_probs, class_names=class_names)
    refuse_bad_probabilities(examples.pred_probs)
    return mean_self_confidence(examples)[0]


def mean_self_confidence(examples: CheckedExamples) -> tuple[ClassArray, FloatArray]:
    """
    Return the thresholds, and on the way the self-confidence of each row.

    Parameters
    ----------
    examples : CheckedExamples
        Labels and probabilities whose shapes fit.

    Returns
    -------
    thresholds : ndarray of float64, shape (n_classes,)
        As ``confident_thresholds`` gives them.
    self_confidence : ndarray of float64, shape (n_examples,)
        The probability of each row's given label.

    Raises
    ------
    InvalidInputError
        If a probability that was read is none; others are not looked at.

    Examples
    --------
    >>> limits, given = mean_self_confidence(check_examples([0, 1], [[0.75, 0.25], [0.5, 0.5]]))
    >>> limits
    array([0.75, 0.5 ])
    """
    given = np.empty(examples.n_examples, dtype=np.float64)
    sums = ThresholdSums.zero(examples.n_classes)
    for start in range(0, examples.n_examples, BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        part = given_probabilities(examples.labels[rows], examples.pred_probs[rows])
        if not (part.min() >= -PROBABILITY_TOLERANCE and part.max() <= 1 + PROBABILITY_TOLERANCE):
            refuse_bad_probabilities(examples.pred_probs)
        given[rows] = part
        sums = sums + ThresholdSums.of_given(examples.labels[rows], part, examples.n_classes)
    return sums.finish(), given


def given_probabilities(labels: CodeArray, pred_probs: NDArray[np.floating]) -> FloatArray:
    """
    Return the probability of each row's given label, without looking at the rest.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        The table.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        One cell of each row.

    Examples
    --------
    >>> given_probabilities(np.array([1, 0]), np.array([[0.25, 0.75], [0.5, 0.5]]))
    array([0.75, 0.5 ])
    """
    n_examples, n_classes = pred_probs.shape
    if pred_probs.flags.c_contiguous:  # one index instead of two: three times as fast
        cells = np.arange(0, n_examples * n_classes, n_classes) + labels
        return pred_probs.reshape(-1).take(cells).astype(np.float64, copy=False)
    return pred_probs[np.arange(n_examples), labels].astype(np.float64, copy=False)


def check_thresholds(thresholds: ArrayLike, n_classes: int) -> ClassArray:
    """
    Refuse thresholds that do not fit; they are used as they are, without a floor.

    Parameters
    ----------
    thresholds : array-like of float, shape (n_classes,)
        One per class; above 1 = never reached.
    n_classes : int
        Number of classes.

    Returns
    -------
    ndarray of float64, shape (n_classes,)
        The thresholds.

    Raises
    ------
    ConfigError
        If there are too few or too many, or one is not a number.

    Examples
    --------
    >>> check_thresholds([0.5, 0.5], 2)
    array([0.5, 0.5])
    """
    try:
        limits = np.array(thresholds, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"thresholds must be {n_classes:,} numbers, one for each class; got something else.",
            fix="Leave them out to use the mean self-confidence of each class.",
        ) from error
    if limits.shape != (n_classes,) or np.isnan(limits).any():
        raise ConfigError(
            f"thresholds must be {n_classes:,} numbers, one for each class; got shape {limits.shape}"
            f"{' with NaN' if np.isnan(limits).any() else ''}.",
            fix="Leave them out to use the mean self-confidence of each class.",
        )
    return limits
