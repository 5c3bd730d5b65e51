"""Embeddings as a ridge regression needs them: centred, of length 1, and of not too many dimensions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray
from labelclean.models.dense_ridge_solver import ROWS_AT_ONCE, DenseFeatures

__all__ = ["CentredRows", "PlainFeatures", "centred_rows", "kept_if_small"]

_MOST_DIMENSIONS = 1024
_ROWS_FOR_AXES = 4096
_KEPT_BYTES = 2**29
_LEAST_SHARE = 1e-10  # of the largest variance: an axis with less is rounding


@dataclass(frozen=True, eq=False, slots=True)
class PlainFeatures:
    """
    Rows as they are.

    Attributes
    ----------
    table : ndarray of float32, shape (n_examples, n_features)
        The numbers.

    Examples
    --------
    >>> PlainFeatures(np.float32([[1, 2], [3, 4]])).rows(np.array([1]))
    array([[3., 4.]], dtype=float32)
    """

    table: NDArray[np.float32]

    @property
    def n_features(self) -> int:
        """How many numbers a row has."""
        return int(self.table.shape[1])

    def rows(self, wanted: IndexArray, /) -> NDArray[np.float32]:
        """Return some rows, as an array of their own."""
        return np.asarray(self.table[wanted])


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CentredRows:
    """
    Embeddings less their mean, scaled to length 1.

    Attributes
    ----------
    embeddings : ndarray of float32, shape (n_examples, n_dimensions)
        As they were given; not written to, and not made read-only.
    mean : ndarray of float64, shape (n_dimensions,)
        Mean over the rows that are not all zeros.
    axes : ndarray of float32, shape (n_dimensions, n_features), or None
        Orthonormal columns onto which rows are projected; None where all dimensions are kept.
    """

    embeddings: NDArray[np.float32]
    mean: NDArray[np.float64]
    axes: NDArray[np.float32] | None = None

    @property
    def n_features(self) -> int:
        """How many numbers a row has."""
        return int((self.embeddings if self.axes is None else self.axes).shape[1])

    def rows(self, wanted: IndexArray, /) -> NDArray[np.float32]:
        """Return some rows; all zeros where the embedding is all zeros or the mean itself."""
        block = np.asarray(self.embeddings[wanted], dtype=np.float64)
        is_missing = ~block.any(axis=1)
        block -= self.mean
        block[is_missing] = 0.0
        lengths = np.linalg.norm(block, axis=1, keepdims=True)
        block /= np.where(lengths > 0, lengths, 1.0)
        centred = block.astype(np.float32)
        return centred if self.axes is None else centred @ self.axes


def centred_rows(embeddings: NDArray[np.float32], *, reduce: bool = False) -> CentredRows:
    """
    Prepare embeddings for a regression or a kernel.

    Columns are not scaled to the same spread: directions in which sentences hardly differ are mostly noise.

    Parameters
    ----------
    embeddings : ndarray of float32, shape (n_examples, n_dimensions)
        Finite; read a few rows at a time, so that a memory map stays on the disk. Rows of zeros mean: no embedding.
    reduce : bool, default=False
        Whether to keep at most as many dimensions as there are rows, and at most the 1,024 along which 4,096 rows,
        evenly spaced, differ most.

    Returns
    -------
    CentredRows
        Rows to be asked for.

    Notes
    -----
    With fewer rows than dimensions, a ridge regression on the rotated rows gives the same scores.

    Examples
    --------
    >>> rows = centred_rows(np.float32([[1, 5], [3, 5], [0, 0]]))
    >>> rows.rows(np.arange(3))
    array([[-1.,  0.],
           [ 1.,  0.],
           [ 0.,  0.]], dtype=float32)
    """
    n_examples, n_dimensions = embeddings.shape
    total, n_present = np.zeros(n_dimensions), 0
    for start in range(0, n_examples, ROWS_AT_ONCE):
        block = np.asarray(embeddings[start : start + ROWS_AT_ONCE], dtype=np.float64)
        total += block.sum(axis=0)
        n_present += int(np.count_nonzero(block.any(axis=1)))
    centred = CentredRows(embeddings=embeddings, mean=total / max(1, n_present))
    if not reduce or not n_examples or n_dimensions <= min(n_examples, _MOST_DIMENSIONS):
        return centred
    return CentredRows(embeddings=embeddings, mean=centred.mean, axes=_main_axes(centred, n_examples))


def _main_axes(centred: CentredRows, n_examples: int) -> NDArray[np.float32]:
    """Return the directions in which the rows differ most, the first one first."""
    sample = centred.rows(np.arange(0, n_examples, -(-n_examples // _ROWS_FOR_AXES))).astype(np.float64)
    if len(sample) < sample.shape[1]:
        variances, axes = np.linalg.eigh(sample @ sample.T)
        axes = sample.T @ axes
    else:
        variances, axes = np.linalg.eigh(sample.T @ sample)
    kept = np.flatnonzero(variances > _LEAST_SHARE * max(variances[-1], np.finfo(np.float64).tiny))
    main = axes[:, kept[::-1][:_MOST_DIMENSIONS]]
    return np.asarray(main / np.linalg.norm(main, axis=0), dtype=np.float32)


def kept_if_small(features: DenseFeatures, n_examples: int) -> DenseFeatures:
    """
    Make all rows once and for all, unless they would take more than 512 MiB.

    Parameters
    ----------
    features : DenseFeatures
        Rows to be asked for.
    n_examples : int
        How many there are.

    Returns
    -------
    DenseFeatures
        The same rows.

    Examples
    --------
    >>> kept_if_small(centred_rows(np.float32([[1, 5], [3, 5]])), 2).rows(np.array([1]))
    array([[1., 0.]], dtype=float32)
    """
    if 4 * n_examples * features.n_features > _KEPT_BYTES:
        return features
    table = np.empty((n_examples, features.n_features), dtype=np.float32)
    for start in range(0, n_examples, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, n_examples)
        table[start:stop] = features.rows(np.arange(start, stop))
    return PlainFeatures(table)
