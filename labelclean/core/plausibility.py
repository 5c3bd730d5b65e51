"""Whether probabilities look like held-out ones in the order of the classes, or like something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment
from scipy.special import bdtr

from labelclean.arrays import UNLABELLED, CodeArray, CountMatrix, Label, MaskArray, ProbMatrix
from labelclean.core.checks import check_examples, refuse_bad_probabilities
from labelclean.core.chunks import CHUNK_BYTES, read_rows, row_chunks

__all__ = ["SUM_TOLERANCE", "PlausibilityCode", "PlausibilityFinding", "check_plausible"]

PlausibilityCode = Literal["constant", "rows_do_not_sum_to_one", "class_order", "looks_in_sample"]
"""Kinds of findings, in the order in which they are reported."""

SUM_TOLERANCE = 1e-3
"""How far from 1 a row may sum: twice what rounding to half precision can do."""

_HALF = 0.5
_LEAST_DOUBTED = 0.01
_SIGNIFICANCE = 0.05
_FAR_BETTER = 2.0
_STANDARD_ERRORS = 4.0
_MOST_CLASSES_TO_ORDER = 1000  # the search grows with their third power
_SHOWN_CLASSES = 8
_BLOCK_ROWS = 2**18
_FIXED_POINT = 2.0**30  # sums of whole numbers are exact, in any order


@dataclass(frozen=True, kw_only=True, slots=True)
class PlausibilityFinding:
    """
    One oddity of a table of probabilities.

    Attributes
    ----------
    code : str
        What kind of oddity.
    message : str
        One plain sentence with the counts.
    fix : str
        What the user can do.
    n_rows : int
        Number of rows it is about.
    first_row : int
        The first of them, counted from 0.
    column_order : tuple of int
        For "class_order": the class code that each column would fit. Empty otherwise.
    """

    code: PlausibilityCode
    message: str
    fix: str
    n_rows: int
    first_row: int
    column_order: tuple[int, ...] = ()


def check_plausible(
    labels: ArrayLike,
    pred_probs: ArrayLike,
    *,
    class_names: Sequence[Label] | None = None,
    chunk_bytes: int = CHUNK_BYTES,
) -> tuple[PlausibilityFinding, ...]:
    """
    Look for signs that probabilities are not held-out, or not in the order of the classes.

    Parameters
    ----------
    labels : array-like of int, shape (n_examples,)
        Given class codes, 0 to n_classes - 1; -1 where no label was given. Such rows are only asked for their sum.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Probabilities, 0 to 1; an array, or a memory map.
    class_names : sequence of hashable, length n_classes, optional
        Names for the message about the class order; without them, classes are numbered from 0.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    tuple of PlausibilityFinding
        In the order of ``PlausibilityCode``; empty where nothing is odd. Where all rows are the same, only that is
        said.

    Raises
    ------
    InvalidInputError
        If shapes, types or values do not fit; see ``core.checks``.

    Notes
    -----
    *constant*: all rows are the same, and there are several rows and classes.

    *rows_do_not_sum_to_one*: a row's sum is more than 1e-3 from 1. Rounding to half precision moves it by less than
    half of that.

    *class_order*: some other order of the columns, the best one for every other row, agrees with the labels of the
    rows in between at least twice as often, and by four standard errors; only classes that it moves are counted.
    Searching on one half and proving on the other keeps chance out, however many orders there are. It is not asked
    above 1,000 classes.

    *looks_in_sample*: the given label has at least half of the probability so often that a share of 1 % of rows where
    it has less is ruled out (exact binomial test, 95 %; that takes 299 labelled rows at least). No model foresees a
    wrong label in a row that it did not see, so held-out probabilities doubt about each wrong one, and right ones
    besides; labels of benchmarks are wrong in 3 % of rows on average. Half is what even careful models reach on their
    training rows: each tree of a forest has seen 63 % of them. A model that was trained on many copies of one text
    with different labels is not recognised, for it has doubts as well.

    One pass in chunks besides the one that checks the values. The most likely class of each row is kept (1 byte below
    256 classes), and some n_classes ** 2 counts.

    References
    ----------
    Northcutt, Athalye & Mueller (2021), "Pervasive Label Errors in Test Sets Destabilize Machine Learning
    Benchmarks", NeurIPS datasets and benchmarks, table 1 (rates of wrong labels).

    Examples
    --------
    >>> labels = np.arange(1000) % 2
    >>> [found.code for found in check_plausible(labels, np.eye(2)[labels])]
    ['looks_in_sample']
    """
    codes = np.asarray(labels)
    has_gaps = codes.dtype.kind in "if" and bool((codes == UNLABELLED).any())
    examples = check_examples(np.where(codes == UNLABELLED, 0, codes) if has_gaps else codes, pred_probs)
    codes = codes.astype(np.int64, copy=False) if has_gaps else examples.labels
    probs = examples.pred_probs
    # Rows without a label are looked at, too: their probabilities make suggestions.
    refuse_bad_probabilities(probs)
    scan = _scan(codes, probs, chunk_bytes=chunk_bytes)
    if scan.is_constant and min(probs.shape) > 1:
        return (_constant(len(probs)),)
    found = (_sums(scan.totals, len(probs)), _class_order(scan, probs.shape[1], class_names), _in_sample(scan))
    return tuple(finding for finding in found if finding is not None)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Totals:
    """What one chunk says about sums and agreement; chunks add up, the one with the earlier rows first."""

    n_off: int = 0
    first_off: int = -1
    first_off_sum: float = 1.0
    n_labelled: int = 0
    n_doubted: int = 0  # rows whose given label has less than half of the probability
    confidence: int = 0  # summed over the given labels, in units of 2**-30

    @classmethod
    def partial(cls, labels: CodeArray, probs: ProbMatrix, start: int) -> Self:
        sums = probs.sum(axis=1, dtype=np.float64)
        off = np.flatnonzero(np.abs(sums - 1.0) > SUM_TOLERANCE)
        rows = np.flatnonzero(labels != UNLABELLED)
        given = probs[rows, labels[rows]].astype(np.float64)
        return cls(
            n_off=len(off),
            first_off=start + int(off[0]) if len(off) else -1,
            first_off_sum=float(sums[off[0]]) if len(off) else 1.0,
            n_labelled=len(rows),
            n_doubted=int(np.count_nonzero(given < _HALF)),
            confidence=int(np.floor(given * _FIXED_POINT).sum()),
        )

    def __add__(self, other: _Totals) -> _Totals:
        first = self if self.n_off else other
        return _Totals(
            n_off=self.n_off + other.n_off,
            first_off=first.first_off,
            first_off_sum=first.first_off_sum,
            n_labelled=self.n_labelled + other.n_labelled,
            n_doubted=self.n_doubted + other.n_doubted,
            confidence=self.confidence + other.confidence,
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Scan:
    """What one pass says about the whole table."""

    totals: _Totals
    labels: CodeArray
    best: NDArray[np.unsignedinteger]  # the most likely class of each row
    is_constant: bool

    def labelled(self) -> Iterator[tuple[CodeArray, CodeArray, int]]:
        """Give labels and most likely classes of labelled rows in large blocks, with the rows counted before."""
        n_before = 0
        for start in range(0, len(self.labels), _BLOCK_ROWS):
            block = self.labels[start : start + _BLOCK_ROWS]
            rows = np.flatnonzero(block != UNLABELLED)
            yield block[rows], self.best[start : start + _BLOCK_ROWS][rows].astype(np.int64), n_before
            n_before += len(rows)

    def first_row(self, wanted: MaskArray | None = None) -> int:
        """Return the first row with a label, or with one of the wanted classes."""
        blocks = (
            (start, self.labels[start : start + _BLOCK_ROWS]) for start in range(0, len(self.labels), _BLOCK_ROWS)
        )
        fitting = (
            (start, (block != UNLABELLED) & (True if wanted is None else wanted[block])) for start, block in blocks
        )
        return next(start + int(np.argmax(fits)) for start, fits in fitting if fits.any())


def _scan(labels: CodeArray, probs: NDArray[np.floating], *, chunk_bytes: int) -> _Scan:
    best = np.empty(len(labels), dtype=np.min_scalar_type(probs.shape[1]))
    totals, is_constant = _Totals(), True
    for rows in row_chunks(probs, chunk_bytes=chunk_bytes):
        chunk = read_rows(probs, rows)
        best[rows] = chunk.argmax(axis=1)
        totals = totals + _Totals.partial(labels[rows], chunk, rows.start)
        is_constant = is_constant and bool((chunk == probs[0]).all())
    return _Scan(totals=totals, labels=labels, best=best, is_constant=is_constant)


def _constant(n_rows: int) -> PlausibilityFinding:
    return PlausibilityFinding(
        code="constant",
        message=f"The probabilities of all {n_rows:,} rows are the same, so they say nothing about any label.",
        fix="Check how they were made: the model has learnt nothing, or one row was repeated.",
        n_rows=n_rows,
        first_row=0,
    )


def _sums(totals: _Totals, n_rows: int) -> PlausibilityFinding | None:
    if not totals.n_off:
        return None
    return PlausibilityFinding(
        code="rows_do_not_sum_to_one",
        message=f"The probabilities of {totals.n_off:,} of {n_rows:,} rows do not sum to 1, first in row "
        f"{totals.first_off:,}, where they sum to {totals.first_off_sum:.4g}.",
        fix="Give one column for every class of the model, and probabilities instead of scores or logits (softmax).",
        n_rows=totals.n_off,
        first_row=totals.first_off,
    )


def _in_sample(scan: _Scan) -> PlausibilityFinding | None:
    totals = scan.totals
    if not totals.n_labelled or bdtr(totals.n_doubted, totals.n_labelled, _LEAST_DOUBTED) > _SIGNIFICANCE:
        return None
    if (scan.best == scan.best[0]).all():
        return None  # with one class only, being right is no art
    n_sure = totals.n_labelled - totals.n_doubted
    confidence = totals.confidence / _FIXED_POINT / totals.n_labelled
    return PlausibilityFinding(
        code="looks_in_sample",
        message=f"The probabilities are right and sure about {n_sure:,} of {totals.n_labelled:,} given labels "
        f"({100 * confidence:.1f} % on average). The model seems to have been trained on these very rows, and then it "
        "repeats their errors instead of finding them.",
        fix="Use held-out probabilities, such as scikit-learn's cross_val_predict(..., method='predict_proba') gives, "
        "or leave them out and let labelclean train a model. If the labels are known to be this clean, go on.",
        n_rows=n_sure,
        first_row=scan.first_row(),
    )


def _class_order(scan: _Scan, n_classes: int, class_names: Sequence[Label] | None) -> PlausibilityFinding | None:
    if n_classes > _MOST_CLASSES_TO_ORDER:
        return None
    search, proof = _count_halves(scan, n_classes)
    order = _fitting_order(search)
    columns = np.arange(n_classes)
    moved = order != columns
    n_agreeing, n_would_agree = (int(proof[columns, to][moved[to]].sum()) for to in (columns, order))
    least_gain = _STANDARD_ERRORS * np.sqrt(n_would_agree + n_agreeing)
    if n_would_agree < _FAR_BETTER * n_agreeing or n_would_agree - n_agreeing <= least_gain:
        return None
    both = search + proof
    n_moved = int(both[:, moved].sum())
    names = list(range(n_classes)) if class_names is None else list(class_names)
    return PlausibilityFinding(
        code="class_order",
        message=f"The classes seem to be in the wrong order: for {np.count_nonzero(moved):,} of {n_classes:,} classes "
        f"the most likely class is the given label in {both[columns, columns][moved].sum():,} of {n_moved:,} rows; in "
        f"another order it would be in {both[columns, order][moved].sum():,}.",
        fix="Name the classes in the order of the columns. The columns, by what they were taken for and what they fit: "
        f"{_named(order, moved, names)}.",
        n_rows=n_moved,
        first_row=scan.first_row(moved),
        column_order=tuple(order.tolist()),
    )


def _count_halves(scan: _Scan, n_classes: int) -> tuple[CountMatrix, CountMatrix]:
    """Count the labelled rows by most likely and given class: every other row here, those in between there."""
    halves = np.zeros((2, n_classes * n_classes), dtype=np.int64)
    for labels, best, n_before in scan.labelled():
        cells = best * n_classes + labels
        for half in (0, 1):
            halves[half] += np.bincount(cells[(half + n_before) % 2 :: 2], minlength=n_classes * n_classes)
    search, proof = halves.reshape(2, n_classes, n_classes)
    return search, proof


def _fitting_order(counts: CountMatrix) -> NDArray[np.intp]:
    """Return the class of each column under which the most likely class is most often the given label."""
    # Among orders that agree equally often, the present one: classes nobody was given stay where they are.
    weights = 2 * len(counts) * counts
    weights[np.diag_indices(len(counts))] += 1
    return np.asarray(linear_sum_assignment(weights, maximize=True)[1])


def _named(order: NDArray[np.intp], moved: NDArray[np.bool_], names: Sequence[Label]) -> str:
    """Tell it by class: the columns may have been moved since they lay in the user's file."""
    columns = np.flatnonzero(moved)
    shown = ", ".join(f"{names[column]} → {names[order[column]]}" for column in columns[:_SHOWN_CLASSES].tolist())
    more = len(columns) - _SHOWN_CLASSES
    return shown + (f" and {more:,} more" if more > 0 else "")
