"""What chunks of rows say about each class against the rest: sums that are exact, so that they join in any order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray, ProbMatrix
from labelclean.core.thresholds import UNREACHED
from labelclean.tasks.multi_label.blocks import class_rows

__all__ = ["BinaryJointSums", "BinaryThresholdSums"]

StateSums = NDArray[np.int64]
"""One whole number per class and state, shape (n_classes, 2): index 0 = absent, 1 = present."""

BoolTable = NDArray[np.bool_]

_FLOOR = 2e-6  # the core's floor: a class the model never believes in must not count everything as confident
_SLACK = 1e-6  # a probability this close to its threshold counts as reaching it, as in the core
_PART_BITS = 30  # a probability is summed as two whole numbers of 30 bits each
_EVEN = 0.5  # the point where present becomes likelier than absent


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class BinaryThresholdSums:
    """
    Mean self-confidence of each class's two states, as sums that add up to the same bits in any order.

    Attributes
    ----------
    high, low : ndarray of int64, shape (n_classes, 2)
        Sum of the class's probability over the rows not given it (0) and given it (1), in units of 2**-30 and 2**-60.
    counts : ndarray of int64, shape (n_classes, 2)
        Number of those rows.
    """

    high: StateSums
    low: StateSums
    counts: StateSums

    @classmethod
    def nothing(cls, n_classes: int) -> Self:
        """Return the sums of no rows."""
        zeros = np.zeros((n_classes, 2), dtype=np.int64)
        return cls(high=zeros, low=zeros, counts=zeros)

    @classmethod
    def partial(cls, present: BoolTable, pred_probs: ProbMatrix) -> Self:
        """
        Sum one chunk.

        Parameters
        ----------
        present : ndarray of bool, shape (n_rows, n_classes)
            True where the class was given; at most 2**20 rows.
        pred_probs : ndarray of float, shape (n_rows, n_classes)
            Their probabilities, checked.

        Returns
        -------
        BinaryThresholdSums
            The sums of these rows.
        """
        given = np.ascontiguousarray(present.T)
        scaled = class_rows(pred_probs) * 2.0**_PART_BITS
        high = np.floor(scaled)
        scaled -= high
        scaled *= 2.0**_PART_BITS
        low = np.floor(scaled, out=scaled)
        weights = given.astype(np.float64)
        n_given = _count(given)
        return cls(
            high=_by_state(high, weights),
            low=_by_state(low, weights),
            counts=np.stack([given.shape[1] - n_given, n_given], axis=1),
        )

    def __add__(self, other: BinaryThresholdSums) -> BinaryThresholdSums:
        """Join two chunks."""
        return BinaryThresholdSums(
            high=self.high + other.high, low=self.low + other.low, counts=self.counts + other.counts
        )

    def finish(self) -> FloatArray:
        """
        Turn sums into mean self-confidence, correctly rounded.

        Returns
        -------
        ndarray of float64, shape (n_classes, 2)
            ``t[k, 1]`` is the mean probability of class k over the rows given it, ``t[k, 0]`` the mean of 1 minus it
            over the other rows. At least 2e-6; a state without rows gets 2, which nothing reaches.
        """
        totals = [(int(high) << _PART_BITS) + int(low) for high, low in zip(self.high.flat, self.low.flat, strict=True)]
        counts = [int(count) << 2 * _PART_BITS for count in self.counts.flat]
        own = [total if at % 2 else count - total for at, (total, count) in enumerate(zip(totals, counts, strict=True))]
        means = [total / count if count else UNREACHED for total, count in zip(own, counts, strict=True)]
        return np.maximum(np.array(means, dtype=np.float64).reshape(self.counts.shape), _FLOOR)


def _by_state(whole_numbers: FloatArray, given: FloatArray) -> StateSums:
    """Sum each class's line over the rows not given and given it; whole numbers below 2**53 in every step."""
    present = np.vecdot(whole_numbers, given)
    return np.stack([whole_numbers.sum(axis=1) - present, present], axis=1).astype(np.int64)


def _count(mask: BoolTable) -> NDArray[np.int64]:
    """Count the true cells of each line; several times faster than count_nonzero along an axis."""
    return np.asarray(mask.view(np.uint8).sum(axis=1, dtype=np.uint32), dtype=np.int64)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class BinaryJointSums:
    """
    Each class's given state against its confidently estimated true state.

    Attributes
    ----------
    counts : ndarray of int64, shape (n_classes, 2, 2)
        Number of rows, indexed [class, given, true]; 0 = absent, 1 = present.
    """

    counts: NDArray[np.int64]

    @classmethod
    def nothing(cls, n_classes: int) -> Self:
        """Return the counts of no rows."""
        return cls(counts=np.zeros((n_classes, 2, 2), dtype=np.int64))

    @classmethod
    def partial(cls, present: BoolTable, pred_probs: ProbMatrix, thresholds: FloatArray) -> Self:
        """
        Count one chunk.

        A row counts for the state whose threshold it reaches; for the likelier state (absent, if even) where it
        reaches both; not at all where it reaches none.

        Parameters
        ----------
        present : ndarray of bool, shape (n_rows, n_classes)
            True where the class was given.
        pred_probs : ndarray of float, shape (n_rows, n_classes)
            Their probabilities, checked.
        thresholds : ndarray of float64, shape (n_classes, 2)
            As ``BinaryThresholdSums.finish`` gives them.

        Returns
        -------
        BinaryJointSums
            The counts of these rows.
        """
        given = np.ascontiguousarray(present.T)
        probs = class_rows(pred_probs)
        reach = thresholds[:, :, np.newaxis] - _SLACK
        reaches_absent = (1.0 - probs) >= reach[:, 0]
        reaches_present = probs >= reach[:, 1]
        is_likely = probs > _EVEN
        truly_present = reaches_present & (is_likely | ~reaches_absent)
        truly_absent = reaches_absent & ~(reaches_present & is_likely)
        counts = np.empty((len(probs), 2, 2), dtype=np.int64)
        for true, guessed in enumerate((truly_absent, truly_present)):
            counts[:, 1, true] = _count(guessed & given)
            counts[:, 0, true] = _count(guessed) - counts[:, 1, true]
        return cls(counts=counts)

    def __add__(self, other: BinaryJointSums) -> BinaryJointSums:
        """Join two chunks."""
        return BinaryJointSums(counts=self.counts + other.counts)

    def finish(self) -> NDArray[np.int64]:
        """
        Give each state at least one row that is right, as the core does.

        Returns
        -------
        ndarray of int64, shape (n_classes, 2, 2)
            The raw confident joints, indexed [class, given, true]; both diagonal cells are at least 1.
        """
        return np.maximum(self.counts, np.eye(2, dtype=np.int64))
