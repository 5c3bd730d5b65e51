"""Counts of runs weighted by how telling they are: TF-IDF rows of length 1."""

from __future__ import annotations

import math

import numpy as np
from scipy import sparse

from labelclean.arrays import FeatureMatrix, FloatArray, IndexArray

__all__ = ["tfidf_rows"]

_ROWS = 1 << 16  # at a time; bounds the work memory


def tfidf_rows(counts: FeatureMatrix, text_counts: IndexArray, *, n_texts: int) -> FeatureMatrix:
    """
    Weight counts by rarity, and give all rows the same length.

    Parameters
    ----------
    counts : csr_array of float32, shape (n_examples, n_features)
        How often each text has each run.
    text_counts : ndarray of int64, shape (n_features,)
        How many texts have each run.
    n_texts : int
        Number of texts that have any run at all: blank ones do not make a word rarer.

    Returns
    -------
    csr_array of float32, shape (n_examples, n_features)
        Rows of Euclidean length 1, or all 0. The index arrays are those of ``counts``, not copies.

    Notes
    -----
    The weight before scaling is (1 + log count) (1 + log((1 + n_texts) / (1 + text_counts))). Each row is summed by
    itself, so that its bytes do not depend on the rows around it; logarithms are taken one by one, since NumPy's fast
    ones differ in the last bit from processor to processor.

    References
    ----------
    Manning, Raghavan & Schütze (2008), "Introduction to Information Retrieval", sections 6.2.1, 6.4.1 and 6.3.1.

    Examples
    --------
    >>> counts = sparse.csr_array(np.array([[1, 0], [1, 1]], dtype=np.float32))
    >>> tfidf_rows(counts, np.array([2, 1]), n_texts=2).toarray().round(3)
    array([[1.   , 0.   ],
           [0.58 , 0.815]], dtype=float32)
    """
    rarity = 1 + math.log(1 + n_texts) - _logs(1 + text_counts)
    repetition = 1 + np.array([0.0, *map(math.log, range(1, int(counts.data.max(initial=0)) + 1))])
    data = np.empty(counts.nnz, dtype=np.float32)
    for start in range(0, counts.shape[0], _ROWS):
        bounds = counts.indptr[start : start + _ROWS + 1]
        part = slice(int(bounds[0]), int(bounds[-1]))
        weights = repetition[counts.data[part].astype(np.int64)] * rarity[counts.indices[part]]
        lengths = np.diff(bounds)
        filled = lengths > 0
        squares = np.add.reduceat(weights**2, bounds[:-1][filled] - bounds[0]) if filled.any() else np.zeros(0)
        data[part] = weights / np.repeat(np.sqrt(squares), lengths[filled])
    weighted: FeatureMatrix = sparse.csr_array((data, counts.indices, counts.indptr), shape=counts.shape)
    weighted.has_canonical_format = True
    return weighted


def _logs(numbers: IndexArray) -> FloatArray:
    """Return natural logarithms; each different number costs one call."""
    different, places = np.unique(numbers, return_inverse=True)
    return np.array(list(map(math.log, different.tolist())))[places]
