"""The linear systems whose solutions judge each row by ridge models trained without its fold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import CodeArray, FeatureMatrix, FloatArray, IndexArray
from labelclean.models.folds import NO_FOLD

__all__ = ["CONSTANT", "Columns", "FoldSystems", "fold_systems"]

Columns: TypeAlias = NDArray[np.float32]
"""One number per row and column, shape (n_rows, n_columns)."""

CONSTANT = 0.1
"""What the constant feature adds to the product of any two rows: the intercept, mildly penalised."""

_N_COLUMNS_AT_ONCE = 64  # 256 take a third longer on many rows, where blocks leave the cache
_BYTES_AT_ONCE = 2**28
_N_WORKING_ARRAYS = 4


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class FoldSystems:
    """
    Rows in the order of their folds, those without a label last, and the targets of every fold and class.

    With ``X`` the rows and ``s`` the square roots of their weights, the system of fold f and class k is
    ``(s X_f X_f' s + strength) u = s y_fk``; its model is ``X_f' (s u)``.

    Attributes
    ----------
    features : csr_array of float32, shape (n_examples, n_features + 1)
        The rows; the last feature is constant.
    order : ndarray of int64, shape (n_examples,)
        The caller's position of each row.
    bounds : ndarray of int64, shape (n_folds + 1,)
        Fold f holds the rows from ``bounds[f]`` on; the last entry is the number of rows with a label.
    fold_of : ndarray of int64, shape (n_examples,)
        Fold of each row in the caller's order; -1 for rows without a label.
    codes : ndarray of int64, shape (n_labelled,)
        Class codes.
    roots : ndarray of float32, shape (n_labelled, 1), or None
        Square roots of the weights; None where each row counts once.
    frequencies : ndarray of float64, shape (n_folds, n_classes)
        Share of each class in the training rows of each fold, which the targets are centred by.
    """

    features: FeatureMatrix
    order: IndexArray
    bounds: IndexArray
    fold_of: IndexArray
    codes: CodeArray
    roots: Columns | None
    frequencies: FloatArray

    @property
    def n_labelled(self) -> int:
        """Number of rows with a label."""
        return int(self.bounds[-1])

    @property
    def n_folds(self) -> int:
        """Number of folds."""
        return len(self.bounds) - 1

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return int(self.frequencies.shape[1])

    @property
    def shares(self) -> FloatArray:
        """Frequencies of each fold's training rows, and in the last row their mean, for rows without a label."""
        mean = self.frequencies.mean(axis=0, keepdims=True) if self.n_folds else np.zeros((1, self.n_classes))
        return np.concatenate([self.frequencies, mean])

    @property
    def solved_classes(self) -> IndexArray:
        """Classes that have systems of their own: of two classes one says everything."""
        return np.arange(1 if self.n_classes == 2 else 0, self.n_classes, dtype=np.int64)  # noqa: PLR2004

    def held_out(self, fold: int) -> slice:
        """Return the rows of a fold."""
        return slice(int(self.bounds[fold]), int(self.bounds[fold + 1]))

    def blocks(self, classes: IndexArray) -> list[IndexArray]:
        """Deal classes to blocks, all folds of a class together, few enough to fit the cache and the memory."""
        per_column = 4 * (_N_WORKING_ARRAYS * self.features.shape[0] + self.features.shape[1])
        n_columns = min(_N_COLUMNS_AT_ONCE, _BYTES_AT_ONCE // per_column)
        step = max(1, n_columns // max(self.n_folds, 1))
        n_blocks = -(-len(classes) // step)
        return np.array_split(classes, n_blocks) if n_blocks else []

    def targets(self, classes: IndexArray) -> Columns:
        """Return the right-hand sides ``s y`` of all folds of some classes, fold by fold; 0 for the rows held out."""
        n_classes = len(classes)
        targets = np.zeros((self.n_labelled, self.n_folds * n_classes), dtype=np.float32)
        is_given = (self.codes[:, np.newaxis] == classes).astype(np.float32)
        for fold, columns in enumerate(self.columns(n_classes)):
            targets[:, columns] = is_given - self.frequencies[fold, classes].astype(np.float32)
            targets[self.held_out(fold), columns] = 0.0
        if self.roots is not None:
            targets *= self.roots
        return targets

    def columns(self, n_classes: int) -> Iterator[slice]:
        """Return the columns of each fold in a block of so many classes."""
        return (slice(fold * n_classes, (fold + 1) * n_classes) for fold in range(self.n_folds))


def fold_systems(
    features: FeatureMatrix, labels: CodeArray, folds: IndexArray, *, n_classes: int, weights: FloatArray | None = None
) -> FoldSystems:
    """
    Sort rows by fold, append the constant feature and count the classes.

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        One row per example.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    folds : ndarray of int64, shape (n_examples,)
        Fold of each row, from 0 and without gaps; -1 for rows that are not trained on.
    n_classes : int
        Number of classes.
    weights : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for; 1 each where left out.

    Returns
    -------
    FoldSystems
        Everything that does not depend on the strength.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> rows = csr_array(np.float32([[1], [2], [3]]))
    >>> systems = fold_systems(rows, np.array([0, 1, -1]), np.array([1, 0, -1]), n_classes=2)
    >>> systems.order.tolist(), systems.bounds.tolist()
    ([1, 0, 2], [0, 1, 2])
    >>> systems.frequencies
    array([[1., 0.],
           [0., 1.]])
    """
    n_folds = int(folds.max(initial=NO_FOLD)) + 1
    order = np.argsort(np.where(folds == NO_FOLD, n_folds, folds), kind="stable")
    bounds = np.searchsorted(folds[order[: np.count_nonzero(folds != NO_FOLD)]], np.arange(n_folds + 1))
    labelled = order[: bounds[-1]] if n_folds else order[:0]
    tally = np.zeros((n_folds, n_classes))
    np.add.at(tally, (folds[labelled], labels[labelled]), 1.0 if weights is None else weights[labelled])
    trained_on = tally.sum(axis=0) - tally
    totals = trained_on.sum(axis=1, keepdims=True)
    roots = None if weights is None else np.sqrt(weights[labelled]).astype(np.float32)[:, np.newaxis]
    return FoldSystems(
        features=_with_constant(features, order),
        order=order.astype(np.int64),
        bounds=bounds.astype(np.int64),
        fold_of=folds.copy(),
        codes=labels[labelled],
        roots=roots,
        frequencies=np.divide(trained_on, totals, out=np.zeros_like(trained_on), where=totals > 0),
    )


def _with_constant(features: FeatureMatrix, order: IndexArray) -> FeatureMatrix:
    """Return the rows in an order, one more feature, and indices as short as they may be."""
    n_examples, n_features = features.shape
    constant = sparse.csr_array(np.full((n_examples, 1), np.sqrt(CONSTANT), dtype=np.float32))
    rows = sparse.hstack([features[order], constant], format="csr", dtype=np.float32)
    if max(rows.nnz, n_features) < np.iinfo(np.int32).max:
        short = rows.indices.astype(np.int32), rows.indptr.astype(np.int32)
        return sparse.csr_array((rows.data, *short), shape=rows.shape)
    return sparse.csr_array(rows)
