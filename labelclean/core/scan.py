"""One pass over the probabilities: what each row is confidently of, and whether it agrees with its label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import ClassArray, CodeArray, FloatArray
from labelclean.config import CountingRule
from labelclean.core.checks import PROBABILITY_TOLERANCE, CheckedExamples, refuse_bad_probabilities
from labelclean.core.chunks import Chunking, read_rows, row_chunks, take_rows

__all__ = ["NOT_CONFIDENT", "RowScan", "scan_rows"]

NOT_CONFIDENT = -1
"""The guess for a row that reaches no class's threshold."""

_HIGHEST = 1.0 + PROBABILITY_TOLERANCE
_CELLS_AT_ONCE = 1 << 17
_SLACK = 1e-6  # a probability this close to a threshold, or to the best class, counts as reaching it


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RowScan:
    """
    What one pass over the probabilities keeps of each row, in the smallest type that holds all class codes.

    Attributes
    ----------
    guesses : ndarray of int8, int16 or int32, shape (n_examples,)
        The class each row is confidently estimated to be; -1 where it reaches no threshold.
    suggested : ndarray of int8, int16 or int32, shape (n_examples,)
        The most likely class, the first of equals; the given label where that one is at most 1e-6 behind.
    """

    guesses: NDArray[np.signedinteger]
    suggested: NDArray[np.signedinteger]


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
        One guess and one suggestion per row.

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
    array([0, 1], dtype=int8)
    """
    compact = _code_type(examples.n_classes)
    guesses = np.empty(examples.n_examples, dtype=compact)
    suggested = np.empty(examples.n_examples, dtype=compact)
    reach = _Reach.of(thresholds, read_rows(examples.pred_probs, slice(0, 0)).dtype)

    def scan(rows: slice) -> bool:
        table = examples.pred_probs[rows]
        tops = _Tops.of(table, chunking.chunk_bytes)
        guesses[rows] = _guess(table, tops, reach, counting)
        suggested[rows] = _suggest(tops, examples.labels[rows], self_confidence[rows])
        return tops.are_probabilities

    if not all(list(chunking.each_block(scan, examples.pred_probs))):
        refuse_bad_probabilities(examples.pred_probs)
    return RowScan(guesses=guesses, suggested=suggested)


def _code_type(n_classes: int) -> type[np.signedinteger]:
    return next(kind for kind in (np.int8, np.int16, np.int32) if n_classes <= np.iinfo(kind).max)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Tops:
    """The most likely class of each row of a block, and its probability in single or double precision."""

    classes: NDArray[np.intp]
    probs: NDArray[np.floating]
    are_probabilities: bool

    @classmethod
    def of(cls, table: NDArray[np.floating], chunk_bytes: int) -> _Tops:
        """
        Read every value once; nothing else is done chunk by chunk, since a call costs as much as many rows.

        Floating-point numbers of 0 or more are in the order of their bits read as whole numbers, and NaN and numbers
        with a minus sign come after all of them. So the largest bits show the most likely class, or else that a value
        of the row needs a closer look; a pass over the values to find negative ones is saved.
        """
        n_rows, n_classes = table.shape
        classes = np.empty(n_rows, dtype=np.intp)
        probs = np.empty(n_rows, dtype=read_rows(table, slice(0, 0)).dtype)
        bits = np.dtype(f"u{probs.itemsize}")
        firsts = np.arange(0, n_rows * n_classes, n_classes)
        for rows in row_chunks(table, chunk_bytes=chunk_bytes):
            chunk, best = read_rows(table, rows), classes[rows]
            chunk.view(bits).argmax(axis=1, out=best)
            chunk.reshape(-1).take(firsts[: len(best)] + best, out=probs[rows], mode="clip")
        if np.signbit(probs).any() or np.isnan(probs).any():
            return cls._looking_at_signs(table)
        return cls(classes=classes, probs=probs, are_probabilities=bool(probs.max(initial=0.0) <= _HIGHEST))

    @classmethod
    def _looking_at_signs(cls, table: NDArray[np.floating]) -> _Tops:
        """Do the same where some values are NaN, negative by rounding, or minus zero."""
        values = read_rows(table, slice(None))
        classes = values.argmax(axis=1)
        probs = values[np.arange(len(values)), classes]
        are_probabilities = bool(values.min() >= -PROBABILITY_TOLERANCE and probs.max() <= _HIGHEST)
        return cls(classes=classes, probs=probs, are_probabilities=are_probabilities)


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


def _guess(table: NDArray[np.floating], tops: _Tops, reach: _Reach, counting: CountingRule) -> NDArray[np.intp]:
    reached = tops.probs >= reach.of_class.take(tops.classes)
    guesses = np.where(reached, tops.classes, NOT_CONFIDENT)
    unclear = np.flatnonzero(~reached & (tops.probs >= reach.smallest))
    n_rows = max(1, _CELLS_AT_ONCE // table.shape[1])
    for start in range(0, len(unclear), n_rows):
        some = unclear[start : start + n_rows]
        guesses[some] = _compare_all(take_rows(table, some), tops.classes[some], reach, counting)
    return guesses


def _compare_all(
    table: NDArray[np.floating], best: NDArray[np.intp], reach: _Reach, counting: CountingRule
) -> NDArray[np.intp]:
    """Compare rows with all thresholds."""
    passing = table.astype(reach.of_class.dtype, copy=False) >= reach.of_class
    row_of, class_of = np.divmod(np.flatnonzero(passing), table.shape[1])
    n_passing = np.bincount(row_of, minlength=len(table))
    only = np.full(len(table), NOT_CONFIDENT, dtype=np.intp)
    only[row_of] = class_of
    several = best if counting == "reference" else np.where(passing, table, -np.inf).argmax(axis=1)
    return np.where(n_passing > 1, several, only)


def _suggest(tops: _Tops, labels: CodeArray, self_confidence: FloatArray) -> NDArray[np.intp]:
    """Compare after adding the slack to the given class, in the table's own precision."""
    precision = tops.probs.dtype.type
    given = self_confidence.astype(precision) + precision(_SLACK)
    stays = (given > tops.probs) | ((given == tops.probs) & (labels < tops.classes))
    return np.where(stays, labels, tops.classes)
