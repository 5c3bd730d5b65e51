"""Counts of features in classes, and each group's own share of them: what naive Bayes without a group needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import UNLABELLED, CodeArray, FeatureMatrix, FloatArray, IndexArray

__all__ = ["ClassCounts", "WideMatrix", "class_counts"]

WideMatrix: TypeAlias = "sparse.csr_array[np.float64, tuple[int, int]]"
"""A sparse matrix in double precision."""

_LARGEST_DENSE_BLOCK = 2**24  # numbers: 128 MiB
_PRIOR_ROWS = 1.0  # one imagined row for each class, so that no class is impossible
_NO_PAIR = -1


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ClassCounts:
    """
    Counts of all rows with a label, and the own share of each pair of a group and a class given to one of its rows.

    Attributes
    ----------
    counts : csr_array of float32, shape (n_examples, n_features)
        Counts of the rows.
    n_classes : int
        Number of classes.
    of_classes : csr_array of float64, shape (n_classes, n_features)
        Summed counts of each class.
    sums : ndarray of float64, shape (n_classes,)
        Their sums over the features.
    n_rows : ndarray of float64, shape (n_classes,)
        Summed weights of the rows given each class.
    group_of : ndarray of int64, shape (n_examples,)
        Number of the group among those with a label; -1 for rows without a label.
    n_rows_of_group : ndarray of float64, shape (n_groups,)
        Summed weights of the rows of each group.
    pair_keys : ndarray of int64, shape (n_pairs,)
        ``group * n_classes + class`` of each pair, ascending.
    own : csr_array of float64, shape (n_pairs, n_features)
        The pairs' share of the counts.
    others : ndarray of float64, shape (own.nnz,)
        What is left of the class's count without the pair, at each stored number of ``own``.
    own_sums, own_rows : ndarray of float64, shape (n_pairs,)
        The pairs' share of ``sums`` and of ``n_rows``.
    """

    counts: FeatureMatrix
    n_classes: int
    of_classes: WideMatrix
    sums: FloatArray
    n_rows: FloatArray
    group_of: IndexArray
    n_rows_of_group: FloatArray
    pair_keys: IndexArray
    own: WideMatrix
    others: FloatArray
    own_sums: FloatArray
    own_rows: FloatArray

    def class_blocks(self) -> Iterator[slice]:
        """Return runs of classes whose dense counts fit the memory."""
        return _class_blocks(self.of_classes)

    def log_probs(self, classes: slice, smoothing: float) -> FloatArray:
        """Return the log-probabilities of features in classes, shape (n_features, n_classes of the slice)."""
        dense = np.ascontiguousarray(self.of_classes[classes].toarray().T)
        dense += smoothing
        np.log(dense, out=dense)
        dense -= np.log(self._masses(smoothing)[classes])
        return dense

    def own_log_parts(self, smoothing: float) -> WideMatrix:
        """Return how much the log-counts change where a pair leaves, shape (n_pairs, n_features)."""
        change = np.log(self.others + smoothing) - np.log(self.others + self.own.data + smoothing)
        return sparse.csr_array((change, self.own.indices, self.own.indptr), shape=self.own.shape)

    def leave_out(self, scores: NDArray[np.float32], rows: slice, own_parts: WideMatrix, smoothing: float) -> None:
        """Add class frequencies to scores, and take the rows' own groups out, in place."""
        numbers = np.arange(*rows.indices(len(self.group_of)), dtype=np.int64)
        positions, pairs = self._pairs_of(numbers)
        counts = self.counts[numbers[positions]].astype(np.float64)
        classes = self.pair_keys[pairs] % self.n_classes
        mass = self._masses(smoothing)[classes]
        change = _row_sums(counts.multiply(own_parts[pairs]).tocsr())
        change += _row_sums(counts) * (np.log(mass) - np.log(mass - self.own_sums[pairs]))
        change += np.log(self._prior_rows(classes, pairs)) - np.log(self.n_rows[classes] + _PRIOR_ROWS)
        scores += np.log(self.n_rows + _PRIOR_ROWS) - np.log(self._n_trained_on(numbers))[:, np.newaxis]
        scores[positions, classes] += change  # each pair of row and class occurs once

    def log_parts(self, rows: IndexArray, classes: CodeArray, smoothing: float) -> WideMatrix:
        """Return the counts times the log-probabilities of one class per row, its own group left out."""
        pairs = self._pair_of(rows, classes)
        is_own = pairs != _NO_PAIR
        parts = self.counts[rows].astype(np.float64)
        counts = parts.copy()
        per_row = np.diff(parts.indptr)
        mass = self._masses(smoothing)[classes]
        mass[is_own] -= self.own_sums[pairs[is_own]]
        parts.data *= np.log(_gather(self.of_classes, parts, classes) + smoothing) - np.repeat(np.log(mass), per_row)
        own = np.flatnonzero(is_own)
        take = sparse.csr_array((np.ones(len(own)), (own, np.arange(len(own)))), shape=(len(rows), len(own)))
        change = counts[own].multiply(self.own_log_parts(smoothing)[pairs[own]]).tocsr()
        return (parts + take @ change).tocsr()

    def log_priors(self, rows: IndexArray, classes: CodeArray) -> FloatArray:
        """Return the log-frequency of one class per row, its own group left out."""
        return np.log(self._prior_rows(classes, self._pair_of(rows, classes))) - np.log(self._n_trained_on(rows))

    def _masses(self, smoothing: float) -> FloatArray:
        return self.sums + smoothing * max(self.of_classes.shape[1], 1)

    def _prior_rows(self, classes: CodeArray, pairs: IndexArray) -> FloatArray:
        is_own = pairs != _NO_PAIR
        left = self.n_rows[classes] + _PRIOR_ROWS
        left[is_own] -= self.own_rows[pairs[is_own]]
        return left

    def _n_trained_on(self, rows: IndexArray) -> FloatArray:
        groups = self.group_of[rows]
        left = np.full(len(rows), self.n_rows.sum() + _PRIOR_ROWS * self.n_classes)
        left[groups != UNLABELLED] -= self.n_rows_of_group[groups[groups != UNLABELLED]]
        return left

    def _pair_of(self, rows: IndexArray, classes: CodeArray) -> IndexArray:
        """Return the pair of each row's group and a class; -1 where no row of the group is given the class."""
        keys = self.group_of[rows] * self.n_classes + classes  # below 0, and so never found, without a label
        if not len(self.pair_keys):
            return np.full(len(rows), _NO_PAIR, dtype=np.int64)
        found = np.searchsorted(self.pair_keys, keys).clip(max=len(self.pair_keys) - 1)
        return np.where(self.pair_keys[found] == keys, found, _NO_PAIR).astype(np.int64)

    def _pairs_of(self, rows: IndexArray) -> tuple[IndexArray, IndexArray]:
        """Return all pairs of the rows' groups: positions in ``rows``, and numbers of pairs."""
        groups = self.group_of[rows]
        first = np.searchsorted(self.pair_keys, groups * self.n_classes)
        n_pairs = np.searchsorted(self.pair_keys, (groups + 1) * self.n_classes) - first
        positions = np.repeat(np.arange(len(rows), dtype=np.int64), n_pairs)
        offsets = np.arange(len(positions)) - np.repeat(np.cumsum(n_pairs) - n_pairs, n_pairs)
        return positions, (np.repeat(first, n_pairs) + offsets).astype(np.int64)


def class_counts(
    counts: FeatureMatrix, labels: CodeArray, groups: IndexArray, *, n_classes: int, weights: FloatArray | None = None
) -> ClassCounts:
    """
    Count the features of each class, and of each group in each of its classes.

    Parameters
    ----------
    counts : csr_array of float32, shape (n_examples, n_features)
        Counts, 0 or more; sorted indices.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number leave together.
    n_classes : int
        Number of classes.
    weights : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for; 1 each where left out.

    Returns
    -------
    ClassCounts
        Everything that does not depend on the smoothing.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> counts = csr_array(np.float32([[2, 1], [1, 0], [0, 2]]))
    >>> class_counts(counts, np.array([0, 0, 1]), np.array([0, 1, 2]), n_classes=2).of_classes.toarray()
    array([[3., 1.],
           [0., 2.]])
    """
    labelled = np.flatnonzero(labels != UNLABELLED)
    row_weights = np.ones(len(labelled)) if weights is None else weights[labelled].astype(np.float64)
    group_of = np.full(len(labels), UNLABELLED, dtype=np.int64)
    group_names, group_of[labelled] = np.unique(groups[labelled], return_inverse=True)
    pair_keys, pair_of = np.unique(group_of[labelled] * n_classes + labels[labelled], return_inverse=True)
    own = _summed_rows(counts, labelled, pair_of, row_weights, len(pair_keys))
    pair_classes = pair_keys % n_classes
    of_classes = _summed_rows(counts, labelled, labels[labelled], row_weights, n_classes)
    return ClassCounts(
        counts=counts,
        n_classes=n_classes,
        of_classes=of_classes,
        sums=_row_sums(of_classes),
        n_rows=_tally(labels[labelled], row_weights, n_classes),
        group_of=group_of,
        n_rows_of_group=_tally(group_of[labelled], row_weights, len(group_names)),
        pair_keys=pair_keys,
        own=own,
        others=np.maximum(_gather(of_classes, own, pair_classes) - own.data, 0.0),  # rounding must not go below 0
        own_sums=_row_sums(own),
        own_rows=_tally(pair_of, row_weights, len(pair_keys)),
    )


def _summed_rows(
    counts: FeatureMatrix, rows: IndexArray, target_of: IndexArray, row_weights: FloatArray, n_targets: int
) -> WideMatrix:
    """Add up rows into targets."""
    selector = sparse.csr_array((row_weights, (target_of, rows)), shape=(n_targets, counts.shape[0]))
    summed = (selector @ counts).tocsr()
    summed.sort_indices()
    return summed


def _tally(codes: IndexArray, row_weights: FloatArray, n_codes: int) -> FloatArray:
    return np.bincount(codes, weights=row_weights, minlength=n_codes).astype(np.float64)


def _row_sums(matrix: WideMatrix) -> FloatArray:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _class_blocks(of_classes: WideMatrix) -> Iterator[slice]:
    n_classes, n_features = of_classes.shape
    step = max(1, _LARGEST_DENSE_BLOCK // max(n_features, 1))
    return (slice(start, min(start + step, n_classes)) for start in range(0, n_classes, step))


def _gather(of_classes: WideMatrix, pattern: WideMatrix, class_of_row: CodeArray) -> FloatArray:
    """Return the count of each row's class at each stored number of a matrix."""
    found = np.empty(pattern.nnz)
    class_of_number = np.repeat(class_of_row, np.diff(pattern.indptr))
    for classes in _class_blocks(of_classes):
        here = (class_of_number >= classes.start) & (class_of_number < classes.stop)
        dense = of_classes[classes].toarray()
        found[here] = dense[class_of_number[here] - classes.start, pattern.indices[here]]
    return found
