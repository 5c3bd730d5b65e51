"""One pass over the probabilities: what each row is confidently of, and whether it agrees with its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import ClassArray, CodeArray, FloatArray, MaskArray
from labelclean.core.checks import PROBABILITY_TOLERANCE, CheckedExamples, refuse_bad_probabilities
from labelclean.core.chunks import Chunking, read_rows

__all__ = ["NOT_CONFIDENT", "CountingRule", "RowScan", "scan_rows"]

CountingRule: TypeAlias = Literal["reference", "paper"]
"""Where a row is counted that is confident of several classes."""

NOT_CONFIDENT = -1
"""The guess for a row that reaches no class's threshold."""

_ROWS_AT_ONCE = 16_384
_CELLS_AT_ONCE = 1 << 17
_SLACK = 1e-6  # a probability this close to a threshold, or to the best class, counts as reaching it


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RowScan:
    """
    What one pass over the probabilities keeps of each row.

    Attributes
    ----------
    guesses : ndarray of int32, shape (n_examples,)
        The class each row is confidently estimated to be; -1 where it reaches no threshold.
    predicted : ndarray of int32, shape (n_examples,)
        The most likely class; the first of equals.
    agrees : ndarray of bool, shape (n_examples,)
        True where the given label is the most likely class (up to 1e-6; the first class wins ties).
    """

    guesses: NDArray[np.int32]
    predicted: NDArray[np.int32]
    agrees: MaskArray


def scan_rows(
    examples: CheckedExamples,
    thresholds: ClassArray,
    self_confidence: FloatArray,
    *,
    counting: CountingRule = "reference",
    chunking: Chunking,
) -> RowScan:
    """
    Estimate the true class of each row that is confident enough.

    A row that reaches exactly one threshold is counted for that class. For a row that reaches several, the paper
    takes the most likely of the classes reached; its reference implementation takes the most likely class of all,
    even where that one is below its own threshold. The latter is the default, so that results can be compared.

    Parameters
    ----------
    examples : CheckedExamples
        Labels and probabilities whose shapes fit.
    thresholds : ndarray of float64, shape (n_classes,)
        As ``confident_thresholds`` gives them.
    self_confidence : ndarray of float64, shape (n_examples,)
        The probability of each row's given label.
    counting : {"reference", "paper"}, default="reference"
        Where a row is counted that reaches several thresholds.
    chunking : Chunking
        How the rows are cut.

    Returns
    -------
    RowScan
        One guess, one most likely class and one agreement per row.

    Raises
    ------
    InvalidInputError
        If a value is no probability.

    Notes
    -----
    Only rows whose best class misses its own threshold while another might be reached are compared with all
    thresholds; the others are decided by their best class alone.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equation 1.

    Examples
    --------
    >>> from labelclean.core.checks import check_examples
    >>> examples = check_examples([0, 1], [[0.9, 0.1], [0.6, 0.4]])
    >>> scan_rows(examples, np.array([0.9, 0.4]), np.array([0.9, 0.4]), chunking=Chunking()).guesses
    array([0, 1], dtype=int32)
    """
    tops = _find_tops(examples.pred_probs, chunking)
    guesses = np.empty(examples.n_examples, dtype=np.int32)
    agrees = np.empty(examples.n_examples, dtype=np.bool_)
    reach = _Reach.of(thresholds, tops.probs.dtype)
    for start in range(0, examples.n_examples, _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        best, best_probs = tops.classes[rows], tops.probs[rows]
        reached = best_probs >= reach.of_class.take(best)
        guesses[rows] = np.where(reached, best, NOT_CONFIDENT)
        unclear = start + np.flatnonzero(~reached & (best_probs >= reach.smallest))
        if unclear.size:
            guesses[unclear] = _guess_unclear(examples.pred_probs, unclear, tops.classes, reach, counting)
        agrees[rows] = _agree(best, best_probs, examples.labels[rows], self_confidence[rows])
    return RowScan(guesses=guesses, predicted=tops.classes, agrees=agrees)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Tops:
    """The most likely class of each row, and its probability in the table's own precision."""

    classes: NDArray[np.int32]
    probs: NDArray[np.floating]


def _find_tops(pred_probs: NDArray[np.floating], chunking: Chunking) -> _Tops:
    """Read every value once; the only work done chunk by chunk, since each call costs as much as a few rows."""
    n_examples, n_classes = pred_probs.shape
    classes = np.empty(n_examples, dtype=np.int32)
    probs = np.empty(n_examples, dtype=read_rows(pred_probs, slice(0, 0)).dtype)

    def find(rows: slice) -> float:
        chunk = read_rows(pred_probs, rows)
        best = chunk.argmax(axis=1)
        classes[rows] = best
        best += np.arange(0, chunk.size, n_classes)
        chunk.reshape(-1).take(best, out=probs[rows], mode="clip")
        return float(chunk.min())

    lowest = min(chunking.each(find, pred_probs), default=0.0)
    # The largest value of a row with NaN is NaN, so no comparison with it holds.
    if not (lowest >= -PROBABILITY_TOLERANCE and probs.max(initial=0.0) <= 1 + PROBABILITY_TOLERANCE):
        refuse_bad_probabilities(pred_probs)
    return _Tops(classes=classes, probs=probs)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Reach:
    """The smallest value of the table's own precision that reaches each threshold, and the smallest of these."""

    of_class: NDArray[np.floating]
    smallest: float

    @classmethod
    def of(cls, thresholds: ClassArray, dtype: np.dtype[np.floating]) -> _Reach:
        exact = thresholds - _SLACK
        if dtype == np.float64:
            return cls(of_class=exact, smallest=float(exact.min()))
        # Comparing single with double precision is slow; rounded up, the comparison comes out the same.
        near = exact.astype(np.float32)
        above = np.where(near < exact, np.nextafter(near, np.float32(np.inf)), near)
        return cls(of_class=above, smallest=float(above.min()))


def _guess_unclear(
    pred_probs: NDArray[np.floating],
    rows: NDArray[np.intp],
    best: NDArray[np.int32],
    reach: _Reach,
    counting: CountingRule,
) -> NDArray[np.intp]:
    """Compare rows with all thresholds, few enough at a time to stay in the cache."""
    guesses = np.empty(len(rows), dtype=np.intp)
    n_rows = max(1, _CELLS_AT_ONCE // pred_probs.shape[1])
    for start in range(0, len(rows), n_rows):
        some = rows[start : start + n_rows]
        table = pred_probs[some].astype(reach.of_class.dtype, copy=False)
        passing = table >= reach.of_class
        row_of, class_of = np.divmod(np.flatnonzero(passing), pred_probs.shape[1])
        n_passing = np.bincount(row_of, minlength=len(some))
        only = np.full(len(some), NOT_CONFIDENT, dtype=np.intp)
        only[row_of] = class_of
        several = best[some] if counting == "reference" else np.where(passing, table, -np.inf).argmax(axis=1)
        guesses[start : start + n_rows] = np.where(n_passing > 1, several, only)
    return guesses


def _agree(
    best: NDArray[np.int32], best_probs: NDArray[np.floating], labels: CodeArray, self_confidence: FloatArray
) -> MaskArray:
    """Compare after adding the slack to the given class, in the table's own precision."""
    given = self_confidence.astype(best_probs.dtype) + best_probs.dtype.type(_SLACK)
    return np.asarray(
        (best == labels) | (given > best_probs) | ((given == best_probs) & (labels < best)), dtype=np.bool_
    )
