"""A few numbers for each text, alike for texts that are alike: the main directions of a sparse table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FeatureMatrix

__all__ = ["sketch_texts"]

_SPARE_DIRECTIONS = 10
_ROUNDS = 2


def sketch_texts(
    features: FeatureMatrix, *, n_directions: int = 50, random_state: int | np.random.Generator = 0
) -> NDArray[np.float32]:
    """
    Describe each text by its place along the main directions of all texts (latent semantic analysis).

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        TF-IDF rows of length 1.
    n_directions : int, default=50
        Numbers for each text, fewer where the table has fewer rows or columns.
    random_state : int or Generator, default=0
        Where the search for the directions starts; hardly matters.

    Returns
    -------
    ndarray of float32, shape (n_examples, n_directions)
        Products of two rows are near those of the features; the sign of a column is such that its largest number is
        above 0.

    Notes
    -----
    Cost: six products of the table with ``n_directions + 10`` columns.

    References
    ----------
    Halko, Martinsson & Tropp (2011), "Finding Structure with Randomness", SIAM Review 53, algorithms 4.4 and 5.1;
    Deerwester et al. (1990), "Indexing by Latent Semantic Analysis".

    Examples
    --------
    >>> from scipy import sparse
    >>> table = sparse.csr_array(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], dtype=np.float32))
    >>> np.abs(sketch_texts(table)).round(3) + 0.0
    array([[1., 0.],
           [1., 0.],
           [0., 1.]], dtype=float32)
    """
    n_examples, n_features = features.shape
    smaller = min(n_examples, n_features)
    n_tried = min(n_directions + _SPARE_DIRECTIONS, smaller)
    start = np.random.default_rng(random_state).standard_normal((n_features, n_tried)).astype(np.float32)
    basis = np.linalg.qr(features @ start)[0]
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(features @ np.linalg.qr(features.T @ basis)[0])[0]
    left, sizes, _ = np.linalg.svd((features.T @ basis).T, full_matrices=False)
    kept = min(n_directions, smaller)
    sketch = (basis @ left[:, :kept]) * sizes[:kept]
    largest = np.abs(sketch).argmax(axis=0) if n_examples else np.zeros(kept, dtype=np.intp)
    signs = np.where(sketch[largest, np.arange(kept)] < 0.0, -1.0, 1.0) if n_examples else np.ones(kept)
    return np.asarray(sketch * signs, dtype=np.float32)
