"""A kernel on embeddings as features: how near each row is to some landmarks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray, freeze_fields
from labelclean.models.dense_ridge_solver import DenseFeatures

__all__ = ["N_LANDMARKS", "NystroemRows", "nystroem_rows"]

N_LANDMARKS = 1000
"""More are better and cost their square: on 4,000 sentences in 77 classes 2,000 landmarks cost five times as much."""

_WIDTH = 0.5  # a pair of landmarks at the median distance has the similarity exp(-0.5)
_LEAST_SHARE = 1e-6  # of the largest eigenvalue: an axis with less is rounding


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class NystroemRows:
    """
    Features whose inner products approximate a radial kernel.

    Attributes
    ----------
    inner : DenseFeatures
        The rows between which distances are measured.
    landmarks : ndarray of float32, shape (n_landmarks, n_dimensions)
        Rows that stand for all.
    whitening : ndarray of float32, shape (n_landmarks, n_features)
        Turns similarities to the landmarks into features.
    gamma : float
        The kernel of two rows is ``exp(-gamma * squared distance)``.
    """

    inner: DenseFeatures
    landmarks: NDArray[np.float32]
    whitening: NDArray[np.float32]
    gamma: float

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_features(self) -> int:
        """How many numbers a row has; at most as many as there are landmarks."""
        return int(self.whitening.shape[1])

    def rows(self, wanted: IndexArray, /) -> NDArray[np.float32]:
        """Return some rows; all zeros where the inner row is, since it is near to nothing."""
        inner = self.inner.rows(wanted)
        features: NDArray[np.float32] = np.exp(-self.gamma * _squared_distances(inner, self.landmarks)) @ self.whitening
        features[~inner.any(axis=1)] = 0.0
        return features


def nystroem_rows(
    inner: DenseFeatures, n_examples: int, *, n_landmarks: int = N_LANDMARKS, random_state: int = 0
) -> NystroemRows:
    """
    Choose landmarks and prepare features for them.

    Parameters
    ----------
    inner : DenseFeatures
        The rows between which distances are measured; rows of zeros are near to nothing, not even to each other.
    n_examples : int
        How many there are, 1 or more.
    n_landmarks : int, default=1000
        How many rows are drawn as landmarks, 1 or more; where there are not more, all, and the kernel is exact.
    random_state : int, default=0
        Seed of the draw.

    Returns
    -------
    NystroemRows
        Rows to be asked for.

    Notes
    -----
    With C the similarities of a row to the landmarks and W those between landmarks, the features are
    ``C W^(-1/2)``, so that their inner products are ``C W^(-1) C^T``. The kernel is ``exp(-gamma d^2)`` with gamma
    half the inverse of the median squared distance between landmarks.

    References
    ----------
    Williams & Seeger (2001), "Using the Nystroem method to speed up kernel machines", equation 8.

    Examples
    --------
    >>> from labelclean.models.dense_ridge_features import PlainFeatures
    >>> rows = nystroem_rows(PlainFeatures(np.float32([[1, 0], [0, 1], [-1, 0]])), 3).rows(np.arange(3))
    >>> (rows @ rows.T).round(2)
    array([[1.  , 0.61, 0.37],
           [0.61, 1.  , 0.61],
           [0.37, 0.61, 1.  ]], dtype=float32)
    """
    drawn = np.random.default_rng(random_state).permutation(n_examples)[:n_landmarks]
    landmarks = np.unique(inner.rows(np.sort(drawn)), axis=0)
    distances = _squared_distances(landmarks, landmarks).astype(np.float64)
    between = distances[np.triu_indices(len(landmarks), 1)]
    median = float(np.median(between)) if between.size else 0.0
    gamma = _WIDTH / median if median > 0 else 1.0
    values, vectors = np.linalg.eigh(np.exp(-gamma * distances))
    kept = values > _LEAST_SHARE * values[-1]
    whitening = (vectors[:, kept] / np.sqrt(values[kept])).astype(np.float32)
    return NystroemRows(inner=inner, landmarks=landmarks, whitening=whitening, gamma=gamma)


def _squared_distances(rows: NDArray[np.float32], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    squares = np.einsum("ij,ij->i", landmarks, landmarks)
    own = np.einsum("ij,ij->i", rows, rows)
    distances: NDArray[np.float32] = own[:, np.newaxis] + squares - 2.0 * (rows @ landmarks.T)
    return np.maximum(distances, 0.0, out=distances)
