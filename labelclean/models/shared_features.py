"""Features that only one group of rows has: whoever leaves the group out cannot judge by them."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from labelclean.arrays import UNLABELLED, CodeArray, FeatureMatrix, IndexArray, MaskArray

__all__ = ["keep_columns", "shared_columns"]

_ROWS_AT_ONCE = 2**16


def shared_columns(features: FeatureMatrix, labels: CodeArray, groups: IndexArray) -> MaskArray:
    """
    Tell which features at least two groups of labelled rows have.

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        One row per example.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given: such rows share nothing.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number are held out together.

    Returns
    -------
    ndarray of bool, shape (n_features,)
        False for a feature of one group only, or of none.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> features = csr_array(np.array([[1, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=np.float32))
    >>> shared_columns(features, np.array([0, 1, -1]), np.arange(3))
    array([False,  True, False])
    """
    lowest = np.full(features.shape[1], np.iinfo(np.int64).max)
    highest = np.full(features.shape[1], np.iinfo(np.int64).min)
    labelled = np.flatnonzero(labels != UNLABELLED)
    for start in range(0, len(labelled), _ROWS_AT_ONCE):
        rows = labelled[start : start + _ROWS_AT_ONCE]
        block = features[rows]
        group_of_entry = np.repeat(groups[rows], np.diff(block.indptr))
        np.minimum.at(lowest, block.indices, group_of_entry)
        np.maximum.at(highest, block.indices, group_of_entry)
    return lowest < highest


def keep_columns(features: FeatureMatrix, columns: MaskArray) -> FeatureMatrix:
    """
    Return the same features without what stands in some columns; the columns keep their numbers.

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        One row per example.
    columns : ndarray of bool, shape (n_features,)
        The columns to keep.

    Returns
    -------
    csr_array of float32, shape (n_examples, n_features)
        The given one itself where nothing stands in the other columns.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> features = csr_array(np.array([[1, 2], [0, 3]], dtype=np.float32))
    >>> keep_columns(features, np.array([False, True])).toarray()
    array([[0., 2.],
           [0., 3.]], dtype=float32)
    """
    kept = columns[features.indices]
    if kept.all():
        return features
    bounds = np.zeros_like(features.indptr, shape=len(kept) + 1)
    np.cumsum(kept, out=bounds[1:])
    bounds = bounds[features.indptr]
    return sparse.csr_array((features.data[kept], features.indices[kept], bounds), shape=features.shape)
