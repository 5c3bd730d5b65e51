"""How sure of a class the model usually is: the confident thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import ClassArray, CodeArray, ProbMatrix
from labelclean.core.chunks import CHUNK_BYTES, row_chunks
from labelclean.core.scores import self_confidence

__all__ = ["UNREACHED", "ThresholdSums", "confident_thresholds"]

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
    """

    high: NDArray[np.int64]
    low: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def partial(cls, labels: CodeArray, pred_probs: ProbMatrix) -> Self:
        """Sum one chunk of at most 2**20 rows."""
        n_classes = pred_probs.shape[1]
        scaled = self_confidence(labels, pred_probs) * 2.0**_PART_BITS
        high = np.floor(scaled)
        low = np.floor((scaled - high) * 2.0**_PART_BITS)
        return cls(
            high=np.bincount(labels, weights=high, minlength=n_classes).astype(np.int64),
            low=np.bincount(labels, weights=low, minlength=n_classes).astype(np.int64),
            counts=np.bincount(labels, minlength=n_classes).astype(np.int64),
        )

    def __add__(self, other: ThresholdSums) -> ThresholdSums:
        """Join two chunks."""
        return ThresholdSums(high=self.high + other.high, low=self.low + other.low, counts=self.counts + other.counts)

    def finish(self) -> ClassArray:
        """Turn sums into means, correctly rounded; see ``confident_thresholds``."""
        means = [
            ((int(high) << _PART_BITS) + int(low)) / (int(count) << 2 * _PART_BITS) if count else UNREACHED
            for high, low, count in zip(self.high, self.low, self.counts, strict=True)
        ]
        return np.maximum(np.array(means, dtype=np.float64), _FLOOR)


def confident_thresholds(labels: CodeArray, pred_probs: ProbMatrix, *, chunk_bytes: int = CHUNK_BYTES) -> ClassArray:
    """
    Return the mean self-confidence of each class.

    A row counts as confidently of class j where its probability of j reaches the mean probability that rows given j
    have of j: so a class the model is often unsure of asks for less.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    ndarray of float64, shape (n_classes,)
        At least 2e-6. A class without rows gets 2, which no probability reaches.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equation 2.

    Examples
    --------
    >>> confident_thresholds(np.array([0, 0, 1]), np.array([[0.5, 0.5], [1.0, 0.0], [0.25, 0.75]]))
    array([0.75, 0.75])
    """
    n_classes = pred_probs.shape[1]
    nothing = np.zeros(n_classes, dtype=np.int64)
    sums = ThresholdSums(high=nothing, low=nothing, counts=nothing)
    for rows in row_chunks(pred_probs, chunk_bytes=chunk_bytes):
        sums = sums + ThresholdSums.partial(labels[rows], pred_probs[rows])
    return sums.finish()
